"""A reader of a few kilobytes over the built-in static model: random weights, fixed by a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.embed.static import StaticEmbedder
from rag.read.stage import READ_NAMES
from rag.retrieve.answerable import names_of
from rag.retrieve.evidence import Weights
from rag.retrieve.trees import Trees
from rag.train.evidence import write
from rag.train.reader.shape import Shape

if TYPE_CHECKING:
    from rag.train.reader.network import Network

TINY = Shape(width=32, layers=1, heads=2, inner=48)
SCALE = 0.7


@lru_cache(maxsize=1)
def model() -> StaticEmbedder:
    """The built-in static model, loaded once for all tests."""
    return StaticEmbedder()


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

    export(tiny_network(seed, shape), SCALE, model().identity, folder, {})
    return folder


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """The folder's weights changed and described anew: its checksum holds."""
    import hashlib
    import io
    import json

    with np.load(folder / "weights.npz") as held:
        weights = {name: held[name] for name in held.files}
    change(weights)
    buffer = io.BytesIO()
    np.savez(buffer, **weights)
    (folder / "weights.npz").write_bytes(buffer.getvalue())
    about = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    about["sha256"] = hashlib.sha256(buffer.getvalue()).hexdigest()
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
