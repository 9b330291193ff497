"""The reading text of a span."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text import reading, reading_map


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("比以往任\n\n何时候", "比以往任何时候"),
        ("比以往任 \r\n\u3000\u3000何时候", "比以往任何时候"),
        ("jumps over\nthe dog", "jumps over the dog"),
        ("使用AI\n眼镜", "使用AI眼镜"),
        ("# 标题", "标题"),
        ("■ 胡健 王昊男", "胡健 王昊男"),
        ("- 条目", "条目"),
        ("**重点**：内容", "重点：内容"),
        ("-5℃的低温", "-5℃的低温"),
        ("会用C#", "会用C#"),
        ("中\u200b关\ufeff村", "中关村"),
        ("获得\n\n- 12 -\n\n感", "获得感"),
        ("达到6\n\n%左右", "达到6%左右"),
        ("达3.\n\n5万亿", "达3.5万亿"),
        ("", ""),
        ("  \n", ""),
    ],
)
def test_breaks_markers_and_invisible_characters_go(text: str, expected: str) -> None:
    assert reading(text) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("中国aB1.,%\n\r \u3000\u200b*#-_■，。"), max_size=40))
def test_every_character_of_the_reading_stands_at_its_offset(text: str) -> None:
    read, offsets = reading_map(text)
    assert read == reading(text)
    assert len(offsets) == len(read) + 1
    for character, offset in zip(read, offsets, strict=False):
        assert text[offset] == character or (character == " " and not text[offset].isalnum())
    assert list(offsets) == sorted(set(offsets)) or not read
