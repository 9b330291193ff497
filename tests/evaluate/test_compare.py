"""Two runs against each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import EvaluationError
from rag.evaluate.compare import GATED, Comparison, Difference, compare, holm
from rag.evaluate.measures import measure
from rag.evaluate.types import Record
from tests.evaluate.made import record, run


def records(wrong: int, of: int = 40) -> list[Record]:
    """``of`` cases of which the first ``wrong`` are not right."""
    return [
        record(str(n), n >= wrong, scores={"said": float(n >= wrong), "cited": float(n >= wrong)})
        for n in range(of)
    ]


def difference(found: Comparison, name: str) -> Difference:
    return next(d for d in found.differences if d.measure.name == name)


def test_equal_runs_differ_in_nothing() -> None:
    found = compare(run(records(5)), run(records(5)))
    assert (found.common, found.apart, found.flips, found.regressions) == (40, "", (), ())
    assert all(d.change == 0 and not d.significant for d in found.differences)
    assert difference(found, "right").p == 1.0


def test_a_loss_of_many_cases_is_a_regression_and_a_gain_is_none() -> None:
    few, many = run(records(2)), run(records(14))
    worse, better = compare(few, many), compare(many, few)
    assert difference(worse, "right").change == pytest.approx(-0.3)
    assert difference(worse, "right").significant
    assert [text.split()[0] for text in worse.regressions] == ["通过", "引对"]
    assert "0.950 → 0.650" in worse.regressions[0]
    assert difference(better, "right").significant
    assert better.regressions == ()


def test_a_loss_of_a_few_cases_may_be_chance() -> None:
    found = compare(run(records(2)), run(records(5)))
    assert difference(found, "right").change < 0
    assert not difference(found, "right").significant
    assert found.regressions == ()


def test_every_case_that_flipped_is_named_with_both_answers() -> None:
    before = [record("1"), record("2", False, answer="旧"), record("3")]
    after = [record("1"), record("2", answer="新"), record("3", False, answer="错")]
    found = compare(run(before), run(after))
    assert [(f.after.id, f.better, f.before.answer, f.after.answer) for f in found.flips] == [
        ("2", True, "旧", "新"),
        ("3", False, before[2].answer, "错"),
    ]


def test_one_quote_that_is_not_verbatim_is_a_regression() -> None:
    after = records(0)
    after[7] = replace(after[7], scores={**after[7].scores, "verbatim": 0.0})
    found = compare(run(records(0)), run(after))
    assert found.regressions == ("引文与原文不再逐字相同：7",)
    assert compare(run(after), run(records(0))).regressions == ()


def test_a_question_that_fails_now_is_a_regression() -> None:
    after = records(0)
    after[7] = record("7", False, error="模型连不上")
    assert compare(run(records(0)), run(after)).regressions == ("提问出错：7",)
    assert compare(run(after), run(after)).regressions == ()


def test_time_is_never_a_regression() -> None:
    slow = [replace(r, scores={**r.scores, "ms": 900.0}) for r in records(0)]
    fast = [replace(r, scores={**r.scores, "ms": 9.0}) for r in records(0)]
    found = compare(run(fast), run(slow))
    assert difference(found, "p95_ms").change == pytest.approx(891)
    assert difference(found, "ms").p is None
    assert found.regressions == ()


def test_more_false_refusals_are_worse_though_the_figure_rises() -> None:
    after = [record(str(n), n >= 15, refused=n < 15) for n in range(40)]
    found = compare(run(records(0)), run(after))
    assert difference(found, "false_refusals").worse
    assert any(text.startswith("误拒 0.000 → 0.375") for text in found.regressions)


def test_only_cases_of_both_runs_count_and_the_others_are_told() -> None:
    other = run([record("1", False), *records(0, 30)[2:]], checksum="cd" * 32)
    found = compare(run(records(0, 10)), other)
    assert found.common == 9
    assert found.apart == "前者独有 1 题，后者独有 20 题，同号而改过的 0 题"
    assert difference(found, "right").after == pytest.approx(8 / 9)


def test_a_set_whose_bytes_alone_are_others_leaves_nothing_apart() -> None:
    assert compare(run([record("1")]), run([record("1")], checksum="cd" * 32)).apart == ""


def test_a_case_that_was_rewritten_under_its_id_is_another_one() -> None:
    after = records(0, 3)
    after[1] = replace(after[1], must=(("48.5亿元",),))
    after[2] = replace(after[2], turns=("别的？",))
    found = compare(run(records(0, 3)), run(after, checksum="cd" * 32))
    assert (found.common, found.apart) == (1, "前者独有 0 题，后者独有 0 题，同号而改过的 2 题")


def test_runs_without_a_common_case_cannot_be_compared() -> None:
    with pytest.raises(EvaluationError, match="have no case in common"):
        compare(run([record("1")]), run([record("2")]))


def test_what_else_changed_is_told_but_not_where_the_runs_lie() -> None:
    before = run(records(0), settings={"chunk_size": "320", "runs": "a", "k": "16"})
    after = run(records(0), settings={"chunk_size": "160", "runs": "b", "k": "16"}, commit="bad+")
    assert compare(before, after).changed == (
        ("chunk_size", "320", "160"),
        ("commit", "c0ffee", "bad+"),
    )


def test_what_is_gated_is_measured_and_has_a_direction() -> None:
    assert all(measure(name).better for name in GATED)
    assert not any(measure(name).unit == "ms" for name in GATED)


@pytest.mark.parametrize(
    ("values", "adjusted"),
    [
        ({}, {}),
        ({"a": 0.02}, {"a": 0.02}),
        ({"a": 0.01, "b": 0.04, "c": 0.03}, {"a": 0.03, "c": 0.06, "b": 0.06}),
        ({"a": 0.5, "b": 0.6}, {"a": 1.0, "b": 1.0}),
    ],
)
def test_p_values_are_adjusted_step_by_step(
    values: dict[str, float], adjusted: dict[str, float]
) -> None:
    assert holm(values) == pytest.approx(adjusted)


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=8))
def test_adjusting_keeps_the_order_and_never_lowers(values: dict[str, float]) -> None:
    found = holm(values)
    assert all(values[name] <= found[name] <= 1 for name in values)
    order = sorted(values, key=lambda name: (values[name], name))
    assert [found[name] for name in order] == sorted(found.values())
