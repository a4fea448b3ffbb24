"""Compares the compiled model with the original and tries to compile spoiled ones; needs torch, so it is a process.

Prints one JSON object. Run as `python -m tests.index.original_model COMPILED_FOLDER SCRATCH_FOLDER`.
"""

import functools
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import index.export
from index.compiled import GRAPH, PROJECTION, WEIGHTS, CompiledEncoder, file_digest
from index.encoder import DEFAULT_MODEL, OriginalEncoder, locate
from index.errors import ModelDiffers
from index.export import PROBES, TOKEN_DIMENSIONS, compile_model, fit_projection
from index.fused import fused
from tests.index.small_centre import ARTICLES

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def spoiled(compiled: Path, change: Callable[[Any], Any]) -> Callable[[Any, Path], tuple[str, ...]]:
    """An export whose graph has changed word vectors."""

    def export(model: object, path: Path) -> tuple[str, ...]:
        graph = onnx.load(str(compiled / GRAPH))
        words = max(graph.graph.initializer, key=lambda one: int(np.prod(one.dims)))
        words.CopyFrom(numpy_helper.from_array(change(numpy_helper.to_array(words)), words.name))
        onnx.save(graph, str(path))
        return CompiledEncoder(compiled).manifest.inputs

    return export


def refused(target: Path, export: Callable[[Any, Path], tuple[str, ...]]) -> str:
    """What the compilation says of a graph; empty where it takes it."""
    # In place of the export, which takes seven seconds and always gives the model's own graph.
    vars(index.export)["_export"] = export
    try:
        compile_model(DEFAULT_MODEL, target, PROBES)
    except ModelDiffers as exc:
        return str(exc)
    return ""


class Small(torch.nn.Module):
    """A model of the kind that is exported, in a few lines: word vectors and their mean."""

    def __init__(self) -> None:
        super().__init__()
        self.words = torch.nn.Embedding(500, 64)

    def preprocess(self, texts: list[str]) -> dict[str, torch.Tensor]:
        """Any pieces will do."""
        return {"input_ids": torch.arange(8 * len(texts)).reshape(len(texts), 8)}

    def forward(self, features: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        tokens = self.words(features["input_ids"])
        return {"sentence_embedding": tokens.mean(dim=1), "token_embeddings": tokens}


def own_graph(scratch: Path, original: OriginalEncoder, texts: list[str]) -> dict[str, Any]:
    """The model as this version compiles it, beside the original."""
    folder = scratch / "fused"
    compile_model(DEFAULT_MODEL, folder, PROBES)
    encoder = CompiledEncoder(folder)
    cosines = np.sum(original.vectors(texts) * encoder.vectors(texts), axis=1)
    nodes = onnx.load(str(folder / GRAPH), load_external_data=False).graph.node
    averaging = original.module[1]
    averaging.pooling_mode = "cls"
    other = fused(original.module)
    averaging.pooling_mode = "mean"
    return {
        "cosine": float(cosines.min()),
        "attention": sum(node.op_type == "Attention" for node in nodes),
        "modes": sorted({oct(path.stat().st_mode & 0o777) for path in folder.iterdir()}),
        "identity": encoder.identity,
        "first token in place of the mean": other is None,
    }


def main(compiled: Path, scratch: Path) -> None:
    """Measures, spoils, prints."""
    small = scratch.parent / "small" / GRAPH
    small.parent.mkdir()
    export = index.export._export
    export(Small(), small)
    load = functools.cache(OriginalEncoder)  # takes seconds
    vars(index.export)["OriginalEncoder"] = load
    texts = [*PROBES, *ARTICLES.values(), "wifi 📶", "a" * 3000, "\u200b", "E-17\tE-23\n\n"]
    original, ours = (
        load(locate(DEFAULT_MODEL)).vectors(texts),
        CompiledEncoder(compiled).vectors(texts),
    )
    target = scratch / "model"
    shutil.copytree(compiled, target)
    before = sorted((path.name, path.stat().st_mtime_ns) for path in target.iterdir())
    rng = np.random.default_rng(7)
    result = {
        "cosines": [float(value) for value in np.sum(original * ours, axis=1)],
        "noise": refused(
            target,
            spoiled(compiled, lambda words: words + rng.normal(0, 0.01, words.shape).astype(words.dtype)),
        ),
        "not numbers": refused(target, spoiled(compiled, lambda words: np.full_like(words, np.nan))),
        "untouched": before == sorted((path.name, path.stat().st_mtime_ns) for path in target.iterdir()),
        "left": [path.name for path in scratch.iterdir()],
    }
    accepted = scratch / "new"
    result["same graph"] = refused(accepted, spoiled(compiled, lambda words: words))
    result["mode"] = oct(accepted.stat().st_mode & 0o777)
    result["projection"] = file_digest(accepted / PROJECTION)
    fitted = fit_projection(CompiledEncoder(compiled), PROBES)
    vars(index.export)["_export"] = export
    result["own"] = own_graph(scratch, load(locate(DEFAULT_MODEL)), texts)
    result["fitted"] = float(np.abs(fitted.T @ fitted - np.eye(TOKEN_DIMENSIONS)).max())
    result["graph bytes"] = small.stat().st_size
    result["weight bytes"] = small.with_name(WEIGHTS).stat().st_size
    print(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
