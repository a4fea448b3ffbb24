"""Experiments on both databases: one runs at a time, and what is counted of its arms is one conversation a customer."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.experiments.comparison import Settled
from bot.experiments.experiment import Arm, Experiment, Kind
from bot.experiments.trial import Trial, Tried
from bot.ledger.counting import Counting
from bot.ledger.facts import Fact, FactKind, fact_of_arm, fact_of_difference
from bot.ledger.hours import Hours
from bot.people.audit import Note
from bot.storage.counted import CountedLog
from bot.storage.engine import Database
from bot.storage.experiments import ExperimentLog
from bot.storage.ledger import LedgerLog
from bot.storage.trials import TrialLog
from kb.article import ArticleKey
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


def turn(conversation: str, at: dt.datetime, kind: FactKind, **more: Any) -> Fact:
    return Fact(conversation, at, kind, 1, channel="chat", language="en", **more)


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


TRIED = Experiment("three", "Clearer?", Kind.ARTICLE, "en/a/b 0123456789ab", "as ever", NOON, "account:a")
TRIAL = Trial(
    "three", ArticleKey("a/b", "en"), "0123456789ab", "Title", "en/a/b.md", "ba9876543210", "Text “ü”\n"
)


def test_a_text_that_is_tried_is_kept_with_its_experiment_and_served_only_while_it_runs(
    store: ExperimentLog, database: Database
) -> None:
    trials = TrialLog(database)
    assert store.start(ONE, note())
    # Whoever comes second leaves nothing behind.
    assert not store.start(TRIED, note(), TRIAL)
    assert trials.trial("three") is None
    assert store.stop("one", NOON, "account:a", note("experiment.stopped"))
    assert store.start(TRIED, note(), TRIAL)
    assert trials.trial("three") == TRIAL
    assert (trials.served("three"), trials.served("one")) == (TRIAL.source, None)
    assert trials.tried(TRIAL.key, TRIAL.revision) == Tried("Title", TRIAL.source, NOON, runs=True)
    for key, revision in ((TRIAL.key, TRIAL.beside), (ArticleKey("a/b", "de"), TRIAL.revision)):
        assert trials.tried(key, revision) is None
    assert store.stop("three", NOON, "account:a", note("experiment.stopped"))
    assert trials.served("three") is None
    assert trials.tried(TRIAL.key, TRIAL.revision) == Tried("Title", TRIAL.source, NOON, runs=False)


def test_where_a_text_is_tried_those_are_counted_to_which_the_other_arm_says_something_else(
    store: ExperimentLog, database: Database
) -> None:
    ledger = LedgerLog(database)
    told = {
        "met": ("a", "ann@example.org"),
        "later": ("a", "ann@example.org"),
        "other": ("b", ""),
        "same": ("b", ""),
    }
    for place, (name, (arm, contact)) in enumerate(told.items()):
        at, label = NOON + 9 * place * DAY, TRIED.label(Arm(arm))
        ledger.append([turn(name, at, FactKind.ANSWERED), fact_of_arm(name, at, label, contact)])
        if name != "same":
            # Each turn says so; the conversation counts once.
            ledger.append([fact_of_difference(name, at, label), fact_of_difference(name, at, label)])
    counting = Counting(ledger, CountedLog(database), Hours(), lambda: NOON + 90 * DAY)
    while counting.step():
        pass
    assert store.drawn(TRIED) == {Arm.A: 2, Arm.B: 2}
    assert store.differed(TRIED) == {Arm.A: 2, Arm.B: 1}
    assert [one.arm for one in store.settled(TRIED)] == [Arm.A, Arm.B]


def test_how_often_an_article_came_up_is_counted_by_conversation_language_and_time(
    database: Database,
) -> None:
    ledger, trials = LedgerLog(database), TrialLog(database)
    about = {
        "quoted": turn("quoted", NOON, FactKind.ANSWERED, articles=("x", "a/b"), about="x"),
        "again": turn("quoted", NOON, FactKind.HANDED_OFF, about="a/b"),
        "near": turn("near", NOON + DAY, FactKind.HANDED_OFF, about="a/b"),
        "longer": turn("longer", NOON, FactKind.ANSWERED, articles=("a/b/c", "z/a/b"), about="a/b/c"),
        "german": replace(turn("german", NOON, FactKind.ANSWERED, about="a/b"), language="de"),
        "early": turn("early", NOON - DAY, FactKind.ANSWERED, about="a/b"),
    }
    ledger.append(list(about.values()))
    assert trials.met(TRIAL.key, NOON) == 2
    assert trials.met(ArticleKey("a%b", "en"), NOON) == 0
