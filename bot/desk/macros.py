"""Text blocks for agents in, the words for one ticket out; files, and what a team has instead of them; pure."""

import datetime as dt
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.wording import placeholders
from bot.errors import BadRequest, SettingsInvalid

FOLDER: Final = Path(__file__).with_name("text_blocks")
#: What a block may name.
VARIABLES: Final = ("reference", "subject", "agent", "site_name", "date")
TITLE_CHARS: Final = 100
BODY_CHARS: Final = 10_000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class Macro:
    """One text block in one language."""

    name: str
    """Names it in the address; the same in each language."""
    language: str
    title: str
    body: str
    """With places such as `{reference}`."""
    version: int = 0
    """0 for one that ships and was never changed."""
    active: bool = True
    changed_by: str = ""
    changed_at: dt.datetime | None = None


def shipped(folder: Path = FOLDER) -> tuple[Macro, ...]:
    """The blocks of the files, one file a language; raises `SettingsInvalid`."""
    found = []
    for file in sorted(folder.glob("*.yaml")):
        for name, fields in read_yaml(file).items():
            reader = MappingReader(file, str(name), fields)
            reader.only("title", "text")
            one = Macro(str(name), file.stem, reader.text("title"), reader.text("text"))
            try:
                check(one)
            except BadRequest as exc:
                raise SettingsInvalid(f"{file}: {name}: {exc}") from exc
            found.append(one)
    return tuple(found)


def check(macro: Macro) -> None:
    """Raises `BadRequest` for a block that could not be used."""
    if not _NAME.fullmatch(macro.name):
        raise BadRequest("A name has small letters, digits and hyphens, such as parcel-late.")
    if not any(map(str.isalnum, macro.title)) or len(macro.title) > TITLE_CHARS:
        raise BadRequest(f"A title has a word at least, and at most {TITLE_CHARS} characters.")
    if not any(map(str.isalnum, macro.body)) or len(macro.body) > BODY_CHARS:
        raise BadRequest(f"A text has a word at least, and at most {BODY_CHARS} characters.")
    try:
        used = placeholders(macro.body)
        shaped = any(spec or change for _, _, spec, change in string.Formatter().parse(macro.body))
    except ValueError as exc:
        raise BadRequest("A curly bracket is not closed; write {{ for one that is meant as such.") from exc
    if shaped:
        raise BadRequest("A place is a name in curly brackets and nothing else, such as {reference}.")
    if unknown := sorted(used - set(VARIABLES)):
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise BadRequest(f"There is no {{{unknown[0]}}}; the places are {known}.")


def filled(macro: Macro, values: Mapping[str, str]) -> str:
    """The words for one ticket: plain text, for an agent to read and change before it is sent."""
    try:
        return macro.body.format_map(values).strip()
    except (KeyError, ValueError, IndexError, AttributeError) as exc:
        raise BadRequest("This text block has a place that cannot be filled; mend it.") from exc
