"""An embedder for tests: same text, same vector; texts that share characters are near."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from rag.types import FloatMatrix


class HashEmbedder:
    """Implements ``Embedder``: each character has a random direction, a text is their sum."""

    def __init__(self, dimension: int = 32) -> None:
        self._dimension = dimension

    @property
    def identity(self) -> str:
        return f"hash:{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        out = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for character in text:
                if character.isalnum():
                    out[row] += self._direction(character)
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        np.divide(out, norms, out=out, where=norms > 0)
        return out

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        return self.encode_documents(texts)

    def _direction(self, character: str) -> FloatMatrix:
        seed = int.from_bytes(hashlib.sha256(character.encode()).digest()[:8], "big")
        row = np.random.default_rng(seed).standard_normal(self._dimension)
        return row.astype(np.float32)
