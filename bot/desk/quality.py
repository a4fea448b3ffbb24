"""Quality review as rules: which solved tickets are drawn, what a scorecard is worth, how far reviewers agree; pure.

The draw can be checked by anybody. Each week has a seed of its own whose digest is shown from the start, so that it
cannot be chosen afterwards; once the week is over the seed itself is shown, and whoever has the list of solved tickets
can draw the same ones again.
"""

import datetime as dt
import hashlib
import hmac
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.desk.policy import SHIPPED
from bot.dialogue.datafile import MappingReader, read_yaml

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


class Mark(StrEnum):
    """The answer to one question of a scorecard."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


#: What an answer is worth, from 0 to 1; what is not applicable counts neither way.
WORTH: Final[Mapping[Mark, float]] = MappingProxyType({Mark.YES: 1.0, Mark.PARTLY: 0.5, Mark.NO: 0.0})


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the scorecard."""

    name: str
    text: str
    weight: int


@dataclass(frozen=True, slots=True)
class QualityRules:
    """How much is drawn, and what is asked of it."""

    share: int
    """Of a hundred solved tickets of one agent and week; at least one is drawn where there is any."""
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """A ticket that somebody solved in a week."""

    reference: str
    agent: str
    """As the audit log names them: `account:ID`."""
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's scorecard of one drawn ticket."""

    week: str
    reference: str
    agent: str
    reviewer: str
    at: dt.datetime
    marks: Mapping[str, Mark]
    """By the name of the question."""
    score: float | None
    """0 to 100; None where nothing was applicable."""
    hand_off_needed: bool | None
    """Whether a person was needed at all; None where that was not said."""
    comment: str


def load_quality(path: Path | None = None) -> QualityRules:
    """Reads its part of a policy file, of the shipped one where it is missing; raises `SettingsInvalid`."""
    file = path or SHIPPED
    raw = read_yaml(file).get("quality") or read_yaml(SHIPPED)["quality"]
    reader = MappingReader(file, "quality", raw)
    reader.only("share", "questions")
    share, asked = raw.get("share"), raw.get("questions")
    if type(share) is not int or not 0 < share <= 100:
        reader.refuse(f"“share” must be a number from 1 to 100, not {share!r}")
    if not isinstance(asked, Mapping) or not asked:
        reader.refuse("“questions” must hold names with a weight and a text")
    questions = []
    for name, fields in asked.items():
        one = MappingReader(file, f"quality: {name}", fields)
        one.only("weight", "text")
        weight = fields.get("weight")
        if type(weight) is not int or not 0 < weight <= 100:
            one.refuse(f"“weight” must be a number from 1 to 100, not {weight!r}")
        questions.append(Question(str(name), one.text("text"), weight))
    return QualityRules(share, tuple(questions))


def week_of(at: dt.datetime) -> str:
    """The ISO week of a moment in UTC, such as `2026-W48`."""
    year, week, _ = at.astimezone(dt.UTC).isocalendar()
    return f"{year}-W{week:02}"


def bounds(week: str) -> tuple[dt.datetime, dt.datetime]:
    """When a week begins, and when the next one does. Raises `ValueError`."""
    found = _WEEK.fullmatch(week)
    if not found:
        raise ValueError(f"{week!r} is not a week such as 2026-W48")
    monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
    start = dt.datetime.combine(monday, dt.time(0), dt.UTC)
    return start, start + dt.timedelta(days=7)


def seed_of(secret: bytes, week: str) -> bytes:
    """The seed of a week: of no use for any other."""
    return hmac.digest(secret, f"quality:{week}".encode(), "sha256")


def commitment(seed: bytes) -> str:
    """What is shown of a seed before its week is over."""
    return hashlib.sha256(seed).hexdigest()


def draw(solved: Sequence[Solved], week: str, seed: bytes, share: int) -> tuple[Solved, ...]:
    """The tickets to review: of each agent the first of their solved ones by a keyed hash of week and reference.

    The order of the hashes is as good as random to whoever does not know the seed, and the same for whoever does; a
    ticket's place in it depends on nothing but its reference.
    """
    by_agent: dict[str, list[Solved]] = defaultdict(list)
    for one in solved:
        by_agent[one.agent].append(one)
    drawn: list[Solved] = []
    for agent in sorted(by_agent):
        ordered = sorted(by_agent[agent], key=lambda one: _place(seed, week, one.reference))
        drawn += ordered[: math.ceil(len(ordered) * share / 100)]
    return tuple(drawn)


def score(marks: Mapping[str, Mark], questions: Sequence[Question]) -> float | None:
    """The weighted mean of what is applicable, 0 to 100; None where nothing is."""
    counted = [
        (question.weight, WORTH[marks[question.name]])
        for question in questions
        if marks.get(question.name) in WORTH
    ]
    total = sum(weight for weight, _ in counted)
    return 100 * sum(weight * worth for weight, worth in counted) / total if total else None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Agreement of two reviewers beyond chance, 1 for full agreement and 0 for none beyond it.

    Cohen 1960, "A coefficient of agreement for nominal scales": (p_o - p_e) / (1 - p_e), where p_o is the share of
    equal marks and p_e the share to be expected from how often each reviewer gives each mark. None where that cannot
    be told: without pairs, or where both always give one and the same mark.
    """
    if not pairs:
        return None
    of = len(pairs)
    one, other = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    observed = sum(first == second for first, second in pairs) / of
    expected = sum(one[mark] * other[mark] for mark in one) / (of * of)
    return None if expected == 1.0 else (observed - expected) / (1.0 - expected)


def _place(seed: bytes, week: str, reference: str) -> bytes:
    return hmac.digest(seed, f"{week}:{reference}".encode(), "sha256")
