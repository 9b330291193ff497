"""Enumerations as a whole, also over paragraphs; what only looks like one is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answer.enumeration import Enumeration, enumerations, introduces, opens_inside, ordinal
from rag.text import parse, reading
from rag.types import Document, Section, Sentence

Found = list[tuple[str | None, list[str]]]


def segmented(text: str) -> tuple[list[Sentence], dict[int, Section]]:
    parsed = parse(Document("a.txt", text, ""), 320)
    return list(parsed.sentences), dict(enumerate(parsed.sections))


def found(text: str) -> Found:
    """Of each enumeration the lead-in and its items, each from its first to its last sentence."""
    sentences, sections = segmented(text)

    def said(first: int, last: int) -> str:
        return reading(text[sentences[first].start : sentences[last].end])

    return [
        (None if e.lead is None else said(e.lead, e.lead), [said(a, b) for a, b in e.items])
        for e in enumerations(text, sentences, sections)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "绿港计划提出三项任务。\n\n一是建设处理厂。\n\n二是更换公交车。\n\n三是修复河岸。\n",
            [
                (
                    "绿港计划提出三项任务。",
                    ["一是建设处理厂。", "二是更换公交车。", "三是修复河岸。"],
                )
            ],
        ),
        (
            "大桥有两个特点。第一，跨度很大。第二，造型美观。",
            [("大桥有两个特点。", ["第一，跨度很大。", "第二，造型美观。"])],
        ),
        (
            "我们这样做。首先，清理河道。随后观察。其次，种植芦苇。最后，开放河岸。",
            [
                (
                    "我们这样做。",
                    ["首先，清理河道。随后观察。", "其次，种植芦苇。", "最后，开放河岸。"],
                )
            ],
        ),
        (
            "近年来，青江市推动高质量发展：一是坚持系统谋划。二是坚持重点突破。三是坚持开放。",
            [
                (
                    None,
                    [
                        "近年来，青江市推动高质量发展：一是坚持系统谋划。",
                        "二是坚持重点突破。",
                        "三是坚持开放。",
                    ],
                )
            ],
        ),
        ("一是建设处理厂。", []),
        ("二是更换公交车。三是修复河岸。", []),
        ("大桥很长。水库很深。", []),
        ("", []),
    ],
)
def test_ordinals_run_over_sentences_and_paragraphs(text: str, expected: Found) -> None:
    assert found(text) == expected


def test_an_item_may_be_several_sentences_and_the_last_ends_with_its_section() -> None:
    text = "任务如下。一是建设处理厂。处理厂共三座。二是更换公交车。公交车用电。市民很高兴。"
    assert found(text) == [
        (
            "任务如下。",
            ["一是建设处理厂。处理厂共三座。", "二是更换公交车。公交车用电。市民很高兴。"],
        )
    ]


def test_two_enumerations_of_one_kind_are_two() -> None:
    text = "甲有两项。一是绿化。二是净化。乙有两项。一是亮化。二是美化。"
    assert [(lead, items[0][:4], len(items)) for lead, items in found(text)] == [
        ("甲有两项。", "一是绿化", 2),
        ("乙有两项。", "一是亮化", 2),
    ]


def test_numbered_headings_are_sections_and_no_items() -> None:
    text = (
        "一、总体要求\n坚持创新发展。\n二、主要任务\n推进绿色发展。\n三、保障措施\n加强组织领导。\n"
    )
    assert found(text) == []


def test_sentences_that_open_alike_three_times_are_items() -> None:
    text = (
        "青江市这样推进。我们着力提升绿化水平。我们着力提升交通能力。天气很好。"
        "我们着力提升服务质量。其他略。"
    )
    ((lead, items),) = found(text)
    assert lead == "青江市这样推进。"
    assert [item[:10] for item in items] == [
        "我们着力提升绿化水平",
        "我们着力提升交通能力",
        "我们着力提升服务质量",
    ]


def test_sentences_that_open_alike_twice_are_none() -> None:
    assert found("我们着力提升绿化水平。我们着力提升交通能力。") == []


def test_dashed_items_follow_their_lead_in() -> None:
    text = (
        "大会发布以下成果：\n\n——青江宣言正式发布。\n\n——绿港基金正式设立。\n\n——白石实验室揭牌。\n"
    )
    assert found(text) == [
        (
            "大会发布以下成果：",
            ["——青江宣言正式发布。", "——绿港基金正式设立。", "——白石实验室揭牌。"],
        )
    ]


def test_one_dash_is_no_enumeration() -> None:
    assert found("成果如下：\n\n——青江宣言正式发布。\n\n会议结束。\n") == []


def test_counted_lines_under_a_lead_in_are_items() -> None:
    text = "青江市入选的三个项目\n\n白石水库扩建工程项目\n\n青江大桥加固工程项目\n\n绿港公园改造工程项目\n"
    assert found(text) == [
        (
            "青江市入选的三个项目",
            ["白石水库扩建工程项目", "青江大桥加固工程项目", "绿港公园改造工程项目"],
        )
    ]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("一是建设。", ("shi", 1)),
        ("“三是建设。", ("shi", 3)),
        ("第二，建设。", ("di", 2)),
        ("第十项是建设。", ("di", 10)),
        ("（四）建设。", ("kuo", 4)),
        ("(12)建设。", ("kuo", 12)),
        ("五、建设。", ("dun", 5)),
        ("3．建设。", ("num", 3)),
        ("3.建设。", ("num", 3)),
        ("3.5公里长。", None),
        ("再次，建设。", ("shou", 3)),
        ("第二届论坛。", None),
        ("十一是节日。", None),
        ("建设。", None),
        ("", None),
    ],
)
def test_an_item_is_known_by_its_mark(text: str, mark: tuple[str, int] | None) -> None:
    assert ordinal(text) == mark


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("推动发展：一是坚持谋划。", True),
        ("推动发展，一是坚持谋划。", True),
        ("推动发展：一是坚持谋划；二是突破。", False),
        ("一是坚持谋划。", False),
        ("统一是好事。", False),
    ],
)
def test_the_first_item_may_stand_inside_a_sentence(text: str, opens: bool) -> None:
    assert opens_inside(text) is opens


@pytest.mark.parametrize(
    ("line", "leads"),
    [
        ("成果如下", True),
        ("他说：", True),
        ("提出四项任务。", True),
        ("共12条", True),
        ("大桥通车。", False),
    ],
)
def test_a_lead_in_announces(line: str, leads: bool) -> None:
    assert introduces(line) is leads


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "seeds").glob("*.txt")))
def test_items_are_in_order_and_apart_in_real_documents(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    sentences, sections = segmented(text)
    groups: list[Enumeration] = enumerations(text, sentences, sections)
    for group in groups:
        assert len(group.items) >= 2
        end = -1 if group.lead is None else group.lead
        assert end < group.items[0][0]
        for first, last in group.items:
            assert end < first <= last < len(sentences)
            end = last
