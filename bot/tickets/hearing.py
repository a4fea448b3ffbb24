"""What customers and rules do in, what that changes of their tickets out, to be stored with what caused it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from bot.changes import Attaching, Change, change_of
from bot.desk.escalation import Trigger, next_level
from bot.desk.life import Action
from bot.desk.policy import Policy
from bot.desk.steps import CUSTOMER, Work
from bot.tickets.store import TicketStore, standing, timers_of


class Hearing:
    """Changes of tickets that nobody of the team makes."""

    def __init__(self, store: TicketStore, policy: Policy, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._policy = policy
        self._now = now

    def heard(self, reference: str, message_id: str, at: dt.datetime) -> Change | None:
        """What a further message of the customer changes, to be stored with it; None without such a ticket.

        The ticket that a merged one leads to hears it.
        """
        return self._change(CUSTOMER, reference, lambda work: work.customer_wrote(message_id), at)

    def escalated_by(self, who: str, reference: str, trigger: Trigger) -> Change | None:
        """What an automatic trigger such as a bad score changes, to be stored with what caused it.

        None where there is no such ticket, or no level left.
        """
        work = self._work(who, reference, self._now())
        if work is None or (level := next_level(work.ticket, self._policy)) is None:
            return None
        work.escalate(level, trigger.value)
        return self._changed(work)

    def reopened_by(self, who: str, reference: str) -> Change | None:
        """What a customer's word that it is not solved changes. Raises `ImpossibleStep` for one that is open.

        None where there is no such ticket.
        """
        return self._change(who, reference, lambda work: work.act(Action.REOPEN))

    def solved_by(self, who: str, reference: str) -> Change | None:
        """What a customer's word that it is solved changes. Raises `ImpossibleStep` for one that is.

        None where there is no such ticket.
        """
        return self._change(who, reference, lambda work: work.act(Action.SOLVE))

    def attached(self, reference: str, attaching: Attaching) -> Change | None:
        """What a file of the customer's changes; None without such a ticket.

        A finished ticket stays finished: the words that come with a file say whether there is more to do.
        """
        change = self._change(
            CUSTOMER, reference, lambda work: work.customer_attached(attaching.attachment.id)
        )
        return replace(change, attached=(attaching,)) if change is not None else None

    def _change(
        self, who: str, reference: str, step: Callable[[Work], None], at: dt.datetime | None = None
    ) -> Change | None:
        work = self._work(who, reference, at or self._now())
        if work is None:
            return None
        step(work)
        return self._changed(work)

    def _work(self, who: str, reference: str, at: dt.datetime) -> Work | None:
        """On the ticket that goes on for the one referred to."""
        ticket = self._store.get(reference)
        return Work(standing(self._store, ticket), who, at, self._policy) if ticket is not None else None

    def _changed(self, work: Work) -> Change:
        done = work.done()
        return replace(change_of(done), timers=timers_of(done.ticket, self._policy))
