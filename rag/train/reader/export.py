"""A trained network as the folder that :class:`rag.read.builtin.BuiltinReader` opens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rag.train.reader.graph import graph_of
from rag.train.reader.network import Network


def export(
    network: Network, scale: float, embedder: str, folder: Path, about: Mapping[str, object]
) -> None:
    """Writes ``reader.onnx`` and ``reader.json``. ``scale`` multiplies the token vectors of the
    static model ``embedder``. Raises EmbedderError, and writes neither, where a weight is no
    number."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    data = graph_of(weights, network.shape)
    (folder / "reader.onnx").write_bytes(data)
    described = {
        "name": folder.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "embedder": embedder,
        "shape": asdict(network.shape),
        "scale": round(scale, 6),
        **about,
    }
    (folder / "reader.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
