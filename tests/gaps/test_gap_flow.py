"""Unanswered questions in, a gap out; an article lands, the questions are asked again, and the gap says so."""

import datetime as dt

import pytest

from bot.desk.suggested import Verdict
from bot.gaps.cure import Cure
from bot.gaps.gap import Event, Gap, Now, State
from bot.gaps.unanswered import Trouble
from bot.ledger.facts import FactKind, SolvedBy, fact_of_act
from bot.storage.gaps import GapLog
from bot.storage.ledger import LedgerLog
from kb.article import ArticleKey
from tests.agents.colleagues import ANN, House
from tests.flows.talking import say
from tests.gaps.conftest import WARRANTY, WRAPPING, WRAPPING_ARTICLE, ask, write
from tests.index.small_centre import Centre


def find(served: House) -> list[Gap]:
    return list(served.services.gap_finding.find(90).gaps)


def test_questions_that_nothing_answers_become_a_gap_each_ranked_by_tickets(served: House) -> None:
    ask(served, [*WARRANTY, *WRAPPING, "where is my parcel", "who founded this company"])
    found = served.services.gap_finding.find(90)
    wrapping, warranty = found.gaps
    assert (wrapping.tickets, wrapping.state, len(wrapping.questions)) == (5, State.OPEN, 5)
    assert (warranty.tickets, len(warranty.questions)) == (2, 2)
    assert (found.questions, found.alone) == (8, 1)
    assert served.services.gaps.name(wrapping) in WRAPPING
    assert wrapping.advice is not None
    assert wrapping.advice.cure is Cure.NEW
    assert {one.now for one in wrapping.questions} == {Now.HANDED_OFF}


def test_a_gap_is_verified_once_its_own_questions_are_answered_by_a_newer_article(
    served: House, centre: Centre
) -> None:
    ask(served, [*WARRANTY, *WRAPPING])
    before = {gap.id: gap for gap in find(served)}
    write(served, centre, "en/orders/gift-wrapping.md", WRAPPING_ARTICLE)
    after = {gap.id: gap for gap in find(served)}
    assert after.keys() == before.keys()
    wrapping = next(gap for gap in after.values() if len(gap.questions) == 5)
    assert wrapping.state is State.VERIFIED
    assert wrapping.advice == before[wrapping.id].advice
    assert {(one.now, one.newer, one.by) for one in wrapping.questions} == {
        (Now.ANSWERED, True, ArticleKey("orders/gift-wrapping", "en"))
    }
    assert [gap.state for gap in after.values() if gap.id != wrapping.id] == [State.OPEN]
    assert [event.what for event in GapLog(served.services.database).events(wrapping.id)] == [
        "open",
        "verified",
    ]


def test_asking_again_stores_no_turn_and_opens_no_ticket(served: House) -> None:
    ask(served, WRAPPING)
    log = LedgerLog(served.services.database)
    far = (served.clock.at - dt.timedelta(days=9), served.clock.at + dt.timedelta(days=9))
    before = (len(log.facts(*far)), len(served.services.conversations.tickets(500)))
    find(served)
    assert (len(log.facts(*far)), len(served.services.conversations.tickets(500))) == before


def test_an_assigned_gap_keeps_its_name_and_person_while_more_is_asked(served: House) -> None:
    ask(served, WRAPPING[:3])
    (gap,) = find(served)
    event = Event(served.clock.at, "account:ann", "assigned")
    GapLog(served.services.database).change(gap.id, State.OPEN, State.ASSIGNED, "ann", event)
    ask(served, [*WRAPPING[3:], *WARRANTY])
    found = {one.id: one for one in find(served)}
    assert (len(found), found[gap.id].state, found[gap.id].assignee) == (2, State.ASSIGNED, "ann")
    assert len(found[gap.id].questions) == 5


def test_a_verified_gap_opens_again_when_it_is_asked_in_vain_again(served: House, centre: Centre) -> None:
    ask(served, WRAPPING[:3])
    (gap,) = find(served)
    write(served, centre, "en/orders/gift-wrapping.md", WRAPPING_ARTICLE)
    assert [one.state for one in find(served)] == [State.VERIFIED]
    (centre.source / "en/orders/gift-wrapping.md").unlink()
    write(served, centre, "en/orders/other.md", "---\ntitle: Our opening hours\n---\nWe are open all week.\n")
    ask(served, WRAPPING[3:])
    (again,) = find(served)
    assert (again.id, again.state, len(again.questions)) == (gap.id, State.OPEN, 5)


def test_what_did_not_help_counts_though_it_was_answered(served: House) -> None:
    for question in ("how do I reset my password", "I need to reset the password"):
        served.clock.at += dt.timedelta(minutes=1)
        handled = say(served.services, question)
        served.services.chat.feedback(handled.message_id, False, "")
    (gap,) = find(served)
    assert {one.trouble for one in gap.questions} == {Trouble.NOT_HELPFUL}
    assert {one.now for one in gap.questions} == {Now.SAME}
    assert gap.advice is not None
    assert (gap.advice.cure, gap.advice.article) == (Cure.BETTER, ArticleKey("account/password", "en"))


def test_an_article_that_agents_link_but_nobody_finds_needs_other_words(served: House) -> None:
    ask(served, WRAPPING)
    for ticket in served.services.conversations.tickets(2):
        served.services.outcomes.record(
            Verdict.EDITED,
            ArticleKey("delivery/times", "en"),
            "costs",
            "account:ann",
            ticket=ticket.reference,
        )
    (gap,) = find(served)
    assert gap.advice is not None
    assert (gap.advice.cure, gap.advice.article) == (Cure.TITLE, ArticleKey("delivery/times", "en"))


def test_what_people_settled_after_the_bots_answer_counts_with_their_minutes(served: House) -> None:
    log = LedgerLog(served.services.database)
    for question in ("how do I reset my password", "I need to reset the password"):
        served.clock.at += dt.timedelta(minutes=1)
        first = say(served.services, question)
        last = say(served.services, "I want to talk to a person", first)
        at = served.clock.at
        kinds = (FactKind.TAKEN, FactKind.AGENT_REPLIED, FactKind.SOLVED)
        log.append(
            [
                fact_of_act(
                    last.conversation_id,
                    at + dt.timedelta(minutes=6 * place),
                    kind,
                    who="ann",
                    reason=SolvedBy.AGENT if kind is FactKind.SOLVED else "",
                )
                for place, kind in enumerate(kinds)
            ]
        )
    (gap,) = find(served)
    assert {one.trouble for one in gap.questions} == {Trouble.SOLVED_BY_AGENT}
    assert (gap.tickets, gap.minutes) == (2, 24.0)
    assert served.services.gaps.name(gap) in ("how do I reset my password", "I need to reset the password")


def test_a_gaps_name_is_masked_for_everybody(served: House) -> None:
    ask(served, [f"{question}, I am {ANN}" for question in WRAPPING])
    (gap,) = find(served)
    name = served.services.gaps.name(gap)
    assert ANN not in name
    assert "ann.miller" not in name


@pytest.mark.parametrize("erased", [2, 5])
def test_what_is_erased_leaves_the_gap(served: House, erased: int) -> None:
    import sqlalchemy as sa

    from bot.storage import tables

    ask(served, WRAPPING)
    find(served)
    with served.services.database.writing() as connection:
        ids = list(connection.execute(sa.select(tables.conversations.c.id)).scalars())[:erased]
        events = sa.select(tables.tickets.c.reference).where(tables.tickets.c.conversation_id.in_(ids))
        connection.execute(
            sa.delete(tables.ticket_events).where(tables.ticket_events.c.reference.in_(events))
        )
        for table in (tables.tickets, tables.messages):
            connection.execute(sa.delete(table).where(table.c.conversation_id.in_(ids)))
        connection.execute(sa.delete(tables.conversations).where(tables.conversations.c.id.in_(ids)))
    assert [len(gap.questions) for gap in find(served)] == [5 - erased] * (erased < 5)


def test_no_conversation_is_no_gap(served: House) -> None:
    found = served.services.gap_finding.find(90)
    assert (found.gaps, found.questions, found.alone) == ((), 0, 0)


def test_the_command_prints_gaps_without_the_keys_to_conversations(served: House, centre: Centre) -> None:
    ask(served, WRAPPING)
    conversation = served.services.conversations.tickets(1)[0].conversation_id
    find(served)
    done = centre.command("gaps", "--kept")
    assert done.returncode == 0
    assert "5 questions in 5 conversations, 5 tickets" in done.stdout
    as_json = centre.command("gaps", "--kept", "--json").stdout
    assert '"cure": "new"' in as_json
    assert f'"{conversation}"' not in as_json


def test_the_worker_looks_once_a_day_and_not_at_the_first_start(served: House) -> None:
    ask(served, WRAPPING)
    assert served.services.look_after() == 0
    assert served.services.gaps.listing() == []
    served.clock.at += dt.timedelta(days=1)
    assert (served.services.look_after(), served.services.look_after()) == (1, 0)
    assert [gap.tickets for gap in served.services.gaps.listing()] == [5]
    assert served.services.article_health.last() is not None
