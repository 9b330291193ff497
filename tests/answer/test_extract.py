"""What is said of small made-up documents: the fact, the list, the printed answer, both values."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.assemble import assemble
from rag.answer.extract import ROOM, extract
from rag.text import reading
from tests.fakes.ranking import memory, weighed

BRIDGE = (
    "青江大桥通车\n\n"
    "青江大桥2024年5月1日正式通车。大桥全长3.6公里，总投资48.5亿元。"
    "设计师林远山表示，大桥采用双塔结构。市民可以步行过桥，也可以骑车。\n"
)
PLAN = (
    "青江市绿港计划\n\n绿港计划提出四项任务。\n\n一是建设三座垃圾处理厂，减少填埋。\n\n"
    "二是更换全部公交车，使用电能。\n\n三是修复二十公里河岸，种植芦苇。\n\n"
    "四是开放十处屋顶花园，供市民游览。\n\n青江大学将派出专家评估。\n"
)
PRINTED = (
    "青江博物馆问答\n\n问：青江博物馆什么时候闭馆？\n\n"
    "答：青江博物馆每周一闭馆维护，其余时间九点至十七点开放。节假日照常开放。\n\n"
    "问：门票怎么预约？\n\n答：门票通过博物馆网站预约，每人每天限两张。现场不售票。\n"
)
FORUM = "青江论坛简报\n\n第五届青江论坛共有320家企业参展。论坛为期三天。\n"
DAILY = "青江日报消息\n\n第五届青江论坛共有280家企业参展。开幕式在会展中心举行。\n"
CAPTION = (
    "青江水厂改造\n\n厂长周启明说：“水厂改造以后，日供水能力达到60万吨，\n\n"
    "图为青江水厂外景。王小川摄\n\n能够满足全市居民的用水需要。”\n\n改造工程历时两年。\n"
)


def said(
    question: str, texts: Mapping[str, str], max_answer: int = 300
) -> list[tuple[str, str, list[str]]]:
    """(role, reading text, key texts) of each pick."""
    corpus = memory(texts)
    found = weighed(question, corpus)
    rows = []
    for pick in extract(found.view, found.ranked, corpus, max_answer, found.parts):
        text = corpus.document(pick.doc).text
        keys = [text[a:b] for a, b in pick.key]
        rows.append((pick.role, reading(text[pick.start : pick.end]), keys))
    return rows


def test_one_fact_is_one_sentence_with_the_number_as_its_key() -> None:
    assert said("青江大桥全长多少公里？", {"a": BRIDGE}) == [
        ("main", "大桥全长3.6公里，总投资48.5亿元。", ["3.6公里"])
    ]


def test_the_key_is_the_value_of_what_was_asked_for() -> None:
    assert said("青江大桥总投资是多少？", {"a": BRIDGE}) == [
        ("main", "大桥全长3.6公里，总投资48.5亿元。", ["48.5亿元"])
    ]


def test_a_date_is_a_key_too() -> None:
    (main, *_) = said("青江大桥什么时候通车？", {"a": BRIDGE})
    assert main == ("main", "青江大桥2024年5月1日正式通车。", ["2024年5月1日"])


def test_a_sentence_is_cut_at_its_semicolons() -> None:
    text = "青江大桥全长3.6公里；白石水库库容2.4亿立方米；绿港公园占地500亩。"
    ((role, part, keys),) = said("白石水库库容是多少？", {"a": text})
    assert (role, part, keys[0][:3]) == ("main", "白石水库库容2.4亿立方米", "2.4")


def test_a_list_is_said_whole_with_its_lead_in() -> None:
    assert said("绿港计划提出哪四项任务？", {"a": PLAN}) == [
        ("lead", "绿港计划提出四项任务。", []),
        ("item", "一是建设三座垃圾处理厂，减少填埋。", []),
        ("item", "二是更换全部公交车，使用电能。", []),
        ("item", "三是修复二十公里河岸，种植芦苇。", []),
        ("item", "四是开放十处屋顶花园，供市民游览。", []),
    ]


def test_a_list_over_the_limit_is_said_by_the_heads_of_its_items() -> None:
    long = PLAN.replace("减少填埋", "减少填埋，逐步关闭现有的两处填埋场，恢复周边植被")
    rows = said("绿港计划提出哪四项任务？", {"a": long}, max_answer=80)
    assert [role for role, _, _ in rows] == ["lead", "item", "item", "item", "item"]
    assert rows[1][1] == "一是建设三座垃圾处理厂，减少填埋"


@pytest.mark.parametrize("question", ["门票怎么预约？", "青江博物馆门票如何预约"])
def test_a_printed_question_is_answered_from_its_printed_answer(question: str) -> None:
    rows = said(question, {"a": PRINTED})
    assert rows[0] == ("main", "门票通过博物馆网站预约，每人每天限两张。", [])
    assert {text for _, text, _ in rows} <= {
        "门票通过博物馆网站预约，每人每天限两张。",
        "现场不售票。",
    }


def test_two_documents_that_disagree_are_both_said() -> None:
    rows = said("第五届青江论坛共有多少家企业参展？", {"a": FORUM, "b": DAILY})
    assert sorted(row[0] for row in rows) == ["conflict", "main"]
    assert {(text, *keys) for _, text, keys in rows} == {
        ("第五届青江论坛共有320家企业参展。", "320家"),
        ("第五届青江论坛共有280家企业参展。", "280家"),
    }


def test_two_documents_that_agree_are_said_once() -> None:
    again = FORUM.replace("简报", "专刊").replace("三天", "五天")
    rows = said("第五届青江论坛共有多少家企业参展？", {"a": FORUM, "b": again})
    assert [text for _, text, _ in rows].count("第五届青江论坛共有320家企业参展。") == 1
    assert "conflict" not in [role for role, _, _ in rows]


def test_each_part_of_a_question_gets_its_sentence() -> None:
    rows = said("青江大桥什么时候通车，总投资多少？", {"a": BRIDGE})
    assert [(role, text) for role, text, _ in rows] == [
        ("main", "青江大桥2024年5月1日正式通车。"),
        ("second", "大桥全长3.6公里，总投资48.5亿元。"),
    ]


def test_two_facts_of_two_documents_are_both_said() -> None:
    reservoir = "白石水库简介\n\n白石水库位于青江上游。水库库容2.4亿立方米，由省水利厅管理。\n"
    rows = said("青江大桥全长和白石水库的库容分别是多少？", {"a": BRIDGE, "b": reservoir})
    assert [keys for _, _, keys in rows[:2]] == [["3.6公里"], ["2.4亿立方米"]]


def test_one_sentence_that_answers_both_parts_is_said_once_with_both_keys() -> None:
    rows = said("青江大桥全长多少公里，总投资多少？", {"a": BRIDGE})
    assert rows[0] == ("main", "大桥全长3.6公里，总投资48.5亿元。", ["3.6公里", "48.5亿元"])
    assert "大桥全长3.6公里，总投资48.5亿元。" not in [text for _, text, _ in rows[1:]]


def test_both_sides_of_a_semicolon_are_said_where_each_answers_a_part() -> None:
    text = "青江大桥全长3.6公里；白石水库库容2.4亿立方米；绿港公园占地500亩。"
    rows = said("青江大桥全长多少公里，白石水库库容是多少？", {"a": text})
    assert rows == [
        ("main", "青江大桥全长3.6公里；白石水库库容2.4亿立方米", ["3.6公里", "2.4亿立方米"])
    ]


def test_the_best_sentence_of_every_part_comes_before_the_rest_of_any() -> None:
    rows = said(
        "青江大桥什么时候通车，第五届青江论坛有多少家企业参展？",
        {"a": BRIDGE, "b": FORUM, "c": DAILY},
    )
    first, second, *rest = [text for _, text, _ in rows]
    assert first == "青江大桥2024年5月1日正式通车。"
    assert {second, *rest} >= {
        "第五届青江论坛共有320家企业参展。",
        "第五届青江论坛共有280家企业参展。",
    }


def test_a_list_asked_for_beside_a_fact_is_whole() -> None:
    rows = said("绿港计划提出哪四项任务，青江大桥总投资多少？", {"a": BRIDGE, "b": PLAN})
    assert [role for role, _, _ in rows] == ["lead", "item", "item", "item", "item", "second"]
    assert rows[-1][2] == ["48.5亿元"]


def test_more_than_a_sentence_a_part_only_as_far_as_there_is_room() -> None:
    long = "".join(
        f"青江大桥{name}由青江市交通局负责，资金来自市财政和社会资本，工期共计{n}天。"
        for n, name in enumerate(["东段", "西段", "引桥", "匝道"], start=12)
    )
    rows = said("青江大桥东段工期多少天，引桥工期多少天？", {"a": long})
    assert sum(len(text) for _, text, _ in rows) <= ROOM
    assert [keys for _, _, keys in rows[:2]] == [["12天"], ["14天"]]


def test_a_sentence_broken_by_a_caption_is_continued() -> None:
    corpus = memory({"a": CAPTION})
    found = weighed("青江水厂改造后日供水能力达到多少万吨？", corpus)
    pick, *_ = extract(found.view, found.ranked, corpus, 300, found.parts)
    text = corpus.document("a").text
    assert "日供水能力达到60万吨" in text[pick.start : pick.end]
    ((start, end, index),) = pick.rest
    assert text[start:end] == "能够满足全市居民的用水需要。”"
    assert corpus.sentences("a", index, index)[0].start == start


def test_the_answer_keeps_to_its_limit_but_for_the_first_sentence() -> None:
    rows = said("青江大桥什么时候通车，总投资多少？", {"a": BRIDGE}, max_answer=10)
    assert [role for role, _, _ in rows] == ["main"]


def test_nothing_ranked_is_nothing_said() -> None:
    corpus = memory({"a": BRIDGE})
    assert extract(weighed("青江大桥", corpus).view, [], corpus, 300) == []
    assert said("青江大桥全长多少？", {}) == []


PIECES = st.lists(
    st.sampled_from(
        [
            "青江大桥全长3.6公里；总投资48.5亿元。",
            "一是绿化。",
            "二是净化，",
            "\n\n",
            "\n",
            "　　",
            "林远山说：“大桥很美，",
            "全市受益。”",
            "图为大桥外景。王小川摄",
            "问：大桥多长？",
            "答：3.6公里。",
            "- 第五届论坛有３２０家企业參展",
            "**总投资**：48.5亿元",
            "（一）任务：",
        ]
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(PIECES.map("".join), min_size=1, max_size=2),
    st.sampled_from(
        ["青江大桥总投资多少？", "有哪些任务？", "谁说大桥很美？", "大桥多长，多少家企业参展？"]
    ),
    st.sampled_from([40, 300]),
)
def test_every_quote_stands_in_its_document_and_every_key_in_its_sentence(
    texts: list[str], question: str, max_answer: int
) -> None:
    corpus = memory({f"{i}.txt": text for i, text in enumerate(texts)})
    found = weighed(question, corpus)
    picks = extract(found.view, found.ranked, corpus, max_answer, found.parts)
    sentences, citations = assemble(picks, corpus)
    assert [c.n for c in citations] == list(range(1, len(citations) + 1))
    for citation in citations:
        text = corpus.document(citation.doc).text
        assert 0 <= citation.start < citation.end <= len(text)
        assert text[citation.start : citation.end] == citation.quote
    for sentence in sentences:
        quotes = [reading(citations[n - 1].quote) for n in sentence.citations]
        assert sentence.text == "".join(quotes)
        for start, end in sentence.key:
            assert 0 <= start < end <= len(sentence.text)


def test_a_place_that_the_lead_in_names_is_no_list() -> None:
    text = (
        "青江会议\n\n2024年5月第二届青江会议在白石市召开，会议的意义主要体现在：\n\n"
        "一是凝聚共识，确立新框架。\n\n二是促进贸易，培育新引擎。口岸将增加三处。\n"
    )
    (main, *others) = said("青江会议是在哪个城市召开的？", {"a": text})
    assert main[0] == "main"
    assert main[2] == ["白石市"]
    assert not [role for role, _, _ in others if role == "item"]


def test_how_is_answered_by_the_one_item_that_is_about_it() -> None:
    text = (
        "青江会议\n\n青江会议发布的倡议促进农村贸易，主要体现在：\n\n"
        "一是凝聚共识，确立新框架。六个国家都将参加。\n\n二是促进农村贸易，培育新引擎。口岸将增加三处。\n"
    )
    assert said("青江会议的倡议怎么促进农村贸易？", {"a": text}) == [
        ("main", "二是促进农村贸易，培育新引擎。", []),
        ("second", "口岸将增加三处。", []),
    ]


def test_a_sentence_that_only_takes_up_the_question_is_followed_by_the_next() -> None:
    text = "青江论坛\n\n周启明讲述标准如何帮助青江水厂节水。例如新的阀门每天少漏三百吨。厂区有两座塔。\n"
    rows = said("标准怎么帮助青江水厂节水？", {"a": text})
    assert [part for _, part, _ in rows[:2]] == [
        "周启明讲述标准如何帮助青江水厂节水。",
        "例如新的阀门每天少漏三百吨。",
    ]


def test_a_reason_is_marked_to_the_end_of_its_clause() -> None:
    text = "青江大桥因河床松软、地质复杂而推迟通车，工期延长两年。"
    ((_, _, keys),) = said("青江大桥为什么推迟通车？", {"a": text})
    assert keys == ["因河床松软、地质复杂而推迟通车"]


def test_the_value_of_the_one_that_was_named_is_marked() -> None:
    text = "其中青江制糖业、青江造纸业产值同比分别增长12%和15.8%。"
    ((_, _, keys),) = said("青江造纸业产值增长多少？", {"a": text})
    assert keys == ["15.8%"]
