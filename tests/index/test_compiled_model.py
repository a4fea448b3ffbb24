"""The compiled model gives what the original gives, is refused when it does not, and says what to do when damaged."""

import contextlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from bot.composition import Services
from bot.errors import NotReady, SettingsInvalid
from bot.model import load_encoder, model_folder
from bot.settings import load
from index.compiled import (
    GRAPH,
    MANIFEST,
    PROJECTION,
    TOKENIZER,
    WEIGHTS,
    CompiledEncoder,
    damaged_files,
    file_digest,
    read_manifest,
    write_manifest,
)
from index.encoder import locate, weights_digest
from index.errors import ModelMissing
from index.export import PROBES, WORST_COSINE_INT8, quantise
from tests.index.small_centre import ROOT, Centre, clean_environment


@pytest.fixture(scope="module")
def folder(encoder: CompiledEncoder) -> Path:
    return model_folder(load())


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """A compiled model to damage; what is large is linked until a test replaces it."""
    copy = tmp_path / "model"
    copy.mkdir()
    for path in folder.iterdir():
        if path.name in (GRAPH, WEIGHTS):
            (copy / path.name).symlink_to(path)
        else:
            shutil.copy2(path, copy / path.name)
    return copy


@pytest.fixture(scope="module")
def apart(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled model with its weights beside the graph, whichever form this machine's has."""
    copy = tmp_path_factory.mktemp("apart")
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    graph = onnx.load(str(copy / GRAPH))
    (copy / WEIGHTS).unlink(missing_ok=True)
    onnx.save_model(graph, str(copy / GRAPH), save_as_external_data=True, location=WEIGHTS)
    return copy


def test_the_compiled_model_equals_the_original_and_another_graph_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.index.original_model", str(folder), str(tmp_path)],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert min(found["cosines"]) >= 0.9999
    assert "smallest cosine" in found["noise"]
    assert "smallest cosine nan" in found["not numbers"]
    # A refused model leaves the one in use as it was, and nothing beside it.
    assert found["untouched"]
    assert found["left"] == ["model"]
    assert found["same graph"] == ""
    # Whoever runs the service may read what the builder made.
    assert found["mode"] == "0o755"
    # The projection that comes with the package, so that an index of another build fits.
    assert found["projection"] == file_digest(ROOT / "index" / "projections" / "53aa51172d142c89.npy")
    # For other models it is fitted: orthonormal, to rounding.
    assert found["fitted"] < 1e-5
    # A BERT is written as one attention a layer; its vectors are the original's, and so is its name.
    own = found["own"]
    assert own["cosine"] >= 0.9999
    assert own["attention"] == 6
    assert own["modes"] == ["0o644"]
    assert own["identity"] == "53aa51172d142c89-fp32-256"
    # A model whose vector is not the mean of its tokens' is exported as torch runs it.
    assert own["first token in place of the mean"]
    # The graph holds no weights, the file beside it holds all of them.
    assert found["graph bytes"] < 20_000 < found["weight bytes"]


def test_weights_beside_the_graph_give_the_same_vectors(folder: Path, apart: Path) -> None:
    assert np.array_equal(CompiledEncoder(apart).vectors(PROBES), CompiledEncoder(folder).vectors(PROBES))


@pytest.mark.parametrize("damage", ["absent", "empty", "cut"])
def test_damaged_weights_beside_the_graph_are_refused(apart: Path, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "model"
    copy.mkdir()
    for path in apart.iterdir():
        if path.name != WEIGHTS:
            shutil.copy2(path, copy / path.name)
    if damage != "absent":
        (copy / WEIGHTS).write_bytes(b"" if damage == "empty" else (apart / WEIGHTS).read_bytes()[:50_000])
    with pytest.raises(ModelMissing, match=r"cannot be loaded .*Run `tierzero model build`"):
        CompiledEncoder(copy)


def test_a_model_that_projects_tokens_otherwise_has_another_name(folder: Path) -> None:
    manifest = read_manifest(folder)
    kept = file_digest(ROOT / "index" / "projections" / "53aa51172d142c89.npy")
    same = replace(manifest, files={**manifest.files, PROJECTION: kept})
    assert same.identity == "53aa51172d142c89-fp32-256"
    other = replace(manifest, files={**manifest.files, PROJECTION: "0123456789abcdef"})
    assert other.identity == "53aa51172d142c89-fp32-256-01234567"
    unknown = replace(same, weights_sha256="f" * 64)
    assert unknown.identity == f"{'f' * 16}-fp32-256-{kept[:8]}"


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER, PROJECTION])
@pytest.mark.parametrize("damage", ["absent", "empty", "cut"])
def test_a_damaged_model_file_is_named_and_the_model_refused(copied: Path, name: str, damage: str) -> None:
    content = (copied / name).read_bytes()[:5000]
    (copied / name).unlink()
    if damage != "absent":
        (copied / name).write_bytes(b"" if damage == "empty" else content)
    assert damaged_files(copied) == [name]
    with pytest.raises(ModelMissing, match=r"cannot be loaded .*Run `tierzero model build`"):
        CompiledEncoder(copied)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}', '{"format": 99}'])
def test_a_damaged_manifest_is_refused_in_a_sentence(copied: Path, text: str) -> None:
    (copied / MANIFEST).write_text(text)
    with pytest.raises(ModelMissing, match="Run `tierzero model build`"):
        CompiledEncoder(copied)


def test_a_single_changed_byte_is_found(copied: Path) -> None:
    content = bytearray((copied / PROJECTION).read_bytes())
    content[-5] ^= 1
    (copied / PROJECTION).write_bytes(content)
    assert damaged_files(copied) == [PROJECTION]


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="no model weights"):
        weights_digest(tmp_path)
    with pytest.raises(ModelMissing, match="neither 'all-MiniLM-L6-v2' nor a folder"):
        locate(str(tmp_path / "absent"))


def test_vectors_have_length_one_and_do_not_depend_on_the_batch(encoder: CompiledEncoder) -> None:
    texts = ["refund", "How do I reset my password? " * 9, "", "退款", "x"]
    together = encoder.vectors(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    alone = np.stack([encoder.vectors([text])[0] for text in texts])
    assert np.min(np.sum(together * alone, axis=1)) > 0.99999


@pytest.fixture(scope="module")
def eight_bits(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> CompiledEncoder:
    """The compiled model with its weights in eight bits."""
    copy = tmp_path_factory.mktemp("int8")
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    quantise(copy / GRAPH)
    write_manifest(copy, replace(read_manifest(folder), precision="int8"))
    return CompiledEncoder(copy)


def test_with_weights_in_eight_bits_the_vectors_are_near_the_original_ones(
    encoder: CompiledEncoder, eight_bits: CompiledEncoder
) -> None:
    cosines = np.sum(encoder.vectors(PROBES) * eight_bits.vectors(PROBES), axis=1)
    assert WORST_COSINE_INT8 < float(cosines.min()) < 0.9999


def test_in_eight_bits_too_a_vector_does_not_depend_on_its_neighbours(eight_bits: CompiledEncoder) -> None:
    together = eight_bits.vectors(PROBES)
    assert all(
        np.array_equal(eight_bits.vectors([text])[0], one) for text, one in zip(PROBES, together, strict=True)
    )


def test_an_index_of_one_precision_is_not_served_with_the_other(
    shared_centre: Centre, encoder: CompiledEncoder, eight_bits: CompiledEncoder
) -> None:
    settings = load(data=shared_centre.data)
    with contextlib.closing(Services(settings, _encoder=encoder)) as services:
        assert services.knowledge.problem == ""
    with contextlib.closing(Services(settings, _encoder=eight_bits)) as services:
        assert "tierzero reindex" in services.knowledge.problem
        with pytest.raises(NotReady, match="tierzero reindex"):
            _ = services.knowledge.searcher


def test_each_precision_of_a_model_has_its_own_folder(tmp_path: Path) -> None:
    exact = load(model_dir=tmp_path)
    small = load(model_dir=tmp_path, model_precision="int8")
    assert model_folder(exact) == tmp_path / "all-MiniLM-L6-v2"
    assert model_folder(small) == tmp_path / "all-MiniLM-L6-v2-int8"
    with pytest.raises(SettingsInvalid, match=r"TIERZERO_MODEL_PRECISION: Input should be .fp32. or .int8."):
        load(model_precision="int4")


def test_a_model_of_another_precision_than_the_settings_say_is_not_loaded(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "all-MiniLM-L6-v2-int8").symlink_to(folder)
    with pytest.raises(ModelMissing, match="not kept in int8"):
        load_encoder(load(model_dir=tmp_path, model_precision="int8"), build=False)


def test_token_offsets_point_into_the_text(encoder: CompiledEncoder) -> None:
    text = "The lamp — ámbar — blinks 📶 twice"
    (encoded,) = encoder.encode([text])
    assert len(encoded.tokens) == len(encoded.ids) == len(encoded.offsets)
    words = [text[start:end] for start, end in encoded.offsets]
    assert words[:2] == ["The", "lamp"]
    assert words[-1] == "twice"


@pytest.mark.parametrize(
    "text", ["\ud800", "a\udfff b", "\x00", "\u202e", "é" * 10_000, "x" * 10_000, " \n\t "]
)
def test_no_text_is_too_odd_to_be_encoded(encoder: CompiledEncoder, text: str) -> None:
    (encoded,) = encoder.encode([text])
    assert np.isfinite(encoded.vector).all()
    assert len(encoded.ids) <= encoder.max_tokens
    assert all(0 <= start <= end <= len(text) for start, end in encoded.offsets)
    assert encoder.measure(text) >= len(encoded.ids)


def test_encoding_nothing_gives_nothing(encoder: CompiledEncoder) -> None:
    assert encoder.encode([]) == []
