"""A prepared statement does what SQLAlchemy does with the statement it was made of, on both databases."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from bot.errors import StorageUnavailable
from bot.storage.engine import Database
from bot.storage.prepared import Prepared
from bot.storage.tables import conversations, feedback, messages

AT = dt.datetime(2026, 3, 1, 12, 30, 0, 123456, dt.timezone(dt.timedelta(hours=2)))
OPEN = Prepared(sa.insert(conversations))
SAY = Prepared(sa.insert(messages))
JUDGE = Prepared(sa.insert(feedback))
MOVE = Prepared(
    sa.update(conversations)
    .where(conversations.c.id == sa.bindparam("of_id"), conversations.c.message_count == sa.bindparam("seen"))
    .values(message_count=sa.bindparam("message_count"), state="handed_off")
)
READ = sa.select(
    conversations.c.state,
    conversations.c.started_at,
    conversations.c.message_count,
    sa.literal("fixed").label("fixed"),
).where(conversations.c.id == sa.bindparam("id"))
SAID = sa.select(messages.c.seq, messages.c.text, messages.c.reply).order_by(messages.c.seq)
HELPFUL = sa.select(feedback.c.helpful, feedback.c.at)


def conversation(id_: str = "c1") -> dict[str, Any]:
    return {
        "id": id_,
        "state": "answering",
        "language": "en",
        "contact": "",
        "ticket": "",
        "message_count": 2,
        "started_at": AT,
        "updated_at": AT,
    }


def message(seq: int, text: str) -> dict[str, Any]:
    return {
        "conversation_id": "c1",
        "seq": seq,
        "id": f"m{seq}",
        "role": "bot",
        "text": text,
        "at": AT,
        "reply": None,
        "client_id": "",
    }


def filled(database: Database) -> Database:
    with database.writing() as connection:
        OPEN.run(connection, conversation())
        SAY.run(connection, message(0, "a\x00b"), message(1, "\ud800 ☕"))
        JUDGE.run(connection, {"message_id": "m1", "helpful": True, "comment": "", "at": AT})
    return database


def test_values_go_in_and_come_out_as_their_columns_say(database: Database) -> None:
    with filled(database).reading() as connection:
        for statement in (READ, SAID, HELPFUL):
            usual = connection.execute(statement, {"id": "c1"}).all()
            assert [tuple(row) for row in Prepared(statement).all(connection, {"id": "c1"})] == [
                tuple(row) for row in usual
            ]
        assert tuple(Prepared(READ).all(connection, {"id": "c1"})[0]) == ("answering", AT, 2, "fixed")
        assert [row[1] for row in Prepared(SAID).all(connection, {})] == ["a\ufffdb", "\ufffd ☕"]
        assert Prepared(HELPFUL).all(connection, {})[0][0] is True


def test_an_update_says_how_many_rows_it_changed(database: Database) -> None:
    with filled(database).writing() as connection:
        assert MOVE.run(connection, {"of_id": "c1", "seen": 2, "message_count": 4}) == 1
        assert MOVE.run(connection, {"of_id": "c1", "seen": 2, "message_count": 4}) == 0
    with database.reading() as connection:
        assert tuple(Prepared(READ).all(connection, {"id": "c1"})[0])[::2] == ("handed_off", 4)


def test_what_a_constraint_refuses_ends_the_transaction_and_shows_nobody_the_values(
    database: Database,
) -> None:
    filled(database)

    def open_another_and_the_same() -> None:
        with database.writing() as connection:
            OPEN.run(connection, conversation("c2"))
            OPEN.run(connection, conversation() | {"contact": "ann@shop.example"})

    with pytest.raises(exc.IntegrityError) as refused:
        open_another_and_the_same()
    assert "ann@shop.example" not in str(refused.value)
    with database.reading() as connection:
        assert Prepared(READ).all(connection, {"id": "c2"}) == []


def test_a_database_without_tables_says_so(empty_url: str, opened: Callable[..., Database]) -> None:
    with pytest.raises(StorageUnavailable, match="not set up yet"), opened(empty_url).reading() as connection:
        Prepared(READ).all(connection, {"id": "c1"})


def test_a_value_that_is_missing_is_an_error_and_not_null(database: Database) -> None:
    with pytest.raises((KeyError, exc.StatementError)), database.reading() as connection:
        Prepared(READ).all(connection, {})


def test_a_statement_of_any_length_cannot_be_prepared(kind: str, database: Database) -> None:
    if kind != "sqlite":
        pytest.skip("PostgreSQL puts statements together the usual way")
    some = Prepared(sa.select(messages.c.id).where(messages.c.id.in_(sa.bindparam("ids", expanding=True))))
    with pytest.raises(ValueError, match="cannot be prepared"), database.reading() as connection:
        some.all(connection, {"ids": ["m1"]})
