"""Sentences in clauses."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from rag.verify.parted import clauses

COMMA = re.compile(r"[^，]+[，]?")


def test_a_short_clause_goes_with_the_one_before_it() -> None:
    assert clauses("企业集聚超两千五百家，其中，核心产业规模四千亿元", COMMA, 4) == [
        "企业集聚超两千五百家，其中，", "核心产业规模四千亿元",
    ]  # fmt: skip


def test_a_short_beginning_takes_the_clause_after_it() -> None:
    assert clauses("去年，产值翻了一番", COMMA, 4) == ["去年，产值翻了一番"]


@given(
    st.text(alphabet="一二三，四五", min_size=1).filter(lambda t: t[0] != "，" and "，，" not in t)
)
def test_together_they_are_the_sentence(said: str) -> None:
    assert "".join(clauses(said, COMMA, 4)) == said
