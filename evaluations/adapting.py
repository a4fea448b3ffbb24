"""Labelled texts as the encoder's lower layers see them in, small changes of its last layers out. Needs torch.

Each linear map of each of those layers gets the product of two thin matrices added (low-rank adaptation, Hu et al.
2021, arXiv:2106.09685); the model's own weights stay. What tells the labels is one linear layer over the mean of the
token vectors and the strongest showing, among the tokens, of things looked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from index.change import Change
from index.encoder import Floats
from index.fused import UPPER_LAYERS

#: Rank of a change, and how much it counts.
RANK, _SCALE = 16, 2.0
#: Things looked for in tokens.
THINGS = 64
#: Texts are cut off here, specials included, so that a batch of them is soon gone through.
MOST_TOKENS = 96
EPOCHS = 3
_BATCH, _RATE, _HEAD_RATE = 32, 1e-3, 2e-3
_LEFT_OUT, _SMOOTHED, _STEEPEST = 0.1, 0.02, 1.0
#: Batches are made of texts of like length, out of this many batches' worth drawn by chance.
_DRAWN = 20
_SEED = 7
#: After the first time through, a text that has another form is seen in that one this often.
_OTHER_FORM = 2 / 3

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Adapted:
    """What was learned."""

    changes: dict[str, Change]
    """By the names of the compiled graph's weights."""
    look: Floats
    """Shape (dimension, things)."""
    look_bias: Floats
    vector: Floats
    """What the mean of the tokens adds to each label, shape (dimension, labels)."""
    looked: Floats
    """The same of each thing, shape (things, labels)."""
    bias: Floats


class _Thin(torch.nn.Module):
    """A linear map with a change of low rank beside it."""

    def __init__(self, linear: Any) -> None:
        super().__init__()
        self.linear = linear
        self.down = torch.nn.Parameter(torch.randn(RANK, linear.in_features) * linear.in_features**-0.5)
        self.up = torch.nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, values: Any) -> Any:
        return self.linear(values) + _SCALE * (values @ self.down.T) @ self.up.T

    @property
    def change(self) -> Change:
        """The change as it is added to the transposed weight."""
        return Change(_plain(self.down.T), _plain(_SCALE * self.up.T))


class _Network(torch.nn.Module):
    """The encoder's last layers with thin changes, and what tells the labels."""

    def __init__(self, bert: Any, labels: int) -> None:
        super().__init__()
        self.layers = bert.encoder
        self.layers.layer = self.layers.layer[-UPPER_LAYERS:]
        for parameter in self.layers.parameters():
            parameter.requires_grad = False
        for layer in self.layers.layer:
            for holder, name in _maps(layer):
                setattr(holder, name, _Thin(getattr(holder, name)))
        dimension = bert.config.hidden_size
        self.look = torch.nn.Linear(dimension, THINGS)
        self.told = torch.nn.Linear(dimension + THINGS, labels)
        self.drop = torch.nn.Dropout(_LEFT_OUT)

    def forward(self, lower: Any, mask: Any) -> Any:
        tokens = self.layers(lower, attention_mask=mask[:, None, None, :].bool()).last_hidden_state
        seen = mask[:, :, None].float()
        mean = (tokens * seen).sum(1) / seen.sum(1)
        shown = (torch.relu(self.look(tokens)) * seen).max(1).values
        return self.told(self.drop(torch.cat([mean, shown], 1)))


def adapt(
    source: Path,
    seen: Sequence[npt.NDArray[np.floating[Any]]],
    labels: Sequence[int],
    count: int,
    *,
    other_forms: Mapping[int, npt.NDArray[np.floating[Any]]],
    progress: Progress = lambda done, total: None,
) -> Adapted:
    """Fits to texts with labels below `count`. The same texts give the same.

    `source` is the folder of a BERT model, `seen` what its lower layers make of each text, shape (tokens, dimension),
    `other_forms` the same of some texts in another form, by their places.
    """
    from transformers import BertModel

    torch.manual_seed(_SEED)
    bert = BertModel.from_pretrained(str(source), add_pooling_layer=False)
    layers = bert.config.num_hidden_layers
    network = _Network(bert, count)
    network.train()
    wanted = torch.tensor(list(labels))
    head = [*network.look.parameters(), *network.told.parameters()]
    thin = [parameter for parameter in network.layers.parameters() if parameter.requires_grad]
    steps = EPOCHS * -(-len(seen) // _BATCH)
    optimizer = torch.optim.AdamW(
        [{"params": thin, "lr": _RATE}, {"params": head, "lr": _HEAD_RATE}], weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [_RATE, _HEAD_RATE], total_steps=steps + 1, pct_start=0.1
    )
    chance = np.random.default_rng(_SEED)
    done = 0
    for round_ in range(EPOCHS):
        # Once as they are, before they are seen as typed in haste.
        others = {
            place: one for place, one in other_forms.items() if round_ and chance.random() < _OTHER_FORM
        }
        forms = [others.get(place, one) for place, one in enumerate(seen)]
        for batch in _batches([len(one) for one in forms], chance):
            given, mask = _padded([forms[place] for place in batch])
            loss = torch.nn.functional.cross_entropy(
                network(given, mask), wanted[batch], label_smoothing=_SMOOTHED
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(thin + head, _STEEPEST)
            optimizer.step()
            schedule.step()
            done += 1
            progress(done, steps)
    return _learned(network, layers - UPPER_LAYERS)


def _maps(layer: Any) -> list[tuple[Any, str]]:
    attention = layer.attention
    return [
        (attention.self, "query"),
        (attention.self, "key"),
        (attention.self, "value"),
        (attention.output, "dense"),
        (layer.intermediate, "dense"),
        (layer.output, "dense"),
    ]


def _batches(lengths: Sequence[int], chance: np.random.Generator) -> Iterator[list[int]]:
    drawn = chance.permutation(len(lengths)).tolist()
    for first in range(0, len(drawn), _BATCH * _DRAWN):
        near = sorted(drawn[first : first + _BATCH * _DRAWN], key=lengths.__getitem__)
        batches = [near[start : start + _BATCH] for start in range(0, len(near), _BATCH)]
        for place in chance.permutation(len(batches)).tolist():
            yield batches[place]


def _padded(seen: Sequence[npt.NDArray[np.floating[Any]]]) -> tuple[Any, Any]:
    longest = max(len(one) for one in seen)
    given = np.zeros((len(seen), longest, seen[0].shape[1]), dtype=np.float32)
    mask = torch.zeros((len(seen), longest), dtype=torch.long)
    for row, one in enumerate(seen):
        given[row, : len(one)] = one
        mask[row, : len(one)] = 1
    return torch.from_numpy(given), mask


def _learned(network: _Network, below: int) -> Adapted:
    """What has been learned; `below` layers are under those that were changed."""
    changes = {}
    for number, layer in enumerate(network.layers.layer, below):
        query, key, value, out, wide, narrow = (getattr(holder, name).change for holder, name in _maps(layer))
        at = f"encoder.layer.{number}"
        changes[f"{at}.attention.weight"] = _side_by_side((query, key, value))
        changes[f"{at}.attention.output.dense.weight"] = out
        changes[f"{at}.intermediate.dense.weight"] = wide
        changes[f"{at}.output.dense.weight"] = narrow
    dimension = network.look.in_features
    told = _plain(network.told.weight.T)
    return Adapted(
        changes,
        look=_plain(network.look.weight.T),
        look_bias=_plain(network.look.bias),
        vector=told[:dimension],
        looked=told[dimension:],
        bias=_plain(network.told.bias),
    )


def _side_by_side(changes: Sequence[Change]) -> Change:
    """The changes of maps whose weights stand side by side in one."""
    rank, width = changes[0].up.shape
    up = np.zeros((rank * len(changes), width * len(changes)), dtype=np.float32)
    for place, change in enumerate(changes):
        up[place * rank : (place + 1) * rank, place * width : (place + 1) * width] = change.up
    return Change(np.concatenate([change.down for change in changes], axis=1), up)


def _plain(tensor: Any) -> Floats:
    return np.ascontiguousarray(tensor.detach().numpy(), dtype=np.float32)
