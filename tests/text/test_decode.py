"""Decoding: the right text, the encoding named, and nothing but typed refusals."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import UnsupportedInput
from rag.text.decode import Decoded, decode, mend_surrogates

SIMPLIFIED = (
    "新闻发布会上，记者提问：2026年中关村论坛有多少项目签约？\r\n共有16个，金额达1.2亿元。\n"
)
TRADITIONAL = (
    "新聞發布會上，記者提問：二零二六年論壇有多少項目簽約？\r\n共有16個，金額達1.2億元。\n"
)

# Control characters are for binary files, U+FEFF at the start is a mark, surrogates are mended.
plain = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"))
chinese = st.text(st.sampled_from("新闻发布会上记者提问年中国的一是在有人这大，。、\n"), min_size=8)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (SIMPLIFIED.encode(), "utf-8"),
        (codecs.BOM_UTF8 + SIMPLIFIED.encode(), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + SIMPLIFIED.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + SIMPLIFIED.encode("utf-32-le"), "utf-32-le"),
        (codecs.BOM_UTF32_BE + SIMPLIFIED.encode("utf-32-be"), "utf-32-be"),
        (SIMPLIFIED.encode("utf-16-le"), "utf-16-le"),
        (SIMPLIFIED.encode("utf-16-be"), "utf-16-be"),
        (SIMPLIFIED.encode("gbk"), "gb18030"),
        (SIMPLIFIED.encode("gb18030"), "gb18030"),
    ],
)
def test_simplified_text_comes_back_whole_with_its_newlines(data: bytes, encoding: str) -> None:
    assert decode(data) == Decoded(SIMPLIFIED, encoding)


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8", "utf-16-le"])
def test_traditional_text_comes_back_whole(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding)) == Decoded(TRADITIONAL, encoding)


@pytest.mark.parametrize("text", ["臺灣", "東京", "北京市", "論壇"])
def test_two_characters_are_enough_for_big5(text: str) -> None:
    assert decode(text.encode("big5")).text == text


@pytest.mark.parametrize("text", ["中国", "北京市", "论坛", "签约仪式"])
def test_two_characters_are_enough_for_gbk(text: str) -> None:
    assert decode(text.encode("gbk")) == Decoded(text, "gb18030")


def test_a_character_that_only_microsofts_big5_has_is_read_as_cp950() -> None:
    text = "論壇裏的項目，金額達1.2億元。"
    assert decode(text.encode("cp950")) == Decoded(text, "cp950")


def test_english_with_curly_quotes_is_no_chinese() -> None:
    text = "The forum’s caf\xe9 is open to all of the guests and to the press."
    assert decode(text.encode("cp1252")) == Decoded(text, "cp1252")


def test_the_character_one_does_not_turn_utf16_around() -> None:
    assert decode("一一一\n".encode("utf-16-le")).text == "一一一\n"
    assert decode("一一一\n".encode("utf-16-be")).text == "一一一\n"


@pytest.mark.parametrize(
    "data",
    [
        b"text with a \0 in it",
        b"\0" * 40,
        b"\x7fELF\x02\x01\x01" + bytes(range(256)),
        bytes(range(1, 32)) * 4,
        "中\0国".encode(),
        codecs.BOM_UTF16_BE + b"\0\0\0\0",
    ],
)
def test_nul_bytes_and_control_characters_are_refused_as_binary(data: bytes) -> None:
    with pytest.raises(UnsupportedInput, match="binary"):
        decode(data)


@pytest.mark.parametrize(
    ("text", "encoding"), [("こんにちは世界。" * 20, "shift_jis"), ("Привет мир " * 20, "koi8-r")]
)
def test_an_encoding_that_is_not_known_is_refused_and_not_guessed(text: str, encoding: str) -> None:
    with pytest.raises(UnsupportedInput, match="save it as UTF-8"):
        decode(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_tail_cut_in_the_middle_of_a_character_is_read_and_counted(encoding: str) -> None:
    text = "记者提问，论坛有多少项目签约。" * 8
    decoded = decode(text.encode(encoding)[:-1])
    assert decoded == Decoded(text[:-1] + "\ufffd", encoding, damaged=1)


def test_lone_surrogates_become_replacement_characters() -> None:
    assert decode(b"a\xed\xa0\x80b").text == "a\ufffd" + "b"
    lone = codecs.BOM_UTF16_LE + "a\ud800b".encode("utf-16-le", "surrogatepass")
    assert decode(lone).text == "a\ufffdb"
    assert mend_surrogates("\ud83d\ude00 \ude00") == "😀 \ufffd"


def test_only_the_mark_is_taken_away() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + b"x\r\ry\n").text == "\ufeffx\r\ry\n"
    assert decode(b"") == Decoded("", "utf-8")


def test_ten_megabytes_on_one_line_take_no_time() -> None:
    text = "记者提问，论坛有多少项目签约。" * 333_333
    assert decode(text.encode("gb18030")).text == text


@given(plain)
def test_utf8_comes_back_with_and_without_its_mark(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "utf-8")
    assert decode(codecs.BOM_UTF8 + text.encode()) == Decoded(text, "utf-8-sig")


@given(plain, st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_marked_wide_text_comes_back(text: str, encoding: str) -> None:
    mark = {
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE,
        "utf-32-be": codecs.BOM_UTF32_BE,
    }[encoding]
    assert decode(mark + text.encode(encoding)) == Decoded(text, encoding)


@given(chinese)
def test_chinese_text_comes_back_from_gb18030_and_unmarked_utf16(text: str) -> None:
    text += "新闻发布会上，记者提问。2026\n"
    assert decode(text.encode("gb18030")) == Decoded(text, "gb18030")
    assert decode(text.encode("utf-16-le")) == Decoded(text, "utf-16-le")
    assert decode(text.encode("utf-16-be")) == Decoded(text, "utf-16-be")


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text = decode(data).text
    except UnsupportedInput:
        return
    text.encode()  # no surrogates
    assert "\0" not in text
