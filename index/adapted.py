"""What the model's other layers make of a text in, token vectors for another purpose out, by changed last layers.

A change adds the product of two thin matrices to a linear map (low-rank adaptation, Hu et al. 2021, arXiv:2106.09685),
so that what was learned for one purpose is a small file beside the model and not a second model. The search has run the
other layers anyway.
"""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from index.change import Change
from index.compiled import LOWER, PLACES, UPPER, WEIGHTS, read_manifest
from index.encoder import Floats
from index.errors import ModelMissing


class AdaptedLayers:
    """Serves a compiled model's last layers, changed. Opened by the first text; safe to call from several threads."""

    def __init__(self, folder: Path, changes: Mapping[str, Change]) -> None:
        """`changes` by the names of the graph's weights, which are those of the last layers."""
        self._folder = folder
        self._changes = dict(changes)
        self._opening = threading.Lock()
        self._opened: tuple[Any, list[Any]] | None = None

    def prepare(self) -> None:
        """Opens them now. Raises `ModelMissing` where the model has no such weights."""
        self._open()

    def tokens(self, lower: Floats) -> Floats:
        """The last layer's vectors of a text, specials included, as they come: shape (tokens, dimension).

        `lower` is what the other layers give, `Encoded.lower`, of the same shape. Raises `ModelMissing` where the model
        has no such weights.
        """
        session, _ = self._open()
        feed = {LOWER: lower[np.newaxis], "attention_mask": np.ones((1, len(lower)), dtype=np.int64)}
        found: Floats = session.run(["token_embeddings"], feed)[0][0]
        return found

    def _open(self) -> tuple[Any, list[Any]]:
        with self._opening:
            if self._opened is None:
                self._opened = self._made()
            return self._opened

    def _made(self) -> tuple[Any, list[Any]]:
        import onnxruntime

        advice = "Run `tierzero model build`."
        read_manifest(self._folder)
        try:
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.intra_op_num_threads = min(4, os.cpu_count() or 1)
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            values = [
                (name, onnxruntime.OrtValue.ortvalue_from_numpy(weights))
                for name, weights in self._changed().items()
            ]
            for name, value in values:
                options.add_initializer(name, value)
            session = onnxruntime.InferenceSession(
                str(self._folder / UPPER), options, providers=["CPUExecutionProvider"]
            )
        except ModelMissing:
            raise
        except Exception as exc:
            # The library raises bare exceptions of its own for damaged files.
            raise ModelMissing(
                f"The compiled model in {self._folder} cannot be changed ({exc}). {advice}"
            ) from exc
        # The session reads the values where they are: they live as long as it does.
        return session, values

    def _changed(self) -> dict[str, Floats]:
        """The changed weights, whole."""
        try:
            places = json.loads((self._folder / PLACES).read_text(encoding="utf-8"))
        except FileNotFoundError as exc:
            raise ModelMissing(
                f"The compiled model in {self._folder} does not say where its weights are: it is of a kind that "
                "cannot be changed."
            ) from exc
        changed = {}
        for name, change in self._changes.items():
            offset, shape = places[name]["offset"], tuple(places[name]["shape"])
            held = np.memmap(self._folder / WEIGHTS, dtype=np.float32, mode="r", offset=offset, shape=shape)
            changed[name] = np.ascontiguousarray(held + change.down @ change.up)
        return changed
