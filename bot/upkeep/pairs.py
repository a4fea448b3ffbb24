"""Articles of one language as statements in, pairs that say the same, and pairs that may contradict, out; pure.

Precision comes first: two sentences are only held against each other when nearly all their telling words are the same
and one thing differs, a number with the same word behind it, or a negation.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from kb.article import ArticleKey

Terms = Callable[[str], list[str]]

#: Share of the terms' weight that two sentences have in common, numbers and negations left out.
SAME_SUBJECT: Final = 0.7
#: Telling terms that both must have; less is a phrase such as "Press Save".
FEWEST_TERMS: Final = 4
#: Share of the terms' weight that two whole articles have in common to be near copies.
NEAR_COPY: Final = 0.8
#: A term in more sentences than this says too little to compare all of them by.
_COMMON: Final = 60
_MOST_PAIRS: Final = 200
#: Alone: not a part of a name, a version, an address or a setting such as `size=0`.
_NUMBER = re.compile(r"(?<![\w.=/-])\d+(?:[.,:]\d+)*(?![\w=/-]|\.\w)")
_NEGATIONS: Final = {
    "en": re.compile(
        r"\b(?:not|never|cannot|can't|don't|doesn't|won't|isn't|aren't|no longer)\b", re.IGNORECASE
    ),
    "de": re.compile(r"\b(?:nicht|nie|niemals|kein\w*)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:no|nunca|jamás|tampoco)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:ne|n'|pas|jamais|aucun\w*)\b", re.IGNORECASE),
}


class Differs(StrEnum):
    """In what two sentences differ."""

    NUMBER = "number"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an article."""

    key: ArticleKey
    title: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sentences that cannot both be true, perhaps."""

    differs: Differs
    first: Statement
    second: Statement
    question: str


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Two articles that say nearly the same."""

    first: ArticleKey
    second: ArticleKey
    share: float
    """Of the weight of their terms that they have in common, 0..1."""


def contradictions(statements: Sequence[Statement], language: str, terms: Terms) -> tuple[Contradiction, ...]:
    """Pairs from two articles of one language, the most alike first."""
    bags = [_bag(one.text, terms) for one in statements]
    subjects = [frozenset(terms(f"{one.title} {one.heading}")) for one in statements]
    weights = _weights(bags)
    found = []
    for a, b in _candidates(bags):
        first, second = statements[a], statements[b]
        if first.key.id == second.key.id or len(bags[a] & bags[b]) < FEWEST_TERMS:
            continue
        # Each with a word of its own: enable and disable, one machine and the other.
        if _rivals(subjects[a], subjects[b]) or (bags[a] - bags[b] and bags[b] - bags[a]):
            continue
        share = _share(bags[a], bags[b], weights)
        if share < SAME_SUBJECT or not _one_subject(subjects[a], subjects[b], bags[a] & bags[b]):
            continue
        differs = _differs(first.text, second.text, language, share)
        if differs:
            found.append((share, Contradiction(differs, first, second, _question(differs, first, second))))
    found.sort(key=lambda one: (-one[0], one[1].first.key, one[1].second.key, one[1].first.text))
    return tuple(one for _, one in found[:_MOST_PAIRS])


def near_copies(articles: Sequence[tuple[ArticleKey, str]], terms: Terms) -> tuple[NearCopy, ...]:
    """Pairs of articles (key, whole text) of one language, the most alike first."""
    bags = [frozenset(terms(text)) for _, text in articles]
    weights = _weights(bags)
    found = []
    for a, b in _candidates(bags):
        if articles[a][0].id == articles[b][0].id or min(len(bags[a]), len(bags[b])) < 2 * FEWEST_TERMS:
            continue
        share = _share(bags[a], bags[b], weights)
        if share >= NEAR_COPY:
            first, second = sorted((articles[a][0], articles[b][0]))
            found.append(NearCopy(first, second, share))
    return tuple(sorted(found, key=lambda one: (-one.share, one.first, one.second))[:_MOST_PAIRS])


def _bag(text: str, terms: Terms) -> frozenset[str]:
    """Telling terms without numbers."""
    return frozenset(term for term in terms(text) if not any(map(str.isdigit, term)))


def _weights(bags: Iterable[frozenset[str]]) -> dict[str, float]:
    """Rarer terms tell more (inverse document frequency)."""
    bags = list(bags)
    counted = Counter(term for bag in bags for term in bag)
    return {term: math.log(1 + len(bags) / count) for term, count in counted.items()}


def _share(a: frozenset[str], b: frozenset[str], weights: dict[str, float]) -> float:
    every = sum(weights[term] for term in a | b)
    return sum(weights[term] for term in a & b) / every if every else 0.0


def _candidates(bags: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """Pairs that share at least two telling terms; nothing is compared with everything."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, bag in enumerate(bags):
        for term in bag:
            holders[term].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in holders.values():
        if 1 < len(places) <= _COMMON:
            shared.update(combinations(places, 2))
    return {pair for pair, count in shared.items() if count >= 2}


def _one_subject(a: frozenset[str], b: frozenset[str], both: frozenset[str]) -> bool:
    """Titles and headings speak of the same, or the sentences say so much that they need none."""
    return bool(a & b) or len(both) > FEWEST_TERMS


def _rivals(a: frozenset[str], b: frozenset[str]) -> bool:
    """Titles that are the same but for a name are about two things, such as two machines: both may be true."""
    both, only = a & b, (a - b, b - a)
    return all(only) and len(both) >= max(map(len, only))


def _differs(a: str, b: str, language: str, share: float) -> Differs | None:
    first, second = ([_plain(number) for number in _NUMBER.findall(text)] for text in (a, b))
    denied = [_denials(text, language) for text in (a, b)]
    if first and second and len(first) == len(second) and denied[0] == denied[1]:
        units = [_NUMBER.sub("#", text).casefold() for text in (a, b)]
        after = [re.findall(r"#\W*(\w*)", unit) for unit in units]
        changed = sum(x != y for x, y in zip(first, second, strict=True))
        if changed == 1 and after[0] == after[1]:
            return Differs.NUMBER
    if first == second and abs(denied[0] - denied[1]) == 1 and share >= (1 + SAME_SUBJECT) / 2:
        return Differs.NEGATION
    return None


def _plain(number: str) -> str:
    """`604,800` and `604.800` as 604800; what is no group of three stays."""
    return re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number)


def _denials(text: str, language: str) -> int:
    pattern = _NEGATIONS.get(language.partition("-")[0].lower())
    return len(pattern.findall(text)) if pattern else 0


def _question(differs: Differs, first: Statement, second: Statement) -> str:
    if differs is Differs.NUMBER:
        one, other = next(
            pair
            for pair in zip(_NUMBER.findall(first.text), _NUMBER.findall(second.text), strict=True)
            if _plain(pair[0]) != _plain(pair[1])
        )
        return f"Is it {one} or {other}?"
    return "One says so, the other denies it: which is true?"
