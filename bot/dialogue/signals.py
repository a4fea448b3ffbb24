"""Ranked passages, a quote and a question in, what is known of the answer before anybody judges it out: raw signals."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from bot.dialogue.rivalry import Rivalry
from index.hit import Hit

_WORD = re.compile(r"[^\W_]+(?:[-_./'’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?。？！](?:\s|$)")
_ASKING = ("?", "？", "؟")
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
    ahead: float
    """What the question's tokens reach in the quoted article beyond the best that any other article gives each of them,
    by weight. This and what follows down to `most_lacking`: see `bot.dialogue.rivalry`."""
    ahead_of_mean: float
    """The same against the mean of the other passages."""
    won: float
    """Weight of the tokens that reach clearly more in the quoted article than in any other, 0..1."""
    lost: float
    """Weight of those that reach clearly more in another, 0..1."""
    least_ahead: float
    """The lead of the token that does worst against the others."""
    most_ahead: float
    """The lead of the token that does best."""
    rivals_reach: float
    """What the tokens reach in all other articles together."""
    telling_ahead: float
    """The lead of the most telling token."""
    parting: float
    """What the tokens reach in the quoted article, weighted by how much the other passages differ in them."""
    parting_ahead: float
    """The same less the mean of the other passages."""
    quote_parting: float
    """`parting` of the quote and its headings alone."""
    quote_parting_ahead: float
    """`parting_ahead` of the quote and its headings alone."""
    lacking: float
    """What the tokens reach anywhere beyond what they reach in the quote and its headings, by weight."""
    most_lacking: float
    """The same for the token that lacks most."""
    articles: float
    """Articles among the ranked passages."""
    passages: float
    """Ranked passages of the quoted article."""
    passage_share: float
    """The same as a share of all."""
    words: float
    """Words of the question."""
    sentences: float
    """Sentences of the question that end with a mark."""
    asks: float
    """Whether it has a question mark."""
    digits: float
    """Whether it has a digit."""
    heaviest: float
    """Weight of the question's most telling token."""
    spread: float
    """Entropy of the tokens' weights, in nats: how many tell something."""
    quote_length: float
    """Natural logarithm of one plus the characters that the quote spans."""
    section_length: float
    """The same of the section's text."""
    section_spans: float
    """Sentences, steps, items and rows of the section."""
    steps: float
    """Whether the section has steps."""
    place: float
    """Where in the section the quote begins, 0..1."""
    focus: float
    """Likeness of title and headings with the question."""
    depth: float
    """Headings above the section."""


NAMES = tuple(field.name for field in fields(Signals))


@dataclass(frozen=True, slots=True)
class Closeness:
    """What a close look at the quote and its section shows; the fields are those of `Signals`."""

    support: float
    sentence: float
    numbers: float
    names: float
    half: float
    quote_length: float
    section_length: float
    section_spans: float
    steps: float
    place: float
    focus: float
    depth: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is like; the fields are those of `Signals`."""

    length: float
    words: float
    sentences: float
    asks: float
    digits: float
    heaviest: float
    spread: float


def asked(text: str, terms: int, weights: npt.NDArray[np.float32]) -> Asked:
    """`terms` is the question's number of terms, `weights` those of its tokens, which sum to 1."""
    telling = weights[weights > 0.0]
    return Asked(
        length=math.log1p(terms),
        words=float(len(_WORD.findall(text))),
        sentences=float(len(_SENTENCE_END.findall(text))),
        asks=float(any(mark in text for mark in _ASKING)),
        digits=float(any(map(str.isdigit, text))),
        heaviest=float(weights.max()) if len(weights) else 0.0,
        spread=-float(telling @ np.log(telling)) if len(telling) else 0.0,
    )


def signals(
    hits: Sequence[Hit], close: Closeness, question: Asked, against: Rivalry, most_lexical: float
) -> Signals:
    """Signals of an answer quoted from `hits[0]`; `hits` are ranked passages, several an article allowed.

    `most_lexical` is the BM25 that a passage with all of the question's terms, saturated, would have. Raises
    `ValueError` without hits.
    """
    if not hits:
        raise ValueError("signals need at least one hit")
    top = hits[0].scores
    # Plain numbers by the place of the article among the hits; the quoted one's is 0, since it is the first.
    articles: dict[object, int] = {}
    owner = [articles.setdefault(hit.chunk.key, len(articles)) for hit in hits]
    dense, late = [hit.scores.dense for hit in hits], [hit.scores.late for hit in hits]
    most_dense, most_late = _best(owner, dense, len(articles)), _best(owner, late, len(articles))
    ranked = _best(owner, [hit.score for hit in hits], len(articles))
    passages = owner.count(0)
    winners = [
        owner[values.index(max(values))] for values in (dense, [hit.scores.lexical for hit in hits], late)
    ]
    return Signals(
        dense=top.dense,
        late=top.late,
        coverage=top.coverage,
        lexical=top.lexical / most_lexical if most_lexical > 0 else 0.0,
        title=top.title,
        dense_margin=_margin(most_dense),
        late_margin=_margin(most_late),
        dense_lead=_lead(most_dense),
        score_lead=_lead(ranked),
        standing=_standing(ranked, CROWDED),
        agreement=winners.count(0) / len(winners),
        standing_wide=_standing(ranked, CROWDED_WIDE),
        lead_spread=_lead_spread(ranked),
        articles=float(len(articles)),
        passages=float(passages),
        passage_share=passages / len(hits),
        **_figures(close),
        **_figures(question),
        **_figures(against),
    )


def _figures(part: Closeness | Asked | Rivalry) -> dict[str, float]:
    """The fields of a part by name; `asdict` would copy each figure, which costs as much as the signals themselves."""
    return {name: getattr(part, name) for name in part.__slots__}


def _best(owner: Sequence[int], values: Sequence[float], articles: int) -> list[float]:
    """The most that a passage of each article has; `owner` is the article of each value."""
    best = [-math.inf] * articles
    for article, value in zip(owner, values, strict=True):
        if value > best[article]:
            best[article] = value
    return best


def _margin(best: Sequence[float]) -> float:
    return best[0] - max(best[1:], default=0.0)


def _lead(values: Sequence[float]) -> float:
    five = sorted(values, reverse=True)[:5]
    return five[0] - sum(five) / len(five)


def _standing(ranked: Sequence[float], crowded: float) -> float:
    return -math.log(sum(math.exp(min((score - ranked[0]) / crowded, 30.0)) for score in ranked))


def _lead_spread(ranked: Sequence[float]) -> float:
    """0 where fewer than two others are there to have a spread."""
    after = sorted(ranked, reverse=True)[1:10]
    if len(after) < 2:
        return 0.0
    mean = math.fsum(after) / len(after)
    # The `statistics` module reckons in fractions: thirty times the cost, for digits beyond a score's own.
    spread = math.sqrt(math.fsum((score - mean) ** 2 for score in after) / len(after))
    return (ranked[0] - mean) / (spread + LEAST_SPREAD)
