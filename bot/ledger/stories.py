"""The facts of some days in, one story a conversation out: all that the definitions look at, within its window."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.dialogue.reply import Reason
from bot.ledger.facts import ASKED, VERDICTS, Fact, FactKind, SolvedBy

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
#: What brings a conversation to people.
_BRING_PEOPLE: Final = frozenset({FactKind.OPENED, FactKind.HANDED_OFF})
#: What ends a span in which somebody was expected to act; the second, those after which they do not have it any more.
_LET_GO: Final = frozenset({FactKind.ESCALATED, FactKind.TRANSFERRED})
_ACTS: Final = _LET_GO | {FactKind.AGENT_REPLIED, FactKind.SOLVED}
#: A message for the people who have a conversation is told of as one that was passed on, that is handed off.
_CUSTOMER_WRITES: Final = frozenset({FactKind.HANDED_OFF, FactKind.REOPENED})


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
    with_people_at: dt.datetime | None
    """When people got it: the first hand-off, or the opening by a person."""
    agent_at: dt.datetime | None
    """When a person replied first."""
    solved_at: dt.datetime | None
    """When it was solved and not opened again; a rule that closes what nobody answers solves nothing."""
    solved_by: str
    """The account of who solved it, or empty."""
    reopened: bool
    passed_up: bool
    """Whether a person escalated it further."""
    in_hand: tuple[tuple[dt.datetime, dt.datetime], ...]
    """Spans in which it waited for the person who had it: from taking it, or from the customer's next word, to their
    next act."""
    escalation: bool | None
    """Whether a person judged the hand-off as needed."""
    rated: int | None
    recommends: int | None
    cited: tuple[tuple[str, dt.datetime], ...]
    """Articles that were quoted, each with the first time."""
    about: str
    """The article nearest to the last question that had one."""
    product: str
    """What somebody said it is about, or empty."""
    tags: tuple[str, ...]
    """Tags that somebody gave it."""
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
    with_people = next((fact for fact in facts if fact.kind in _BRING_PEOPLE), None)
    agent = next((fact for fact in facts if fact.kind is FactKind.AGENT_REPLIED), None)
    solved = _solved(facts)
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
        with_people_at=with_people.at if with_people else None,
        agent_at=agent.at if agent else None,
        solved_at=solved.at if solved else None,
        solved_by=solved.who if solved else "",
        reopened=FactKind.REOPENED in of_kind,
        passed_up=FactKind.ESCALATED in of_kind,
        in_hand=_in_hand(facts) if agent or solved else (),
        escalation=_escalation(facts),
        rated=_score(of_kind.get(FactKind.RATED)),
        recommends=_score(of_kind.get(FactKind.RECOMMENDS)),
        cited=_first((article, fact.at) for fact in facts for article in fact.articles),
        about=next((fact.about for fact in reversed(asked) if fact.about), ""),
        product=next((fact.product for fact in reversed(facts) if fact.product), ""),
        tags=tuple(dict.fromkeys(tag for fact in facts for tag in fact.tags)),
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


def _solved(facts: list[Fact]) -> Fact | None:
    """The last time it was solved, if it was not opened again after that."""
    found = None
    for fact in facts:
        if fact.kind is FactKind.SOLVED and fact.reason != SolvedBy.RULE:
            found = fact
        elif fact.kind is FactKind.REOPENED:
            found = None
    return found


def _in_hand(facts: list[Fact]) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    """Where nobody said that they took it, the first act says so, and how long it took is not known."""
    spans = []
    taken, since = False, None
    for fact in facts:
        if fact.kind is FactKind.TAKEN:
            taken, since = True, since or fact.at
        elif fact.kind in _ACTS:
            if since is not None:
                spans.append((since, fact.at))
            taken = taken or fact.kind is FactKind.AGENT_REPLIED
            since = None
            if fact.kind in _LET_GO:
                taken = False
        elif taken and since is None and fact.kind in _CUSTOMER_WRITES:
            since = fact.at
    return tuple(spans)


def _score(fact: Fact | None) -> int | None:
    return fact.score if fact else None


def _first(pairs: Iterable[tuple[str, dt.datetime]]) -> tuple[tuple[str, dt.datetime], ...]:
    seen: dict[str, dt.datetime] = {}
    for name, at in pairs:
        seen.setdefault(name, at)
    return tuple(seen.items())
