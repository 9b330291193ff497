"""What the reader is trained on: question and window as tokens, with where the answer stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.read.builtin import QUESTION, WINDOW
from rag.read.inputs import LONGEST
from rag.read.overlap import codes, per_token, shared
from rag.retrieve.answer_type import spans, wanted
from rag.train.reader.shape import STYLES

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Example:
    """Tokens of a question and of a window. ``start`` and ``end`` are the first and the last token
    of the answer, -1 where the window has none; ``first`` and ``last`` bound its sentence."""

    question: npt.NDArray[np.uint16]
    question_shared: npt.NDArray[np.uint8]
    window: npt.NDArray[np.uint16]
    window_shared: npt.NDArray[np.uint8]
    wanted: npt.NDArray[np.uint8]
    start: int
    end: int
    first: int
    last: int
    source: int


MADE, LABELLED, ASKED, SQUAD, LAST = 0, 1, 2, 3, STYLES - 1
"""Styles, in which sources bound their answers (the network has an embedding of each): questions
made from articles, those of a passages set, questions asked of passages, and the files in SQuAD
form, one each up to the last."""


def style(source: int) -> int:
    """The tens of a source; its units say what kind of example it is."""
    return source // 10


def tokens_of(
    tokenizer: Tokenizer, text: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(ids, bounds) of a folded text: token i covers ``text[bounds[i]:bounds[i+1]]``, spaces
    before a token counted to the one before it."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    ids = np.asarray(encoding.ids, dtype=np.int64)
    starts = [start for start, _ in encoding.offsets]
    return ids, np.asarray([*starts, len(text)], dtype=np.int64)


def example(
    tokenizer: Tokenizer,
    question: str,
    window: str,
    answer: tuple[int, int] | None,
    sentence: tuple[int, int] | None,
    source: int,
) -> Example | None:
    """Both texts folded; None where nothing is left, or the answer is cut off."""
    q_ids, q_bounds = tokens_of(tokenizer, question)
    w_ids, w_bounds = tokens_of(tokenizer, window)
    q_ids, q_bounds = q_ids[:QUESTION], q_bounds[: QUESTION + 1]
    w_ids, w_bounds = w_ids[:WINDOW], w_bounds[: WINDOW + 1]
    if not len(q_ids) or len(w_ids) < 3:
        return None
    q_codes, w_codes = codes(question), codes(window)
    here = per_token(shared(w_codes, q_codes), w_bounds)
    there = per_token(shared(q_codes, w_codes), q_bounds)
    kind = np.zeros(len(window), dtype=np.float32)
    for a, b in spans(window, wanted(question)):
        kind[a:b] = 1.0
    start = end = first = last = -1
    if answer is not None and sentence is not None:
        if answer[1] > w_bounds[-1]:
            return None
        start = int(np.searchsorted(w_bounds, answer[0], side="right") - 1)
        end = int(np.searchsorted(w_bounds, answer[1], side="left") - 1)
        first = int(np.searchsorted(w_bounds, sentence[0], side="right") - 1)
        last = min(len(w_ids) - 1, int(np.searchsorted(w_bounds, sentence[1], side="left") - 1))
        if not 0 <= first <= start <= end <= last < len(w_ids) or end - start >= LONGEST:
            return None
    return Example(
        q_ids.astype(np.uint16),
        np.rint(there * 255).astype(np.uint8),
        w_ids.astype(np.uint16),
        np.rint(here * 255).astype(np.uint8),
        np.rint(per_token(kind, w_bounds) * 255).astype(np.uint8),
        start,
        end,
        first,
        last,
        source,
    )


def save(path: Path, examples: Iterable[Example]) -> int:
    """Writes a shard; returns how many examples it holds."""
    kept = list(examples)
    np.savez(
        path,
        question=np.concatenate([e.question for e in kept]),
        question_shared=np.concatenate([e.question_shared for e in kept]),
        window=np.concatenate([e.window for e in kept]),
        window_shared=np.concatenate([e.window_shared for e in kept]),
        wanted=np.concatenate([e.wanted for e in kept]),
        lengths=np.array([(len(e.question), len(e.window)) for e in kept], dtype=np.int32),
        spans=np.array([(e.start, e.end, e.first, e.last, e.source) for e in kept], dtype=np.int16),
    )
    return len(kept)


def load(path: Path) -> list[Example]:
    """The examples of a shard."""
    data = np.load(path)
    q_ends = np.cumsum(data["lengths"][:, 0])[:-1]
    w_ends = np.cumsum(data["lengths"][:, 1])[:-1]
    rows = zip(
        np.split(data["question"], q_ends),
        np.split(data["question_shared"], q_ends),
        np.split(data["window"], w_ends),
        np.split(data["window_shared"], w_ends),
        np.split(data["wanted"], w_ends),
        data["spans"].tolist(),
        strict=True,
    )
    return [Example(a, b, c, d, e, *span) for a, b, c, d, e, span in rows]
