"""Any sentence-transformers model as the embedder, local first (see ``rag.embed.source``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.embed.source import Source, check_vocabulary, fingerprint, loading
from rag.types import FloatMatrix


class SentenceTransformersEmbedder:
    """Implements ``Embedder``; the model's own "query" and "document" prompts are applied."""

    def __init__(self, name: str, *, download: bool = False) -> None:
        """``name`` is a folder or a hub id. Raises EmbedderError with what to do."""
        self._source = source = Source("embedder", name, download)
        with loading(source):
            from sentence_transformers import SentenceTransformer

            self._model: Any = SentenceTransformer(name, **source.arguments)
        check_vocabulary(source, self._model)
        dimension = self._model.get_embedding_dimension()
        if not dimension:
            raise source.fault("does not say its dimension")
        self._dimension = int(dimension)
        self._identity = f"sentence-transformers:{Path(name).name}:{fingerprint(self._model)}"

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        return self._checked(self._model.encode_document, texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        return self._checked(self._model.encode_query, texts)

    def _checked(self, encode: Callable[..., Any], texts: Sequence[str]) -> FloatMatrix:
        if not texts:  # the library gives shape (0,)
            return np.zeros((0, self._dimension), dtype=np.float32)
        try:
            rows = np.asarray(
                encode(list(texts), normalize_embeddings=True, show_progress_bar=False),
                dtype=np.float32,
            )
        except Exception as error:  # such as a tokenizer with more tokens than the model has
            raise self._source.fault(
                f"cannot encode ({type(error).__name__}: {error})", "check that its files fit"
            ) from error
        if rows.shape != (len(texts), self._dimension):
            raise self._source.fault(
                f"gave vectors of shape {rows.shape} for {len(texts)} texts, not of its dimension "
                f"{self._dimension}"
            )
        if not np.isfinite(rows).all():
            raise self._source.fault("gave a vector that is not finite (NaN or infinity)")
        return rows
