"""Judged questions and an error budget in, the threshold that keeps the budget out, or how many more labels it takes.

A team says "at most 5% of automatic answers wrong". The threshold is chosen by fixed-sequence testing (Angelopoulos,
Bates, Candès, Jordan & Lei 2021, "Learn then Test", arXiv 2110.01052): thresholds are tried from the surest down, each
with the exact binomial test of "more than the budget is wrong among what this answers", and the last one before the
first that fails is taken. Since the sequence stops at its first failure, no correction for their number is needed.
The test of one threshold is that of Geifman & El-Yaniv 2017, "Selective Classification for Deep Neural Networks": given
how many are answered, the wrong ones among them are binomial.

What it rests on: the labelled questions were drawn as the coming ones will be, independently (exchangeable), and the
model was not fitted on them. Thresholds that answer too few of them to pass whatever their labels say are skipped; that
changes nothing where surer answers are not more often wrong, and the tests simulate models for which they are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Thresholds that are tried, the surest first. Fixed in advance: ones chosen from the labels would need a correction.
THRESHOLDS = tuple(round(step / 100, 2) for step in range(99, 0, -1))
#: The sequence begins where this share of the labelled questions is answered. Of 0, .1, .2 and .3 this one answers most
#: in simulation: below it one unlucky label ends the sequence, above it the budget is often spent before it begins.
FIRST_SHARE = 0.1
#: Chance of a promise that an estimate of further labels aims at.
POWER = 0.8
#: No team labels more than this for a threshold; beyond it the answer is that labels alone do not help.
MOST_LABELS = 100_000


@dataclass(frozen=True, slots=True)
class Budget:
    """What a team allows."""

    wrong: float
    """Largest share of automatic answers that may be wrong, above 0 and below 1."""
    certainty: float = 0.95
    """How sure the promise must be, above 0 and below 1."""

    def __post_init__(self) -> None:
        if not 0.0 < self.wrong < 1.0 or not 0.0 < self.certainty < 1.0:
            raise ValueError("an error budget and its certainty are shares between 0 and 1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A labelled question that the model was not fitted on."""

    probability: float
    right: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What one threshold does on the labelled questions."""

    threshold: float
    answered: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Promise:
    """A threshold with what it rests on, or the statement that there is none."""

    budget: Budget
    labels: int
    threshold: float | None
    """Answer from here on; None where nothing can be promised."""
    answered: int
    """Labelled questions at or above the threshold."""
    wrong: int
    """Those of them whose answer is wrong."""

    @property
    def at_most(self) -> float:
        """What the share wrong does not exceed, at the budget's certainty and for this threshold by itself."""
        return 1.0 if self.threshold is None else at_most(self.wrong, self.answered, self.budget.certainty)


@dataclass(frozen=True, slots=True)
class Kept:
    """An error budget and the threshold that keeps it."""

    wrong: float
    """Largest share of automatic answers that may be wrong."""
    certainty: float
    """How sure the promise is, such as 0.95; 0 for an estimate, which promises nothing."""
    threshold: float
    labels: int
    """Labelled questions that it rests on."""
    answered: int
    """Those of them at or above the threshold."""
    mistakes: int
    """Those of them whose answer is wrong."""
    source: str
    """Where the labels came from."""
    date: str

    @property
    def promised(self) -> bool:
        """Whether more than an estimate stands behind it."""
        return self.certainty > 0.0


def promise(outcomes: Sequence[Outcome], budget: Budget) -> Promise:
    """The lowest threshold that keeps the budget with the certainty asked for."""
    begin = max(fewest(budget), math.ceil(FIRST_SHARE * len(outcomes)))
    held: Tried | None = None
    for one in tried(outcomes):
        if one.answered < begin:
            continue
        if tail(one.wrong, one.answered, budget.wrong) > 1.0 - budget.certainty:
            break
        held = one
    if held is None:
        return Promise(budget, len(outcomes), None, 0, 0)
    return Promise(budget, len(outcomes), held.threshold, held.answered, held.wrong)


def tried(outcomes: Sequence[Outcome]) -> tuple[Tried, ...]:
    """All of `THRESHOLDS` that answer at least one question, the surest first."""
    ordered = sorted(outcomes, key=lambda one: -one.probability)
    found: list[Tried] = []
    answered = wrong = 0
    for threshold in THRESHOLDS:
        while answered < len(ordered) and ordered[answered].probability >= threshold:
            wrong += not ordered[answered].right
            answered += 1
        if answered:
            found.append(Tried(threshold, answered, wrong))
    return tuple(found)


def fewest(budget: Budget) -> int:
    """Answers, all of them right, without which nothing can be promised: 59 for 5% wrong at 95% certainty."""
    return math.ceil(math.log1p(-budget.certainty) / math.log1p(-budget.wrong))


def needed(outcomes: Sequence[Outcome], budget: Budget) -> int | None:
    """Labels in all that would allow a promise with a chance of `POWER`, if the shares wrong stay as these show them.

    None where more labels would not help, because at no threshold the share wrong looks smaller than the budget.
    """
    smallest = None if outcomes else fewest(budget)
    for one in tried(outcomes):
        # Half a mistake more than was seen: none in ten is not none in a thousand.
        share = (one.wrong + 0.5) / (one.answered + 1.0)
        if one.wrong < one.answered * budget.wrong:
            # Nothing speaks against it yet; that may be luck, so no less than half of the budget is reckoned with.
            share = min(share, budget.wrong / 2.0)
        answers = _answers_needed(share, budget) if share < budget.wrong else None
        if answers is not None:
            total = math.ceil(answers * len(outcomes) / one.answered)
            smallest = total if smallest is None else min(smallest, total)
    return smallest if smallest is not None and smallest <= MOST_LABELS else None


def at_most(wrong: int, answered: int, certainty: float) -> float:
    """Upper end of the one-sided interval of a share (Clopper & Pearson 1934): the share at which so few wrong ones
    have a chance of 1 - `certainty`."""
    if not 0 <= wrong <= answered:
        raise ValueError("there cannot be more wrong answers than answers, or fewer than none")
    if wrong == answered:
        return 1.0
    low, high = wrong / answered, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        if tail(wrong, answered, middle) > 1.0 - certainty:
            low = middle
        else:
            high = middle
    return high


def tail(most: int, count: int, share: float) -> float:
    """Chance of at most `most` wrong ones among `count` when each is wrong with chance `share`."""
    if share <= 0.0 or most >= count:
        return 1.0
    if share >= 1.0:
        return 0.0
    odds = math.log(share) - math.log1p(-share)
    part = count * math.log1p(-share)
    parts = [part]
    for number in range(most):
        part += math.log((count - number) / (number + 1)) + odds
        parts.append(part)
    peak = max(parts)
    return min(math.exp(peak) * math.fsum(math.exp(one - peak) for one in parts), 1.0)


def _answers_needed(share: float, budget: Budget) -> int | None:
    """Fewest answers, in steps of a tenth, whose test passes with a chance of `POWER` at this share wrong."""
    count = fewest(budget)
    while count <= MOST_LABELS:
        allowed = _allowed(count, budget)
        if allowed >= 0 and tail(allowed, count, share) >= POWER:
            return count
        count = math.ceil(count * 1.1)
    return None


def _allowed(count: int, budget: Budget) -> int:
    """Most wrong ones among `count` answers that pass; -1 where not even none does."""
    low, high = -1, math.ceil(count * budget.wrong)
    while low < high:
        middle = (low + high + 1) // 2
        if tail(middle, count, budget.wrong) <= 1.0 - budget.certainty:
            low = middle
        else:
            high = middle - 1
    return low
