"""Views of the queue in the database: each person's own, and those that the team shares."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from bot.desk.views import MOST_VIEWS, View
from bot.errors import BadRequest
from bot.storage.engine import Database, is_repeated
from bot.storage.tables import queue_views

_OF: Final = (
    sa.select(*queue_views.c)
    .where(sa.or_(queue_views.c.account_id == sa.bindparam("of_account"), queue_views.c.shared))
    .order_by(queue_views.c.name, queue_views.c.id)
)
_COUNT: Final = sa.select(sa.func.count()).where(queue_views.c.account_id == sa.bindparam("of_account"))


class ViewLog:
    """Implements `bot.team.views.ViewStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, account_id: str) -> Sequence[View]:
        """Somebody's own and those that are shared, by name."""
        with self._database.reading() as connection:
            return [View(**row) for row in connection.execute(_OF, {"of_account": account_id}).mappings()]

    def keep(self, view: View) -> None:
        """Keeps a view; raises `BadRequest` where its owner has one of that name, or too many."""
        row = {
            "id": view.id,
            "account_id": view.account_id,
            "name": view.name,
            "query": view.query,
            "shared": view.shared,
            "created_at": view.created_at,
        }
        try:
            with self._database.writing() as connection:
                if connection.execute(_COUNT, {"of_account": view.account_id}).scalar_one() >= MOST_VIEWS:
                    raise BadRequest(f"You have {MOST_VIEWS} views; remove one first.")
                connection.execute(sa.insert(queue_views), row)
        except sa.exc.IntegrityError as error:
            if not is_repeated(error):
                raise
            raise BadRequest(f"You have a view “{view.name}” already; choose another name.") from error

    def remove(self, view_id: str) -> None:
        """Removes a view."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(queue_views).where(queue_views.c.id == view_id))
