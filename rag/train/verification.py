"""Fits the weights of the verification of sentences on triples of claim, evidence and verdict.

    python -m rag.train.verification FILE…

writes ``rag/verify/data/verification.json`` and prints what is caught at which share of false
marks, cross-validated. To the triples' right claims the evidence itself is added, whole and in
parts: a verbatim sentence must never be doubted.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.verify.judge import KNOTS, TERMS, Weights, expand, row
from rag.verify.signals import NAMES, signals

FloatArray = npt.NDArray[np.float64]

L2 = 1e-3
FOLDS = 5
VERBATIM = 0.35
"""What a claim that is a piece of its evidence weighs beside a written one."""
FALSE_MARKS = 0.05
"""The share of right claims that may be marked, by which the threshold is set. On claims of other
writers it was twice that: the signals were made with these triples in view."""
PRIOR = {
    "amount_missing": 3.5, "amount_turned": 3.0, "dated": 4.0, "rival": 2.0, "swap": 3.0,
    "label": 3.0, "label_date": 4.0, "rival_date": 3.0, "chained": 3.5, "counted": 3.0,
    "role": 4.0, "opposed": 4.0, "negated": 3.0,
    "undone": 3.5, "reach": 3.0, "cause": 1.5, "named": 3.5, "renamed": 4.5, "retitled": 2.0,
    "body": 2.5, "unknown": 5.0, "speaker": 2.5, "elsewhere": 4.0, "reversed": 2.0, "novel": 2.0,
}  # fmt: skip
"""Weights held to be right before any data: some signals are sure but too rare to be learnt."""
_PART = re.compile(r"(?<=[，；;])")
OUT = Path(__file__).parent.parent / "answer" / "data" / "verification.json"


@dataclass(frozen=True, slots=True)
class Cases:
    """Inputs (n, d), whether wrong (n,), weight (n,), the triple each comes from (n,), and whether
    it is a written claim (n,)."""

    inputs: FloatArray
    wrong: npt.NDArray[np.bool_]
    share: FloatArray
    group: npt.NDArray[np.int64]
    written: npt.NDArray[np.bool_]


def read_cases(triples: Sequence[dict[str, Any]]) -> Cases:
    """The signals of every triple, and of pieces of its evidence."""
    rows, wrong, group, written = [], [], [], []
    for number, triple in enumerate(triples):
        claims = [(triple["claim"], triple["verdict"] != "supported", True)]
        claims += [(piece, False, False) for piece in _pieces(triple["evidence"], number)]
        for claim, bad, real in claims:
            found = signals(claim, triple["evidence"], triple["context"])
            rows.append(row({name: signal.value for name, signal in found.items()}))
            wrong.append(bad)
            group.append(number)
            written.append(real)
    real_ = np.asarray(written)
    share = np.where(real_, 1.0, VERBATIM)
    return Cases(expand(np.stack(rows)), np.asarray(wrong), share, np.asarray(group), real_)


def _pieces(evidence: Sequence[str], number: int) -> list[str]:
    """A sentence of the evidence: whole, its front, its back, or without a clause of its middle."""
    parts = [part for part in _PART.split(evidence[number % len(evidence)]) if part]
    half, at = len(parts) // 2, 1 + number % max(1, len(parts) - 2)
    kept = [parts, parts[: half + 1], parts[half:], parts[:at] + parts[at + 1 :]][number % 4]
    piece = "".join(kept).strip("，；;")
    return [piece] if len(piece) >= 10 else []


def fit(cases: Cases, use: npt.NDArray[np.bool_], steps: int = 4000) -> Weights:
    """Accelerated projected gradient (Beck and Teboulle 2009) on the weighted log loss, weights
    zero or more, drawn to ``PRIOR``. The threshold is left at 0."""
    x, y = cases.inputs[use], cases.wrong[use].astype(np.float64)
    share = cases.share[use] / cases.share[use].sum()
    prior = np.zeros(x.shape[1])
    for name, value in PRIOR.items():
        prior[KNOTS.index(0.0) * len(TERMS) + NAMES.index(name)] = value
    x = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    prior = np.append(prior, -1.0)
    pull = np.append(np.full(len(prior) - 1, L2), 0.0)
    step = 1.0 / (0.25 * np.linalg.norm(x * np.sqrt(share)[:, None], 2) ** 2 + L2)
    now, ahead, pace = prior.copy(), prior.copy(), 1.0
    for _ in range(steps):
        odds = 1 / (1 + np.exp(-np.clip(x @ ahead, -40, 40)))
        slope = x.T @ (share * (odds - y)) + pull * (ahead - prior)
        after = ahead - step * slope
        after[:-1] = np.maximum(0.0, after[:-1])
        next_pace = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = after + (pace - 1) / next_pace * (after - now)
        now, pace = after, next_pace
    return Weights(now[:-1], float(now[-1]), 0.0)


def cross_validated(cases: Cases, seed: int = 0) -> FloatArray:
    """(n,) log odds, each by weights that have not seen its triple."""
    rng = np.random.default_rng(seed)
    fold = rng.permutation(int(cases.group.max()) + 1) % FOLDS
    scores = np.zeros(len(cases.wrong))
    for number in range(FOLDS):
        out = fold[cases.group] == number
        model = fit(cases, ~out)
        scores[out] = cases.inputs[out] @ model.weights + model.bias
    return scores


def main(*paths: str) -> None:
    """Fits on all the files, prints what is caught and marked in each, and writes the weights."""
    lines = [Path(path).read_text("utf-8").splitlines() for path in paths]
    cases = read_cases([json.loads(line) for some in lines for line in some])
    scores = np.mean([cross_validated(cases, seed) for seed in range(3)], axis=0)
    model = fit(cases, np.ones(len(cases.wrong), dtype=bool))
    fitted = cases.inputs @ model.weights + model.bias
    missing = cases.inputs[:, KNOTS.index(0.0) * len(TERMS) + NAMES.index("amount_missing")] > 0
    files = np.repeat(np.arange(len(paths)), [len(some) for some in lines])[cases.group]
    for kind, found in ((f"{FOLDS}-fold", scores), ("fitted", fitted)):
        found[missing] = np.inf  # marked whatever else is said
        for share in (0.05, 0.1, 0.15):
            right = found[cases.written & ~cases.wrong]
            cut = float(np.quantile(right, 1 - share, method="lower"))
            said = [f"{kind} threshold {cut:.2f}"]
            for at, path in enumerate(paths):
                here = cases.written & (files == at)
                caught = float(np.mean(found[here & cases.wrong] > cut))
                marked = float(np.mean(found[here & ~cases.wrong] > cut))
                said.append(f"{Path(path).name}: caught {caught:.1%} marked {marked:.1%}")
            print("  ".join(said))
    right = scores[cases.written & ~cases.wrong]
    data = {
        "names": list(NAMES),
        "bias": round(model.bias, 4),
        "threshold": round(float(np.quantile(right, 1 - FALSE_MARKS, method="lower")), 4),
        "weights": [[at, round(float(w), 4)] for at, w in enumerate(model.weights) if w > 5e-4],
    }
    OUT.write_text(json.dumps(data) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
