"""Experiments on both databases: one runs at a time, and what is counted of its arms is one conversation a customer."""

import datetime as dt

import pytest

from bot.experiments.comparison import Settled
from bot.experiments.experiment import Arm, Experiment, Kind
from bot.ledger.counting import Counting
from bot.ledger.facts import Fact, FactKind, fact_of_arm
from bot.ledger.hours import Hours
from bot.people.audit import Note
from bot.storage.counted import CountedLog
from bot.storage.engine import Database
from bot.storage.experiments import ExperimentLog
from bot.storage.ledger import LedgerLog
from tests.storage.samples import NOON

DAY = dt.timedelta(days=1)
ONE = Experiment("one", "More answers?", Kind.BUDGET, "0.1", "as ever", NOON, "account:a")
TWO = Experiment("two", "Later", Kind.RANKING, "late=1", "as ever", NOON + DAY, "account:b")


def note(what: str = "experiment.started") -> Note:
    return Note(NOON, "account:a", what, "experiment:one")


@pytest.fixture
def store(database: Database) -> ExperimentLog:
    return ExperimentLog(database)


def test_one_experiment_runs_at_a_time(store: ExperimentLog) -> None:
    assert store.running() is None
    assert store.start(ONE, note())
    assert store.running() == ONE
    assert not store.start(TWO, note())
    assert store.all() == [ONE]
    assert store.stop("one", NOON + DAY, "account:b", note("experiment.stopped"))
    assert not store.stop("one", NOON + DAY, "account:b", note("experiment.stopped"))
    assert store.running() is None
    assert store.start(TWO, note())
    [later, earlier] = store.all()
    assert (later, earlier.stopped_at, earlier.stopped_by) == (TWO, NOON + DAY, "account:b")


def turn(conversation: str, at: dt.datetime, kind: FactKind) -> Fact:
    return Fact(conversation, at, kind, 1, channel="chat", language="en")


def test_what_is_counted_of_the_arms_is_the_first_conversation_of_each_customer(
    store: ExperimentLog, database: Database
) -> None:
    ledger = LedgerLog(database)
    told = {
        "helped": ("a", "ann@example.org", [FactKind.ANSWERED, FactKind.HELPFUL]),
        "again": ("a", "Ann@example.org", [FactKind.HANDED_OFF]),
        "refused": ("b", "", [FactKind.ANSWERED, FactKind.NOT_HELPFUL]),
        "ticket": ("b", "", [FactKind.HANDED_OFF]),
        "hello": ("b", "", [FactKind.SMALL_TALK]),
        "elsewhere": ("", "", [FactKind.ANSWERED]),
    }
    for place, (name, (arm, contact, kinds)) in enumerate(told.items()):
        # Ann's second one is beyond the window of her first: it is no return.
        at = NOON + (place + 8 * (name == "again")) * DAY
        ledger.append([turn(name, at, kind) for kind in kinds])
        if arm:
            ledger.append([fact_of_arm(name, at, ONE.label(Arm(arm)), contact)])
    ledger.append([fact_of_arm("other", NOON, TWO.label(Arm.B), "")])
    # Too late: it is no word on the conversation as it was counted.
    ledger.append([Fact("ticket", NOON + 12 * DAY, FactKind.NOT_HELPFUL, 1)])
    assert store.settled(ONE) == []
    counting = Counting(ledger, CountedLog(database), Hours(), lambda: NOON + 30 * DAY)
    while counting.step():
        pass
    assert store.drawn(ONE) == {Arm.A: 2, Arm.B: 3}
    assert store.settled(ONE) == [
        Settled(Arm.A, confirmed=True, contained=True, ticket=False, not_helped=False),
        Settled(Arm.B, confirmed=False, contained=False, ticket=False, not_helped=True),
        Settled(Arm.B, confirmed=False, contained=False, ticket=True, not_helped=False),
    ]
