"""A chunk and what the encoder made of it in, the row that a segment keeps of it out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.encoder import Encoded, Floats
from index.segment import NO_SPAN, TOKEN_SCALE, ArticleRow, Bytes, Codes, Ints, Row, SignedBytes, unit
from index.words import Analyzer, term_code
from kb.article import Chunk
from kb.chunking import span_ranges
from kb.codec import encode_chunk


def compress(encoded: Encoded, chunk: Chunk, projection: Floats) -> tuple[SignedBytes, Bytes]:
    """Projects token vectors, rounds them to bytes and names the span each token stands in."""
    projected = unit(encoded.tokens @ projection)
    tokens = np.clip(np.rint(projected * TOKEN_SCALE), -127, 127).astype(np.int8)
    ranges = span_ranges(chunk)
    spans = np.full(len(encoded.offsets), NO_SPAN, dtype=np.uint8)
    if len(encoded.offsets):
        middles = np.asarray(encoded.offsets, dtype=np.int64)[:, 0]
        starts = np.asarray([start for start, _ in ranges], dtype=np.int64)
        at = np.searchsorted(starts, middles, side="right") - 1
        inside = (at >= 0) & (at < NO_SPAN)
        spans[inside] = at[inside].astype(np.uint8)
    return tokens, spans


def term_counts(chunk: Chunk, analyzer: Analyzer) -> tuple[Codes, Bytes, Ints]:
    """Term codes with their counts in title, headings and body, and the three lengths."""
    language = chunk.key.locale
    fields = (
        analyzer.terms(chunk.title, language),
        analyzer.terms(" ".join(chunk.heading_path), language),
        analyzer.terms("\n".join(span.text for span in chunk.spans), language),
    )
    counted = [Counter(map(term_code, terms)) for terms in fields]
    codes = sorted(set().union(*counted))
    counts = [[min(255, field[code]) for field in counted] for code in codes]
    return (
        np.asarray(codes, dtype=np.uint32),
        np.asarray(counts, dtype=np.uint8).reshape(-1, 3),
        np.asarray([len(terms) for terms in fields], dtype=np.int64),
    )


def article_row(chunks: Sequence[Chunk], title_vector: Floats, analyzer: Analyzer) -> ArticleRow:
    """The row of an article from all its chunks; headings count once for every chunk below them."""
    language = chunks[0].key.locale
    terms = analyzer.terms(chunks[0].title, language)
    for chunk in chunks:
        terms += analyzer.terms(" ".join(chunk.heading_path), language)
        terms += analyzer.terms("\n".join(span.text for span in chunk.spans), language)
    counted = Counter(map(term_code, terms))
    codes = sorted(counted)
    return ArticleRow(
        title_vector=title_vector,
        codes=np.asarray(codes, dtype=np.uint32),
        counts=np.asarray([min(65_535, counted[code]) for code in codes], dtype=np.uint16),
        length=len(terms),
    )


def make_row(chunk: Chunk, digest: bytes, encoded: Encoded, projection: Floats, analyzer: Analyzer) -> Row:
    """The row of a chunk that was just encoded."""
    tokens, spans = compress(encoded, chunk, projection)
    codes, counts, lengths = term_counts(chunk, analyzer)
    pieces = np.asarray(encoded.ids, dtype=np.uint32)
    return Row(encode_chunk(chunk), digest, encoded.vector, tokens, spans, pieces, codes, counts, lengths)


def renewed_row(chunk: Chunk, known: Row, analyzer: Analyzer) -> Row:
    """The row of a chunk whose text was encoded before, at another place or in another revision."""
    codes, counts, lengths = term_counts(chunk, analyzer)
    return replace(known, record=encode_chunk(chunk), codes=codes, counts=counts, lengths=lengths)
