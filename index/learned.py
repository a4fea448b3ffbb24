"""Questions that were answered before in, what they say about the articles for a new question out.

A learned question is another way to find the section that answered it. What it adds to a ranking score is bounded
(`Recipe.learned`), so a wrong one never beats a clear win of the text; it holds only while that section reads as it
did; and it passes the same filters as any passage. docs/decisions/0010-learned-questions.md has the figures.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from index.encoder import Floats
from index.generation import Generation, Positions
from index.signs import SignIndex
from index.vectors import Mask
from kb.article import ArticleKey, Chunk

#: Cosine of two questions below which they have nothing to do with each other.
FLOOR = 0.8
#: Learned questions looked at for one question.
NEAREST = 16
#: Passages of one section that a learned question brings in, those nearest to the question asked.
PASSAGES = 3


class Standing(StrEnum):
    """Whether a learned question still holds."""

    HOLDS = "holds"
    CHANGED = "changed"
    """Its section reads differently now, or is gone: somebody has to confirm it again."""
    WITHDRAWN = "withdrawn"
    """Its article is not published any more."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one side says of a learned question."""

    source: str
    """Who must not count twice for one article: a conversation or an agent."""
    worth: float
    """Above 0 for the article, below 0 against it; 1 is one customer."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question and the section that answered it."""

    id: int
    key: ArticleKey
    revision: str
    """The one it was answered from."""
    anchor: str | None
    """The section; None for the whole article."""
    digest: str
    """`section_digest` of the section then; empty where only the very revision will do."""
    vector: Floats
    """Unit length, shape (dimension,)."""
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A learned question near enough to speak for or against an article."""

    id: int
    key: ArticleKey
    cosine: float
    """Of the two questions."""


@dataclass(frozen=True, slots=True)
class Recall:
    """What learned questions say to a new one."""

    positions: Positions
    """Passages that become candidates."""
    signals: Mapping[int, float] = field(default_factory=dict)
    """0..1 by ordinal of the article; articles that nobody speaks for are left out."""
    remembered: tuple[Remembered, ...] = ()
    """Nearest first."""

    def scores(self, generation: Generation, positions: Positions) -> Floats:
        """The signal of each position's article."""
        if not self.signals:
            return np.zeros(len(positions), dtype=np.float32)
        ordinals = generation.rows[positions, 2].tolist()
        return np.asarray([self.signals.get(one, 0.0) for one in ordinals], dtype=np.float32)


NOTHING = Recall(np.empty(0, dtype=np.int64))


def likeness(cosine: float) -> float:
    """How much a learned question has to say to another one: 0 up to `FLOOR`, 1 for the same words."""
    return min(max((cosine - FLOOR) / (1.0 - FLOOR), 0.0), 1.0)


def signals(spoken: Sequence[tuple[int, float, Sequence[Vote]]]) -> dict[int, float]:
    """What is said of each article, 0..1, from (article, likeness, votes) of learned questions, nearest first.

    An article's evidence e is the sum over sources of likeness times worth, each source with its nearest question
    alone. Its signal is e / (e + 1), so that one customer moves it half way at most and more never pass 1, times
    its share of the evidence for all articles: where earlier customers disagree, nobody is believed much.
    """
    said: dict[tuple[int, str], float] = {}
    for article, near, votes in spoken:
        for vote in votes:
            said.setdefault((article, vote.source), near * vote.worth)
    evidence: dict[int, float] = {}
    for (article, _), worth in said.items():
        evidence[article] = evidence.get(article, 0.0) + worth
    believed = {article: worth for article, worth in evidence.items() if worth > 0.0}
    total = sum(believed.values())
    return {article: worth / (worth + 1.0) * (worth / total) for article, worth in believed.items()}


def section_digest(chunks: Sequence[Chunk]) -> str:
    """Names what a section says: title, headings and text; first 24 hex digits of a SHA-256."""
    parts: list[str] = []
    for chunk in chunks:
        parts += [chunk.title, *chunk.heading_path, *(span.text for span in chunk.spans)]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


class Sections:
    """Where the sections of one generation's articles are; remembers what it has read."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self._ordinals = {facts.key: place for place, facts in enumerate(generation.articles)}
        owners = generation.rows[:, 2]
        self._order = np.argsort(owners, kind="stable")
        self._owners = owners[self._order]
        self._known: dict[tuple[int, str | None], tuple[Positions, str]] = {}

    def standing(
        self, key: ArticleKey, revision: str, anchor: str | None, digest: str
    ) -> tuple[Standing, Positions]:
        """Whether a section still says what it said in a revision, and where it is if so."""
        ordinal = self._ordinals.get(key)
        if ordinal is None:
            return Standing.WITHDRAWN, NOTHING.positions
        positions, now = self._section(ordinal, anchor)
        same = self.generation.articles[ordinal].revision == revision or now == digest
        if not same or not len(positions):
            return Standing.CHANGED, NOTHING.positions
        return Standing.HOLDS, positions

    def digest(self, key: ArticleKey, anchor: str | None) -> str:
        """`section_digest` of a section as it is now; empty where it is not there."""
        ordinal = self._ordinals.get(key)
        return "" if ordinal is None else self._section(ordinal, anchor)[1]

    def revision(self, key: ArticleKey) -> str | None:
        """The revision of an article that is indexed, or None."""
        ordinal = self._ordinals.get(key)
        return None if ordinal is None else self.generation.articles[ordinal].revision

    def anchor_at(self, key: ArticleKey, revision: str, start: int) -> str | None:
        """The section of a revision that has the character `start` of its source; None where it is not indexed."""
        ordinal = self._ordinals.get(key)
        if ordinal is None or self.generation.articles[ordinal].revision != revision:
            return None
        chunks = (self.generation.chunk(at) for at in self._rows(ordinal))
        return next((one.anchor for one in chunks if one.start <= start < one.end), None)

    def _rows(self, ordinal: int) -> list[int]:
        first, last = np.searchsorted(self._owners, [ordinal, ordinal + 1])
        rows: list[int] = self._order[first:last].tolist()
        return rows

    def _section(self, ordinal: int, anchor: str | None) -> tuple[Positions, str]:
        known = self._known.get((ordinal, anchor))
        if known is None:
            read = [(self.generation.chunk(at), at) for at in self._rows(ordinal)]
            own = sorted(
                ((one, at) for one, at in read if anchor is None or one.anchor == anchor),
                key=lambda pair: pair[0].ordinal,
            )
            digest = section_digest([one for one, _ in own]) if own else ""
            known = np.asarray([at for _, at in own], dtype=np.int64), digest
            self._known[ordinal, anchor] = known
        return known


class Learned:
    """The lessons that hold in one generation, ready to be asked. Read-only, so any number of threads may."""

    def __init__(self, sections: Sections, lessons: Sequence[Lesson]) -> None:
        generation = sections.generation
        self.generation = generation.manifest.name
        """Name of the generation that these belong to; with any other they say nothing."""
        kept: list[tuple[Lesson, Positions]] = []
        for lesson in lessons:
            standing, positions = sections.standing(lesson.key, lesson.revision, lesson.anchor, lesson.digest)
            if lesson.votes and standing is Standing.HOLDS:
                kept.append((lesson, positions))
        self._lessons = tuple(lesson for lesson, _ in kept)
        self._positions = tuple(positions for _, positions in kept)
        self._first = np.asarray([positions[0] for positions in self._positions], dtype=np.int64)
        self._articles = generation.rows[self._first, 2].tolist() if kept else []
        vectors = [lesson.vector for lesson in self._lessons]
        self._vectors = SignIndex(
            np.stack(vectors) if vectors else np.empty((0, generation.manifest.dimension), dtype=np.float32)
        )

    def __len__(self) -> int:
        return len(self._lessons)

    def recall(self, generation: Generation, vector: Floats, mask: Mask) -> Recall:
        """What the lessons say of the articles that pass a filter's `mask`."""
        if not self._lessons or generation.manifest.name != self.generation:
            return NOTHING
        allowed = mask[self._first]
        if not allowed.any():
            return NOTHING
        rows, cosines = self._vectors.search(vector, NEAREST, None if allowed.all() else allowed)
        near = [
            (row, cosine)
            for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True)
            if cosine > FLOOR
        ]
        if not near:
            return NOTHING
        found = signals(
            [(self._articles[row], likeness(cosine), self._lessons[row].votes) for row, cosine in near]
        )
        brought = [
            _nearest(generation, vector, self._positions[row])
            for row, _ in near
            if self._articles[row] in found
        ]
        remembered = (Remembered(self._lessons[row].id, self._lessons[row].key, c) for row, c in near)
        positions = np.unique(np.concatenate(brought)) if brought else NOTHING.positions
        return Recall(positions, found, tuple(remembered))


def _nearest(generation: Generation, vector: Floats, positions: Positions) -> Positions:
    if len(positions) <= PASSAGES:
        return positions
    cosines = generation.vectors.cosines(vector, positions)
    return positions[np.argsort(-cosines, kind="stable")[:PASSAGES]]
