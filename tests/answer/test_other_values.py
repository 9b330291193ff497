"""Another value for the same thing is said beside the first; for a kind of it only it is not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rag.answer.other_values import different_values, other_values
from rag.answer.picks import pick_sentence
from tests.fakes.ranking import memory, weighed


def others(question: str, texts: Mapping[str, str]) -> list[str]:
    """The values said beside the first."""
    corpus = memory(texts)
    found = weighed(question, corpus)
    main = pick_sentence(found.view, found.ranked[0], corpus, "main")
    picks = other_values(found.view, found.ranked, corpus, [main])
    return [corpus.document(p.doc).text[a:b] for p in picks for a, b in p.key]


def test_two_documents_that_count_differently_are_both_said() -> None:
    texts = {"a": "第五届青江论坛共有320家企业参展。", "b": "第五届青江论坛共有280家企业参展。"}
    assert others("第五届青江论坛有多少家企业参展？", texts) == ["280家"]


def test_a_kind_of_the_thing_is_not_the_thing() -> None:
    texts = {
        "a": "今年青江市制造业产值同比增长5.4%。",
        "b": "今年青江市装备制造业产值同比增长6.3%。",
    }
    assert others("今年青江市制造业产值增长了百分之几？", texts) == []


def test_a_number_of_something_else_is_no_other_value() -> None:
    texts = {
        "a": "第五届青江论坛迎来30多个国家的嘉宾参加。",
        "b": "市长参加第五届青江论坛，3次致辞，欢迎嘉宾。",
    }
    assert others("第五届青江论坛有多少个国家的嘉宾参加？", texts) == []


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (["320家"], ["280家"], True),
        (["320家"], ["320家"], False),
        (["120个"], ["100多个"], True),
        (["562项"], ["三月"], False),
        (["2.4万亿元"], ["24000亿元"], False),
        (["25%"], ["百分之二十五"], False),
        (["25%"], ["26%"], True),
        (["2024年5月1日"], ["2024年6月1日"], True),
        ([], ["3家"], False),
    ],
)
def test_values_of_one_unit_may_differ(one: list[str], other: list[str], differ: bool) -> None:
    assert different_values(one, other) is differ
