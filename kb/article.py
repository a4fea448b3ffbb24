"""The values that travel from a Markdown file to the index: `Article`, `Section`, `Span`."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who may see an article. An `agent` article is never shown, quoted or hinted to a customer."""

    PUBLIC = "public"
    AGENT = "agent"


class SpanKind(StrEnum):
    """What a span is in the document; it decides how a quote is cut and shown."""

    SENTENCE = "sentence"
    ITEM = "item"
    STEP = "step"
    ROW = "row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """The smallest piece of an article that may be quoted: a sentence, list item, step, table row or code block."""

    start: int
    """First character in `Article.source`."""
    end: int
    """One past the last character, so `source[start:end]` is the verbatim quote."""
    text: str
    """The same piece as a person reads it: no markup, a table row as `header: cell; header: cell`."""
    kind: SpanKind
    block: int
    """Ordinal in the article of the paragraph, list item, row or code block that the span belongs to."""
    group: int
    """Ordinal of the list or table around the block; -1 outside one. Steps of one group stay in order and whole."""
    number: int = 0
    """For a step, the number printed before it (1, 2, 3 …); 0 for everything else."""


@dataclass(frozen=True, slots=True)
class Section:
    """The text below one heading, without its subsections."""

    heading_path: tuple[str, ...]
    """Headings from the outermost to this one, plain text, without the title; empty before the first heading."""
    anchor: str
    """Fragment of the heading as published sites make it; empty before the first heading."""
    level: int
    """1 to 6; 0 before the first heading."""
    start: int
    end: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one article to something else."""

    target: str
    """A wiki target (`category/slug`, perhaps with `#anchor`), a relative path or a URL, as written."""
    label: str
    wiki: bool


@dataclass(frozen=True, slots=True, order=True)
class ArticleKey:
    """What makes an article itself: the same `id` in two locales is one article in two languages."""

    id: str
    locale: str

    def __str__(self) -> str:
        return f"{self.locale}/{self.id}"


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of a knowledge article in one language."""

    key: ArticleKey
    title: str
    source: str
    """The file's text exactly as decoded (front matter and line ends included); every offset counts in it."""
    revision: str
    """First 12 hex digits of the SHA-256 of `source` in UTF-8: the same text is the same revision."""
    audience: Audience
    url: str
    """Published address from the front matter (`permalink`), or empty: then the built-in article page is used."""
    tags: tuple[str, ...]
    product: str
    owner: str
    last_reviewed: dt.date | None
    next_review: dt.date | None
    draft: bool
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    category: str = ""
    """What the folder is called in the article's language, for lists; empty where the writer names none."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of spans of one section, sized for the encoder; it carries its citation from birth."""

    key: ArticleKey
    revision: str
    ordinal: int
    """Position among the article's chunks, from 0."""
    title: str
    heading_path: tuple[str, ...]
    anchor: str
    start: int
    """First character in `Article.source`; equals `spans[0].start`."""
    end: int
    """One past the last; equals `spans[-1].end`. `source[start:end]` is the chunk's quote."""
    spans: tuple[Span, ...]
