"""Values of an experiment: what is tried, on whom, and by which arm a customer is served."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.errors import BadRequest

MOST_TITLE: Final = 120
#: Of a weight of the ranking; those that serve lie between 0 and 1.5.
MOST_WEIGHT: Final = 4.0
#: Passages fetched by each search: more would make each turn of arm B slower, which is a difference of its own.
MOST_CANDIDATES: Final = 60
#: Parts of the ranking that may differ; how many passages are looked at are whole numbers, the others weights.
COUNTS: Final = ("candidates", "late_candidates")
WEIGHTS: Final = ("dense", "title", "late", "lexical", "learned")


class Kind(StrEnum):
    """What arm B has that arm A has not."""

    BUDGET = "budget"
    """Another error budget: another threshold from which on the bot answers."""
    RANKING = "ranking"
    """Other weights of the ranking."""
    ARTICLE = "article"
    """Another text of one article (`bot.experiments.trial`)."""


class Arm(StrEnum):
    """One of the two sides."""

    A = "a"
    """Served as everybody is."""
    B = "b"
    """Served by the setting that is tried."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Two settings side by side."""

    id: str
    title: str
    kind: Kind
    setting: str
    """Of arm B, as `budget_of` and `parts_of` read it, or the article and the revision of its other text."""
    beside: str
    """What arm A was served by when it began, in words."""
    started_at: dt.datetime
    started_by: str
    stopped_at: dt.datetime | None = None
    stopped_by: str = ""

    @property
    def runs(self) -> bool:
        """Whether new customers are put into its arms."""
        return self.stopped_at is None

    def label(self, arm: Arm) -> str:
        """Names the arm in what is stored of a turn."""
        return f"{self.id}/{arm.value}"


def arm_of(experiment_id: str, key: str) -> Arm:
    """By a fair coin that always falls the same for one customer, and anew for each experiment.

    `key` is the customer's mark, or the conversation's id where nobody knows whose it is.
    """
    digest = hashlib.blake2b(f"{experiment_id}\0{key}".encode("utf-8", "surrogatepass"), digest_size=8)
    return Arm.B if digest.digest()[0] & 1 else Arm.A


def title_of(written: str) -> str:
    """A title on one line. Raises `BadRequest`."""
    title = " ".join(written.split())
    if not any(map(str.isalnum, title)) or len(title) > MOST_TITLE:
        raise BadRequest(f"An experiment needs a title of at most {MOST_TITLE} characters.")
    return title


def kind_of(written: str) -> Kind:
    """Raises `BadRequest` that says what can be tried."""
    try:
        return Kind(written)
    except ValueError:
        raise BadRequest("Try an error budget, a ranking, or another text of an article.") from None


def budget_of(setting: str) -> float:
    """The largest share of answers that may be wrong. Raises `BadRequest`."""
    try:
        budget = float(setting)
    except ValueError:
        budget = 0.0
    if not 0.0 < budget < 1.0:
        raise BadRequest("An error budget is a share between 0 and 1, such as 0.05.")
    return budget


def parts_of(setting: str) -> Mapping[str, float]:
    """Parts of the ranking that differ, from `late=1 lexical=0.25`. Raises `BadRequest`."""
    parts: dict[str, float] = {}
    for written in setting.replace(",", " ").split():
        name, _, value = written.partition("=")
        if name not in (*COUNTS, *WEIGHTS):
            raise BadRequest(
                f"“{name[:40]}” is no part of the ranking: use {', '.join((*WEIGHTS, *COUNTS))}."
            )
        parts[name] = _part(name, value)
    if not parts:
        raise BadRequest("Say what arm B ranks by, such as: lexical=0.25 late=1")
    return parts


def _part(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if name in COUNTS:
        if not (number.is_integer() and 1 <= number <= MOST_CANDIDATES):
            raise BadRequest(f"{name} is a whole number from 1 to {MOST_CANDIDATES}.")
    elif not 0.0 <= number <= MOST_WEIGHT:
        raise BadRequest(f"{name} is a weight from 0 to {MOST_WEIGHT:g}.")
    return number
