"""A data set with several ways to ask the same thing in, what learned questions are worth on it out.

Queries with the same wanted documents are one group: different words for one answer. Half of each group, drawn at
random, is taken as confirmed, each by a customer of its own and for the wanted document that the search ranks first;
the other half is asked. Then the same with wrong confirmations among them. Last, every query is asked with the lessons
of all other groups alone: there is nothing to gain then, only to lose.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluations.beir import Dataset, Query
from evaluations.corpus_index import CorpusIndex
from evaluations.metrics import measure
from evaluations.retrieval import CONTEXT, SERVED
from evaluations.significance import Difference, Estimate, estimate, paired
from index.compiled import CompiledEncoder
from index.encoder import Floats
from index.hit import Filters
from index.learned import Learned, Lesson, Sections, Vote
from index.ranking import RECIPE, Recipe
from index.searcher import Question, Searcher
from kb.article import ArticleKey

METRICS = ("hit@1", "hit@5", "mrr@10", "ndcg@10")
#: Share of wrong confirmations where there are some.
WRONG = 0.2
_SEED = 11
_DEPTH = 10

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """One way to learn, against the search that has learned nothing, on the same queries."""

    name: str
    weight: float
    """`Recipe.learned`."""
    confirmed: int
    wrong: int
    asked: int
    figures: Mapping[str, Estimate]
    plain: Mapping[str, Estimate]
    """The same without anything learned."""
    change: Mapping[str, Difference]
    better: int
    """Queries whose first document is right only with what was learned."""
    worse: int


@dataclass(frozen=True, slots=True)
class LearningResult:
    """All trials on one set."""

    name: str
    groups: int
    trials: tuple[Trial, ...]


class Trials:
    """Asks the queries of one set with and without lessons."""

    def __init__(
        self,
        dataset: Dataset,
        index: CorpusIndex,
        encoder: CompiledEncoder,
        filters_of: Callable[[Query], Filters] = lambda query: Filters(),
    ) -> None:
        self.dataset = dataset
        self._generation = index.generation
        self._sections = Sections(index.generation)
        self._encoder = encoder
        self._filters_of = filters_of
        self._reader = Searcher(encoder, index.generation)
        self._searchers: dict[Recipe, Searcher] = {}
        self._questions: dict[str, Question] = {}
        self._vectors: dict[str, Floats] = {}
        self._plain: dict[str, tuple[str, ...]] = {}
        self.groups = _groups(dataset)

    def run(self, weights: Sequence[float], progress: Progress = lambda done, total: None) -> LearningResult:
        """All trials with each weight."""
        queries = [query for group in self.groups for query in group]
        for done, query in enumerate(queries, 1):
            self._prepare(query)
            progress(done, len(queries))
        confirmed, asked = split(self.groups)
        trials = []
        for weight in weights:
            recipe = replace(RECIPE, learned=weight)
            if confirmed and asked:
                for name, wrong in (("confirmed", 0.0), ("wrong_near", WRONG), ("wrong_anywhere", WRONG)):
                    lessons, mistaken = self._lessons(confirmed, wrong, near=name == "wrong_near")
                    learned = Learned(self._sections, lessons)
                    rankings = {query.id: self._ranking(query, learned, recipe) for query in asked}
                    trials.append(self._trial(name, weight, len(lessons), mistaken, rankings))
            trials.append(self._of_others(weight, recipe))
        return LearningResult(self.dataset.name, len(self.groups), tuple(trials))

    def _prepare(self, query: Query) -> None:
        earlier = query.earlier[:CONTEXT]
        self._questions[query.id] = self._reader.question(query.text, earlier)
        self._vectors[query.id] = self._encoder.encode([query.text])[0].vector
        self._plain[query.id] = self._ranking(query, None, RECIPE)

    def _of_others(self, weight: float, recipe: Recipe) -> Trial:
        """Every query with the lessons of all groups but its own."""
        lessons, _ = self._lessons([query for group in self.groups for query in group], 0.0, near=False)
        rankings: dict[str, tuple[str, ...]] = {}
        for group in self.groups:
            own = set().union(*(self.dataset.wanted[query.id] for query in group))
            learned = Learned(self._sections, [one for one in lessons if one.key.id not in own])
            rankings |= {query.id: self._ranking(query, learned, recipe) for query in group}
        return self._trial("others_alone", weight, len(lessons), 0, rankings)

    def _lessons(self, confirmed: Sequence[Query], wrong: float, *, near: bool) -> tuple[list[Lesson], int]:
        """A lesson for each confirmed query, some of them wrong, and how many are."""
        chance = random.Random(_SEED)  # noqa: S311 - a draw for a measurement, not for a secret
        everything = sorted(facts.key.id for facts in self._generation.articles)
        lessons: list[Lesson] = []
        mistaken = 0
        for query in confirmed:
            wanted = self.dataset.wanted[query.id]
            found = self._plain[query.id]
            right = next((one for one in found if one in wanted), None) or min(wanted)
            pool = [one for one in (found[:_DEPTH] if near else everything) if one not in wanted]
            mistake = chance.random() < wrong and bool(pool)
            mistaken += mistake
            lesson = self._lesson(len(lessons), query, chance.choice(pool) if mistake else right)
            lessons += [lesson] if lesson else []
        return lessons, mistaken

    def _lesson(self, number: int, query: Query, document: str) -> Lesson | None:
        key = ArticleKey(document, query.labels.get("locale", self.dataset.locale))
        revision = self._sections.revision(key)
        if revision is None:
            return None
        vote = Vote(f"conversation:{query.id}", 1.0)
        return Lesson(number, key, revision, None, "", self._vectors[query.id], (vote,))

    def _ranking(self, query: Query, learned: Learned | None, recipe: Recipe) -> tuple[str, ...]:
        """At least `_DEPTH` documents where there are as many; the first passages are those a customer gets."""
        searcher = self._searchers.get(recipe)
        if searcher is None:
            searcher = self._searchers[recipe] = Searcher(self._encoder, self._generation, recipe)
        searcher.learned = learned
        filters, question = self._filters_of(query), self._questions[query.id]
        found: dict[str, None] = {}
        for limit in (SERVED, 4 * SERVED):
            hits = searcher.search(question, filters, limit).hits
            found |= dict.fromkeys(hit.chunk.key.id for hit in hits)
            if len(found) >= _DEPTH:
                break
        return tuple(found)

    def _trial(
        self, name: str, weight: float, confirmed: int, wrong: int, rankings: Mapping[str, Sequence[str]]
    ) -> Trial:
        with_it = measure(rankings, self.dataset.wanted)
        without = measure({query: self._plain[query] for query in rankings}, self.dataset.wanted)
        columns = {
            metric: (
                [without[query][metric] for query in rankings],
                [with_it[query][metric] for query in rankings],
            )
            for metric in METRICS
        }
        firsts = list(zip(*columns["hit@1"], strict=True))
        return Trial(
            name=name,
            weight=weight,
            confirmed=confirmed,
            wrong=wrong,
            asked=len(rankings),
            figures={metric: estimate(after) for metric, (_, after) in columns.items()},
            plain={metric: estimate(before) for metric, (before, _) in columns.items()},
            change={metric: paired(before, after) for metric, (before, after) in columns.items()},
            better=sum(after > before for before, after in firsts),
            worse=sum(after < before for before, after in firsts),
        )


def _groups(dataset: Dataset) -> tuple[tuple[Query, ...], ...]:
    """Queries by what they want, in the order of the set."""
    found: dict[tuple[str, frozenset[str]], list[Query]] = {}
    for query in dataset.judged():
        wanted = query.labels.get("locale", ""), frozenset(dataset.wanted[query.id])
        found.setdefault(wanted, []).append(query)
    return tuple(tuple(group) for group in found.values())


def split(groups: Sequence[Sequence[Query]]) -> tuple[list[Query], list[Query]]:
    """Half of each group, drawn at random but always the same, and the other half, which is the larger one."""
    chance = random.Random(_SEED)  # noqa: S311 - a draw for a measurement, not for a secret
    confirmed: list[Query] = []
    asked: list[Query] = []
    for group in groups:
        drawn = list(group)
        chance.shuffle(drawn)
        confirmed += drawn[: len(drawn) // 2]
        asked += drawn[len(drawn) // 2 :]
    return confirmed, asked


def described(result: LearningResult) -> Iterator[dict[str, object]]:
    """One object a trial, for JSON."""
    for trial in result.trials:
        yield {
            "name": result.name,
            "trial": trial.name,
            "weight": trial.weight,
            "confirmed": trial.confirmed,
            "wrong": trial.wrong,
            "queries": trial.asked,
            "better": trial.better,
            "worse": trial.worse,
            **{metric: figure.value for metric, figure in trial.figures.items()},
            "plain": {metric: figure.value for metric, figure in trial.plain.items()},
            "change": {
                metric: {"value": one.value, "low": one.low, "high": one.high, "p": one.p}
                for metric, one in trial.change.items()
            },
        }
