"""Shares, intervals, changes, waits, surveys and targets, with values worked out by hand or from their papers."""

import datetime as dt
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SettingsInvalid
from bot.ledger.evidence import line_of
from bot.ledger.facts import Fact, FactKind, SolvedBy, fact_of_act
from bot.ledger.figures import figures, savings
from bot.ledger.intervals import change, share
from bot.ledger.periods import Span, ending
from bot.ledger.range import Range
from bot.ledger.review import Young, review
from bot.ledger.scores import quantile
from bot.ledger.sources import source_of
from bot.ledger.tally import Tally
from bot.ledger.targets import Sense, Target, Targets, Verdict, load_targets
from tests.ledger.telling import HOUR, MINUTE, MONDAY, OPENED, counted, told

TARGETS = load_targets()


def figure(counts: Tally, name: str) -> Range:
    return next(one for one in figures(counts, TARGETS) if one.name == name)


def test_a_share_has_wilsons_interval() -> None:
    # Wilson 1927 for 8 of 10: (.8 + z²/20 ± z sqrt(.016 + z²/400)) / (1 + z²/10).
    one = share(8, 10)
    assert (one.value, round(one.low, 4), round(one.high, 4)) == (0.8, 0.4902, 0.9433)
    assert (share(0, 10).low, round(share(0, 10).high, 4)) == (0.0, 0.2775)
    assert (round(share(10, 10).low, 4), share(10, 10).high) == (0.7225, 1.0)
    assert (share(0, 0).value, share(0, 0).low, share(0, 0).high) == (None, 0.0, 1.0)


def test_a_change_has_newcombes_interval() -> None:
    # Newcombe 1998, table II, (a) 56/70 - 48/80, method 10: 0.0524 to 0.3339.
    found = change(share(48, 80), share(56, 70))
    assert found is not None
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)
    assert found.real
    assert change(share(0, 0), share(1, 2)) is None


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(1, 200))
def test_a_share_lies_in_its_interval(count: int, of: int) -> None:
    one = share(min(count, of), of)
    assert one.value is not None
    assert 0.0 <= one.low <= one.value <= one.high <= 1.0


def test_the_pair_is_a_range_with_the_outer_ends_of_both_intervals() -> None:
    facts = [told(f"h{n}", "answered", "helpful") for n in range(3)]
    facts += [told(f"s{n}", "answered") for n in range(5)] + [told(f"p{n}", "handed_off") for n in range(2)]
    one = figure(counted(*facts), "deflection")
    assert (one.low, one.high, one.of) == (0.3, 0.8, 10)
    assert (one.floor, one.ceiling) == (share(3, 10).low, share(8, 10).high)


def test_waits_that_have_not_ended_count_as_longest() -> None:
    waits = (60.0, 120.0, 180.0, None)
    assert quantile(waits, 0.5)[0] == 120.0
    assert quantile(waits, 0.9) == (None, 180.0, math.inf)
    assert quantile((), 0.5) == (None, 0.0, math.inf)


def test_first_responses_and_resolutions_run_from_the_hand_off() -> None:
    facts = told("c1", "answered", "handed_off")
    facts.append(Fact("c1", OPENED + MINUTE + 10 * MINUTE, FactKind.AGENT_REPLIED, 5))
    facts.append(Fact("c1", OPENED + MINUTE + HOUR, FactKind.SOLVED, 5, "maria"))
    one = counted(facts, told("c2", "handed_off"))
    assert one.first_responses == (600.0, None)
    assert one.resolutions == (3600.0, None)
    assert figure(one, "first_response_median").low == 600.0
    assert (one.surely_first_contact, one.at_most_first_contact) == (1, 2)


def test_waits_are_not_counted_where_nobody_says_when_one_ends() -> None:
    one = counted(told("c1", "handed_off"), told("c2", "handed_off"))
    assert one.first_responses == (None, None)
    found = figure(one, "first_response_median")
    assert (found.of, found.verdict) == (0, None)


def test_what_is_opened_again_is_not_solved() -> None:
    facts = told("c1", "handed_off", "agent_replied", "solved", "reopened")
    one = counted(facts)
    assert (one.reopened, one.solved_by_person, one.resolutions) == (1, 0, (None,))
    assert one.at_most_first_contact == 0
    assert figure(one, "reopened").low == 1.0


def test_surveys_give_satisfaction_and_both_recommendation_scales() -> None:
    facts = []
    for place, (rated, recommends) in enumerate([(5, 10), (4, 9), (3, 8), (1, 0)]):
        name = f"c{place}"
        facts += told(name, "handed_off")
        facts.append(Fact(name, OPENED + HOUR, FactKind.RATED, 1, score=rated))
        facts.append(Fact(name, OPENED + HOUR, FactKind.RECOMMENDS, 1, score=recommends))
    one = counted(facts)
    assert figure(one, "satisfaction").low == 0.5
    assert figure(one, "net_promoter").low == 25.0
    assert figure(one, "recommendation").low == 6.75
    assert figure(one, "net_promoter").floor >= -100


def test_escalations_that_a_person_judged_give_their_accuracy() -> None:
    right = [told(f"r{n}", "handed_off", "escalation_right") for n in range(3)]
    one = counted(*right, told("w", "handed_off", "escalation_wrong"), told("u", "handed_off"))
    found = figure(one, "escalation_accuracy")
    assert (found.low, found.of) == (0.75, 4)


def test_figures_without_facts_say_that_there_is_nothing_to_count() -> None:
    assert {one.of for one in figures(Tally(), TARGETS)} == {0}
    assert {one.verdict for one in figures(Tally(), TARGETS)} == {None}


def test_savings_are_a_range_and_need_a_cost() -> None:
    one = counted(told("c1", "answered", "helpful"), told("c2", "answered"))
    assert savings(one, TARGETS) is None
    found = savings(one, Targets({}, 7.5, "EUR"))
    assert found is not None
    assert (found.low, found.high, found.currency) == (7.5, 15.0, "EUR")


@pytest.mark.parametrize(
    ("sense", "low", "high", "verdict"),
    [
        (Sense.AT_LEAST, 0.4, 0.6, Verdict.MET),
        (Sense.AT_LEAST, 0.3, 0.39, Verdict.MISSED),
        (Sense.AT_LEAST, 0.3, 0.6, Verdict.OPEN),
        (Sense.AT_MOST, 0.3, 0.4, Verdict.MET),
        (Sense.AT_MOST, 0.41, 0.6, Verdict.MISSED),
        (Sense.AT_MOST, 0.3, 0.6, Verdict.OPEN),
    ],
)
def test_a_target_is_met_or_missed_only_by_the_whole_interval(
    sense: Sense, low: float, high: float, verdict: Verdict
) -> None:
    assert Target(sense, 0.4).verdict(low, high) is verdict


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("targets: {deflexion: {at_least: 0.4}}", "“deflexion” is no figure with a target"),
        ("targets: {deflection: {above: 0.4}}", "above"),
        ("targets: {deflection: {at_least: yes}}", "True is not a number"),
        ("targets: {first_response: {at_most: 15}}", "is not a duration such as 15m"),
        ("targets: {deflection: 0.4}", "cannot be used"),
        ("cost_per_contact: -1", "must be 0 or more"),
        ("- a", "must hold names with values"),
    ],
)
def test_a_mistake_in_the_targets_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=said):
        load_targets(file)


def test_periods_are_weeks_and_calendar_months() -> None:
    day = dt.date(2026, 3, 31)
    assert ending(Span.WEEK, day).first == dt.date(2026, 3, 24)
    assert ending(Span.MONTH, day).first == dt.date(2026, 2, 28)
    assert ending(Span.QUARTER, dt.date(2026, 1, 15)).first == dt.date(2025, 10, 15)
    assert ending(Span.MONTH, dt.date(2026, 3, 1)).before.first == dt.date(2026, 1, 1)
    with pytest.raises(ValueError, match="no week before"):
        ending(Span.WEEK, dt.date(1, 1, 3))


def test_a_review_says_what_changed_and_whether_it_may_be_chance() -> None:
    now = counted(*[told(f"n{n}", "answered", "helpful") for n in range(50)])
    before = counted(
        *[told(f"b{n}", "handed_off", reason="upset") for n in range(40)], told("b", "answered", "helpful")
    )
    period = ending(Span.WEEK, MONDAY)
    found = review(
        period,
        {period.first: now},
        {period.before.first: before},
        Young(period.until, {}, period.first + 24 * HOUR),
        TARGETS,
    )
    line = found.lines[0]
    assert (line.now.low, line.before.low) == (1.0, 1 / 41)
    assert line.change is not None
    assert line.change.real
    assert line.now.verdict is Verdict.MET
    assert [(one.reason, one.now, one.before) for one in found.reasons] == [("upset", 0, 40)]
    assert [(one.article_id, one.now, one.confirmed, one.failed) for one in found.articles] == [
        ("returns", 50, 50, 0)
    ]
    # The day before the first record is no day whose week is not over, counted as empty or not.
    assert (found.uncounted_days, found.early_days) == (6, 1)
    silent = review(period, {}, {}, Young(period.until, {}, None), TARGETS)
    assert (silent.uncounted_days, silent.early_days) == (0, 7)


def test_few_waits_leave_the_interval_of_their_median_open() -> None:
    assert quantile((60.0, 120.0), 0.5) == (60.0, 0.0, math.inf)
    hundred = tuple(float(wait) for wait in range(1, 101))
    # Conover 1999, section 3.2: 50 -+ 1.96 * 5, rounded up.
    assert quantile(hundred, 0.5) == (50.0, 41.0, 60.0)


def test_handle_time_is_the_time_in_which_it_was_a_persons_turn() -> None:
    def act(kind: FactKind, minutes: int, **more: str) -> Fact:
        return fact_of_act("c1", OPENED + minutes * MINUTE, kind, **more)

    passed_on = Fact("c1", OPENED + 90 * MINUTE, FactKind.HANDED_OFF, 3, "with_people")
    facts = [
        *told("c1", "handed_off"),
        # The half hour before somebody took it, and the hour the customer took to answer, are nobody's.
        act(FactKind.TAKEN, 30, who="maria"),
        act(FactKind.AGENT_REPLIED, 40, who="maria"),
        passed_on,
        act(FactKind.SOLVED, 95, who="maria", reason=SolvedBy.AGENT),
    ]
    one = counted(facts, told("c2", "handed_off", "agent_replied"))
    assert one.handled == (15 * 60.0,)
    assert one.agents == {"maria": 1}
    assert figure(one, "handle_time_median").low == 900.0
    assert figure(one, "tickets_per_agent").low == 1.0


def test_what_a_rule_closed_is_not_solved() -> None:
    closed = fact_of_act("c1", OPENED + HOUR, FactKind.SOLVED, reason=SolvedBy.RULE)
    one = counted([*told("c1", "handed_off", "agent_replied"), closed])
    assert (one.solved_by_person, one.resolutions) == (0, (None,))


def test_what_was_opened_again_counts_from_its_last_solution() -> None:
    def act(kind: FactKind, hours: int) -> Fact:
        return fact_of_act("c1", OPENED + hours * HOUR, kind, who="maria", reason=SolvedBy.AGENT)

    one = counted([*told("c1", "handed_off"), *(act(k, n) for n, k in enumerate(AGAIN, start=1))])
    assert (one.reopened, one.solved_by_person, one.resolutions) == (1, 0, (3 * 3600.0,))


AGAIN = (FactKind.SOLVED, FactKind.REOPENED, FactKind.SOLVED)


def test_a_conversation_that_begins_with_a_person_waits_from_its_opening() -> None:
    opened = fact_of_act("e1", OPENED, FactKind.OPENED, channel="email")
    reply = fact_of_act("e1", OPENED + HOUR, FactKind.AGENT_REPLIED, who="li")
    one = counted([opened, reply, fact_of_act("e1", OPENED + HOUR, FactKind.ESCALATED, who="li")])
    assert (one.first_responses, one.handed_off, one.channels) == ((3600.0,), 0, {"email": 1})
    assert figure(one, "passed_up").low == 1.0


def test_every_figure_has_a_source_and_a_line_to_follow() -> None:
    for one in figures(Tally(), TARGETS):
        assert source_of(one.name).label
        assert line_of(one.name) is not None, one.name
