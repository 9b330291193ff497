"""Figures by hand-made logits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import torch

from rag.train.reader.batches import Batch
from rag.train.reader.examples import Example
from rag.train.reader.measure import auc, measure
from tests.read.tiny import STYLE
from tests.train.reader.made import examples, network, table


class Told:
    """A network that says a span, and how sure it is, of each window; known by their tokens."""

    def __init__(self, spans: Mapping[bytes, tuple[int, int, float]], none: float = 0.0) -> None:
        self.spans = spans
        self.none = none

    def eval(self) -> None:
        pass

    def __call__(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        assert batch.style.tolist() == [STYLE] * len(batch.vectors)
        size = len(batch.side)
        first = int((batch.side == 2).nonzero()[0])
        spans = torch.full((len(batch.vectors), size, size), -9.0)
        summary = torch.zeros(len(batch.vectors))
        spans[:, 0, 0] = self.none
        for row in range(len(batch.vectors)):
            known = batch.vectors[row, first : first + 3].numpy().tobytes()
            start, end, score = self.spans[known]
            spans[row, first + start, first + end] = score
            summary[row] = -score
        return spans, torch.zeros(len(summary), size), summary


def windows(count: int = 4) -> list[Example]:
    """With the last one unanswered; told apart by their first three tokens."""
    rows = [e for e in examples(16) if len(e.question) == len(examples(1)[0].question)]
    found = [e for e in rows if e.start >= 0][: count - 1]
    return [*found, next(e for e in rows if e.start < 0)]


def said(by: Mapping[int, tuple[int, int, float]], kept: list[Example]) -> Told:
    return Told(
        {table().vectors[kept[i].window[:3].astype(int)].tobytes(): v for i, v in by.items()}
    )


def test_exact_f1_and_sentence_by_hand() -> None:
    a, b, c, none = kept = windows()
    spans = {
        0: (a.start, a.end, 5.0),  # exact
        1: (b.start - 1, b.end, 5.0),  # one token too many
        2: (0, 0, 5.0),  # in another sentence
        3: (0, 0, -5.0),
    }
    assert c.first > 0 and b.first < b.start
    length = b.end - b.start + 1
    figures = measure(said(spans, kept), table(), kept, STYLE)  # type: ignore[arg-type]
    assert figures["exact"] == pytest.approx(1 / 3)
    assert figures["f1"] == pytest.approx((1 + 2 * length / (2 * length + 1)) / 3)
    assert figures["sentence"] == pytest.approx(2 / 3)
    assert figures["auc"] == 1.0 and figures["auc_summary"] == 0.0
    assert none.start < 0


def test_the_answer_is_scored_against_none() -> None:
    a, *_ = kept = [windows()[0], windows()[-1]]
    told = said({0: (a.start, a.end, 3.0), 1: (0, 0, 4.0)}, kept)
    assert measure(told, table(), kept, STYLE)["auc"] == 0.0  # type: ignore[arg-type]


def test_what_cannot_be_measured_is_left_out() -> None:
    kept = windows()
    assert measure(network(), table(), [], STYLE) == {}
    assert measure(network(), table(), kept[-1:], STYLE) == {}
    assert set(measure(network(), table(), kept[:1], STYLE)) == {"exact", "f1", "sentence"}
    assert set(measure(network(), table(), kept, STYLE)) == {
        "exact", "f1", "sentence", "auc", "auc_summary",
    }  # fmt: skip


def test_auc_counts_ties_as_half() -> None:
    labels = np.array([True, False, True, False])
    assert auc(np.array([2.0, 1.0, 1.0, 0.0]), labels) == pytest.approx(3.5 / 4)
    assert auc(np.zeros(4), labels) == 0.5
