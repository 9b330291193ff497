"""The built-in reader: a folder of weights over the built-in static model's tokens.

The folder holds ``reader.onnx`` and ``reader.json`` (identity, shape, the static model that it was
trained over, with what its vectors are multiplied by, how answers are bounded, recipe).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.embed.static import StaticEmbedder
from rag.errors import EmbedderError
from rag.read.inputs import LONGEST, Tokens
from rag.read.network import Network, Output
from rag.read.overlap import codes, per_token, shared
from rag.read.reading import Reading, Window
from rag.retrieve.answer_type import Wanted, spans, wanted
from rag.text.normalise import Folded, fold, fold_text

BUILTIN = Path(__file__).parent.parent / "models" / "news-reader"
QUESTION = 40
WINDOW = 208
"""The most tokens of a question and of a window; what is over is not read."""
RARE = 9.0
"""The idf (natural logarithm) from which on a token counts as wholly rare."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A question's tokens, still without what a window shares with it; token i covers the code
    points ``codes[bounds[i]:bounds[i + 1]]``."""

    tokens: Tokens
    bounds: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int64]
    wanted: Wanted


class BuiltinReader:
    """Implements ``Reader``."""

    def __init__(self, model: StaticEmbedder, folder: Path = BUILTIN) -> None:
        """Raises EmbedderError where a file is missing, damaged, or of another static model."""
        try:
            about: dict[str, Any] = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            data = (folder / "reader.onnx").read_bytes()
            if hashlib.sha256(data).hexdigest() != about["sha256"]:
                raise ValueError("its checksum differs")
            self._network = Network(data)
            self._identity = f"reader:{about['name']}:{about['sha256'][:16]}"
            self._scale = float(about["scale"])
            embedder = str(about["embedder"])
            if not 0 < self._scale < np.inf:
                raise ValueError(f"its scale is {self._scale}")
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise EmbedderError(
                f"the reader in {folder} cannot be read ({type(error).__name__}: {error})",
                (
                    "install the package again"
                    if folder == BUILTIN
                    else "train it again with `rag train-reader`"
                )
                + ', or set reader = "off"',
            ) from None
        if embedder != model.identity or self._network.vectors != model.dimension:
            raise EmbedderError(
                f"the reader belongs to {embedder} of {self._network.vectors} dimensions, not "
                f"{model.identity} of {model.dimension}",
                'train one with `rag train-reader`, or set reader = "off"',
            )
        self._model = model
        self._idf = np.minimum(1.0, model.idf / RARE).astype(np.float32)

    @property
    def identity(self) -> str:
        return self._identity

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Reading]]:
        """Sentences beyond ``WINDOW`` tokens get the reading of an empty one."""
        asked = fold_text(question)
        q_ids, q_bounds = self._tokens(asked, QUESTION)
        if not len(q_ids) or not windows:
            return [[_NOTHING] * len(window) for window in windows]
        plain = self._made(q_ids, np.zeros(len(q_ids), np.float32))
        prepared = _Question(plain, q_bounds, codes(asked), wanted(asked))
        return [self._read(prepared, window) for window in windows]

    def _read(self, question: _Question, window: Window) -> list[Reading]:
        folded = [fold(text) for text in window]
        joined = "".join(f.text for f in folded)
        ids, bounds = self._tokens(joined, WINDOW)
        if not len(ids):
            return [_NOTHING] * len(window)
        w_codes = codes(joined)
        kind = np.zeros(len(joined), np.float32)
        for a, b in spans(joined, question.wanted):
            kind[a:b] = 1.0
        here = per_token(shared(w_codes, question.codes), bounds)
        there = per_token(shared(question.codes, w_codes), question.bounds)
        text = replace(self._made(ids, here), wanted=per_token(kind, bounds))
        asked = replace(question.tokens, shared=there)
        return _readings(folded, bounds, self._network(asked, text))

    def _tokens(self, text: str, most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """(ids, bounds): token i covers ``text[bounds[i]:bounds[i + 1]]``."""
        encoding = self._model.tokenizer.encode(text, add_special_tokens=False)
        ids = np.asarray(encoding.ids, dtype=np.int64)
        starts = [start for start, _ in encoding.offsets]
        return ids[:most], np.asarray([*starts, len(text)], dtype=np.int64)[: most + 1]

    def _made(self, ids: npt.NDArray[np.int64], share: npt.NDArray[np.float32]) -> Tokens:
        vectors = self._model.token_vectors(ids) * np.float32(self._scale)
        return Tokens(ids, vectors, share, self._idf[ids], np.zeros(len(ids), np.float32))


_NOTHING = Reading(-20.0, -20.0, -20.0, 0, 0)


def _readings(
    folded: Sequence[Folded], bounds: npt.NDArray[np.int64], output: Output
) -> list[Reading]:
    """One for each sentence of a window."""
    found: list[Reading] = []
    begin = 0
    for sentence in folded:
        end = begin + len(sentence.text)
        first = int(np.searchsorted(bounds[:-1], begin))
        last = int(np.searchsorted(bounds[:-1], end))
        if first >= last:
            found.append(_NOTHING)
        else:
            a, b, score = best_span(output.spans[first:last, first:last])
            low = max(0, int(bounds[first + a]) - begin)
            high = min(len(sentence.text), int(bounds[first + b + 1]) - begin)
            start, stop = sentence.span(low, high) if high > low else (0, 0)
            found.append(
                Reading(
                    score - output.none,
                    float(output.evidence[first:last].mean()),
                    output.answers,
                    start,
                    stop,
                )
            )
        begin = end
    return found


def best_span(spans: npt.NDArray[np.float32]) -> tuple[int, int, float]:
    """(first, last, score) of the best span of at most ``LONGEST`` tokens; ``spans`` are (t, t)
    scores by first and last token."""
    at = np.arange(len(spans))
    reach = at[None, :] - at[:, None]
    allowed = np.where((reach >= 0) & (reach < LONGEST), spans, -np.inf)
    best = int(np.argmax(allowed))
    return best // len(spans), best % len(spans), float(allowed.flat[best])
