"""A seed in, months of a whole desk's facts out: chats and e-mails with busy hours and weeks, and what people do.

Made to look at pages and to measure them at size. Whether deflection brackets the truth is `evaluations.traffic`.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final

import numpy as np

from bot.ledger.facts import Fact, FactKind, SolvedBy, fact_of_act

#: How busy each weekday is beside the middle one, Monday first.
WEEK: Final = (1.35, 1.15, 1.1, 1.05, 1.0, 0.65, 0.5)
_AGENTS: Final = ("maria", "jonas", "amina", "li", "tom")
_LANGUAGES: Final = ("en", "de", "es", "fr")
_ARTICLES: Final = 24
_HOUR_OF_DAY: Final = np.array(
    [1, 1, 0, 0, 0, 1, 2, 5, 10, 13, 14, 13, 11, 12, 13, 12, 10, 8, 7, 6, 6, 4, 3, 2], dtype=np.float64
)
_MINUTE: Final = dt.timedelta(minutes=1)


def busy_desk(
    seed: int, first: dt.date, days: int, a_day: int, agents: tuple[str, ...] = _AGENTS
) -> Iterator[list[Fact]]:
    """The facts of each conversation; the same seed gives the same."""
    generator = np.random.default_rng(seed)
    for day in range(days):
        date = first + dt.timedelta(days=day)
        growing = 1.0 + 0.15 * day / max(days, 1)
        count = int(generator.poisson(a_day * WEEK[date.weekday()] * growing / 0.97))
        hours = generator.choice(24, count, p=_HOUR_OF_DAY / _HOUR_OF_DAY.sum())
        midnight = dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)
        for place in range(count):
            at = midnight + dt.timedelta(hours=int(hours[place]), seconds=float(generator.uniform(0, 3600)))
            yield _conversation(generator, f"{date:%y%m%d}-{place}", at, agents)


def _conversation(
    generator: np.random.Generator, name: str, at: dt.datetime, agents: tuple[str, ...]
) -> list[Fact]:
    language = str(generator.choice(_LANGUAGES, p=(0.6, 0.2, 0.12, 0.08)))
    known = (f"c{int(generator.integers(0, 10**7))}",) if generator.random() < 0.5 else ()
    article = f"article-{int(generator.integers(0, _ARTICLES))}"
    if generator.random() < 0.22:
        opened = fact_of_act(name, at, FactKind.OPENED, channel="email", language=language, marks=known)
        return [opened, *_people(generator, name, at, agents)]

    def turn(kind: FactKind, seq: int, reason: str, after: int = 0) -> Fact:
        quoted = (article,) if kind is FactKind.ANSWERED else ()
        return Fact(
            *(name, at + after * _MINUTE, kind, seq, reason, 0.8, 0.6),
            articles=quoted,
            marks=known,
            channel="chat",
            language=language,
            about=article,
        )

    drawn = generator.random()
    if drawn < 0.08:
        return [turn(FactKind.SMALL_TALK, 1, "greeting")]
    if drawn < 0.33:
        reason = str(
            generator.choice(
                ("low_confidence", "person", "upset", "payment_dispute"), p=(0.6, 0.2, 0.12, 0.08)
            )
        )
        return [turn(FactKind.HANDED_OFF, 1, reason), *_people(generator, name, at, agents)]
    if drawn < 0.38:
        return [turn(FactKind.CLARIFIED, 1, "underspecified")]
    facts = [turn(FactKind.ANSWERED, 1, "answered")]
    said = generator.random()
    if said < 0.34:
        facts.append(Fact(name, at + _MINUTE, FactKind.HELPFUL, 1))
    elif said < 0.46:
        facts.append(Fact(name, at + _MINUTE, FactKind.NOT_HELPFUL, 1))
        if generator.random() < 0.5:
            facts += [
                turn(FactKind.HANDED_OFF, 3, "person", 2),
                *_people(generator, name, at + 2 * _MINUTE, agents),
            ]
    return facts


def _people(
    generator: np.random.Generator, name: str, at: dt.datetime, agents: tuple[str, ...]
) -> list[Fact]:
    """What people do with a ticket; one in twelve is left lying beyond the window."""
    if generator.random() < 1 / 12:
        return []
    who = agents[int(generator.integers(0, len(agents)))]
    waits = generator.exponential((25, 12, 180), 3)
    taken = at + waits[0] * _MINUTE
    replied, solved = taken + waits[1] * _MINUTE, taken + (waits[1] + waits[2]) * _MINUTE
    facts = [
        fact_of_act(name, taken, FactKind.TAKEN, who=who),
        fact_of_act(name, replied, FactKind.AGENT_REPLIED, who=who),
    ]
    if generator.random() < 0.09:
        facts.append(fact_of_act(name, replied + _MINUTE, FactKind.ESCALATED, who=who, reason="technical"))
    facts.append(fact_of_act(name, solved, FactKind.SOLVED, who=who, reason=SolvedBy.AGENT))
    later = solved + dt.timedelta(hours=24)
    if generator.random() < 0.05:
        facts.append(fact_of_act(name, solved + dt.timedelta(hours=9), FactKind.REOPENED))
    if generator.random() < 0.2:
        score = int(generator.choice((1, 2, 3, 4, 5), p=(0.03, 0.03, 0.06, 0.3, 0.58)))
        facts.append(fact_of_act(name, later, FactKind.RATED, score=score))
        facts.append(
            fact_of_act(
                name, later, FactKind.RECOMMENDS, score=min(10, 2 * score + int(generator.integers(0, 2)))
            )
        )
    if generator.random() < 0.1:
        judged = FactKind.ESCALATION_RIGHT if generator.random() < 0.84 else FactKind.ESCALATION_WRONG
        facts.append(fact_of_act(name, later, judged, who=who))
    return facts
