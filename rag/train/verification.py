"""Fits the weights of the verification of sentences on claims that were written over evidence.

    python -m rag.train.verification FILE… --threshold FILE… --corpus NEWS --docs SEEDS

writes ``rag/verify/data/verification.json`` and prints what is caught at which share of false
marks. The signals are weighed on the first files, the threshold is set on the others, which nobody
who wrote a rule has read. To the right claims the evidence itself is added, whole and in parts: a
verbatim sentence must never be doubted.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.train.written import Written, read_written, resolved
from rag.verify.judge import CLOSE, KNOTS, TERMS, Weights, closeness, expand, row
from rag.verify.signals import NAMES, signals

FloatArray = npt.NDArray[np.float64]

L2 = 1e-4
VERBATIM = 0.35
"""What a claim that is made of its evidence weighs beside a written one."""
FAR = 40
"""How far on in the files a claim about something else is looked for."""
FALSE_MARKS = 0.12
"""The share of right claims that may be marked, by which the threshold is set. Half of these are
retold in wholly other words: of answers that keep to the wording far fewer are."""
PRIOR = {
    "amount_missing": 3.5, "amount_turned": 3.0, "dated": 4.0, "rival": 2.0, "swap": 4.0,
    "label": 3.0, "label_date": 4.0, "rival_date": 3.0, "chained": 4.0, "counted": 4.0,
    "role": 4.5, "opposed": 4.0, "negated": 3.0,
    "undone": 3.5, "reach": 3.0, "cause": 1.5, "named": 5.0, "renamed": 4.5, "retitled": 2.0,
    "body": 2.5, "unknown": 5.0, "speaker": 2.5, "elsewhere": 4.0, "reversed": 2.0, "novel": 2.0,
    "field": 4.0, "listed": 4.5, "trend": 5.0, "misdated": 4.5,
    "replaced": 6.0, "mode": 6.0, "turned": 6.5, "place": 6.5, "doer": 5.5,
    "excluded": 6.0, "clash": 4.0,
}  # fmt: skip
"""Weights held to be right before any data: some signals are sure but too rare to be learnt."""
FLOOR = {"named": 2.6, "unknown": 2.6}
"""The least weights: a name that stands nowhere is enough to be marked, however seldom those who wrote
the claims invented one. Language models do."""
_PART = re.compile(r"(?<=[，；;])")
_MISSING = KNOTS.index(0.0) * len(TERMS) + NAMES.index("amount_missing")
OUT = Path(__file__).parent.parent / "verify" / "data" / "verification.json"


@dataclass(frozen=True, slots=True)
class Cases:
    """Inputs (n, d), how near to the wording of the evidence (n,), whether wrong (n,), weight (n,),
    and whether it is a written claim (n,)."""

    inputs: FloatArray
    close: FloatArray
    wrong: npt.NDArray[np.bool_]
    share: FloatArray
    written: npt.NDArray[np.bool_]


def read_cases(claims: Sequence[Written]) -> Cases:
    """The signals of every claim, of pieces of its evidence, and of pieces with something added."""
    rows, wrong, written = [], [], []
    for number, one in enumerate(claims):
        said = [(one.claim, not one.supported, True)]
        said += [(piece, False, False) for piece in _pieces(one.evidence, number)]
        if number % 2:
            other = claims[(number + FAR) % len(claims)]
            said += [(text, True, False) for text in _grafted(one, other)]
        for claim, bad, real in said:
            found = signals(claim, one.evidence, one.context)
            rows.append(row({name: signal.value for name, signal in found.items()}))
            wrong.append(bad)
            written.append(real)
    real_ = np.asarray(written)
    values, share = np.stack(rows), np.where(real_, 1.0, VERBATIM)
    return Cases(expand(values), closeness(values), np.asarray(wrong), share, real_)


def _pieces(evidence: Sequence[str], number: int) -> list[str]:
    """A sentence of the evidence: whole, its front, its back, or without a clause of its middle."""
    parts = [part for part in _PART.split(evidence[number % len(evidence)]) if part]
    half, at = len(parts) // 2, 1 + number % max(1, len(parts) - 2)
    kept = [parts, parts[: half + 1], parts[half:], parts[:at] + parts[at + 1 :]][number % 4]
    piece = "".join(kept).strip("，；;")
    return [piece] if len(piece) >= 10 else []


def _grafted(one: Written, other: Written) -> list[str]:
    """A sentence of the evidence with a clause of another claim behind it: what stands nowhere.
    The written claims seldom invent, for each has one thing wrong."""
    own = [part.strip("，；;。") for part in _PART.split(one.evidence[0]) if part]
    alien = [part.strip("，；;。") for part in _PART.split(other.claim) if part]
    if one.evidence == other.evidence or not alien or len(alien[-1]) < 6:
        return []
    return [f"{'，'.join(own[:2])}，{alien[-1]}。"]


def fit(cases: Cases, steps: int = 4000) -> Weights:
    """Accelerated projected gradient (Beck and Teboulle 2009) on the weighted log loss, weights
    zero or more and ``FLOOR`` or more, drawn to ``PRIOR``. The threshold is left at 0."""
    x, y = cases.inputs, cases.wrong.astype(np.float64)
    share = cases.share / cases.share.sum()
    prior, least = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for row_, table in ((prior, PRIOR), (least, FLOOR)):
        for name, value in table.items():
            row_[KNOTS.index(0.0) * len(TERMS) + NAMES.index(name)] = value
    x = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    prior = np.append(prior, -1.0)
    pull = np.append(np.full(len(prior) - 1, L2), 0.0)
    step = 1.0 / (0.25 * np.linalg.norm(x * np.sqrt(share)[:, None], 2) ** 2 + L2)
    now, ahead, pace = prior.copy(), prior.copy(), 1.0
    for _ in range(steps):
        odds = 1 / (1 + np.exp(-np.clip(x @ ahead, -40, 40)))
        slope = x.T @ (share * (odds - y)) + pull * (ahead - prior)
        after = ahead - step * slope
        after[:-1] = np.maximum(least, after[:-1])
        next_pace = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = after + (pace - 1) / next_pace * (after - now)
        now, pace = after, next_pace
    return Weights(now[:-1], float(now[-1]), 0.0)


def cut(model: Weights, claims: Sequence[Written]) -> float:
    """The threshold at which ``FALSE_MARKS`` of the right claims are marked; prints what is caught
    there and beside it."""
    cases = read_cases(claims)
    inputs, wrong = cases.inputs[cases.written], cases.wrong[cases.written]
    scores = inputs @ model.weights + model.bias + CLOSE * cases.close[cases.written]
    scores[inputs[:, _MISSING] > 0] = np.inf  # marked whatever else is said
    print(*(_caught(scores, wrong, share) for share in (0.05, FALSE_MARKS, 0.2)))
    return _quantile(scores[~wrong], FALSE_MARKS)


def _caught(scores: FloatArray, wrong: npt.NDArray[np.bool_], share: float) -> str:
    caught = float(np.mean(scores[wrong] > _quantile(scores[~wrong], share)))
    return f"marked {share:.0%}: caught {caught:.1%}"


def _quantile(scores: FloatArray, share: float) -> float:
    return float(np.quantile(scores, 1 - share, method="lower"))


def main(arguments: Sequence[str]) -> None:
    """Fits, prints, and writes the weights."""
    parser = argparse.ArgumentParser(prog="python -m rag.train.verification")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--threshold", type=Path, nargs="+", required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--docs", type=Path)
    args = parser.parse_args(arguments)

    def claims(paths: Sequence[Path]) -> list[Written]:
        found, left_out = resolved(read_written(paths), args.corpus, args.docs)
        print(f"{len(found)} claims, {left_out} without their evidence")
        return found

    model = fit(read_cases(claims(args.files)))
    data = {
        "names": list(NAMES),
        "bias": round(model.bias, 4),
        "threshold": round(cut(model, claims(args.threshold)), 4),
        "weights": [[at, round(float(w), 4)] for at, w in enumerate(model.weights) if w > 5e-4],
    }
    OUT.write_text(json.dumps(data) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
