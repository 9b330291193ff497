"""Context vectors of tokens: from what stands right beside them.

The static model's vectors say what a text is about; 位于 and 毕业于 are far apart there. By the tokens
beside them they are near: of one part of speech, one kind of name, one end of a phrase, which is what
tells where an answer begins and ends (Schütze 1995, "Distributional part-of-speech tagging"). Counts
of neighbours as positive pointwise mutual information, cut to a few dimensions by a singular value
decomposition (Levy, Goldberg and Dagan 2015).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rag.embed.static import StaticEmbedder

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

PLACES = {-2: 0.6, -1: 1.0, 1: 1.0, 2: 0.6}
"""Which neighbours are counted, and for how much."""
NEIGHBOURS = 3_000
"""The most frequent tokens, as neighbours."""
SMOOTH = 0.75
"""Power of a neighbour's share: the rare ones would seem to tell most."""
RARE_PAIR, RARE_TOKEN = 2.0, 10.0
"""Counts at which a pair or a token is believed half."""
LENGTH = 4.0
"""Of a frequent token's vector: about that of the static model's in :mod:`rag.train.reader.batches`."""
TOLD_NOTHING = 1e-6
"""A row shorter than that is rounding."""
_BLOCK = 2_000


@dataclass(frozen=True, slots=True)
class ContextVectors:
    """``numbers`` (tokens, d) in 8 bits; times ``step`` they are the vectors: the more frequent the
    token, the nearer its length is to ``LENGTH``; nought where it or its neighbours are too rare."""

    numbers: npt.NDArray[np.int8]
    step: float

    def vectors(self) -> npt.NDArray[np.float32]:
        """(tokens, d)."""
        return self.numbers.astype(np.float32) * np.float32(self.step)

    def digest(self) -> str:
        """Of all numbers."""
        return hashlib.sha256(self.numbers.tobytes() + repr(self.step).encode()).hexdigest()

    def save(self, path: Path) -> None:
        """Written beside and moved: a kill leaves none."""
        fresh = path.with_suffix(".new.npz")
        np.savez(fresh, numbers=self.numbers, step=np.float64(self.step))
        fresh.replace(path)


def load_context(path: Path) -> ContextVectors:
    """What :meth:`ContextVectors.save` wrote."""
    data = np.load(path)
    return ContextVectors(data["numbers"], float(data["step"]))


def context_vectors(
    articles: Sequence[str], model: StaticEmbedder, size: int, seed: int
) -> ContextVectors:
    """Of the tokens of ``model`` in ``articles``, folded texts; ``size`` numbers each."""
    from scipy.sparse import hstack
    from sklearn.utils.extmath import randomized_svd

    tokens, count = _row_of_tokens(articles, model), len(model.idf)
    seen = np.bincount(tokens[tokens >= 0], minlength=count)
    frequent = np.argsort(-seen, kind="stable")[:NEIGHBOURS]
    column = np.full(count + 1, -1, dtype=np.int64)  # the last one is that between two articles
    column[frequent] = np.arange(len(frequent))
    counts = [
        _information(tokens, column, place, (count, len(frequent))) * share
        for place, share in PLACES.items()
    ]
    left, strength, _ = randomized_svd(
        hstack(counts).tocsr(), n_components=size, n_iter=4, random_state=seed
    )
    rows = left * np.sqrt(strength)
    lengths = np.linalg.norm(rows, axis=1)
    believed = np.where(lengths > TOLD_NOTHING, seen / (seen + RARE_TOKEN), 0.0)
    rows *= (LENGTH * believed / np.maximum(lengths, TOLD_NOTHING))[:, None]
    step = max(float(np.abs(rows).max()) / 127, 1e-9)
    return ContextVectors(np.rint(rows / step).astype(np.int8), step)


def _row_of_tokens(articles: Sequence[str], model: StaticEmbedder) -> npt.NDArray[np.int64]:
    """All tokens; after each article as many -1 as a neighbour may stand away."""
    parts = []
    for start in range(0, len(articles), _BLOCK):
        block = list(articles[start : start + _BLOCK])
        for encoding in model.tokenizer.encode_batch(block, add_special_tokens=False):
            parts.append(np.array([*encoding.ids, *[-1] * max(PLACES)], dtype=np.int64))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _information(
    tokens: npt.NDArray[np.int64],
    column: npt.NDArray[np.int64],
    place: int,
    shape: tuple[int, int],
) -> csr_matrix:
    """(tokens, neighbours): how much likelier the neighbour stands ``place`` tokens on than
    anywhere, as a logarithm, 0 where it is not."""
    from scipy.sparse import coo_matrix

    ends = (max(0, -place), len(tokens) - max(0, place))
    own = tokens[ends[0] : ends[1]]
    other = column[tokens[ends[0] + place : ends[1] + place]]
    both = (own >= 0) & (other >= 0)
    ones = np.ones(int(both.sum()), dtype=np.float32)
    counted: Any = coo_matrix((ones, (own[both], other[both])), shape=shape).tocsr()
    of_row = np.asarray(counted.sum(axis=1)).ravel() + 1e-9
    of_column = np.asarray(counted.sum(axis=0)).ravel() ** SMOOTH
    of_column /= max(float(of_column.sum()), 1e-9)
    pairs = counted.tocoo()
    told = np.log(pairs.data / (of_row[pairs.row] * of_column[pairs.col]))
    told = np.maximum(told, 0.0) * pairs.data / (pairs.data + RARE_PAIR)
    return coo_matrix((told, (pairs.row, pairs.col)), shape=shape).tocsr()
