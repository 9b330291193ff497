"""The figures of a run, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.config import Settings
from rag.errors import EvaluationError
from rag.evaluate.judge import Judged
from rag.evaluate.runner import Summary, auc, run, summarise
from rag.evaluate.sets import Gold, Question
from rag.indexing import build_index
from rag.pipeline import Pipeline
from tests.fakes.ranking import ranker


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.3], [0.5, 0.1], 0.75),
        ([0.5, 0.7], [0.5, 0.2, 0.6], (0.5 + 1 + 0 + 1 + 1 + 1) / 6),
        ([], [0.5], 0.0),
        ([0.5], [], 0.0),
    ],
)
def test_the_area_is_the_share_of_pairs_in_order(
    positive: list[float], negative: list[float], area: float
) -> None:
    assert auc(positive, negative) == pytest.approx(area)


CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(CHANCES, CHANCES)
def test_the_area_turned_round_is_its_complement(one: list[float], other: list[float]) -> None:
    assert auc(one, other) + auc(other, one) == pytest.approx(1)


def judged(
    name: str,
    answerable: bool = True,
    refused: bool = False,
    said: bool = True,
    cited: bool = True,
    length: int = 10,
    rank: int = 1,
    confidence: float = 0.9,
    ms: float = 5.0,
    kind: str = "fact",
) -> Judged:
    return Judged(
        name, kind, answerable, refused, said, cited, True, length, rank, confidence, ms, "答"
    )


def test_a_run_is_summed_up() -> None:
    summary = summarise(
        [
            judged("1", length=10, rank=1, ms=10, confidence=0.9),
            judged("2", cited=False, length=30, rank=4, ms=20, confidence=0.4),
            judged("3", refused=True, said=False, cited=False, rank=0, ms=30, confidence=0.1),
            judged("4", said=False, length=50, rank=8, ms=40, confidence=0.8, kind="list"),
            judged("5", answerable=False, refused=True, rank=0, ms=50, confidence=0.2, kind="no"),
            judged("6", answerable=False, rank=0, ms=60, confidence=0.6, kind="no"),
        ]
    )
    assert summary == Summary(
        cases=6,
        right=0.25,
        said=0.5,
        cited=0.5,
        refused_unanswerable=0.5,
        false_refusals=0.25,
        refusal_auc=5 / 8,
        verbatim=1.0,
        hit_at_1=0.25,
        hit_at_5=0.5,
        mean_reciprocal_rank=(1 + 1 / 4 + 0 + 1 / 8) / 4,
        median_length=30,
        mean_length=30.0,
        p50_ms=40,
        p95_ms=60,
        by_kind={"fact": (3, 1 / 3), "list": (1, 0.0), "no": (2, 0.5)},
    )


def test_one_case_alone_is_summed_up() -> None:
    summary = summarise([judged("1", answerable=False, refused=True, ms=7)])
    assert (summary.cases, summary.right, summary.refused_unanswerable) == (1, 0.0, 1.0)
    assert (summary.median_length, summary.mean_length) == (0, 0.0)
    assert (summary.p50_ms, summary.p95_ms) == (7, 7)


def test_no_case_cannot_be_summed_up() -> None:
    with pytest.raises(EvaluationError, match="there is no case to sum up"):
        summarise([])


def test_every_case_is_asked_in_order(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    quote = "白石水库位于青江上游，库容为2.4亿立方米。"
    (docs / "a.txt").write_text(f"{quote}\n", encoding="utf-8")
    settings = Settings(docs=docs, index=tmp_path / "index")
    build_index(settings)
    questions = [
        Question(
            "1",
            "fact",
            ("白石水库的库容是多少？",),
            True,
            ((Gold("a.txt", quote),),),
            (("2.4亿",),),
        ),
        Question("2", "no", ("火星咖啡馆的招牌饮料叫什么名字？",), False, (), ()),
    ]
    steps: list[tuple[int, int]] = []
    found = run(Pipeline(settings, ranker=ranker()), questions, lambda *step: steps.append(step))
    assert [(j.id, j.right, j.verbatim, j.hit_rank) for j in found] == [
        ("1", True, True, 1),
        ("2", True, True, 0),
    ]
    assert steps == [(1, 2), (2, 2)]
