"""`tierzero reindex`: builds the index anew from the articles in the database."""

import argparse

from bot.commands.shared import common, emit, progress_bars, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Reindexes; the old index answers until the new one is complete."""
    with services(options) as opened, progress_bars() as progress:
        done = opened.ingestion.reindex(progress)
    if options.json:
        emit({"generation": done.generation, "chunks": done.chunks, "embedded": done.embedded})
    else:
        print(f"Index {done.generation} has {done.chunks} chunks; {done.embedded} were embedded.")
    return 0
