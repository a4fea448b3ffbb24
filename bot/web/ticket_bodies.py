"""The JSON of tickets that programs get and send; `bot.tickets` has the values behind it."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.changes import ArticleLink
from bot.desk.life import Action
from bot.desk.queue import Due, Row
from bot.desk.steps import Edit
from bot.desk.ticket import Event, Priority, Ticket
from bot.dialogue.conversation import Message
from bot.tickets.viewing import Opened
from bot.web.schemas import clean_text

Text = Annotated[str, AfterValidator(clean_text)]
Seen = Annotated[
    int | None,
    Field(
        ge=1,
        description="The version of the ticket that this was decided on; where it has another by now, nothing is done "
        "and the answer is 409 with `changes`. Without it the step is taken on whatever is there.",
    ),
]


class Body(BaseModel):
    """What every request about a ticket may say."""

    model_config = ConfigDict(extra="forbid")

    version: Seen = None


class ArticleBody(BaseModel):
    """An article by its id and language."""

    article_id: str = Field(min_length=1, max_length=500, examples=["subscriptions/pause-or-skip"])
    locale: str = Field(min_length=1, max_length=35, examples=["en"])

    def link(self) -> ArticleLink:
        """The value of it."""
        return ArticleLink(clean_text(self.article_id), clean_text(self.locale))


class ReplyBody(Body):
    """What is written to the customer."""

    text: Text = Field(examples=["Hello Ann, your parcel leaves today."])
    then: Literal["resume", "wait", "hold", "solve", "close"] = Field(
        "wait", description="Whose turn it is then, or that it is done."
    )
    articles: list[ArticleBody] = Field([], max_length=20, description="Articles that the reply was made of.")
    client_id: str = Field("", max_length=64, description="An id of your own; sent again, it is stored once.")


class NoteBody(Body):
    """What only the team reads."""

    text: Text


class StatusBody(Body):
    """A step of the ticket's way."""

    action: Literal["resume", "wait", "hold", "solve", "close", "reopen"]

    def value(self) -> Action:
        """The value of it."""
        return Action(self.action)


class AssignBody(Body):
    """Who has it."""

    assignee: str = Field(
        "",
        max_length=80,
        description="`account:ID`, `me`, or empty to give it back to its queue.",
        examples=["me"],
    )


class EditBody(Body):
    """Fields to change; those that are left out stay."""

    priority: Priority | None = None
    category: str | None = Field(None, max_length=80)
    service: str | None = Field(None, max_length=80)
    queue: str | None = Field(None, max_length=80)
    level: int | None = Field(None, ge=1, le=4)
    tags: list[Text] | None = Field(None, max_length=20)

    def value(self) -> Edit:
        """The value of it."""
        tags = None if self.tags is None else tuple(self.tags)
        return Edit(self.priority, self.category, self.service, self.queue, self.level, tags)


class OtherBody(Body):
    """Another ticket."""

    reference: str = Field(min_length=1, max_length=40, examples=["TZ-4F7K-9Q2M"])


class EscalateBody(Body):
    """To the next level, or to another unit."""

    why: Literal["customer_asked", "complexity", "business_impact", "legal_concern"]
    unit: str = Field("", max_length=80, description="One of the policy's units; empty for the next level.")


class LinkedArticleBody(Body, ArticleBody):
    """An article that helped."""


def summary(ticket: Ticket) -> dict[str, Any]:
    """A ticket without what was said in it; for who may not read personal data there is no `conversation_id`."""
    return {
        "reference": ticket.reference,
        "conversation_id": ticket.conversation_id or None,
        "version": ticket.version,
        "subject": ticket.subject,
        "status": ticket.status,
        "priority": ticket.priority,
        "category": ticket.category,
        "service": ticket.service,
        "queue": ticket.queue,
        "level": ticket.level,
        "assignee": ticket.assignee,
        "assigned_why": ticket.assigned_why,
        "tags": ticket.tags,
        "language": ticket.language,
        "channel": ticket.channel,
        "contact": ticket.contact,
        "reason": ticket.reason,
        "rule": ticket.rule,
        "merged_into": ticket.merged_into,
        "created_at": ticket.created_at.isoformat(),
        "first_responded_at": ticket.first_responded_at.isoformat() if ticket.first_responded_at else None,
        "solved_at": ticket.solved_at.isoformat() if ticket.solved_at else None,
    }


def row_body(row: Row, due: Due | None) -> dict[str, Any]:
    """A ticket as a queue lists it."""
    return {
        "reference": row.reference,
        "subject": row.subject,
        "status": row.status,
        "priority": row.priority,
        "category": row.category,
        "queue": row.queue,
        "level": row.level,
        "assignee": row.assignee,
        "language": row.language,
        "reason": row.reason,
        "created_at": row.created_at.isoformat(),
        "due": None if due is None else clock_body(due),
    }


def clock_body(due: Due) -> dict[str, Any]:
    """A clock that runs."""
    return {"clock": due.clock, "at": due.at.isoformat(), "urgency": due.urgency, "left": due.left}


def opened_body(opened: Opened) -> dict[str, Any]:
    """A ticket with all that stands beside it."""
    return {
        **summary(opened.ticket),
        "summary": opened.ticket.packet.summary,
        "where": dict(opened.ticket.packet.where.told()),
        "masked": opened.masked,
        "clocks": [clock_body(due) for due in opened.clocks],
        "messages": [_message(message) for message in opened.messages],
        "events": [_event(event) for event in opened.events],
        "linked": [{"reference": row.reference, "how": how} for how, row in opened.linked],
        "articles": [{"article_id": one.article_id, "locale": one.locale} for one in opened.articles],
        "earlier": [row.reference for row in opened.of_customer],
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "role": message.role,
        "author": message.author,
        "text": message.text,
        "at": message.at.isoformat(),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(),
        "who": event.who,
        "what": event.what,
        "from": event.before,
        "to": event.after,
        "version": event.version,
    }
