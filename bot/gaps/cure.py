"""What a search finds for a gap's questions, and what helped in the end, in; what to write out, with why; pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kb.article import ArticleKey

#: Articles shown as the nearest ones.
MOST_NEAREST: Final = 3
#: An article that helped at least this share of the questions, in the end, is the one that they ask for.
HELPED_SHARE: Final = 0.2
#: An article is found when it comes first for this share of the questions.
FOUND_SHARE: Final = 0.5
#: Mean likeness (cosine) of the questions and the best passage of the first article, from which that article is about
#: the matter; below it nothing is. Measured by taking articles of the sample away (docs/decisions/0020).
ABOUT: Final = 0.35


class Cure(StrEnum):
    """What would let the bot answer."""

    NEW = "new"
    """No article is about it."""
    BETTER = "better"
    """An article is found and is not enough."""
    TITLE = "title"
    """An article is there, and is not found by the words that customers use."""


@dataclass(frozen=True, slots=True)
class Near:
    """An article that a search brings for a question."""

    key: ArticleKey
    title: str
    likeness: float
    """Cosine of the question and the best passage."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One of a gap's questions, asked again without a conversation."""

    nearest: tuple[Near, ...]
    """Best first, each article once."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a gap."""

    questions: int
    probes: tuple[Probe, ...]
    shown: tuple[ArticleKey, ...] = ()
    """The article of each answer that did not help."""
    helped: tuple[ArticleKey, ...] = ()
    """For each question that was settled in the end: the article that an agent linked, or other words found."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to write."""

    cure: Cure
    article: ArticleKey | None
    """The one to change; None for a new one."""
    why: str
    """One or two sentences."""
    nearest: tuple[Near, ...]


def advise(evidence: Evidence) -> Advice:
    """The first rule that fits; without a probe, or with an empty knowledge base, a new article."""
    nearest = near_all(evidence.probes)
    titles = {near.key: near.title for probe in evidence.probes for near in probe.nearest}
    first = Counter(probe.nearest[0].key for probe in evidence.probes if probe.nearest)
    asked = len(evidence.probes)
    helped, times = _commonest(evidence.helped)
    if helped is not None and times >= max(1, HELPED_SHARE * evidence.questions):
        found = first[helped]
        name = titles.get(helped, helped.id)
        if found < FOUND_SHARE * asked:
            why = (
                f"“{name}” settled {_of(times, evidence.questions)} in the end, but comes first for only "
                f"{found} of {asked} by the customers' own words."
            )
            return Advice(Cure.TITLE, helped, why, nearest)
    shown, times = _commonest(evidence.shown)
    if shown is not None and times >= HELPED_SHARE * evidence.questions:
        why = f"“{titles.get(shown, shown.id)}” was quoted for {_of(times, evidence.questions)} and did not help."
        return Advice(Cure.BETTER, shown, why, nearest)
    best, times = first.most_common(1)[0] if first else (None, 0)
    likeness = next((one.likeness for one in nearest if one.key == best), 0.0)
    if best is not None and times >= FOUND_SHARE * asked and likeness >= ABOUT:
        why = (
            f"“{titles[best]}” comes first for {times} of {asked} and is about this (likeness {likeness:.2f}, from "
            f"{ABOUT} on), but is not enough to answer."
        )
        return Advice(Cure.BETTER, best, why, nearest)
    return Advice(Cure.NEW, None, _nothing(nearest), nearest)


def near_all(probes: Sequence[Probe]) -> tuple[Near, ...]:
    """The articles nearest to most of the questions."""
    likeness: dict[ArticleKey, list[float]] = {}
    seen: dict[ArticleKey, Near] = {}
    for probe in probes:
        for near in probe.nearest:
            likeness.setdefault(near.key, []).append(near.likeness)
            seen[near.key] = near
    means = [Near(key, seen[key].title, sum(found) / len(probes)) for key, found in likeness.items()]
    return tuple(sorted(means, key=lambda one: (-one.likeness, one.key))[:MOST_NEAREST])


def _commonest(keys: Sequence[ArticleKey]) -> tuple[ArticleKey | None, int]:
    if not keys:
        return None, 0
    counted = Counter(keys)
    best = min(counted, key=lambda key: (-counted[key], key))
    return best, counted[best]


def _of(times: int, questions: int) -> str:
    return f"{times} of {questions} questions"


def _nothing(nearest: Sequence[Near]) -> str:
    if not nearest:
        return "Nothing in the knowledge base comes near."
    first = nearest[0]
    if first.likeness >= ABOUT:
        return f"No single article is about this; the nearest for some is “{first.title}”."
    return (
        f"No article is about this: the nearest, “{first.title}”, has a likeness of {first.likeness:.2f} "
        f"(from {ABOUT} on it would be)."
    )
