"""A trained network as the folder that :class:`rag.read.builtin.BuiltinReader` opens."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.train.reader.network import Network


def export(
    network: Network, scale: float, embedder: str, folder: Path, about: Mapping[str, object]
) -> None:
    """Writes ``weights.npz`` (float16) and ``reader.json``. ``scale`` multiplies the token vectors
    of the static model ``embedder``."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: value.detach().numpy().astype(np.float16)
        for name, value in network.state_dict().items()
    }
    buffer = io.BytesIO()
    np.savez(buffer, **weights)
    data = buffer.getvalue()
    (folder / "weights.npz").write_bytes(data)
    described = {
        "name": folder.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "embedder": embedder,
        "heads": network.shape.heads,
        "scale": round(scale, 6),
        **about,
    }
    (folder / "reader.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
