"""Logged turns in, what other error budgets would have made of them out; pure.

Only answers are ever judged by customers, so a threshold below the one that served then is a guess about questions that
nobody has labelled; the figures say so. For a budget on all questions, label them and run `tierzero simulate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.budget import Budget, Outcome, Promise, at_most, needed, promise, tried
from bot.dialogue.reply import Reason, Reply, ReplyKind

#: Budgets of the table, from strict to lax.
BUDGETS = (0.01, 0.02, 0.05, 0.1, 0.2)
#: Bins of the reliability diagram.
BINS = 10
#: Examples on each side of the line.
EXAMPLES = 5
#: Reasons of turns that the confidence decided; a hand-off for security is one at every budget.
_DECIDED = frozenset({Reason.ANSWERED, Reason.CHOICE, Reason.LOW_CONFIDENCE})


@dataclass(frozen=True, slots=True)
class RepliedTurn:
    """What a customer asked, what the bot replied, and what the customer said of it."""

    question: str
    reply: Reply
    helpful: bool | None
    """None where the customer said nothing."""


@dataclass(frozen=True, slots=True)
class AtBudget:
    """One row: a budget over all logged turns that the confidence decided."""

    promise: Promise
    threshold: float | None
    """Of the promise, or the lowest probability that was judged where that is higher: below it nothing is known."""
    answered: int
    """Turns whose probability reaches the threshold; none where nothing is promised."""
    handed_on: int
    """The rest: asked back or handed off."""
    needed: int | None
    """Labels in all that would allow a promise; None where more would not help, or where there is one."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Judged answers of about one probability."""

    low: float
    count: int
    said: float
    """Mean probability."""
    right: float
    """Share that was judged helpful."""


@dataclass(frozen=True, slots=True)
class Risk:
    """What one threshold answers of the judged ones, and how many of those are wrong at most."""

    threshold: float
    coverage: float
    wrong: float
    at_most: float
    """Upper end of its one-sided 95% interval."""


@dataclass(frozen=True, slots=True)
class Replay:
    """History at every budget."""

    turns: int
    judged: int
    rows: tuple[AtBudget, ...]
    risks: tuple[Risk, ...]
    bins: tuple[Bin, ...]
    above: tuple[RepliedTurn, ...]
    """Just sure enough at the threshold that was asked for, the least sure first."""
    below: tuple[RepliedTurn, ...]
    """Not quite sure enough, the surest first."""


def replay(turns: Sequence[RepliedTurn], threshold: float, budgets: Sequence[float] = BUDGETS) -> Replay:
    """Looks at `turns` again; `threshold` is the line that the examples stand on either side of."""
    decided = [turn for turn in turns if turn.reply.reason in _DECIDED]
    outcomes = [
        Outcome(turn.reply.confidence, turn.helpful)
        for turn in decided
        if turn.helpful is not None and turn.reply.kind is ReplyKind.ANSWER
    ]
    sure = sorted((turn for turn in decided if turn.reply.confidence >= threshold), key=_probability)
    unsure = sorted(
        (turn for turn in decided if turn.reply.confidence < threshold), key=_probability, reverse=True
    )
    return Replay(
        turns=len(decided),
        judged=len(outcomes),
        rows=tuple(_row(decided, outcomes, Budget(wrong)) for wrong in budgets),
        risks=tuple(
            Risk(
                one.threshold,
                one.answered / len(outcomes),
                one.wrong / one.answered,
                at_most(one.wrong, one.answered, 0.95),
            )
            for one in tried(outcomes)
        ),
        bins=_bins(outcomes),
        above=tuple(sure[:EXAMPLES]),
        below=tuple(unsure[:EXAMPLES]),
    )


def _row(decided: Sequence[RepliedTurn], outcomes: Sequence[Outcome], budget: Budget) -> AtBudget:
    made = promise(outcomes, budget)
    if made.threshold is None:
        return AtBudget(made, None, 0, len(decided), needed(outcomes, budget))
    line = min(one.probability for one in outcomes if one.probability >= made.threshold)
    answered = sum(turn.reply.confidence >= line for turn in decided)
    return AtBudget(made, line, answered, len(decided) - answered, None)


def _bins(outcomes: Sequence[Outcome]) -> tuple[Bin, ...]:
    found = []
    for number in range(BINS):
        inside = [one for one in outcomes if min(int(one.probability * BINS), BINS - 1) == number]
        if inside:
            said = sum(one.probability for one in inside) / len(inside)
            right = sum(one.right for one in inside) / len(inside)
            found.append(Bin(number / BINS, len(inside), said, right))
    return tuple(found)


def _probability(turn: RepliedTurn) -> float:
    return turn.reply.confidence
