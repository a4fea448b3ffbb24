"""`tierzero status`: what is there."""

import argparse

from bot.commands.shared import common, emit, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the status."""
    from bot.health import status

    with services(options, reads_only=True) as opened:
        found = status(opened)
    if options.json:
        emit(found)
        return 0
    by_locale = ", ".join(f"{count} {locale}" for locale, count in found.articles.items()) or "none"
    print(f"articles     {sum(found.articles.values())} ({by_locale}), {found.agent_only} for agents only")
    print(f"quarantined  {found.quarantined}")
    print(f"chunks       {found.chunks}")
    print(f"index        {found.generation or 'none yet: run `tierzero ingest FOLDER`'}")
    print(f"model        {found.model}")
    print(f"confidence   {found.confidence}")
    print(f"database     {found.database}, tables at {found.tables}")
    print(f"disk         {found.disk_bytes / 1e6:.1f} MB")
    return 0
