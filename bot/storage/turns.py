"""Which turns of which conversations customers judged, read for cases and reviews."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.dialogue.conversation import Role
from bot.dialogue.replay import RepliedTurn
from bot.ports import Feedback
from bot.storage import codec
from bot.storage.engine import Database
from bot.storage.tables import feedback, messages

_CONVERSATION = sa.select(messages.c.conversation_id).where(messages.c.id == sa.bindparam("id"))
_GIVEN = (
    sa.select(feedback.c.message_id, feedback.c.helpful, feedback.c.comment, feedback.c.at)
    .join_from(feedback, messages, messages.c.id == feedback.c.message_id)
    .where(messages.c.conversation_id == sa.bindparam("conversation_id"))
    .order_by(feedback.c.id)
)
#: The newest word on each message: an older one was taken back by it.
_NEWEST = sa.select(sa.func.max(feedback.c.id)).group_by(feedback.c.message_id)
_JUDGED = (
    sa.select(messages.c.conversation_id, messages.c.id)
    .join_from(feedback, messages, messages.c.id == feedback.c.message_id)
    .where(
        feedback.c.id.in_(_NEWEST),
        feedback.c.helpful == sa.bindparam("helpful"),
        feedback.c.at >= sa.bindparam("since"),
        messages.c.role == Role.BOT.value,
    )
    .order_by(feedback.c.id)
)
_ASKED = messages.alias("asked")
_JUDGEMENTS = (
    sa.select(feedback.c.message_id, feedback.c.helpful).where(feedback.c.id.in_(_NEWEST)).subquery()
)
_REPLIED = (
    sa.select(_ASKED.c.text, messages.c.reply, _JUDGEMENTS.c.helpful)
    .join_from(
        messages,
        _ASKED,
        sa.and_(
            _ASKED.c.conversation_id == messages.c.conversation_id,
            _ASKED.c.seq == messages.c.seq - 1,
            _ASKED.c.role == Role.CUSTOMER.value,
        ),
    )
    .outerjoin(_JUDGEMENTS, _JUDGEMENTS.c.message_id == messages.c.id)
    .where(messages.c.role == Role.BOT.value)
    .order_by(messages.c.at.desc(), messages.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """A reply that a customer judged."""

    conversation_id: str
    message_id: str
    """Of the bot's message."""


class TurnLog:
    """Reads turns; methods raise `bot.errors.StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def conversation_of(self, message_id: str) -> str | None:
        """The id of the conversation that has a message, or None."""
        with self._database.reading() as connection:
            found = connection.execute(_CONVERSATION, {"id": message_id}).scalar()
        return None if found is None else str(found)

    def feedback(self, conversation_id: str) -> Sequence[Feedback]:
        """What was said of the replies of a conversation, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_GIVEN, {"conversation_id": conversation_id}).all()
        return [Feedback(*row) for row in rows]

    def replied(self, most: int) -> Sequence[RepliedTurn]:
        """The newest turns of the bot, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_REPLIED, {"most": most}).all()
        return [
            RepliedTurn(text, codec.reply_from_json(reply), helpful)
            for text, reply, helpful in rows
            if reply is not None
        ]

    def judged(self, helpful: bool, since: dt.datetime | None = None) -> Sequence[JudgedTurn]:
        """Replies whose newest judgement is this one, given since a time (aware), oldest first."""
        asked = {"helpful": helpful, "since": since or _BEGINNING}
        with self._database.reading() as connection:
            return [JudgedTurn(*row) for row in connection.execute(_JUDGED, asked)]
