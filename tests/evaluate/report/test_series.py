"""What the charts draw."""

from __future__ import annotations

from dataclasses import replace

from rag.evaluate.report.series import changed, chunk_sizes, latencies, measured, scores
from rag.evaluate.types import Run
from tests.evaluate.made import run
from tests.evaluate.report.cases import answered, failed, false_refusal, refusal, right, wrong


def with_settings(settings: dict[str, str], *, wrongs: int = 0) -> Run:
    records = [right(f"a{i}") for i in range(4 - wrongs)] + [wrong(f"b{i}") for i in range(wrongs)]
    return run([*records, answered("u")], settings=settings)


def test_the_border_lies_between_refused_and_answered() -> None:
    data = scores([refusal("r", confidence=0.3), right("a", confidence=0.4), failed("e")])
    assert data.answerable == (0.4,) and data.unanswerable == (0.3,)
    assert data.border == (0.3, 0.4) and not data.mixed


def test_where_refused_and_answered_overlap_the_border_is_the_overlap() -> None:
    data = scores([false_refusal("f", confidence=0.5), answered("u", confidence=0.2)])
    assert data.border == (0.2, 0.5) and data.mixed


def test_without_a_refusal_there_is_no_border() -> None:
    data = scores([right("a")])
    assert data.border is None and data.any
    assert not scores([failed("e")]).any


def test_latencies_are_sorted_and_have_a_logarithm() -> None:
    records = [replace(right("a"), milliseconds=5.0), replace(right("b"), milliseconds=0.0)]
    assert latencies([*records, failed("e")]) == [0.1, 5.0]


def test_settings_that_change_no_answer_are_no_difference() -> None:
    one = with_settings({"chunk_size": "320", "index": "index", "k": "16"})
    other = with_settings({"chunk_size": "160", "index": "index/sets/1", "rerank": "False"})
    assert changed(one.header, other.header) == {"chunk_size": "160", "k": "", "rerank": "False"}


def test_the_chunk_size_curve_holds_runs_that_differ_in_nothing_else() -> None:
    base = with_settings({"chunk_size": "320", "rerank": "True"})
    small = with_settings({"chunk_size": "160", "rerank": "True"}, wrongs=2)
    plain = with_settings({"chunk_size": "640", "rerank": "False"}, wrongs=4)
    points = chunk_sizes(measured(base), [measured(small), measured(plain)])
    assert [point.size for point in points] == [160, 320]
    assert [point.right.value for point in points] == [0.5, 1.0]
    assert [point.hit.value for point in points if point.hit] == [1.0, 1.0]


def test_a_chunk_size_curve_of_unanswerable_cases_is_empty() -> None:
    only = run([answered("u")], settings={"chunk_size": "320"})
    assert chunk_sizes(measured(only), []) == []
