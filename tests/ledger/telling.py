"""Conversations in a few words: `told("c1", "answered", "helpful")` is a question, an answer, and a thumb up."""

import datetime as dt

from bot.ledger.facts import VERDICTS, Fact, FactKind
from bot.ledger.tally import Tally, tally_days, total

MONDAY = dt.date(2026, 3, 2)
OPENED = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


def told(
    conversation_id: str,
    *happened: str,
    at: dt.datetime = OPENED,
    marks: tuple[str, ...] = (),
    articles: tuple[str, ...] = ("returns",),
    reason: str = "",
) -> list[Fact]:
    """Each a minute after the one before; a verdict is on the reply before it."""
    facts, seq = [], -1
    for place, name in enumerate(happened):
        kind = FactKind(name)
        if kind not in VERDICTS:
            seq += 2
        facts.append(
            Fact(
                conversation_id,
                at + place * MINUTE,
                kind,
                seq,
                reason,
                articles=articles if kind is FactKind.ANSWERED else (),
                marks=marks,
            )
        )
    return facts


def counted(*conversations: list[Fact], days: int = 60) -> Tally:
    """Counts of all days together."""
    facts = [fact for conversation in conversations for fact in conversation]
    return total(tally_days(facts, MONDAY, MONDAY + DAY * (days - 1)).values())
