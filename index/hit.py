"""What a search returns: `Hit`s that keep every raw score they were ranked by."""

from dataclasses import dataclass

from kb.article import Chunk


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw signals of one candidate, none of them normalised against the other candidates."""

    dense: float
    """Cosine of the question's and the chunk's vector, -1..1."""
    lexical: float
    """BM25 over title, headings and body; 0 where no word matches. Unbounded."""
    coverage: float
    """Share of the question's idf mass found in the chunk (title and headings included), 0..1."""
    late: float
    """Late interaction: idf-weighted mean over question tokens of the best cosine with a chunk token, -1..1."""
    title: float
    """Likeness of the question and the article's title, 0..1."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked passage."""

    chunk: Chunk
    audience: str
    url: str
    tags: tuple[str, ...]
    score: float
    """Orders the hits of one search; means nothing by itself and is never read as confidence."""
    scores: Scores
    span_scores: tuple[float, ...] = ()
    """Late interaction of the question with each of `chunk.spans`, in their order; empty where not asked for."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may return. Filters are applied before ranking, so they never cost results."""

    audience: str = "public"
    """`public`, or `agent` for everything: agents may read public articles too."""
    locales: tuple[str, ...] = ()
    """Only these locales; empty for all."""
    tags: tuple[str, ...] = ()
    """Articles with at least one of these tags; empty for all."""
    product: str = ""
    article_ids: tuple[str, ...] = ()
    """Only these articles; empty for all."""
