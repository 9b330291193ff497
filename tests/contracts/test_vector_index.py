"""Every vector index against brute force."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rag.errors import EmbedderError, IndexDamaged, IndexMismatch
from rag.index.vectors import FLAT_LIMIT, FaissVectors, VectorWriter
from rag.types import FloatMatrix

Make = Callable[[list[int], FloatMatrix], FaissVectors]


@pytest.fixture(scope="module", params=[0, FLAT_LIMIT + 1], ids=["flat", "half precision"])
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    folder = tmp_path_factory.mktemp("vectors")

    def index(ids: list[int], matrix: FloatMatrix) -> FaissVectors:
        writer = VectorWriter(matrix.shape[1], request.param)
        writer.add(ids, matrix)
        path = folder / f"{len(list(folder.iterdir()))}"
        path.write_bytes(writer.dump())
        return FaissVectors(path)

    return index


# Multiples of 1/4 are exact in half precision and their products exact in float32: ties are ties.
ROWS = st.integers(-4, 4).map(lambda value: value / 4)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), count=st.integers(0, 60), k=st.integers(0, 70))
def test_a_search_equals_brute_force_with_ties_by_id(
    make: Make, data: st.DataObject, count: int, k: int
) -> None:
    matrix = data.draw(arrays.arrays(np.float32, (count, 3), elements=ROWS))
    query = data.draw(arrays.arrays(np.float32, (3,), elements=ROWS))
    ids = data.draw(
        st.lists(st.integers(0, 2**63 - 1), min_size=count, max_size=count, unique=True)
    )
    scores = (matrix @ query).tolist()
    expected = sorted(zip(ids, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))[:k]
    index = make(ids, matrix)
    assert index.search(query, k) == (expected if query.any() else [])
    assert index.search(query.reshape(1, 3), k) == index.search(query, k)
    np.testing.assert_array_equal(index.vectors(ids), matrix)
    assert index.ids().tolist() == ids


def test_random_unit_vectors_are_ranked_by_inner_product(make: Make) -> None:
    rows = np.random.default_rng(0).standard_normal((500, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = make(list(range(500)), rows).search(rows[7], 3)
    order = np.argsort(-(rows @ rows[7]))[:3]
    assert [chunk for chunk, _ in found] == order.tolist()
    np.testing.assert_allclose([score for _, score in found], (rows @ rows[7])[order], atol=2e-3)


def test_more_equal_vectors_than_asked_for_give_the_smallest_ids(make: Make) -> None:
    rows = np.ones((400, 2), dtype=np.float32)
    ids = list(range(1000, 600, -1))
    found = make(ids, rows).search(rows[0], 3)
    assert found == [(601, 2.0), (602, 2.0), (603, 2.0)]


def test_a_query_of_another_dimension_is_a_mismatch(make: Make) -> None:
    with pytest.raises(IndexMismatch, match="2 dimensions and the index 3"):
        make([1], np.ones((1, 3), dtype=np.float32)).search(np.ones(2, dtype=np.float32), 1)


def test_an_unknown_id_has_no_vector(make: Make) -> None:
    with pytest.raises(KeyError):
        make([1], np.ones((1, 3), dtype=np.float32)).vectors([2])


def test_removed_vectors_are_not_found(tmp_path: Path) -> None:
    writer = VectorWriter(2)
    writer.add([1, 2, 3], np.array([[1, 0], [1, 1], [0, 1]], dtype=np.float32))
    assert writer.remove([2, 9]) == 1
    (tmp_path / "v").write_bytes(writer.dump())
    found = FaissVectors(tmp_path / "v").search(np.array([1, 0.5], dtype=np.float32), 5)
    assert found == [(1, 1.0), (3, 0.5)]


def test_unusable_vectors_are_refused() -> None:
    writer = VectorWriter(2)
    with pytest.raises(EmbedderError, match=r"shape \(1, 3\) for 1 texts"):
        writer.add([1], np.ones((1, 3), dtype=np.float32))
    with pytest.raises(EmbedderError, match="not finite"):
        writer.add([1], np.array([[np.nan, 0]], dtype=np.float32))


def test_a_file_that_is_no_index_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"not an index")
    with pytest.raises(IndexDamaged):
        FaissVectors(tmp_path / "v")
