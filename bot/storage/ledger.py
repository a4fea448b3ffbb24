"""Facts in the database: appended with the turn they come of, read by time; counts of days are derived from them."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.dialogue.conversation import Role
from bot.ledger.customers import marks_of
from bot.ledger.facts import FIRST_REPLY, VERDICTS, Fact, FactKind, fact_of_turn
from bot.ledger.records import Subject
from bot.ledger.stories import WINDOW
from bot.ports import Exchange, Feedback
from bot.storage import codec
from bot.storage.counted import drop_days
from bot.storage.engine import Database
from bot.storage.prepared import Prepared
from bot.storage.tables import conversations, facts, feedback, ledger_days, messages, revisions

#: Where the conversations of the chat come from; other channels name themselves.
CHAT: Final = "chat"
#: Conversations whose messages are in memory at once, and that one writer's turn stores.
_READ_AT_ONCE: Final = 200

_COLUMNS = (
    facts.c.conversation_id,
    facts.c.at,
    facts.c.kind,
    facts.c.seq,
    facts.c.reason,
    facts.c.confidence,
    facts.c.threshold,
    facts.c.score,
    facts.c.articles,
    facts.c.marks,
    facts.c.channel,
    facts.c.language,
    facts.c.who,
    facts.c.about,
    facts.c.product,
    facts.c.tags,
)
_APPEND = Prepared(sa.insert(facts))
#: Says nothing where no message of the bot has that id.
_VERDICT = sa.insert(facts).from_select(
    [column.name for column in _COLUMNS],
    sa.select(
        messages.c.conversation_id,
        sa.bindparam("at", type_=facts.c.at.type),
        sa.bindparam("kind", type_=facts.c.kind.type),
        messages.c.seq,
        *(sa.literal("", facts.c.reason.type), sa.literal(0.0, sa.Float), sa.literal(0.0, sa.Float)),
        sa.literal(0, facts.c.score.type),
        *(sa.literal("", facts.c.reason.type) for _ in range(8)),
    ).where(messages.c.id == sa.bindparam("message_id"), messages.c.role == Role.BOT.value),
)
_FACTS = sa.select(*_COLUMNS).where(facts.c.at >= sa.bindparam("start"), facts.c.at < sa.bindparam("end"))
_OF_CONVERSATION = (
    sa.select(*_COLUMNS).where(facts.c.conversation_id == sa.bindparam("id")).order_by(facts.c.at, facts.c.id)
)
_WITH = (
    sa.select(facts.c.kind, sa.func.count(facts.c.conversation_id.distinct()))
    .where(facts.c.at >= sa.bindparam("start"), facts.c.at < sa.bindparam("end"))
    .group_by(facts.c.kind)
)
_OPENED = (
    sa.select(facts.c.conversation_id, facts.c.at, facts.c.channel, facts.c.kind)
    .where(facts.c.at >= sa.bindparam("start"), facts.c.at < sa.bindparam("end"))
    .where((facts.c.kind == FactKind.OPENED.value) | (facts.c.seq == FIRST_REPLY))
    .where(facts.c.kind.not_in([kind.value for kind in VERDICTS]))
)
_ARTICLES = sa.select(revisions.c.article_id, revisions.c.product, revisions.c.tags).order_by(revisions.c.id)
_FORGET = sa.update(facts).where(facts.c.conversation_id == sa.bindparam("of_conversation")).values(marks="")
_WITHOUT_FACTS = sa.select(conversations.c.id).where(
    ~sa.exists().where(facts.c.conversation_id == conversations.c.id)
)
_TURNS = (
    sa.select(messages.c.seq, messages.c.role, messages.c.text, messages.c.at, messages.c.reply)
    .where(messages.c.conversation_id == sa.bindparam("id"))
    .order_by(messages.c.seq)
)
_VERDICTS = (
    sa.select(messages.c.seq, feedback.c.helpful, feedback.c.at)
    .join_from(feedback, messages, messages.c.id == feedback.c.message_id)
    .where(messages.c.conversation_id == sa.bindparam("id"))
    .order_by(feedback.c.id)
)
_CONTACT = sa.select(conversations.c.contact).where(conversations.c.id == sa.bindparam("id"))


def append_turn(connection: sa.Connection, exchange: Exchange, seen: int) -> None:
    """Adds what a turn leaves behind, in the transaction that stores the turn."""
    if exchange.outgoing is None or exchange.outgoing.reply is None:
        return
    fact = fact_of_turn(
        exchange.conversation_id,
        exchange.outgoing.at,
        seen + 1,
        exchange.outgoing.reply,
        marks=marks_of(exchange.contact, exchange.incoming.text),
        channel=CHAT,
        threshold=exchange.threshold,
        considered=exchange.ticket.considered if exchange.ticket else (),
    )
    # One statement, whatever a turn leaves behind.
    left = [fact] if exchange.drawn is None else [fact, exchange.drawn]
    _APPEND.run(connection, *map(_row, left))


def append_verdict(connection: sa.Connection, given: Feedback) -> None:
    """Adds what a customer said of a reply, in the transaction that stores it."""
    kind = FactKind.HELPFUL if given.helpful else FactKind.NOT_HELPFUL
    connection.execute(_VERDICT, {"at": given.at, "kind": kind.value, "message_id": given.message_id})


def append_facts(connection: sa.Connection, happened: Sequence[Fact]) -> None:
    """Adds what people did just now, in the transaction that does it.

    For facts of the past there is `LedgerLog.append`, which counts their days anew.
    """
    if happened:
        _APPEND.run(connection, *(_row(fact) for fact in happened))


def facts_of(database: Database, conversation_id: str) -> Sequence[Fact]:
    """What happened in one conversation, in its order."""
    with database.reading() as connection:
        return [_fact(row) for row in connection.execute(_OF_CONVERSATION, {"id": conversation_id})]


def read_facts(database: Database, *where: sa.ColumnElement[bool]) -> Sequence[Fact]:
    """Facts for which all of this holds, in no order."""
    with database.reading() as connection:
        return [_fact(row) for row in connection.execute(sa.select(*_COLUMNS).where(*where))]


class LedgerLog:
    """Implements `bot.ledger.ports.FactStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, added: Sequence[Fact]) -> None:
        """Adds facts; counts of days that they change are dropped, so that they are made anew."""
        if not added:
            return
        with self._database.writing() as connection:
            append_facts(connection, added)
            first = min(fact.at for fact in added).astimezone(dt.UTC) - WINDOW
            drop_days(connection, first.date(), max(fact.at for fact in added).astimezone(dt.UTC).date())

    def facts(self, start: dt.datetime, end: dt.datetime) -> Sequence[Fact]:
        """What happened from `start` up to and without `end`, in no order."""
        with self._database.reading() as connection:
            return [_fact(row) for row in connection.execute(_FACTS, {"start": start, "end": end})]

    def conversations_with(self, start: dt.datetime, end: dt.datetime) -> Mapping[FactKind, int]:
        """For each kind of fact, how many conversations have one in that time."""
        with self._database.reading() as connection:
            rows = connection.execute(_WITH, {"start": start, "end": end}).all()
        return {FactKind(kind): count for kind, count in rows}

    def earliest(self) -> dt.datetime | None:
        """When the first thing happened."""
        with self._database.reading() as connection:
            found: dt.datetime | None = connection.execute(sa.select(sa.func.min(facts.c.at))).scalar()
        return found

    def opened(self, start: dt.datetime, end: dt.datetime) -> Mapping[tuple[dt.date, str], int]:
        """How many conversations were opened on each day (UTC), by channel, that do not begin with a greeting."""
        found: Counter[tuple[dt.date, str]] = Counter()
        with self._database.reading() as connection:
            for _, at, channel, kind in connection.execute(_OPENED, {"start": start, "end": end}):
                if kind != FactKind.SMALL_TALK.value:
                    found[at.date(), channel] += 1
        return found

    def subjects(self) -> Mapping[str, Subject]:
        """What each article is about, as its newest revision says."""
        with self._database.reading() as connection:
            rows = connection.execute(_ARTICLES).all()
        return {name: Subject(product, codec.strings_from_json(tags)) for name, product, tags in rows}

    def forget(self, conversation_id: str) -> None:
        """Takes out what could tell whose conversation it was; what happened in it stays counted."""
        with self._database.writing() as connection:
            connection.execute(_FORGET, {"of_conversation": conversation_id})

    def rebuild(self) -> int:
        """Adds the facts of stored conversations that have none, and drops all counts; returns how many had none.

        For conversations from before there was a ledger.
        """
        with self._database.reading() as connection:
            missing = connection.execute(_WITHOUT_FACTS).scalars().all()
        for start in range(0, len(missing), _READ_AT_ONCE):
            batch = missing[start : start + _READ_AT_ONCE]
            with self._database.reading() as connection:
                told = [
                    _row(fact) for conversation_id in batch for fact in _retold(connection, conversation_id)
                ]
            if told:
                with self._database.writing() as connection:
                    _APPEND.run(connection, *told)
        with self._database.writing() as connection:
            connection.execute(sa.delete(ledger_days))
        return len(missing)


def _retold(connection: sa.Connection, conversation_id: str) -> list[Fact]:
    """The facts of a conversation, from its messages and what was said of them."""
    known = {"id": conversation_id}
    contact = connection.execute(_CONTACT, known).scalar() or ""
    told: list[Fact] = []
    said = ""
    for seq, role, text, at, stored in connection.execute(_TURNS, known):
        if role == Role.CUSTOMER:
            said = text
        elif stored is not None:
            reply = codec.reply_from_json(stored)
            told.append(
                fact_of_turn(conversation_id, at, seq, reply, marks=marks_of(contact, said), channel=CHAT)
            )
    for seq, helpful, at in connection.execute(_VERDICTS, known):
        kind = FactKind.HELPFUL if helpful else FactKind.NOT_HELPFUL
        told.append(Fact(conversation_id, at, kind, seq))
    return told


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "conversation_id": fact.conversation_id,
        "at": fact.at,
        "kind": fact.kind.value,
        "seq": fact.seq,
        "reason": fact.reason,
        "confidence": fact.confidence,
        "threshold": fact.threshold,
        "score": fact.score,
        "articles": codec.strings_to_json(fact.articles) if fact.articles else "",
        "marks": " ".join(fact.marks),
        "channel": fact.channel,
        "language": fact.language,
        "who": fact.who,
        "about": fact.about,
        "product": fact.product,
        "tags": " ".join(fact.tags),
    }


def _fact(row: Sequence[Any]) -> Fact:
    conversation_id, at, kind, seq, reason, confidence, threshold, score, *rest = row
    articles, marks, channel, language, who, about, product, tags = rest
    return Fact(
        conversation_id,
        at,
        FactKind(kind),
        seq,
        reason,
        confidence,
        threshold,
        score,
        codec.strings_from_json(articles) if articles else (),
        tuple(marks.split()),
        channel,
        language,
        who,
        about,
        product,
        tuple(tags.split()),
    )
