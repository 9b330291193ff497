"""The evidence weights: fitted on questions whose answering sentence is known.

Ranking: softmax over a question's candidate sentences, all sentences that hold the answer are
right (ListNet's top-one loss, Cao et al. 2007); weights of features that can only speak for a
sentence are kept from turning negative, and the other way round: a small set must not teach a
nonsense sign. Answerability: boosted trees over the best sentences' features; the unanswerable
cases are the same questions with the answering passage taken away, and the set's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.retrieve.answerable import answer_features, names_of
from rag.retrieve.evidence import Ranker
from rag.retrieve.features import NAMES
from rag.retrieve.passages import passage_names
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.retrieve.weights import Weights
from rag.train.forest import fit_answer

AGAINST = frozenset(
    {
        "missing", "missing_sentence", "type_bad", "unit_bad", "year_bad", "number_bad",
        "heading", "question_section", "short", "long", "truncated", "ordinal_bad", "place_bad",
        "latin_bad", "missing_exact", "absent", "quoted_bad", "relative_bad", "unread",
    }
)  # fmt: skip
FREE = frozenset({"question_section", "long", "dense_context"})
FOREIGN = 0.25
"""Weight of reading-comprehension cases in the answerability model: they are easier to refuse than
what people ask of their own documents (of these 52 % refused at 5 % false refusals, 45 % at 1)."""
OWN = 8.0
"""Weight of the questions of a folder's own documents when the order is learnt: there are few of
them, and what orders their sentences better orders the others nearly as well."""
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


def fit_rank(
    cases: Sequence[Case],
    features: Sequence[str] = NAMES,
    l2: float = 0.02,
    steps: int = 600,
    own: str = "",
) -> npt.NDArray[np.float32]:
    """(len(features),) weights by gradient descent from zero; the group ``own`` counts ``OWN``
    times."""
    import torch

    weights = torch.zeros(len(features), requires_grad=True)
    low, high = _bounds(features)
    used = [c for c in cases if c.answerable and c.right.any() and not c.right.all()]
    rows = [torch.from_numpy(np.stack([s.features for s in c.scored])) for c in used]
    right = [torch.from_numpy(c.right) for c in used]
    share = torch.tensor([c.weight * (OWN if _base(c) == own else 1.0) for c in used])
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
    return [(case, ranked_by(weights, case.scored)) for case in cases]


def ranked_by(
    weights: npt.NDArray[np.float32], scored: Sequence[Scored], level: tuple[float, float] = (1, 0)
) -> list[Scored]:
    """Best first, with the scores that these weights give, brought to a level (factor, summand)."""
    factor, summand = level
    ranked = [replace(s, score=factor * float(s.features @ weights) + summand) for s in scored]
    return sorted(ranked, key=lambda s: (-s.score, s.candidate.doc, s.candidate.index))


def fit(
    cases: Sequence[Case],
    embedder: str,
    threshold_group: str,
    say: Callable[[str], None] = lambda line: None,
    features: tuple[str, ...] = NAMES,
) -> Weights:
    """Both models; thresholds from the answerable cases of ``threshold_group``."""
    usable_cases = [c for c in cases if c.scored]
    rank = fit_rank(usable_cases, features, own=threshold_group)
    usable = rescored(usable_cases, rank)
    rows, labels, share = _table(usable, threshold_group, features)
    answer = fit_answer(rows, labels, share)
    chances = held_out_chances(usable_cases, threshold_group, features)
    picked = [
        (float(p), c.weight)
        for p, (c, _) in zip(chances, usable, strict=True)
        if c.answerable and c.group == threshold_group
    ]
    for group in sorted({_base(c) for c, _ in usable}):
        _report(group, usable, chances, say)
    return Weights(rank, answer, thresholds(picked), embedder, features)


def _table(
    usable: Sequence[tuple[Case, list[Scored]]], threshold_group: str, features: Sequence[str]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Rows, labels and weights for the second model."""
    rows = np.stack([answer_features(c.view, ranked, c.unseen, features) for c, ranked in usable])
    labels = np.array([c.answerable for c, _ in usable], dtype=np.float32)
    share = np.array(
        [c.weight * (1.0 if _base(c) == threshold_group else FOREIGN) for c, _ in usable],
        dtype=np.float32,
    )
    return rows, labels, share


def held_out_chances(
    cases: Sequence[Case],
    threshold_group: str,
    features: Sequence[str] = NAMES,
    folds: int = 5,
) -> npt.NDArray[np.float32]:
    """Each case's probability by two models that were not fitted on it nor on its neighbours: a
    question and its near misses stand side by side and stay in one fold."""
    chances = np.zeros(len(cases), dtype=np.float32)
    fold = (np.arange(len(cases)) // 8) % folds
    for number in range(folds):
        others = [c for c, f in zip(cases, fold, strict=True) if f != number]
        rank = fit_rank(others, features, own=threshold_group)
        answer = fit_answer(*_table(rescored(others, rank), threshold_group, features))
        held = np.flatnonzero(fold == number)
        if len(held):
            ranked = rescored([cases[i] for i in held.tolist()], rank)
            rows, _, _ = _table(ranked, threshold_group, features)
            chances[held] = [1 / (1 + np.exp(-answer.logit(row))) for row in rows]
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
    data: dict[str, object] = {
        "embedder": weights.embedder,
        "rank": dict(
            zip(weights.features, (round(float(w), 4) for w in weights.rank), strict=True)
        ),
        "thresholds": dict(weights.thresholds),
        "level": list(weights.level),
        **about,
        "features": names_of(weights.features),
        "answer": weights.answer.to_json(),
    }
    if weights.passages:
        data["passage_features"] = passage_names(weights.features)
        data["passages"] = weights.passages.to_json()
    rows = (f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in data.items())
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


__all__ = ["Case", "Ranker", "fit", "write"]
