"""Chunks, repeats and the whole parse."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text import parse, reading, sentence_key
from rag.types import Document, Parsed

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def parsed(text: str, size: int = 320) -> Parsed:
    return parse(Document("d", text, ""), size)


def texts(text: str, size: int = 320) -> list[str]:
    return [text[c.start : c.end] for c in parsed(text, size).chunks]


def check(result: Parsed, size: int) -> None:
    """The invariants that hold of every parse."""
    text, sections, sentences = result.document.text, result.sections, result.sentences
    last = 0
    for s in sentences:
        assert last <= s.start < s.end
        assert sections[s.section].start <= s.start and s.end <= sections[s.section].end
        last = s.end
    taken: set[int] = set()
    for c in result.chunks:
        assert (c.start, c.end) == (sentences[c.first].start, sentences[c.last].end)
        members = range(c.first, c.last + 1)
        assert taken.isdisjoint(members)
        taken.update(members)
        assert {sentences[i].section for i in members} == {c.section}
        assert c.end - c.start <= 1.5 * size or c.first == c.last
        assert any(character.isalnum() for character in text[c.start : c.end])


@pytest.mark.parametrize("size", [60, 320, 1000])
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_seeds_have_whole_sentences_in_bounded_chunks(path: Path, size: int) -> None:
    check(parsed(path.read_bytes().decode("utf-8"), size), size)


PIECES = st.sampled_from(
    ["北京科技", "创新发展取得新进展", "，", "。", "；", "：", "“", "”", "\n", "\n\n", "# ", "一、", "1.", "问：", "答：",
     "■ 王五", "本报讯", "新华社北京4月1日电", "12", "——", "...", "  "]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=120).map("".join), st.integers(20, 400))
def test_any_text_has_whole_sentences_in_bounded_chunks(text: str, size: int) -> None:
    check(parsed(text, size), size)


def test_chunks_are_balanced_and_leave_no_tiny_rest() -> None:
    text = "".join(f"第{i:02d}个项目今天正式签约落地。" for i in range(30))
    lengths = [len(chunk) for chunk in texts(text, 100)]
    assert sum(lengths) == len(text)
    assert max(lengths) <= 150 and min(lengths) >= 70


def test_a_lead_in_stays_with_its_first_item() -> None:
    text = (
        "论坛召开。" * 1
        + "今年的论坛规模空前盛况很大。"
        + "有三个特点：\n一是国际化程度很高。\n二是网络化。"
    )
    assert next(c for c in texts(text, 24) if "特点：" in c).count("一是") == 1


def test_the_context_is_the_title_path_and_the_speaker() -> None:
    text = "# 发布会\n## 就业\n记者：有何举措？\n王伟：减税降费，支持企业稳岗。"
    assert [c.context for c in parsed(text).chunks] == [
        "发布会 › 就业 › 王伟",
        "发布会 › 就业 › 王伟",
    ]


def test_only_punctuation_and_white_space_give_no_chunks() -> None:
    assert texts("。。。\n\n————\n  ！？") == []
    assert texts("") == []
    assert texts(" \n\u3000\n") == []


FIRST = "推动科技成果实现“全球买、全球卖”。走进交易中心，大屏上的数据亮眼：签订合同1068项。"


def test_a_passage_printed_twice_is_chunked_once() -> None:
    between = "\n\n《人民日报》2026年3月31日第13版\n\n"
    text = (
        f"希望有更多和中国科技界合作的机会。{FIRST}{between}技界合作的机会。\n\n"
        + FIRST.replace("。走", "。\n\n走")
    )
    joined = "".join(texts(text))
    assert joined.count("1068") == 1
    assert "机会。\n\n推动" not in joined


def test_a_short_sentence_said_twice_is_kept() -> None:
    text = "越开放越发展。今天的活动很精彩。越开放越发展。明天的活动更精彩。"
    assert texts(text) == [text]


def test_the_second_print_in_the_seeds_has_no_chunk() -> None:
    text = SEEDS[1].read_bytes().decode("utf-8")
    result = parsed(text)
    for phrase in ("技术出口成交额1604.2亿元", "52073.4亿元", "投资的沃土", "累累硕果"):
        assert text.count(phrase) == 2
        assert sum(phrase in text[c.start : c.end] for c in result.chunks) == 1
    assert "技界合作的机会。" not in {text[c.start : c.end] for c in result.chunks}


def test_one_sentence_has_one_key_whatever_its_breaks_and_marks() -> None:
    key = sentence_key("中国科技界合作的机会。")
    assert 0 <= key < 2**63
    assert sentence_key("“中國科\n\n技界合作的机会”") == key
    assert sentence_key("中国科技界合作的机遇。") != key


def test_a_seeds_cut_sentence_is_in_one_chunk() -> None:
    text = SEEDS[1].read_bytes().decode("utf-8")
    read = [reading(text[s.start : s.end]) for s in parsed(text).sentences]
    assert "希望未来有更多和中国科技界合作的机会。" in "".join(read)


@pytest.mark.parametrize(
    "text",
    [
        "北京数字经济增加值突破2.4万亿元。" * 60_000,
        "啊" * 1_000_000,
        "北京中关村论坛\n" * 100_000,
        "今年，我们在北京中关\n\n" * 50_000,
        "“" * 300_000 + "”" * 300_000,
        "问：a\n" * 30_000,
        " " * 1_000_000,
        "；" * 500_000,
    ],
    ids=["prose", "one line", "short lines", "cut lines", "quotes", "questions", "blanks", "semi"],
)
def test_a_megabyte_of_anything_is_parsed(text: str) -> None:
    result = parsed(text)
    assert all(s.end - s.start <= 480 for s in result.sentences)
