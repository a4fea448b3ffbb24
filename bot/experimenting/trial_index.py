"""What arm B answers from where another text of an article is tried: an index of its own, checked against that text.

The served index knows nothing of the other text, so nothing that searches it can ever find it. Arm B's is made of the
served one with the rows of one article replaced, anew whenever something is published, in the process that serves it.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from bot.answering.quotes import Texts
from bot.errors import NotReady
from bot.experiments.trial import Trial
from bot.knowledge.served import Knowledge
from bot.ports import Published
from index.compiled import CompiledEncoder
from index.errors import SearchError
from index.facets import ArticleFacts
from index.generation import Generation
from index.learned import Learned, Lesson, Sections
from index.overlay import overlaid
from index.searcher import Searcher
from kb.article import ArticleKey, Audience, Chunk


class Served(Protocol):
    """Where the text of an experiment is kept."""

    def served(self, experiment_id: str) -> str | None:
        """The text as long as the experiment runs."""


class TrialTexts:
    """What may be quoted in arm B: what is published, and of one article the text that is tried instead.

    Asked of the database each time, as what is published is: a text whose experiment was stopped holds no quote any
    more, whichever process stopped it, nor does that of an article that was withdrawn or is for agents now.
    """

    def __init__(self, texts: Texts, store: Served, trial: Trial) -> None:
        self._texts = texts
        self._store = store
        self._trial = trial

    def published(self, keys: Iterable[ArticleKey] | None = None) -> Mapping[ArticleKey, Published]:
        """What may answer now in arm B, by key."""
        found, trial = dict(self._texts.published(keys)), self._trial
        current = found.get(trial.key)
        if current is not None and current.audience is Audience.PUBLIC:
            # Without the team's own address of the article: what stands there is the published text.
            found[trial.key] = replace(current, revision=trial.revision, title=trial.title, url="")
        return found

    def source(self, key: ArticleKey, revision: str) -> str | None:
        """The text of a revision; of the one that is tried as long as its experiment runs."""
        if (key, revision) == (self._trial.key, self._trial.revision):
            return self._store.served(self._trial.experiment_id)
        return self._texts.source(key, revision)


class TrialKnowledge:
    """The index of arm B; follows the one that serves everybody. Safe for several threads."""

    def __init__(
        self,
        root: Path,
        knowledge: Knowledge,
        encoder: CompiledEncoder,
        facts: ArticleFacts,
        chunks: Sequence[Chunk],
        lessons: Callable[[], tuple[Lesson, ...]],
    ) -> None:
        """`facts` and `chunks` are those of the other text; `lessons` what outcomes taught so far."""
        self._root = root
        self._knowledge = knowledge
        self._encoder = encoder
        self._facts = facts
        self._chunks = tuple(chunks)
        self._lessons = lessons
        self._base: Generation | None = None
        self._searcher: Searcher | None = None
        self._learned: tuple[Lesson, ...] = ()
        self._problem = "It is being made ready."
        self._refreshing = threading.Lock()

    @property
    def searcher(self) -> Searcher:
        """Raises `NotReady` where arm B cannot be served."""
        if self._searcher is None:
            raise NotReady(self._problem)
        return self._searcher

    def refresh(self) -> str:
        """Follows what was published and learned; says why arm B cannot be served, or nothing."""
        with self._refreshing:
            base = self._knowledge.generation
            if base is None:
                return self._problem
            if base is not self._base:
                self._problem = self._rebuilt(base)
            if not self._problem:
                self._learn()
            return self._problem

    def _rebuilt(self, base: Generation) -> str:
        published = next((one for one in base.articles if one.key == self._facts.key), None)
        if published is None or published.audience != Audience.PUBLIC:
            self._base = base
            return f"The article {self._facts.key} is not there for customers any more."
        try:
            generation = overlaid(self._root, base, self._encoder, self._facts, self._chunks)
        except SearchError as exc:
            # Perhaps the next publication is under way; the next look tries again.
            return str(exc)
        if self._searcher is None:
            self._searcher = Searcher(self._encoder, generation)
        else:
            self._searcher.swap(generation)
        self._base, self._learned = base, ()
        return ""

    def _learn(self) -> None:
        lessons, searcher = self._lessons(), self.searcher
        if lessons is not self._learned:
            searcher.learned = Learned(Sections(searcher.generation), lessons) if lessons else None
            self._learned = lessons
