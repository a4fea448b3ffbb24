"""The records of a day in, counts of each part that a filter asks for out: derived, and the same as counting anew.

A part is all conversations of a day with one language, channel, product or tag, or with one language and channel.
Whoever asks for more at once is counted from the records.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.ledger.filters import Filter
from bot.ledger.records import Flag, Record
from bot.ledger.tally import Tally, tally

#: Names of parts: one field of a filter, or both of these.
WHOLE: Final = ""
_PAIR: Final = "language channel"
#: A longer name has no part: an address is cut there, and an index of PostgreSQL holds no name of any length.
_LONGEST: Final = 200
_HANDED_OFF: Final = int(Flag.HANDED_OFF)


@dataclass(frozen=True, slots=True)
class Hour:
    """Conversations opened in one hour of the week."""

    conversations: int
    handed_off: int


@dataclass(frozen=True, slots=True)
class Part:
    """Which conversations of a day."""

    name: str
    """`WHOLE`, a field of `Filter`, or the pair of language and channel."""
    value: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of a part."""

    tally: Tally
    hours: Mapping[int, Hour]
    """By the hour of the team's week, 0 to 167."""


def part_of(wanted: Filter) -> Part | None:
    """The part that a filter asks for; None where it takes the records."""
    chosen = {name: getattr(wanted, name) for name in Filter.__dataclass_fields__ if getattr(wanted, name)}
    if not chosen:
        return Part(WHOLE, "")
    if len(wanted.tag.split()) > 1 or any(len(value) > _LONGEST for value in chosen.values()):
        return None
    if set(chosen) == {"language", "channel"}:
        return _pair(wanted.language, wanted.channel)
    return Part(*next(iter(chosen.items()))) if len(chosen) == 1 else None


def parts(of: Sequence[Record]) -> dict[Part, Counted]:
    """Counts of every part of a day that has conversations; of the whole day, too."""
    members: dict[Part, list[Record]] = {}
    for one in of:
        for part in _parts_of(one):
            members.setdefault(part, []).append(one)
    return {part: Counted(tally(own), hours(own)) for part, own in members.items()}


def hours(of: Iterable[Record]) -> dict[int, Hour]:
    """Conversations that count by the hour of the week they were opened in."""
    counted = [one for one in of if one.flags]
    opened = Counter(one.hour for one in counted)
    handed_off = Counter(one.hour for one in counted if one.flags & _HANDED_OFF)
    return {hour: Hour(count, handed_off[hour]) for hour, count in opened.items()}


def _parts_of(one: Record) -> Iterable[Part]:
    yield Part(WHOLE, "")
    for name in ("language", "channel", "product"):
        if _is_short(value := getattr(one, name)):
            yield Part(name, value)
    # As they can be filtered by: the name of a tag ends at a blank.
    for tag in dict.fromkeys(" ".join(one.tags).split()):
        if _is_short(tag):
            yield Part("tag", tag)
    if _is_short(one.language) and _is_short(one.channel):
        yield _pair(one.language, one.channel)


def _is_short(value: str) -> bool:
    return 0 < len(value) <= _LONGEST


def _pair(language: str, channel: str) -> Part:
    # As JSON: whatever the names hold, two pairs are never written alike.
    return Part(_PAIR, json.dumps([language, channel], ensure_ascii=False))
