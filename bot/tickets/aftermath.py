"""What the desk does because of an answer to a survey: goes on with what is not solved, has a higher level look.

The answer asks for it through the outbox, in the transaction that stores the answer, so it happens whatever is killed
in between; and once, since a ticket whose history has it since the answer is left alone.
"""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Final, Protocol

from bot.changes import Change, TicketMoved
from bot.desk.escalation import Trigger
from bot.desk.life import ImpossibleStep
from bot.desk.steps import CUSTOMER, What
from bot.desk.ticket import FINISHED, Event
from bot.outgoing.effects import Effect, NothingToDo, Undeliverable
from bot.tickets.hearing import Hearing

REOPEN: Final = "reopen"
ESCALATE: Final = "escalate"


class Applying(Protocol):
    """Where changes of tickets are stored."""

    def apply(self, change: Change) -> None:
        """Stores a change, all of it or nothing. Raises `TicketMoved`."""

    def events(self, reference: str, since: int = 0) -> Sequence[Event]:
        """What happened to a ticket, oldest first."""


class Aftermath:
    """Implements `bot.outgoing.delivery.Carrier` for what the desk itself is to do."""

    def __init__(self, hearing: Hearing, store: Applying) -> None:
        self._hearing = hearing
        self._store = store

    def carry(self, effect: Effect) -> None:
        """Takes the step. Raises `NothingToDo` where it was taken or cannot be, `Undeliverable` to try again."""
        try:
            change = self._change(effect)
            if change is None:
                raise NothingToDo("The ticket is gone, or no level is left.")
            self._store.apply(change)
        except ImpossibleStep as exc:
            raise NothingToDo(str(exc)) from exc
        except TicketMoved as exc:
            raise Undeliverable("Somebody else changed the ticket just now.") from exc

    def _change(self, effect: Effect) -> Change | None:
        """What the step changes, decided before the history is read: what a colleague does after that moves it."""
        if effect.target == REOPEN:
            change = self._hearing.reopened_by(CUSTOMER, effect.reference)
        elif effect.target == ESCALATE:
            change = self._hearing.escalated_by(CUSTOMER, effect.reference, Trigger.CSAT)
        else:
            raise NothingToDo(f"There is no {effect.target}.")
        if change is not None and self._was_done(effect, change.step.ticket.reference):
            raise NothingToDo("It was done already.")
        return change

    def _was_done(self, effect: Effect, reference: str) -> bool:
        """Whether a worker that ended before it could say so has done it, or somebody else has."""
        done, since = _DONE[effect.target], wanted_since(effect)
        # A ticket that was merged since then has its own history, and the one that goes on for it has the rest.
        return any(
            event.at >= since and done(event)
            for one in {effect.reference, reference}
            for event in self._store.events(one)
        )


def wanted_since(effect: Effect) -> dt.datetime:
    """When the customer's answer asked for it; what is tried again is due later than that."""
    at = json.loads(effect.payload).get("at")
    return dt.datetime.fromisoformat(at) if at else effect.due_at


def _reopened(event: Event) -> bool:
    return event.what == What.STATUS and event.before in FINISHED and event.after not in FINISHED


def _escalated(event: Event) -> bool:
    return event.what == What.ESCALATED and event.before == Trigger.CSAT.value


#: What stands in a ticket's history once a step was taken, even if an agent has solved the ticket again since.
_DONE: Final = {REOPEN: _reopened, ESCALATE: _escalated}
