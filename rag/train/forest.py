"""The trees that say whether the documents answer: grown by scikit-learn, walked without it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.retrieve.trees import Trees

TREES, DEPTH = 300, 3


def fit_answer(
    rows: npt.NDArray[np.float32],
    labels: npt.NDArray[np.float32],
    share: npt.NDArray[np.float32],
    trees: int = TREES,
) -> Trees:
    """Boosted trees over rows of ``ANSWERABLE``, each grown on half of the cases and a fifth of the
    features; the same cases give the same trees. Of cases that are all alike nothing is learnt but
    that."""
    if labels.min() == labels.max():
        inner = 2**DEPTH - 1
        sure = math.log(len(labels) + 1) * (1 if labels[0] else -1)
        none = np.zeros((0, inner), dtype=np.float32)
        return Trees(none.astype(np.int64), none, np.zeros((0, inner + 1), np.float32), sure)
    from sklearn.ensemble import GradientBoostingClassifier

    model = GradientBoostingClassifier(
        n_estimators=trees,
        learning_rate=0.05,
        max_depth=DEPTH,
        subsample=0.5,
        max_features=0.2,
        min_samples_leaf=10,
        random_state=1,
    )
    model.fit(rows, labels > 0, sample_weight=share)
    grown = [_perfect(model.estimators_[i, 0].tree_, model.learning_rate) for i in range(trees)]
    found = Trees(
        feature=np.array([one[0] for one in grown], dtype=np.int64),
        threshold=np.array([one[1] for one in grown], dtype=np.float32),
        leaf=np.array([one[2] for one in grown], dtype=np.float32),
        bias=0.0,
    )
    # What all trees start from is no public number of the model: it is what they leave.
    bias = float(model.decision_function(rows[:1])[0]) - found.logit(rows[0])
    return replace(found, bias=bias)


def _perfect(tree: Any, rate: float) -> tuple[list[int], list[float], list[float]]:
    """Features, thresholds and leaves of a tree, level by level, filled up to ``DEPTH``."""
    level, features, thresholds = [0], [], []
    for _ in range(DEPTH):
        below = []
        for node in level:
            inner = tree.children_left[node] >= 0
            features.append(int(tree.feature[node]) if inner else 0)
            thresholds.append(float(tree.threshold[node]) if inner else 0.0)
            below += (
                [int(tree.children_left[node]), int(tree.children_right[node])]
                if inner
                else [node, node]
            )
        level = below
    return features, thresholds, [rate * float(tree.value[node, 0, 0]) for node in level]
