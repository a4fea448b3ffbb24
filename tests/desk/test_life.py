"""What can be done to a ticket of each status, and where it leads."""

import itertools

import pytest

from bot.desk.life import TRANSITIONS, Action, ImpossibleStep, after, possible
from bot.desk.ticket import FINISHED, UNFINISHED, Status

EVERY = list(itertools.product(Status, Action))


def test_every_status_is_in_the_table_and_can_be_reached_from_new() -> None:
    reached = {Status.NEW}
    for _ in Status:
        reached |= {leads for status in reached for leads in TRANSITIONS[status].values()}
    assert set(TRANSITIONS) == set(Status) == reached


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_what_is_not_in_the_table_raises(status: Status, action: Action) -> None:
    if action in TRANSITIONS[status]:
        assert after(status, action) is TRANSITIONS[status][action]
        assert action in possible(status)
    else:
        with pytest.raises(ImpossibleStep, match="cannot be done to a ticket that is"):
            after(status, action)


def test_a_customer_who_writes_again_makes_it_the_teams_turn() -> None:
    assert after(Status.WAITING, Action.CUSTOMER_WROTE) is Status.OPEN
    assert {after(status, Action.CUSTOMER_WROTE) for status in FINISHED} == {Status.OPEN}
    assert after(Status.NEW, Action.CUSTOMER_WROTE) is Status.NEW


def test_a_closed_ticket_is_not_replied_to_before_it_is_open_again() -> None:
    with pytest.raises(ImpossibleStep, match="reopen it first"):
        after(Status.CLOSED, Action.REPLY)


def test_every_unfinished_ticket_can_be_taken_replied_to_and_solved() -> None:
    for status in UNFINISHED:
        assert {Action.TAKE, Action.REPLY, Action.SOLVE} <= possible(status)
