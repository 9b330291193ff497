"""The evidence weights: fitted on questions whose answering sentence is known.

Ranking: softmax over a question's candidate sentences, all sentences that hold the answer are
right (ListNet's top-one loss, Cao et al. 2007). Answerability: logistic regression over the best
sentence's features; the unanswerable cases are the same questions with the answering passage taken
away, and the set's own. Weights of features that can only speak for a sentence are kept from
turning negative, and the other way round: a small set must not teach a nonsense sign.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.retrieve.evidence import ANSWERABLE, Ranker, Scored, Weights, answer_features
from rag.retrieve.features import NAMES
from rag.retrieve.views import QuestionView

AGAINST = frozenset(
    {
        "missing", "missing_sentence", "type_bad", "unit_bad", "year_bad", "number_bad",
        "heading", "question_section", "short", "long", "truncated", "unknown", "unseen",
        "ordinal_bad", "place_bad", "latin_bad", "focus_lacks",
        "missing_exact", "absent", "quoted_bad", "relative_bad",
        "but_missing", "but_focus", "but_type",
    }
)  # fmt: skip
FREE = frozenset({"question_section", "score", "margin", "long", "dense_context"})
FOREIGN = 0.25
"""Weight of reading-comprehension cases in the answerability model: they are easier to refuse than
what people ask of their own documents (held-out AUC 0.824 at 1, 0.840 at 0.25)."""
RATES = ("0.02", "0.05", "0.08", "0.1", "0.2")


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its candidates' features and which of them answer.

    ``weight`` is the case's share in the loss; ``group`` names where it comes from.
    """

    view: QuestionView
    scored: tuple[Scored, ...]
    right: npt.NDArray[np.bool_]
    answerable: bool
    weight: float
    group: str
    unseen: tuple[str, ...] = ()


def fit_rank(cases: Sequence[Case], l2: float = 0.02, steps: int = 600) -> npt.NDArray[np.float32]:
    """(len(NAMES),) weights by gradient descent from zero."""
    import torch

    weights = torch.zeros(len(NAMES), requires_grad=True)
    low, high = _bounds(NAMES)
    used = [c for c in cases if c.answerable and c.right.any() and not c.right.all()]
    rows = [torch.from_numpy(np.stack([s.features for s in c.scored])) for c in used]
    right = [torch.from_numpy(c.right) for c in used]
    share = torch.tensor([c.weight for c in used])
    sizes = [len(r) for r in rows]
    flat = torch.cat(rows)
    flat_right = torch.cat(right)
    owner = torch.repeat_interleave(torch.arange(len(used)), torch.tensor(sizes))
    optimiser = torch.optim.Adam([weights], lr=0.05)
    for _ in range(steps):
        optimiser.zero_grad()
        scores = flat @ weights
        top = torch.full((len(used),), -1e9).scatter_reduce(0, owner, scores.detach(), "amax")
        powers = torch.exp(scores - top[owner])
        total = torch.zeros(len(used)).index_add(0, owner, powers)
        good = torch.zeros(len(used)).index_add(0, owner, powers * flat_right)
        loss = (share * -torch.log(good / total + 1e-9)).sum() / share.sum()
        loss = loss + l2 * (weights**2).sum() / 10
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        with torch.no_grad():
            weights.clamp_(low, high)
    return weights.detach().numpy().astype(np.float32)


def fit_answer(
    rows: npt.NDArray[np.float32],
    labels: npt.NDArray[np.float32],
    share: npt.NDArray[np.float32],
    l2: float = 0.002,
    steps: int = 3000,
) -> tuple[npt.NDArray[np.float32], float]:
    """(len(ANSWERABLE),) weights and bias of a logistic regression."""
    import torch

    x, y, s = torch.from_numpy(rows), torch.from_numpy(labels), torch.from_numpy(share)
    weights = torch.zeros(rows.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    low, high = _bounds(ANSWERABLE)
    optimiser = torch.optim.Adam([weights, bias], lr=0.05)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            x @ weights + bias, y, weight=s / s.mean()
        )
        (loss + l2 * (weights**2).sum() / 10).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        with torch.no_grad():
            weights.clamp_(low, high)
    return weights.detach().numpy().astype(np.float32), float(bias.detach())


def _bounds(names: Sequence[str]) -> tuple[Any, Any]:
    import torch

    low = [-20.0 if n in AGAINST or n in FREE else 0.0 for n in names]
    high = [0.0 if n in AGAINST and n not in FREE else 20.0 for n in names]
    return torch.tensor(low), torch.tensor(high)


def thresholds(answerable: Sequence[tuple[float, float]]) -> dict[str, float]:
    """For each rate, the probability under which that share of the answerable questions falls;
    ``answerable`` are (probability, weight)."""
    ordered = sorted(answerable)
    total = sum(weight for _, weight in ordered)
    found: dict[str, float] = {}
    for rate in RATES:
        passed = 0.0
        for chance, weight in ordered:
            passed += weight
            if passed > float(rate) * total:
                found[rate] = round(chance, 4)
                break
    return found


def rescored(
    cases: Sequence[Case], weights: npt.NDArray[np.float32]
) -> list[tuple[Case, list[Scored]]]:
    """Each case with its candidates ranked by ``weights``."""
    from dataclasses import replace

    out = []
    for case in cases:
        ranked = [replace(s, score=float(s.features @ weights)) for s in case.scored]
        ranked.sort(key=lambda s: (-s.score, s.candidate.doc, s.candidate.index))
        out.append((case, ranked))
    return out


def fit(
    cases: Sequence[Case],
    embedder: str,
    threshold_group: str,
    say: Callable[[str], None] = lambda line: None,
) -> Weights:
    """Both models; thresholds from the answerable cases of ``threshold_group``."""
    usable_cases = [c for c in cases if c.scored]
    rank = fit_rank(usable_cases)
    usable = rescored(usable_cases, rank)
    rows, labels, share = _table(usable, threshold_group)
    answer, bias = fit_answer(rows, labels, share)
    chances = held_out_chances(usable_cases, threshold_group)
    picked = [
        (float(p), c.weight)
        for p, (c, _) in zip(chances, usable, strict=True)
        if c.answerable and c.group == threshold_group
    ]
    for group in sorted({_base(c) for c, _ in usable}):
        _report(group, usable, chances, say)
    return Weights(rank, answer, bias, thresholds(picked), embedder)


def _table(
    usable: Sequence[tuple[Case, list[Scored]]], threshold_group: str
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Rows, labels and weights for the second model."""
    rows = np.stack([answer_features(c.view, ranked, c.unseen) for c, ranked in usable])
    labels = np.array([c.answerable for c, _ in usable], dtype=np.float32)
    share = np.array(
        [c.weight * (1.0 if _base(c) == threshold_group else FOREIGN) for c, _ in usable],
        dtype=np.float32,
    )
    return rows, labels, share


def held_out_chances(
    cases: Sequence[Case], threshold_group: str, folds: int = 5
) -> npt.NDArray[np.float32]:
    """Each case's probability by two models that were not fitted on it nor on its neighbours: a
    question and its near misses stand side by side and stay in one fold."""
    chances = np.zeros(len(cases), dtype=np.float32)
    fold = (np.arange(len(cases)) // 8) % folds
    for number in range(folds):
        others = [c for c, f in zip(cases, fold, strict=True) if f != number]
        rank = fit_rank(others)
        answer, bias = fit_answer(*_table(rescored(others, rank), threshold_group))
        held = np.flatnonzero(fold == number)
        if len(held):
            rows, _, _ = _table(rescored([cases[i] for i in held.tolist()], rank), threshold_group)
            chances[held] = 1 / (1 + np.exp(-(rows @ answer + bias)))
    return chances


def _base(case: Case) -> str:
    return case.group.split("-")[0]


def _report(
    group: str,
    usable: Sequence[tuple[Case, list[Scored]]],
    chances: npt.NDArray[np.float32],
    say: Callable[[str], None],
) -> None:
    mine = [(c, r, p) for (c, r), p in zip(usable, chances, strict=True) if _base(c) == group]
    right = []
    for case, ranked, _ in mine:
        if case.answerable and case.right.any():
            keys = {
                (s.candidate.doc, s.candidate.index)
                for s, ok in zip(case.scored, case.right, strict=True)
                if ok
            }
            order = [(s.candidate.doc, s.candidate.index) in keys for s in ranked]
            right.append((order[0], any(order[:2])))
    good = np.array([p for c, _, p in mine if c.answerable])
    bad = np.array([p for c, _, p in mine if not c.answerable])
    line = f"{group}: top-1 {np.mean([a for a, _ in right]):.3f} top-2 {np.mean([b for _, b in right]):.3f}"
    if len(bad) and len(good):
        auc = np.mean(good[:, None] > bad[None, :])
        limit = np.quantile(good, 0.05)
        line += f" AUC {auc:.3f} refused at 5 % false {np.mean(bad < limit):.3f}"
        limit = np.quantile(good, 0.08)
        line += f" at 8 % {np.mean(bad < limit):.3f}"
    say(f"{line} (n={len(good)}+{len(bad)})")
    for kind in sorted({c.group for c, _, _ in mine}):
        near = np.array([p for c, _, p in mine if c.group == kind and not c.answerable])
        if len(near) and len(good):
            share = np.mean(near < np.quantile(good, 0.05))
            say(f"    {kind}: refused at 5 % false {share:.3f} (n={len(near)})")


def write(weights: Weights, path: Path, about: dict[str, object]) -> None:
    """Writes the weights with their names, so that a mismatch is seen on reading."""
    data = {
        "embedder": weights.embedder,
        "rank": dict(zip(NAMES, (round(float(w), 4) for w in weights.rank), strict=True)),
        "answer": dict(zip(ANSWERABLE, (round(float(w), 4) for w in weights.answer), strict=True)),
        "answer_bias": round(weights.answer_bias, 4),
        "thresholds": dict(weights.thresholds),
        **about,
    }
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


__all__ = ["Case", "Ranker", "fit", "write"]
