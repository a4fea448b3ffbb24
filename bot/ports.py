"""What the bot needs of a database, as small protocols; `bot.storage` implements them, tests may too."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.changes import Change
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Conversation, Message, State
from bot.dialogue.learned import Event, LearnedQuestion, Pair
from bot.ledger.facts import Fact
from kb.article import Article, ArticleKey, Audience, Chunk


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A source file as the last ingest saw it."""

    path: str
    """Relative to its source's root, with forward slashes."""
    digest: str
    """SHA-256 of the file's bytes, hex."""
    key: ArticleKey | None
    """The article that came of it; None for a draft or a quarantined file."""
    reason: str
    """Why it was quarantined, or empty."""


@dataclass(frozen=True, slots=True)
class Published:
    """An article that may answer now."""

    key: ArticleKey
    revision: str
    title: str
    audience: Audience
    url: str


@dataclass(frozen=True, slots=True)
class Generation:
    """The index that answers now: a folder name and the corpus it was built from."""

    name: str
    corpus: str
    """Fingerprint of all published (key, revision) pairs."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that articles of a source may show."""

    path: str
    """Relative to its source's root, with forward slashes."""
    digest: str
    """SHA-256 of its bytes, hex."""
    media_type: str
    content: bytes | None
    """None where the database has them already."""


@dataclass(frozen=True, slots=True)
class Release:
    """Everything one ingest changes, committed in one transaction so that a kill leaves the old or the new."""

    root: str
    """The source the files belong to, such as an absolute folder path."""
    files: tuple[KnownFile, ...]
    """All files of the source as seen now; the stored list of this root is replaced by it."""
    articles: tuple[Article, ...]
    """Added and changed articles; drafts are not among them."""
    chunks: tuple[Chunk, ...]
    """Chunks of `articles`; they replace the stored chunks of those articles."""
    removed: tuple[ArticleKey, ...]
    """Articles that stop answering now. Their revisions stay, so that old citations can be shown."""
    images: tuple[Image, ...] = ()
    """All pictures of the source as seen now; the stored list of this root is replaced by it."""


class ArticleRecord(Protocol):
    """All that is stored of a published article except its text."""

    @property
    def key(self) -> ArticleKey: ...

    @property
    def revision(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def audience(self) -> Audience: ...

    @property
    def url(self) -> str: ...

    @property
    def tags(self) -> tuple[str, ...]: ...

    @property
    def product(self) -> str: ...

    @property
    def category(self) -> str:
        """What its folder is called in its language; empty where the writer names none."""

    @property
    def last_reviewed(self) -> dt.date | None: ...

    @property
    def first_published_at(self) -> dt.datetime:
        """When this revision first answered."""

    @property
    def root(self) -> str:
        """The source that publishes it; empty for a revision that does not answer any more."""

    @property
    def path(self) -> str:
        """Its file in that source; empty likewise."""


class Shelf(Protocol):
    """Articles with all their revisions, and which index serves them."""

    def files(self, root: str) -> Sequence[KnownFile]: ...

    def published(self, keys: Iterable[ArticleKey] | None = None) -> Mapping[ArticleKey, Published]:
        """What may answer now: all of it, or those of `keys` that still may."""

    def images(self, root: str) -> Sequence[Image]:
        """Pictures of a source as the last ingest saw them, by path, without their bytes."""

    def image(self, digest: str) -> Image | None:
        """A picture that some source has now, with its bytes."""

    def root_of(self, key: ArticleKey) -> str | None:
        """The source that publishes an article, or None."""

    def source(self, key: ArticleKey, revision: str) -> str | None:
        """The text of a revision, also of one long replaced; None for one never seen."""

    def revisions(self, key: ArticleKey) -> Sequence[tuple[str, dt.datetime]]:
        """Revisions of an article with the time each was first published, oldest first."""

    def chunks(self) -> Iterable[Chunk]:
        """Chunks of all published articles, by key and ordinal; streamed."""

    def listing(self) -> Sequence[ArticleRecord]:
        """Every published article."""

    def record(self, key: ArticleKey, revision: str) -> ArticleRecord | None:
        """A revision, also one long replaced; its `root` is empty unless it answers now."""

    def generation(self) -> Generation | None:
        """The index to serve; cheap enough to ask several times a second."""

    def publish(self, releases: Sequence[Release], generation: Generation, at: dt.datetime) -> None:
        """Commits all `releases` and the generation that serves them, or nothing."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn, committed in one transaction: what came in, what went out, what it led to."""

    conversation_id: str
    incoming: Message
    outgoing: Message | None
    """None where a person is in the chat: the bot keeps silent."""
    state: State
    """State after the turn."""
    language: str
    contact: str
    """Contact known after the turn, or empty."""
    ticket: Ticket | None
    """A ticket this turn opened, or None."""
    threshold: float = 0.0
    """The probability that an answer needed when the turn was decided, 0..1."""
    unconfirmed: str = ""
    """An address that is probably mistyped; the ticket's history keeps it."""
    change: Change | None = None
    """What the turn changes about a ticket that has the conversation already."""
    drawn: Fact | None = None
    """The arm of an experiment that the turn put the customer into."""
    facts: tuple[Fact, ...] = ()
    """What else happened by it; a turn with the bot tells of itself."""
    owner: str = ""
    """Whose session opens the conversation; an open one keeps its own."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a customer said of one bot message; the newest replaces none of the older ones."""

    message_id: str
    helpful: bool
    comment: str
    at: dt.datetime


class Conversations(Protocol):
    """Conversations, their tickets and feedback."""

    def get(self, conversation_id: str) -> Conversation | None: ...

    def record(self, exchange: Exchange, seen: int) -> None:
        """Appends a turn; opens the conversation where it is new.

        `seen` is the number of messages the turn was decided on. Raises `bot.errors.ConversationMoved`
        when the stored conversation has another number, and stores nothing then.
        """

    def add_feedback(self, feedback: Feedback) -> bool:
        """False when no bot message has that id."""

    def newest_of(self, owner: str, since: dt.datetime) -> str:
        """The id of the conversation of this owner that was talked in last, and not before `since`; else empty."""

    def owner_of_message(self, message_id: str) -> str:
        """Whose session opened the conversation of a message; empty for nobody's and for no message."""

    def helpful(self, conversation_id: str) -> Mapping[str, bool]:
        """What the customer said last of each answer of a conversation, by the id of the bot's message."""

    def ticket(self, reference: str) -> Ticket | None: ...

    def tickets(self, limit: int = 50) -> Sequence[Ticket]:
        """Newest first."""

    def ping(self) -> None:
        """Raises `bot.errors.StorageUnavailable` when the database does not answer."""


class LearnedStore(Protocol):
    """Questions that were answered before, and what was said of them."""

    def version(self) -> int:
        """Grows with every change; 0 before the first. Cheap enough to ask several times a second."""

    def conversation_of(self, message_id: str) -> str | None:
        """The conversation that a message belongs to."""

    def questions(self) -> Sequence[LearnedQuestion]:
        """All of them with their events, in the order they were learned."""

    def learn(self, pair: Pair, event: Event) -> int:
        """Adds an event to a pair, and the pair where it is new; returns its id."""

    def add(self, ids: Sequence[int], event: Event) -> None:
        """Adds the same event to several pairs, all of which must be there."""

    def erase(self, source: str) -> int:
        """Removes what a source said, and pairs that nobody else spoke of; returns their number."""

    def vectors(self, model: str) -> Mapping[int, bytes]:
        """The vectors that a model made, by the id of their question."""

    def keep_vectors(self, model: str, vectors: Mapping[int, bytes]) -> None:
        """Stores vectors; those that are there already stay."""
