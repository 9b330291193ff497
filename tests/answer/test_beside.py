"""The sentences before and after the best evidence."""

from __future__ import annotations

from rag.answer.beside import beside
from rag.answer.engine import as_evidence
from tests.fakes.ranking import memory, weighed

TEXT = (
    "水库\n\n大坝由青江水务集团建设。白石水库的库容为2.4亿立方米。谢谢大家。\n"
    "论坛\n\n第五届青江论坛共有320家企业参展。\n"
)


def test_neighbours_of_the_best_sentence_stand_below_the_evidence_and_are_quoted_verbatim() -> None:
    corpus = memory({"a.txt": TEXT})
    found = weighed("白石水库的库容是多少？", corpus)
    (best, *_) = as_evidence(found, corpus)
    assert best.text == "白石水库的库容为2.4亿立方米。"
    near = beside(found, corpus, [best])
    assert near[0].text == "大坝由青江水务集团建设。"
    assert "谢谢大家。" not in [item.text for item in near]
    for item in near:
        assert TEXT[item.place.start : item.place.end] == item.text
        assert item.score < best.score


def test_what_is_evidence_already_is_not_given_twice() -> None:
    corpus = memory({"a.txt": TEXT})
    found = weighed("白石水库的库容是多少？", corpus)
    evidence = as_evidence(found, corpus)
    near = beside(found, corpus, evidence)
    assert {item.text for item in near}.isdisjoint({item.text for item in evidence})
