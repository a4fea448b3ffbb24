"""Values to store: articles, turns and tickets with every field filled in."""

import datetime as dt
import hashlib

from bot.desk.ticket import Priority, Status, Ticket
from bot.dialogue.conversation import Message, Role, State
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.ports import Exchange, Generation, KnownFile, Release
from kb.article import Article, ArticleKey, Audience, Chunk, Span, SpanKind

NOON = dt.datetime(2025, 3, 4, 12, 30, 15, 123456, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(minutes=7, microseconds=1)
BERLIN = dt.timezone(dt.timedelta(hours=1))

RETURNS = ArticleKey("returns/how-to", "en")
RETURNS_DE = ArticleKey("returns/how-to", "de")
REFUNDS = ArticleKey("refunds/when", "en")


def article(
    key: ArticleKey = RETURNS, source: str = "# Returns\n\nSend it back.\n", **fields: object
) -> Article:
    given: dict[str, object] = {
        "key": key,
        "title": f"About {key.id}",
        "source": source,
        "revision": hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        "audience": Audience.PUBLIC,
        "url": "https://shop.example/help/returns",
        "tags": ("returns", "naïve ☕"),
        "product": "Wren",
        "owner": "care@shop.example",
        "last_reviewed": dt.date(2025, 1, 31),
        "next_review": dt.date(2026, 1, 31),
        "draft": False,
        "sections": (),
        "links": (),
    }
    return Article(**{**given, **fields})  # type: ignore[arg-type]


def chunk(of: Article, ordinal: int = 0) -> Chunk:
    spans = (
        Span(2, 9, 'Say "Returns"', SpanKind.SENTENCE, 0, -1),
        Span(11, 24, "1. Send it back ☕", SpanKind.STEP, 1, 0, 1),
    )
    heading_path = ("Returns", "By post, \\ or 'in person'")
    return Chunk(of.key, of.revision, ordinal, of.title, heading_path, "by-post", 2, 24, spans)


def release(*articles: Article, root: str = "/help", removed: tuple[ArticleKey, ...] = ()) -> Release:
    return Release(
        root=root,
        files=tuple(KnownFile(f"{a.key}.md", "d" * 64, a.key, "") for a in articles),
        articles=articles,
        chunks=tuple(chunk(a) for a in articles),
        removed=removed,
    )


def generation(number: int = 1) -> Generation:
    return Generation(f"generation-{number}", f"corpus-{number}")


CITATION = Citation(
    article_id="returns/how-to",
    locale="en",
    title="How to return",
    heading_path=("Returns", "By post"),
    url="https://shop.example/help/returns#by-post",
    quote="**Send** it back.",
    text="Send it back.",
    start=11,
    end=28,
    revision="0123456789ab",
)

ANSWER = Reply(
    kind=ReplyKind.ANSWER,
    text="Here is how:\n> Send it back.",
    citations=(CITATION, CITATION),
    confidence=0.8765432101234567,
    reason=Reason.ANSWERED,
    rule="",
    language="en",
    choices=("By post", "In person"),
    none_of_these="Neither",
)


def message(id_: str, role: Role, text: str = "how do i return", **fields: object) -> Message:
    return Message(id_, role, text, **{"at": NOON, **fields})  # type: ignore[arg-type]


def turn(number: int, conversation_id: str = "c1", **fields: object) -> Exchange:
    """Turn `number`, from 0, whose message ids tell it apart."""
    name = f"{conversation_id}-{number}"
    given: dict[str, object] = {
        "conversation_id": conversation_id,
        "incoming": message(f"in-{name}", Role.CUSTOMER, f"question {number}", client_id=f"send-{number}"),
        "outgoing": message(f"out-{name}", Role.BOT, "answer", at=LATER, reply=ANSWER),
        "state": State.ANSWERING,
        "language": "en",
        "contact": "",
        "ticket": None,
    }
    return Exchange(**{**given, **fields})  # type: ignore[arg-type]


def ticket(
    reference: str = "TZ-4F7K-9Q2M", conversation_id: str = "c1", created_at: dt.datetime = NOON
) -> Ticket:
    return Ticket(
        reference=reference,
        conversation_id=conversation_id,
        subject="how do i return",
        reason=Reason.PERSON,
        rule="person/ask-for-human",
        priority=Priority.HIGH,
        queue="returns",
        status=Status.NEW,
        language="en",
        contact="ada@example.org",
        considered=(CITATION,),
        created_at=created_at,
        first_response_due=created_at + dt.timedelta(hours=4),
        resolution_due=created_at + dt.timedelta(days=2),
    )
