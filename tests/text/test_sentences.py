"""Sentences: Chinese rules, lines and paragraphs, breaks that cut a sentence."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text import reading, split_sentences


def read(text: str) -> list[str]:
    return [reading(text[s.start : s.end]) for s in split_sentences(text, 0, len(text))]


ONE_LINE = [
    ("今天开会。明天发布！后天呢？", ["今天开会。", "明天发布！", "后天呢？"]),
    ("他来了……她走了。", ["他来了……", "她走了。"]),
    (
        "工业4.0很重要，产值2.4万亿元。圆周率约3.14。",
        ["工业4.0很重要，产值2.4万亿元。", "圆周率约3.14。"],
    ),
    (
        "2025年，占比达到46.4%；其中核心产业增长10.4%。下一步扩围。",
        ["2025年，占比达到46.4%；其中核心产业增长10.4%。", "下一步扩围。"],
    ),
    (
        "“今天天气好！”他说，“我们走吧。”然后走了。",
        ["“今天天气好！”", "他说，“我们走吧。”", "然后走了。"],
    ),
    (
        "“智库联盟持续开展研究。协同创新。”院长伍某介绍。",
        ["“智库联盟持续开展研究。协同创新。”院长伍某介绍。"],
    ),
    ("他说：“第一点。第二点。”大家鼓掌。", ["他说：“第一点。第二点。”", "大家鼓掌。"]),
    ("这个“谁来养老？”的问题难倒了人。", ["这个“谁来养老？”的问题难倒了人。"]),
    ("《谁是最可爱的人？》发表于1951年。", ["《谁是最可爱的人？》发表于1951年。"]),
    ("「春天來了。」他說得很輕。", ["「春天來了。」", "他說得很輕。"]),
    ("见附表（略。）请查收。", ["见附表（略。）请查收。"]),
    ("真的吗？！是的。。好。", ["真的吗？！", "是的。。", "好。"]),
    ("Mr. Smith paid $3.50. He left at 5 p.m. yesterday.", None),
    (
        "He lives in the U.S. and works. They met Dr. Li.",
        ["He lives in the U.S. and works.", "They met Dr. Li."],
    ),
    ("访问 https://a.cn/x?y=1&z=2 查看。完。", ["访问 https://a.cn/x?y=1&z=2 查看。", "完。"]),
    ("“我会去的。 ”然而他没有。", ["“我会去的。 ”", "然而他没有。"]),
    ("三人在调试设备。新华社记者 李四 摄", ["三人在调试设备。新华社记者 李四 摄"]),
    ("版本号是Python 3.11. 它更快。", ["版本号是Python 3.11.", "它更快。"]),
]


@pytest.mark.parametrize(("text", "expected"), [case for case in ONE_LINE if case[1]])
def test_a_line_is_split_at_the_ends_of_its_sentences(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_an_english_dot_ends_a_sentence_only_before_a_capital_and_after_no_abbreviation() -> None:
    assert read("Mr. Smith paid $3.50. He left, etc. and so on.") == [
        "Mr. Smith paid $3.50.",
        "He left, etc. and so on.",
    ]


def test_a_long_sentence_is_split_at_semicolons_and_a_short_one_is_not() -> None:
    first, second = "一是" + "加强领导" * 18 + "；", "二是" + "落实责任" * 18 + "。"
    assert read(first + second) == [first, second]


def test_a_long_quotation_is_split_inside_and_its_closing_mark_stays() -> None:
    one, two = "我们要" + "加快建设" * 20 + "。", "下一步" + "抓好落实" * 20 + "。"
    assert read(f"他说：“{one}{two}”会议结束。") == [f"他说：“{one}", f"{two}”", "会议结束。"]


CUT = [
    # the seeds' own breaks
    ("人类要破解共同发展难题,比以往任\n\n何时候都更需要国际合作。", "人类要破解共同发展难题,比以往任何时候都更需要国际合作。"),
    ("“一链一策”推进产业链延伸和协同配套,不断做\n\n大三地产业规模。”", "“一链一策”推进产业链延伸和协同配套,不断做大三地产业规模。”"),
    ("中国科技发展日新月异,希望未来有更多和中国科\n\n技界合作的机会。", "中国科技发展日新月异,希望未来有更多和中国科技界合作的机会。"),
    ("年会期间,标准化与科技创新\n\n发展论坛上,“天工3.0”登上论坛。", "年会期间,标准化与科技创新发展论坛上,“天工3.0”登上论坛。"),
    ("一个清晰信号从中关村向世界传递:建设更\n\n加开放包容的创新网络。", "一个清晰信号从中关村向世界传递:建设更加开放包容的创新网络。"),
    ("已累计服务267家单位,基于子午工\n\n程,由我国牵头发起的计划获得支持。", "已累计服务267家单位,基于子午工程,由我国牵头发起的计划获得支持。"),
    ("“加强企业主导的产学研深度融合”“发\n\n挥科技型骨干企业引领支撑作用”……", "“加强企业主导的产学研深度融合”“发挥科技型骨干企业引领支撑作用”……"),
    ("科技创新和技术改造再贷款额度增至\n\n1.2万亿元，将民营企业纳入支持领域。", "科技创新和技术改造再贷款额度增至1.2万亿元，将民营企业纳入支持领域。"),
    ("走出一条具有中国特色的高新技术产业化道路,已\n\n成为科技创新和产业创新的重要载体。", "走出一条具有中国特色的高新技术产业化道路,已成为科技创新和产业创新的重要载体。"),
    ("统战部部长马骏表示,“十四五”以来,中关\n\n村示范区以不足4%的土地,贡献了1/3。", "统战部部长马骏表示,“十四五”以来,中关村示范区以不足4%的土地,贡献了1/3。"),
    ("围绕园区规划设计、科技园区与高校联动发展等\n\n议题,交流研讨发展新模式。", "围绕园区规划设计、科技园区与高校联动发展等议题,交流研讨发展新模式。"),
    # others of the same kinds
    ("北京市将继续支持量子信息产业发展，推动科\n\n技成果转化。", "北京市将继续支持量子信息产业发展，推动科技成果转化。"),
    ("全国人大代表张三在接受采访时表\n\n示，今年要抓好落实。", "全国人大代表张三在接受采访时表示，今年要抓好落实。"),
    ("上海市委常\n\n委、副市长李四表示，要加快建设。", "上海市委常委、副市长李四表示，要加快建设。"),
    ("他说：“我们要加快\n\n建设。”", "他说：“我们要加快建设。”"),
    ("各地要因地制宜，把\n\n工作做细做实。", "各地要因地制宜，把工作做细做实。"),
    ("全年出口额达\n\n3.5万亿元，同比增长4.1%。", "全年出口额达3.5万亿元，同比增长4.1%。"),
    ("全年出口额达3.\n\n5万亿元，同比增长4.1%。", "全年出口额达3.5万亿元，同比增长4.1%。"),
    ("研发投入强度达到6\n\n%左右，居全国首位。", "研发投入强度达到6%左右，居全国首位。"),
    ("《关于促进\n\n高质量发展的意见》日前印发。", "《关于促进高质量发展的意见》日前印发。"),
    ("今年以来，全市新设外资企业\n332家，各项工作同比增长19.5%，记者从会上获悉。", "今年以来，全市新设外资企业332家，各项工作同比增长19.5%，记者从会上获悉。"),
    ("推动传统产业数字化、网络化、\n\n智能化改造，取得成效。", "推动传统产业数字化、网络化、智能化改造，取得成效。"),
    ("我国经济长期向好的基本面没有变\n\n也不会变，这有充分依据。", "我国经济长期向好的基本面没有变也不会变，这有充分依据。"),
    ("会上发布了（首批\n\n试点）名单，共十家。", "会上发布了（首批试点）名单，共十家。"),
    ("这一政策覆盖面广，惠及人口多，对于\n\n群众生活影响深远。", "这一政策覆盖面广，惠及人口多，对于群众生活影响深远。"),
    ("The quick brown fox jumps over\nthe lazy dog.", "The quick brown fox jumps over the lazy dog."),
    ("医疗机构应当加强管理，提高服\r\n\r\n务水平。", "医疗机构应当加强管理，提高服务水平。"),
    ("该市围绕重点产业链，推动企\n\n\n业加快技术改造。", "该市围绕重点产业链，推动企业加快技术改造。"),
    ("专家认为，这一趋势仍将持续\n\n，不会改变。", "专家认为，这一趋势仍将持续，不会改变。"),
    ("记者在现场看到，工人们正在\n\n安装设备，一片忙碌。", "记者在现场看到，工人们正在安装设备，一片忙碌。"),
    ("城市更新项目惠及居民三万户，切实增强群众的获得\n\n- 12 -\n\n感和幸福感。", "城市更新项目惠及居民三万户，切实增强群众的获得感和幸福感。"),
    ("来自德国、法国、意大利和\n\n西班牙的专家出席。", "来自德国、法国、意大利和西班牙的专家出席。"),
    ("这些企业的年均增速超过\n\n百分之十，位居前列。", "这些企业的年均增速超过百分之十，位居前列。"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CUT)
def test_a_sentence_cut_by_a_page_or_column_break_is_one(text: str, expected: str) -> None:
    assert read(text) == [expected]


APART = [
    ("苹果\n香蕉\n橘子", ["苹果", "香蕉", "橘子"]),
    ("区域协同取得新进展\n\n2025年，三地经济总量近12万亿元。", ["区域协同取得新进展", "2025年，三地经济总量近12万亿元。"]),
    ("机器人走进生活\n\n■ 王五\n\n清晨，机器人开始工作。", ["机器人走进生活", "王五", "清晨，机器人开始工作。"]),
    ("他走了。\n\n图为现场。\n新华社记者 李四 摄\n\n他来了。", ["他走了。", "图为现场。", "新华社记者 李四 摄", "他来了。"]),
    ("主要任务：\n1.加强领导；\n2.落实责任。", ["主要任务：", "1.加强领导；", "2.落实责任。"]),
    ("基础研究\n\n连续9年位居榜首,总规模500亿元\n\n北京输出技术合同成交额,比“十三五”时期增长1.7倍", None),
    ("- 共绘新图景 02版\n- 机器人“营业” 05版", ["共绘新图景 02版", "机器人“营业” 05版"]),
    ("　　第一段没有句号\n　　第二段有句号。", ["第一段没有句号", "第二段有句号。"]),
    ("| 名称 | 数值 |\n| GDP | 5.4% |", ["| 名称 | 数值 |", "| GDP | 5.4% |"]),
    ("# 报告\n今年，形势很好。", ["报告", "今年，形势很好。"]),
    (
        "翟某说，将继续发挥改革“试\n\n展台上，一台机器人在展示穿针引线(3月25日摄)。新华社发\n\n验田”作用，加大力度。",
        ["翟某说，将继续发挥改革“试", "展台上，一台机器人在展示穿针引线(3月25日摄)。新华社发", "验田”作用，加大力度。"],
    ),
    ("双城记\n\n——京沪合作十年观察\n\n十年来，合作深入。", ["双城记", "——京沪合作十年观察", "十年来，合作深入。"]),
    ("教育部发布\n\n新版智慧教育平台\n\n新华社北京4月1日电 教育部日前开会。", ["教育部发布新版智慧教育平台", "新华社北京4月1日电 教育部日前开会。"]),
    ("围绕国家需求协同育人，推行以市场反馈为主的", ["围绕国家需求协同育人，推行以市场反馈为主的"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case for case in APART if case[1]])
def test_headings_captions_items_and_rows_are_not_joined(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_hard_wrapped_lines_are_put_together() -> None:
    text = (
        "北京市今年将继续推进国际科技创新中心\n建设，重点支持人工智能、量子信息等领\n"
        "域的基础研究，加快打造世界领先的科技\n园区。下一步，还要完善政策体系，优化\n营商环境。\n"
    )
    assert read(text) == [
        "北京市今年将继续推进国际科技创新中心建设，重点支持人工智能、量子信息等领域的基础研究，加快打造世界领先的科技园区。",
        "下一步，还要完善政策体系，优化营商环境。",
    ]


def test_the_span_of_a_cut_sentence_covers_the_break() -> None:
    text = "开头。\n\n人类要破解共同发展难题,比以往任\n\n何时候都更需要合作。"
    last = split_sentences(text, 0, len(text))[-1]
    assert text[last.start : last.end] == "人类要破解共同发展难题,比以往任\n\n何时候都更需要合作。"


def test_headings_and_bylines_are_marked() -> None:
    text = "机器人走进生活\n\n■ 王五\n\n清晨，机器人开始工作。"
    assert [s.heading for s in split_sentences(text, 0, len(text))] == [True, True, False]


def test_line_ends_of_windows_and_unix_give_the_same_sentences() -> None:
    text = "标题在此\n\n■ 王五\n\n比以往任\n\n何时候都重要。\n他说，好。\n"
    assert read(text) == read(text.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "text", ["啊" * 1_000_000, "，啊" * 500_000, "“" * 500_000, "1" * 1_000_000]
)
def test_one_endless_line_is_split_into_bounded_pieces(text: str) -> None:
    spans = split_sentences(text, 0, len(text))
    assert max(s.end - s.start for s in spans) <= 480
    assert sum(s.end - s.start for s in spans) == len(text)


def test_one_line_of_ten_million_characters_is_split() -> None:
    sentence = "北京数字经济增加值突破2.4万亿元，占比达到46.4%。"
    text = sentence * (10_000_000 // len(sentence))
    spans = split_sentences(text, 0, len(text))
    assert {text[s.start : s.end] for s in spans} == {sentence}


PIECES = st.sampled_from(
    ["北京", "科技创新", "，", "。", "！", "；", "：", "“", "”", "（", "）", "…", "\n", "\n\n", "\r\n", " ", "\u3000",
     "1.2", "%", "# ", "- ", "■ ", "一、", "1.", "问：", "答：", "A", ".", "——", "新华社北京4月1日电", "\u200b", "摄", "|", "12"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=120))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_character_is_lost_and_no_two_sentences_overlap(text: str) -> None:
    covered: set[int] = set()
    last = 0
    for s in split_sentences(text, 0, len(text)):
        assert last <= s.start < s.end <= len(text)
        covered.update(range(s.start, s.end))
        last = s.end
    for offset, character in enumerate(text):
        if offset in covered or character.isspace() or character in "#>-*+•·▪◦‣–■►▶●◆□◇○◎▲△★☆※➤➢":
            continue
        assert unicodedata.category(character) in ("Cf", "Cc"), (offset, character)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES.filter(lambda p: p != "\r\n"), max_size=60).map("".join))
def test_mixed_line_ends_give_the_same_sentences(text: str) -> None:
    mixed = text.replace("\n\n", "\n\r\n")
    assert read(text) == read(mixed) == read(text.replace("\n", "\r\n"))
