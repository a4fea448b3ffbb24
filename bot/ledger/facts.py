"""One thing that happened in a conversation, as it was appended when it happened and is never changed."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.dialogue.reply import SMALL_TALK, Reply, ReplyKind


class FactKind(StrEnum):
    """What happened."""

    # How a turn with the bot ended; each also says that something was asked.
    ANSWERED = "answered"
    CLARIFIED = "clarified"
    HANDED_OFF = "handed_off"
    #: A greeting, thanks or goodbye: nothing was asked.
    SMALL_TALK = "small_talk"
    # What the customer said of a reply.
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    # What people do; the desk appends these.
    OPENED = "opened"
    AGENT_REPLIED = "agent_replied"
    SOLVED = "solved"
    REOPENED = "reopened"
    #: Satisfaction from 1 to 5.
    RATED = "rated"
    #: Would recommend, from 0 to 10.
    RECOMMENDS = "recommends"
    #: A person judged that the hand-off was needed, or that an article would have done.
    ESCALATION_RIGHT = "escalation_right"
    ESCALATION_WRONG = "escalation_wrong"


#: Turns in which something was asked of the bot.
ASKED: Final = frozenset({FactKind.ANSWERED, FactKind.CLARIFIED, FactKind.HANDED_OFF})
VERDICTS: Final = frozenset({FactKind.HELPFUL, FactKind.NOT_HELPFUL})
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
    """Of a turn, the reply's reason; of `solved`, who solved it."""
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
) -> Fact:
    """What a turn leaves behind; `seq` is the place of the bot's message."""
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
    )
