"""Boosted decision trees as arrays: read from data, walked without the library that grew them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of perfect binary trees of one depth d (Friedman 2001, Annals of Statistics 29).

    ``feature`` and ``threshold`` are (trees, 2**d - 1), the nodes level by level: a value above the
    threshold goes right. ``leaf`` is (trees, 2**d). A branch that ended early has the same leaf below
    every node.
    """

    feature: Ints
    threshold: Floats
    leaf: Floats
    bias: float

    def logit(self, row: Floats) -> float:
        """The log odds of a row of features, higher is likelier."""
        return float(self.logits(row[None, :])[0])

    def logits(self, rows: Floats) -> Floats:
        """(n,) log odds of (n, features) rows, higher is likelier."""
        trees = np.arange(len(self.leaf))
        each = np.arange(len(rows))[:, None]
        inner = self.feature.shape[1]
        node = np.zeros((len(rows), len(trees)), dtype=np.int64)
        while node.size and node[0, 0] < inner:
            right = rows[each, self.feature[trees, node]] > self.threshold[trees, node]
            node = 2 * node + 1 + right
        found: Floats = self.leaf[trees, node - inner].sum(axis=1) + np.float32(self.bias)
        return found

    def to_json(self) -> dict[str, Any]:
        """Lists of numbers, a tree each."""
        return {
            "bias": round(self.bias, 5),
            "feature": self.feature.tolist(),
            "threshold": [[round(float(x), 6) for x in row] for row in self.threshold],
            "leaf": [[round(float(x), 5) for x in row] for row in self.leaf],
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any], width: int) -> Trees:
        """Raises ValueError where the arrays do not fit together or look past ``width`` features."""
        trees = cls(
            feature=np.asarray(data["feature"], dtype=np.int64),
            threshold=np.asarray(data["threshold"], dtype=np.float32),
            leaf=np.asarray(data["leaf"], dtype=np.float32),
            bias=float(data["bias"]),
        )
        if trees.leaf.ndim != 2 or trees.feature.ndim != 2:
            raise ValueError("the trees are not arrays of one depth")
        leaves = trees.leaf.shape[1]
        nodes = (len(trees.leaf), leaves - 1)
        if leaves & (leaves - 1) or trees.feature.shape != nodes or trees.threshold.shape != nodes:
            raise ValueError("the trees' arrays do not fit together")
        if trees.feature.size and not 0 <= trees.feature.min() <= trees.feature.max() < width:
            raise ValueError("the trees look at a feature that is not there")
        return trees
