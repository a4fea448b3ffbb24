"""A size in, the folder of a synthetic knowledge base out: built once, and taken as it is from then on."""

import json
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluations.synthetic import MADE, build
from index.compiled import CompiledEncoder
from index.generation import FORMAT, Generation

_ABOUT = "base.json"


@dataclass(frozen=True, slots=True)
class _Recipe:
    """What a base is made of: of two that are alike here the measurements can be compared."""

    made: int
    """Version of how rows are made up."""
    format: int
    """Version of the index's layout."""
    size: int
    tokens: int
    encoder: str
    pool: str
    """Fingerprint of the articles that rows are drawn from."""


@dataclass(frozen=True, slots=True)
class Base:
    """A synthetic knowledge base on disk."""

    folder: Path
    """Of its index."""
    name: str
    """Of its generation."""
    seconds: float
    """What building it took, whenever that was."""


class Bases:
    """The synthetic bases below one folder, one a size."""

    def __init__(self, folder: Path, encoder: CompiledEncoder, pool: Generation, tokens: int) -> None:
        self._folder, self._encoder, self._pool, self._tokens = folder, encoder, pool, tokens

    def base(self, size: int) -> Base:
        """The base of `size` chunks, built if there is none; leaves the program where another one is in its place."""
        folder = self._folder / str(size)
        recipe = asdict(self._recipe(size))
        if not folder.exists():
            self._build(folder, size, recipe)
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            found = Base(folder, about["name"], about["seconds"])
            same = about["recipe"] == recipe
        except (OSError, ValueError, KeyError, TypeError):
            same = False
        if not same:
            sys.exit(f"{folder} holds no base of this recipe ({recipe}). Remove it, or name another folder.")
        return found

    def _recipe(self, size: int) -> _Recipe:
        manifest = self._pool.manifest
        return _Recipe(MADE, FORMAT, size, self._tokens, self._encoder.identity, manifest.corpus)

    def _build(self, folder: Path, size: int, recipe: dict[str, object]) -> None:
        """Builds aside: what was interrupted is no base."""
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix="building-", dir=self._folder))
        try:
            started = time.perf_counter()
            name = build(aside, self._encoder, self._pool, size, self._tokens)
            about = {"recipe": recipe, "name": name, "seconds": time.perf_counter() - started}
            (aside / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
