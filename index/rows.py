"""A chunk and what the encoder made of it in, the row that a segment keeps of it out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.encoder import Encoded, Floats
from index.products import product
from index.segment import NO_SPAN, TOKEN_SCALE, ArticleRow, Bytes, Codes, Ints, Row, SignedBytes, unit
from index.words import Analyzer, term_code
from kb.article import Chunk
from kb.chunking import span_ranges
from kb.codec import encode_chunk


def compress(encoded: Encoded, chunk: Chunk, projection: Floats) -> tuple[SignedBytes, Bytes]:
    """Projects token vectors, rounds them to bytes and names the span each token stands in."""
    projected = unit(product(encoded.tokens, projection))
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


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a chunk, analysed once for all that is made of them."""

    title: list[str]
    headings: list[str]
    body: list[str]

    @property
    def all(self) -> list[str]:
        """In the order of the text, with repeats."""
        return [*self.title, *self.headings, *self.body]


def terms_of(chunk: Chunk, analyzer: Analyzer) -> Terms:
    """Analyses a chunk."""
    language = chunk.key.locale
    return Terms(
        analyzer.terms(chunk.title, language),
        analyzer.terms(" ".join(chunk.heading_path), language),
        analyzer.terms("\n".join(span.text for span in chunk.spans), language),
    )


def term_counts(terms: Terms) -> tuple[Codes, Bytes, Ints]:
    """Term codes with their counts in title, headings and body, and the three lengths."""
    fields = terms.title, terms.headings, terms.body
    counted = [Counter(map(term_code, field)) for field in fields]
    codes = sorted(set().union(*counted))
    counts = [[min(255, field[code]) for field in counted] for code in codes]
    return (
        np.asarray(codes, dtype=np.uint32),
        np.asarray(counts, dtype=np.uint8).reshape(-1, 3),
        np.asarray([len(field) for field in fields], dtype=np.int64),
    )


def article_row(chunks: Sequence[Terms], title_vector: Floats) -> ArticleRow:
    """The row of an article from the terms of all its chunks; headings count once for every chunk below them."""
    counted = Counter(map(term_code, chunks[0].title))
    for terms in chunks:
        counted.update(map(term_code, terms.headings))
        counted.update(map(term_code, terms.body))
    codes = sorted(counted)
    return ArticleRow(
        title_vector=title_vector,
        codes=np.asarray(codes, dtype=np.uint32),
        counts=np.asarray([min(65_535, counted[code]) for code in codes], dtype=np.uint16),
        length=counted.total(),
    )


def make_row(chunk: Chunk, terms: Terms, digest: bytes, encoded: Encoded, projection: Floats) -> Row:
    """The row of a chunk that was just encoded."""
    tokens, spans = compress(encoded, chunk, projection)
    codes, counts, lengths = term_counts(terms)
    pieces = np.asarray(encoded.ids, dtype=np.uint32)
    return Row(encode_chunk(chunk), digest, encoded.vector, tokens, spans, pieces, codes, counts, lengths)


def renewed_row(chunk: Chunk, terms: Terms, known: Row) -> Row:
    """The row of a chunk whose text was encoded before, at another place or in another revision."""
    codes, counts, lengths = term_counts(terms)
    return replace(known, record=encode_chunk(chunk), codes=codes, counts=counts, lengths=lengths)
