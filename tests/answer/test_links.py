"""Lead-ins, headings and courtesies, and sentences that say that nothing is there."""

from __future__ import annotations

import pytest

from rag.answer.cite import parse
from rag.answer.links import claims, denies


def said(reply: str, question: str = "北京采取了哪些措施？") -> list[tuple[str, str]]:
    return [(one.text, one.said) for one in claims(parse(reply, 4).sentences, question)]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("综上所述：\n北京建桥[1]。", [("综上所述：北京建桥。", "北京建桥。")]),
        ("综上所述，北京建桥[1]。", [("综上所述，北京建桥。", "北京建桥。")]),
        ("根据资料显示，北京建桥[1]。", [("根据资料显示，北京建桥。", "北京建桥。")]),
        ("答案：北京建桥[1]。", [("答案：北京建桥。", "北京建桥。")]),
        (
            "北京的主要措施有：\n1. 建桥[1]。\n2. 扩建[2]。",
            [("北京的主要措施有：建桥。", "建桥。"), ("扩建。", "扩建。")],
        ),
        ("In summary:\nIt grew[1].", [("In summary: It grew.", "It grew.")]),
        ("## 措施\n北京建桥[1]。", [("北京建桥。", "北京建桥。")]),
        (
            "好的，以下是回答：\n北京建桥[1]。希望对您有帮助。",
            [("好的，以下是回答：北京建桥。", "")],
        ),
        ("**48.5亿元**", [("48.5亿元", "48.5亿元")]),
        ("**48.5亿元**\n好的。", [("48.5亿元", "48.5亿元")]),
        ("如有疑问，请在5日内联系。", [("如有疑问，请在5日内联系。", "如有疑问，请在5日内联系。")]),
        ("综上所述：", []),
        ("希望以上信息对您有帮助！", []),
    ],
)
def test_what_only_links_is_no_claim(reply: str, expected: list[tuple[str, str]]) -> None:
    found = said(reply)
    assert [text for text, _ in found] == [text for text, _ in expected]
    assert [bare for _, bare in found if bare] == [bare or found[0][1] for _, bare in expected]


def test_a_lead_in_that_says_what_the_question_does_not_is_checked() -> None:
    text = "张三的观点如下：建桥好。"
    assert said("张三的观点如下：\n建桥好[1]。") == [(text, text)]
    assert said("张三的观点如下：\n建桥好[1]。", "张三有什么观点？") == [(text, "建桥好。")]


def test_the_citation_of_a_lead_in_is_that_of_what_it_leads_to() -> None:
    (one,) = claims(parse("措施如下[2]：\n建桥[1]。", 4).sentences, "有哪些措施？")
    assert one.numbers == (1, 2)
    (alone,) = claims(parse("北京建桥如下[2]：", 4).sentences, "有哪些措施？")
    assert (alone.text, alone.numbers) == ("北京建桥如下：", (1,))


@pytest.mark.parametrize(
    "text",
    [
        "根据资料无法回答。", "文中没有提到", "资料中没有提到北京的数据。", "無法確定。", "不知道。",
        "抱歉，根据提供的资料，我无法回答这个问题。", "提供的资料中没有相关信息。", "資料中沒有提到這一點。",
        "没有找到相关信息。", "现有资料未提及该项目的造价。", "根据现有资料无法确定谁是馆长。",
        "这些资料并没有说明原因。", "资料不足以回答该问题。", "The documents do not say.",
        "I'm sorry, but the provided documents do not mention this.", "I don't know.",
        "There is no information about that in the sources.", "The sources don’t mention it.",
        "I cannot answer this question from the sources.", "The answer is not found in the documents.",
    ],
)  # fmt: skip
def test_a_sentence_that_says_that_nothing_is_there_is_known(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize(
    "text",
    [
        "文件没有规定上限。", "北京没有公布数据。", "资料显示北京增长5%。", "该公司没有提供补贴。",
        "他没有说明原因。", "不包括港澳台地区。", "内容不含广告。", "未提供发票的不予报销。",
        "无法确定的风险由公司承担，赔偿上限为5万元。", "资料没有提到2024年，但2025年增长5%。",
        "The bridge is not open.", "The documents were signed in 2024.", "This is not mentioned by Li.",
        "The information office said growth was 5%.", "The documents say growth was 5%.",
        "The documents do not mention 2024, but growth was 5% in 2025.", "",
    ],
)  # fmt: skip
def test_what_the_documents_themselves_deny_is_a_claim(text: str) -> None:
    assert not denies(text)
