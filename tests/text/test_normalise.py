"""Folding: one form for what is one to a reader, with exact offsets."""

from __future__ import annotations

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text import fold, fold_text
from rag.text.normalise import simplified_characters


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("國際科技創新", "国际科技创新"),
        ("２０２５年，增長４６．４％", "2025年,增长46.4%"),
        ("AI 眼镜", "ai眼镜"),
        ("8 月 16 日", "8月16日"),
        ("AI  for\n Engineering", "ai for engineering"),
        ("零\u200b宽\ufeff\U000e0041字", "零宽字"),
        ("\u202e右到左\u202c", "右到左"),
        ("cafe\u0301 CAFÉ", "cafe cafe"),
        ("  前后  ", "前后"),
        ("ﬁn①", "fin1"),
        ("", ""),
    ],
)
def test_what_reads_alike_folds_alike(text: str, folded: str) -> None:
    assert fold_text(text) == folded


def test_the_map_leads_back_to_the_original() -> None:
    text = "在 ２０２５\n年，國\u200b際"
    folded = fold(text)
    start = folded.text.index("国际")
    first, last = folded.span(start, start + 2)
    assert text[first:last] == "國\u200b際"
    assert folded.offsets == (0, 2, 3, 4, 5, 7, 8, 9, 11, 12)


def test_the_table_equals_opencc_on_single_characters() -> None:
    converter = opencc.OpenCC("t2s")
    differ = [
        chr(code)
        for code, simple in simplified_characters().items()
        if converter.convert(chr(code)) != simple
    ]
    assert differ == ["薴"]  # 薴 -> 苧 -> 苎: folded to the end, so that folding twice is once


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("國a B\n\u3000ﬁ①，.\u200b中"), max_size=40) | st.text(max_size=40))
def test_the_map_has_an_offset_for_every_character_and_is_ordered(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= offset <= len(text) for offset in folded.offsets)
