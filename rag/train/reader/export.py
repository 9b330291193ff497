"""A trained network as the folder that :class:`rag.read.builtin.BuiltinReader` opens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.train.reader.context import ContextVectors
from rag.train.reader.graph import graph_of
from rag.train.reader.network import Network


@dataclass(frozen=True, slots=True)
class Over:
    """What a network was trained over: the static model by its identity, ``scale`` that its token
    vectors are multiplied by, and the context vectors of its tokens."""

    embedder: str
    scale: float
    context: ContextVectors


def export(
    network: Network, over: Over, style: int, folder: Path, about: Mapping[str, object]
) -> None:
    """Writes ``reader.onnx`` and ``reader.json``. Answers are bounded as in sources of ``style``.
    Raises EmbedderError, and writes neither, where a weight is no number."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    data = graph_of(weights, network.shape, over.context, style)
    (folder / "reader.onnx").write_bytes(data)
    described = {
        "name": folder.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "embedder": over.embedder,
        "shape": asdict(network.shape),
        "style": style,
        "scale": round(over.scale, 6),
        **about,
    }
    (folder / "reader.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
