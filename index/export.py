"""A sentence-transformers model in, a compiled folder out, refused unless both give the same vectors. Needs torch."""

import contextlib
import io
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from index.compiled import (
    FORMAT,
    GRAPH,
    PLACES,
    PROJECTION,
    TOKENIZER,
    UPPER,
    WEIGHTS,
    CompiledEncoder,
    CompiledManifest,
    file_digest,
    kept_projection,
    write_manifest,
)
from index.encoder import Floats, OriginalEncoder, locate, weights_digest
from index.errors import ModelDiffers
from index.fused import INPUTS, fused, upper
from index.precision import Precision

#: Below this cosine with the original the compiled model is refused: fp32 graphs differ by rounding only.
WORST_COSINE = 0.9999
#: The same with weights in eight bits, which differ by more than rounding. What that does to a ranking only an
#: evaluation tells; this refuses a graph that is broken.
WORST_COSINE_INT8 = 0.95
#: Dimensions of a compressed token vector; see docs/decisions for what fewer cost.
TOKEN_DIMENSIONS = 96
#: The graph is exported with at least 2 rows and columns, so that neither is taken for a constant.
_EXAMPLE = ("a first example sentence", "a second one that is a little longer")

PROBES = (
    "How do I reset my password?",
    "refund",
    "Wo ist meine Bestellung?",
    "The machine blinks red three times and the app says E-17; what now?",
    "¿Puedo cambiar la dirección de entrega después del envío?",
    "Plan | Price\nMonthly | 12 EUR\nYearly | 120 EUR",
    "退款需要多长时间",
    "",
    " ".join(["Long texts are cut at the model's limit, in both programs at the same token."] * 40),
)


def compile_model(
    model: str, target: Path, corpus: Sequence[str], precision: Precision = Precision.FP32
) -> CompiledManifest:
    """Compiles `model` into the folder `target`, which is replaced whole or left as it was.

    `corpus` is ordinary text in the languages served; the projection of token vectors is fitted to it, unless one comes
    with the package for these weights.
    Raises `ModelMissing` where the model is not there and `ModelDiffers` where a probe text's vectors
    have a cosine below `WORST_COSINE`, or for eight bits below `WORST_COSINE_INT8`.
    """
    source = locate(model)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        manifest = _compile_into(model, source, aside, corpus, precision)
        _replace(target, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _compile_into(
    model: str, source: Path, folder: Path, corpus: Sequence[str], precision: Precision
) -> CompiledManifest:
    original = OriginalEncoder(source)
    inputs = _export(original.module, folder / GRAPH)
    least = WORST_COSINE
    if precision is Precision.INT8:
        quantise(folder / GRAPH)
        least = WORST_COSINE_INT8
    _write_tokenizer(original.module, folder / TOKENIZER)
    dimension = int(original.module.get_embedding_dimension())
    np.save(folder / PROJECTION, np.eye(dimension, dtype=np.float32)[:, :TOKEN_DIMENSIONS])
    draft = CompiledManifest(
        format=FORMAT,
        model=model,
        weights_sha256=weights_digest(source),
        precision=precision.value,
        dimension=dimension,
        max_tokens=int(original.module.max_seq_length),
        inputs=inputs,
        files={},
        worst_probe_cosine=0.0,
    )
    write_manifest(folder, draft)
    compiled = CompiledEncoder(folder)
    worst = _worst_cosine(original, compiled)
    # Said this way round, a graph that computes no numbers is refused too: NaN is not below anything.
    if not worst >= least:
        raise ModelDiffers(
            f"The compiled model differs from {model!r}: smallest cosine {worst:.6f} over the probe texts, "
            f"at least {least} is needed. Nothing was replaced."
        )
    kept = kept_projection(draft.weights_sha256)
    if kept is None:
        np.save(folder / PROJECTION, fit_projection(compiled, corpus or PROBES))
    else:
        # Fitted once: fitted anew to text that has changed since, its axes turn, and no index that is there would fit.
        shutil.copyfile(kept, folder / PROJECTION)
    files = {
        path.name: file_digest(path) for path in sorted(folder.iterdir()) if path.name != "manifest.json"
    }
    manifest = CompiledManifest(
        format=draft.format,
        model=draft.model,
        weights_sha256=draft.weights_sha256,
        precision=draft.precision,
        dimension=draft.dimension,
        max_tokens=draft.max_tokens,
        inputs=draft.inputs,
        files=files,
        worst_probe_cosine=worst,
    )
    write_manifest(folder, manifest)
    return manifest


def _export(model: Any, path: Path) -> tuple[str, ...]:
    """Writes the graph, its weights beside it, and returns the names of its inputs."""
    own, last = fused(model), upper(model)
    if own is None or last is None:
        return _as_torch_runs_it(model, path)
    onnx.save_model(own, str(path), save_as_external_data=True, location=WEIGHTS)
    path.with_name(PLACES).write_text(json.dumps(_places(path)) + "\n", encoding="utf-8")
    _share_weights(last, path)
    path.with_name(UPPER).write_bytes(last.SerializeToString())
    # Made private, but served by whoever runs the service.
    path.with_name(WEIGHTS).chmod(0o644)
    return INPUTS


def _places(graph: Path) -> dict[str, dict[str, Any]]:
    """Where the weights of a saved graph are in the file beside it; those too small to be put there are left out."""
    found = {}
    for kept in onnx.load(str(graph), load_external_data=False).graph.initializer:
        told = {entry.key: entry.value for entry in kept.external_data}
        if told:
            found[kept.name] = {"offset": int(told.get("offset", 0)), "shape": list(kept.dims)}
    return found


def _share_weights(part: onnx.ModelProto, graph: Path) -> None:
    """Has a part of a saved graph read its weights where the whole has put them."""
    saved = {kept.name: kept for kept in onnx.load(str(graph), load_external_data=False).graph.initializer}
    for kept in part.graph.initializer:
        kept.CopyFrom(saved[kept.name])


def _as_torch_runs_it(model: Any, path: Path) -> tuple[str, ...]:
    import torch

    features = dict(model.preprocess(list(_EXAMPLE)))
    names = tuple(name for name in ("input_ids", "attention_mask", "token_type_ids") if name in features)

    class Graph(torch.nn.Module):
        """Tensors in, tensors out, as ONNX wants it; the model itself takes and gives dicts."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: Any) -> tuple[Any, Any]:
            output = self.model(dict(zip(names, tensors, strict=True)))
            vector = torch.nn.functional.normalize(output["sentence_embedding"], p=2, dim=1)
            return vector, output["token_embeddings"]

    batch, sequence = torch.export.Dim("batch", min=1), torch.export.Dim("sequence", min=1)
    with torch.no_grad(), _quiet():
        program: Any = torch.onnx.export(
            Graph().eval(),
            tuple(features[name] for name in names),
            dynamo=True,
            input_names=list(names),
            output_names=["sentence_embedding", "token_embeddings"],
            dynamic_shapes=(tuple({0: batch, 1: sequence} for _ in names),),
        )
        program.save(str(path), external_data=True)
    return names


def quantise(graph: Path) -> None:
    """Replaces a graph's weights by eight-bit ones with a scale for each column; activations are scaled as they come.

    One scale for a whole matrix was tried: the cosine with the original falls from .994 to .964 on average.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    aside = graph.with_suffix(".int8")
    with _quiet():
        quantize_dynamic(
            graph,
            aside,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            # Of onnxruntime's own operations the quantiser does not know what they give.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    aside.replace(graph)
    for beside in (WEIGHTS, PLACES, UPPER):
        graph.with_name(beside).unlink(missing_ok=True)


def _write_tokenizer(model: Any, path: Path) -> None:
    model.tokenizer.backend_tokenizer.save(str(path))


def _worst_cosine(original: OriginalEncoder, compiled: CompiledEncoder) -> float:
    expected, given = original.vectors(PROBES), compiled.vectors(PROBES)
    return float(np.min(np.sum(expected * given, axis=1)))


def fit_projection(encoder: CompiledEncoder, corpus: Sequence[str]) -> Floats:
    """Principal directions of the corpus' token vectors, shape (dimension, `TOKEN_DIMENSIONS`), orthonormal columns.

    Not centred: cosines between token vectors are what must survive, and they are taken about the origin.
    """
    tokens = np.concatenate([encoded.tokens for encoded in encoder.encode(corpus)])
    _, vectors = np.linalg.eigh((tokens.T @ tokens).astype(np.float64))
    return np.ascontiguousarray(vectors[:, ::-1][:, :TOKEN_DIMENSIONS], dtype=np.float32)


def _replace(target: Path, aside: Path) -> None:
    """Puts the finished folder in place; a reader sees the old or the new one."""
    # Made private as temporary folders are, but served by whoever runs the service.
    aside.chmod(0o755)
    old = target.with_name(f".{target.name}-old-{os.getpid()}")
    if target.exists():
        target.rename(old)
    aside.rename(target)
    shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter prints its progress and warns of its own internals; neither says anything to our user."""
    # The quantiser speaks through the root's own functions.
    loggers = [(logger, logger.level) for logger in (logging.getLogger("torch.onnx"), logging.getLogger())]
    for logger, _ in loggers:
        logger.setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
    for logger, level in loggers:
        logger.setLevel(level)
