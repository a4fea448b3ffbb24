"""Steps of a ticket: what changes, and that each says so."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.desk.calendars import ALWAYS
from bot.desk.life import Action
from bot.desk.policy import load_policy
from bot.desk.steps import Edit, Step, What, Work
from bot.desk.ticket import Pause, Priority, Status, Ticket
from bot.errors import BadRequest
from tests.storage.samples import NOON, ticket

# A team that is there around the clock, so that a step may come at any hour.
POLICY = replace(load_policy(), hours=ALWAYS)
ANA, BEN = "account:ana", "account:ben"
HOUR = dt.timedelta(hours=1)


def work(of: Ticket, who: str = ANA, hours: float = 1) -> Work:
    return Work(of, who, NOON + hours * HOUR, POLICY)


def told(step: Step) -> list[tuple[str, str, str]]:
    return [(event.what, event.before, event.after) for event in step.events]


def test_each_change_is_an_event_with_who_when_from_and_to() -> None:
    one = work(ticket())
    one.assign(ANA, "took it", Action.TAKE)
    one.edit(Edit(priority=Priority.CRITICAL, tags=("VIP", "vip ", "late")))
    step = one.done()
    assert told(step) == [
        (What.STATUS, "new", "open"),
        (What.ASSIGNEE, "", ANA),
        (What.PRIORITY, "high", "critical"),
        (What.TAGS, "", "late, vip"),
    ]
    assert {(event.who, event.at, event.version) for event in step.events} == {(ANA, NOON + HOUR, 2)}
    assert (step.seen, step.ticket.version) == (1, 2)


def test_what_changes_nothing_says_nothing() -> None:
    one = work(ticket())
    one.edit(Edit(priority=Priority.HIGH, tags=()))
    assert one.done().events == ()


def test_clocks_stand_still_while_it_is_the_customers_turn() -> None:
    one = work(ticket(), hours=1)
    one.replied("m1")
    one.act(Action.WAIT)
    waiting = one.done().ticket
    assert (waiting.pauses, waiting.first_responded_at) == ((Pause(NOON + HOUR),), NOON + HOUR)
    two = work(waiting, "customer", hours=11)
    two.customer_wrote("m2")
    again = two.done().ticket
    assert again.status is Status.OPEN
    assert again.resolution_due == NOON + 58 * HOUR
    assert again.next_response_due == NOON + 15 * HOUR
    three = work(again, hours=12)
    three.replied("m3")
    assert three.done().ticket.next_response_due is None


def test_another_priority_sets_the_clocks_anew_from_the_start() -> None:
    one = work(ticket())
    one.edit(Edit(priority=Priority.CRITICAL))
    changed = one.done().ticket
    assert (changed.first_response_due, changed.resolution_due) == (NOON + HOUR, NOON + 24 * HOUR)


def test_a_service_makes_the_clocks_tighter_and_never_looser() -> None:
    for service, first in (("emergency", 0.25), ("priority", 1), ("technical", 2), ("general", 4)):
        one = work(ticket())
        one.edit(Edit(service=service))
        assert one.done().ticket.first_response_due == NOON + first * HOUR


def test_solving_and_writing_again() -> None:
    one = work(ticket())
    one.act(Action.SOLVE)
    solved = one.done().ticket
    assert (solved.solved_at, solved.is_paused, solved.next_response_due) == (NOON + HOUR, True, None)
    two = work(solved, "customer", 3)
    two.customer_wrote("m")
    again = two.done()
    assert (again.ticket.status, again.ticket.solved_at) == (Status.OPEN, None)
    assert told(again)[0] == (What.STATUS, "solved", "open")


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (Edit(level=5), "level"),
        (Edit(service="gold"), "gold"),
        (Edit(category="weather"), "weather"),
        (Edit(queue="nowhere"), "nowhere"),
        (Edit(tags=("x" * 41,)), "at most 40"),
        (Edit(tags=("a,b",)), "comma"),
        (Edit(tags=tuple(map(str, range(21)))), "at most 20"),
    ],
)
def test_a_value_that_the_policy_does_not_know_is_refused_by_name(edit: Edit, named: str) -> None:
    with pytest.raises(BadRequest, match=named):
        work(ticket()).edit(edit)


def test_giving_it_back_leaves_nobody() -> None:
    taken = replace(ticket(), assignee=ANA, status=Status.OPEN)
    one = work(taken, BEN)
    one.assign("", "", Action.RELEASE)
    assert told(one.done()) == [(What.ASSIGNEE, ANA, "")]
