"""Raw signals of a search in, the probability that the quoted answer is right out."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from bot.errors import SettingsInvalid
from index.hit import Hit

#: Version of the model file; another one is refused.
FORMAT = 1
#: Difference of ranking score at which another article counts for 1/e of one that ranks as high. Of .05, .1 and .2 the
#: last one tells best on four sets at once: AUROC by itself .882 (techqa), .814 (mtrag), .638 (squad2), .715 (sample).
CROWDED = 0.2


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about an answer before anybody judges it. Raw values: nothing is scaled per question."""

    dense: float
    """Cosine of question and best passage."""
    late: float
    """Late interaction with the best passage."""
    support: float
    """Late interaction with the quote alone."""
    coverage: float
    """Share of the question's idf mass found in the best passage."""
    lexical: float
    """BM25 of the best passage over the most it could be, 0..1."""
    title: float
    """Likeness of question and title."""
    dense_margin: float
    """Cosine of the best article less that of the best other article."""
    late_margin: float
    """The same for late interaction."""
    dense_lead: float
    """Cosine of the best article less the mean of the five best."""
    score_lead: float
    """Ranking score of the best article less the mean of the five best."""
    standing: float
    """Minus the logarithm of how many articles share the quoted one's place: 0 where it stands alone, about -1.1 where
    two others rank as high; see `CROWDED`."""
    agreement: float
    """Share of the rankers (dense, lexical, late) whose first article is the one that is quoted."""
    length: float
    """Natural logarithm of one plus the question's terms."""


NAMES = tuple(field.name for field in fields(Signals))


def signals(hits: Sequence[Hit], support: float, terms: int, most_lexical: float) -> Signals:
    """Signals of an answer quoted from `hits[0]`; `hits` are ranked passages, several an article allowed.

    `terms` is the question's number of terms and `most_lexical` the BM25 that a passage with all of them,
    saturated, would have. Raises `ValueError` without hits.
    """
    if not hits:
        raise ValueError("signals need at least one hit")
    by_article: dict[object, list[Hit]] = {}
    for hit in hits:
        by_article.setdefault(hit.chunk.key, []).append(hit)
    own = by_article[hits[0].chunk.key]
    others = [group for key, group in by_article.items() if key != hits[0].chunk.key]
    top = hits[0].scores

    def best(group: Sequence[Hit], name: str) -> float:
        return max(float(getattr(hit.scores, name)) for hit in group)

    def margin(name: str) -> float:
        return best(own, name) - max((best(group, name) for group in others), default=0.0)

    def lead(values: Sequence[float]) -> float:
        five = sorted(values, reverse=True)[:5]
        return five[0] - sum(five) / len(five)

    winners = [
        max(hits, key=lambda hit: float(getattr(hit.scores, name))).chunk.key
        for name in ("dense", "lexical", "late")
    ]
    groups = [own, *others]
    ranked = [max(hit.score for hit in group) for group in groups]
    return Signals(
        dense=top.dense,
        late=top.late,
        support=support,
        coverage=top.coverage,
        lexical=top.lexical / most_lexical if most_lexical > 0 else 0.0,
        title=top.title,
        dense_margin=margin("dense"),
        late_margin=margin("late"),
        dense_lead=lead([best(group, "dense") for group in groups]),
        score_lead=lead(ranked),
        standing=-math.log(sum(math.exp(min((score - ranked[0]) / CROWDED, 30.0)) for score in ranked)),
        agreement=sum(winner == hits[0].chunk.key for winner in winners) / len(winners),
        length=math.log1p(terms),
    )


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic model over `Signals`, with what it was fitted on."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float
    """Below this probability the question goes to a person."""
    clarify_threshold: float
    """Between this and `threshold` the bot asks back when it can name a choice."""
    figures: Mapping[str, Any]
    """Training set, its size, date and quality, as measured."""

    def probability(self, given: Signals) -> float:
        """Probability in 0..1 that the answer is right."""
        total = self.bias
        for name, mean, scale, weight in zip(self.names, self.means, self.scales, self.weights, strict=True):
            total += weight * (float(getattr(given, name)) - mean) / scale
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def load(path: Path) -> ConfidenceModel:
    """Reads a model file; raises `SettingsInvalid` where it is damaged or of another version."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise SettingsInvalid(f"{path} has format {raw['format']}, this version reads {FORMAT}.")
        unknown = set(raw["names"]) - set(NAMES)
        if unknown:
            raise SettingsInvalid(f"{path} uses signals that this version does not have: {sorted(unknown)}.")
        return ConfidenceModel(
            names=tuple(raw["names"]),
            means=tuple(raw["means"]),
            scales=tuple(raw["scales"]),
            weights=tuple(raw["weights"]),
            bias=float(raw["bias"]),
            threshold=float(raw["threshold"]),
            clarify_threshold=float(raw["clarify_threshold"]),
            figures=raw["figures"],
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise SettingsInvalid(f"The confidence model {path} cannot be read: {exc}") from exc


def save(model: ConfidenceModel, path: Path) -> None:
    """Writes a model file that `load` reads."""
    path.write_text(json.dumps({"format": FORMAT, **asdict(model)}, indent=1) + "\n", encoding="utf-8")
