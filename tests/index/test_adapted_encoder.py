"""A compiled model serves with changed layers beside itself, and its own vectors stay as they are."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.model import model_folder
from bot.settings import load
from index.adapted import AdaptedEncoder
from index.change import Change
from index.compiled import PLACES, CompiledEncoder
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


def test_no_change_gives_the_model_s_own_tokens(folder: Path, encoder: CompiledEncoder) -> None:
    tokens = AdaptedEncoder(folder, change(0.0), 96).tokens(TEXT)
    own = encoder.encode([TEXT])[0]
    # Without the two specials, and of unit length.
    inner = tokens[1:-1] / np.linalg.norm(tokens[1:-1], axis=1, keepdims=True)
    assert np.allclose(inner, own.tokens, atol=1e-5)


def test_a_change_changes_its_own_tokens_alone(folder: Path, encoder: CompiledEncoder) -> None:
    before = encoder.encode([TEXT])[0].vector
    changed = AdaptedEncoder(folder, change(0.1), 96).tokens(TEXT)
    assert not np.allclose(changed, AdaptedEncoder(folder, change(0.0), 96).tokens(TEXT), atol=1e-2)
    assert np.array_equal(encoder.encode([TEXT])[0].vector, before)


def test_a_long_text_is_cut_off_and_an_empty_one_has_its_specials(folder: Path) -> None:
    adapted = AdaptedEncoder(folder, change(0.1), 16)
    assert adapted.tokens("word " * 500).shape == (16, 384)
    assert adapted.tokens("").shape == (2, 384)
    assert adapted.tokens("half a sign: \ud83d").shape[1] == 384


def test_a_model_that_cannot_be_changed_says_so(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    (copy / PLACES).unlink()
    with pytest.raises(ModelMissing, match="cannot be changed"):
        AdaptedEncoder(copy, change(0.1), 96).tokens(TEXT)
    with pytest.raises(ModelMissing):
        AdaptedEncoder(folder, {"no such weight": change(0.1)[LAYER]}, 96).tokens(TEXT)
