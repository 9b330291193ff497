"""Runs with a case of every fault, for the tests of the report."""

from __future__ import annotations

from dataclasses import replace

from rag.evaluate.types import Cited, Found, Gold, Record, Run
from tests.evaluate.made import record, run

GOLD = Gold("a.txt", "青江大桥全长3.6公里,投资48亿元")
PASSAGE = "据介绍,青江大桥全长3.6公里,投资48亿元。大桥今年通车。"


def right(id: str, kind: str = "fact", confidence: float = 0.9) -> Record:
    """Answerable and right."""
    scores = {"said": 1.0, "cited": 1.0, "length": 20.0, "ms": 12.5, "hit@5": 1.0}
    return record(id, kind=kind, scores=scores, confidence=confidence)


def wrong(id: str, kind: str = "fact", confidence: float = 0.8) -> Record:
    """Says another number and cites another place."""
    scores = {"said": 0.0, "cited": 0.0, "length": 10.0, "ms": 20.0, "hit@5": 1.0}
    made = record(id, False, kind=kind, scores=scores, confidence=confidence, answer="大桥很长。")
    return replace(
        made,
        gold=((GOLD,),),
        citations=(Cited("b.txt", 0, 8, "白石水库库容很大"),),
        passages=(
            Found("b.txt", 0, 8, 1.5, "白石水库库容很大。"),
            Found("a.txt", 0, len(PASSAGE), 0.5, PASSAGE),
        ),
    )


def miscited(id: str, kind: str = "fact") -> Record:
    """Says it, cites another place."""
    made = wrong(id, kind)
    return replace(made, answer="全长3.6公里。", scores={**made.scores, "said": 1.0})


def false_refusal(id: str, kind: str = "fact", confidence: float = 0.2) -> Record:
    """Refused though the documents answer."""
    made = wrong(id, kind, confidence)
    scores = {"right": 0.0, "said": 0.0, "cited": 0.0, "refused": 1.0, "ms": 9.0}
    return replace(made, answer="文件中没有找到答案。", refused=True, citations=(), scores=scores)


def refusal(id: str, kind: str = "none", confidence: float = 0.1) -> Record:
    """Unanswerable and refused."""
    return record(
        id, kind=kind, answerable=False, refused=True, scores={"ms": 8.0}, confidence=confidence
    )


def answered(id: str, kind: str = "none", confidence: float = 0.7) -> Record:
    """Unanswerable and answered."""
    scores = {"ms": 15.0, "length": 8.0}
    return record(id, False, kind=kind, answerable=False, scores=scores, confidence=confidence)


def failed(id: str, kind: str = "fact") -> Record:
    """No answer came."""
    return record(id, False, kind=kind, error="the index is busy; try again", confidence=0.0)


def every_fault() -> Run:
    """Ten kinds of outcome: 6 answerable (2 right), 3 unanswerable (1 right), 1 error."""
    return run(
        [
            right("a1"),
            right("a2", confidence=0.95),
            wrong("w1", "number"),
            wrong("w2", "number", 0.85),
            miscited("m1", "list"),
            false_refusal("f1", "list"),
            refusal("r1"),
            answered("u1"),
            answered("u2", confidence=0.75),
            failed("e1"),
        ]
    )
