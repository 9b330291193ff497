"""What the network is told of each token beside its vector."""

from __future__ import annotations

import numpy as np
import pytest

from rag.read.inputs import FEATURES, Tokens, features, unit


def tokens(vectors: list[list[float]], share: float, idf: float, kind: float = 0.0) -> Tokens:
    n = len(vectors)
    full = [np.full(n, value, np.float32) for value in (share, idf, kind)]
    rows = np.array(vectors, np.float32).reshape(n, 2)
    return Tokens(np.arange(n), rows, full[0], full[1], full[2])


def test_features_are_share_nearness_both_by_rarity_rarity_and_kind() -> None:
    own = tokens([[3.0, 0.0], [0.0, 2.0]], share=0.5, idf=0.4, kind=1.0)
    other = tokens([[1.0, 0.0], [1.0, 1.0]], share=0.0, idf=0.0)
    near = np.sqrt(0.5)
    expected = [[0.5, 1.0, 0.2, 0.4, 0.4, 1.0], [0.5, near, 0.2, 0.4 * near, 0.4, 1.0]]
    found = features(own, other)
    assert found.shape == (2, FEATURES) and found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_token_is_near_nothing_where_the_other_text_is_empty_or_opposite() -> None:
    own = tokens([[1.0, 0.0]], share=0.0, idf=1.0)
    assert features(own, tokens([], 0.0, 0.0))[0, 1] == 0.0
    assert features(own, tokens([[-1.0, 0.0]], 0.0, 0.0))[0, 1] == 0.0


def test_a_zero_row_stays_one() -> None:
    rows = unit(np.array([[0.0, 0.0], [3.0, 4.0]], np.float32))
    assert rows.tolist() == [[0.0, 0.0], pytest.approx([0.6, 0.8])]
