"""Counts in, the figures of a report out: each with its interval, its definition in a sentence, and its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.ledger.intervals import Share, share
from bot.ledger.range import Range, Unit
from bot.ledger.scores import each, handling, recommendation, waiting
from bot.ledger.stories import WINDOW
from bot.ledger.tally import Tally
from bot.ledger.targets import Targets

#: Of the scale from 1 to 5, what counts as satisfied.
_SATISFIED: Final = ("4", "5")


@dataclass(frozen=True, slots=True)
class Savings:
    """What contacts that no person had to handle would have cost."""

    low: float
    high: float
    currency: str


def deflection(counted: Tally) -> tuple[Share, Share]:
    """The confirmed lower bound and the contained upper bound, over all conversations that count."""
    return (
        share(counted.surely_deflected, counted.conversations),
        share(counted.at_most_deflected, counted.conversations),
    )


def figures(counted: Tally, targets: Targets) -> tuple[Range, ...]:
    """All figures, in the order of a report."""
    every = counted.conversations
    shares: Sequence[tuple[str, str, str, int, int, int]] = (
        (
            "deflection",
            "Deflection",
            "conversations the bot settled: at least those where the customer said that the last answer helped, at "
            "most those that nothing speaks against; a return on the matter within 7 days takes one back",
            counted.surely_deflected,
            counted.at_most_deflected,
            every,
        ),
        (
            "first_contact_resolution",
            "First-contact resolution",
            "settled in one contact by the bot or a person, without a return within 7 days; bounds as above",
            counted.surely_first_contact,
            counted.at_most_first_contact,
            every,
        ),
        _one("involved", "Involved", "something was asked of the bot", counted.involved, every),
        _one("answered", "Answered", "the bot quoted an article", counted.answered, every),
        _one("contained", "Contained", "no person took part; says nothing of help", counted.contained, every),
        _one(
            "confirmed",
            "Confirmed",
            "the customer said that the last answer helped",
            counted.confirmed,
            every,
        ),
        _one(
            "durable",
            "Durable",
            "of the contained ones that were not abandoned, without a return on the matter within 7 days",
            counted.at_most_deflected,
            counted.at_most_deflected + _taken_back(counted),
        ),
        _one(
            "abandoned",
            "Abandoned",
            "contained, and the customer left after a question back or said the answer did not help",
            counted.abandoned,
            every,
        ),
        _one("escalation_rate", "Escalation rate", "the bot brought in a person", counted.handed_off, every),
        _one(
            "repeat_contact",
            "Repeat contact",
            "the same customer came back on the matter within 7 days",
            counted.returned,
            every,
        ),
        _one(
            "knowledge_base_usage",
            "Knowledge-base usage",
            "an article was quoted to the customer",
            counted.answered,
            every,
        ),
        _one(
            "reopened",
            "Reopened",
            "solved by a person and opened again",
            counted.reopened,
            counted.reopened + counted.solved_by_person,
        ),
        _one(
            "escalation_accuracy",
            "Escalation accuracy",
            "of the hand-offs that a person judged, those that were needed",
            counted.escalations.get("right", 0),
            sum(counted.escalations.values()),
        ),
        _one(
            "passed_up",
            "Escalated by a person",
            "of the conversations that people got, those that one of them escalated to another level or unit",
            counted.passed_up,
            counted.with_people,
        ),
        _one(
            "satisfaction",
            "Customer satisfaction",
            "of the surveys, those with 4 or 5 of 5",
            sum(counted.ratings.get(one, 0) for one in _SATISFIED),
            sum(counted.ratings.values()),
        ),
    )
    found = [_range(*one, targets) for one in shares]
    found += recommendation(counted.recommendations, targets)
    found += waiting(
        "first_response", "First response", "reply of a person", counted.first_responses, targets
    )
    found += waiting("resolution", "Resolution", "solution", counted.resolutions, targets)
    found += handling(counted.handled)
    found.append(each(counted.agents))
    return tuple(found)


def savings(counted: Tally, targets: Targets) -> Savings | None:
    """Cost of a contact times each bound of the deflected ones; None where the team has set no cost."""
    cost = targets.cost_per_contact
    if not cost:
        return None
    low, high = counted.surely_deflected * cost, counted.at_most_deflected * cost
    return Savings(low, high, targets.currency)


def _taken_back(counted: Tally) -> int:
    """Contained conversations that were not abandoned and were followed by a return."""
    return counted.contained - counted.abandoned - counted.at_most_deflected


def _one(name: str, title: str, meaning: str, count: int, of: int) -> tuple[str, str, str, int, int, int]:
    return name, title, meaning, count, count, of


def _range(name: str, title: str, meaning: str, low: int, high: int, of: int, targets: Targets) -> Range:
    least, most = share(low, of), share(high, of)
    target = targets.wanted.get(name)
    verdict = target.verdict(least.low, most.high) if target and of else None
    return Range(name, title, meaning, Unit.SHARE, least.value, most.value, least.low, most.high, of, verdict)


#: Shown wherever the pair is: what silence, returns and young conversations do to it.
PAIR_NOTE: Final = (
    f"Deflection is a pair. It counts conversations whose {WINDOW.days} days are over; greetings never count, silence "
    "confirms nothing, one conversation counts once."
)
