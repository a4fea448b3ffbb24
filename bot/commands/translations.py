"""`tierzero translations`: articles that are missing in a language, or older there than what they translate."""

import argparse

from bot.commands.shared import common, emit, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--locale", default="", help="only this language, such as de")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the report; missing translations do not make it fail."""
    from bot.errors import SettingsInvalid
    from bot.knowledge.translations import coverage

    with services(options, reads_only=True) as opened:
        settings = opened.settings
        found = coverage(opened.shelf.listing(), settings.locales, settings.default_locale)
    if options.locale:
        found = tuple(one for one in found if one.locale == options.locale)
        if not found:
            others = ", ".join(one for one in settings.locales if one != settings.default_locale)
            raise SettingsInvalid(
                f"{options.locale} is no language that articles are translated to; use one of {others}."
            )
    if options.json:
        emit({"default_locale": settings.default_locale, "locales": found})
        return 0
    for one in found:
        print(f"{one.locale}  {one.translated} of {one.articles} articles, {len(one.outdated)} outdated")
        for article, title in one.missing:
            print(f"  missing   {article}: {title}")
        for late in one.outdated:
            print(f"  outdated  {late.key.id}: {late.why}")
        for article in one.alone:
            print(f"  alone     {article}: not in {settings.default_locale}")
    return 0
