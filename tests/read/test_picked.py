"""What was read as the answer becomes the key of a said sentence, where it is short."""

from __future__ import annotations

from dataclasses import replace

from rag.answer.picks import SHOWN, pick_sentence
from tests.fakes.ranking import memory, weighed

TEXT = "# 题目\n\n这是第一句话。青江大桥的设计师是\n林远山，大桥全长３．６公里，\u200b总投资四十八亿。\n"
QUESTION = "青江大桥的设计师是哪位？"


def key_of(answer: str, text: str = TEXT, question: str = QUESTION) -> list[str]:
    """The key's text where ``answer`` was read in the sentence."""
    corpus = memory({"a.md": text})
    found = weighed(question, corpus)
    (best,) = [s for s in found.ranked if "大桥全长" in s.candidate.text]
    start = best.candidate.text.index(answer)
    scored = replace(best, answer=(start, start + len(answer)))
    pick = pick_sentence(found.view, scored, corpus, "answer")
    printed = corpus.document("a.md").text
    return [printed[a:b] for a, b in pick.key]


def test_the_answer_is_marked_where_it_is_printed() -> None:
    assert key_of("林远山") == ["林远山"]
    assert key_of("３．６公里") == ["３．６公里"]


def test_an_answer_across_a_break_or_a_mark_that_is_not_read_is_marked_whole() -> None:
    assert key_of("设计师是林远山") == ["设计师是\n林远山"]
    assert key_of("公里，总投资") == ["公里，\u200b总投资"]


def test_an_answer_at_either_end_of_the_sentence() -> None:
    assert key_of("青江") == ["青江"]
    assert key_of("四十八亿。") == ["四十八亿。"]


def test_an_answer_that_is_most_of_its_sentence_marks_nothing_new() -> None:
    long = "青江大桥的设计师是林远山，大桥全长３．６公里，总投资四十八亿"
    assert len(long) >= SHOWN
    assert key_of(long) == key_of("") != [long]


MEMBERS = "# 联盟\n\n大桥全长的联盟新增5国13家理事单位，发展成为19个国家、102家理事单位的平台。\n"


def test_what_was_only_added_is_no_answer_where_the_whole_is_printed() -> None:
    """The answer that was read is the first amount in each."""
    for question, expected in (
        ("联盟有多少家理事单位？", ["102家"]),
        ("联盟新增了多少家理事单位？", ["13家"]),
        ("联盟的平台在哪里？", ["13家"]),
    ):
        assert key_of("13家", MEMBERS, question) == expected
    assert key_of("19个", MEMBERS, "联盟有多少家理事单位？") == ["19个"]
