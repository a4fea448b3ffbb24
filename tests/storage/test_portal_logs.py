"""Votes, forms and links to own requests as stored, on both databases."""

import dataclasses
import datetime as dt
import json
import threading

import pytest
import sqlalchemy as sa

from bot.desk.ticket import Ticket
from bot.dialogue.conversation import State
from bot.help_centre.own_requests import Link
from bot.help_centre.votes import Opinion, Vote, Why
from bot.ledger.facts import Fact, FactKind
from bot.outgoing.effects import Channel, Effect
from bot.outgoing.link_mail import Invited
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.forms import FormLog
from bot.storage.ledger import append_facts
from bot.storage.own_requests import RequestLog
from bot.storage.tables import facts, outbox
from bot.storage.uses import UseLog
from bot.storage.votes import VoteLog
from kb.article import ArticleKey
from tests.storage.samples import BERLIN, NOON, RETURNS, RETURNS_DE, ticket, turn

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
ANN = "ann@example.org"


def vote(
    id_: str, *, helpful: bool = False, why: Why | None = None, comment: str = "", **more: object
) -> Vote:
    given: dict[str, object] = {"key": RETURNS, "revision": "r1", "address": "office", "at": NOON}
    return Vote(id=id_, helpful=helpful, why=why, comment=comment, **{**given, **more})  # type: ignore[arg-type]


def fact(of: str, kind: FactKind, at: dt.datetime = NOON, reason: str = "") -> Fact:
    return Fact(of, at, kind, reason=reason, articles=("returns/how-to",), channel="form", language="en")


def told(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.select(facts.c.conversation_id, facts.c.kind))]


def link(id_: str, contact: str = ANN, at: dt.datetime = NOON) -> Link:
    return Link(id_, contact, "ar", at, at + HOUR / 2)


def mail(of: Link) -> Effect:
    payload = json.dumps({"link": of.id})
    lane = f"mail:requests:{of.id}"
    return Effect(lane, Channel.MAIL, "requests", lane, "", payload, of.asked_at)


def asked(log: RequestLog, of: Link, most: int = 3) -> bool:
    return log.ask(of, mail(of), of.asked_at - HOUR, most)


def of(opened: Ticket, contact: str) -> Ticket:
    return dataclasses.replace(opened, contact=contact)


@pytest.fixture
def votes(database: Database) -> VoteLog:
    return VoteLog(database)


@pytest.fixture
def forms(database: Database) -> FormLog:
    return FormLog(database)


@pytest.fixture
def requests(database: Database) -> RequestLog:
    return RequestLog(database)


def test_all_of_a_vote_comes_back_and_a_changed_mind_replaces_it(votes: VoteLog, database: Database) -> None:
    first = vote("v1", why=Why.UNCLEAR, comment="naïve ☕ 'quoted' \\ %", at=NOON.astimezone(BERLIN))
    assert votes.put(first, [fact("page:v1", FactKind.PAGE_NOT_HELPED)], NOON - DAY, 20)
    assert votes.get("v1") == first
    second = vote("v1", helpful=True, at=NOON + HOUR)
    assert votes.put(second, [fact("page:v1", FactKind.PAGE_HELPED)], NOON - DAY, 20)
    assert votes.get("v1") == second
    assert votes.get("v2") is None
    assert told(database) == [("page:v1", "page_not_helped"), ("page:v1", "page_helped")]


def test_votes_of_one_address_are_counted_within_the_time_and_what_is_too_many_leaves_nothing(
    votes: VoteLog, database: Database
) -> None:
    for number in range(2):
        assert votes.put(vote(f"v{number}"), [], NOON - DAY, 2)
    late = fact("page:v9", FactKind.PAGE_NOT_HELPED)
    assert not votes.put(vote("v9"), [late], NOON - DAY, 2)
    assert (votes.get("v9"), told(database)) == (None, [])
    # Who has voted may still think otherwise, others come from elsewhere, and tomorrow is another day.
    assert votes.put(vote("v1", helpful=True), [], NOON - DAY, 2)
    assert votes.put(vote("v9", address="elsewhere"), [], NOON - DAY, 2)
    assert votes.put(vote("v8", at=NOON + 2 * DAY), [], NOON + DAY, 2)


def test_what_readers_say_is_counted_by_article_language_and_time(votes: VoteLog) -> None:
    stored = [
        vote("a", helpful=True, address="1"),
        vote("b", why=Why.MISSING, comment="first", address="2"),
        vote("c", why=Why.MISSING, comment="second", address="3", at=NOON + HOUR, revision="r2"),
        vote("d", why=Why.WRONG, address="4"),
        vote("e", address="5"),
        vote("f", key=RETURNS_DE, why=Why.FAILED, comment="auf Deutsch", address="6"),
        vote("g", at=NOON - 9 * DAY, comment="long ago", address="7"),
    ]
    for one in stored:
        assert votes.put(one, [], NOON - DAY, 20)
    assert votes.opinion(RETURNS, NOON - DAY) == Opinion(
        helped=1,
        not_helped=4,
        why=((Why.MISSING, 2), (Why.WRONG, 1)),
        comments=((NOON + HOUR, "second"), (NOON, "first")),
    )
    assert votes.opinion(ArticleKey("returns", "en"), NOON - DAY) == Opinion(0, 0, (), ())


def test_a_form_tells_each_thing_once(forms: FormLog, database: Database) -> None:
    assert not forms.was_told("f1", FactKind.FORM_SHOWN)
    assert forms.tell(fact("f1", FactKind.FORM_SHOWN))
    assert not forms.tell(fact("f1", FactKind.FORM_SHOWN, NOON + HOUR))
    assert forms.tell(fact("f1", FactKind.FORM_HELPED))
    assert forms.tell(fact("f2", FactKind.FORM_SHOWN))
    assert forms.was_told("f1", FactKind.FORM_SHOWN)
    assert not forms.was_told("f2", FactKind.FORM_HELPED)
    assert len(told(database)) == 3


def test_facts_of_forms_are_those_of_the_time_without_its_end(forms: FormLog) -> None:
    kinds = (FactKind.FORM_SHOWN, FactKind.FORM_HELPED, FactKind.FORM_SENT)
    for hours, kind in enumerate(kinds):
        forms.tell(
            fact("f1", kind, (NOON + hours * HOUR).astimezone(dt.UTC), reason="after" if hours == 2 else "")
        )
    forms.tell(fact("page:v", FactKind.PAGE_HELPED))
    found = forms.facts(NOON, NOON + 2 * HOUR)
    assert [(one.kind, one.articles, one.channel) for one in found] == [
        (kind, ("returns/how-to",), "form") for kind in kinds[:2]
    ]
    assert [one.reason for one in forms.facts(NOON, NOON + 3 * HOUR)] == ["", "", "after"]


def test_a_link_comes_with_its_mail_or_not_at_all(requests: RequestLog, database: Database) -> None:
    assert [asked(requests, link(f"l{number}"), most=2) for number in range(3)] == [True, True, False]
    assert asked(requests, link("other", contact="bob@example.org"), most=2)
    assert asked(requests, link("later", at=NOON + 2 * HOUR), most=2)
    with database.reading() as connection:
        kept = connection.execute(sa.select(outbox.c.key).order_by(outbox.c.key)).scalars().all()
    assert kept == [f"mail:requests:{name}" for name in ("l0", "l1", "later", "other")]


def test_a_link_opens_once_and_shows_until_its_session_ends(requests: RequestLog) -> None:
    asked(requests, link("l1"))
    until = NOON + 2 * HOUR
    opened = requests.open("l1", "s1", NOON, until)
    assert opened == dataclasses.replace(link("l1"), expires_at=until, session="s1")
    assert requests.open("l1", "s2", NOON, until) is None
    assert requests.session("s1", until - dt.timedelta(microseconds=1)) == opened
    assert requests.session("s1", until) is None
    assert requests.session("", NOON) is None
    asked(requests, link("l2"))
    assert requests.open("l2", "s3", NOON + HOUR, NOON + 3 * HOUR) is None
    assert requests.open("none", "s4", NOON, until) is None


def test_of_many_who_open_a_link_at_once_one_does(requests: RequestLog) -> None:
    asked(requests, link("l1"))
    got: list[Link | None] = []
    gate = threading.Barrier(6)

    def open_(number: int) -> None:
        gate.wait(timeout=30)
        got.append(requests.open("l1", f"s{number}", NOON, NOON + HOUR))

    threads = [threading.Thread(target=open_, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(one is None for one in got) == [False, True, True, True, True, True]


def test_signing_out_ends_every_link_of_an_address_and_no_other(requests: RequestLog) -> None:
    for one in (link("l1"), link("l2"), link("b1", contact="bob@example.org")):
        asked(requests, one)
    requests.open("l1", "s1", NOON, NOON + HOUR)
    requests.open("b1", "sb", NOON, NOON + HOUR)
    assert requests.end(ANN, NOON) == 2
    assert requests.end(ANN, NOON) == 0
    assert requests.session("s1", NOON) is None
    assert requests.open("l2", "s2", NOON, NOON + HOUR) is None
    assert requests.session("sb", NOON) is not None


def test_tickets_of_an_address_are_found_however_it_was_written_and_nobody_elses(
    requests: RequestLog, log: ConversationLog
) -> None:
    contacts = {
        "TZ-1": "Ann@Example.org",
        "TZ-2": ANN,
        "TZ-3": "Änn@example.org",
        "TZ-4": "ann@example.org.evil",
    }
    for number, (reference, contact) in enumerate(contacts.items()):
        opening = of(ticket(reference, f"c{number}", NOON + number * HOUR), contact)
        log.record(turn(0, f"c{number}", state=State.WITH_PEOPLE, ticket=opening, contact=contact), seen=0)
    assert [one.reference for one in requests.tickets(ANN)] == ["TZ-2", "TZ-1"]
    # Letters beyond ASCII are never made small: two addresses that differ stay two, on both databases.
    assert requests.tickets("änn@example.org") == []
    assert [one.reference for one in requests.tickets("Änn@example.org")] == ["TZ-3"]
    assert requests.tickets("%@%") == []
    assert list(requests.tickets("")) == []


def test_the_mail_goes_to_the_address_of_the_ticket_and_only_where_there_is_one(
    requests: RequestLog, log: ConversationLog
) -> None:
    opening = of(ticket("TZ-1", "c1"), "Ann@Example.org")
    log.record(turn(0, "c1", state=State.WITH_PEOPLE, ticket=opening, contact="Ann@Example.org"), seen=0)
    asked(requests, link("l1"))
    asked(requests, link("l2", contact="nobody@example.org"))
    assert requests.invited("l1") == Invited("Ann@Example.org", "ar", NOON + HOUR / 2)
    assert requests.invited("l2") is None
    requests.open("l1", "s1", NOON, NOON + HOUR)
    assert requests.invited("l1") is None


def test_links_that_ended_long_ago_are_forgotten(requests: RequestLog) -> None:
    asked(requests, link("l1"))
    requests.open("l1", "s1", NOON, NOON + 90 * DAY)
    asked(requests, link("l2", at=NOON))
    asked(requests, link("l3", at=NOON + 3 * DAY))
    # An opened one that still holds stays.
    assert requests.session("s1", NOON + 4 * DAY) is not None
    assert requests.invited("l2") is None


def test_an_article_is_used_where_it_was_the_answer_and_where_a_reader_says_so(database: Database) -> None:
    told = [
        Fact("c1", NOON, FactKind.ANSWERED, seq=1, articles=("a", "b")),
        Fact("c1", NOON, FactKind.ANSWERED, seq=3, articles=("a", "b")),
        Fact("c2", NOON, FactKind.ANSWERED, articles=("a",)),
        Fact("v1", NOON, FactKind.PAGE_HELPED, articles=("b",)),
        Fact("v2", NOON, FactKind.PAGE_NOT_HELPED, articles=("b",)),
        Fact("c3", NOON, FactKind.HANDED_OFF, about="b"),
        Fact("c4", NOON - DAY, FactKind.ANSWERED, articles=("a",)),
    ]
    with database.writing() as connection:
        append_facts(connection, told)
    assert UseLog(database).uses(NOON - HOUR, NOON + HOUR) == {"a": 2, "b": 1}
