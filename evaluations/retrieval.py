"""A data set and its index in, a `SetResult` out: how well the product's own search ranks documents, and how fast."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evaluations.beir import Dataset, Query
from evaluations.corpus_index import CorpusIndex
from evaluations.errors import DatasetInvalid
from evaluations.left_out import left_out, unknown_fields
from evaluations.metrics import DEPTH, RETRIEVAL_METRICS, measure
from evaluations.result import Case, SetResult, figures_of, slices_of
from index.compiled import CompiledEncoder
from index.generation import Generation
from index.hit import Filters
from index.ranking import RECIPE, Recipe
from index.searcher import Question, Searcher

#: Passages of the search that is timed: as many as the chat looks at for one answer.
SERVED = 20
#: Earlier texts of the customer that are searched with, as in the chat.
CONTEXT = 2
#: Runs before anything is timed, so that memory and caches are as in a running server.
_WARM_UP = 5
_SHOWN = 10
_EXCERPT = 160

Progress = Callable[[int, int], None]
Read = Callable[[str], str]


def _as_written(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Asked:
    """One query as it was searched."""

    query: Query
    earlier: tuple[str, ...]
    words: str
    """What was searched by: the query, or its words in the articles' language."""
    ranking: tuple[str, ...]
    """Ids of at most `DEPTH` documents, best first."""
    query_ms: float
    """From the text to ranked passages, encoder included."""
    encoder_ms: float
    """The encoder alone on the same texts, moments before or after."""


class Asking:
    """Asks queries one by one, as a server with one customer would."""

    def __init__(
        self,
        encoder: CompiledEncoder,
        generation: Generation,
        recipe: Recipe = RECIPE,
        read: Read = _as_written,
    ) -> None:
        self._encoder = encoder
        self._read = read
        self._searcher = Searcher(encoder, generation, recipe)
        self._generation = generation
        documents = max(len(generation.articles), 1)
        self._deep = math.ceil(1.5 * DEPTH * max(len(generation.rows) / documents, 1.0))

    def warm_up(self, query: Query, filters: Filters) -> None:
        """Runs what will be timed."""
        for number in range(_WARM_UP):
            self.ask(query, (), filters, bare_first=number % 2 == 0)

    def ask(self, query: Query, earlier: tuple[str, ...], filters: Filters, *, bare_first: bool) -> Asked:
        """Times the search that the chat makes, then ranks deeper, untimed.

        The ranking begins with what the timed search found: more candidates could change the order at the top,
        and what customers get is what counts. `bare_first` alternates, so that neither side gains from the order.
        """
        words, said = self._read(query.text), [self._read(one) for one in earlier]
        texts = [words, *said]
        bare = self._bare(texts) if bare_first else 0.0
        started = time.perf_counter()
        question = self._searcher.question(words, said)
        found = self._searcher.search(question, filters, SERVED)
        whole = time.perf_counter() - started
        bare = bare or self._bare(texts)
        served = self._documents(found.positions)
        ranking = dict.fromkeys([*served, *self._deeper(question, filters)])
        return Asked(query, earlier, words, tuple(ranking)[:DEPTH], 1000.0 * whole, 1000.0 * bare)

    def _bare(self, texts: Sequence[str]) -> float:
        started = time.perf_counter()
        self._encoder.encode(texts)
        return time.perf_counter() - started

    def _deeper(self, question: Question, filters: Filters) -> list[str]:
        """At least `DEPTH` documents, or all that the search can reach."""
        limit = self._deep
        while True:
            found = self._searcher.search(question, filters, limit)
            documents = self._documents(found.positions)
            if len(documents) >= DEPTH or limit >= len(self._generation.rows):
                return documents
            limit *= 2

    def _documents(self, positions: Sequence[int]) -> list[str]:
        """Documents in the order of their best passage."""
        return list(dict.fromkeys(self._generation.facts(position).key.id for position in positions))


def evaluate(
    dataset: Dataset,
    index: CorpusIndex,
    encoder: CompiledEncoder,
    *,
    recipe: Recipe = RECIPE,
    queries: Sequence[Query] | None = None,
    context: int = CONTEXT,
    labels: Sequence[str] = (),
    filters_of: Callable[[Query], Filters] = lambda query: Filters(),
    read: Read = _as_written,
    progress: Progress = lambda done, total: None,
) -> tuple[SetResult, ...]:
    """Figures of a data set; where queries have turns before them, a second result has the last turn alone.

    `queries` limits the set to some of its judged queries; `context` is how many earlier texts are used;
    `filters_of` says what a query may find, `read` by which words it is searched. Raises `DatasetInvalid` where
    there is no query to ask.
    """
    chosen = list(dataset.judged() if queries is None else queries)
    if not chosen:
        raise DatasetInvalid(f"{dataset.name} has no query that can be answered and has a judged document.")
    asking = Asking(encoder, index.generation, recipe, read)
    asking.warm_up(chosen[0], filters_of(chosen[0]))
    variants = [("", context)]
    if dataset.has_turns and context:
        variants.append(("last_turn", 0))
    results = []
    for place, (variant, most) in enumerate(variants):
        asked = []
        for number, query in enumerate(chosen):
            earlier, bare_first = query.earlier[:most], number % 2 == 0
            asked.append(asking.ask(query, earlier, filters_of(query), bare_first=bare_first))
            progress(place * len(chosen) + number + 1, len(variants) * len(chosen))
        results.append(_result(dataset, index, asked, variant, labels))
    return tuple(results)


def _result(
    dataset: Dataset, index: CorpusIndex, asked: Sequence[Asked], variant: str, labels: Sequence[str]
) -> SetResult:
    values = measure({one.query.id: one.ranking for one in asked}, dataset.wanted)
    cases = tuple(_case(one, dataset.wanted[one.query.id], values[one.query.id]) for one in asked)
    grouped = sorted({*labels, *_boolean_labels(cases)})
    return SetResult(
        name=dataset.name,
        variant=variant,
        kind="retrieval",
        corpus=dataset.corpus,
        primary="ndcg@10",
        figures=figures_of(cases, RETRIEVAL_METRICS),
        slices=slices_of(cases, RETRIEVAL_METRICS, grouped),
        measured=_measured(dataset, index, asked),
        notes=(*_notes(dataset, index, asked), *unknown_fields(labels, [case.labels for case in cases])),
        cases=cases,
        documents=_lines(dataset, cases),
    )


def _case(asked: Asked, wanted: Mapping[str, int], values: Mapping[str, float]) -> Case:
    ranks = [rank for rank, document in enumerate(asked.ranking, 1) if document in wanted]
    return Case(
        id=asked.query.id,
        text=asked.query.text,
        earlier=asked.earlier,
        wanted=tuple(sorted(wanted, key=lambda document: (-wanted[document], document))),
        got=asked.ranking[:_SHOWN],
        note="" if asked.words == asked.query.text else f"searched by: {asked.words}",
        values={
            **values,
            "rank": float(ranks[0]) if ranks else 0.0,
            "query_ms": asked.query_ms,
            "encoder_ms": asked.encoder_ms,
        },
        labels=asked.query.labels,
    )


def _boolean_labels(cases: Sequence[Case]) -> set[str]:
    """Labels that part a set in two, such as `gold_is_overview`."""
    names = {name for case in cases for name in case.labels}
    return {name for name in names if {case.labels.get(name) for case in cases} == {"true", "false"}}


def _measured(dataset: Dataset, index: CorpusIndex, asked: Sequence[Asked]) -> dict[str, float]:
    whole = np.asarray([one.query_ms for one in asked])
    bare = np.asarray([one.encoder_ms for one in asked])
    return {
        "query_ms_p50": float(np.percentile(whole, 50)),
        "query_ms_p95": float(np.percentile(whole, 95)),
        "encoder_ms_p50": float(np.percentile(bare, 50)),
        "encoder_ms_p95": float(np.percentile(bare, 95)),
        "query_over_encoder_p50": float(np.percentile(whole, 50) / np.percentile(bare, 50)),
        "index_s": index.seconds,
        "documents": len(dataset.entries),
        "chunks": len(index.generation.rows),
        "queries": len(asked),
        "unanswerable_left_out": sum(not query.answerable for query in dataset.queries),
    }


def _notes(dataset: Dataset, index: CorpusIndex, asked: Sequence[Asked]) -> tuple[str, ...]:
    judged = len(dataset.judged())
    sample = (f"A sample of {len(asked)} of {judged} judged queries.",) if len(asked) < judged else ()
    earlier = ("The index was built by an earlier run; its time is of then.",) if index.reused else ()
    count = sum(one.words != one.query.text for one in asked)
    foreign = (_searched_otherwise(count),) if count else ()
    return (*sample, *foreign, *left_out(dataset, index), *earlier)


def _searched_otherwise(count: int) -> str:
    if count == 1:
        return "1 query in another language was searched by its words in the articles'."
    return f"{count} queries in another language were searched by their words in the articles'."


def _lines(dataset: Dataset, cases: Sequence[Case]) -> dict[str, str]:
    """A line for each document that a case names."""
    named = {document for case in cases for document in (*case.wanted, *case.got)}
    return {
        entry.id: (entry.title.strip() or " ".join(entry.text.split()))[:_EXCERPT]
        for entry in dataset.entries
        if entry.id in named
    }
