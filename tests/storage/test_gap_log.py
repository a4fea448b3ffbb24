"""Gaps on both databases: computed anew as a whole, while what people did about them stands."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.gaps.cure import Advice, Cure, Near
from bot.gaps.gap import Asked, Event, Gap, Now, State
from bot.gaps.ports import Change
from bot.gaps.unanswered import Place, Trouble
from bot.ledger.facts import Fact, FactKind
from bot.storage.engine import Database
from bot.storage.gaps import GapLog
from bot.storage.ledger import LedgerLog
from tests.storage.samples import LATER, NOON, REFUNDS, RETURNS

MINUTE = dt.timedelta(minutes=1)
ADVICE = Advice(
    Cure.BETTER, RETURNS, 'It says "send back"\n☕', (Near(RETURNS, "Returns ' \\ %", 0.1 + 0.2),)
)


@pytest.fixture
def log(database: Database) -> GapLog:
    return GapLog(database)


def asked(number: int, conversation_id: str = "c", ticket: str = "", minutes: float = 0.0) -> Asked:
    return Asked(Place(conversation_id, number), NOON, Trouble.HANDED_OFF, ticket, minutes)


def gap(id_: str, *questions: Asked, state: State = State.OPEN) -> Gap:
    return Gap(id_, "en", state, "", NOON, questions, None)


def became(id_: str, state: State, detail: str = "") -> Change:
    return Change(id_, Event(LATER, "tierzero", state.value, detail))


def by_hand(state: State) -> Event:
    return Event(LATER + MINUTE, "account:ann", state.value)


def test_a_gap_comes_back_as_it_was_kept(log: GapLog) -> None:
    questions = (
        Asked(Place("c'", 4), LATER, Trouble.NOT_HELPFUL, "TZ-1", 2.5, Now.ANSWERED, REFUNDS, True),
        Asked(Place("c'", 2), NOON, Trouble.ASKED_BACK, "", 0.0, Now.SAME, RETURNS),
        Asked(Place("b", 2), NOON, Trouble.SOLVED_BY_AGENT, "TZ-2", 0.1),
    )
    kept = Gap("g", "de", State.OPEN, "", NOON, questions, ADVICE, "corpus")
    log.keep([kept], [became("g", State.OPEN, "3 questions")])
    assert log.gap("g") == kept
    assert log.gaps() == [kept]
    assert log.events("g") == [Event(LATER, "tierzero", "open", "3 questions")]
    assert (log.gap("other"), log.events("other")) == (None, [])


def test_what_is_computed_anew_replaces_what_was(log: GapLog) -> None:
    log.keep([gap("a", asked(0), asked(2)), gap("b", asked(4))], [])
    anew = replace(gap("a", asked(4), asked(0)), advice=ADVICE, corpus="newer")
    log.keep([anew], [])
    # Nobody is at work on the other, and nothing is asked in it any more.
    assert log.gaps() == [anew]
    assert log.gap("b") == gap("b")


def test_a_gap_in_work_stays_without_questions(log: GapLog) -> None:
    log.keep([gap("a", asked(0))], [])
    assert log.change("a", State.OPEN, State.ASSIGNED, "ann", by_hand(State.ASSIGNED))
    log.keep([], [])
    assert [(one.state, one.assignee, one.questions) for one in log.gaps()] == [(State.ASSIGNED, "ann", ())]


def test_the_costliest_comes_first(log: GapLog) -> None:
    log.keep(
        [
            gap("a", asked(0), asked(2)),
            gap("b", asked(4, ticket="TZ-1", minutes=1.0)),
            gap("c", asked(6, ticket="TZ-2", minutes=9.0)),
            gap("d", asked(8), asked(10), asked(12)),
        ],
        [],
    )
    assert [one.id for one in log.gaps()] == ["c", "b", "d", "a"]


def test_a_gap_moves_on_when_its_questions_are_answered_even_on_its_first_day(log: GapLog) -> None:
    log.keep([gap("a", asked(0))], [became("a", State.OPEN), became("a", State.VERIFIED, "1 of 1")])
    found = log.gap("a")
    assert found is not None
    assert found.state is State.VERIFIED
    log.keep([found], [became("a", State.OPEN)])
    assert [one.state for one in log.gaps()] == [State.OPEN]
    assert [one.what for one in log.events("a")] == ["open", "verified", "open"]


def test_what_a_person_did_while_gaps_were_computed_stands(log: GapLog) -> None:
    log.keep([gap("a", asked(0))], [became("a", State.OPEN)])
    (seen,) = log.gaps()
    assert log.change("a", State.OPEN, State.ASSIGNED, "ann", by_hand(State.ASSIGNED))
    log.keep([seen], [became("a", State.VERIFIED), Change("a", Event(LATER, "tierzero", "joined", "b"))])
    found = log.gap("a")
    assert found is not None
    assert (found.state, found.assignee) == (State.ASSIGNED, "ann")
    assert [one.what for one in log.events("a")] == ["open", "assigned", "joined"]


def test_of_two_people_one_changes_a_gap(log: GapLog) -> None:
    log.keep([gap("a", asked(0))], [])
    assert log.change("a", State.OPEN, State.ASSIGNED, "ann", by_hand(State.ASSIGNED))
    assert not log.change("a", State.OPEN, State.WRITTEN, "bob", by_hand(State.WRITTEN))
    assert not log.change("other", State.OPEN, State.WRITTEN, "bob", by_hand(State.WRITTEN))
    assert [(one.who, one.what) for one in log.events("a")] == [("account:ann", "assigned")]


def test_servers_that_look_at_the_same_time_leave_one_of_their_results(log: GapLog) -> None:
    names = ("a", "b", "c", "d")
    gate = threading.Barrier(len(names))
    # More than are added by one statement, and the same in each.
    questions = [asked(number) for number in range(0, 1_400, 2)]

    def look(name: str) -> None:
        gate.wait()
        log.keep([gap(name, *questions)], [became(name, State.OPEN)])

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(look, names))
    (found,) = log.gaps()
    assert found.questions == tuple(questions)
    assert all(len(log.events(name)) == 1 for name in names)


def test_conversations_in_which_something_failed_are_named_once(log: GapLog, database: Database) -> None:
    def fact(conversation_id: str, kind: FactKind, seq: int = 1, at: dt.datetime = NOON) -> Fact:
        return Fact(conversation_id, at, kind, seq)

    LedgerLog(database).append(
        [
            fact("b", FactKind.HANDED_OFF),
            fact("b", FactKind.NOT_HELPFUL, 3),
            fact("a", FactKind.CLARIFIED),
            fact("fine", FactKind.ANSWERED),
            fact("old", FactKind.HANDED_OFF, at=NOON - MINUTE),
        ]
    )
    assert log.troubled(NOON) == ["a", "b"]
    assert [(one.kind, one.seq) for one in log.told("b")] == [
        (FactKind.HANDED_OFF, 1),
        (FactKind.NOT_HELPFUL, 3),
    ]
