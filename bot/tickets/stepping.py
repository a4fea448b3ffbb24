"""A step of a ticket in, the ticket after it out: decided on it as it is, and stored with all that it brings about."""

from collections.abc import Callable
from dataclasses import replace

from bot.anew import anew
from bot.changes import Change, Said, TicketMoved, change_of
from bot.desk.policy import Policy
from bot.desk.steps import Step, Work
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Message
from bot.errors import NotAllowed
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.randomness import Chance
from bot.tickets.store import TicketStore, found, timers_of


class Stepping:
    """Takes steps for people of the team."""

    def __init__(self, store: TicketStore, policy: Policy, chance: Chance) -> None:
        self._store = store
        self._policy = policy
        self._chance = chance

    def take(
        self,
        who: Principal,
        reference: str,
        seen: int | None,
        step: Callable[[Work], None],
        *,
        message: Message | None = None,
        more: Callable[[Change], Change] = lambda change: change,
    ) -> Ticket:
        """Decides a step on the ticket as it is now and stores it; anew where somebody was faster.

        `more` adds what goes into the same transaction. Raises what `step` raises, `NotFound`, `NotAllowed`, and
        `TicketMoved` where `seen` is not the version any more.
        """
        needs(who, Permission.TICKETS_WORK, "Working at tickets")

        def once() -> Ticket:
            ticket = found(self._store, reference)
            if seen is not None and ticket.version != seen:
                raise self._store.moved(reference, seen) or TicketMoved(ticket, ())
            work = Work(ticket, who.name, self._chance.now(), self._policy)
            step(work)
            done = work.done()
            if not done.events:
                return ticket
            change = replace(
                change_of(done, _said(done, message)), timers=timers_of(done.ticket, self._policy)
            )
            self._store.apply(more(change))
            return done.ticket

        # Who says what they saw wants to be told, not to be outrun.
        return once() if seen is not None else anew(self._chance, once, TicketMoved)


def needs(who: Principal, permission: Permission, what: str) -> None:
    """Raises `NotAllowed` for those whose role does not include a permission; `what` begins the sentence."""
    if not who.may(permission):
        raise NotAllowed(f"{what}: this needs {permission}, which your role does not include.")


def _said(step: Step, message: Message | None) -> Said | None:
    return Said(message, step.ticket.conversation_id) if message is not None else None
