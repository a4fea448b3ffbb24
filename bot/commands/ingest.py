"""`tierzero ingest PATH…`: syncs folders into the knowledge base and prints a receipt."""

import argparse

from bot.commands.shared import a_path, common, emit, progress_bars, services
from kb.article import ArticleKey

#: Names of a receipt that are listed one by one; more are counted.
_LISTED = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "paths", nargs="+", type=a_path, metavar="PATH", help="folder (or file) of Markdown articles"
    )
    parser.add_argument(
        "--forget",
        action="store_true",
        help="withdraw what comes from PATH, such as a folder that is no more",
    )
    parser.add_argument(
        "--allow-empty",
        action="store_true",
        help="go ahead where a folder has no articles any more, and withdraw those that came from it",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Ingests; quarantined files do not make it fail."""
    with services(options) as opened, progress_bars() as progress:
        if options.forget:
            for path in options.paths:
                done = opened.ingestion.forget(path, progress)
                print(f"Withdrew {len(done.receipt.removed)} articles that came from {path}.")
            return 0
        done = opened.ingestion.ingest(
            options.paths,
            dry_run=options.dry_run,
            allow_empty=options.allow_empty,
            progress=progress,
        )
    receipt = done.receipt
    if options.json:
        emit(
            {
                "added": [_name(key) for key in receipt.added],
                "changed": [_name(key) for key in receipt.changed],
                "removed": [_name(key) for key in receipt.removed],
                "unchanged": len(receipt.unchanged),
                "quarantined": [{"path": one.path, "reason": one.reason} for one in receipt.quarantined],
                "dry_run": options.dry_run,
                "generation": done.generation,
                "chunks": done.chunks,
                "embedded": done.embedded,
            }
        )
        return 0
    if options.dry_run:
        print("A dry run: nothing was changed.")
    for label, keys in (("added", receipt.added), ("changed", receipt.changed), ("removed", receipt.removed)):
        print(f"{label:12} {len(keys):6}")
        for key in keys[:_LISTED] if label != "added" else ():
            print(f"             {key}")
    print(f"{'unchanged':12} {len(receipt.unchanged):6}")
    print(f"{'quarantined':12} {len(receipt.quarantined):6}")
    for one in receipt.quarantined:
        print(f"             {one.path}: {one.reason}")
    if not options.dry_run:
        print(f"{'chunks':12} {done.chunks:6}   {done.embedded} embedded, index {done.generation or 'none'}")
    return 0


def _name(key: ArticleKey) -> dict[str, str]:
    return {"id": key.id, "locale": key.locale}
