"""The reader's network at run time: an ONNX file of rag/train/reader/graph.py, by ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.read.inputs import FEATURES, QUESTION, SUMMARY, WINDOW, Tokens, features

Array = npt.NDArray[np.float32]
_TAKES = {
    "ids": ("tensor(int64)", 1),
    "vectors": ("tensor(float)", 2),
    "features": ("tensor(float)", 2),
    "side": ("tensor(int64)", 1),
}
_GIVES = {
    "spans": ("tensor(float)", 2),
    "evidence": ("tensor(float)", 1),
    "answers": ("tensor(float)", 1),
}
"""Type and number of axes."""
_OLDER = {"tokens", "answers"}


@dataclass(frozen=True, slots=True)
class Output:
    """Of one window of t tokens, all logits: ``spans`` (t, t) an answer by its first and its last
    token, ``none`` no answer, ``evidence`` (t,) a token of the sentence that answers, ``answers`` the
    window answers at all."""

    spans: Array
    none: float
    evidence: Array
    answers: float


class Network:
    """Holds the session; one object serves all threads."""

    def __init__(self, data: bytes) -> None:
        """Raises ValueError where ``data`` is no such network."""
        # Its official builds send events to their makers unless told otherwise before they start.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        try:
            import onnxruntime
        except ImportError as error:
            raise ValueError(f"onnxruntime cannot be loaded: {error}") from None
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        # One thread: on matrices of this size a second gains little, and waits where cores are busy.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session: Any = onnxruntime.InferenceSession(
                data, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library has an exception for each of its states
            raise ValueError(f"no model that can be run: {str(error)[:120]}") from None
        given = {one.name: one for one in self._session.get_inputs()}
        made = {one.name: one for one in self._session.get_outputs()}
        unlike = (_forms(given) ^ _TAKES.items()) | (_forms(made) ^ _GIVES.items())
        if made.keys() == _OLDER:
            raise ValueError("it is of an older version, which gave start and end logits apart")
        if unlike:
            names = ", ".join(sorted({name for name, _ in unlike})[:8])
            raise ValueError(f"a model with other inputs or outputs than a reader's ({names})")
        if given["features"].shape[1] != FEATURES:
            raise ValueError(f"a reader of {given['features'].shape[1]} features, not {FEATURES}")
        if not isinstance(given["vectors"].shape[1], int):
            raise ValueError("vectors of no fixed length")
        self.vectors: int = given["vectors"].shape[1]

    def __call__(self, question: Tokens, window: Tokens) -> Output:
        """``question`` knows what the window shares with it, and the other way round."""
        n, size = len(question.ids), 1 + len(question.ids) + len(window.ids)
        ids = np.concatenate([[0], question.ids + 1, window.ids + 1]).astype(np.int64)
        vectors = np.zeros((size, self.vectors), dtype=np.float32)
        vectors[1 : 1 + n], vectors[1 + n :] = question.vectors, window.vectors
        given = np.zeros((size, FEATURES), dtype=np.float32)
        given[1 : 1 + n], given[1 + n :] = features(question, window), features(window, question)
        side = np.full(size, WINDOW, dtype=np.int64)
        side[0], side[1 : 1 + n] = SUMMARY, QUESTION
        spans, evidence, answers = self._session.run(
            list(_GIVES), {"ids": ids, "vectors": vectors, "features": given, "side": side}
        )
        inside = slice(1 + n, size)
        return Output(
            spans[inside, inside], float(spans[0, 0]), evidence[inside], float(answers[0])
        )


def _forms(values: Mapping[str, Any]) -> set[tuple[str, tuple[str, int]]]:
    return {(name, (one.type, len(one.shape))) for name, one in values.items()}
