"""`tierzero model build`: compiles the configured model and compares it with the original."""

import argparse
from dataclasses import asdict

from bot.commands.shared import common, emit


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "action", choices=("build",), help="build: compile the model, refuse it if it differs"
    )
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Builds; fails when the compiled model does not give the original's vectors."""
    from bot.language_tables import load_letter_model
    from bot.model import build_model, model_folder
    from bot.settings import load

    settings = load(data=options.data)
    manifest = build_model(settings)
    # Converted here too, since the folder may be read-only where it is served from.
    load_letter_model(settings.models_root)
    if options.json:
        emit({"folder": str(model_folder(settings)), **asdict(manifest)})
        return 0
    print(
        f"Built {manifest.model} ({manifest.precision}, {manifest.dimension} dimensions) in {model_folder(settings)}."
    )
    print(f"Smallest cosine with the original over the probe texts: {manifest.worst_probe_cosine:.7f}")
    return 0
