"""Chunks to bytes and back, as the index keeps them; a compact, versioned format."""

import json
from typing import Any

from kb.article import ArticleKey, Chunk, Span, SpanKind

#: Version of the encoding; bytes of another version are refused.
FORMAT = 1


class FormatRefused(ValueError):
    """Stored bytes that this version does not read."""


def encode_spans(spans: tuple[Span, ...]) -> list[list[Any]]:
    """Spans as JSON values."""
    return [[s.start, s.end, s.text, s.kind.value, s.block, s.group, s.number] for s in spans]


def decode_spans(values: list[list[Any]]) -> tuple[Span, ...]:
    """The inverse of `encode_spans`."""
    return tuple(
        Span(start, end, text, SpanKind(kind), block, group, number)
        for start, end, text, kind, block, group, number in values
    )


def encode_chunk(chunk: Chunk) -> bytes:
    """A chunk as UTF-8 JSON."""
    return json.dumps(
        [
            FORMAT,
            chunk.key.id,
            chunk.key.locale,
            chunk.revision,
            chunk.ordinal,
            chunk.title,
            chunk.heading_path,
            chunk.anchor,
            encode_spans(chunk.spans),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8", "surrogatepass")


def decode_chunk(data: bytes) -> Chunk:
    """The inverse of `encode_chunk`; raises `FormatRefused` for another version or damaged bytes."""
    try:
        version, article_id, locale, revision, ordinal, title, path, anchor, spans = json.loads(data)
        if version != FORMAT:
            raise FormatRefused(f"chunk format {version}, this version reads {FORMAT}")
        decoded = decode_spans(spans)
        return Chunk(
            key=ArticleKey(article_id, locale),
            revision=revision,
            ordinal=ordinal,
            title=title,
            heading_path=tuple(path),
            anchor=anchor,
            start=decoded[0].start,
            end=decoded[-1].end,
            spans=decoded,
        )
    except (ValueError, TypeError, IndexError) as exc:
        raise FormatRefused(f"a stored chunk cannot be read: {exc}") from exc
