"""Pieces of messages in, the weights that tell courtesy from content out, with how well they tell it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.dialogue.courtesies import SURE
from bot.dialogue.courtesy import BUCKETS, TRAITS, CourtesyModel, columns, vocabulary
from bot.dialogue.words import Word, sentences
from evaluations import centres
from evaluations.jsonlines import rows
from evaluations.prototypes import prototypes
from evaluations.triggers import NONE

FOLDER = Path(__file__).parent / "datasets" / "courtesies"
#: A harmless sentence of fewer words may be courtesy itself.
_FEWEST_WORDS = 5
#: One in so many sentences of the triggers is learned from; a draw that hardly moves when a sentence is added.
_ONE_IN = 6
#: Strength of the ridge's inverse, as in scikit-learn.
_C = 20.0
_FOLDS = 10
_SEED = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece, and whether it is courtesy."""

    words: tuple[str, ...]
    asks: bool
    courtesy: bool
    own: bool
    """Whether it was written for this; the others are content from other sets."""


@dataclass(frozen=True, slots=True)
class Told:
    """How well held-out pieces are told."""

    courtesy: int
    found: int
    content: int
    lost: int
    """Pieces of content that were taken for courtesy."""
    lost_ones: tuple[str, ...]


def pieces(folder: Path = FOLDER) -> tuple[Piece, ...]:
    """Those of `LANGUAGE-courtesy.txt` and `LANGUAGE-content.txt`, and content from triggers and centres."""
    found: dict[tuple[str, ...], Piece] = {}
    for file in sorted(folder.glob("*-content.txt")) + sorted(folder.glob("*-courtesy.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            _add(found, line, courtesy=file.stem.endswith("-courtesy"), own=True)
    others = [
        one.text
        for one in prototypes()
        if (one.label != NONE or len(one.text.split()) >= _FEWEST_WORDS)
        and zlib.crc32(one.text.encode()) % _ONE_IN == 0
    ]
    asked = [str(row["text"]) for one in centres.folders() for _, row in rows(one / "queries.jsonl")]
    titles = [str(row["title"]) for one in centres.folders() for _, row in rows(one / "corpus.jsonl")]
    for text in (*asked, *titles, *others):
        _add(found, text, courtesy=False, own=False)
    return tuple(found.values())


def _add(found: dict[tuple[str, ...], Piece], text: str, *, courtesy: bool, own: bool) -> None:
    parts = sentences(text)
    words = tuple(word.text for part in parts for word in part.words)
    if words:
        found.setdefault(words, Piece(words, "?" in parts[-1].mark, courtesy, own))


def fit(given: Sequence[Piece]) -> CourtesyModel:
    """A logistic model; content and courtesy count alike."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    known = vocabulary(sorted({word for one in given if one.courtesy for word in one.words}))
    # What a piece shares with no other courtesy is strange to it when it is new, so it must be when it is learned.
    often: dict[str, int] = {}
    for one in given:
        for word in set(one.words) if one.courtesy else ():
            often[word] = often.get(word, 0) + 1
    common = vocabulary(sorted(word for word, count in often.items() if count > 1))
    found = [columns(one.words, one.asks, common if one.courtesy else known) for one in given]
    starts = np.cumsum([0, *(len(row) for row in found)])
    matrix = csr_matrix(
        (
            np.fromiter((value for row in found for value in row.values()), dtype=np.float64),
            np.fromiter((place for row in found for place in row), dtype=np.int64),
            starts,
        ),
        shape=(len(given), BUCKETS + len(TRAITS)),
    )
    model = LogisticRegression(C=_C, class_weight="balanced", max_iter=1000)
    model.fit(matrix, [one.courtesy for one in given])
    return CourtesyModel(model.coef_[0].astype(np.float32), float(model.intercept_[0]), known)


def held_out(given: Sequence[Piece]) -> Told:
    """Each own piece told by a model that was fitted without it and a tenth of the others."""
    order = np.random.default_rng(_SEED).permutation(len(given))
    told = np.zeros(len(given), dtype=np.bool_)
    for fold in range(_FOLDS):
        left = set(order[fold::_FOLDS].tolist())
        model = fit([one for place, one in enumerate(given) if place not in left])
        for place in left:
            told[place] = says(model, given[place]) >= SURE
    right: npt.NDArray[np.bool_] = np.asarray([one.courtesy for one in given])
    own = np.asarray([one.own for one in given])
    lost = np.flatnonzero(told & ~right)
    return Told(
        int((right & own).sum()),
        int((told & right & own).sum()),
        int((~right).sum()),
        len(lost),
        tuple(" ".join(given[place].words) for place in lost.tolist()),
    )


def says(model: CourtesyModel, one: Piece) -> float:
    """The probability that a piece is courtesy."""
    return model.probability([Word(text, 0, 0, 0) for text in one.words], asks=one.asks)
