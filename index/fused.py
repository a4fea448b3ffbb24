"""A BERT as torch holds it in, the same network as an ONNX graph of few large operations out.

What the exporter writes is what torch does, some 300 small operations, most of them about shapes and masks. The same
arithmetic in 78 takes a seventh less time, and a third less memory for long texts: docs/decisions/0034-encoder.md has
the figures. A model of another kind is not recognised and served as exported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.compiled import LOWER
from index.encoder import Floats

#: What the graph is given, in this order. Segments are all of the first kind; their vector is added to the positions.
INPUTS = ("input_ids", "attention_mask")
#: Layers at the end that have a graph of their own too, which goes on from what the others give.
UPPER_LAYERS = 3
#: Versions of the operators: `Gelu` and `LayerNormalization` need 20, those of onnxruntime itself have one.
_OPERATORS = (("", 20), ("com.microsoft", 1))
_FORMAT = 10
#: Stages of a model that are understood, by their classes' names. Vectors are normalised in any case.
_STAGES = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])


@dataclass(frozen=True, slots=True)
class _Bert:
    """What of a model the graph is made of."""

    weights: Mapping[str, Floats]
    layers: int
    heads: int
    epsilon: float
    max_tokens: int


@dataclass(slots=True)
class _Graph:
    """Operations and numbers, as they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    numbers: list[onnx.TensorProto] = field(default_factory=list)

    def keep(self, name: str, values: Any) -> str:
        """Adds numbers and returns their name."""
        self.numbers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Adds an operation of the standard and returns its output's name."""
        return self._append(operator, inputs, output, "", attributes)

    def add_own(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Adds an operation that onnxruntime has beside the standard."""
        return self._append(operator, inputs, output, "com.microsoft", attributes)

    def rename_last(self, name: str) -> str:
        """Gives the last operation's output the name by which it is asked for."""
        self.nodes[-1].output[0] = name
        return name

    def _append(
        self, operator: str, inputs: Sequence[str], output: str, domain: str, attributes: Mapping[str, Any]
    ) -> str:
        self.nodes.append(
            helper.make_node(operator, list(inputs), [output], name=output, domain=domain, **attributes)
        )
        return output


def fused(model: Any) -> onnx.ModelProto | None:
    """The graph of a sentence-transformers model; None where it is no BERT whose token vectors are averaged.

    It takes texts padded at their ends, shape (batch, sequence), and gives unit vectors, shape (batch, dimension), and
    token vectors and what the lower layers give, each of shape (batch, sequence, dimension).
    """
    bert = _recognised(model)
    if bert is None:
        return None
    graph = _Graph()
    graph.keep("first", np.array([0], dtype=np.int64))
    _count(graph)
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    tokens = _embedded(graph, bert)
    for layer in range(bert.layers):
        if layer == _first_upper(bert):
            tokens = graph.rename_last(LOWER)
        tokens = _layer(graph, bert, layer, tokens)
    graph.rename_last("token_embeddings")
    _mean(graph)
    dimension = _dimension(bert)
    vectors = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", dimension])
    gives = [vectors, *_floats(["token_embeddings", LOWER], dimension)]
    return _model(graph, [_ids(name) for name in INPUTS], gives)


def upper(model: Any) -> onnx.ModelProto | None:
    """The graph of the last layers of the same model, from `LOWER` and the mask to the token vectors."""
    bert = _recognised(model)
    if bert is None:
        return None
    graph = _Graph()
    _count(graph)
    tokens = LOWER
    for layer in range(_first_upper(bert), bert.layers):
        tokens = _layer(graph, bert, layer, tokens)
    graph.rename_last("token_embeddings")
    dimension = _dimension(bert)
    given = [*_floats([LOWER], dimension), _ids("attention_mask")]
    return _model(graph, given, _floats(["token_embeddings"], dimension))


def _first_upper(bert: _Bert) -> int:
    return max(0, bert.layers - UPPER_LAYERS)


def _dimension(bert: _Bert) -> int:
    return int(bert.weights["embeddings.word_embeddings.weight"].shape[1])


def _count(graph: _Graph) -> None:
    """Tokens of each text, as attention wants them."""
    graph.keep("second", np.array([1], dtype=np.int64))
    graph.add("Cast", ["attention_mask"], "counted", to=TensorProto.INT32)
    graph.add("ReduceSum", ["counted", "second"], "lengths", keepdims=0)


def _recognised(model: Any) -> _Bert | None:
    parts = list(model) if hasattr(model, "__iter__") else []
    if [type(part).__name__ for part in parts] not in _STAGES:
        return None
    network: Any = next(iter(parts[0].children()), None)
    if type(network).__name__ != "BertModel":
        return None
    config = network.config
    usual = (
        parts[1].get_config_dict()["pooling_mode"] == "mean"
        and config.hidden_act == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not config.is_decoder
        and parts[0].tokenizer.padding_side == "right"
    )
    if not usual:
        return None
    weights = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
    return _Bert(
        weights,
        config.num_hidden_layers,
        config.num_attention_heads,
        config.layer_norm_eps,
        int(model.max_seq_length),
    )


def _embedded(graph: _Graph, bert: _Bert) -> str:
    named = bert.weights
    words = graph.keep("words", named["embeddings.word_embeddings.weight"])
    places = named["embeddings.position_embeddings.weight"][: bert.max_tokens]
    graph.keep("places", places + named["embeddings.token_type_embeddings.weight"][0])
    graph.add("Gather", [words, "input_ids"], "read")
    graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    graph.add("Slice", ["places", "first", "length", "first"], "placed")
    graph.add("Add", ["read", "placed"], "summed")
    return _normalised(graph, bert, "embeddings.LayerNorm", "summed")


def _layer(graph: _Graph, bert: _Bert, layer: int, tokens: str) -> str:
    named, at = bert.weights, f"encoder.layer.{layer}"
    three = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    # Three products in one, so that the tokens are read once.
    weight = graph.keep(
        f"{at}.attention.weight", np.concatenate([named[f"{part}.weight"].T for part in three], axis=1)
    )
    bias = graph.keep(f"{at}.attention.bias", np.concatenate([named[f"{part}.bias"] for part in three]))
    graph.add_own("Attention", [tokens, weight, bias, "lengths"], f"{at}.attention", num_heads=bert.heads)
    seen = _joined(graph, bert, f"{at}.attention.output", f"{at}.attention", tokens)
    graph.add("MatMul", [seen, _weight(graph, bert, f"{at}.intermediate.dense")], f"{at}.wide")
    bias = graph.keep(f"{at}.wide.bias", named[f"{at}.intermediate.dense.bias"])
    graph.add_own("BiasGelu", [f"{at}.wide", bias], f"{at}.gelu")
    return _joined(graph, bert, f"{at}.output", f"{at}.gelu", seen)


def _joined(graph: _Graph, bert: _Bert, at: str, values: str, beside: str) -> str:
    """A linear map of `values`, added to what went in, normalised.

    Added in two steps on purpose: onnxruntime's one operation for all of it takes more time than these three.
    """
    graph.add("MatMul", [values, _weight(graph, bert, f"{at}.dense")], f"{at}.product")
    bias = graph.keep(f"{at}.bias", bert.weights[f"{at}.dense.bias"])
    graph.add("Add", [f"{at}.product", bias], f"{at}.shifted")
    graph.add("Add", [f"{at}.shifted", beside], f"{at}.added")
    return _normalised(graph, bert, f"{at}.LayerNorm", f"{at}.added")


def _weight(graph: _Graph, bert: _Bert, at: str) -> str:
    return graph.keep(f"{at}.weight", bert.weights[f"{at}.weight"].T)


def _normalised(graph: _Graph, bert: _Bert, at: str, values: str) -> str:
    scale, shift = (graph.keep(f"{at}.{part}", bert.weights[f"{at}.{part}"]) for part in ("weight", "bias"))
    return graph.add("LayerNormalization", [values, scale, shift], at, axis=-1, epsilon=bert.epsilon)


def _mean(graph: _Graph) -> None:
    """The direction of the token vectors' sum, which is that of their mean."""
    graph.add("Unsqueeze", ["mask", "second"], "row")
    graph.add("MatMul", ["row", "token_embeddings"], "total")
    graph.add("Squeeze", ["total", "second"], "sum")
    graph.add("LpNormalization", ["sum"], "sentence_embedding", axis=1, p=2)


def _ids(name: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])


def _floats(names: Sequence[str], dimension: int) -> list[onnx.ValueInfoProto]:
    """Values with a vector a token."""
    shape: list[str | int | None] = ["batch", "sequence", dimension]
    return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in names]


def _model(
    graph: _Graph, given: Sequence[onnx.ValueInfoProto], gives: Sequence[onnx.ValueInfoProto]
) -> onnx.ModelProto:
    made = helper.make_graph(graph.nodes, "bert", given, gives, graph.numbers)
    operators = [helper.make_opsetid(domain, version) for domain, version in _OPERATORS]
    return helper.make_model(made, opset_imports=operators, ir_version=_FORMAT)
