"""Who has a conversation: the table says what can happen, and nothing else does."""

import itertools
from pathlib import Path

import pytest

from bot.dialogue.conversation import State
from bot.dialogue.states import TRANSITIONS, Event, ImpossibleTransition, after

PEOPLE = frozenset({State.AWAITING_CONTACT, State.WITH_PEOPLE, State.WITH_AGENT})


def test_every_state_has_its_row_and_can_be_reached() -> None:
    reached = {State.ANSWERING}
    for _ in State:
        reached |= {after(state, event) for state in reached for event in TRANSITIONS[state]}
    assert set(TRANSITIONS) == set(State) == reached


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Event)))
def test_what_is_not_in_the_table_raises(state: State, event: Event) -> None:
    if event in TRANSITIONS[state]:
        assert after(state, event) is TRANSITIONS[state][event]
    else:
        with pytest.raises(ImpossibleTransition, match=event.value):
            after(state, event)


def test_the_bot_cannot_ask_back_twice_in_a_row() -> None:
    assert Event.ASKED_BACK not in TRANSITIONS[after(State.ANSWERING, Event.ASKED_BACK)]
    assert after(State.AWAITING_CHOICE, Event.SMALL_TALK) is State.AWAITING_CHOICE


def test_people_keep_what_they_have() -> None:
    for state in PEOPLE:
        left = {event for event, then in TRANSITIONS[state].items() if then not in PEOPLE | {State.CLOSED}}
        # Only a person who is in the chat gives it back to the bot.
        assert left == ({Event.GIVEN_BACK} if state is State.WITH_AGENT else set())


def test_whoever_is_open_can_be_joined_by_a_person() -> None:
    assert {state for state in State if Event.TAKEN in TRANSITIONS[state]} == set(State) - {State.CLOSED}


def test_the_bot_says_nothing_while_a_person_is_in_the_chat() -> None:
    of_the_bot = {
        Event.ANSWERED,
        Event.SMALL_TALK,
        Event.ASKED_BACK,
        Event.HANDED_OFF,
        Event.HANDED_OFF_REACHABLE,
    }
    assert of_the_bot.isdisjoint(TRANSITIONS[State.WITH_AGENT])


def test_every_open_conversation_can_reach_people_or_is_with_them() -> None:
    for state in (State.ANSWERING, State.AWAITING_CHOICE):
        reached = {after(state, Event.HANDED_OFF), after(state, Event.HANDED_OFF_REACHABLE)}
        assert reached | {after(state, Event.TAKEN)} == PEOPLE


def test_the_architecture_shows_the_table_as_it_is() -> None:
    page = (Path(__file__).parents[2] / "ARCHITECTURE.md").read_text("utf-8")
    for state, events in TRANSITIONS.items():
        for event, then in events.items():
            assert f"| `{state}` | `{event}` | `{then}` |" in page
