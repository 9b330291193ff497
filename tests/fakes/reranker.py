"""A reranker for tests: texts that share characters with the question are better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.types import FloatArray


class OverlapReranker:
    """Implements ``Reranker``: 10 times the share of the question's characters in a text's last
    line; keeps what it was asked."""

    identity = "fake:overlap:1"

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, question: str, texts: Sequence[str]) -> FloatArray:
        self.asked.append((question, list(texts)))
        letters = {c for c in question if c.isalnum()}
        shares = [len(letters & set(text.split("\n")[-1])) / len(letters) for text in texts]
        return np.asarray(shares, dtype=np.float32) * 10
