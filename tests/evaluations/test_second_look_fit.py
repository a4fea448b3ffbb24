"""The encoder's layers are changed by sentences, and the changed encoder tells those apart as it was fitted to."""

from pathlib import Path

import pytest

from bot.dialogue.triggers.closer import read, write
from bot.model import model_folder
from bot.settings import load
from evaluations import adapting
from evaluations.prototypes import Prototype
from evaluations.second_look import fitted
from index.adapted import AdaptedLayers
from index.compiled import CompiledEncoder
from index.encoder import DEFAULT_MODEL, locate

LEGAL = ("my lawyer writes to you", "we meet in court", "I sue you for this", "the judge will decide")
NONE = ("where is my parcel", "how do I change the size", "which beans are sour", "what does it cost")


def test_what_was_fitted_is_what_is_served(
    encoder: CompiledEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Few sentences have few steps, so that they are gone through more often.
    monkeypatch.setattr(adapting, "EPOCHS", 20)
    sentences = [Prototype(text, "legal", "en", "") for text in LEGAL]
    sentences += [Prototype(text, "none", "en", "") for text in NONE]
    told: list[tuple[int, int]] = []
    closer = fitted(sentences, encoder, locate(DEFAULT_MODEL), lambda done, total: told.append((done, total)))
    assert told[-1] == (20, 20)

    write(tmp_path / "closer.npz", closer)
    kept = read(tmp_path / "closer.npz")
    layers = AdaptedLayers(model_folder(load()), kept.changes)
    seen = encoder.encode_together([one.text for one in sentences])
    chances = {
        one.text: kept.chances(layers.tokens(as_seen.lower))[one.label]
        for one, as_seen in zip(sentences, seen, strict=True)
        if as_seen.lower is not None
    }
    assert len(chances) == len(sentences)
    assert min(chances.values()) > 0.8, chances
    # It is the layers that have changed, not only what reads them.
    assert all(change.up.any() for change in kept.changes.values())
