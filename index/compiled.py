"""The compiled model: an ONNX file and a tokenizer in, unit vectors out, without torch."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoded, Floats
from index.errors import ModelMissing
from index.gathering import Gathered
from index.precision import Precision

#: Version of the folder's layout; a folder of another version is compiled anew.
FORMAT = 3
GRAPH, TOKENIZER, PROJECTION, MANIFEST = "model.onnx", "tokenizer.json", "projection.npy", "manifest.json"
#: The graph's weights, beside it: onnxruntime maps this file, so that loading copies nothing and word vectors that
#: nobody asks for take no memory (a process with the model alone: 137 MB at most, 208 MB with one file for both).
#: A model in eight bits, or one compiled by an earlier version, has all in the graph's file.
WEIGHTS = f"{GRAPH}.data"
#: Where in that file each of the weights is: `{"name": {"offset": bytes, "shape": [rows, columns]}}`. A model that is
#: served as it was exported, or in eight bits, has none.
PLACES = "weights.json"
#: The graph of the last layers alone, for `index.adapted`; its weights are in the same file. There where `PLACES` is.
UPPER = "upper.onnx"
_PROJECTIONS = Path(__file__).with_name("projections")
#: What all layers but those of `UPPER` give, by its name in the graph.
LOWER = "lower"
#: Tokens in one batch, padding included. Measured on 2 cores: beyond it throughput falls, since the
#: activations leave the cache.
BATCH_TOKENS = 4096
#: A text is not padded to more than this many times its length, and a few tokens: short questions that are encoded
#: together with long ones would cost as much as these.
_MOST_PADDING, _FEW_TOKENS = 1.25, 4
#: Half of a character, which no UTF-8 holds; command lines and JSON bring them.
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CompiledManifest:
    """What a compiled model says of itself."""

    format: int
    model: str
    """Name or folder it was compiled from."""
    weights_sha256: str
    precision: str
    dimension: int
    max_tokens: int
    inputs: tuple[str, ...]
    files: dict[str, str]
    """SHA-256 of each file beside the manifest."""
    worst_probe_cosine: float
    """Smallest cosine with the original over the probe texts, as measured when it was compiled."""

    @property
    def identity(self) -> str:
        """Names the vectors this model makes. Tokens that were projected in two ways cannot be compared, so a
        projection that does not come with the package is named too.
        """
        name = f"{self.weights_sha256[:16]}-{self.precision}-{self.max_tokens}"
        projection = self.files.get(PROJECTION, "")
        return name if projection == _kept_digest(self.weights_sha256) else f"{name}-{projection[:8]}"


@cache
def _kept_digest(weights_sha256: str) -> str:
    path = kept_projection(weights_sha256)
    return file_digest(path) if path else ""


def kept_projection(weights_sha256: str) -> Path | None:
    """The projection of token vectors that comes with the package for a model's weights; None for other models."""
    path = _PROJECTIONS / f"{weights_sha256[:16]}.npy"
    return path if path.is_file() else None


def read_manifest(folder: Path) -> CompiledManifest:
    """Reads a compiled model's manifest; raises `ModelMissing` with what to run."""
    advice = "Run `tierzero model build`."
    try:
        raw: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise ModelMissing(f"There is no compiled model in {folder}. {advice}") from exc
    except (OSError, ValueError) as exc:
        raise ModelMissing(f"The compiled model in {folder} cannot be read ({exc}). {advice}") from exc
    try:
        if raw.get("format") != FORMAT:
            raise ModelMissing(
                f"The compiled model in {folder} has format {raw.get('format')}, this version needs {FORMAT}. {advice}"
            )
        return CompiledManifest(**{**raw, "inputs": tuple(raw["inputs"])})
    except (TypeError, KeyError, AttributeError) as exc:
        raise ModelMissing(f"The manifest in {folder} is damaged ({exc}). {advice}") from exc


def write_manifest(folder: Path, manifest: CompiledManifest) -> None:
    """Writes the manifest beside the files it names."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged_files(folder: Path) -> list[str]:
    """Names of the compiled model's files that are absent or not what the manifest says; reads all of them."""
    manifest = read_manifest(folder)
    return [
        name
        for name, digest in manifest.files.items()
        if not (folder / name).is_file() or file_digest(folder / name) != digest
    ]


class CompiledEncoder:
    """Serves a compiled model. Safe to call from several threads."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.manifest = read_manifest(folder)
        try:
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self.projection: Floats = np.load(folder / PROJECTION)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads or min(4, os.cpu_count() or 1)
            options.log_severity_level = 3
            # Threads that spin while they wait for work take the core that the rest of a turn runs on: with them,
            # 16 callers on 2 cores cost 12 ms of CPU a text in place of 7, and one caller 14 in place of 9.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            self._session = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )
        except Exception as exc:
            # Both libraries raise bare exceptions of their own for damaged files.
            raise ModelMissing(
                f"The compiled model in {folder} cannot be loaded ({exc}). Run `tierzero model build`."
            ) from exc
        tokenizer.enable_truncation(self.manifest.max_tokens)
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._folder = folder
        self._tells_lower = LOWER in {one.name for one in self._session.get_outputs()}
        self._gathered: Gathered[str, Encoded] = Gathered(partial(self.encode, lower=True))

    @cached_property
    def _plain(self) -> Any:
        """The tokenizer without truncation; only who cuts articles into chunks pays for it."""
        from tokenizers import Tokenizer

        plain = Tokenizer.from_file(str(self._folder / TOKENIZER))
        plain.no_truncation()
        plain.no_padding()
        return plain

    @property
    def identity(self) -> str:
        """Names the weights, precision and sequence length."""
        return self.manifest.identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.manifest.dimension

    @property
    def max_tokens(self) -> int:
        """Longest text in tokens, specials included."""
        return self.manifest.max_tokens

    def dictionary(self) -> frozenset[str]:
        """Whole words of the model's vocabulary: what it has seen often enough to be no typo."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha())

    def measure(self, text: str) -> int:
        """Tokens of `text`, specials not counted, without truncation."""
        return len(self._plain.encode(whole(text), add_special_tokens=False).ids)

    def encode(self, texts: Sequence[str], *, lower: bool = False) -> list[Encoded]:
        """Encodes texts of any number; they are batched by length and come back in their order.

        `lower` asks for what the lower layers make of them too.
        """
        encodings = self._tokenizer.encode_batch([whole(text) for text in texts])
        results: list[Encoded | None] = [None] * len(texts)
        lengths = [len(encoding.ids) for encoding in encodings]
        for batch in self._batches(lengths):
            chosen = [encodings[position] for position in batch]
            vectors, tokens, *below = self._run(chosen, lower=lower and self._tells_lower)
            for row, position in enumerate(batch):
                results[position] = _encoded(
                    encodings[position], vectors[row], tokens[row], below[0][row] if below else None
                )
        return [result for result in results if result is not None]

    def encode_together(self, texts: Sequence[str]) -> list[Encoded]:
        """`encode` for a few texts of one of several threads: those that ask at the same time share a run.

        What the lower layers make of them comes with them.
        """
        return self._gathered(texts)

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        # Numbers of eight bits are scaled by the largest of the batch: a vector would depend on its neighbours.
        if self.manifest.precision == Precision.INT8:
            return ([position] for position in range(len(lengths)))
        return _batches(lengths)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Only the unit vectors, shape (texts, dimension)."""
        return np.stack([encoded.vector for encoded in self.encode(texts)])

    def _run(self, encodings: Sequence[Any], *, lower: bool) -> list[Floats]:
        length = max(len(encoding.ids) for encoding in encodings)
        shape = (len(encodings), length)
        feed = {name: np.zeros(shape, dtype=np.int64) for name in self.manifest.inputs}
        for row, encoding in enumerate(encodings):
            feed["input_ids"][row, : len(encoding.ids)] = encoding.ids
            feed["attention_mask"][row, : len(encoding.ids)] = 1
        asked = ["sentence_embedding", "token_embeddings", *([LOWER] if lower else [])]
        found: list[Floats] = self._session.run(asked, feed)
        return found


def whole(text: str) -> str:
    """`text` with lone surrogates replaced one for one, so that offsets hold."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions grouped so that texts of like length share a batch and padding costs little."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        # Ascending order: the newest member is the longest and sets the width of the batch.
        length = lengths[position]
        if batch and (
            length * (len(batch) + 1) > BATCH_TOKENS
            or length > _MOST_PADDING * lengths[batch[0]] + _FEW_TOKENS
        ):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _encoded(encoding: Any, vector: Floats, tokens: Floats, lower: Floats | None) -> Encoded:
    content = np.flatnonzero(np.asarray(encoding.special_tokens_mask) == 0).tolist()
    # Each of these attributes makes a new list whenever it is read.
    ids, offsets = encoding.ids, encoding.offsets
    kept = tokens[content]
    norms = np.linalg.norm(kept, axis=1, keepdims=True)
    return Encoded(
        vector=np.ascontiguousarray(vector, dtype=np.float32),
        tokens=kept / np.maximum(norms, 1e-12),
        ids=tuple(ids[place] for place in content),
        offsets=tuple(offsets[place] for place in content),
        # A copy of its own: a part of the batch's would keep all of that alive.
        lower=None if lower is None else lower[: len(ids)].copy(),
    )
