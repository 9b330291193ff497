"""Trees walked by hand, and against the library that grows them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.trees import Trees

TWO = Trees(
    feature=np.array([[0, 1, 1], [1, 0, 0]]),
    threshold=np.array([[0.5, 0.2, 0.8], [0.0, 0.0, 9.0]], np.float32),
    leaf=np.array([[1, 2, 3, 4], [10, 20, 30, 40]], np.float32),
    bias=0.25,
)


@pytest.mark.parametrize(
    ("row", "logit"),
    [
        ((0.0, 0.0), 1 + 10 + 0.25),  # a value equal to the threshold goes left
        ((0.5, 0.3), 2 + 30 + 0.25),
        ((0.6, 0.9), 4 + 30 + 0.25),
        ((0.6, 0.8), 3 + 30 + 0.25),
        ((1.0, -1.0), 3 + 20 + 0.25),
    ],
)
def test_a_row_falls_to_one_leaf_of_each_tree(row: tuple[float, float], logit: float) -> None:
    assert TWO.logit(np.array(row, np.float32)) == pytest.approx(logit)


def test_without_trees_the_bias_is_left() -> None:
    none = Trees(np.zeros((0, 3), np.int64), np.zeros((0, 3), np.float32), np.zeros((0, 4), np.float32), 0.5)  # fmt: skip
    assert none.logit(np.zeros(2, np.float32)) == 0.5


@given(st.lists(st.floats(-2, 2, width=32), min_size=2, max_size=2))
def test_written_and_read_back_they_say_the_same(row: list[float]) -> None:
    again = Trees.of_json(TWO.to_json(), 2)
    given_row = np.array(row, np.float32)
    assert again.logit(given_row) == pytest.approx(TWO.logit(given_row))


@pytest.mark.parametrize(
    "change",
    [
        {"leaf": [[1.0, 2.0, 3.0]]},
        {"threshold": [[0.5]]},
        {"feature": [[0, 1, 2], [0, 0, 0]]},
        {"feature": [[0, -1, 1], [0, 0, 0]]},
        {"leaf": [1.0, 2.0]},
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="tree"):
        Trees.of_json(TWO.to_json() | change, 2)
