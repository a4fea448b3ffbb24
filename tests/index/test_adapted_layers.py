"""A compiled model's last layers serve with changes beside itself, and its own vectors stay as they are."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.model import model_folder
from bot.settings import load
from index.adapted import AdaptedLayers
from index.change import Change
from index.compiled import PLACES, CompiledEncoder
from index.encoder import Floats
from index.errors import ModelMissing

TEXT = "How do I descale the machine?"
LAYER = "encoder.layer.5.output.dense.weight"


@pytest.fixture(scope="module")
def folder(encoder: CompiledEncoder) -> Path:
    return model_folder(load())


def change(strength: float) -> dict[str, Change]:
    chance = np.random.default_rng(1)
    down = chance.standard_normal((1536, 2)).astype(np.float32)
    up = strength * chance.standard_normal((2, 384)).astype(np.float32)
    return {LAYER: Change(down, up.astype(np.float32))}


def lower(encoder: CompiledEncoder, text: str) -> Floats:
    found = encoder.encode_together([text])[0].lower
    assert found is not None
    return found


def test_no_change_gives_the_model_s_own_tokens(folder: Path, encoder: CompiledEncoder) -> None:
    tokens = AdaptedLayers(folder, change(0.0)).tokens(lower(encoder, TEXT))
    own = encoder.encode([TEXT])[0]
    # Without the two specials, and of unit length.
    inner = tokens[1:-1] / np.linalg.norm(tokens[1:-1], axis=1, keepdims=True)
    assert np.allclose(inner, own.tokens, atol=1e-5)


def test_a_change_changes_its_own_tokens_alone(folder: Path, encoder: CompiledEncoder) -> None:
    before = encoder.encode([TEXT])[0].vector
    seen = lower(encoder, TEXT)
    changed = AdaptedLayers(folder, change(0.1)).tokens(seen)
    assert not np.allclose(changed, AdaptedLayers(folder, change(0.0)).tokens(seen), atol=1e-2)
    assert np.array_equal(encoder.encode([TEXT])[0].vector, before)


def test_the_lower_layers_tell_the_same_beside_longer_texts(encoder: CompiledEncoder) -> None:
    alone = lower(encoder, TEXT)
    beside = encoder.encode([TEXT, f"{TEXT} It is an old one."], lower=True)[0].lower
    assert beside is not None
    assert np.allclose(alone, beside, atol=1e-4)


def test_who_does_not_ask_is_not_told_what_the_lower_layers_make_of_it(encoder: CompiledEncoder) -> None:
    assert encoder.encode([TEXT])[0].lower is None


def test_an_empty_text_has_its_specials_and_a_long_one_is_cut_off(encoder: CompiledEncoder) -> None:
    assert lower(encoder, "").shape == (2, 384)
    assert lower(encoder, "word " * 500).shape == (encoder.max_tokens, 384)


def test_a_model_that_cannot_be_changed_says_so(
    folder: Path, encoder: CompiledEncoder, tmp_path: Path
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    (copy / PLACES).unlink()
    with pytest.raises(ModelMissing, match="cannot be changed"):
        AdaptedLayers(copy, change(0.1)).prepare()
    with pytest.raises(ModelMissing):
        AdaptedLayers(folder, {"no such weight": change(0.1)[LAYER]}).tokens(lower(encoder, TEXT))
