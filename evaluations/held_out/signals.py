"""A data set and its index in, the raw signals of each query's candidates out, kept so that weighing is cheap."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log1p
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from evaluations.beir import Dataset, Query
from evaluations.code import code_digest
from evaluations.corpus_index import CorpusIndex
from evaluations.held_out.plain import PLAIN, rankings
from evaluations.metrics import measure
from evaluations.retrieval import CONTEXT
from evaluations.sampling import drawn
from index.candidates import candidates
from index.compiled import CompiledEncoder
from index.encoder import Floats
from index.generation import Generation
from index.hit import Filters
from index.ranking import RECIPE, rank
from index.searcher import Searcher
from index.signals import K1

#: Version of the kept file.
FORMAT = 1
#: nDCG looks at so many documents.
CUT = 10
#: What decides which signals a query's candidates have.
_CODE = (
    "index/**/*.py",
    "index/stopwords/*.txt",
    "kb/**/*.py",
    "evaluations/held_out/signals.py",
    "evaluations/held_out/plain.py",
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Weighable:
    """One query's candidates, ready to be weighed in any way."""

    signals: Floats
    """Shape (candidates, 4): cosine, title, BM25 over one term's most, late interaction."""
    documents: npt.NDArray[np.int32]
    """The document of each candidate, from 0 on without gaps."""
    gains: Floats
    """Grade of each document; 0 for one that is not wanted."""
    ideal: float
    """Discounted gain of the best ranking there is, of `CUT` documents."""


@dataclass(frozen=True, slots=True)
class Signals:
    """All of a set's queries."""

    name: str
    corpus: str
    queries: tuple[Weighable, ...]
    plain: Mapping[str, Floats]
    """nDCG of each query by ways that have no weights to choose, see `plain`."""


def signals_of(
    dataset: Dataset,
    index: CorpusIndex,
    encoder: CompiledEncoder,
    folder: Path,
    most: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Signals:
    """The set's signals, from `folder` where a run of the same code kept them, else gathered and kept.

    Queries are asked as the product asks them, with what the customer said before.
    """
    queries = drawn(dataset.judged(), most)
    path = folder / f"{_key(dataset, encoder, queries)}.npz"
    kept = _read(path, dataset)
    if kept is None:
        kept = _gathered(dataset, index.generation, encoder, queries, progress)
        _write(path, kept)
    return kept


def _gathered(
    dataset: Dataset,
    generation: Generation,
    encoder: CompiledEncoder,
    queries: Sequence[Query],
    progress: Progress,
) -> Signals:
    searcher = Searcher(encoder, generation)
    found, plain = [], []
    for number, query in enumerate(queries):
        question = searcher.question(query.text, query.earlier[:CONTEXT])
        asked = searcher.search(question, Filters(), 1).query
        positions = candidates(generation, asked, Filters(), RECIPE.candidates)
        # Late interaction of all of them: which ones are looked at depends on the weights.
        ranked = rank(generation, asked, positions, replace(RECIPE, late_candidates=len(positions)))
        one_term = (K1 + 1.0) * log1p(2.0 * len(generation.rows))
        signals = np.stack([ranked.dense, ranked.title, ranked.lexical / one_term, ranked.late], axis=1)
        wanted = dataset.wanted[query.id]
        found.append(weighable(signals, [generation.facts(int(at)).key.id for at in positions], wanted))
        plain.append(rankings(generation, asked))
        progress(number + 1, len(queries))
    return Signals(dataset.name, dataset.corpus, tuple(found), _rated(dataset, queries, plain))


def weighable(signals: Floats, documents: Sequence[str], wanted: Mapping[str, int]) -> Weighable:
    """One query's candidates with what is wanted of them."""
    names = list(dict.fromkeys(documents))
    places = {name: place for place, name in enumerate(names)}
    best = sorted(wanted.values(), reverse=True)[:CUT]
    return Weighable(
        signals=signals.astype(np.float32),
        documents=np.asarray([places[name] for name in documents], dtype=np.int32),
        gains=np.asarray([wanted.get(name, 0) for name in names], dtype=np.float32),
        ideal=float(np.sum(np.asarray(best) / np.log2(np.arange(2, len(best) + 2)))),
    )


def _rated(
    dataset: Dataset, queries: Sequence[Query], plain: Sequence[Mapping[str, Sequence[str]]]
) -> dict[str, Floats]:
    rated = {}
    for name in PLAIN:
        values = measure(
            {query.id: one[name] for query, one in zip(queries, plain, strict=True)}, dataset.wanted
        )
        rated[name] = np.asarray([values[query.id]["ndcg@10"] for query in queries], dtype=np.float32)
    return rated


@cache
def _code() -> str:
    return code_digest(_CODE)


def _key(dataset: Dataset, encoder: CompiledEncoder, queries: Sequence[Query]) -> str:
    asked = [[query.id, query.text, query.earlier[:CONTEXT], dataset.wanted[query.id]] for query in queries]
    named = json.dumps([FORMAT, dataset.corpus, encoder.identity, _code(), asked], sort_keys=True)
    return hashlib.sha256(named.encode()).hexdigest()[:24]


def _write(path: Path, kept: Signals) -> None:
    """Beside and renamed, so that a run that is stopped leaves nothing half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sizes = [(len(one.signals), len(one.gains)) for one in kept.queries]
    with NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez(
            file,
            sizes=np.asarray(sizes, dtype=np.int64).reshape(-1, 2),
            signals=np.concatenate([one.signals for one in kept.queries]),
            documents=np.concatenate([one.documents for one in kept.queries]),
            gains=np.concatenate([one.gains for one in kept.queries]),
            ideal=np.asarray([one.ideal for one in kept.queries]),
            plain=np.stack([kept.plain[name] for name in PLAIN]),
        )
    os.replace(file.name, path)  # noqa: PTH105 - the name is a text here


def _read(path: Path, dataset: Dataset) -> Signals | None:
    try:
        # Opened here: of a damaged file numpy would leave it open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            kept = {name: file[name] for name in file.files}
        rows, documents = (np.cumsum(sizes)[:-1] for sizes in kept["sizes"].T)
        parts = zip(
            np.split(kept["signals"], rows),
            np.split(kept["documents"], rows),
            np.split(kept["gains"], documents),
            kept["ideal"].tolist(),
            strict=True,
        )
        plain = dict(zip(PLAIN, kept["plain"], strict=True))
        return Signals(dataset.name, dataset.corpus, tuple(Weighable(*part) for part in parts), plain)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        # Absent, or cut off by a full disk: gathered anew.
        return None
