"""`tierzero calibrate`: fits the confidence model on the sample help centre and shows how good it is."""

import argparse
import datetime as dt
import tempfile
from dataclasses import asdict
from pathlib import Path

from bot.commands.shared import emit, progress_bars


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the fitted model to FILE")
    parser.add_argument(
        "--data", type=Path, help="a data folder that the sample help centre was ingested into"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def run(options: argparse.Namespace) -> int:
    """Fits and shows; the model in use changes only where `--write` names its file."""
    import kb
    from bot.composition import Services
    from bot.dialogue.confidence import save
    from bot.settings import load
    from evaluations.calibration import collect, fit

    articles = Path(kb.__file__).parent / "sample"
    with tempfile.TemporaryDirectory() as folder, progress_bars() as progress:
        services = Services(load(data=options.data or Path(folder)))
        try:
            if services.shelf.generation() is None:
                services.ingestion.ingest([articles], progress=progress)
            cases = collect(services.answering, articles)
        finally:
            services.close()
    model, quality = fit(cases, dt.datetime.now(dt.UTC))
    if options.write:
        save(model, options.write)
    if options.json:
        emit({"quality": asdict(quality), "model": asdict(model)})
        return 0
    print(f"{len(cases)} questions, {quality.base_rate:.1%} of the quotes right; held-out figures:")
    print(f"  AUROC {quality.auroc:.3f}   calibration error {quality.ece:.3f}   Brier {quality.brier:.3f}")
    print(
        f"  at the threshold {model.threshold}: {quality.answered:.1%} answered, {quality.precision:.1%} of those right"
    )
    for name, weight in zip(model.names, model.weights, strict=True):
        print(f"  {name:14} {weight:+.3f}")
    return 0
