"""From passages to sentences with what stands around them."""

from __future__ import annotations

import pytest

from rag.retrieve.candidates import candidates, courteous, frame_of
from rag.types import Chunk, ScoredChunk, Section
from tests.fakes.ranking import memory

TEXT = "青江大桥2024年开工。大桥长3公里。它有两座塔。市民很高兴。"


def hit(first: int, last: int, score: float = 0.5) -> ScoredChunk:
    return ScoredChunk("a", first, Chunk(0, 0, 0, first, last), score)


def test_each_sentence_of_the_passages_is_given_once_by_the_first_passage() -> None:
    found = candidates(memory({"a": TEXT}), [hit(1, 2, 0.9), hit(2, 3, 0.4)])
    assert [(c.index, c.text, c.passage) for c in found] == [
        (1, "大桥长3公里。", 0.9),
        (2, "它有两座塔。", 0.9),
        (3, "市民很高兴。", 0.4),
    ]
    for c in found:
        assert TEXT[c.sentence.start : c.sentence.end] == c.text


def test_the_context_holds_the_sentences_beside_also_from_outside_the_passage() -> None:
    first, *_ = candidates(memory({"a": TEXT}), [hit(1, 1)])
    assert first.context == "\n青江大桥2024年开工。\n它有两座塔。"
    opening, *_ = candidates(memory({"a": TEXT}), [hit(0, 0)])
    assert opening.context == "\n大桥长3公里。"


def test_years_are_those_of_the_neighbourhood() -> None:
    assert candidates(memory({"a": TEXT}), [hit(1, 1)])[0].years == {"2024"}
    assert candidates(memory({"a": TEXT}), [hit(3, 3)])[0].years == frozenset()


def test_a_sentence_of_another_section_is_no_neighbour() -> None:
    text = "# 青江\n\n## 大桥\n\n大桥很长。\n\n## 水库\n\n水库很深。\n"
    corpus = memory({"a": text})
    found = {c.text: c for c in candidates(corpus, corpus.hits())}
    assert "大桥很长" not in found["水库很深。"].context
    assert found["水库很深。"].context.splitlines()[0] == "青江 水库"


def test_thanks_and_greetings_are_no_evidence_but_what_follows_them_is() -> None:
    text = (
        "谢谢您的提问，也感谢您对青江大桥的关注。各位朋友，大家好！感谢青江大桥带来便利。大桥很长。"
    )
    found = candidates(memory({"a": text}), [hit(0, 3)])
    assert [c.text for c in found] == ["感谢青江大桥带来便利。", "大桥很长。"]


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("回答：谢谢您的提问。", True),
        ("首先感谢主持人！", True),
        ("谢谢。", True),
        ("您好，我来回答。", True),
        ("感谢政策的支持，企业增长了三成。", False),
        ("大桥很长。", False),
    ],
)
def test_courtesy_is_told_from_what_says_something(text: str, only: bool) -> None:
    assert courteous(text) is only


def test_no_passages_give_no_candidates() -> None:
    assert candidates(memory({"a": TEXT}), []) == []


def test_the_frame_is_titles_speaker_and_byline() -> None:
    section = Section(0, 1, ("甲", "乙"), byline="记者 丙", speaker="丁")
    assert frame_of(section, "题") == "题 甲 乙 丁 记者 丙"
    assert frame_of(Section(0, 1), "") == ""
