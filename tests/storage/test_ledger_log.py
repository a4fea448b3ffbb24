"""The ledger on both databases: facts come with the turn, counts of days are kept and made anew."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.desk.calendars import Calendar
from bot.dialogue.conversation import Role
from bot.dialogue.reply import Reason, ReplyKind
from bot.errors import ConversationMoved
from bot.ledger.counting import Counting
from bot.ledger.customers import contact_mark, text_mark
from bot.ledger.facts import Fact, FactKind, SolvedBy, fact_of_act
from bot.ledger.filters import Filter
from bot.ledger.hours import Hours
from bot.ledger.periods import Span
from bot.ledger.records import Flag, Record
from bot.ledger.reviewing import Reviewing
from bot.ledger.tally import tally
from bot.ledger.targets import load_targets
from bot.ports import Feedback
from bot.storage.conversations import ConversationLog
from bot.storage.counted import CountedLog
from bot.storage.engine import Database
from bot.storage.ledger import LedgerLog, append_facts
from bot.storage.tables import facts, ledger_days
from tests.storage.samples import ANSWER, LATER, NOON, message, ticket, turn

ALWAYS = (dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
DAY = dt.timedelta(days=1)
LONG = "my Wren kettle stopped heating after two weeks of use"


@pytest.fixture
def ledger(database: Database) -> LedgerLog:
    return LedgerLog(database)


def test_a_turn_leaves_one_fact_behind(log: ConversationLog, ledger: LedgerLog) -> None:
    incoming = message("in", Role.CUSTOMER, LONG, client_id="s")
    log.record(turn(0, incoming=incoming, contact="Ada@example.org", threshold=0.75), seen=0)
    assert ledger.facts(*ALWAYS) == [
        Fact(
            conversation_id="c1",
            at=LATER,
            kind=FactKind.ANSWERED,
            seq=1,
            reason="answered",
            confidence=ANSWER.confidence,
            threshold=0.75,
            articles=("returns/how-to",),
            marks=(contact_mark("ada@example.org"), text_mark(LONG)),
            channel="chat",
            language="en",
            about="returns/how-to",
        )
    ]


def test_a_hand_off_says_which_article_was_nearest(log: ConversationLog, ledger: LedgerLog) -> None:
    unsure = replace(ANSWER, kind=ReplyKind.HANDOFF, reason=Reason.LOW_CONFIDENCE, citations=())
    near = replace(ticket(), considered=ANSWER.citations)
    log.record(turn(0, outgoing=message("o", Role.BOT, at=LATER, reply=unsure), ticket=near), seen=0)
    [fact] = ledger.facts(*ALWAYS)
    assert (fact.articles, fact.about) == ((), "returns/how-to")


def test_what_people_do_is_added_with_what_they_change(database: Database, ledger: LedgerLog) -> None:
    solved = fact_of_act(
        *("c1", NOON, FactKind.SOLVED),
        who="account-7",
        reason=SolvedBy.AGENT,
        product="Wren",
        tags=("descale", "two  words", " "),
    )
    with database.writing() as connection:
        append_facts(connection, [solved])
        append_facts(connection, [])
    assert ledger.facts(*ALWAYS) == [solved]
    assert solved.tags == ("descale", "two-words")


def test_a_survey_answer_beyond_its_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1 to 5, not 0"):
        fact_of_act("c1", NOON, FactKind.RATED)
    with pytest.raises(ValueError, match="from 0 to 10, not 11"):
        fact_of_act("c1", NOON, FactKind.RECOMMENDS, score=11)
    assert fact_of_act("c1", NOON, FactKind.RECOMMENDS, score=0).score == 0


def test_small_talk_and_hand_offs_are_told_apart(log: ConversationLog, ledger: LedgerLog) -> None:
    hello = replace(ANSWER, kind=ReplyKind.CLARIFY, reason=Reason.GREETING, citations=())
    person = replace(ANSWER, kind=ReplyKind.HANDOFF, reason=Reason.PERSON, citations=())
    log.record(turn(0, outgoing=message("o0", Role.BOT, at=LATER, reply=hello)), seen=0)
    said = message("o1", Role.BOT, at=LATER, reply=person)
    log.record(turn(1, outgoing=said, ticket=ticket()), seen=2)
    found = sorted(ledger.facts(*ALWAYS), key=lambda fact: fact.seq)
    assert [(fact.kind, fact.seq, fact.reason) for fact in found] == [
        (FactKind.SMALL_TALK, 1, "greeting"),
        (FactKind.HANDED_OFF, 3, "person"),
    ]


def test_a_turn_that_is_refused_leaves_none(log: ConversationLog, ledger: LedgerLog) -> None:
    log.record(turn(0), seen=0)
    with pytest.raises(ConversationMoved):
        log.record(turn(0), seen=0)
    with pytest.raises(ConversationMoved):
        log.record(turn(1), seen=8)
    assert len(ledger.facts(*ALWAYS)) == 1


def test_a_verdict_is_a_fact_about_the_reply_it_was_given_on(log: ConversationLog, ledger: LedgerLog) -> None:
    for number in range(2):
        log.record(turn(number), seen=2 * number)
    assert log.add_feedback(Feedback("out-c1-1", True, "", LATER + DAY))
    assert log.add_feedback(Feedback("out-c1-0", False, "", LATER + DAY))
    assert not log.add_feedback(Feedback("in-c1-0", True, "", LATER + DAY))
    assert not log.add_feedback(Feedback("nobody", True, "", LATER + DAY))
    found = ledger.facts(LATER + DAY, LATER + 2 * DAY)
    assert sorted((fact.kind.value, fact.seq, fact.conversation_id) for fact in found) == [
        ("helpful", 3, "c1"),
        ("not_helpful", 1, "c1"),
    ]


def test_facts_come_back_as_they_were_added_and_by_time(ledger: LedgerLog) -> None:
    added = Fact(
        *("c☕", NOON, FactKind.RATED, 4, "maria", 0.5, 0.25, 5, ("a b", "ö"), ("c1", "t2"), "email", "de"),
        *("account-1", "returns", "Wren", ("one", "two")),
    )
    ledger.append([added, replace(added, at=NOON + DAY)])
    ledger.append([])
    assert ledger.facts(NOON, NOON + DAY) == [added]
    assert ledger.conversations_with(*ALWAYS) == {FactKind.RATED: 1}


def record(name: str, **values: Any) -> Record:
    given: dict[str, Any] = {
        "conversation_id": name,
        "opened_at": NOON,
        "hour": 12,
        "channel": "chat",
        "language": "en",
        "product": "",
        "tags": (),
        "flags": int(Flag.COUNTS),
        "hand_off": "",
        "first_response": None,
        "resolution": None,
        "handled": None,
        "rated": None,
        "recommends": None,
        "solved_by": "",
        "articles": (),
    }
    return Record(**(given | values))


def test_counts_of_days_are_kept_and_replaced(database: Database) -> None:
    day, kept = NOON.date(), CountedLog(database)
    kept.keep(day, [record("c0")])
    kept.keep(day + DAY, [])
    people = int(Flag.COUNTS | Flag.WITH_PEOPLE | Flag.HANDED_OFF)
    waited = record("c2", flags=people, hand_off="upset", first_response=1.5, handled=2.0)
    kept.keep(day, [record("c1"), waited, record("c3", flags=people, hand_off="upset"), record("g", flags=0)])
    [(_, counted)] = kept.days(day, day).items()
    assert (counted.conversations, counted.small_talk, counted.reasons) == (3, 1, {"upset": 2})
    assert (counted.first_responses, counted.handled) == ((1.5, None), (2.0,))
    assert kept.known(day, day + 2 * DAY) == {day, day + DAY}
    with database.writing() as connection:
        connection.execute(sa.update(ledger_days).values(definitions=0))
    assert kept.days(day, day + DAY) == {}
    assert kept.known(day, day + DAY) == set()


def test_other_business_hours_make_all_days_count_anew(database: Database) -> None:
    day = NOON.date()
    CountedLog(database).keep(day, [record("c0")])
    mornings = Calendar(dt.UTC, {0: ((dt.time(9), dt.time(12)),)})
    assert CountedLog(database, Hours(mornings)).known(day, day) == set()
    assert CountedLog(database, Hours()).known(day, day) == {day}


def test_what_a_filter_asks_for_is_counted_as_the_whole_is(database: Database) -> None:
    day, kept = NOON.date(), CountedLog(database)
    people = int(Flag.COUNTS | Flag.WITH_PEOPLE | Flag.HANDED_OFF | Flag.ESCALATION_RIGHT)
    german = [
        record("d1", language="de", product="Wren", tags=("descale", "50%"), articles=("a b", "c"), rated=4),
        record("d2", language="de", flags=people, first_response=3.0, hand_off="upset", solved_by="maria"),
        record("d3", language="de", flags=0),
        record("d4", language="de", flags=people, handled=4.0, recommends=0, channel="email"),
    ]
    kept.keep(day, [*german, record("e1", tags=("50x",), articles=("c",))])
    assert kept.filtered(day, day, Filter(language="de")) == {day: tally(german)}
    assert kept.filtered(day, day, Filter(language="de", product="Wren")) == {day: tally(german[:1])}
    assert kept.filtered(day, day, Filter(channel="email")) == {day: tally(german[3:])}
    # What is a pattern to the database is a plain sign here.
    assert kept.filtered(day, day, Filter(tag="50%")) == {day: tally(german[:1])}
    assert kept.filtered(day, day, Filter(tag="descal")) == {}
    assert kept.filtered(day, day, Filter(product="' OR 1=1")) == {}


def counting_of(database: Database, now: dt.datetime) -> Counting:
    return Counting(LedgerLog(database), CountedLog(database), Hours(), lambda: now)


def review_of(database: Database, now: dt.datetime) -> Reviewing:
    return Reviewing(counting_of(database, now), load_targets())


def test_a_server_counts_closed_days_a_few_at_a_time_the_newest_first(
    ledger: LedgerLog, database: Database
) -> None:
    now = NOON + 20 * DAY
    counting = counting_of(database, now)
    assert not counting.step()
    ledger.append([Fact(f"c{n}", NOON + n * DAY, FactKind.ANSWERED, 1) for n in range(20)])
    first, last = NOON.date(), counting.newest() - DAY
    assert (last - first).days == 12
    assert counting.step()
    assert min(CountedLog(database).known(first, last)) == last - 6 * DAY
    assert len(counting.kept(first, last + DAY)) == 7
    assert not counting.step()
    found = counting.kept(first, last + DAY)
    assert [one.conversations for one in found.values()] == [1] * 13
    assert found == counting.counted(first, last + DAY)


def test_a_review_counts_stored_conversations_once_their_week_is_over(
    log: ConversationLog, ledger: LedgerLog, database: Database
) -> None:
    log.record(turn(0, "c1"), seen=0)
    log.record(turn(0, "c2"), seen=0)
    log.add_feedback(Feedback("out-c1-0", True, "", LATER))
    until = NOON.date() + DAY
    early = review_of(database, NOON + 7 * DAY).review(Span.WEEK, until)
    assert (early.counted.conversations, early.uncounted_days, early.early_days) == (0, 1, 6)
    assert early.since == {}
    late = review_of(database, NOON + 9 * DAY)
    assert counting_of(database, NOON + 9 * DAY).newest() == until + DAY
    found = late.review(Span.WEEK, until)
    assert (found.counted.conversations, found.uncounted_days, found.early_days) == (2, 0, 6)
    assert (found.counted.surely_deflected, found.counted.at_most_deflected) == (1, 2)
    with database.reading() as connection:
        kept = connection.execute(sa.select(sa.func.count()).select_from(ledger_days)).scalar()
    assert kept == 14
    # Again, from the counts that were kept.
    assert late.review(Span.WEEK, until) == found


def test_what_is_too_young_starts_at_the_end_of_a_period_or_with_the_newest_day_that_is(
    ledger: LedgerLog, database: Database
) -> None:
    ledger.append([Fact(f"c{n}", NOON + n * DAY, FactKind.ANSWERED, 1) for n in range(100)])
    reviewing = review_of(database, NOON + 100 * DAY)
    newest = counting_of(database, NOON + 100 * DAY).newest()
    long_past = reviewing.review(Span.QUARTER, NOON.date() + DAY)
    assert (long_past.since_day, long_past.since) == (newest, {FactKind.ANSWERED: 7})
    recent = reviewing.review(Span.WEEK, newest + 3 * DAY)
    assert (recent.since_day, recent.since) == (newest + 3 * DAY, {FactKind.ANSWERED: 4})


def test_a_fact_added_to_a_counted_day_makes_it_count_anew(
    log: ConversationLog, ledger: LedgerLog, database: Database
) -> None:
    log.record(turn(0), seen=0)
    late = review_of(database, NOON + 30 * DAY)
    until = NOON.date() + DAY
    assert late.review(Span.WEEK, until).counted.contained == 1
    ledger.append([Fact("c1", NOON + 2 * DAY, FactKind.AGENT_REPLIED)])
    assert late.review(Span.WEEK, until).counted.contained == 0


def test_forgetting_a_customer_leaves_what_happened_counted(log: ConversationLog, ledger: LedgerLog) -> None:
    log.record(turn(0, "c1", contact="ada@example.org"), seen=0)
    log.record(turn(0, "c2", contact="ada@example.org"), seen=0)
    ledger.forget("c1")
    found = {fact.conversation_id: fact for fact in ledger.facts(*ALWAYS)}
    assert (found["c1"].marks, found["c1"].kind) == ((), FactKind.ANSWERED)
    assert found["c2"].marks == (contact_mark("ada@example.org"),)


def test_conversations_from_before_the_ledger_are_read_once(
    log: ConversationLog, ledger: LedgerLog, database: Database
) -> None:
    for number in range(2):
        log.record(turn(number, "c1", contact="ada@example.org"), seen=2 * number)
    log.record(turn(0, "c2"), seen=0)
    log.add_feedback(Feedback("out-c1-1", True, "", LATER))
    before = sorted(ledger.facts(*ALWAYS), key=repr)
    with database.writing() as connection:
        connection.execute(sa.delete(facts).where(facts.c.conversation_id == "c1"))
    assert ledger.rebuild() == 1
    assert sorted(ledger.facts(*ALWAYS), key=repr) == before
    assert ledger.rebuild() == 0
    assert sorted(ledger.facts(*ALWAYS), key=repr) == before
