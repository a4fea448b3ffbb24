"""Cross-validated accuracy of learned categories."""

import numpy as np
import pytest

from evaluations.errors import EvaluationError
from evaluations.labelled import Message
from evaluations.routing import cross_validated


def test_parted_clouds_are_told_and_chance_is_not(tmp_path) -> None:
    rng = np.random.default_rng(1)
    labels = [name for name in ("a", "b", "c") for _ in range(30)]
    clouds = np.eye(3, 6, dtype=np.float32)[[0] * 30 + [1] * 30 + [2] * 30]
    noise = rng.normal(0, 0.1, (90, 6)).astype(np.float32)
    messages = [Message("", "", label, "", "") for label in labels]

    def unit(rows):
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    told = cross_validated(messages, unit(clouds + noise))
    assert (told.model, told.centroid, told.gain, told.texts, told.categories) == (1.0, 1.0, 0.0, 90, 3)
    guessed = cross_validated(messages, unit(rng.normal(0, 1, (90, 6)).astype(np.float32)))
    assert guessed.model < 0.6
    with pytest.raises(EvaluationError, match="two labels"):
        cross_validated(messages[:30], clouds[:30])
