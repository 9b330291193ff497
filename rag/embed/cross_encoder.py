"""A sentence-transformers cross-encoder as the reranker, local first (see ``rag.embed.source``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rag.embed.source import Source, check_vocabulary, fingerprint, loading
from rag.types import FloatArray

SCORING = ("ForSequenceClassification", "ForCausalLM")
"""Ends of the architectures whose weights include what makes a score."""


class CrossEncoderReranker:
    """Implements ``Reranker``: the scores are the model's logits, of any scale."""

    def __init__(self, name: str, *, download: bool = False) -> None:
        """``name`` is a folder or a hub id. Raises EmbedderError with what to do."""
        self._source = source = Source("reranker", name, download)
        with loading(source):
            from sentence_transformers import CrossEncoder

            # Given, it is not read from the folder, which may name any callable of torch; and a
            # sigmoid would press the best scores together.
            self._model: Any = CrossEncoder(name, activation_fn=_logits, **source.arguments)
        check_vocabulary(source, self._model)
        self._check_scores()

    @cached_property
    def identity(self) -> str:
        return f"cross-encoder:{Path(self._source.name).name}:{fingerprint(self._model)}"

    def score(self, question: str, texts: Sequence[str]) -> FloatArray:
        """See ``Reranker``; raises EmbedderError where the model fails or a score is not finite."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        try:
            scores = np.asarray(
                self._model.predict([(question, text) for text in texts], show_progress_bar=False),
                dtype=np.float32,
            )
        except Exception as error:
            raise self._source.fault(
                f"cannot score ({type(error).__name__}: {error})", "check that its files fit"
            ) from error
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise self._source.fault(
                f"gave unusable scores (shape {scores.shape} for {len(texts)} texts, or not finite)"
            )
        return scores

    def _check_scores(self) -> None:
        """Raises EmbedderError for a model that was not made to score. The library puts a head of
        random weights on an encoder that has none, and says so in its log only."""
        labels = int(self._model.num_labels)
        if labels != 1:
            raise self._source.fault(
                f"gives {labels} labels a pair, not one score", "use a model that ranks"
            )
        config = getattr(self._model.model, "config", None)
        named = getattr(config, "architectures", None) or ["?"]
        # A head that is a module of its own was saved as one.
        if len(self._model) == 1 and not str(named[0]).endswith(SCORING):
            raise self._source.fault(
                f"is no cross-encoder ({named[0]} has no weights for a score)",
                "use a model that was trained to score pairs",
            )


def _logits(scores: Any) -> Any:
    return scores
