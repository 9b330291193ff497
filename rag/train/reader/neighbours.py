"""Articles that are near in meaning: where another one says the same, or almost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rag.embed.static import StaticEmbedder

COPY = 0.985
"""A cosine above this is the same article again: it comes after all others."""
_BLOCK = 2_000
_LEAD = 400
"""Characters of an article that its vector is made of."""


def neighbours(
    articles: Sequence[str], model: StaticEmbedder, count: int = 6
) -> npt.NDArray[np.int64]:
    """(articles, count) indices of the nearest others, nearest first; of few articles all others."""
    total = len(articles)
    count = min(count, max(0, total - 1))
    found = np.zeros((total, count), dtype=np.int64)
    if not count:
        return found
    vectors = model.encode_documents([text[:_LEAD] for text in articles])
    for start in range(0, total, _BLOCK):
        scores = vectors[start : start + _BLOCK] @ vectors.T
        rows = np.arange(len(scores))
        scores[scores > COPY] = -1
        scores[rows, start + rows] = -2
        top = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(scores, top, axis=1), axis=1, kind="stable")
        found[start : start + len(scores)] = np.take_along_axis(top, order, axis=1)
    return found
