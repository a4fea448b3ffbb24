"""The compiled model with small changes to its layers: a text in, token vectors made for another purpose out.

A change adds the product of two thin matrices to a linear map (low-rank adaptation, Hu et al. 2021, arXiv:2106.09685),
so that what was learned for one purpose is a small file beside the model and not a second model.
"""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from index.change import Change
from index.compiled import GRAPH, PLACES, TOKENIZER, WEIGHTS, read_manifest, whole
from index.encoder import Floats
from index.errors import ModelMissing


class AdaptedEncoder:
    """Serves a compiled model with changed layers. Opened by the first text; safe to call from several threads."""

    def __init__(self, folder: Path, changes: Mapping[str, Change], most_tokens: int) -> None:
        """`changes` by the names of the graph's weights; texts are cut off at `most_tokens`, specials included."""
        self._folder = folder
        self._changes = dict(changes)
        self._most_tokens = most_tokens
        self._opening = threading.Lock()
        self._opened: tuple[Any, Any, list[Any]] | None = None

    def tokens(self, text: str) -> Floats:
        """The last layer's vectors of a text, specials included, as they come: shape (tokens, dimension).

        Raises `ModelMissing` where the model has no such weights.
        """
        session, tokenizer, _ = self._open()
        ids = tokenizer.encode(whole(text)).ids
        feed = {"input_ids": np.asarray([ids]), "attention_mask": np.ones((1, len(ids)), dtype=np.int64)}
        found: Floats = session.run(["token_embeddings"], feed)[0][0]
        return found

    def _open(self) -> tuple[Any, Any, list[Any]]:
        with self._opening:
            if self._opened is None:
                self._opened = self._made()
            return self._opened

    def _made(self) -> tuple[Any, Any, list[Any]]:
        import onnxruntime
        from tokenizers import Tokenizer

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
                str(self._folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        except ModelMissing:
            raise
        except Exception as exc:
            # Both libraries raise bare exceptions of their own for damaged files.
            raise ModelMissing(
                f"The compiled model in {self._folder} cannot be changed ({exc}). {advice}"
            ) from exc
        tokenizer.enable_truncation(self._most_tokens)
        tokenizer.no_padding()
        # The session reads the values where they are: they live as long as it does.
        return session, tokenizer, values

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
