"""A question and a window as the reader's network takes them: arrays, NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FEATURES = 6
SUMMARY, QUESTION, WINDOW = 0, 1, 2
LONGEST = 40
"""Tokens that an answer may have."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One text's tokens: raw vectors (t, d), how far the other text shares their characters
    (t,), how rare they are (t,), whether they are of the wanted kind (t,)."""

    ids: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float32]
    shared: npt.NDArray[np.float32]
    idf: npt.NDArray[np.float32]
    wanted: npt.NDArray[np.float32]


def unit(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows of length 1; a zero row stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: npt.NDArray[np.float32] = rows / np.maximum(lengths, 1e-6)
    return scaled


def features(own: Tokens, other: Tokens) -> npt.NDArray[np.float32]:
    """(t, FEATURES): shared characters, the nearest token of the other text, both times rarity,
    rarity, the wanted kind."""
    near = (unit(own.vectors) @ unit(other.vectors).T).max(axis=1, initial=0.0)
    return np.stack(
        [own.shared, near, own.shared * own.idf, near * own.idf, own.idf, own.wanted], axis=1
    ).astype(np.float32)
