"""Labelled questions in, how well they fall into their matters out, beside k-means that is told the right number."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from bot.gaps.clustering import Floats, cluster
from evaluations.errors import DatasetInvalid
from evaluations.jsonlines import rows

if TYPE_CHECKING:
    from index.compiled import CompiledEncoder

#: k-means depends on where it starts: the mean over so many starts is what we are held against.
STARTS: Final = 3

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group."""

    agreement: float
    """Adjusted mutual information with the labels: 1 is the same grouping, 0 is chance (Vinh and others, 2010)."""
    purity: float
    """Share of questions that carry the commonest label of their group; grows with the number of groups."""
    groups: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Clustered:
    """One set."""

    name: str
    questions: int
    labels: int
    ours: Grouping
    alone: int
    """Questions that we left without a group of at least two."""
    kmeans: Grouping
    """Told the number of labels; the mean over `STARTS` starts."""

    @property
    def share(self) -> float:
        """Our agreement, as a share of that of k-means."""
        return self.ours.agreement / self.kmeans.agreement if self.kmeans.agreement else 0.0


def read(path: Path) -> tuple[list[str], list[str]]:
    """Texts and labels of a JSON Lines file; rows without a label are passed over. Raises `DatasetInvalid`."""
    texts, labels = [], []
    for place, row in rows(path, "Name a file of questions with their labels."):
        text, label = row.get("text"), row.get("label")
        if not isinstance(text, str) or not text.strip():
            raise DatasetInvalid(f"{place}: `text` must be a question.")
        if isinstance(label, str) and label:
            texts.append(text)
            labels.append(label)
    if len(set(labels)) < 2:
        raise DatasetInvalid(f"{path}: questions with at least two different labels are needed.")
    return texts, labels


def evaluate(path: Path, encoder: "CompiledEncoder") -> Clustered:
    """Groups a file's questions both ways."""
    texts, labels = read(path)
    return compare(path.stem, encoder.vectors(texts), labels)


def compare(name: str, vectors: Floats, labels: Sequence[str]) -> Clustered:
    """Groups vectors both ways; needs scikit-learn."""
    from sklearn.cluster import KMeans

    names, truth = np.unique(np.asarray(labels), return_inverse=True)
    begun = time.perf_counter()
    groups = cluster(vectors)
    seconds = time.perf_counter() - begun
    told = np.empty(len(vectors), dtype=np.int64)
    for number, group in enumerate(groups):
        told[group] = number
    runs = []
    for seed in range(STARTS):
        begun = time.perf_counter()
        found = KMeans(len(names), n_init=1, random_state=seed).fit_predict(vectors)
        runs.append(_grouping(truth, np.asarray(found, dtype=np.int64), time.perf_counter() - begun))
    kmeans = Grouping(
        float(np.mean([one.agreement for one in runs])),
        float(np.mean([one.purity for one in runs])),
        len(names),
        float(np.mean([one.seconds for one in runs])),
    )
    alone = sum(len(group) == 1 for group in groups)
    return Clustered(name, len(vectors), len(names), _grouping(truth, told, seconds), alone, kmeans)


def _grouping(truth: Labels, found: Labels, seconds: float) -> Grouping:
    from sklearn.metrics import adjusted_mutual_info_score

    agreement = float(adjusted_mutual_info_score(truth, found))
    return Grouping(agreement, purity(truth, found), len(np.unique(found)), seconds)


def purity(truth: Labels, found: Labels) -> float:
    """Share of questions that carry the commonest label of their group."""
    most = sum(int(np.bincount(truth[found == group]).max()) for group in np.unique(found))
    return most / len(truth)


def described(one: Clustered) -> dict[str, object]:
    """The figures of a set as JSON."""
    return {**asdict(one), "share_of_kmeans": round(one.share, 4)}
