"""When a ticket is escalated by itself, and to whom; which timers follow."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.escalation import Coming, Trigger, at_once, coming, next_level
from bot.desk.policy import SHIPPED, load_policy
from bot.desk.steps import Work
from bot.desk.ticket import Pause, Priority, Status, Ticket
from bot.desk.timers import Kind, wanted
from bot.dialogue.reply import Reason
from bot.errors import SettingsInvalid
from tests.storage.samples import ticket

MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
POLICY = load_policy()


def opened(**fields: object) -> Ticket:
    return replace(ticket(created_at=MONDAY), **fields)  # type: ignore[arg-type]


def test_no_word_for_15_minutes_and_no_solution_for_an_hour_escalate() -> None:
    assert coming(opened(), POLICY) == (
        Coming(Trigger.NO_RESPONSE, MONDAY + 15 * MINUTE),
        Coming(Trigger.UNRESOLVED, MONDAY + HOUR),
    )
    answered = opened(first_responded_at=MONDAY + MINUTE)
    assert [one.trigger for one in coming(answered, POLICY)] == [Trigger.UNRESOLVED]


def test_these_clocks_run_in_business_hours_and_stand_still_for_the_customer() -> None:
    evening = opened(created_at=MONDAY.replace(hour=16, minute=55))
    assert coming(evening, POLICY)[0].at == MONDAY + dt.timedelta(days=1, minutes=-50)
    paused = opened(pauses=(Pause(MONDAY + 5 * MINUTE, MONDAY + 65 * MINUTE),))
    assert coming(paused, POLICY)[0].at == MONDAY + 75 * MINUTE
    assert coming(opened(status=Status.WAITING, pauses=(Pause(MONDAY),)), POLICY) == ()
    assert coming(opened(status=Status.SOLVED), POLICY) == ()


def test_levels_have_their_time_and_go_on_to_those_they_are_for() -> None:
    first = next_level(opened(), POLICY)
    assert first is not None
    work = Work(opened(assignee="account:ana"), "clock", MONDAY + HOUR, POLICY)
    work.escalate(first, Trigger.UNRESOLVED.value)
    senior = work.done().ticket
    assert (senior.level, senior.assignee, senior.escalated_at) == (2, "", MONDAY + HOUR)
    assert coming(senior, POLICY) == ()  # neither technical nor business critical: nobody above is meant
    technical = replace(senior, service="technical")
    assert coming(technical, POLICY) == (Coming(Trigger.LEVEL_RAN_OUT, MONDAY + 2 * HOUR),)
    engineering = next_level(technical, POLICY)
    assert engineering is not None
    assert (engineering.name, engineering.within, engineering.queue) == (
        "engineering",
        4 * HOUR,
        "engineering",
    )
    critical = replace(senior, priority=Priority.CRITICAL)
    management = next_level(critical, POLICY)
    assert management is not None
    assert (management.name, management.within) == ("management", 24 * HOUR)
    assert next_level(replace(critical, level=4), POLICY) is None


def test_security_and_compliance_escalate_at_once() -> None:
    assert at_once(opened(reason=Reason.SECURITY), POLICY)
    assert not at_once(opened(reason=Reason.PERSON), POLICY)
    assert not at_once(opened(reason=Reason.SECURITY, level=2), POLICY)


def test_each_clock_has_a_warning_and_a_breach() -> None:
    found = {(one.kind, one.detail): one.due_at - MONDAY for one in wanted(opened(), POLICY)}
    assert found == {
        (Kind.WARN, "first response"): 3 * HOUR,
        (Kind.BREACH, "first response"): 4 * HOUR,
        (Kind.WARN, "resolution"): 36 * HOUR,
        (Kind.BREACH, "resolution"): 48 * HOUR,
        (Kind.ESCALATE, "no_response"): 15 * MINUTE,
        (Kind.ESCALATE, "unresolved"): HOUR,
    }
    assert wanted(opened(status=Status.CLOSED), POLICY) == ()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("no_response: 15m", "no_response: soon", r"line \d+: 'soon' is not a duration"),
        ("count: business_hours\n  levels", "count: sometimes\n  levels", r"line \d+: count is always"),
        ("queue: engineering}", "queue: nowhere}", r"line \d+: there is no queue 'nowhere'"),
        ("{level: 3,", "{level: 4,", r"line \d+: levels are numbered"),
        ("when: technical, queue", "when: rainy, queue", r"line \d+: 'rainy'"),
        ("csat_below: 3", "csat_below: 9", r"line \d+: csat_below is a whole number from 0 to 5"),
        ("warn_when_left: 25%", "warn_when_left: 100%", r"line \d+: warn_when_left"),
        ("plans: {premium: priority", "plans: {premium: gold", r"line \d+: there is no service 'gold'"),
        ("prefer: tighter", "prefer: none", r"line \d+: 'none'"),
        ("{when: {channel: live_chat}", "{when: {weather: fine}", r"line \d+: 'weather' is not known here"),
        ("prefer: tighter", "prefers: tighter", r"line \d+: 'prefers' is not known here"),
        ("prefer: tighter", "prefer: tighter\nprefer: service", r"line \d+: 'prefer' stands here twice"),
        ("low: {first", "low: {{first", r"line \d+"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    file = tmp_path / "policy.yaml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SettingsInvalid, match=named):
        load_policy(file)


def test_the_line_that_is_named_is_the_line_it_stands_on(tmp_path: Path) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines, 1) if "unresolved: 1h" in line)
    lines[place - 1] = "  unresolved: never"
    file = tmp_path / "policy.yaml"
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(SettingsInvalid, match=f"line {place}: 'never'"):
        load_policy(file)
