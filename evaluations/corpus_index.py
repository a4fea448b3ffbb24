"""A data set's corpus in, an opened index out, built as the product builds it and kept for the next run."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from evaluations.beir import Dataset, Entry
from evaluations.code import code_digest
from evaluations.corpus_language import LOCALE
from index.builder import Builder
from index.compiled import CompiledEncoder
from index.errors import GenerationRefused
from index.generation import FORMAT as INDEX_FORMAT
from index.generation import ArticleFacts, Generation
from kb.article import Article, ArticleKey, Chunk
from kb.chunking import CHUNKER, chunk
from kb.errors import ArticleRejected
from kb.markdown import parse

#: Version of how an entry becomes an article; another one is another index.
ADAPTER = 2
#: Indexes kept in the cache; the one unused for longest goes first.
MOST_KEPT = 24
#: Stands above every text, so that a text which begins with `---` is text and not front matter.
_NO_FRONT_MATTER = "---\n---\n"
_RECORD = "built.json"
#: What an index is built in begins so; after this long without a run that renamed it, nobody will.
_BUILDING = ".building-"
_UNFINISHED_SECONDS = 2 * 24 * 3600.0
#: What decides how an index comes out. Who evaluates is often changing just that, and no version says so yet.
_BUILDERS = (
    "index/builder.py",
    "index/composing.py",
    "index/rows.py",
    "index/segment.py",
    "index/writing.py",
    "index/lexical.py",
    "index/words.py",
    "kb/**/*.py",
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CorpusIndex:
    """The index of one corpus."""

    folder: Path
    """Has the index below `index`, as a data folder of the product has."""
    generation: Generation
    seconds: float
    """What reading, cutting, embedding and writing took when it was built."""
    reused: bool
    """It was built by an earlier run."""
    left_out: tuple[str, ...]
    """Ids of entries with neither a text nor a title to read."""


def default_cache() -> Path:
    """Where indexes are kept unless told otherwise: the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if cache else Path.home() / ".cache") / "tierzero" / "evaluations"


def article_of(entry: Entry, locale: str = LOCALE) -> Article | None:
    """The entry as an article in a language; None where neither its text nor its title can be read."""
    title = " ".join(entry.title.split())
    for body in (entry.text, title):
        try:
            # A file without a name gives no title of its own: one is either stated, a first heading, or absent.
            read = parse(_NO_FRONT_MATTER + body, ".md", default_locale=locale, locales=frozenset())
        except ArticleRejected:
            continue
        return replace(read, key=ArticleKey(entry.id, locale), title=title or read.title)
    return None


def open_index(
    dataset: Dataset,
    encoder: CompiledEncoder,
    cache: Path,
    *,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> CorpusIndex:
    """The index of the data set's corpus, from `cache` where it is there and usable, else built into it."""
    folder = cache / "indexes" / _key(dataset, encoder.identity)
    if rebuild:
        shutil.rmtree(folder, ignore_errors=True)
    opened = _opened(folder, reused=True)
    if opened is None:
        _build(dataset, encoder, folder, progress)
        opened = _opened(folder, reused=False)
        forget_oldest(folder.parent, keep=folder)
    if opened is None:
        raise GenerationRefused(f"The index in {folder} cannot be read though it was just built.")
    os.utime(folder)
    return opened


def _key(dataset: Dataset, model: str) -> str:
    what = [ADAPTER, dataset.corpus, model, CHUNKER, INDEX_FORMAT, building_code()]
    named = json.dumps(what if dataset.locale == LOCALE else [*what, dataset.locale])
    return hashlib.sha256(named.encode()).hexdigest()[:24]


@cache
def building_code() -> str:
    """Names the code that builds an index; ranking is not in it, so that a new order needs no new index."""
    return code_digest(_BUILDERS)


def _build(dataset: Dataset, encoder: CompiledEncoder, folder: Path, progress: Progress) -> None:
    """Builds beside `folder` and renames, so that a run that was stopped leaves nothing half built there."""
    entries = dataset.entries
    folder.parent.mkdir(parents=True, exist_ok=True)
    forget_unfinished(folder.parent)
    # Reading, cutting and the titles come before the first passage: a large set looks dead meanwhile.
    progress(0, len(entries))
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_BUILDING) as aside:
        root = Path(aside) / "data"
        started = time.perf_counter()
        articles = [
            article_of(entry, dataset.locale) for entry in sorted(entries, key=lambda entry: entry.id)
        ]
        known = {article.key: article for article in articles if article is not None}

        def chunks_of(keys: Sequence[ArticleKey]) -> list[Chunk]:
            return [piece for key in keys for piece in chunk(known[key], encoder.measure)]

        built = Builder(root / "index", encoder).build(
            None, [_facts(one) for one in known.values()], chunks_of, progress
        )
        seconds = time.perf_counter() - started
        left_out = sorted({entry.id for entry in entries} - {key.id for key in known})
        record = {"name": built.name, "seconds": seconds, "left_out": left_out}
        (root / _RECORD).write_text(json.dumps(record), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        root.rename(folder)


def _facts(article: Article) -> ArticleFacts:
    return ArticleFacts(article.key, article.revision, article.title, article.audience.value, "", "", ())


def _opened(folder: Path, *, reused: bool) -> CorpusIndex | None:
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        generation = Generation(folder / "index", record["name"])
        return CorpusIndex(folder, generation, float(record["seconds"]), reused, tuple(record["left_out"]))
    except (OSError, ValueError, KeyError, GenerationRefused):
        # Absent, or damaged by a full disk: either way it is built anew.
        return None


def forget_unfinished(folder: Path, now: float | None = None) -> None:
    """Removes what runs left half built that were killed, once no run can be at it any more."""
    for path in folder.glob(f"{_BUILDING}*"):
        # Another run may have finished it since, and taken it away.
        with suppress(FileNotFoundError):
            if (time.time() if now is None else now) - path.stat().st_mtime > _UNFINISHED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def forget_oldest(folder: Path, keep: Path) -> None:
    """Removes all folders in `folder` but `keep` and the others used last, `MOST_KEPT` in all."""
    kept = [
        path for path in folder.iterdir() if path.is_dir() and path != keep and not path.name.startswith(".")
    ]
    kept.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
