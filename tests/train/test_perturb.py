"""Near misses: one detail changed, the rest as it was."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.question import ORDINAL, PLACES
from rag.train.perturb import ATTRIBUTES, near_misses


def made(question: str, focus: str = "", seed: int = 1) -> dict[str, str]:
    found = near_misses(question, focus, np.random.default_rng(seed))
    assert len({kind for kind, _ in found}) == len(found)
    return dict(found)


@pytest.mark.parametrize("seed", range(8))
def test_another_year_is_at_most_three_years_off(seed: int) -> None:
    changed = made("2024年青江大桥通车了吗", seed=seed)
    assert list(changed) == ["year"]
    year = int(changed["year"][:4])
    assert year != 2024
    assert abs(year - 2024) <= 3
    assert changed["year"][4:] == "年青江大桥通车了吗"


@pytest.mark.parametrize("question", ["第八届青江论坛的主题", "第12届青江论坛的主题"])
@pytest.mark.parametrize("seed", range(8))
def test_another_ordinal_has_one_digit_changed(question: str, seed: int) -> None:
    changed = made(question, seed=seed)
    assert list(changed) == ["ordinal"]
    before, after = ORDINAL.search(question), ORDINAL.search(changed["ordinal"])
    assert before is not None
    assert after is not None
    assert len(after[0]) == len(before[0])
    assert sum(a != b for a, b in zip(before[0], after[0], strict=True)) == 1
    assert changed["ordinal"].replace(after[0], before[0]) == question


def test_an_ordinal_above_ten_stays_a_numeral() -> None:
    for seed in range(8):
        changed = made("第十二届青江论坛的主题", seed=seed)["ordinal"]
        assert re.match(
            "第(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])届", changed
        )


@pytest.mark.parametrize("seed", range(8))
def test_another_place_takes_the_place_of_the_first_of_the_list(seed: int) -> None:
    changed = made("天津和北京的地铁", seed=seed)
    assert list(changed) == ["place"]
    other = changed["place"].removeprefix("天津和").removesuffix("的地铁")
    assert other in PLACES
    assert other not in ("北京", "天津")


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("青江大桥项目的总长度是多少？", "总长度"),
        ("青江大桥项目的总长度有多大", "总长度"),
        ("绿港行动计划的口号是什么？", "口号"),
    ],
)
def test_another_attribute_stands_before_the_asking_word(question: str, focus: str) -> None:
    changed = made(question, focus)["attribute"]
    before, after = question.split(focus)
    assert changed.startswith(before)
    assert changed.endswith(after)
    assert changed.removeprefix(before).removesuffix(after) in ATTRIBUTES


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("青江大桥是谁设计的？", "设计"),
        ("青江大桥的总长度", "总长度"),
        ("大桥总长度是多少？", "总长度"),  # too little is left to tell what is spoken of
        ("总长度的确切数值是多少？", "总长度"),
        ("青江大桥项目的总长度是多少？", ""),
        ("", ""),
    ],
)
def test_where_nothing_can_be_changed_nothing_is_made(question: str, focus: str) -> None:
    assert made(question, focus) == {}


def test_each_detail_is_changed_for_itself() -> None:
    question = "2024年第八届北京国际青江论坛的参展商是多少？"
    changed = made(question, "参展商")
    assert list(changed) == ["year", "ordinal", "place", "attribute"]
    assert all("第八届北京" in changed[k] for k in ("year", "attribute"))
    assert changed["ordinal"].startswith("2024年第")
    assert "第八届" in changed["place"]


def test_a_changed_attribute_is_not_the_one_that_was_asked_for() -> None:
    question = "青江大桥建设项目的总投资是多少？"
    for seed in range(400):
        assert made(question, "总投资", seed)["attribute"] != question


@given(
    st.integers(0, 2**32), st.text(alphabet="2024年第八届北京上海大桥的长度是多少？", max_size=24)
)
def test_the_same_seed_gives_the_same_and_always_another_question(seed: int, question: str) -> None:
    first = near_misses(question, "长度", np.random.default_rng(seed))
    assert first == near_misses(question, "长度", np.random.default_rng(seed))
    for _, text in first:
        assert text != question
