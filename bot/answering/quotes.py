"""Hits in, checked citations out: nothing is shown that the database does not publish right now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote as url_quote

from bot.dialogue.quoting import readable
from bot.dialogue.reply import Citation
from bot.ports import Published
from kb.article import ArticleKey, Audience, Span
from kb.revision import revision_of


class Texts(Protocol):
    """What may be quoted, and from which text."""

    def published(self, keys: Iterable[ArticleKey] | None = None) -> Mapping[ArticleKey, Published]:
        """What may answer now: all of it, or those of `keys` that still may."""

    def source(self, key: ArticleKey, revision: str) -> str | None:
        """The text of a revision; None for one never seen."""


@dataclass(frozen=True, slots=True)
class Place:
    """A run of spans of an article revision, before it is checked."""

    key: ArticleKey
    revision: str
    heading_path: tuple[str, ...]
    anchor: str
    spans: tuple[Span, ...]


class Verifier:
    """Checks places against the database and makes citations of those that hold."""

    def __init__(self, shelf: Texts, *, public_url: str, site_url: str) -> None:
        self._shelf = shelf
        self._public_url = public_url
        self._site_url = site_url

    def published(self, keys: Iterable[ArticleKey]) -> Mapping[ArticleKey, Published]:
        """Those of `keys` that may answer now."""
        return self._shelf.published(keys)

    def citation(
        self, place: Place, published: Mapping[ArticleKey, Published], audience: str
    ) -> Citation | None:
        """The citation of a place, or None where it does not hold.

        It holds when the article is published in exactly that revision for that audience, and the stored
        text of the revision is the one that its name is the digest of. The quote is then cut from that text.
        """
        current = published.get(place.key)
        if current is None or current.revision != place.revision or not place.spans:
            return None
        if current.audience is not Audience.PUBLIC and audience != "agent":
            return None
        source = self._shelf.source(place.key, place.revision)
        if source is None or revision_of(source) != place.revision or not _inside(place.spans, source):
            return None
        start, end = place.spans[0].start, place.spans[-1].end
        return Citation(
            article_id=place.key.id,
            locale=place.key.locale,
            title=current.title,
            heading_path=place.heading_path,
            url=self._address(current.url, place, start, end),
            quote=source[start:end],
            text=readable(place.spans),
            start=start,
            end=end,
            revision=place.revision,
        )

    def _address(self, permalink: str, place: Place, start: int, end: int) -> str:
        """Where a customer reads on: the article on the team's own site where that is known, else our page of it.

        Ours shows the very revision that was quoted, with the quote marked.
        """
        fragment = f"#{url_quote(place.anchor)}" if place.anchor else ""
        if permalink.startswith(("http://", "https://")):
            return f"{permalink}{fragment}"
        if permalink.startswith("/") and self._site_url:
            return f"{self._site_url}{permalink}{fragment}"
        page = f"{self._public_url}/help/{url_quote(place.key.locale)}/{url_quote(place.key.id)}"
        return f"{page}?revision={place.revision}&start={start}&end={end}{fragment}"

    def citations(
        self, places: Sequence[Place], published: Mapping[ArticleKey, Published], audience: str
    ) -> tuple[Citation, ...]:
        """The citations of those places that hold, in their order."""
        found = (self.citation(place, published, audience) for place in places)
        return tuple(one for one in found if one is not None)


def _inside(spans: Sequence[Span], source: str) -> bool:
    """Whether the spans stand in the source one after another, none of them empty."""
    at = 0
    for span in spans:
        if not at <= span.start < span.end <= len(source):
            return False
        at = span.end
    return True
