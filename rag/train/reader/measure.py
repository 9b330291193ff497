"""Figures of a trained network over examples that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from rag.read.builtin import best_span
from rag.train.reader.batches import Table, batches, collate
from rag.train.reader.examples import Example
from rag.train.reader.network import Network


def measure(
    network: Network, table: Table, examples: Sequence[Example], style: int
) -> dict[str, float]:
    """Of a network that bounds answers in this ``style``. ``exact`` and ``f1`` of the answer's tokens
    where there is one (0 to 1, higher is better), ``sentence``: the best span starts in the right
    sentence; ``auc`` and ``auc_summary``: windows with an answer score above those without, by their
    best span and by the summary logit. What nothing here can be measured on is left out."""
    network.eval()
    exact, f1, sentence = [], [], []
    scores: list[float] = []
    labels: list[bool] = []
    summary: list[float] = []
    with torch.inference_mode():
        for group in batches(examples, 64, np.random.default_rng(0)):
            batch = collate(group, table)
            batch.style.fill_(style)
            spans, _, about = network(batch)
            for row, e in enumerate(group):
                inside = slice(1 + len(e.question), 1 + len(e.question) + len(e.window))
                start, end, score = best_span(spans[row, inside, inside].numpy())
                scores.append(score - float(spans[row, 0, 0]))
                summary.append(float(about[row]))
                labels.append(e.start >= 0)
                if e.start >= 0:
                    exact.append((start, end) == (e.start, e.end))
                    both = min(end, e.end) - max(start, e.start) + 1
                    f1.append(2 * max(0, both) / (end - start + e.end - e.start + 2))
                    sentence.append(e.first <= start <= e.last)
    figures: dict[str, float] = {}
    if exact:
        figures |= {"exact": float(np.mean(exact)), "f1": float(np.mean(f1))}
        figures["sentence"] = float(np.mean(sentence))
    if any(labels) and not all(labels):
        figures["auc"] = auc(np.array(scores), np.array(labels))
        figures["auc_summary"] = auc(np.array(summary), np.array(labels))
    return figures


def auc(scores: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> float:
    """Probability that a positive scores above a negative; ties count half."""
    from rag.evaluate.resample import area_under_roc

    return float(area_under_roc(scores, labels, ~labels)(np.ones((1, len(labels))))[0])
