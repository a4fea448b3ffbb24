"""The facts of some days in, one story a conversation out: all that the definitions look at, within its window."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.dialogue.reply import Reason
from bot.ledger.facts import ASKED, VERDICTS, Fact, FactKind

#: What happens later than this after a conversation was opened changes no figure of it.
WINDOW: Final = dt.timedelta(days=7)

_OF_PEOPLE: Final = frozenset(
    {
        FactKind.OPENED,
        FactKind.HANDED_OFF,
        FactKind.TAKEN,
        FactKind.AGENT_REPLIED,
        FactKind.ESCALATED,
        FactKind.TRANSFERRED,
        FactKind.SOLVED,
        FactKind.REOPENED,
    }
)


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation as it stood when its window closed."""

    conversation_id: str
    opened_at: dt.datetime
    channel: str
    language: str
    asked: int
    """Turns in which something was asked of the bot."""
    ended: FactKind | None
    """How the last of them ended; None where nothing was asked of the bot."""
    helpful: bool | None
    """What the customer said last of the reply to it; None for silence."""
    answered: bool
    """Whether any turn was answered."""
    by_person: bool
    """Whether a person took part, or was asked to."""
    hand_off: str
    """Reason of the first hand-off, or empty."""
    handed_off_at: dt.datetime | None
    agent_at: dt.datetime | None
    """When a person replied first."""
    solved_at: dt.datetime | None
    """When it was solved last."""
    reopened: bool
    escalation: bool | None
    """Whether a person judged the hand-off as needed."""
    rated: int | None
    recommends: int | None
    cited: tuple[tuple[str, dt.datetime], ...]
    """Articles that were quoted, each with the first time."""
    marks: tuple[tuple[str, dt.datetime], ...]
    """By what the customer is known, each with the first time."""


def stories(facts: Iterable[Fact]) -> list[Story]:
    """One for each conversation whose opening is among the facts, by the time it was opened.

    The order of the facts does not matter. Facts beyond the window of their conversation are left out.
    """
    of_conversation: dict[str, list[Fact]] = {}
    for fact in facts:
        of_conversation.setdefault(fact.conversation_id, []).append(fact)
    found = [_story(conversation, own) for conversation, own in of_conversation.items()]
    return sorted(
        (one for one in found if one is not None), key=lambda one: (one.opened_at, one.conversation_id)
    )


def _story(conversation_id: str, facts: list[Fact]) -> Story | None:
    # Two facts of one moment keep an order that does not depend on how they came.
    facts.sort(key=lambda one: (one.at, one.seq, one.kind, one.reason, one.score))
    opening = next((fact for fact in facts if fact.opens), None)
    if opening is None:
        return None
    until = opening.at + WINDOW
    facts = [fact for fact in facts if fact.at <= until]
    asked = [fact for fact in facts if fact.kind in ASKED]
    last = max(asked, key=lambda one: (one.seq, one.at), default=None)
    hand_off = next((fact for fact in asked if fact.kind is FactKind.HANDED_OFF), None)
    of_kind = {fact.kind: fact for fact in facts}
    agent = next((fact for fact in facts if fact.kind is FactKind.AGENT_REPLIED), None)
    return Story(
        conversation_id=conversation_id,
        opened_at=opening.at,
        channel=opening.channel,
        language=opening.language,
        asked=len(asked),
        ended=last.kind if last else None,
        helpful=_verdict(facts, last),
        answered=FactKind.ANSWERED in of_kind,
        by_person=not _OF_PEOPLE.isdisjoint(of_kind),
        hand_off=_reason(hand_off, asked),
        handed_off_at=hand_off.at if hand_off else None,
        agent_at=agent.at if agent else None,
        solved_at=_at(of_kind.get(FactKind.SOLVED)),
        reopened=FactKind.REOPENED in of_kind,
        escalation=_escalation(facts),
        rated=_score(of_kind.get(FactKind.RATED)),
        recommends=_score(of_kind.get(FactKind.RECOMMENDS)),
        cited=_first((article, fact.at) for fact in facts for article in fact.articles),
        marks=_first((mark, fact.at) for fact in facts for mark in fact.marks),
    )


def _verdict(facts: list[Fact], last: Fact | None) -> bool | None:
    """The newest word on the last thing that was asked: on an earlier one it says nothing of what came after."""
    if last is None:
        return None
    verdicts = [fact for fact in facts if fact.kind in VERDICTS and fact.seq == last.seq]
    return verdicts[-1].kind is FactKind.HELPFUL if verdicts else None


def _reason(hand_off: Fact | None, asked: list[Fact]) -> str:
    """Why people were brought in; a turn that finds them there already says nothing of that."""
    if hand_off is None:
        return ""
    reasons = (fact.reason for fact in asked if fact.kind is FactKind.HANDED_OFF)
    return next((reason for reason in reasons if reason != Reason.WITH_PEOPLE), hand_off.reason)


def _escalation(facts: list[Fact]) -> bool | None:
    judged = [f for f in facts if f.kind in (FactKind.ESCALATION_RIGHT, FactKind.ESCALATION_WRONG)]
    return judged[-1].kind is FactKind.ESCALATION_RIGHT if judged else None


def _at(fact: Fact | None) -> dt.datetime | None:
    return fact.at if fact else None


def _score(fact: Fact | None) -> int | None:
    return fact.score if fact else None


def _first(pairs: Iterable[tuple[str, dt.datetime]]) -> tuple[tuple[str, dt.datetime], ...]:
    seen: dict[str, dt.datetime] = {}
    for name, at in pairs:
        seen.setdefault(name, at)
    return tuple(seen.items())
