"""The trained network as an ONNX graph, its large matrices in 8 bits.

Written out node by node: the network is small, and PyTorch's exporters bring packages of their own
and leave constants that only fit the length they were traced with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from rag.errors import EmbedderError
from rag.read.inputs import FEATURES, LONGEST
from rag.train.reader.context import ContextVectors
from rag.train.reader.shape import Shape

OPSET = 20
"""The first with Gelu as an operator; ONNX Runtime 1.18 and later run it."""
Array = npt.NDArray[np.float32]


class _Graph:
    """Nodes and constants as they are added; every method returns the name of what it makes."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name, **attributes))
        return name

    def constant(self, value: npt.NDArray[Any]) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def numbers(self, *values: int) -> str:
        return self.constant(np.array(values, dtype=np.int64))

    def number(self, value: float) -> str:
        return self.constant(np.array(value, dtype=np.float32))

    def linear(self, x: str, name: str, bias: bool = True) -> str:
        """With a large matrix kept in 8 bits, a scale a column; what it is multiplied with is cut to
        8 bits as it comes, by its own range. Of the matrix seven of the eight are used: older
        processors add pairs in 16 bits."""
        matrix = self.weights[f"{name}.weight"].T.astype(np.float32)
        summand = self.weights[f"{name}.bias"] if bias else np.zeros(matrix.shape[1], np.float32)
        added = self.constant(summand.astype(np.float32))
        if min(matrix.shape) < 64:
            return self.node("Add", self.node("MatMul", x, self.constant(matrix)), added)
        scale = (np.maximum(np.abs(matrix).max(axis=0), 1e-8) / 63).astype(np.float32)
        small = np.rint(matrix / scale).astype(np.int8)
        at = len(self.nodes)
        cut, step, zero = (f"{part}_{at}" for part in ("cut", "step", "zero"))
        self.nodes.append(
            helper.make_node("DynamicQuantizeLinear", [x], [cut, step, zero], f"cut_{at}")
        )
        product = self.node("MatMulInteger", cut, self.constant(small), zero)
        product = self.node("Cast", product, to=TensorProto.FLOAT)
        scales = self.node("Mul", step, self.constant(scale))
        return self.node("Add", self.node("Mul", product, scales), added)

    def norm(self, x: str, name: str) -> str:
        scale, bias = (self.constant(self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-5)


def graph_of(
    weights: Mapping[str, Array], shape: Shape, context: ContextVectors, style: int
) -> bytes:
    """The model file for one question and window, of t tokens together: inputs ``ids`` (t,), one more
    than a token's and 0 for the summary, ``vectors`` (t, vectors), ``features`` (t, FEATURES) and
    ``side`` (t,); outputs ``spans`` (t, t), ``evidence`` (t,) and ``answers`` (1,), as
    :class:`rag.train.reader.network.Network` gives them to a source of this ``style``. One at a time:
    what stood beside it would change its range, and padding costs. Raises EmbedderError."""
    broken = [name for name, value in weights.items() if not np.isfinite(value).all()]
    if broken:
        more = f" and {len(broken) - 1} more" if broken[1:] else ""
        raise EmbedderError(
            f"the trained network holds weights that are no numbers ({broken[0]}{more})",
            "train it again with another --seed",
        )
    g = _Graph({name: np.asarray(value, dtype=np.float32) for name, value in weights.items()})
    x = g.node("Add", g.linear("vectors", "project"), g.linear("features", "features"))
    x = g.node("Add", x, g.linear(_context(g, context), "context", bias=False))
    sides = g.weights["side.weight"] + g.weights["style.weight"][style]
    x = g.node("Add", x, g.node("Gather", g.constant(sides), "side"))
    x = g.node("Add", x, _local(g, x, shape))
    distance = _distance(g)
    bias = _bias(g, distance, shape)
    for i in range(shape.layers):
        x = g.node("Add", x, _attend(g, g.norm(x, f"layers.{i}.norm_in"), bias, i, shape))
        inner = g.linear(g.norm(x, f"layers.{i}.norm_mid"), f"layers.{i}.up")
        inner = g.node("Gelu", inner, approximate="tanh")
        x = g.node("Add", x, g.linear(inner, f"layers.{i}.down"))
    x = g.norm(x, "norm")
    start, end, evidence = (
        g.node("Gather", g.linear(x, "tokens"), g.numbers(i), axis=1) for i in range(3)
    )
    _named(g, _spans(g, x, start, end, distance, shape), "spans")
    _named(g, g.node("Squeeze", evidence, g.numbers(1)), "evidence")
    first = g.node("Gather", x, g.constant(np.array(0, dtype=np.int64)), axis=0)
    _named(g, g.linear(first, "summary"), "answers")
    return bytes(_model(g, shape).SerializeToString())


def _context(g: _Graph, context: ContextVectors) -> str:
    """(t, context): of the tokens ``ids``, noughts of the summary."""
    table = np.concatenate([np.zeros_like(context.numbers[:1]), context.numbers])
    rows = g.node("Cast", g.node("Gather", g.constant(table), "ids"), to=TensorProto.FLOAT)
    return g.node("Mul", rows, g.number(context.step))


def _spans(g: _Graph, x: str, start: str, end: str, distance: str, shape: Shape) -> str:
    """(t, t): first token, last token, both together, length."""
    parts = ["bilinear_first", "bilinear_last"]
    g.nodes.append(
        helper.make_node(
            "Split", [g.linear(x, "bilinear")], parts, "bilinear", axis=1, num_outputs=2
        )
    )
    both = g.node("MatMul", parts[0], g.node("Transpose", parts[1], perm=[1, 0]))
    both = g.node("Mul", both, g.number(shape.bilinear**-0.5))
    alone = g.node("Add", start, g.node("Transpose", end, perm=[1, 0]))
    low, high = (g.constant(np.array(n, dtype=np.int64)) for n in (0, LONGEST - 1))
    reach = g.node("Clip", distance, low, high)
    length = g.node("Gather", g.constant(g.weights["length.weight"][:, 0]), reach)
    return g.node("Add", g.node("Add", both, alone), length)


def _local(g: _Graph, x: str, shape: Shape) -> str:
    """What each token's neighbours add."""
    kernel = g.weights["local.weight"]
    turned = g.node("Unsqueeze", g.node("Transpose", x, perm=[1, 0]), g.numbers(0))
    half = kernel.shape[-1] // 2
    made = g.node(
        "Conv", turned, g.constant(kernel), g.constant(g.weights["local.bias"]),
        group=shape.width, pads=[half, half],
    )  # fmt: skip
    return g.node("Transpose", g.node("Squeeze", made, g.numbers(0)), perm=[1, 0])


def _bias(g: _Graph, distance: str, shape: Shape) -> str:
    """(heads, t, t): by distance inside a side, by kind of pair across, of one table: to choose the
    place in it is cheaper than between rows."""
    far = shape.reach
    low, high, zero, behind = (
        g.constant(np.array(n, dtype=np.int64)) for n in (-far, far, 0, 2 * far + 1)
    )
    near = g.node("Add", g.node("Clip", distance, low, high), high)
    sides = g.node("Abs", _pairs(g, "side"))
    place = g.node("Where", g.node("Equal", sides, zero), near, g.node("Add", sides, behind))
    table = np.concatenate([g.weights["distance.weight"], g.weights["across.weight"]])
    return g.node("Transpose", g.node("Gather", g.constant(table), place), perm=[2, 0, 1])


def _distance(g: _Graph) -> str:
    """(t, t): j - i."""
    length = g.node("Squeeze", g.node("Shape", "side"), g.numbers(0))
    zero, one = (g.constant(np.array(n, dtype=np.int64)) for n in (0, 1))
    return _pairs(g, g.node("Range", zero, length, one))


def _pairs(g: _Graph, x: str) -> str:
    """(t, t): x[j] - x[i]."""
    return g.node("Sub", g.node("Unsqueeze", x, g.numbers(0)), g.node("Unsqueeze", x, g.numbers(1)))


def _attend(g: _Graph, x: str, bias: str, layer: int, shape: Shape) -> str:
    at = f"layers.{layer}."
    whole = g.linear(x, at + "qkv")
    parts = [f"{part}_{layer}" for part in "qkv"]
    g.nodes.append(
        helper.make_node("Split", [whole], parts, f"split_{layer}", axis=1, num_outputs=3)
    )
    heads = g.numbers(0, shape.heads, shape.width // shape.heads)
    q, k, v = (g.node("Reshape", part, heads) for part in parts)
    scale = g.number((shape.width // shape.heads) ** -0.5)
    q = g.node("Mul", g.node("Transpose", q, perm=[1, 0, 2]), scale)
    scores = g.node("Add", g.node("MatMul", q, g.node("Transpose", k, perm=[1, 2, 0])), bias)
    share = g.node("Softmax", scores, axis=-1)
    mixed = g.node("MatMul", share, g.node("Transpose", v, perm=[1, 0, 2]))
    mixed = g.node("Transpose", mixed, perm=[1, 0, 2])
    return g.linear(g.node("Reshape", mixed, g.numbers(0, shape.width)), at + "out")


def _named(g: _Graph, x: str, name: str) -> None:
    g.nodes.append(helper.make_node("Identity", [x], [name], name))


def _model(g: _Graph, shape: Shape) -> onnx.ModelProto:
    def value(name: str, kind: int, *sizes: str | int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, list(sizes))

    inputs: Sequence[onnx.ValueInfoProto] = [
        value("ids", TensorProto.INT64, "t"),
        value("vectors", TensorProto.FLOAT, "t", shape.vectors),
        value("features", TensorProto.FLOAT, "t", FEATURES),
        value("side", TensorProto.INT64, "t"),
    ]
    outputs = [
        value("spans", TensorProto.FLOAT, "t", "t"),
        value("evidence", TensorProto.FLOAT, "t"),
        value("answers", TensorProto.FLOAT, 1),
    ]
    graph = helper.make_graph(g.nodes, "reader", inputs, outputs, list(g.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    return model
