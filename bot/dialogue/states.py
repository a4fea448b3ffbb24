"""Who has a conversation and what just happened in, who has it next out: every state and transition in one table."""

from collections.abc import Mapping
from enum import StrEnum

from bot.dialogue.conversation import State
from bot.errors import BotError


class Event(StrEnum):
    """What a turn ended in."""

    ANSWERED = "answered"
    SMALL_TALK = "small_talk"
    ASKED_BACK = "asked_back"
    """The bot asked which, or what, is meant."""
    HANDED_OFF = "handed_off"
    """People have it, and nobody knows how to reach the customer: they are asked for an address."""
    HANDED_OFF_REACHABLE = "handed_off_reachable"
    CONTACT_GIVEN = "contact_given"
    CONTACT_DOUBTED = "contact_doubted"
    """The address looks mistyped; the customer is asked once more."""
    PASSED_ON = "passed_on"
    """What was written went to the people who have the conversation."""
    TAKEN = "taken"
    """A person joined the chat, whoever had it."""
    RETURNED = "returned"
    """They left and people still have it; nobody knows how to reach the customer, who is asked for an address."""
    RETURNED_REACHABLE = "returned_reachable"
    GIVEN_BACK = "given_back"
    """They left, and the bot has it again."""
    PERSON_WROTE = "person_wrote"
    """One of the people who have it wrote to the customer."""
    CLOSED = "closed"
    """The people are done with it."""


_BOT: Mapping[Event, State] = {
    Event.ANSWERED: State.ANSWERING,
    Event.SMALL_TALK: State.ANSWERING,
    Event.ASKED_BACK: State.AWAITING_CHOICE,
    Event.HANDED_OFF: State.AWAITING_CONTACT,
    Event.HANDED_OFF_REACHABLE: State.WITH_PEOPLE,
    Event.TAKEN: State.WITH_AGENT,
    Event.CLOSED: State.CLOSED,
}

#: What can happen in each state, and the state it leads to. What is not here cannot happen: the bot does not ask
#: back twice in a row, and it never takes a conversation back from people: only a person in the chat gives it back.
TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.ANSWERING: _BOT,
    State.AWAITING_CHOICE: {
        Event.ANSWERED: State.ANSWERING,
        Event.SMALL_TALK: State.AWAITING_CHOICE,
        Event.HANDED_OFF: State.AWAITING_CONTACT,
        Event.HANDED_OFF_REACHABLE: State.WITH_PEOPLE,
        Event.TAKEN: State.WITH_AGENT,
        Event.CLOSED: State.CLOSED,
    },
    State.AWAITING_CONTACT: {
        Event.CONTACT_GIVEN: State.WITH_PEOPLE,
        Event.CONTACT_DOUBTED: State.AWAITING_CONTACT,
        Event.PASSED_ON: State.WITH_PEOPLE,
        Event.TAKEN: State.WITH_AGENT,
        Event.PERSON_WROTE: State.AWAITING_CONTACT,
        Event.CLOSED: State.CLOSED,
    },
    State.WITH_PEOPLE: {
        Event.CONTACT_GIVEN: State.WITH_PEOPLE,
        # Who wrote something else first and then mistyped their address is asked to check it as well.
        Event.CONTACT_DOUBTED: State.AWAITING_CONTACT,
        Event.PASSED_ON: State.WITH_PEOPLE,
        Event.TAKEN: State.WITH_AGENT,
        Event.PERSON_WROTE: State.WITH_PEOPLE,
        Event.CLOSED: State.CLOSED,
    },
    State.WITH_AGENT: {
        Event.CONTACT_GIVEN: State.WITH_AGENT,
        Event.PASSED_ON: State.WITH_AGENT,
        # A colleague may take it over.
        Event.TAKEN: State.WITH_AGENT,
        Event.RETURNED: State.AWAITING_CONTACT,
        Event.RETURNED_REACHABLE: State.WITH_PEOPLE,
        Event.GIVEN_BACK: State.ANSWERING,
        Event.PERSON_WROTE: State.WITH_AGENT,
        Event.CLOSED: State.CLOSED,
    },
    # A message opens it again: at the people who had it, or at the bot where nobody did.
    State.CLOSED: {
        **{event: state for event, state in _BOT.items() if event is not Event.TAKEN},
        Event.CONTACT_GIVEN: State.WITH_PEOPLE,
        Event.PASSED_ON: State.WITH_PEOPLE,
        Event.PERSON_WROTE: State.WITH_PEOPLE,
    },
}


class ImpossibleTransition(BotError):
    """A mistake in the code: something happened in a state in which it cannot."""


def after(state: State, event: Event) -> State:
    """The state after an event. Raises `ImpossibleTransition` for one that is not in the table."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise ImpossibleTransition(f"“{event}” cannot happen while a conversation is “{state}”.") from None
