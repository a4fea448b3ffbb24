"""What the team does with tickets: a step is decided, and stored with its message, events, facts and notes at once."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, Protocol

from bot.changes import ArticleLink, Change
from bot.desk.escalation import MANUAL, Trigger, next_level
from bot.desk.life import Action
from bot.desk.policy import Policy
from bot.desk.steps import Edit, What, Work
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Message, Role
from bot.errors import BadRequest, TooLarge
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.randomness import Chance
from bot.tickets.joining import Joining
from bot.tickets.stepping import Stepping, needs
from bot.tickets.store import TicketStore, found

#: Characters of a reply or note.
LONGEST_TEXT: Final = 20_000

#: What a person may do by themselves; all of it needs `tickets:work`.
STEPS: Final = frozenset({Action.RESUME, Action.WAIT, Action.HOLD, Action.SOLVE, Action.CLOSE, Action.REOPEN})


class Members(Protocol):
    """Who is of the team."""

    def shown(self, name: str) -> str:
        """What colleagues and customers call somebody, by the name the audit log has for them."""

    def can_work(self, name: str) -> bool:
        """Whether somebody may be given tickets."""


class Tickets:
    """Steps of tickets. Each raises `NotFound`, `NotAllowed`, `ImpossibleStep`, and `TicketMoved` where `seen` is old.

    `seen` is the version of the ticket that a person was looking at; without it a step is taken on whatever it finds.
    """

    def __init__(
        self,
        store: TicketStore,
        members: Members,
        policy: Policy,
        chance: Chance,
        *,
        redact: Callable[[str], str],
    ) -> None:
        """`redact` takes out of a note what must not be stored."""
        self._store = store
        self._steps = Stepping(store, policy, chance)
        self._joining = Joining(store, self._steps)
        self._members = members
        self._policy = policy
        self._chance = chance
        self._redact = redact

    @property
    def policy(self) -> Policy:
        """The rules of the desk."""
        return self._policy

    @property
    def joining(self) -> Joining:
        """Steps that say what belongs to a ticket: other tickets, articles, files."""
        return self._joining

    def take(self, who: Principal, reference: str, *, seen: int | None = None) -> Ticket:
        """Makes it one's own. Taking it from a colleague needs `tickets:assign`."""

        def step(work: Work) -> None:
            if work.ticket.assignee not in ("", who.name):
                needs(who, Permission.TICKETS_ASSIGN, "Somebody else has this ticket")
            work.assign(who.name, "took it", Action.TAKE)

        return self._steps.take(who, reference, seen, step)

    def assign(self, who: Principal, reference: str, to: str, *, seen: int | None = None) -> Ticket:
        """Gives it to somebody, such as `account:ID`; with an empty name it goes back to its queue."""
        if to == who.name:
            return self.take(who, reference, seen=seen)
        if to and not self._members.can_work(to):
            raise BadRequest("Nobody of that name can be given tickets.")

        def step(work: Work) -> None:
            if to or work.ticket.assignee != who.name:
                needs(who, Permission.TICKETS_ASSIGN, "Giving tickets to others")
            work.assign(to, f"given by {who.shown}", Action.ASSIGN if to else Action.RELEASE)

        return self._steps.take(who, reference, seen, step)

    def reply(
        self,
        who: Principal,
        reference: str,
        text: str,
        *,
        then: Action = Action.WAIT,
        seen: int | None = None,
        articles: Iterable[ArticleLink] = (),
        client_id: str = "",
    ) -> Ticket:
        """Writes to the customer, in their conversation; `then` says whose turn it is, or that it is solved.

        Whoever replies to a ticket that nobody has, takes it. `articles` are linked to it. With a `client_id` of the
        sender's own it is stored once, however often it is sent.
        """
        message = self._message(who, text, client_id)
        ticket = self._found(reference)
        if client_id and self._store.was_said(ticket.conversation_id, client_id):
            return ticket

        def step(work: Work) -> None:
            if not work.ticket.assignee:
                work.assign(who.name, "replied first", Action.ASSIGN)
            work.replied(message.id)
            work.act(_checked(then))

        links = tuple(articles)

        def more(change: Change) -> Change:
            return replace(change, articles=links)

        return self._steps.take(who, reference, seen, step, message=message, more=more)

    def note(self, who: Principal, reference: str, text: str, *, seen: int | None = None) -> Ticket:
        """Writes what only the team reads."""
        clean = self._redact(_text(text))

        def step(work: Work) -> None:
            work.act(Action.NOTE)
            work.note(What.NOTE, clean)

        return self._steps.take(who, reference, seen, step)

    def act(self, who: Principal, reference: str, action: Action, *, seen: int | None = None) -> Ticket:
        """Says whose turn it is, or that it is solved, closed or open again."""
        return self._steps.take(who, reference, seen, lambda work: work.act(_checked(action)))

    def edit(self, who: Principal, reference: str, edit: Edit, *, seen: int | None = None) -> Ticket:
        """Changes fields. Another priority or queue needs `tickets:assign`."""

        def step(work: Work) -> None:
            if (edit.priority or work.ticket.priority) is not work.ticket.priority or (
                edit.queue or work.ticket.queue
            ) != work.ticket.queue:
                needs(who, Permission.TICKETS_ASSIGN, "Changing priorities and queues")
            work.edit(edit)

        return self._steps.take(who, reference, seen, step)

    def escalate(
        self, who: Principal, reference: str, why: Trigger, *, unit: str = "", seen: int | None = None
    ) -> Ticket:
        """Gives it to the next level that is for tickets like it, or to another unit; `why` is one of `MANUAL`.

        Raises `BadRequest` for a unit that the policy does not know, and where no level is left.
        """
        if why not in MANUAL:
            raise BadRequest(f"Choose one of {', '.join(MANUAL)}.")
        units = self._policy.escalation.units
        if unit and unit not in units:
            raise BadRequest(f"There is no unit {unit!r}; the policy knows {', '.join(units)}.")

        def step(work: Work) -> None:
            level = next_level(work.ticket, self._policy)
            if unit:
                work.pass_to_unit(unit, units[unit], why.value)
            elif level is None:
                raise BadRequest("No level above this one is for tickets like it; choose a unit.")
            else:
                work.escalate(level, why.value)

        return self._steps.take(who, reference, seen, step)

    def _message(self, who: Principal, text: str, client_id: str) -> Message:
        return Message(
            self._chance.new_id(),
            Role.AGENT,
            _text(text),
            self._chance.now(),
            None,
            client_id,
            author=who.shown,
        )

    def _found(self, reference: str) -> Ticket:
        return found(self._store, reference)


def _text(text: str) -> str:
    if not any(map(str.isalnum, text)):
        raise BadRequest("Write a word at least.")
    if len(text) > LONGEST_TEXT:
        raise TooLarge(
            f"A reply or note may have at most {LONGEST_TEXT} characters; this one has {len(text)}."
        )
    return text


def _checked(action: Action) -> Action:
    if action not in STEPS:
        raise BadRequest(f"Choose one of {', '.join(sorted(STEPS))}.")
    return action
