"""Which characters of a text a second text holds too, as numbers from 0 to 1.

The reader is told where question and passage meet instead of having to learn it (the exact-match
feature of DrQA, Chen et al. 2017, arXiv:1704.00051); over bigrams, because Chinese words are cut
differently in different sentences.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SINGLE = 0.3
"""What a character counts that the other text holds, but beside other neighbours."""


def codes(text: str) -> npt.NDArray[np.int64]:
    """(len(text),) code points."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(
        np.int64
    )


def shared(text: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """(len(text),) 1 where a character and a neighbour stand so in ``other``, ``SINGLE`` where the
    character alone does, 0 elsewhere."""
    out: npt.NDArray[np.float32] = (np.isin(text, other) * SINGLE).astype(np.float32)
    if len(text) > 1 and len(other) > 1:
        pairs = np.isin((text[:-1] << 21) | text[1:], (other[:-1] << 21) | other[1:])
        out[:-1][pairs] = 1.0
        out[1:][pairs] = 1.0
    return out


def per_token(
    values: npt.NDArray[np.float32], bounds: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """(tokens,) the mean over each token's characters; ``bounds`` are (tokens + 1,) offsets."""
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    width = np.maximum(1, np.diff(bounds))
    means: npt.NDArray[np.float32] = ((total[bounds[1:]] - total[bounds[:-1]]) / width).astype(
        np.float32
    )
    return means
