"""The index that answers now: opened when the database names it, swapped while questions run."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bot.errors import NotReady
from bot.ports import Generation as Published
from bot.ports import Shelf
from index.compiled import CompiledEncoder
from index.errors import GenerationRefused
from index.generation import Generation, read_manifest, refusal
from index.ranking import RECIPE, Recipe
from index.searcher import Searcher

#: Seconds between looks at the database; a new index answers within a second of its publication.
POLL_SECONDS = 0.3
EMPTY = "The knowledge base is empty. Run `tierzero ingest FOLDER` with a folder of Markdown articles."

_log = logging.getLogger(__name__)


class Searched(Protocol):
    """An index that answers."""

    @property
    def searcher(self) -> Searcher:
        """Raises `NotReady` with what to do where no index can be served."""


class Knowledge:
    """Holds the searcher of the published generation and follows publications."""

    def __init__(self, root: Path, shelf: Shelf, encoder: CompiledEncoder, recipe: Recipe = RECIPE) -> None:
        self._root = root
        self._shelf = shelf
        self._encoder = encoder
        self._recipe = recipe
        self._searcher: Searcher | None = None
        self._current: Published | None = None
        #: Why the newest generation is not served; empty when it is.
        self.problem = EMPTY
        self._refreshing = threading.Lock()

    @property
    def searcher(self) -> Searcher:
        """Raises `NotReady` with what to do where no index can be served."""
        if self._searcher is None:
            raise NotReady(self.problem)
        if not len(self._searcher.generation.rows):
            raise NotReady(EMPTY)
        return self._searcher

    @property
    def generation(self) -> Generation | None:
        """What is served now."""
        return self._searcher.generation if self._searcher else None

    def refresh(self) -> bool:
        """Opens the generation that the database names, if it is another than the one served.

        A generation that is refused changes nothing but `problem`: the one served goes on, since each of its
        quotes is checked against the database before it is shown.
        """
        with self._refreshing:
            current = self._shelf.generation()
            if current is None:
                return False
            if current == self._current:
                # The database may name again what is served, after a generation that was refused.
                self.problem = ""
                return False
            try:
                generation = self._open(current.name, current.corpus)
            except GenerationRefused as exc:
                self.problem = str(exc)
                return False
            if self._searcher is None:
                self._searcher = Searcher(self._encoder, generation, self._recipe)
            else:
                self._searcher.swap(generation)
            self._current, self.problem = current, ""
            return True

    def _open(self, name: str, corpus: str) -> Generation:
        manifest = read_manifest(self._root / "generations" / name)
        unfit = refusal(
            manifest, model=self._encoder.identity, dimension=self._encoder.dimension, corpus=corpus
        )
        if unfit:
            raise GenerationRefused(unfit)
        known = self._searcher.generation.segments if self._searcher else None
        return Generation(self._root, name, known)


class Follower:
    """A thread that refreshes a `Knowledge` until it is closed."""

    def __init__(self, refresh: Callable[[], bool], seconds: float = POLL_SECONDS) -> None:
        self._refresh = refresh
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="index-follower", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self._refresh()
            except Exception:
                # The database may be away for a while; the next look may succeed.
                _log.exception("looking for a new index failed")

    def close(self) -> None:
        """Stops the thread and waits for it."""
        self._stop.set()
        self._thread.join(timeout=10)
