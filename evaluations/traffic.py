"""A seed in, some months of support traffic out whose truth is known: who was helped, who gave up, who came back."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.ledger.facts import Fact, FactKind

#: A Monday, so that runs are alike; nothing else hangs on it.
START: Final = dt.date(2025, 9, 1)
_WINDOW_SECONDS: Final = 7 * 86_400
#: Articles the bot quotes.
_ARTICLES: Final = 60

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class World:
    """How customers and the bot are; every value is a probability, of those named in its sentence."""

    handed_off: float
    """Of all conversations, those the bot hands off."""
    only_asked_back: float
    """Of the rest, those that end with a question back."""
    helped: float
    """Of the answered, those whose matter the answer truly settles."""
    confirms: float
    """Of the helped, those who say so."""
    polite: float
    """Of the others, those who say that it helped all the same."""
    complains: float
    """Of the others, those who say that it did not help."""
    grumpy: float
    """Of the helped, those who say that it did not help."""
    asks_for_person: float
    """Of the answered who were not helped, those who then ask for a person."""
    comes_back: float
    """Of those not helped who asked for nobody, those who write again within the window."""
    other_matter: float
    """Of the helped, those who write within the window about something else."""
    known: float
    """Of all, those who say who they are."""
    same_words: float
    """Of those who come back without saying who they are, those who send the same long text."""


#: The least and the most of each value: from a poor bot to a good one, from silent customers to talkative ones.
RANGES: Final = {
    "handed_off": (0.10, 0.45),
    "only_asked_back": (0.02, 0.10),
    "helped": (0.35, 0.85),
    "confirms": (0.10, 0.60),
    "polite": (0.0, 0.05),
    "complains": (0.10, 0.40),
    "grumpy": (0.0, 0.03),
    "asks_for_person": (0.10, 0.40),
    "comes_back": (0.10, 0.50),
    "other_matter": (0.0, 0.06),
    "known": (0.20, 0.80),
    "same_words": (0.05, 0.40),
}


@dataclass(frozen=True, slots=True)
class Traffic:
    """Facts, and what nobody in the ledger knows."""

    facts: tuple[Fact, ...]
    conversations: int
    """That asked something."""
    settled: int
    """Whose matter the bot truly settled: no person took part, and the customer had no reason to come back."""


@dataclass(frozen=True, slots=True)
class _Draws:
    """One entry a conversation."""

    handed_off: Flags
    only_asked_back: Flags
    helped: Flags
    says_helped: Flags
    says_not: Flags
    asks_for_person: Flags
    comes_back: Flags
    known: Flags
    same_words: Flags
    opened: npt.NDArray[np.float64]
    """Seconds since the start."""
    later: npt.NDArray[np.float64]
    """Seconds until the customer writes again, where they do."""
    article: npt.NDArray[np.int64]


def draw_world(generator: np.random.Generator) -> World:
    """A world at random within `RANGES`."""
    return World(**{name: float(generator.uniform(low, high)) for name, (low, high) in RANGES.items()})


def simulate(world: World, seed: int, *, days: int = 92, a_day: int = 30) -> Traffic:
    """Traffic of some days; the same seed gives the same. A second contact is a conversation of its own, and counts."""
    generator = np.random.default_rng(seed)
    first = _draw(world, generator, generator.uniform(0, days * 86_400, days * a_day))
    back = np.flatnonzero(first.comes_back)
    # Who comes back after help asks about something else; who was not helped asks the same again.
    again = _draw(world, generator, first.opened[back] + first.later[back])
    facts: list[Fact] = []
    for place in range(len(first.opened)):
        _tell(facts, first, place, f"a{place}", _marks(first, place, place))
    for place, origin in enumerate(back):
        marks = _marks(first, int(origin), int(origin), returning=True)
        _tell(facts, again, place, f"b{place}", marks)
    facts += _greetings(generator, days, a_day // 10)
    truly = _settled(first, came_back=first.comes_back & ~first.helped)
    truly_again = _settled(again, came_back=np.zeros(len(back), dtype=np.bool_))
    inside, inside_again = first.opened < days * 86_400, again.opened < days * 86_400
    return Traffic(
        tuple(facts),
        int(inside.sum() + inside_again.sum()),
        int((truly & inside).sum() + (truly_again & inside_again).sum()),
    )


def _draw(world: World, generator: np.random.Generator, opened: npt.NDArray[np.float64]) -> _Draws:
    count = len(opened)

    def chance(probability: float) -> Flags:
        drawn: Flags = generator.random(count) < probability
        return drawn

    handed_off = chance(world.handed_off)
    only_asked_back = ~handed_off & chance(world.only_asked_back)
    answered = ~handed_off & ~only_asked_back
    helped = answered & chance(world.helped)
    says_helped = answered & np.where(helped, chance(world.confirms), chance(world.polite))
    says_not = answered & ~says_helped & np.where(helped, chance(world.grumpy), chance(world.complains))
    asks_for_person = answered & ~helped & ~says_helped & chance(world.asks_for_person)
    unserved = ~handed_off & ~helped & ~asks_for_person
    comes_back = (unserved & chance(world.comes_back)) | (helped & chance(world.other_matter))
    return _Draws(
        handed_off=handed_off,
        only_asked_back=only_asked_back,
        helped=helped,
        says_helped=says_helped,
        says_not=says_not,
        asks_for_person=asks_for_person,
        comes_back=comes_back,
        known=chance(world.known),
        same_words=chance(world.same_words),
        opened=opened,
        later=generator.uniform(600, _WINDOW_SECONDS - 600, count),
        article=generator.integers(0, _ARTICLES, count),
    )


def _settled(draws: _Draws, came_back: Flags) -> Flags:
    return draws.helped & ~draws.asks_for_person & ~came_back


def _marks(draws: _Draws, place: int, customer: int, *, returning: bool = False) -> tuple[str, ...]:
    """Who says who they are does so each time; others are found by their words, if they send the same again."""
    if draws.known[place]:
        return (f"c{customer}",)
    # About something else nobody sends the same words.
    same = draws.same_words[place] and not draws.helped[place]
    return (f"t{customer}",) if same or not returning else ()


def _tell(facts: list[Fact], draws: _Draws, place: int, name: str, marks: tuple[str, ...]) -> None:
    at = _moment(float(draws.opened[place]))
    article = (f"article-{draws.article[place]}",)
    if draws.handed_off[place]:
        facts.append(Fact(name, at, FactKind.HANDED_OFF, 1, "low_confidence", marks=marks))
    elif draws.only_asked_back[place]:
        facts.append(Fact(name, at, FactKind.CLARIFIED, 1, "underspecified", marks=marks))
    else:
        facts.append(Fact(name, at, FactKind.ANSWERED, 1, "answered", 0.9, articles=article, marks=marks))
    minute = dt.timedelta(minutes=1)
    if draws.says_helped[place]:
        facts.append(Fact(name, at + minute, FactKind.HELPFUL, 1))
    elif draws.says_not[place]:
        facts.append(Fact(name, at + minute, FactKind.NOT_HELPFUL, 1))
    if draws.asks_for_person[place]:
        facts.append(Fact(name, at + 2 * minute, FactKind.HANDED_OFF, 3, "person", marks=marks))


def _greetings(generator: np.random.Generator, days: int, a_day: int) -> list[Fact]:
    """Conversations that say hello and no more; no count may notice them."""
    moments = generator.uniform(0, days * 86_400, days * a_day)
    return [
        Fact(f"g{place}", _moment(float(at)), FactKind.SMALL_TALK, 1, "greeting")
        for place, at in enumerate(moments)
    ]


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime(START.year, START.month, START.day, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
