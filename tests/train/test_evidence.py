"""Fitting the evidence weights: signs, quantiles, a round trip."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from rag.retrieve.aliases import Aliases
from rag.retrieve.answerable import ANSWERABLE
from rag.retrieve.features import NAMES
from rag.retrieve.question import take_apart
from rag.retrieve.scored import Candidate, Scored
from rag.retrieve.trees import Trees
from rag.retrieve.views import question_view
from rag.retrieve.weights import Weights
from rag.train import evidence
from rag.train.evidence import (
    AGAINST,
    FREE,
    Case,
    fit,
    fit_rank,
    held_out_chances,
    rescored,
    thresholds,
    write,
)
from rag.train.forest import DEPTH, fit_answer
from rag.types import Section, Sentence

VIEW = question_view(
    take_apart("大桥"), [("大桥", 1.0)], np.zeros((1, 2), np.float32), np.zeros(2, np.float32),
    lambda gram: 1.0, Aliases(),
)  # fmt: skip


def scored(index: int, **values: float) -> Scored:
    row = np.array([values.get(name, 0.0) for name in NAMES], np.float32)
    candidate = Candidate("a", index, Sentence(0, 1, 0), Section(0, 1), "字", "", 0.5)
    return Scored(candidate, 0.0, row, np.ones(1, np.float32))


def case(*rows: dict[str, float], right: int = 0, weight: float = 1.0, group: str = "g") -> Case:
    """The ``right``-th row answers; -1: none does."""
    flags = np.array([i == right for i in range(len(rows))])
    found = tuple(scored(i, **row) for i, row in enumerate(rows))
    return Case(VIEW, found, flags, right >= 0, weight, group)


def weight(weights: npt.NDArray[np.float32], name: str) -> float:
    return float(weights[NAMES.index(name)])


def test_the_sign_of_an_informative_feature_is_learnt() -> None:
    cases = [
        case({"cov": 1.0, "dense": 0.5}, {"cov": 0.2, "dense": 0.5, "type_bad": 1.0}),
        case({"cov": 0.1, "type_bad": 1.0}, {"cov": 0.9}, right=1),
        case({"cov": 0.8}, {"cov": 0.4}, {"cov": 0.0, "type_bad": 1.0}),
    ]
    weights = fit_rank(cases, steps=100)
    assert weights.shape == (len(NAMES),)
    assert weight(weights, "cov") > 0.5
    assert weight(weights, "type_bad") < -0.5
    assert weight(weights, "dense") == pytest.approx(0, abs=0.05)
    for given, ranked in rescored(cases, weights):
        assert ranked[0].candidate.index == given.right.argmax()


def test_a_sign_that_makes_no_sense_is_not_learnt() -> None:
    cases = [
        case({"type_bad": 1.0}, {"cov": 1.0}),
        case({"dense_context": 0.0}, {"dense_context": 1.0}),
    ]
    weights = fit_rank(cases, steps=100)
    assert weight(weights, "type_bad") == 0.0
    assert weight(weights, "cov") == 0.0
    assert weight(weights, "dense_context") < 0  # one of those that are free
    for name, value in zip(NAMES, weights.tolist(), strict=True):
        if name not in FREE:
            assert value <= 0 if name in AGAINST else value >= 0


def test_a_heavier_case_outweighs_a_lighter_one() -> None:
    one, other = {"cov": 1.0}, {"dense": 1.0}
    heavy = fit_rank([case(one, other, weight=9.0), case(other, one, weight=1.0)], steps=200)
    assert weight(heavy, "cov") > weight(heavy, "dense")


def test_cases_that_teach_no_order_are_passed_over() -> None:
    useful = case({"cov": 1.0}, {"cov": 0.0})
    useless = [case({"cov": 0.0}, {"cov": 1.0}, right=-1), case({"cov": 0.3})]
    assert np.array_equal(fit_rank([useful, *useless], steps=50), fit_rank([useful], steps=50))


def test_the_trees_tell_answerable_from_not_and_say_what_the_library_says() -> None:
    from sklearn.ensemble import GradientBoostingClassifier

    rng = np.random.default_rng(3)
    rows = rng.random((80, len(ANSWERABLE)), dtype=np.float32)
    rows[:, ANSWERABLE.index("cov")] = np.repeat([1.0, 0.0], 40)
    labels = np.repeat([1.0, 0.0], 40).astype(np.float32)
    share = rng.random(80).astype(np.float32) + 0.5
    trees = fit_answer(rows, labels, share, trees=200)
    chances = [1 / (1 + np.exp(-trees.logit(row))) for row in rows]
    assert min(chances[:40]) > 0.5
    assert max(chances[40:]) < 0.5
    model = GradientBoostingClassifier(
        n_estimators=200, learning_rate=0.05, max_depth=DEPTH, subsample=0.5, max_features=0.2,
        min_samples_leaf=10, random_state=1,
    )  # fmt: skip
    model.fit(rows, labels > 0, sample_weight=share)
    expected = model.predict_proba(rows)[:, 1]
    assert chances == pytest.approx(expected, abs=1e-5)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer steps: the shape of the result is what counts here."""
    monkeypatch.setattr(evidence, "fit_rank", partial(fit_rank, steps=100))
    monkeypatch.setattr(evidence, "fit_answer", partial(fit_answer, trees=200))


def test_what_is_held_out_is_not_learnt_from(quick: None) -> None:
    # Only the first fold's cases (the first eight) are unanswerable, and only they lack the type:
    # a model that has not seen them cannot know what that means.
    odd = [case({"type_bad": 1.0}, {"type_bad": 1.0}, right=-1) for _ in range(8)]
    cases = odd + [case({"cov": 1.0}, {"cov": 0.0}) for _ in range(32)]
    chances = held_out_chances(cases, cases[0].group)
    assert chances.shape == (40,)
    assert chances[:8].min() > 0.5
    assert chances[8:].min() > 0.5


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        # Of 100 alike, more than 2 % have fallen with the third, and so on.
        (
            [(i / 100, 1.0) for i in range(100)],
            {"0.02": 0.02, "0.05": 0.05, "0.08": 0.08, "0.1": 0.1, "0.2": 0.2},
        ),
        # One of half the weight: its own chance passes every rate.
        ([(0.3, 5.0), (0.6, 5.0)], dict.fromkeys(("0.02", "0.05", "0.08", "0.1", "0.2"), 0.3)),
        # A light one passes the first two rates only.
        (
            [(0.1, 6.0), (0.5, 94.0)],
            {"0.02": 0.1, "0.05": 0.1, "0.08": 0.5, "0.1": 0.5, "0.2": 0.5},
        ),
        ([(0.12344, 1.0)], dict.fromkeys(("0.02", "0.05", "0.08", "0.1", "0.2"), 0.1234)),
    ],
)
def test_thresholds_are_weighted_quantiles(
    chances: list[tuple[float, float]], expected: dict[str, float]
) -> None:
    assert thresholds(chances[::-1]) == expected


def test_at_most_the_rate_falls_under_its_threshold() -> None:
    rng = np.random.default_rng(5)
    chances = [(float(p), 1.0) for p in rng.random(250)]
    for rate, limit in thresholds(chances).items():
        below = sum(p < limit - 1e-4 for p, _ in chances) / len(chances)
        assert below <= float(rate) + 1e-9


def test_candidates_are_ranked_again_by_new_weights_with_stable_ties() -> None:
    given = case({"cov": 0.1}, {"cov": 0.9}, {"cov": 0.1})
    row = np.zeros(len(NAMES), np.float32)
    row[NAMES.index("cov")] = 2.0
    ((_, ranked),) = rescored([given], row)
    assert [(s.candidate.index, round(s.score, 4)) for s in ranked] == [
        (1, 1.8),
        (0, 0.2),
        (2, 0.2),
    ]
    assert [s.score for s in given.scored] == [0.0, 0.0, 0.0]


def test_both_models_are_fitted_and_thresholds_come_from_the_named_group(quick: None) -> None:
    good = [case({"cov": 1.0, "cov_context": 1.0}, {"cov": 0.1}, group="own") for _ in range(80)]
    bad = [
        case({"cov": 0.1, "type_bad": 1.0}, {"cov": 0.0}, right=-1, group="own-year")
        for _ in range(80)
    ]
    mixed = [c for pair in zip(good, bad, strict=True) for c in pair]
    lines: list[str] = []
    weights = fit(mixed, "static:x:1", "own", lines.append)
    assert weights.embedder == "static:x:1"
    assert weight(weights.rank, "cov") > 0
    assert all(value > 0.5 for value in weights.thresholds.values())
    assert lines[0].startswith("own: top-1 1.000 top-2 1.000 AUC 1.000")
    assert any("own-year" in line for line in lines)


def test_weights_are_written_and_read_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    trees = Trees(
        feature=rng.integers(len(ANSWERABLE), size=(5, 7)),
        threshold=rng.normal(size=(5, 7)).astype(np.float32),
        leaf=rng.normal(size=(5, 8)).astype(np.float32),
        bias=-0.12345,
    )
    weights = Weights(
        rank=rng.normal(size=len(NAMES)).astype(np.float32),
        answer=trees,
        thresholds={"0.05": 0.2546},
        embedder="static:x:1",
    )
    path = tmp_path / "evidence.json"
    write(weights, path, {"cases": 3})
    read = Weights.read(path)
    assert read.rank == pytest.approx(weights.rank, abs=5e-5)
    assert read.answer.feature.tolist() == trees.feature.tolist()
    assert read.answer.leaf == pytest.approx(trees.leaf, abs=1e-5)
    assert read.answer.threshold == pytest.approx(trees.threshold, abs=1e-6)
    assert (read.answer.bias, read.embedder) == (-0.12345, "static:x:1")
    assert read.thresholds == {"0.05": 0.2546}
    assert '"cases": 3' in path.read_text(encoding="utf-8")
