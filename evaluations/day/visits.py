"""The sample's messages and a seed in, what each customer of a day will do out; pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evaluations.sample import Sample

#: Replies of people in the chat, per language of the sample.
SMALL_TALK: Final = {"en": "hello", "es": "hola", "de": "hallo", "fr": "bonjour"}


class Live(StrEnum):
    """What becomes of a customer who waits for a person in the chat."""

    NO = "no"
    TALK = "talk"
    """An agent joins, talks and solves."""
    SILENT = "silent"
    """An agent joins, says a word, and is silent from then on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a customer will say in a survey."""

    solved: bool
    satisfaction: int
    """1 to 5."""
    recommendation: int
    """0 to 10."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one customer does, in their order."""

    number: int
    locale: str
    says: tuple[str, ...]
    contact: str
    """An e-mail address; empty where none is ever given."""
    contact_first: bool
    """Whether the page knows the address from the beginning; else it is said once people have the conversation."""
    helpful: bool | None
    """What is said of the last answer; None for nothing."""
    live: Live
    survey: Verdict | None
    """What is answered once the ticket is solved; None for nothing."""
    left_alone: bool
    """Whether no agent touches what comes of it, so that its clocks run out."""


def visits(sample: Sample, routine: Sequence[str], count: int, seed: int) -> tuple[Visit, ...]:
    """A day's customers; the same seed gives the same. `routine` are plain questions in English."""
    dice = random.Random(seed)  # noqa: S311
    # Whatever the dice say, each of the ways is gone at least once by so few as these.
    ways: list[Live] = [Live.TALK, Live.SILENT, *(Live.NO for _ in range(count))]
    return tuple(
        _visit(sample, routine, number, ways[number] if number < 2 else _way(dice), dice)
        for number in range(count)
    )


def _way(dice: random.Random) -> Live:
    drawn = dice.random()
    return Live.TALK if drawn < 0.04 else Live.SILENT if drawn < 0.05 else Live.NO


def _visit(sample: Sample, routine: Sequence[str], number: int, live: Live, dice: random.Random) -> Visit:
    locale, says = _says(sample, routine, live, dice)
    reachable = live is not Live.NO or dice.random() < 0.8
    return Visit(
        number=number,
        locale=locale,
        says=says,
        contact=f"customer.{number}@day.example.org" if reachable else "",
        contact_first=reachable and dice.random() < 0.5,
        helpful=dice.choice((True, True, False, None, None)),
        live=live,
        survey=_verdict(dice) if dice.random() < 0.6 else None,
        left_alone=live is Live.NO and dice.random() < 0.15,
    )


def _says(
    sample: Sample, routine: Sequence[str], live: Live, dice: random.Random
) -> tuple[str, tuple[str, ...]]:
    """A language, and what is said in it."""
    person = dice.choice(sample.person)
    if live is not Live.NO:
        return "en", ("I want to talk to a person",)
    drawn = dice.random()
    if drawn < 0.28:
        asked = dice.choice(sample.answerable)
        return asked.locale, (asked.text,)
    if drawn < 0.46:
        return "en", (dice.choice(routine),)
    if drawn < 0.60:  # a follow-up, or another matter
        return "en", (dice.choice(routine), dice.choice(routine))
    if drawn < 0.76:
        unknown = dice.choice(sample.unanswerable)
        return unknown.locale, (unknown.text, SMALL_TALK[unknown.locale])
    if drawn < 0.95:
        return person.locale, (person.text,)
    return person.locale, (SMALL_TALK[person.locale],)


def _verdict(dice: random.Random) -> Verdict:
    satisfaction = dice.choice((1, 2, 3, 4, 4, 5, 5, 5))
    return Verdict(dice.random() < 0.9, satisfaction, min(10, 2 * satisfaction + dice.randint(0, 1)))
