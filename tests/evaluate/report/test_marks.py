"""Gold quotes are found in passages, and nothing of a passage is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.report.marks import Extent, Piece, pieces, span

TEXT = "据介绍，青江大桥全长 3.6\n公里，投资48亿元。大桥今年通车。"


@pytest.mark.parametrize(
    ("quote", "extent", "found"),
    [
        ("大桥今年通车", "whole", "大桥今年通车"),
        ("青江大桥全长3.6公里,投资48亿元", "whole", "青江大桥全长 3.6\n公里，投资48亿元"),
        ("青江大橋全長３.６公里", "whole", "青江大桥全长 3.6\n公里"),
        ("投资48亿元。大桥今年通车。市民很高兴", "part", "投资48亿元。大桥今年通车"),
        ("白石水库库容2.4亿立方米", "none", ""),
        ("", "none", ""),
        ("，。", "none", ""),
    ],
)
def test_a_quote_is_found_however_it_is_set(quote: str, extent: Extent, found: str) -> None:
    how, start, end = span(TEXT, quote)
    assert (how, TEXT[start:end]) == (extent, found)


def test_marks_that_overlap_are_one() -> None:
    assert pieces("一二三四五六", ["二三四", "三四五"]) == (
        [Piece("一", False), Piece("二三四五", True), Piece("六", False)],
        "whole",
    )


def test_a_passage_without_gold_is_one_piece() -> None:
    assert pieces("一二三", ["四五六"]) == ([Piece("一二三", False)], "none")
    assert pieces("", ["四五六"]) == ([], "none")


@settings(deadline=None)  # the first text loads a table
@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4))
def test_the_pieces_put_together_are_the_text(text: str, quotes: list[str]) -> None:
    found, extent = pieces(text, quotes)
    assert "".join(piece.text for piece in found) == text
    assert (extent != "none") == any(piece.marked for piece in found)
    assert all(piece.text for piece in found)


@settings(deadline=None)
@given(st.text(max_size=20), st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_a_quote_that_stands_there_is_marked_whole(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    extent, start, end = span(text, quote)
    assert extent == "whole" and text[start:end] == quote
