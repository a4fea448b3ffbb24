"""Old gaps and new groups of questions in, who is who out, so that what somebody works on never changes under them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.gaps.unanswered import Place

#: New questions join a gap in work when at least this share of their group belongs to it.
JOINS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """A gap of an earlier run."""

    id: str
    members: frozenset[Place]
    in_work: bool
    """Somebody has it, or has written for it: its questions stay together, and with it."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Questions with the gap that they are."""

    id: str
    """Empty for a gap that was not there before."""
    members: tuple[Place, ...]


def identify(groups: Sequence[Sequence[Place]], known: Sequence[Known]) -> tuple[Grouped, ...]:
    """Each question is in exactly one group; groups keep their order, and gaps in work that lost all follow.

    Questions of a gap in work stay with it, however they are grouped. The others of such a group join it, if it has
    at least the share `JOINS` of the group. An open gap lives on in the group that has most of its questions, and a
    group is the open gap that it has most questions of.
    """
    own = {place: gap.id for gap in known if gap.in_work for place in gap.members}
    joined: dict[str, list[Place]] = {}
    free: list[list[Place]] = []
    for group in groups:
        rest = [place for place in group if place not in own]
        held = Counter(own[place] for place in group if place in own)
        for place in group:
            if place in own:
                joined.setdefault(own[place], []).append(place)
        if held:
            gap, count = min(held.items(), key=lambda one: (-one[1], one[0]))
            if count >= JOINS * len(group):
                joined[gap].extend(rest)
                continue
        if rest:
            free.append(rest)
    named = _names(free, [gap for gap in known if not gap.in_work])
    found = [Grouped(gap, tuple(members)) for gap, members in joined.items()]
    found += [Grouped(named.get(number, ""), tuple(rest)) for number, rest in enumerate(free)]
    return tuple(found)


def _names(groups: Sequence[Sequence[Place]], known: Sequence[Known]) -> Mapping[int, str]:
    """One gap a group and one group a gap, the greatest overlap first."""
    of = {place: gap.id for gap in known for place in gap.members}
    overlaps = Counter(
        (number, of[place]) for number, group in enumerate(groups) for place in group if place in of
    )
    named: dict[int, str] = {}
    taken: set[str] = set()
    for (number, gap), _ in sorted(overlaps.items(), key=lambda one: (-one[1], one[0])):
        if number not in named and gap not in taken:
            named[number] = gap
            taken.add(gap)
    return named
