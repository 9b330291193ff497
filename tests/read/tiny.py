"""A reader of a few kilobytes over the built-in static model: random weights, fixed by a seed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rag.embed.static import StaticEmbedder
from rag.read.inputs import FEATURES
from rag.read.stage import READ_NAMES
from rag.retrieve.answerable import names_of
from rag.retrieve.trees import Trees
from rag.retrieve.weights import Weights
from rag.train.evidence import write
from rag.train.reader.context import ContextVectors
from rag.train.reader.shape import Shape

if TYPE_CHECKING:
    from rag.train.reader.export import Over
    from rag.train.reader.network import Network

TINY = Shape(context=8, width=32, layers=1, heads=2, inner=48, bilinear=4)
WIDE = Shape(context=64, width=64, layers=2, heads=4, inner=96, reach=3, bilinear=32)
"""Its large matrices are kept in 8 bits; the others' are not large."""
SCALE = 0.7
Sizes = tuple[int | str, ...] | None
Form = tuple[type[np.generic], Sizes]
STYLE = 3
INPUTS: dict[str, Form] = {
    "ids": (np.int64, ("t",)),
    "vectors": (np.float32, ("t", TINY.vectors)),
    "features": (np.float32, ("t", FEATURES)),
    "side": (np.int64, ("t",)),
}
OUTPUTS = {"spans": (10, 10), "evidence": (10,), "answers": (1,)}
"""What a model file takes and gives."""


@lru_cache(maxsize=1)
def model() -> StaticEmbedder:
    """The built-in static model, loaded once for all tests."""
    return StaticEmbedder()


@lru_cache(maxsize=2)
def tiny_context(size: int = TINY.context) -> ContextVectors:
    """Of all tokens of the static model, at random."""
    rng = np.random.default_rng(3)
    return ContextVectors(rng.integers(-127, 128, (len(model().idf), size)).astype(np.int8), 0.02)


def tiny_network(seed: int = 7, shape: Shape = TINY) -> Network:
    """Every weight is random, those that start at nought as well."""
    import torch

    from rag.train.reader.network import Network

    torch.manual_seed(seed)
    network = Network(shape)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    return network.eval()


def save_tiny_reader(folder: Path, seed: int = 7, shape: Shape = TINY) -> Path:
    """A folder that ``BuiltinReader`` opens."""
    from rag.train.reader.export import export

    export(tiny_network(seed, shape), over(shape), STYLE, folder, {})
    return folder


def over(shape: Shape = TINY) -> Over:
    """What tiny networks are over."""
    from rag.train.reader.export import Over

    return Over(model().identity, SCALE, tiny_context(shape.context))


def graph(seed: int = 7, shape: Shape = TINY) -> bytes:
    """The network's file."""
    from rag.train.reader.graph import graph_of

    weights = weights_of(tiny_network(seed, shape))
    return graph_of(weights, shape, tiny_context(shape.context), STYLE)


def weights_of(network: Network) -> dict[str, npt.NDArray[np.float32]]:
    """By the names that the graph is built from."""
    return {name: value.detach().numpy() for name, value in network.state_dict().items()}


def forged(
    inputs: Mapping[str, Form] = INPUTS, outputs: Mapping[str, tuple[int, ...]] = OUTPUTS
) -> bytes:
    """A model file that takes ``inputs`` and always gives noughts."""
    from onnx import helper, numpy_helper

    def value(name: str, kind: type[np.generic], sizes: Sizes) -> Any:
        return helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), sizes
        )

    noughts = [
        helper.make_node(
            "Constant", [], [name], value=numpy_helper.from_array(np.zeros(sizes, np.float32))
        )
        for name, sizes in outputs.items()
    ]
    body = helper.make_graph(
        noughts, "forged", [value(name, *form) for name, form in inputs.items()],
        [value(name, np.float32, sizes) for name, sizes in outputs.items()],
    )  # fmt: skip
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 9
    return bytes(model.SerializeToString())


def put(folder: Path, data: bytes) -> None:
    """The folder with another network's file, described anew: its checksum holds."""
    import hashlib
    import json

    (folder / "reader.onnx").write_bytes(data)
    about = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    about["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "reader.json").write_text(json.dumps(about), encoding="utf-8")


def reading_weights(belongs: str, rank: Mapping[str, float], bias: float = 0.0) -> Weights:
    """Weights over what is read: ``rank`` by feature, one tree that says ``bias``."""
    trees = Trees(
        feature=np.zeros((1, 1), np.int64),
        threshold=np.zeros((1, 1), np.float32),
        leaf=np.zeros((1, 2), np.float32),
        bias=bias,
    )
    row = np.array([rank.get(name, 0.0) for name in READ_NAMES], np.float32)
    assert set(rank) <= set(READ_NAMES) and len(names_of(READ_NAMES)) > 0
    return Weights(row, trees, {"0.05": 0.5}, belongs, READ_NAMES)


def save_reading_weights(
    folder: Path, belongs: str, rank: Mapping[str, float], bias: float = 0.0
) -> None:
    """``evidence.json`` of a reader's folder."""
    write(reading_weights(belongs, rank, bias), folder / "evidence.json", {})
