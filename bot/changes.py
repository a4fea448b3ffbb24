"""A step of a ticket in, all that is stored with it out: events, message, facts and notes, as one transaction."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from bot.desk.attachments import Attachment, AttachmentRules
from bot.desk.steps import CUSTOMER, Step, What
from bot.desk.ticket import FINISHED, Event, Status, Ticket
from bot.desk.timers import Timer
from bot.dialogue.conversation import Conversation, Message
from bot.dialogue.states import Event as Happened
from bot.dialogue.states import after
from bot.errors import Conflict
from bot.ledger.facts import Fact, FactKind, SolvedBy, fact_of_act
from bot.people.audit import Note

#: Events whose texts hold what people wrote; the audit log is told that they happened, and not what was said.
WORDED: Final = frozenset({What.NOTE, What.TAGS, What.CONTACT, What.CONTACT_UNCONFIRMED})
#: What stands before the names of those who act for the team.
_ACCOUNT: Final = "account:"
_STAFF: Final = (_ACCOUNT, "key:")


class TicketMoved(Conflict):
    """Somebody changed the ticket between reading and writing it; `changes` says what was done meanwhile."""

    title = "The ticket was changed meanwhile"

    def __init__(self, ticket: Ticket, changes: tuple[Event, ...]) -> None:
        super().__init__(
            "The ticket was changed since you opened it. Nothing you wrote is lost: look, then send again."
        )
        self.ticket = ticket
        self.changes = changes


@dataclass(frozen=True, slots=True)
class Said:
    """A person's message to the customer."""

    message: Message
    """Of the role agent."""
    conversation_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two tickets that belong together."""

    reference: str
    other: str
    kind: str
    """`repeat` for the same customer writing again, `related` where somebody said so."""


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article that helped with a ticket."""

    article_id: str
    locale: str


@dataclass(frozen=True, slots=True)
class Attaching:
    """A file that is added, and the rules for how many there may be."""

    attachment: Attachment
    rules: AttachmentRules


@dataclass(frozen=True, slots=True)
class Detached:
    """A file that is taken away."""

    attachment_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """Everything one change of a ticket stores."""

    step: Step
    said: Said | None = None
    happened: Happened | None = None
    """What it means for who has the conversation; None leaves that."""
    facts: tuple[Fact, ...] = ()
    notes: tuple[Note, ...] = ()
    linked: tuple[Link, ...] = ()
    unlinked: tuple[Link, ...] = ()
    articles: tuple[ArticleLink, ...] = ()
    articles_taken_out: tuple[ArticleLink, ...] = ()
    attached: tuple[Attaching, ...] = ()
    detached: tuple[Detached, ...] = ()
    timers: tuple[Timer, ...] | None = None
    """The timers that the ticket has from now on; None leaves those it has."""
    fires: Timer | None = None
    """The timer whose effect this is: it is marked as fired with it, or nothing is stored."""
    fired_at: dt.datetime | None = None
    """When it did; what nothing happened by has no other time."""

    @property
    def ticket(self) -> Ticket:
        """The ticket after it."""
        return self.step.ticket


def change_of(step: Step, said: Said | None = None) -> Change:
    """What a step means for the ledger, the audit log and the conversation."""
    return Change(
        step=step,
        said=said,
        happened=_happened(step, said),
        facts=tuple(fact for event in step.events for fact in _facts(step.ticket, event, said)),
        notes=tuple(_note(step.ticket, event) for event in step.events if event.who.startswith(_STAFF)),
    )


def with_links(change: Change, *links: Link) -> Change:
    """The same change, with tickets that belong together; it holds in both directions."""
    both = tuple(one for link in links for one in (link, Link(link.other, link.reference, link.kind)))
    return replace(change, linked=(*change.linked, *both))


def state_after(conversation: Conversation, happened: Happened) -> Conversation:
    """Who has the conversation after it. Raises `ImpossibleTransition`."""
    return replace(conversation, state=after(conversation.state, happened))


def _happened(step: Step, said: Said | None) -> Happened | None:
    ended = any(event.what == What.STATUS and event.after in FINISHED for event in step.events)
    if ended:
        return Happened.CLOSED
    return Happened.PERSON_WROTE if said is not None else None


#: What each kind of event is in the ledger; those with more to them are in `_kind`.
_KINDS: Final = {
    What.REPLY: FactKind.AGENT_REPLIED,
    What.ESCALATED: FactKind.ESCALATED,
    What.QUEUE: FactKind.TRANSFERRED,
}


def _facts(ticket: Ticket, event: Event, said: Said | None) -> list[Fact]:
    kind, reason = _kind(event)
    if kind is None:
        return []
    conversation_id = said.conversation_id if said and event.what == What.REPLY else ticket.conversation_id
    return [
        fact_of_act(
            conversation_id,
            event.at.astimezone(dt.UTC),
            kind,
            who=event.who.removeprefix(_ACCOUNT) if event.who.startswith(_ACCOUNT) else "",
            reason=reason,
            channel=ticket.channel,
            language=ticket.language,
            tags=ticket.tags,
        )
    ]


def _kind(event: Event) -> tuple[FactKind | None, str]:
    if event.what == What.STATUS:
        if event.after == Status.SOLVED:
            by = SolvedBy.AGENT if event.who.startswith(_STAFF) else SolvedBy.RULE
            return FactKind.SOLVED, (SolvedBy.CUSTOMER if event.who == CUSTOMER else by).value
        reopened = event.before in FINISHED and event.after not in FINISHED
        return (FactKind.REOPENED if reopened else None), ""
    if event.what == What.ASSIGNEE:
        return (FactKind.TAKEN if event.after else None), ""
    if event.what in _KINDS:
        kind = _KINDS[What(event.what)]
        return kind, "" if kind is FactKind.AGENT_REPLIED else event.after
    return None, ""


def _note(ticket: Ticket, event: Event) -> Note:
    told = {} if event.what in WORDED else {"before": event.before, "after": event.after}
    return Note(event.at, event.who, f"ticket.{event.what}", f"ticket:{ticket.reference}", told)
