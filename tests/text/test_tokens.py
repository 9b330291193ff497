"""Lexical tokens."""

from __future__ import annotations

import pytest

from rag.text import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("科技园", ["科", "技", "园", "科技", "技园"]),
        ("國", ["国"]),
        ("AES100发动", ["aes100", "发", "动", "发动"]),
        ("C++ 与C#", ["c++", "与", "c#"]),
        ("6G、AI", ["6g", "ai"]),
        ("2.4万", ["2.4", "万"]),
        ("52073.4", ["52073.4"]),
        ("46.4％", ["46.4%"]),
        ("1,604.2", ["1604.2"]),
        ("1604.2", ["1604.2"]),
        ("１，０６８", ["1", "068"]),
        ("2025,1068项", ["2025", "1068", "项"]),
        ("前10，100家", ["前", "10", "100", "家"]),
        ("Привет", ["привет"]),
        ("。！ \n", []),
        ("", []),
    ],
)
def test_han_as_characters_and_pairs_latin_and_numbers_whole(
    text: str, expected: list[str]
) -> None:
    assert tokens(text) == expected
