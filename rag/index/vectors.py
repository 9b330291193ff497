"""Nearest neighbours by inner product, exact, with FAISS.

The only module that imports faiss, and only when an index is built or opened. ``IDMap2,Flat`` is
exact and fast enough to about 300,000 vectors (60,000 of 512 dimensions: 7 ms a query); above that
the vectors are kept in half precision, at half the memory and unchanged recall.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import EmbedderError, IndexDamaged, IndexMismatch
from rag.index.ranking import best
from rag.types import FloatMatrix, IntArray

FLAT_LIMIT = 300_000
_SPARE = 16
_ANOTHER = "check the setting `embedder`, or choose another one"


class VectorWriter:
    """Collects vectors of ``dimension`` for a new index; ``expected`` is how many will come."""

    def __init__(self, dimension: int, expected: int = 0) -> None:
        import faiss

        kind = "IDMap2,Flat" if expected <= FLAT_LIMIT else "IDMap2,SQfp16"
        self.dimension = dimension
        self._index: Any = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Sequence[int], matrix: FloatMatrix) -> None:
        """Add (n, d) float32 rows under n distinct chunk ids.

        Raises EmbedderError when the shape does not fit or a value is not finite.
        """
        rows = np.ascontiguousarray(matrix, dtype=np.float32)
        if rows.shape != (len(ids), self.dimension):
            raise EmbedderError(
                f"the embedder gave vectors of shape {rows.shape} for {len(ids)} texts "
                f"of dimension {self.dimension}",
                _ANOTHER,
            )
        _check_finite(rows)
        if len(ids):
            self._index.add_with_ids(rows, np.asarray(ids, dtype=np.int64))

    def remove(self, ids: Sequence[int]) -> int:
        """Remove vectors by chunk id; the number that were there."""
        return int(self._index.remove_ids(np.asarray(ids, dtype=np.int64))) if len(ids) else 0

    def dump(self) -> memoryview:
        """The index as the bytes of a file that :class:`FaissVectors` opens."""
        import faiss

        data: Any = faiss.serialize_index(self._index)  # (bytes,) uint8, viewed and not copied
        return memoryview(data)


class FaissVectors:
    """Read access to a file of vectors. Safe for many threads; implements ``VectorIndex``.

    The file is mapped, not read: it takes no memory of its own and must not be added to (FAISS
    would end the process). FAISS does not notice a damaged body: check the checksum first.
    """

    def __init__(self, path: Path) -> None:
        """Raises IndexDamaged when FAISS cannot read ``path``."""
        import faiss

        try:
            self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError:
            raise IndexDamaged(
                f"the index is damaged: {path} is no vector index", "run `rag index --rebuild`"
            ) from None

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def ids(self) -> IntArray:
        """(n,) int64, the chunk ids in the order of the file."""
        import faiss

        if not len(self):
            return np.zeros(0, dtype=np.int64)
        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def vectors(self, ids: Sequence[int]) -> FloatMatrix:
        """(n, d) float32, the vectors of ``ids`` in their order. Raises KeyError for an unknown id."""
        matrix = np.empty((len(ids), self.dimension), dtype=np.float32)
        for row, chunk_id in enumerate(ids):
            try:
                self._index.reconstruct(int(chunk_id), matrix[row])
            except RuntimeError:
                raise KeyError(chunk_id) from None
        return matrix

    def search(self, vector: FloatMatrix, k: int) -> list[tuple[int, float]]:
        """At most ``k`` (chunk id, inner product) pairs, best first; ties by id.

        ``vector`` is (d,) or (1, d) float32. A zero vector (no known token) is near to nothing: [].
        Raises IndexMismatch when d is not the index's dimension, EmbedderError when a value is not
        finite.
        """
        import faiss

        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        if query.shape[1] != self.dimension:
            raise IndexMismatch(
                f"the question's vector has {query.shape[1]} dimensions and the index "
                f"{self.dimension}",
                "run `rag index` to build it with this embedder",
            )
        _check_finite(query)
        k = min(k, len(self))
        if k <= 0 or not query.any():
            return []
        # One thread, set here as OpenMP keeps the number by calling thread: a second one gains
        # nothing on a scan bound by memory, and its spinning costs 30 ms when the cores are busy.
        faiss.omp_set_num_threads(1)
        # Of equal scores at the end of the list FAISS keeps any: ask for more until the last one
        # is out of the tie, so that the smallest ids win.
        wanted = k
        while True:
            wanted = min(wanted + _SPARE, len(self))
            scores, ids = self._index.search(query, wanted)
            if wanted == len(self) or scores[0][-1] < scores[0][k - 1]:
                break
            wanted *= 4
        found = zip(ids[0].tolist(), scores[0].tolist(), strict=True)
        return best(((chunk_id, score) for chunk_id, score in found if chunk_id >= 0), k)


def _check_finite(rows: FloatMatrix) -> None:
    """FAISS takes NaN and infinity, and then finds anything."""
    if not np.isfinite(rows).all():
        raise EmbedderError(
            "the embedder gave a vector that is not finite (NaN or infinity)", _ANOTHER
        )
