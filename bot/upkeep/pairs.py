"""Articles of one language as statements in, pairs that say the same, and pairs that may contradict, out; pure.

Precision comes first: two sentences are only held against each other when nearly all their telling words are the same
and one thing differs: a number with the same word behind it, a date, or a negation.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from bot.upkeep.differing import Difference, Differs, Read, difference, read
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
#: A sentence with its end. What has none is a heading or an item of a list, and means something with what stands above.
_WHOLE: Final = re.compile(r"""[.!?。！？]["'”’»)\]]*\s*$""")
#: Words that do not begin a sentence.
_INNER: Final = re.compile(r"(?<=[\w,;)] )\w+")


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
    statements = [one for one in statements if _WHOLE.search(one.text)]
    parts = [read(one.text, language) for one in statements]
    bags = [_bag(one.rest, terms) for one in parts]
    subjects = [frozenset(terms(f"{one.title} {one.heading}")) for one in statements]
    forms = _forms(statements, parts, bags)
    named = _names(statements, language, terms)
    weights = _weights(bags)
    found = []
    for a, b in _candidates(bags):
        first, second = statements[a], statements[b]
        if first.key.id == second.key.id or len(bags[a] & bags[b]) < FEWEST_TERMS:
            continue
        # Each with a word of its own: enable and disable, one machine and the other.
        if _rivals(subjects[a], subjects[b], named) or (bags[a] - bags[b] and bags[b] - bags[a]):
            continue
        share = _share(bags[a], bags[b], weights)
        if share < SAME_SUBJECT or not _one_subject(subjects[a], subjects[b], bags[a] & bags[b]):
            continue
        differs = difference(parts[a], parts[b])
        if differs is None or (differs.what is Differs.NEGATION and share < (1 + SAME_SUBJECT) / 2):
            continue
        if differs.what is not Differs.NEGATION and forms & {bags[a], bags[b]}:
            continue
        found.append((share, Contradiction(differs.what, first, second, _question(differs))))
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
    """Titles and headings speak of the same, or of what both sentences do, or these say so much that they need none."""
    return bool(a & b) or bool(a & both and b & both) or len(both) > FEWEST_TERMS


def _rivals(a: frozenset[str], b: frozenset[str], named: frozenset[str]) -> bool:
    """Titles that are the same but for a name are about two things, such as two machines: both may be true."""
    both, only = a & b, (a - b, b - a)
    if not all(only) or len(both) < max(map(len, only)):
        return False
    return len(both) > 1 or all(one & named for one in only)


def _forms(
    statements: Sequence[Statement], parts: Sequence[Read], bags: Sequence[frozenset[str]]
) -> frozenset[frozenset[str]]:
    """Sentences that are a form, such as "Array members: maximum of 5 items": filled in differently each time.

    It has three values, or two in one article; a contradiction is two values in two articles.
    """
    values: dict[frozenset[str], set[tuple[str, ...]]] = defaultdict(set)
    own: dict[tuple[frozenset[str], str], set[tuple[str, ...]]] = defaultdict(set)
    for one, part, bag in zip(statements, parts, bags, strict=True):
        values[bag].add(part.values)
        own[bag, one.key.id].add(part.values)
    often = {bag for bag, found in values.items() if len(found) > 2}
    return frozenset(often | {bag for (bag, _), found in own.items() if len(found) > 1})


def _names(statements: Iterable[Statement], language: str, terms: Terms) -> frozenset[str]:
    """Terms that are names: within sentences they have a capital. German gives one to every noun."""
    if language.partition("-")[0].lower() == "de":
        return frozenset(term for one in statements for term in terms(f"{one.title} {one.heading}"))
    large, small = Counter[str](), Counter[str]()
    for one in statements:
        for word in _INNER.findall(one.text):
            for term in terms(word):
                (large if word[0].isupper() else small)[term] += 1
    titled = {term for one in statements for term in terms(f"{one.title} {one.heading}")}
    return frozenset(term for term in titled if large[term] > small[term] or not large[term] + small[term])


def _question(one: Difference) -> str:
    if one.what is Differs.NEGATION:
        return "One says so, the other denies it: which is true?"
    return f"Is it {one.first} or {one.second}?"
