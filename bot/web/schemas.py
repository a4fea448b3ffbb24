"""The JSON that customers' programs send and get: validation inward, documentation outward."""

import re
import unicodedata
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.dialogue import contact
from bot.dialogue.whereabouts import MOST_CHARS

#: C0 and C1 control characters except tab and line feed (NUL among them, which PostgreSQL cannot store), and
#: halves of surrogate pairs, which JSON can spell but UTF-8 cannot.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

#: RFC 5321, 4.5.3.1.3.
_LONGEST_CONTACT = 254

#: Language, perhaps script, region and variants (a practical subset of BCP 47); `_` is accepted for `-`.
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def clean_text(text: str) -> str:
    """Line ends as line feeds, no control characters, no blank edges."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_identifier(text: str) -> bool:
    """Whether a text can be the id of a conversation or message at all."""
    return _IDENTIFIER.fullmatch(text) is not None


def _message(text: str) -> str:
    text = clean_text(text)
    if all(char.isspace() or unicodedata.category(char) == "Cf" for char in text):
        raise ValueError("write a message of at least one character")
    return text


def _contact(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    heard = contact.read(text) if contact.is_nothing_else(text) else None
    if isinstance(heard, contact.Doubtful):
        # Who fills in a form has seen what they wrote, so an unusual domain is theirs.
        heard = heard.insisted()
    if heard is None or len(heard.address) > _LONGEST_CONTACT:
        raise ValueError(
            "this does not look like an email address, such as ann@shop.example, or a telephone number with its "
            "country, such as +49 30 123456"
        )
    return heard.address


def _locale(text: str) -> str:
    text = text.strip()
    if text and not _LOCALE.fullmatch(text):
        raise ValueError("give a language tag such as en or pt-BR")
    return text.replace("_", "-")


def _client_id(text: str) -> str:
    if text and not is_identifier(text):
        raise ValueError("use up to 64 letters, digits, hyphens and underscores")
    return text


_Context = Annotated[str, AfterValidator(clean_text), Field(max_length=MOST_CHARS)]


class ContextRequest(BaseModel):
    """Where the customer is, as the page says. It orders articles that fit about equally, and stands on a ticket."""

    model_config = ConfigDict(extra="ignore", strict=True)

    product: _Context = Field("", description="A product, as articles name it.", examples=["Heron"])
    plan: _Context = Field("", description="The customer's plan.", examples=["yearly"])
    page: _Context = Field("", description="What the page is about.", examples=["subscriptions"])


class ChatRequest(BaseModel):
    """What a customer says."""

    model_config = ConfigDict(extra="ignore", strict=True)

    message: Annotated[str, AfterValidator(_message)] = Field(
        description="The customer's own words.", examples=["How do I pause my subscription?"]
    )
    conversation_id: str | None = Field(None, description="Leave it out to start a new conversation.")
    locale: Annotated[str, AfterValidator(_locale)] | None = Field(
        None, description="Language tag of the page the customer reads.", examples=["en"]
    )
    contact: Annotated[str, AfterValidator(_contact)] | None = Field(
        None,
        description="Email address, or telephone number with its country, for when people take over.",
        examples=["ann@shop.example"],
    )
    client_id: Annotated[str, AfterValidator(_client_id)] | None = Field(
        None,
        description="The sender's own id for this message: sent again with the same id, it is stored "
        "and answered once.",
    )
    context: ContextRequest | None = Field(None, description="What the customer's page says of itself.")


class FeedbackRequest(BaseModel):
    """What a customer says of one answer."""

    model_config = ConfigDict(extra="ignore", strict=True)

    helpful: bool
    reason: Literal["off_topic", "unclear", "incomplete", "wrong"] | None = Field(
        None, description="Why it did not help; kept in front of the comment, in square brackets."
    )
    comment: Annotated[str, AfterValidator(clean_text), Field(max_length=2000)] | None = None


class CitationBody(BaseModel):
    """Where a quote stands."""

    article_id: str = Field(examples=["subscriptions/pause-or-skip"])
    locale: str = Field(examples=["en"])
    title: str = Field(examples=["Pause or skip a delivery"])
    heading_path: list[str] = Field(examples=[["Pause"]])
    url: str = Field(examples=["/help/en/subscriptions/pause-or-skip#pause"])
    quote: str = Field(
        description="Verbatim characters of the article's source: `source[start:end]`.",
        examples=["A monthly plan can be paused for **1 to 13 weeks**."],
    )
    text: str = Field(
        description="The quote without markup.", examples=["A monthly plan can be paused for 1 to 13 weeks."]
    )
    start: int = Field(examples=[412])
    end: int = Field(examples=[463])
    revision: str = Field(examples=["9f2c4a1b77de"])


class TicketBody(BaseModel):
    """What became of a conversation that people have."""

    reference: str = Field(examples=["TZ-4F7K-9Q2M"])
    queue: str = Field(examples=["general"])
    priority: str = Field(examples=["medium"])
    status: str = Field(examples=["new"])
    next_step: str = Field(examples=["Somebody from our team will write to you by tomorrow at noon."])
    contact_known: bool = Field(description="Whether we know how to reach the customer.")


class ChatReply(BaseModel):
    """What the customer gets: a quoted answer, a question back, or a hand-off to people."""

    kind: Literal["answer", "clarify", "handoff"]
    text: str = Field(
        examples=["Here is what our help centre says:\n\nA monthly plan can be paused for 1 to 13 weeks."]
    )
    citations: list[CitationBody]
    confidence: float = Field(
        ge=0, le=1, description="Probability that the quoted answer is right.", examples=[0.93]
    )
    reason: str = Field(examples=["answered"])
    rule: str = Field(examples=[""])
    language: str = Field(examples=["en"])
    choices: list[str] = Field(description="Messages the customer may send with one click.", examples=[[]])
    none: str = Field(
        description="Which of them, the last, says that none of the others is meant; or empty.", examples=[""]
    )
    written: bool = Field(
        description="Whether a language model wrote `text`, each sentence checked against a passage.",
        examples=[False],
    )
    conversation_id: str = Field(examples=["c_2hQk8m1ZrT0w"])
    message_id: str = Field(examples=["m_7Jd0aQx93LkE"])
    ticket: TicketBody | None = Field(examples=[None])
    redacted: list[str] = Field(
        description="Kinds of secrets that were taken out of the message before it was stored, such as `card` or "
        "`password`; `text` begins with a line about them. Empty when a conversation is read again.",
        examples=[[]],
    )


class MessageBody(BaseModel):
    """One thing somebody said; a bot's message carries its whole reply."""

    id: str
    role: Literal["customer", "bot", "agent", "system"]
    author: str = Field(description="Of an agent, the name that customers see; else empty.")
    text: str
    at: str = Field(description="ISO 8601 time in UTC.", examples=["2026-11-20T09:30:00+00:00"])
    client_id: str
    reply: ChatReply | None


class FileBody(BaseModel):
    """A file of a conversation; `GET /chat/{conversation_id}/files/{id}` downloads it."""

    id: str
    name: str = Field(examples=["screen.png"])
    media_type: str = Field(examples=["image/png"])
    size: int = Field(description="Bytes.", examples=[48_213])
    at: str = Field(examples=["2026-11-20T12:00:00+00:00"])
    by: Literal["customer", "team"]
    shared: bool
    removed: bool


class History(BaseModel):
    """A conversation so far, oldest message first."""

    conversation_id: str
    state: Literal["answering", "awaiting_choice", "awaiting_contact", "with_people", "with_agent", "closed"]
    agent: str = Field(description="Name of the person who is in the chat; else empty.")
    language: str
    ticket_reference: str
    ticket_status: Literal["", "new", "open", "waiting_for_customer", "on_hold", "solved", "closed"] = Field(
        description="How the ticket stands; empty where there is none."
    )
    next_step: str = Field(description="What happens next with the ticket and by when; else empty.")
    contact_known: bool
    survey: str = Field(
        description="Token for `POST /surveys/{token}` while a solution may be judged; else empty.",
        examples=[""],
    )
    messages: list[MessageBody]
    files: list[FileBody] = Field(description="What the customer sent and the team sent them, oldest first.")


class FieldProblem(BaseModel):
    """One value that cannot be used."""

    field: str = Field(examples=["message"])
    detail: str = Field(examples=["write a message of at least one character"])


class Problem(BaseModel):
    """An error as RFC 9457 problem details."""

    type: str = Field(examples=["/docs#not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(
        examples=["There is no such conversation. Leave conversation_id out to start a new one."]
    )
    instance: str = Field(
        description="The request's id, also in the log and in the header X-Request-ID.",
        examples=["urn:uuid:6f0c1c53-2d65-4a0e-9a36-5d5a9b8f7c11"],
    )
    contact: str | None = Field(
        None,
        description="After a failure of ours: another way to reach a person.",
        examples=["help@shop.example"],
    )
    errors: list[FieldProblem] | None = None


def problem_responses(**described: str) -> dict[int | str, dict[str, Any]]:
    """What a route's documentation says of its errors: `_404="There is no such ticket."` for each status."""
    content = {"application/problem+json": {"schema": _problem_schema()}}
    return {status[1:]: {"description": text, "content": content} for status, text in described.items()}


@cache
def _problem_schema() -> dict[str, Any]:
    """Made once, not for each route."""
    return Problem.model_json_schema()
