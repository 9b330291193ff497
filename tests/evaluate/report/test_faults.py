"""Faults, their order, and the worst kinds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evaluate.report.faults import failures, fault, severity, worst_kinds
from rag.evaluate.types import Record
from tests.evaluate.report.cases import (
    answered,
    every_fault,
    failed,
    false_refusal,
    miscited,
    refusal,
    right,
    wrong,
)


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (right("a"), None),
        (refusal("a"), None),
        (wrong("a"), "wrong"),
        (miscited("a"), "miscited"),
        (false_refusal("a"), "refused"),
        (answered("a"), "answered"),
        (failed("a"), "error"),
        (replace(wrong("a"), scores={"right": 0.0}), "wrong"),
        (replace(wrong("a"), scores={"right": 0.0, "cited": 0.0}), "miscited"),
        (replace(wrong("a"), scores={"right": 0.0, "said": 1.0, "cited": 1.0}), "wrong"),
    ],
)
def test_the_fault_of_a_case_is_named(record: Record, name: str | None) -> None:
    assert fault(record) == name


def test_an_error_is_worst_then_what_the_system_was_surest_of() -> None:
    records = [answered("u", confidence=0.6), false_refusal("f", confidence=0.1), failed("e")]
    assert [severity(record) for record in records] == [0.6, 0.9, 2.0]
    assert [record.id for record in failures([*records, right("a")])] == ["e", "f", "u"]


def test_cases_of_equal_severity_come_in_the_order_of_their_ids() -> None:
    assert [record.id for record in failures([wrong("b"), wrong("a")])] == ["a", "b"]


def test_the_worst_kinds_have_the_lowest_share_right() -> None:
    kinds = worst_kinds(
        [wrong(f"w{i}", "half") for i in range(3)]
        + [right(f"r{i}", "half") for i in range(3)]
        + [wrong(f"x{i}", "third") for i in range(4)]
        + [right(f"y{i}", "third") for i in range(2)]
        + [wrong(f"z{i}", "tenth") for i in range(1)]
        + [right(f"q{i}", "tenth") for i in range(9)]
        + [right(f"g{i}", "good") for i in range(9)]
        + [wrong(f"v{i}", "fifth") for i in range(1)]
        + [right(f"p{i}", "fifth") for i in range(4)]
    )
    assert [(kind.kind, kind.cases, kind.failed) for kind in kinds] == [
        ("third", 6, 4),
        ("half", 6, 3),
        ("fifth", 5, 1),
    ]


def test_a_kind_of_few_cases_is_worst_only_where_others_are_missing() -> None:
    few = [wrong("f1", "few"), wrong("f2", "few")]
    many = [wrong(f"m{i}", f"many{i % 3}") for i in range(15)]
    rest = [right(f"r{i}", f"many{i % 3}") for i in range(15)]
    assert "few" not in [kind.kind for kind in worst_kinds(few + many + rest)]
    assert [kind.kind for kind in worst_kinds(few + many[:1] + rest)] == ["few", "many0"]


def test_the_example_is_the_surest_case_of_the_commonest_fault() -> None:
    (kind,) = worst_kinds(
        [
            wrong("w1", confidence=0.5),
            wrong("w2", confidence=0.6),
            false_refusal("f1", confidence=0.0),
            right("a1"),
        ]
    )
    assert kind.faults == (("wrong", 2), ("refused", 1))
    assert kind.example.id == "w2"


def test_no_kind_is_worst_where_all_is_right() -> None:
    assert worst_kinds([right("a"), refusal("b")]) == []


def test_a_run_with_every_fault_has_three_worst_kinds() -> None:
    kinds = worst_kinds(every_fault().records)
    assert [(kind.kind, kind.failed) for kind in kinds] == [
        ("list", 2),
        ("number", 2),
        ("none", 2),
    ]
