"""What the desk does because of an answer to a survey: goes on with what is not solved, has a higher level look.

The answer asks for it through the outbox, in the transaction that stores the answer, so it happens whatever is killed
in between; and once, since a ticket that has had it is left alone.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, Protocol

from bot.changes import Change, TicketMoved
from bot.desk.escalation import Trigger
from bot.desk.life import ImpossibleStep
from bot.desk.steps import CUSTOMER, What
from bot.desk.ticket import Event
from bot.hearing import Hearing
from bot.outgoing.effects import Effect, NothingToDo, Undeliverable

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
        if effect.target == REOPEN:
            return self._hearing.reopened_by(CUSTOMER, effect.reference)
        if effect.target != ESCALATE:
            raise NothingToDo(f"There is no {effect.target}.")
        if self._was_escalated(effect.reference, effect.due_at):
            raise NothingToDo("It was escalated already.")
        return self._hearing.escalated_by(CUSTOMER, effect.reference, Trigger.CSAT)

    def _was_escalated(self, reference: str, since: dt.datetime) -> bool:
        """Whether a worker that ended before it could say so has done it."""
        return any(
            event.what == What.ESCALATED and event.before == Trigger.CSAT.value and event.at >= since
            for event in self._store.events(reference)
        )
