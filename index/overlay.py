"""A served index and another text of one article in, an index of its own out; what is served stays as it is.

All rows of the served index are used where they lie; only the other text's are new. The folder is gone once the index
is open: it is derived, and a process that is killed leaves no more behind than one build.
"""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from index.builder import Builder
from index.compiled import CompiledEncoder
from index.errors import GenerationRefused
from index.facets import ArticleFacts
from index.generation import Generation
from kb.article import ArticleKey, Chunk

#: Seconds after which the folder of a build is taken for one of a process that was killed.
_LEFT_BEHIND = 3600.0


def overlaid(
    root: Path, base: Generation, encoder: CompiledEncoder, other: ArticleFacts, chunks: Sequence[Chunk]
) -> Generation:
    """The articles of `base`, opened below the index folder `root`, with `other` in the place of its article.

    `chunks` are all of it. Raises `GenerationRefused` where the folder of `base` is gone already, so that the caller
    tries again with the next one, and where nothing can be written.
    """
    articles = [other if facts.key == other.key else facts for facts in base.articles]

    def chunks_of(keys: Sequence[ArticleKey]) -> Sequence[Chunk]:
        return [one for one in chunks if one.key in keys]

    aside = root / "overlays"
    name = base.manifest.name
    try:
        aside.mkdir(parents=True, exist_ok=True)
        _clean(aside)
        with tempfile.TemporaryDirectory(dir=aside, ignore_cleanup_errors=True) as folder:
            generations = Path(folder) / "generations"
            generations.mkdir()
            # The word index is built on the served one's files, which it looks for beside itself.
            (generations / name).symlink_to((root / "generations" / name).resolve())
            built = Builder(Path(folder), encoder).build(base, articles, chunks_of, after=int(name))
            return Generation(Path(folder), built.name, base.segments)
    except (OSError, ValueError) as exc:
        raise GenerationRefused(f"Another text of {other.key} cannot be indexed ({exc}).") from exc


def _clean(aside: Path) -> None:
    """Removes what killed processes left behind."""
    for path in aside.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(path, ignore_errors=True)
