"""What a search returns: `Hit`s that keep every raw score they were ranked by."""

from dataclasses import dataclass

from kb.article import Chunk


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw signals of one candidate, none of them normalised against the other candidates."""

    dense: float
    """Cosine of the question's and the passage's vector, -1..1."""
    title: float
    """Cosine of the question's and the title's vector, -1..1; the passage's where an article has no title."""
    late: float
    """Late interaction: mean over question tokens, by rarity, of the best cosine with a passage token."""
    lexical: float
    """BM25 of the passage with title and headings + of the whole article + of the title. Unbounded."""
    coverage: float
    """Share of the question's term weight found in the passage, title and headings, 0..1."""
    learned: float = 0.0
    """What questions that were answered before say for the article, 0..1; see `index.learned`."""


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
