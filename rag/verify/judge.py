"""The signals of a claim weighed: one number, and which signal speaks loudest.

A logistic model whose weights never count a signal in the claim's favour (all are zero or more),
fitted by ``rag.train.verification``. So each signal's share of the doubt is its own, and a verdict
names the greatest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from rag.verify.signals import BOUND, NAMES

FloatArray = npt.NDArray[np.float64]

CLOSE = 1.5
"""Log odds by which a claim in the very wording of its evidence is doubted sooner than one retold
freely: it changes less, so that what does not fit means more. Chosen on claims that no rule was
written for: of near ones 72 instead of 65 % are caught at as many false marks."""
KNOTS = (-0.25, 0.0, 0.3, 0.6)
"""A signal counts by how far it is above each of these: its weight may rise with its size."""
FAITHFUL = (
    "rival", "swap", "rival_date", "label", "label_date", "loose", "speaker", "elsewhere", "foreign", "negated",
    "undone", "opposed",
)  # fmt: skip
"""Signals of facts joined wrongly: the surer, the closer the claim keeps to the wording."""
PAIRS = (
    ("strange", "uncovered_worst"), ("strange", "uncovered_last"), ("cause", "uncovered_worst"),
    ("foreign", "loose"),
)  # fmt: skip
_AT = {name: index for index, name in enumerate(NAMES)}
TERMS = (*NAMES, *(name for name in FAITHFUL for _ in range(2)), *(one for one, _ in PAIRS))
"""The signal that each term belongs to."""
_CALM = np.asarray([-0.5 if name in BOUND else 0.0 for name in NAMES])
"""A claim of which nothing is said against."""


@dataclass(frozen=True, slots=True)
class Weights:
    """``weights`` is (len(KNOTS) * len(TERMS),), knot by knot; a claim whose log odds are above
    ``threshold`` is not supported."""

    weights: FloatArray
    bias: float
    threshold: float


def expand(values: FloatArray) -> FloatArray:
    """(n, len(NAMES)) signals to (n, len(KNOTS) * len(TERMS)) inputs of the model."""
    close = closeness(values)
    closer = close * np.clip(1 - 1.3 * values[:, _AT["uncovered_worst"]], 0, 1)
    terms = [values]
    for name in FAITHFUL:
        value = np.maximum(values[:, _AT[name]], 0)
        terms.append(np.stack([value * close, value * closer], axis=1))
    for one, other in PAIRS:
        terms.append((values[:, _AT[one]] * values[:, _AT[other]])[:, None])
    every = np.concatenate(terms, axis=1)
    return np.concatenate([np.maximum(0, every - knot) for knot in KNOTS], axis=1)


def closeness(values: FloatArray) -> FloatArray:
    """(n,) from 0 to 1: how far claims keep to the wording of their evidence."""
    close: FloatArray = np.clip(1 - 1.6 * values[:, _AT["uncovered"]], 0, 1)
    return close


def row(signals: Mapping[str, float]) -> FloatArray:
    """(len(NAMES),) in order."""
    return np.asarray([signals[name] for name in NAMES], dtype=np.float64)


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights that ship."""
    text = (files("rag.verify") / "data" / "verification.json").read_text("utf-8")
    data = json.loads(text)
    if data["names"] != list(NAMES):
        raise ValueError("the weights of the verification belong to other signals: fit them again")
    found = np.zeros(len(KNOTS) * len(TERMS))
    for at, value in data["weights"]:
        found[at] = value
    return Weights(found, float(data["bias"]), float(data["threshold"]))


def doubt(signals: Mapping[str, float], model: Weights | None = None) -> tuple[float, list[str]]:
    """How far the log odds lie above the threshold (above 0: not supported), and the signals that
    count, the greatest first."""
    model = model or weights()
    values = row(signals)[None, :]
    parts = model.weights * expand(values)[0]
    share: dict[str, float] = {}
    for at, part in enumerate(parts - model.weights * _calm()):
        name = TERMS[at % len(TERMS)]
        share[name] = share.get(name, 0.0) + float(part)
    order = sorted((n for n in share if share[n] > 1e-6), key=lambda n: -share[n])
    eager = CLOSE * float(closeness(values)[0])
    return float(parts.sum()) + eager + model.bias - model.threshold, order


@lru_cache(maxsize=1)
def _calm() -> FloatArray:
    """The inputs of a claim of which nothing is said against."""
    calm: FloatArray = expand(_CALM[None, :])[0]
    return calm
