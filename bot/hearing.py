"""What customers and rules do in, what that changes of their tickets out, to be stored with what caused it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from bot.changes import Attaching, Change, change_of
from bot.desk.escalation import Trigger, next_level
from bot.desk.life import Action
from bot.desk.policy import Policy
from bot.desk.steps import CUSTOMER, Work
from bot.ticket_store import TicketStore, standing, timers_of


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
        ticket = self._store.get(reference)
        if ticket is None:
            return None
        work = Work(standing(self._store, ticket), CUSTOMER, at, self._policy)
        work.customer_wrote(message_id)
        done = work.done()
        return replace(change_of(done), timers=timers_of(done.ticket, self._policy))

    def escalated_by(self, who: str, reference: str, trigger: Trigger) -> Change | None:
        """What an automatic trigger such as a bad score changes, to be stored with what caused it.

        None where there is no such ticket, or no level left.
        """
        ticket = self._store.get(reference)
        if ticket is None:
            return None
        work = Work(standing(self._store, ticket), who, self._now(), self._policy)
        level = next_level(work.ticket, self._policy)
        if level is None:
            return None
        work.escalate(level, trigger.value)
        done = work.done()
        return replace(change_of(done), timers=timers_of(done.ticket, self._policy))

    def reopened_by(self, who: str, reference: str) -> Change | None:
        """What a customer's word that it is not solved changes. Raises `ImpossibleStep` for one that is open.

        None where there is no such ticket.
        """
        ticket = self._store.get(reference)
        if ticket is None:
            return None
        work = Work(standing(self._store, ticket), who, self._now(), self._policy)
        work.act(Action.REOPEN)
        done = work.done()
        return replace(change_of(done), timers=timers_of(done.ticket, self._policy))

    def solved_by(self, who: str, reference: str) -> Change | None:
        """What a customer's word that it is solved changes. Raises `ImpossibleStep` for one that is.

        None where there is no such ticket.
        """
        ticket = self._store.get(reference)
        if ticket is None:
            return None
        work = Work(standing(self._store, ticket), who, self._now(), self._policy)
        work.act(Action.SOLVE)
        done = work.done()
        return replace(change_of(done), timers=timers_of(done.ticket, self._policy))

    def attached(self, reference: str, attaching: Attaching) -> Change | None:
        """What a file of the customer's changes; None without such a ticket.

        A finished ticket stays finished: the words that come with a file say whether there is more to do.
        """
        ticket = self._store.get(reference)
        if ticket is None:
            return None
        work = Work(standing(self._store, ticket), CUSTOMER, self._now(), self._policy)
        work.customer_attached(attaching.attachment.id)
        done = work.done()
        change = replace(change_of(done), timers=timers_of(done.ticket, self._policy))
        return replace(change, attached=(attaching,))
