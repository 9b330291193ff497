"""Which questions ask who holds an office, and which texts name that office."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.offices import Office, asked_office
from rag.text.normalise import fold_text

ASKED = {
    "谁是科技部部长": ("部长", "科技部"),
    "青江市市长是谁？": ("市长", "青江市"),
    "請問青江大學的校長叫什麼名字？": ("校长", "青江大学"),
    "现任工信部副部长是哪位": ("副部长", "工信部"),
    "介绍成果的青江研究院院长是哪一位？": ("院长", "青江研究院"),
    "白石集团的CEO现在是谁": ("ceo", "白石集团"),
    "林远山是谁，董事长是谁": ("董事长", ""),
    "处长是谁": ("处长", ""),
    "公司董事长是谁": ("董事长", ""),
    "这家公司的董事长是谁": ("董事长", ""),
    "学校现在的校长是谁": ("校长", ""),
    "介绍成果的院长是谁？": ("院长", ""),
    "海促会新一届会长是谁": ("会长", "海促会"),
    "青江的市委书记兼市长叫什么": ("市长", ""),
    "青江大学的校长是谁": ("校长", "青江大学"),
    "青江大学校长的名字是什么": ("校长", "青江大学"),
    "青江大学校长的姓名叫什么": ("校长", "青江大学"),
    "前任校长是谁": None,
    "青江大学第一任校长是谁": None,
    "历任校长是谁": None,
    "谁当面批评了市长？": None,
    "谁任命了科技部部长": None,
    "谁当选了会长": None,
    "谁当过青江市市长": ("市长", "青江市"),
    "青江协会秘书长由谁担任？": ("秘书长", "青江协会"),
    "市长说了什么？": None,
    "谁设计了青江大桥？": None,
    "谁给部长写了信？": None,
    "校长室在哪里": None,
    "": None,
}


@pytest.mark.parametrize("question", ASKED)
def test_an_office_is_asked_for_by_its_title_and_body(question: str) -> None:
    found = asked_office(fold_text(question))
    assert (found and (found.title, found.body)) == ASKED[question]


GIVEN = [
    ("科技部部长", "科技部部长林远山表示", True),
    ("科技部部长", "科技部党组书记、部长林远山表示", True),
    ("科技部部长", "科学技术部部长林远山表示", True),
    ("科技部部长", "市委常委、统战部部长林远山表示", False),
    ("科技部部长", "科技部副部长林远山表示", False),
    ("科技部部长", "科技部部长级会议召开", False),
    ("科技部部长", "科技部有关负责人表示", False),
    ("工信部副部长", "工业和信息化部副部长林远山", True),
    ("工业和信息化部部长", "工信部部长林远山", True),
    ("工信部副部长", "工业和信息化部部长林远山", False),
    ("青江市市长", "青江市委副书记、市长林远山", True),
    ("科技部部长", "统战部党组书记、部长林远山", False),
    ("科技部部长", "会议由科技部主办。统战部部长林远山出席", False),
    ("科技部部长", "科技部部长助理林远山", False),
    ("科技部部长", "林远山担任科技部部长职务", True),
    ("青江大学校长", "林远山接任青江大学校长一职", True),
    ("青江大学校长", "该校校长林远山", True),
    ("青江集团董事长", "集团董事长林远山", True),
    ("青江集团董事长", "董事局主席林远山", True),
    ("新疆党委书记", "自治区党委书记林远山", True),
    ("工行行长", "中国工商银行行长林远山", True),
    ("北大校长", "北京大学校长林远山", True),
    ("青江市公安局局长", "青江市教育局局长林远山", False),
    ("青江市公安局局长", "据悉青江市公安局局长林远山", True),
    ("中国科学院院长", "中国工程院院长林远山", False),
    ("青江商会会长", "青江社会长期稳定", False),
    ("外交部部长", "外长林远山", True),
    ("日本首相", "日本总理大臣林远山", True),
    ("白石公司CEO", "Baishi Inc. named Lin chief executive officer", True),
    ("青江市市长", "白石市市长林远山", False),
    ("白石公司CEO", "白石公司首席执行官林远山", True),
    ("白石公司CEO", "青江公司首席执行官林远山", False),
    ("总编", "总编辑林远山", True),
    ("院长", "研究院院长林远山", True),
]


@pytest.mark.parametrize(("asked", "text", "names"), GIVEN)
def test_a_text_names_the_office_of_the_body_that_was_asked_for(
    asked: str, text: str, names: bool
) -> None:
    office = asked_office(fold_text(f"{asked}是谁"))
    assert office is not None
    assert office.given(fold_text(text)) is names


def test_the_words_that_ask_are_kept_for_saying_what_is_not_there() -> None:
    office = asked_office("介绍成果的青江研究院院长是谁?")
    assert office == Office("院长", "青江研究院", "青江研究院院长")


@given(
    st.text("谁是部长市青江的,?副 书记", max_size=20), st.text("部长副市书记,青江级", max_size=20)
)
def test_no_text_is_too_strange(question: str, text: str) -> None:
    office = asked_office(question)
    assert office is None or office.given(text) in (True, False)
