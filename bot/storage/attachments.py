"""Files of conversations in the database: what they are and where they belong; their bytes are elsewhere."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from bot.changes import Attaching, Detached
from bot.desk.attachments import Attachment, RefusedFile, shown_size
from bot.desk.ticket import FINISHED
from bot.errors import NotReady
from bot.storage.engine import Database
from bot.storage.tables import attachments, conversations, tickets

_THERE: Final = attachments.c.removed_at.is_(None)
#: Holds the conversation until the transaction ends, so that two files that come at once are counted one by one.
_HOLD: Final = (
    sa.select(conversations.c.id).where(conversations.c.id == sa.bindparam("of_id")).with_for_update()
)
_COUNT: Final = sa.select(sa.func.count()).where(
    attachments.c.conversation_id == sa.bindparam("of_id"), _THERE
)
_IN_ALL: Final = sa.select(sa.func.coalesce(sa.func.sum(attachments.c.size), 0)).where(_THERE)
_TAKE_AWAY: Final = (
    sa.update(attachments)
    .where(attachments.c.id == sa.bindparam("of_id"), _THERE)
    # The name goes too: it may tell of people as much as the content does.
    .values(removed_at=sa.bindparam("gone_at"), removed_why=sa.bindparam("why"), name="")
)
_ONE: Final = sa.select(*attachments.c).where(attachments.c.id == sa.bindparam("of_id"))
_WANTED: Final = (
    sa.select(attachments.c.id).where(attachments.c.digest == sa.bindparam("of_digest"), _THERE).limit(1)
)


def add(connection: sa.Connection, attaching: Attaching) -> None:
    """Adds a file inside the caller's transaction. Raises `RefusedFile` and `NotReady` where there are too many."""
    one, rules = attaching.attachment, attaching.rules
    connection.execute(_HOLD, {"of_id": one.conversation_id})
    if connection.execute(_COUNT, {"of_id": one.conversation_id}).scalar_one() >= rules.most:
        raise RefusedFile(f"A conversation may have at most {rules.most} files.")
    if connection.execute(_IN_ALL).scalar_one() + one.size > rules.in_all:
        raise NotReady(f"No more files can be kept now: all together may take {shown_size(rules.in_all)}.")
    row = {
        "id": one.id,
        "conversation_id": one.conversation_id,
        "digest": one.digest,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "at": one.at,
        "by": one.by,
        "shared": one.shared,
        "removed_at": None,
        "removed_why": "",
    }
    connection.execute(sa.insert(attachments), row)


def take_away(connection: sa.Connection, gone: Detached, at: dt.datetime) -> None:
    """Marks a file as gone inside the caller's transaction."""
    connection.execute(_TAKE_AWAY, {"of_id": gone.attachment_id, "gone_at": at, "why": gone.why})


class AttachmentLog:
    """Implements `bot.tickets.attachments.AttachmentStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, attaching: Attaching) -> None:
        """Adds a file to a conversation that has no ticket. Raises `RefusedFile`."""
        with self._database.writing() as connection:
            add(connection, attaching)

    def get(self, attachment_id: str) -> Attachment | None:
        """A file by its id, also one that is gone."""
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"of_id": attachment_id}).mappings().first()
        return None if row is None else Attachment(**row)

    def of(self, conversation_ids: Sequence[str]) -> Sequence[Attachment]:
        """Files of conversations, oldest first, with those that are gone."""
        asked = (
            sa.select(*attachments.c)
            .where(attachments.c.conversation_id.in_(conversation_ids))
            .order_by(attachments.c.at, attachments.c.id)
        )
        with self._database.reading() as connection:
            return [Attachment(**row) for row in connection.execute(asked).mappings()]

    def is_wanted(self, digest: str) -> bool:
        """Whether a file with this content is there still."""
        with self._database.reading() as connection:
            return connection.execute(_WANTED, {"of_digest": digest}).first() is not None

    def digests(self) -> frozenset[str]:
        """Contents that are to be there."""
        with self._database.reading() as connection:
            return frozenset(
                connection.execute(sa.select(attachments.c.digest).distinct().where(_THERE)).scalars()
            )

    def overdue(self, before: dt.datetime, most: int) -> Sequence[Attachment]:
        """Files whose tickets were all finished before a moment, or that came before it and have no ticket."""
        of_conversation = tickets.c.conversation_id == attachments.c.conversation_id
        unfinished = sa.exists().where(
            of_conversation,
            sa.or_(
                tickets.c.status.not_in([one.value for one in FINISHED]),
                sa.func.coalesce(tickets.c.solved_at, tickets.c.created_at) >= before,
            ),
        )
        asked = (
            sa.select(*attachments.c)
            .where(_THERE, attachments.c.at < before, ~unfinished)
            .order_by(attachments.c.at, attachments.c.id)
            .limit(most)
        )
        with self._database.reading() as connection:
            return [Attachment(**row) for row in connection.execute(asked).mappings()]

    def expire(self, ids: Sequence[str], at: dt.datetime, why: str) -> None:
        """Marks files as gone because their time is over."""
        with self._database.writing() as connection:
            for one in ids:
                take_away(connection, Detached(one, why), at)
