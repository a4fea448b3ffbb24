"""Raw signals of a search in, the probability that the quoted answer is right out."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import pstdev
from typing import Any

from bot.dialogue.budget import Kept
from bot.errors import SettingsInvalid
from index.hit import Hit

#: Version of the model file; another one is refused.
FORMAT = 2
#: Difference of ranking score at which another article counts for 1/e of one that ranks as high. Of .05, .1 and .2 the
#: last one tells best on four sets at once: AUROC by itself .882 (techqa), .814 (mtrag), .638 (squad2), .715 (sample).
CROWDED = 0.2
#: The same for the wider look. Alone it tells best on mtrag (.833), where `standing` has .817.
CROWDED_WIDE = 0.4
#: Added to the standard deviation of scores, so that two equal rivals do not make a lead endless.
LEAST_SPREAD = 0.05


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
    sentence: float
    """Late interaction with the one sentence, step or row of the section that is most like the question."""
    standing_wide: float
    """`standing` where other articles count further down; see `CROWDED_WIDE`."""
    lead_spread: float
    """Ranking score of the best article less the mean of the nine after it, in their standard deviations."""
    numbers: float
    """Whether the quote has the question's numbers: 1 all, 0 some or there are none, -1 not one."""
    names: float
    """-1 where a name in the question is nowhere in the section, else 0."""
    half: float
    """Cosine that half of the question, by weight of its tokens, reaches in the quote and its headings."""


NAMES = tuple(field.name for field in fields(Signals))


@dataclass(frozen=True, slots=True)
class Closeness:
    """What a close look at the quote and its section shows; the fields are those of `Signals`."""

    support: float
    sentence: float
    numbers: float
    names: float
    half: float


def signals(hits: Sequence[Hit], close: Closeness, terms: int, most_lexical: float) -> Signals:
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
        support=close.support,
        coverage=top.coverage,
        lexical=top.lexical / most_lexical if most_lexical > 0 else 0.0,
        title=top.title,
        dense_margin=margin("dense"),
        late_margin=margin("late"),
        dense_lead=lead([best(group, "dense") for group in groups]),
        score_lead=lead(ranked),
        standing=_standing(ranked, CROWDED),
        agreement=sum(winner == hits[0].chunk.key for winner in winners) / len(winners),
        length=math.log1p(terms),
        sentence=close.sentence,
        standing_wide=_standing(ranked, CROWDED_WIDE),
        lead_spread=_lead_spread(ranked),
        numbers=close.numbers,
        names=close.names,
        half=close.half,
    )


def _standing(ranked: Sequence[float], crowded: float) -> float:
    return -math.log(sum(math.exp(min((score - ranked[0]) / crowded, 30.0)) for score in ranked))


def _lead_spread(ranked: Sequence[float]) -> float:
    """0 where fewer than two others are there to have a spread."""
    after = sorted(ranked, reverse=True)[1:10]
    if len(after) < 2:
        return 0.0
    return (ranked[0] - sum(after) / len(after)) / (pstdev(after) + LEAST_SPREAD)


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
    budget: float | None = None
    """The error budget that serves unless another one is set; None for `threshold` as it is."""
    kept: tuple[Kept, ...] = ()
    """Thresholds for error budgets, promised or estimated."""

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
            raise SettingsInvalid(
                f"{path} has format {raw['format']}, this version reads {FORMAT}. "
                "Run `tierzero calibrate --write` again, or remove the file to use the default."
            )
        names = tuple(map(str, raw["names"]))
        unknown = set(names) - set(NAMES)
        if unknown:
            raise SettingsInvalid(f"{path} uses signals that this version does not have: {sorted(unknown)}.")
        means, scales, weights = (_numbers(raw[one], len(names)) for one in ("means", "scales", "weights"))
        if not all(scales):
            raise ValueError("a scale is 0")
        budget = raw["budget"]
        return ConfidenceModel(
            names=names,
            means=means,
            scales=scales,
            weights=weights,
            bias=_number(raw["bias"]),
            threshold=_number(raw["threshold"]),
            clarify_threshold=_number(raw["clarify_threshold"]),
            figures=dict(raw["figures"]),
            budget=None if budget is None else _number(budget),
            kept=tuple(_kept(one) for one in raw["kept"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SettingsInvalid(f"The confidence model {path} cannot be read: {exc}") from exc


def _kept(raw: Mapping[str, Any]) -> Kept:
    return Kept(
        wrong=_number(raw["wrong"]),
        certainty=_number(raw["certainty"]),
        threshold=_number(raw["threshold"]),
        labels=int(raw["labels"]),
        answered=int(raw["answered"]),
        mistakes=int(raw["mistakes"]),
        source=str(raw["source"]),
        date=str(raw["date"]),
    )


def _numbers(raw: Sequence[Any], count: int) -> tuple[float, ...]:
    if len(raw) != count:
        raise ValueError(f"{count} numbers are needed, one a signal, and there are {len(raw)}")
    return tuple(map(_number, raw))


def _number(raw: Any) -> float:
    """A finite number: a weight that is none would make every answer sure, or none."""
    number = float(raw)
    if not math.isfinite(number):
        raise ValueError(f"{raw} is no number")
    return number


def save(model: ConfidenceModel, path: Path) -> None:
    """Writes a model file that `load` reads."""
    path.write_text(json.dumps({"format": FORMAT, **asdict(model)}, indent=1) + "\n", encoding="utf-8")
