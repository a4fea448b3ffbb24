"""Values to and from the JSON kept in text columns; it carries a version, and another one is refused."""

import json
from collections.abc import Sequence
from typing import Any, Final

from bot.desk.packet import Attempt, Mood, Packet, Tried
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.dialogue.whereabouts import Whereabouts
from bot.errors import BotError, NotReady
from bot.storage.columns import legal
from kb.article import Span, SpanKind

#: Version of the layout of replies and citations. Who changes their fields raises it and reads both.
REPLY_VERSION: Final = 1
#: Version of the layout of hand-off packets.
PACKET_VERSION: Final = 1
#: Version of the layout of spans.
SPANS_VERSION: Final = 1

_KINDS = {kind.value: kind for kind in SpanKind}
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def reply_to_json(reply: Reply) -> str:
    """Raises `ValueError` when the confidence is not a number."""
    return _encode(
        {
            "v": REPLY_VERSION,
            "kind": reply.kind.value,
            "text": legal(reply.text),
            "citations": [_citation_fields(citation) for citation in reply.citations],
            "confidence": reply.confidence,
            "reason": reply.reason.value,
            "rule": legal(reply.rule),
            "language": legal(reply.language),
            "choices": [legal(choice) for choice in reply.choices],
            **({"none_of_these": legal(reply.none_of_these)} if reply.none_of_these else {}),
            **({"written": True} if reply.written else {}),
            **({"arm": legal(reply.arm)} if reply.arm else {}),
        }
    )


def reply_from_json(stored: str) -> Reply:
    """Raises `NotReady` for another version and `BotError` for what is no reply at all."""
    body = _object(stored, "reply", REPLY_VERSION)
    try:
        return Reply(
            kind=ReplyKind(body.pop("kind")),
            citations=tuple(_citation(fields) for fields in body.pop("citations")),
            reason=Reason(body.pop("reason")),
            choices=tuple(body.pop("choices")),
            **body,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable("reply") from error


def citations_to_json(citations: Sequence[Citation]) -> str:
    """The passages of a ticket."""
    return _encode({"v": REPLY_VERSION, "citations": [_citation_fields(citation) for citation in citations]})


def citations_from_json(stored: str) -> tuple[Citation, ...]:
    """Raises `NotReady` for another version and `BotError` for what is no list of citations."""
    body = _object(stored, "list of citations", REPLY_VERSION)
    try:
        return tuple(_citation(fields) for fields in body["citations"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable("list of citations") from error


def packet_to_json(packet: Packet) -> str:
    """What the person who takes over reads first."""
    tried = [
        {
            "what": one.what.value,
            "title": legal(one.title),
            "article_id": legal(one.article_id),
            "locale": legal(one.locale),
            "helpful": one.helpful,
        }
        for one in packet.tried
    ]
    fields = {"summary": legal(packet.summary), "mood": packet.mood.value, "tried": tried}
    where = {name: legal(said) for name, said in packet.where.told()}
    return _encode({"v": PACKET_VERSION, **fields, **({"where": where} if where else {})})


def packet_from_json(stored: str) -> Packet:
    """An empty packet for a ticket of before there were any.

    Raises `NotReady` for another version and `BotError` for what is no packet.
    """
    if not stored:
        return Packet()
    body = _object(stored, "hand-off packet", PACKET_VERSION)
    try:
        tried = tuple(Tried(what=Attempt(one.pop("what")), **one) for one in body["tried"])
        # Packets of before pages said anything have no such part.
        return Packet(body["summary"], Mood(body["mood"]), tried, Whereabouts(**body.get("where", {})))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable("hand-off packet") from error


def spans_to_json(spans: Sequence[Span]) -> str:
    """Rows without field names: a library has hundreds of thousands of spans."""
    rows = [
        (span.start, span.end, legal(span.text), span.kind.value, span.block, span.group, span.number)
        for span in spans
    ]
    return _encode({"v": SPANS_VERSION, "spans": rows})


def spans_from_json(stored: str) -> tuple[Span, ...]:
    """Raises `NotReady` for another version and `BotError` for what is no list of spans."""
    body = _object(stored, "list of spans", SPANS_VERSION)
    try:
        return tuple(
            Span(start, end, text, _KINDS[kind], block, group, number)
            for start, end, text, kind, block, group, number in body["spans"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable("list of spans") from error


def strings_to_json(strings: Sequence[str]) -> str:
    """A plain list, such as tags or a heading path; it needs no version."""
    return _encode([legal(string) for string in strings])


def strings_from_json(stored: str) -> tuple[str, ...]:
    """Raises `BotError` for what is no list of strings."""
    try:
        strings = json.loads(stored)
    except ValueError as error:
        raise _unreadable("list of strings") from error
    if not isinstance(strings, list) or not all(isinstance(string, str) for string in strings):
        raise _unreadable("list of strings")
    return tuple(strings)


def _citation_fields(citation: Citation) -> dict[str, Any]:
    return {
        "article_id": legal(citation.article_id),
        "locale": legal(citation.locale),
        "title": legal(citation.title),
        "heading_path": [legal(heading) for heading in citation.heading_path],
        "url": legal(citation.url),
        "quote": legal(citation.quote),
        "text": legal(citation.text),
        "start": citation.start,
        "end": citation.end,
        "revision": legal(citation.revision),
    }


def _citation(fields: dict[str, Any]) -> Citation:
    # Naming every field makes a missing or an unknown one an error.
    return Citation(heading_path=tuple(fields.pop("heading_path")), **fields)


def _object(stored: str, what: str, version: int) -> dict[str, Any]:
    try:
        body = json.loads(stored)
    except ValueError as error:
        raise _unreadable(what) from error
    if not isinstance(body, dict):
        raise _unreadable(what)
    found = body.pop("v", None)
    if found != version:
        raise NotReady(
            f"A stored {what} has format {found!r} and this version of tierzero reads format {version}; "
            "start the version that wrote it, or a newer one."
        )
    return body


def _unreadable(what: str) -> BotError:
    return BotError(f"A stored {what} is damaged; restore the database from a backup.")
