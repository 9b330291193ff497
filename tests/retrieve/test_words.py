"""Words from the model's pieces: names joined again, known pairs kept."""

from __future__ import annotations

import pytest

from rag.embed.static import StaticEmbedder
from rag.retrieve.words import words_of


@pytest.fixture(scope="module")
def model() -> StaticEmbedder:
    return StaticEmbedder()


def test_two_single_characters_that_make_a_known_word_are_that_word(model: StaticEmbedder) -> None:
    plain = [word.text for word in words_of(model, "老外去年")]
    known = [word.text for word in words_of(model, "老外去年", {"老外"}.__contains__)]
    assert "老外" not in plain
    assert known == ["老外", "去年"]


def test_what_the_model_has_as_one_piece_is_not_cut_for_a_known_word(model: StaticEmbedder) -> None:
    assert [w.text for w in words_of(model, "人工智能", {"工智"}.__contains__)] == ["人工智能"]


def test_a_name_in_single_characters_is_joined_again(model: StaticEmbedder) -> None:
    assert "".join(word.text for word in words_of(model, "红楼梦作者")).startswith("红楼梦")
    assert "红楼梦" in [word.text for word in words_of(model, "红楼梦作者")]
