"""A draft as the claims in it: what is left out, what the marks mean, where each stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.drafts.draft import claims

MARKDOWN = """# 年会综述

据新华社报道，北京数字经济增加值突破**2.4万亿元**。[1] 这很多吗？外资研发中心达到332家[2-3]。

- 核心产业规模预计达4500亿元
- 企业集聚超2500家[^9]
> 论坛汇聚了各国嘉宾。

| 项目 | 值 |
|---|---|
| 甲 | 12 |

[年报](http://example.com/a?b=1)说增长很快，见 https://example.com/x 一页。

```python
x = 1
```

一、总体情况

## 参考资料
1. 000.txt
2. 《数字经济报告》
3、科技日报3月30日
[^9]: 001.txt
"""


def texts(draft: str) -> list[str]:
    return [claim.text for claim in claims(draft)]


def test_only_what_claims_something_is_left() -> None:
    assert texts(MARKDOWN) == [
        "据新华社报道，北京数字经济增加值突破2.4万亿元。",
        "外资研发中心达到332家。",
        "核心产业规模预计达4500亿元",
        "企业集聚超2500家",
        "论坛汇聚了各国嘉宾。",
        "年报说增长很快，见 一页。",
    ]


def test_marks_are_resolved_by_the_list_of_sources() -> None:
    sources = [claim.sources for claim in claims(MARKDOWN)]
    assert sources == [
        ("000.txt",),
        ("《数字经济报告》", "科技日报3月30日"),
        (),
        ("001.txt",),
        (),
        (),
    ]


def test_each_claim_says_where_it_stands_as_it_is_written() -> None:
    first, second = claims(MARKDOWN)[:2]
    assert MARKDOWN[first.start : first.end].endswith("突破**2.4万亿元**。")
    assert MARKDOWN[second.start : second.end] == "外资研发中心达到332家[2-3]。"


def test_items_and_paragraphs_are_not_joined() -> None:
    assert texts("第一季度增长5%\n\n第二季度增长6%") == ["第一季度增长5%", "第二季度增长6%"]
    assert texts("* 增长很快\n* 规模很大") == ["增长很快", "规模很大"]


def test_a_sentence_that_is_wrapped_is_one() -> None:
    first = "全市去年新设外资企业的数量保持了较快增长的势头，其中外资研发中心在去年年底已经"
    assert texts(f"{first}\n达到332家，比上年多。") == [f"{first}达到332家，比上年多。"]


def test_each_short_line_is_a_paragraph() -> None:
    assert texts("北京增长5%\n上海增长6%") == ["北京增长5%", "上海增长6%"]
    assert texts("经济要点\n北京增长5%。") == ["北京增长5%。"]


@pytest.mark.parametrize(
    "draft", ["", "  \n", "……", "# 标题", "这是什么？", "```\n代码。\n```", "|a|b|\n"]
)
def test_a_draft_may_claim_nothing(draft: str) -> None:
    assert claims(draft) == []


def test_a_mark_that_begins_a_line_of_prose_is_no_source() -> None:
    found = claims("[1] 外资研发中心达到332家。\n\n上海新建公园120座。")
    assert [claim.text for claim in found] == ["外资研发中心达到332家。", "上海新建公园120座。"]


@given(st.text(alphabet="北京增长5%。！？\n#-*>|`[]（）()1^ “”《》.:：、", max_size=120))
def test_spans_are_in_order_disjoint_and_within_the_draft(draft: str) -> None:
    end = 0
    for claim in claims(draft):
        assert end <= claim.start < claim.end <= len(draft)
        end = claim.end
