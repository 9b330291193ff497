"""Questions, answers and documents to measure, shared by the tests of the measures."""

from __future__ import annotations

from dataclasses import replace

from rag.evaluate.types import Gold, Question
from rag.types import Answer, AnswerSentence, Citation, Document, Passage, Place

TEXT = "青江大桥全长3.6公里，总投资48.5亿元。白石水库很深，库容为2.4亿立方米。"
DOCUMENTS = {name: Document(name, TEXT, "") for name in ("a.txt", "b.txt")}
BRIDGE, COST, LAKE = "青江大桥全长3.6公里", "总投资48.5亿元", "库容为2.4亿立方米"
CASE = Question(
    "q1", "fact", ("大桥多长？",), True, ((Gold("a.txt", BRIDGE),),), (("3.6公里",),)
)  # fmt: skip
NO_ANSWER = replace(CASE, answerable=False, gold=(), must=())


def at(quote: str, doc: str = "a.txt") -> Gold:
    """Gold at the offset where the text prints the quote."""
    return Gold(doc, quote, TEXT.index(quote))


def cited(quote: str, doc: str = "a.txt", also: tuple[Place, ...] = ()) -> Citation:
    start = TEXT.index(quote)
    return Citation(1, doc, "", start, start + len(quote), quote, also=also)


def shown(text: str, doc: str = "a.txt") -> Passage:
    start = max(0, TEXT.find(text))
    return Passage(doc, start, start + len(text), 1.0, text)


def answering(
    text: str = "大桥全长3.6公里。",
    *citations: Citation,
    refused: bool = False,
    passages: tuple[Passage, ...] = (),
    ms: float = 0.0,
) -> Answer:
    sentences = (AnswerSentence(text, (1,), "supported"),) if text and not refused else ()
    return Answer(
        "q",
        "q",
        f"{text} [1]",
        "extractive",
        refused,
        citations=citations,
        sentences=sentences,
        passages=passages,
        timings_ms={"total": ms} if ms else {},
    )
