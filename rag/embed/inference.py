"""A sentence-transformers cross-encoder for natural language inference, local first (see
``rag.embed.source``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rag.embed.source import Source, check_vocabulary, fingerprint, loading
from rag.types import FloatMatrix

_ENTAILS = re.compile(r"^(?!not?[\W_]|non).*entail|蕴含|^supports?$", re.IGNORECASE)
_CONTRADICTS = re.compile(r"contradict|矛盾|^refutes?$", re.IGNORECASE)


class CrossEncoderEntailment:
    """Implements ``Entailment``: the order of the labels is read from the model's ``id2label``."""

    def __init__(self, name: str, *, download: bool = False) -> None:
        """``name`` is a folder or a hub id. Raises EmbedderError with what to do."""
        self._source = source = Source("verifier", name, download)
        with loading(source):
            from sentence_transformers import CrossEncoder

            # Given, it is not read from the folder, which may name any callable of torch.
            self._model: Any = CrossEncoder(name, activation_fn=_logits, **source.arguments)
        check_vocabulary(source, self._model)
        self._check_head()
        self._columns = self._labels()

    @cached_property
    def identity(self) -> str:
        return f"nli:{Path(self._source.name).name}:{fingerprint(self._model)}"

    def entails(self, premises: Sequence[str], claims: Sequence[str]) -> FloatMatrix:
        """See ``Entailment``; raises EmbedderError where the model fails or a value is not finite."""
        pairs = list(zip(premises, claims, strict=True))
        if not pairs:
            return np.zeros((0, 3), dtype=np.float32)
        try:
            logits = np.asarray(
                self._model.predict(pairs, show_progress_bar=False), dtype=np.float64
            )
        except Exception as error:
            raise self._source.fault(
                f"cannot judge ({type(error).__name__}: {error})", "check that its files fit"
            ) from error
        if (
            logits.shape != (len(pairs), int(self._model.num_labels))
            or not np.isfinite(logits).all()
        ):
            raise self._source.fault(
                f"gave unusable values (shape {logits.shape} for {len(pairs)} pairs, or not finite)"
            )
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        share = odds / odds.sum(axis=1, keepdims=True)
        entailed, contradicted = (share[:, columns].sum(axis=1) for columns in self._columns)
        found = np.stack([entailed, 1 - entailed - contradicted, contradicted], axis=1)
        shares: FloatMatrix = np.clip(found, 0, 1).astype(np.float32)
        return shares

    def _labels(self) -> tuple[list[int], list[int]]:
        """The outputs that mean entailment and contradiction. Raises EmbedderError where the model
        names none of the one or the other."""
        config = getattr(self._model.model, "config", None)
        names: Mapping[Any, Any] = getattr(config, "id2label", None) or {}
        entails, contradicts = (
            [int(at) for at, name in names.items() if wanted.search(str(name).strip())]
            for wanted in (_ENTAILS, _CONTRADICTS)
        )
        if not (entails and contradicts):
            said = ", ".join(str(name) for name in names.values()) or "none"
            raise self._source.fault(
                f"has no labels for entailment and contradiction ({said})",
                "use a model for natural language inference whose config.json names its labels",
            )
        return entails, contradicts

    def _check_head(self) -> None:
        """Raises EmbedderError for a model that was not made to classify pairs. The library puts a
        head of random weights on an encoder that has none, and says so in its log only."""
        config = getattr(self._model.model, "config", None)
        named = getattr(config, "architectures", None) or ["?"]
        if len(self._model) == 1 and not str(named[0]).endswith("ForSequenceClassification"):
            raise self._source.fault(
                f"is no cross-encoder ({named[0]} has no weights for labels)",
                "use a model for natural language inference",
            )


def _logits(scores: Any) -> Any:
    return scores
