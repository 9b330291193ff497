"""Sections: articles, headings, questions and answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text import split_sections
from rag.types import Section

SEEDS = Path(__file__).parents[2] / "seeds"


def outline(text: str) -> list[tuple[tuple[str, ...], str, str, str]]:
    return [(s.titles, s.kind, s.speaker, s.byline) for s in split_sections(text)]


def seed(number: str) -> str:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return path.read_bytes().decode("utf-8")


def body(*titles: str, byline: str = "") -> tuple[tuple[str, ...], str, str, str]:
    return (titles, "body", "", byline)


PROSE = "清晨，机器人开始在车间里工作。工人们说，效率提高了一倍。"

CASES = [
    (PROSE, [body()]),
    ("# 报告\n\n## 一季度\n正文。\n## 二季度\n正文。", [body("报告", "一季度"), body("报告", "二季度")]),
    (
        "一、总体要求\n坚持创新。\n（一）指导思想\n深入落实。\n1.主要目标\n到2030年建成。\n二、任务\n推进。",
        [
            body("一、总体要求"),
            body("一、总体要求", "（一）指导思想"),
            body("一、总体要求", "（一）指导思想", "1.主要目标"),
            body("二、任务"),
        ],
    ),
    (
        "第一章 总则\n第一条 为了保护权益，制定本法。\n第二条 本法适用于境内。\n第二章 附则\n第三条 自公布之日起施行。",
        [body("第一章 总则", "第一条"), body("第一章 总则", "第二条"), body("第二章 附则", "第三条")],
    ),
    (f"机器人走进生活\n\n■ 王五 李小四\n\n{PROSE}", [body("机器人走进生活", byline="王五 李小四")]),
    (
        f"甲地发布新政\n\n本报讯（记者 王五）{PROSE}\n\n乙地签约项目\n\n新华社上海5月6日电 {PROSE}",
        [body("甲地发布新政", byline="记者 王五"), body("乙地签约项目", byline="新华社")],
    ),
    (
        f"教育部发布\n\n新版智慧平台\n\n新华社北京4月1日电 {PROSE}",
        [body("教育部发布新版智慧平台", byline="新华社")],
    ),
    (f"双城记\n\n——京沪十年观察\n\n{PROSE}", [body("双城记——京沪十年观察")]),
    (f"{PROSE}\n\n《人民日报》2026年3月31日第13版\n\n{PROSE}", [body(), body()]),
    (f"{PROSE}\n\n上接01版\n\n成果转化新途径\n\n{PROSE}", [body(), body("成果转化新途径")]),
    (f"标题一\n\n{PROSE}\n\n小标题在此\n\n{PROSE}", [body("标题一"), body("标题一", "小标题在此")]),
    (
        "（二）北京市社科院院长贺亚兰\n问题：如何发展？\n回答：抓落实。\n一是抓投资。",
        [
            (("（二）北京市社科院院长贺亚兰",), "question", "北京市社科院院长贺亚兰", ""),
            (("（二）北京市社科院院长贺亚兰",), "answer", "北京市社科院院长贺亚兰", ""),
        ],
    ),
    (
        "记者：有何举措？\n王伟：减税。\n记者：效果呢？\n王伟：很好。",
        [
            ((), "question", "王伟", ""),
            ((), "answer", "王伟", ""),
            ((), "question", "王伟", ""),
            ((), "answer", "王伟", ""),
        ],
    ),
    ("Q: What is AI?\nA: A field.", [((), "question", "", ""), ((), "answer", "", "")]),
    ("答：这里没有问题。", [body()]),
    ("本次论坛有三个特点：\n一是国际化。规模大。\n二是网络化。节点多。\n第一，要重视。", [body()]),
    ("主要任务如下。\n1.加强领导；\n2.落实责任；\n3.强化考核。", [body()]),
    ("购物清单如下。\n1.苹果\n2.香蕉\n3.橘子", [body()]),
    ("科技创新和技术改造再贷款额度增至\n\n1.2万亿元，将民营企业纳入支持领域。", [body()]),
    ("| 名称 | 数值 |\n| GDP | 5.4% |", [body()]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_document_has_these_sections(
    text: str, expected: list[tuple[tuple[str, ...], str, str, str]]
) -> None:
    assert outline(text) == expected


def test_a_section_begins_at_its_heading() -> None:
    text = f"{PROSE}\n\n# 第二篇\n\n{PROSE}"
    assert [text[s.start : s.start + 5] for s in split_sections(text)] == ["清晨，机器", "# 第二篇"]


def test_the_articles_of_a_newspaper_page_are_apart() -> None:
    sections = split_sections(seed("003"))
    roundtable = (
        "向新而行 双向奔赴 聚力向远——“中国经济圆桌会”共话“十五五”科技创新与产业创新深度融合"
    )
    assert [s.titles for s in sections] == [
        (roundtable,),
        (roundtable, "以融合之智开展高质量发展新蓝图"),
        (roundtable, "以协同之力打通科技产业融合之路"),
        (roundtable, "以扩围之势构建创新发展蓬勃生态"),
        ("外交部回应日本强行部署远程导弹：中方严重关切",),
        ("税收数据显示：今年我国经济发展开局良好、向“新”发展",),
        ("我国将开展基层医疗质量改善三年行动",),
        ("教育部发布新版国家智慧教育公共服务平台",),
        ("成果转化探索新途径",),
    ]


def test_the_press_briefing_has_five_speakers() -> None:
    sections = split_sections(seed("000"))
    assert [(s.kind, s.speaker) for s in sections if s.kind != "body"] == [
        (kind, speaker)
        for speaker in (
            "北京市社会科学院院长贺亚兰",
            "黑龙江省科学院副院长丰大军",
            "山东社会科学院党委副书记韩建文",
            "云南省科学技术院副院长马敏象",
        )
        for kind in ("question", "answer")
    ]
    assert sections[1].titles[1:] == (
        "（一）伍建民院长对智库论坛及联盟成果进行推介",
        "1.全球科技创新高端智库论坛的基本情况",
    )


def test_bylines_belong_to_their_articles() -> None:
    assert [s.byline for s in split_sections(seed("002"))] == ["张伟", "记者李争粉", "记者刘琴"]
    assert [s.byline for s in split_sections(seed("001"))] == [
        *["胡健 王昊男 王洲 潘俊强"] * 4,
        "",
        *["韩秉志"] * 4,
        "余惠敏",
        "",
    ]


def tile(sections: tuple[Section, ...], length: int) -> bool:
    edges = [0, *(s.end for s in sections)]
    return [s.start for s in sections] == edges[:-1] and edges[-1] == length


PIECES = st.sampled_from(
    ["北京科技", "，", "。", "\n", "\n\n", "# ", "## ", "一、", "（一）", "1.", "问：", "答：", "记者：", "第一条 ",
     "■ 王五", "本报讯", "新华社北京4月1日电", "上接01版", "——", "《人民日报》2026年3月31日第13版", "12", "\u200b", " "]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=50).map("".join), st.text(max_size=100)))
def test_sections_tile_the_document(text: str) -> None:
    sections = split_sections(text)
    assert tile(sections, len(text))
    assert all(s.end > s.start for s in sections)


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_sections_tile_each_seed(number: str) -> None:
    text = seed(number)
    assert tile(split_sections(text), len(text))
