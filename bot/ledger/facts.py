"""One thing that happened in a conversation, as it was appended when it happened and is never changed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.dialogue.reply import SMALL_TALK, Citation, Reply, ReplyKind
from bot.ledger.customers import contact_mark


class FactKind(StrEnum):
    """What happened."""

    # How a turn with the bot ended; each also says that something was asked.
    ANSWERED = "answered"
    CLARIFIED = "clarified"
    HANDED_OFF = "handed_off"
    #: A greeting, thanks or goodbye: nothing was asked.
    SMALL_TALK = "small_talk"
    #: The customer was put into an arm of an experiment, with the first turn; the reason says into which.
    IN_ARM = "in_arm"
    #: What the two arms say to this turn is not the same; the reason says in which the customer is.
    ARMS_DIFFERED = "arms_differed"
    # What the customer said of a reply.
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    # What people do; the desk appends these with `fact_of_act`.
    #: A conversation that begins with a person, such as an e-mail that opens a ticket.
    OPENED = "opened"
    #: Somebody took the ticket, or was given it.
    TAKEN = "taken"
    AGENT_REPLIED = "agent_replied"
    #: The reason says to where: a level, a unit.
    ESCALATED = "escalated"
    #: Given to another person or queue; the reason says to which queue.
    TRANSFERRED = "transferred"
    #: The reason says by whom (`bot.ledger.facts.SolvedBy`).
    SOLVED = "solved"
    REOPENED = "reopened"
    # What the customer said in a survey.
    #: Satisfaction from 1 to 5.
    RATED = "rated"
    #: Would recommend, from 0 to 10.
    RECOMMENDS = "recommends"
    #: A person judged that the hand-off was needed, or that an article would have done.
    ESCALATION_RIGHT = "escalation_right"
    ESCALATION_WRONG = "escalation_wrong"
    # What a reader said below an article; no conversation has these. The reason says why it did not help.
    PAGE_HELPED = "page_helped"
    PAGE_NOT_HELPED = "page_not_helped"
    # What happened to a contact form; its conversation, where it was sent, has the same name.
    #: Fitting articles were shown to who filled it in.
    FORM_SHOWN = "form_shown"
    #: The customer said that they answered it.
    FORM_HELPED = "form_helped"
    #: It was sent; the reason is `after` where articles had been shown.
    FORM_SENT = "form_sent"


class SolvedBy(StrEnum):
    """Who said that a matter is settled."""

    AGENT = "agent"
    CUSTOMER = "customer"
    #: Nobody: it was closed by a rule, such as no answer for some days.
    RULE = "rule"


#: Turns in which something was asked of the bot.
ASKED: Final = frozenset({FactKind.ANSWERED, FactKind.CLARIFIED, FactKind.HANDED_OFF})
VERDICTS: Final = frozenset({FactKind.HELPFUL, FactKind.NOT_HELPFUL})
#: What happens to a contact form.
FORMS: Final = frozenset({FactKind.FORM_SHOWN, FactKind.FORM_HELPED, FactKind.FORM_SENT})
#: The lowest and the highest score of each kind of survey.
SCALES: Final = {FactKind.RATED: (1, 5), FactKind.RECOMMENDS: (0, 10)}
#: Place of the bot's first message in a conversation: behind the customer's.
FIRST_REPLY: Final = 1

_OF_REPLY = {
    ReplyKind.ANSWER: FactKind.ANSWERED,
    ReplyKind.CLARIFY: FactKind.CLARIFIED,
    ReplyKind.HANDOFF: FactKind.HANDED_OFF,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened, when, in which conversation; holds nothing that a customer wrote."""

    conversation_id: str
    at: dt.datetime
    """Aware, UTC."""
    kind: FactKind
    seq: int = 0
    """Place of the bot's message among the messages of the conversation, from 0; of a verdict, the one judged."""
    reason: str = ""
    """Of a turn, the reply's reason; of `solved`, one of `SolvedBy`; of `escalated` and `transferred`, to where."""
    confidence: float = 0.0
    """Of a turn, the probability that was said."""
    threshold: float = 0.0
    """Of a turn, the probability that an answer needed then; 0 where that is not known."""
    score: int = 0
    """Of `rated` and `recommends`, the number given."""
    articles: tuple[str, ...] = ()
    """Ids of the articles that were quoted."""
    marks: tuple[str, ...] = ()
    """By what the same customer is known in another conversation (`bot.ledger.customers`)."""
    channel: str = ""
    language: str = ""
    who: str = ""
    """Of what a person did, the id of their account; empty for a rule or a customer."""
    about: str = ""
    """Of a turn, the id of the article nearest to the question, quoted or not; its product and tags are the turn's."""
    product: str = ""
    """What the conversation is about, where somebody said so; it goes before the article's."""
    tags: tuple[str, ...] = ()
    """Tags that somebody gave it; they come on top of the article's. They have no blanks."""

    @property
    def opens(self) -> bool:
        """Whether the conversation began with it."""
        return self.kind is FactKind.OPENED or (self.seq == FIRST_REPLY and self.kind not in VERDICTS)


def fact_of_turn(
    conversation_id: str,
    at: dt.datetime,
    seq: int,
    reply: Reply,
    *,
    marks: tuple[str, ...],
    channel: str,
    threshold: float = 0.0,
    considered: Sequence[Citation] = (),
) -> Fact:
    """What a turn leaves behind; `seq` is the place of the bot's message.

    `considered` are the passages that were looked at before a hand-off, best first.
    """
    kind = FactKind.SMALL_TALK if reply.reason in SMALL_TALK else _OF_REPLY[reply.kind]
    return Fact(
        conversation_id=conversation_id,
        at=at,
        kind=kind,
        seq=seq,
        reason=reply.reason.value,
        confidence=reply.confidence,
        threshold=threshold,
        articles=tuple(dict.fromkeys(citation.article_id for citation in reply.citations)),
        marks=marks,
        channel=channel,
        language=reply.language,
        about=next((one.article_id for one in (*reply.citations, *considered)), ""),
    )


def fact_of_arm(conversation_id: str, at: dt.datetime, arm: str, contact: str) -> Fact:
    """The arm that a customer was put into, with the mark that decided; none where nobody knew who wrote."""
    mark = contact_mark(contact)
    return Fact(conversation_id, at, FactKind.IN_ARM, reason=arm, marks=(mark,) if mark else ())


def fact_of_difference(conversation_id: str, at: dt.datetime, arm: str) -> Fact:
    """That the other arm would have said something else to a turn."""
    return Fact(conversation_id, at, FactKind.ARMS_DIFFERED, reason=arm)


def fact_of_act(
    conversation_id: str,
    at: dt.datetime,
    kind: FactKind,
    *,
    who: str = "",
    reason: str = "",
    score: int = 0,
    channel: str = "",
    language: str = "",
    product: str = "",
    tags: Sequence[str] = (),
    marks: Sequence[str] = (),
) -> Fact:
    """What a person did, or said in a survey. Raises `ValueError` for a score that is not on its scale."""
    lowest, highest = SCALES.get(kind, (0, 0))
    if not lowest <= score <= highest:
        raise ValueError(f"a {kind.value} fact has a score from {lowest} to {highest}, not {score}")
    clean = tuple("-".join(tag.split()) for tag in tags if tag.strip())
    return Fact(
        *(conversation_id, at, kind),
        reason=reason,
        score=score,
        channel=channel,
        language=language,
        who=who,
        product=product,
        tags=clean,
        marks=tuple(marks),
    )
