"""A message as the adapted encoder sees it in, how likely each reason is out: a second look at what is not plain.

The first look (`meaning`) reads off the search's vectors, which cost nothing more, that most messages are everyday. For
the others the encoder's last layers are changed a little, so that they see what parts an incident from a mention of it;
they go on from what its other layers have made of the message for the search. Fitted on the same sentences by `tierzero
eval prototypes`. Why, and with which figures: docs/decisions/0036-a-second-look.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.dialogue.reply import Reason
from bot.dialogue.triggers.meaning import Seen
from bot.dialogue.triggers.weights import NONE, probabilities, stored
from bot.errors import SettingsInvalid
from index.change import Change
from index.products import product

Floats = npt.NDArray[np.float32]

FILE = Path(__file__).with_name("closer.npz")
#: Version of the file; another one is refused.
FORMAT: Final = 2
#: From this probability of `none` by the first look on, a message on which no rule fires is not looked at again. From
#: .8 to .97 hardly another incident is found, and the second looks at everyday questions grow from one in ten to three.
PLAIN: Final = 0.9
_HEAD = ("vector", "look", "look_bias", "looked", "bias")
_DOWN, _UP = "down:", "up:"


class LookCloser(Protocol):
    """A second look at messages."""

    def prepare(self) -> None:
        """Opens it now, so that no customer waits for it."""

    def __call__(self, seen: Seen) -> Mapping[str, float]:
        """How likely each label is, `none` among them; empty where it cannot tell."""


@dataclass(frozen=True, slots=True)
class Closer:
    """What was fitted. Holds no state between messages."""

    model: str
    """The encoder's weights that the changes belong to: the beginning of `Encoder.identity`."""
    lists: str
    """`wordlists.digest()` of the lists that messages were read by."""
    labels: tuple[str, ...]
    changes: Mapping[str, Change]
    """What is added to the encoder's layers, by the names of the compiled graph's weights."""
    vector: Floats
    """What the mean of the tokens adds to each label, shape (dimension, labels)."""
    look: Floats
    """What is looked for in each token, shape (dimension, things)."""
    look_bias: Floats
    """Shape (things,)."""
    looked: Floats
    """Shape (things, labels)."""
    bias: Floats
    """Shape (labels,)."""

    def fits(self, identity: str) -> bool:
        """Whether an encoder with this identity is the one that the changes belong to."""
        return identity.startswith(self.model)

    def chances(self, tokens: Floats) -> dict[str, float]:
        """The probability of each label, `none` among them.

        `tokens` is what the changed encoder gives, shape (tokens, dimension), specials included.
        """
        shown = np.maximum((product(tokens, self.look) + self.look_bias).max(axis=0), 0.0)
        logits = tokens.mean(axis=0) @ self.vector + shown @ self.looked + self.bias
        return probabilities(self.labels, logits)

    @property
    def is_whole(self) -> bool:
        """Whether all parts are of one shape and for known reasons."""
        dimension, labels, things = len(self.vector), len(self.labels), len(self.look_bias)
        return (
            self.vector.shape == (dimension, labels)
            and self.look.shape == (dimension, things)
            and self.looked.shape == (things, labels)
            and self.bias.shape == (labels,)
            and all(change.down.shape[1] == change.up.shape[0] for change in self.changes.values())
            and NONE in self.labels
            and {NONE, *(reason.value for reason in Reason)}.issuperset(self.labels)
        )


def together(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """Both looks' probabilities as one: their geometric mean, as both have learned from the same sentences."""
    joined = {label: float(np.sqrt(chance * second[label])) for label, chance in first.items()}
    total = sum(joined.values())
    return {label: chance / total for label, chance in joined.items()}


def read(file: Path = FILE) -> Closer:
    """A file of fitted changes. Raises `bot.errors.SettingsInvalid`."""
    advice = "Fit it anew with `tierzero eval prototypes --closer FILE`."
    try:
        held = stored(file, FORMAT, advice)
        names = [name.removeprefix(_DOWN) for name in held if name.startswith(_DOWN)]
        closer = Closer(
            model=str(held["model"]),
            lists=str(held["lists"]),
            labels=tuple(str(label) for label in held["labels"]),
            changes={
                name: Change(
                    held[f"{_DOWN}{name}"].astype(np.float32), held[f"{_UP}{name}"].astype(np.float32)
                )
                for name in names
            },
            **{name: held[name].astype(np.float32) for name in _HEAD},
        )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as exc:
        raise SettingsInvalid(f"{file} holds no fitted changes: {exc}. {advice}") from exc
    if not closer.is_whole:
        raise SettingsInvalid(f"{file} was fitted for other reasons or layers. {advice}")
    return closer


def write(file: Path, closer: Closer) -> None:
    """Keeps fitted changes, two bytes a number."""
    parts: dict[str, npt.NDArray[Any]] = {name: getattr(closer, name).astype(np.float16) for name in _HEAD}
    for name, change in closer.changes.items():
        parts[f"{_DOWN}{name}"] = change.down.astype(np.float16)
        parts[f"{_UP}{name}"] = change.up.astype(np.float16)
    with file.open("wb") as opened:
        np.savez_compressed(
            opened,
            format=np.asarray(FORMAT),
            model=np.asarray(closer.model),
            lists=np.asarray(closer.lists),
            labels=np.asarray(closer.labels),
            allow_pickle=False,
            **parts,
        )
