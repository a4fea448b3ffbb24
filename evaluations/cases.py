"""A logged conversation in, evaluation cases out: what was asked and answered, with personal data masked; pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.choices import refuses_all
from bot.dialogue.context import Context
from bot.dialogue.conversation import Conversation, Message, Role
from bot.dialogue.reply import SMALL_TALK, Citation, Reason, Reply, ReplyKind
from bot.ports import Feedback
from bot.redaction import Level, Redactor

#: Turns that ask the help centre nothing.
_NOTHING_ASKED = SMALL_TALK | {Reason.WITH_PEOPLE}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said before, masked."""

    role: str
    """`user` or `bot`, as data sets of conversations name them."""
    text: str


@dataclass(frozen=True, slots=True)
class LoggedTurn:
    """A customer's message with the reply to it, as they were stored."""

    conversation: Conversation
    place: int
    """Which of the conversation's messages the customer's is, from 0."""
    reply: Reply
    feedback: Feedback | None
    """The newest, or None."""


@dataclass(frozen=True, slots=True)
class LoggedCase:
    """A turn as a case: nothing in it tells who the customer is, as far as masking finds it."""

    id: str
    """A digest of the conversation's and message's ids: the same turn is always the same case."""
    text: str
    locale: str
    earlier: tuple[Said, ...]
    """What was said before a follow-up, oldest first; empty for a question that stands by itself."""
    kind: ReplyKind
    reason: Reason
    given: str
    """What the bot said."""
    cited: Citation | None
    confidence: float
    feedback: str
    """`helpful`, `not helpful` or empty."""
    comment: str
    conversation: str
    """A digest of the conversation's id, to see what belongs together."""
    date: str
    """ISO 8601."""
    masked: tuple[str, ...]
    """Kinds of what was masked in question, earlier turns, answer and comment."""

    @property
    def confirmed(self) -> bool:
        """The customer said that the quoted article helped, so it is the one that is wanted."""
        return self.feedback == "helpful" and self.kind is ReplyKind.ANSWER and self.cited is not None


def turns_of(
    conversation: Conversation, feedback: Sequence[Feedback], message_id: str = ""
) -> tuple[LoggedTurn, ...]:
    """The turns of a conversation that asked something; or the one with this message, asked or answered."""
    judged = {one.message_id: one for one in feedback}  # oldest first, so the newest stays
    turns = []
    for place, (said, answer) in enumerate(
        zip(conversation.messages, conversation.messages[1:], strict=False)
    ):
        if said.role is not Role.CUSTOMER or answer.reply is None:
            continue
        if message_id in (said.id, answer.id) or (
            not message_id and answer.reply.reason not in _NOTHING_ASKED
        ):
            turns.append(LoggedTurn(conversation, place, answer.reply, judged.get(answer.id)))
    return tuple(turns)


def case_of(turn: LoggedTurn, redactor: Redactor, context: Context) -> LoggedCase:
    """The turn as a case; every text in it is masked, the bot's own too, since it may repeat the customer's."""
    reply, said = turn.reply, turn.conversation.messages[turn.place]
    before = turn.conversation.messages[: turn.place]
    follows = context.standalone(said.text, before, reply.language).is_followup or _was_offered(said, before)
    masked: dict[str, None] = {}

    def mask(text: str) -> str:
        redacted = redactor.redact(text, Level.MASKING, reply.language)
        masked.update(dict.fromkeys(kind.value for kind in redacted.kinds))
        return redacted.text

    feedback = turn.feedback
    return LoggedCase(
        id=f"turn-{_digest(turn.conversation.id, said.id)}",
        text=mask(said.text),
        locale=reply.language,
        earlier=tuple(Said(_role(one), mask(one.text)) for one in before) if follows else (),
        kind=reply.kind,
        reason=reply.reason,
        given=mask(reply.text),
        cited=reply.citations[0] if reply.citations else None,
        confidence=reply.confidence,
        feedback="" if feedback is None else "helpful" if feedback.helpful else "not helpful",
        comment=mask(feedback.comment) if feedback else "",
        conversation=_digest(turn.conversation.id),
        date=said.at.date().isoformat(),
        masked=tuple(masked),
    )


def _was_offered(said: Message, before: Sequence[Message]) -> bool:
    """Whether the message takes or refuses what the bot had just offered."""
    reply = before[-1].reply if before else None
    return reply is not None and (said.text in reply.choices or refuses_all(said.text, reply))


def _role(message: Message) -> str:
    return "user" if message.role is Role.CUSTOMER else message.role.value


def _digest(*ids: str) -> str:
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
