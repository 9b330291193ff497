"""The figures of a run, by hand and by their invariants."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import EvaluationError
from rag.evaluate.measures import MEASURES
from rag.evaluate.statistics import (
    by_kind,
    figures,
    paired,
    risk_coverage,
)
from rag.evaluate.types import Figure, Record


def record(
    name: str,
    *,
    answerable: bool = True,
    refused: bool = False,
    right: bool = True,
    confidence: float = 0.9,
    kind: str = "fact",
    error: str = "",
    **scores: float,
) -> Record:
    given = {"right": float(right), "refused": float(refused)} | scores
    return Record(
        id=name,
        kind=kind,
        turns=("问？",),
        answerable=answerable,
        gold=(),
        must=(("答",),) if answerable else (),
        answer="答",
        refused=refused,
        confidence=confidence,
        mode="extractive",
        reason="",
        citations=(),
        passages=(),
        scores={"right": 0.0} if error else given,
        milliseconds=0.0,
        error=error,
    )


RUN = (
    record("1", length=10, ms=10, said=1, confidence=0.9),
    record("2", length=30, ms=20, said=0, confidence=0.4, right=False),
    record("3", refused=True, ms=30, said=0, confidence=0.1, right=False),
    record("4", length=50, ms=40, said=1, confidence=0.8, right=False, kind="list"),
    record("5", answerable=False, refused=True, ms=50, confidence=0.2, kind="no"),
    record(
        "6", answerable=False, length=7, ms=60, verbatim=0.5, confidence=0.6, right=False, kind="no"
    ),
)


def test_a_run_is_summed_up() -> None:
    found = figures(RUN)
    values = {name: (figure.value, figure.cases) for name, figure in found.items()}
    assert values == {
        "right": (pytest.approx(2 / 6), 6),
        "right_answerable": (0.25, 4),
        "said": (0.5, 4),
        "length": (30, 3),
        "length_median": (30, 3),
        "verbatim": (0.5, 1),
        "refused": (pytest.approx(2 / 6), 6),
        "refusal_precision": (0.5, 2),
        "refusal_recall": (0.5, 2),
        "false_refusals": (0.25, 4),
        "refusal_auc": (5 / 8, 6),
        "aurc": (pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4) / 4), 4),
        "ms": (35, 6),
        "p50_ms": (35, 6),
        "p95_ms": (pytest.approx(57.5), 6),
    }


def test_every_measure_of_the_catalogue_has_a_figure_in_its_order() -> None:
    scores = {one.name: 1.0 for one in MEASURES}
    cases = (record("1"), record("2", refused=True), record("3", answerable=False, refused=True))
    run = [replace(one, scores=scores) for one in cases]
    assert list(figures(run)) == [one.name for one in MEASURES]


def test_a_set_of_one_side_has_no_area_and_no_precision_of_what_never_was() -> None:
    answered = figures([record("1"), record("2")])
    assert not {"refusal_auc", "refusal_recall", "refusal_precision"} & set(answered)
    assert answered["false_refusals"].value == 0
    refused = figures([record("1", answerable=False, refused=True)])
    assert not {"refusal_auc", "false_refusals", "right_answerable", "aurc"} & set(refused)
    assert refused["refusal_recall"].value == 1


def test_queries_of_which_neither_words_nor_citations_are_asked_are_not_called_right() -> None:
    """A BEIR query has graded documents: that an answer came says nothing of the answer."""
    plain = [replace(record(id), must=()) for id in "12"]
    assert "right_answerable" not in figures(plain)
    assert figures(plain)["right"].value == 1
    voted = replace(record("3", right=False, said=0), must=())
    found = figures([*plain, voted, record("4")])["right_answerable"]
    assert (found.value, found.cases) == (0.5, 2)


def test_a_question_that_failed_is_wrong_and_neither_answered_nor_refused() -> None:
    run = [*RUN, record("7", error="the model is gone", confidence=0.0)]
    before, after = figures(RUN), figures(run)
    assert after["right"].value == pytest.approx(2 / 7)
    assert after["right_answerable"].value == pytest.approx(1 / 5)
    for name in before.keys() - {"right", "right_answerable"}:
        assert (after[name].value, after[name].cases) == (before[name].value, before[name].cases)
    assert after.keys() == before.keys()


def test_no_record_cannot_be_summed_up() -> None:
    for function in (figures, by_kind, risk_coverage):
        with pytest.raises(EvaluationError, match="there is no case to sum up"):
            function([])


def test_an_interval_is_wide_where_cases_are_few() -> None:
    few = figures([record(str(n), right=n % 2 == 0) for n in range(10)])["right"]
    many = figures([record(str(n), right=n % 2 == 0) for n in range(400)])["right"]
    assert few.low < many.low < 0.5 < many.high < few.high
    assert many.low == pytest.approx(0.45, abs=0.02)
    assert many.high == pytest.approx(0.55, abs=0.02)


def test_each_kind_has_its_share_of_right_ones() -> None:
    found = by_kind(RUN)
    assert {kind: (f.value, f.cases) for kind, f in found.items()} == {
        "fact": (pytest.approx(1 / 3), 3),
        "list": (0, 1),
        "no": (0.5, 2),
    }
    assert found["list"] == Figure(0, 0, 0, 1)
    assert (found["no"].low, found["no"].high) == (0, 1)


RECORDS = st.lists(
    st.builds(
        lambda answerable, refused, right, confidence, kind, length: record(
            "",
            answerable=answerable,
            refused=refused,
            right=right,
            confidence=confidence / 8,
            kind=kind,
            length=length,
            ms=length / 7,
        ),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.integers(0, 8),
        st.sampled_from("ab"),
        st.integers(1, 90),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=20, deadline=None)
@given(RECORDS, st.randoms())
def test_the_order_of_records_changes_nothing_and_intervals_hold_their_value(
    records: list[Record], chance: random.Random
) -> None:
    from dataclasses import replace

    run = [replace(one, id=f"q{number}") for number, one in enumerate(records)]
    shuffled = chance.sample(run, len(run))
    assert figures(run) == figures(shuffled)
    assert by_kind(run) == by_kind(shuffled)
    assert risk_coverage(run) == risk_coverage(shuffled)
    for figure in (*figures(run).values(), *by_kind(run).values()):
        assert figure.low <= figure.value <= figure.high


# ---- confidence ------------------------------------------------------------------------------
def test_risk_is_the_share_of_wrong_answers_above_a_confidence() -> None:
    assert risk_coverage(RUN) == [
        (1 / 6, 0),
        (2 / 6, 1 / 2),
        (3 / 6, pytest.approx(2 / 3)),
        (4 / 6, 3 / 4),
    ]


def test_answers_of_one_confidence_are_one_point() -> None:
    run = [record("1"), record("2", right=False), record("3", confidence=0.2)]
    assert risk_coverage(run) == [(pytest.approx(2 / 3), 0.5), (1, pytest.approx(1 / 3))]


def test_without_an_answer_there_is_no_curve() -> None:
    assert risk_coverage([record("1", refused=True), record("2", error="gone")]) == []


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [
        ([], [], 1),
        ([1, 0, 1], [1, 0, 1], 1),
        ([0], [1], 1),
        ([0] * 5, [1] * 5, 2 / 2**5),
        ([0] * 5 + [1], [1] * 5 + [0], 2 * (1 + 6) / 2**6),  # McNemar's exact test
        ([0, 1] * 4, [1, 0] * 4, 1),
        ([0] * 10 + [1] * 900, [1] * 910, 2 / 2**10),
    ],
)
def test_the_p_of_flips_is_that_of_the_binomial(
    before: list[float], after: list[float], p: float
) -> None:
    assert paired(before, after) == pytest.approx(p)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=7))
def test_the_p_of_few_cases_is_that_of_all_sign_flips(differences: list[int]) -> None:
    observed = abs(sum(differences))
    flips = list(product((-1, 1), repeat=len(differences)))
    extreme = [abs(sum(s * d for s, d in zip(f, differences, strict=True))) for f in flips]
    p = sum(value >= observed for value in extreme) / len(flips)
    nought = [0.0] * len(differences)
    assert paired(nought, [float(d) for d in differences]) == pytest.approx(p)


def test_many_cases_that_all_improve_are_no_chance_and_twice_the_same() -> None:
    before, after = [0.0] * 40, [1.0] * 30 + [-1.0] * 10
    assert paired(before, [1.0] * 40) == pytest.approx(2 / 10_001)
    assert paired(before, after) == paired(before, after)
    assert paired(before, after) == pytest.approx(0.0022, abs=0.0015)
    assert paired(after, before) == pytest.approx(paired(before, after), abs=0.002)


def test_scores_that_do_not_pair_are_refused() -> None:
    with pytest.raises(EvaluationError, match="2 and 1 scores do not pair"):
        paired([1, 0], [1])
