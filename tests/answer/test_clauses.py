"""A sentence cut down to what answers; the span stays exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.clauses import trim


def cut(text: str, *needed: str, limit: int = 0) -> str:
    spans = [(text.index(part), text.index(part) + len(part)) for part in needed]
    start, end = trim(text, 0, len(text), spans, limit)
    return text[start:end]


LONG = (
    "青江大桥全长3.6公里，双塔高度达到210米，桥面设有六条机动车道，桥下可以通航，总投资48.5亿元。"
)


@pytest.mark.parametrize(
    ("text", "needed", "limit", "said"),
    [
        ("大桥全长3.6公里；总投资48.5亿元。", ["48.5亿元"], 0, "总投资48.5亿元。"),
        ("大桥全长3.6公里；总投资48.5亿元。", ["3.6公里"], 0, "大桥全长3.6公里"),
        ("大桥很长；很宽；很美。", ["很宽"], 0, "很宽"),
        ("大桥很长；很宽；很美。", ["大桥", "很宽"], 0, "大桥很长；很宽"),
        ("大桥很长;很宽。", ["很宽"], 0, "很宽。"),
        ("大桥很长，很宽。", ["很宽"], 0, "大桥很长，很宽。"),
        ("大桥很长。", [], 0, "大桥很长。"),
        ("他说：“大桥很长；很宽。”", ["很宽"], 0, "他说：“大桥很长；很宽。”"),
        (LONG, ["48.5亿元"], 90, LONG),
        (LONG, ["48.5亿元"], 40, "总投资48.5亿元。"),
        (LONG, ["3.6公里"], 40, "青江大桥全长3.6公里"),
        (LONG, ["210米"], 40, "青江大桥全长3.6公里，双塔高度达到210米"),
        ("成交额1,604.2亿元,合同共1068项,比去年多。", ["1,604.2亿元"], 5, "成交额1,604.2亿元"),
        (
            "他说：“桥很长，很宽，很美，很好。”，大家同意。",
            ["很宽"],
            5,
            "他说：“桥很长，很宽，很美，很好。”",
        ),
    ],
)
def test_a_sentence_is_cut_to_the_clauses_that_are_needed(
    text: str, needed: list[str], limit: int, said: str
) -> None:
    assert cut(text, *needed, limit=limit) == said


def test_a_part_of_a_document_is_cut_in_place() -> None:
    text = "前文；无关。大桥很长；总投资48.5亿元。后文；无关。"
    start, end = trim(text, 6, 21, [(text.index("48.5"), text.index("48.5") + 6)], 0)
    assert text[start:end] == "总投资48.5亿元。"


@given(
    st.text(alphabet="桥长3.6,；;，“”。投资 \n", min_size=1, max_size=60),
    st.integers(0, 59),
    st.integers(1, 8),
    st.sampled_from([0, 4, 20]),
)
def test_the_cut_lies_inside_and_keeps_what_is_needed(
    text: str, at: int, length: int, limit: int
) -> None:
    low = min(at, len(text) - 1)
    high = min(len(text), low + length)
    start, end = trim(text, 0, len(text), [(low, high)], limit)
    assert 0 <= start <= end <= len(text)
    for i in range(low, high):
        if text[i] not in "，,；; \n":
            assert start <= i < end
