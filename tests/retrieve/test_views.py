"""Whether a text holds a word."""

from __future__ import annotations

import pytest

from rag.retrieve.views import stands_in


@pytest.mark.parametrize(
    ("word", "text", "holds"),
    [
        ("市长", "青江市市长林远山说", True),
        ("市长", "青江市副市长林远山说", False),
        ("市长", "副市长林远山代市长出席", True),
        ("副市长", "青江市副市长林远山说", True),
        ("大桥", "副大桥和大桥", True),
        ("ai", "said", False),
        ("ai", "用ai写", True),
        ("5", "15家", False),
    ],
)
def test_an_office_is_not_held_by_its_deputy_nor_a_latin_word_by_a_longer_one(
    word: str, text: str, holds: bool
) -> None:
    assert stands_in(word, text) is holds
