"""The team as routing sees it: who is there, what each has and can, whose turn it is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from bot.desk.routing import Agent
from bot.desk.ticket import UNFINISHED
from bot.people.audit import Note
from bot.people.roles import Permission, Role, may
from bot.storage import audit, codec
from bot.storage.engine import Database
from bot.storage.tables import accounts, desk_agents, sessions, tickets

#: Who used a page of the desk within this time is there.
PRESENT: Final = dt.timedelta(minutes=15)
_NAME: Final = sa.literal("account:") + accounts.c.id
_LOAD: Final = (
    sa.select(sa.func.count())
    .select_from(tickets)
    .where(tickets.c.assignee == _NAME, tickets.c.status.in_([status.value for status in UNFINISHED]))
    .correlate(accounts)
    .scalar_subquery()
)
_SEEN: Final = (
    sa.select(sa.func.max(sessions.c.seen_at))
    .where(sessions.c.account_id == accounts.c.id, sessions.c.stage == "full")
    .correlate(accounts)
    .scalar_subquery()
)
_TEAM: Final = (
    sa.select(
        accounts.c.id,
        accounts.c.name,
        accounts.c.role,
        desk_agents.c.away,
        desk_agents.c.skills,
        desk_agents.c.languages,
        desk_agents.c.given_at,
        _SEEN.label("seen_at"),
        _LOAD.label("load"),
    )
    .outerjoin(desk_agents, desk_agents.c.account_id == accounts.c.id)
    .where(accounts.c.active, accounts.c.role.in_([r.value for r in Role if may(r, Permission.TICKETS_WORK)]))
    .order_by(accounts.c.name, accounts.c.id)
)


class TeamLog:
    """Implements `bot.tickets.automatic.TeamStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def team(self, now: dt.datetime) -> Sequence[Agent]:
        """Everybody who may be given tickets, by name."""
        with self._database.reading() as connection:
            return [_agent(row, now) for row in connection.execute(_TEAM).mappings()]

    def set_away(self, account_id: str, away: bool, note: Note | None = None) -> None:
        """Keeps whether somebody takes tickets now."""
        self._set(account_id, {"away": away}, note)

    def set_able(
        self, account_id: str, skills: Sequence[str], languages: Sequence[str], note: Note | None = None
    ) -> None:
        """Keeps what somebody takes; empty for everything."""
        able = {"skills": codec.strings_to_json(skills), "languages": codec.strings_to_json(languages)}
        self._set(account_id, able, note)

    def given(self, name: str, at: dt.datetime) -> None:
        """Keeps that somebody was given a ticket, so that it is another's turn next."""
        self._set(name.removeprefix("account:"), {"given_at": at})

    def _set(self, account_id: str, values: Mapping[str, object], note: Note | None = None) -> None:
        row = {"account_id": account_id, "away": False, "skills": "[]", "languages": "[]", **values}
        adding = self._database.insert(desk_agents).values(row)
        with self._database.writing(durable=note is not None) as connection:
            connection.execute(
                adding.on_conflict_do_update(index_elements=[desk_agents.c.account_id], set_=dict(values))
            )
            if note is not None:
                audit.append(self._database, connection, note)


def _agent(row: sa.RowMapping, now: dt.datetime) -> Agent:
    seen = row["seen_at"]
    return Agent(
        name=f"account:{row['id']}",
        shown=row["name"],
        available=seen is not None and now - seen <= PRESENT and not row["away"],
        away=bool(row["away"]),
        load=row["load"],
        senior=may(Role(row["role"]), Permission.TICKETS_ASSIGN),
        skills=codec.strings_from_json(row["skills"]) if row["skills"] else (),
        languages=codec.strings_from_json(row["languages"]) if row["languages"] else (),
        given_at=row["given_at"],
    )
