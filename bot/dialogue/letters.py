"""Text in, how likely each recognised language is by its letter sequences out; the only user of py3langid.

The model is py3langid's (Lui & Baldwin 2012, "langid.py"; naive Bayes over byte sequences). Reading its published
file takes most of a second, so its tables can be converted once into files that are mapped into memory.
"""

import importlib.util
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

#: Languages a message may be recognised as. The model knows more, but dialects and small neighbours of large
#: languages would only take short messages from them.
RECOGNISED: Final = (
    "af", "ar", "az", "be", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr",
    "ga", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "nl", "no",
    "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "uz", "vi",
    "zh",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetterTables:
    """The model cut down to the recognised languages: a walk over bytes, and what each sequence says."""

    names: npt.NDArray[np.str_]
    """Language of each column, shape (columns,); one with two alphabets has two."""
    prior: npt.NDArray[np.float32]
    """Log probability of each column before anything is read."""
    weights: npt.NDArray[np.float32]
    """Log probability of each sequence in each column, shape (sequences, columns), a row side by side in memory."""
    steps: npt.NDArray[np.uint32]
    """Next state by row and byte, flat."""
    rows: npt.NDArray[np.uint32]
    """Where the row of each state begins in `steps`."""
    sequences: npt.NDArray[np.int32]
    """The sequence that ends at each state, or -1."""


def published_tables() -> LetterTables:
    """The tables as py3langid ships them. Takes most of a second and, while it runs, about 130 MB."""
    # Imported when used: where the tables are kept already, nothing else is needed of it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole: Any = LanguageIdentifier.from_model_file(MODEL_FILE)
    kept = [place for place, name in enumerate(whole.nb_classes) if name in set(RECOGNISED)]
    return LetterTables(
        names=np.asarray([whole.nb_classes[place] for place in kept]),
        prior=np.ascontiguousarray(whole.nb_pc[kept], dtype=np.float32),
        # Row by row: a question reads a hundred rows of this, each whole.
        weights=np.ascontiguousarray(whole.nb_ptc[:, kept], dtype=np.float32),
        steps=np.asarray(whole.tk_nextmove, dtype=np.uint32),
        rows=np.left_shift(np.asarray(whole.tk_row, dtype=np.uint32), 8, dtype=np.uint32),
        sequences=np.asarray(whole.tk_output, dtype=np.int32),
    )


def published_file() -> Path:
    """The file that py3langid ships its model in, found without importing it."""
    spec = importlib.util.find_spec("py3langid")
    places = (spec.submodule_search_locations if spec else None) or ["py3langid"]
    return Path(places[0]) / "data" / "model.npz.xz"


class LetterModel:
    """Ranks the recognised languages. Safe to call from several threads."""

    def __init__(self, tables: LetterTables) -> None:
        names = [str(name) for name in tables.names]
        self.languages: tuple[str, ...] = tuple(dict.fromkeys(names))
        """In the order of what `logs` gives."""
        self._weights, self._prior = tables.weights, tables.prior
        # Plain numbers come out of these views three times as fast as out of an array.
        self._steps, self._rows = tables.steps.data, tables.rows.data
        self._sequences = tables.sequences.data
        firsts = [names.index(name) for name in self.languages]
        self._firsts = np.asarray(firsts)
        self._again = [(names.index(name), place) for place, name in enumerate(names) if place not in firsts]

    def logs(self, text: str, floor: float = -math.inf) -> list[float]:
        """Natural logarithm of each language's probability, in the order of `languages`; none below `floor`."""
        data = _bytes(text)
        found = self._found(data)
        if found:
            places = np.fromiter(found.keys(), dtype=np.intp, count=len(found))
            counts = np.fromiter(found.values(), dtype=np.float32, count=len(found))
            scores = np.log1p(counts) @ self._weights.take(places, axis=0) + self._prior
            # The square root of the length keeps the probabilities honest for short and long texts alike.
            scores *= 1.0 / math.sqrt(len(data))
        else:
            scores = np.zeros(len(self._prior), dtype=np.float32)
        scores -= scores.max()
        total = math.log(float(np.exp(scores).sum()))
        for first, other in self._again:
            scores[first] = np.logaddexp(scores[first], scores[other])
        logs: list[float] = np.maximum(scores[self._firsts] - total, floor).tolist()
        return logs

    def _found(self, data: bytes) -> Counter[int]:
        """How often each known sequence of bytes occurs."""
        steps, rows, sequences = self._steps, self._rows, self._sequences
        state, found = 0, []
        for byte in data:
            state = steps[rows[state] + byte]
            found.append(sequences[state])
        counts = Counter(found)
        del counts[-1]
        return counts


def _bytes(text: str) -> bytes:
    """The text as the model was trained: composed, and not shouted."""
    if text.isupper():
        text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.encode("utf-8", "surrogatepass")
