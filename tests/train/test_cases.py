"""Cases for the ranker from questions that bring their own passages."""

from __future__ import annotations

from rag.evaluate.types import Gold, Question
from rag.train.cases import passage_cases
from tests.fakes.ranking import CHUNK_SIZE, ranker

BRIDGE = "青江大桥全长3.6公里。大桥有两座塔。"
RESERVOIR = "白石水库位于上游。"


def asked(*passages: str, gold: str = "") -> Question:
    groups = ((Gold("passage#1", gold),),) if gold else ()
    must = (("3.6公里",),) if gold else ()
    return Question("q", "made", ("青江大桥有多长？",), bool(gold), groups, must, passages=passages)


def test_the_sentence_that_holds_the_gold_is_right_and_no_other() -> None:
    question = asked(RESERVOIR, BRIDGE, gold="青江大桥全长3.6公里。")
    (case,) = passage_cases([question], CHUNK_SIZE, ranker(), weight=0.5, group="made")
    said = [s.candidate.text for s, right in zip(case.scored, case.right, strict=True) if right]
    assert said == ["青江大桥全长3.6公里。"]
    assert (case.answerable, case.weight, case.group) == (True, 0.5, "made")
    assert len(case.scored) == 3


def test_where_no_passage_answers_nothing_is_right() -> None:
    (case,) = passage_cases([asked(RESERVOIR)], CHUNK_SIZE, ranker(), weight=1.0, group="made")
    assert not case.answerable
    assert not case.right.any()
