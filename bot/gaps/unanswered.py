"""A conversation and what people did about it in, the questions in it that knowledge failed out; pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from bot.dialogue.choices import refuses_all, takes
from bot.dialogue.conversation import Conversation, Message, Role
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.ledger.facts import Fact, FactKind, SolvedBy
from kb.article import ArticleKey

#: A choice that was offered this long ago, and never taken, is taken to be left.
LEFT_AFTER: Final = dt.timedelta(hours=1)
#: Two acts of people on one ticket further apart than this were not one piece of work.
ONE_SITTING: Final = dt.timedelta(minutes=30)

#: The bot looked, and could not answer well enough.
_NOT_KNOWN: Final = frozenset({Reason.LOW_CONFIDENCE, Reason.GOING_IN_CIRCLES})
#: Somebody else was wanted; whether knowledge failed shows when a person settles what was asked before.
_WANTED_PEOPLE: Final = frozenset({Reason.PERSON, Reason.UPSET, Reason.ABUSE})
#: Replies to a question: what stands before a hand-off without a question of its own.
_TO_A_QUESTION: Final = frozenset({Reason.ANSWERED, Reason.CHOICE, Reason.LOW_CONFIDENCE})
_ACTS: Final = frozenset(
    {
        FactKind.TAKEN,
        FactKind.AGENT_REPLIED,
        FactKind.ESCALATED,
        FactKind.TRANSFERRED,
        FactKind.SOLVED,
    }
)


class Trouble(StrEnum):
    """How a question was failed, the worst first."""

    NOT_HELPFUL = "not_helpful"
    """It was answered, and the customer says that this did not help."""
    HANDED_OFF = "handed_off"
    """Nothing that was found was sure enough, or the conversation went round in circles."""
    SOLVED_BY_AGENT = "solved_by_agent"
    """The customer asked for a person after the bot's reply, and a person took it on."""
    ASKED_BACK = "asked_back"
    """The bot asked which is meant, and the customer left."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a question stands: nothing of what the customer wrote is kept twice."""

    conversation_id: str
    seq: int
    """Number of the customer's message in its conversation, from 0."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One question that knowledge failed."""

    place: Place
    text: str
    at: dt.datetime
    language: str
    trouble: Trouble
    ticket: str
    """Reference of the ticket that the conversation led to, or empty."""
    minutes: float
    """That people spent on the ticket, as far as their acts show."""
    shown: tuple[Citation, ...] = ()
    """What the customer got for it and did not find helpful."""
    later: ArticleKey | None = None
    """The article that answered the same customer a few messages on, and was not found unhelpful."""


def unanswered(conversation: Conversation, facts: Sequence[Fact], now: dt.datetime) -> tuple[Unanswered, ...]:
    """The failed questions of a conversation, each once, in their order."""
    messages = conversation.messages
    minutes = minutes_spent(facts)
    by_people = _by_people(facts)
    found: dict[int, tuple[Trouble, tuple[Citation, ...]]] = {}
    for place, message in enumerate(messages):
        trouble = _trouble(messages, place, by_people, now)
        asked = _question(messages, place) if trouble else None
        if trouble is None or asked is None:
            continue
        reply = message.reply
        shown = reply.citations if reply and trouble is Trouble.NOT_HELPFUL else ()
        before = found.get(asked)
        if before is None or list(Trouble).index(trouble) < list(Trouble).index(before[0]):
            found[asked] = (trouble, shown)
    return tuple(
        Unanswered(
            Place(conversation.id, asked),
            messages[asked].text,
            messages[asked].at,
            _language(messages, asked, conversation.language),
            trouble,
            conversation.ticket,
            minutes,
            shown,
            _later(messages, asked),
        )
        for asked, (trouble, shown) in sorted(found.items())
    )


def minutes_spent(facts: Sequence[Fact]) -> float:
    """Minutes between the acts of one person on a ticket, as far as they follow one another within `ONE_SITTING`.

    What was done before the first act, or in a single one, leaves no trace and is not guessed.
    """
    acts = sorted((fact for fact in facts if fact.kind in _ACTS and fact.who), key=lambda one: one.at)
    spent = dt.timedelta()
    for first, then in pairwise(acts):
        if first.who == then.who and then.at - first.at <= ONE_SITTING:
            spent += then.at - first.at
    return spent.total_seconds() / 60


def _by_people(facts: Sequence[Fact]) -> bool:
    """Whether a person settled it, or wrote to the customer."""
    return any(
        fact.kind is FactKind.AGENT_REPLIED
        or (fact.kind is FactKind.SOLVED and fact.reason == SolvedBy.AGENT.value)
        for fact in facts
    )


def _trouble(messages: Sequence[Message], place: int, by_people: bool, now: dt.datetime) -> Trouble | None:
    """What a message of the bot says of the question before it."""
    message = messages[place]
    reply = message.reply
    if reply is None or message.role is not Role.BOT:
        return None
    if reply.kind is ReplyKind.ANSWER and message.helpful is False:
        return Trouble.NOT_HELPFUL
    if reply.kind is ReplyKind.HANDOFF and reply.reason in _NOT_KNOWN:
        return Trouble.HANDED_OFF
    if reply.kind is ReplyKind.HANDOFF and reply.reason in _WANTED_PEOPLE and by_people:
        return Trouble.SOLVED_BY_AGENT
    # What is too vague to be looked up says nothing of what is missing; a choice that is not taken does.
    left = place == len(messages) - 1 and now - message.at >= LEFT_AFTER
    return Trouble.ASKED_BACK if reply.reason is Reason.CHOICE and left else None


def _question(messages: Sequence[Message], place: int) -> int | None:
    """The customer's message that asked what the reply at `place` failed; None where nothing was asked."""
    reply = messages[place].reply
    asked = place - 1
    if asked < 0 or messages[asked].role is not Role.CUSTOMER or reply is None:
        return None
    if reply.kind is ReplyKind.HANDOFF and reply.reason is not Reason.LOW_CONFIDENCE:
        # "I want a person", "that does not help": what was asked stands before it.
        earlier = (
            at
            for at in range(place - 2, 0, -1)
            if (before := messages[at].reply) is not None and before.reason in _TO_A_QUESTION
        )
        return next((found for at in earlier if (found := _question(messages, at)) is not None), None)
    while asked >= 1 and _is_about_choices(messages[asked].text, messages[asked - 1].reply):
        # The question is the one that was asked before the choice.
        if asked < 2 or messages[asked - 2].role is not Role.CUSTOMER:
            return None
        asked -= 2
    return asked


def _is_about_choices(text: str, offered: Reply | None) -> bool:
    """Whether a message takes a choice just offered, in our own words, or says yes or no to all of them."""
    if offered is None or not offered.choices:
        return False
    wanted = _plain(text)
    return wanted in {_plain(one) for one in offered.choices} or takes(text) or refuses_all(text, offered)


def _later(messages: Sequence[Message], asked: int) -> ArticleKey | None:
    """What the customer got for other words, and let stand."""
    for message in messages[asked + 2 :]:
        reply = message.reply
        if (
            reply is not None
            and reply.kind is ReplyKind.ANSWER
            and message.helpful is True
            and reply.citations
        ):
            return ArticleKey(reply.citations[0].article_id, reply.citations[0].locale)
    return None


def _language(messages: Sequence[Message], asked: int, default: str) -> str:
    after = messages[asked + 1].reply if asked + 1 < len(messages) else None
    return (after.language if after else "") or default


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
