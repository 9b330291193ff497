"""Conflicts between sources: found where one thing has two values, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citing import shown_citations
from rag.config import Settings
from rag.conflicts.find import SOURCES
from rag.conflicts.leeway import meet, resolution
from rag.pipeline import Pipeline
from rag.types import Answer
from rag.verify.amounts import amounts, plain

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "conflicts.jsonl").read_text("utf-8").splitlines()
]
KNOWN_MISSES = {"观众人数"}


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(Settings(mode="extractive"))


def asked(pipeline: Pipeline, question: str, passages: Sequence[str]) -> Answer:
    return pipeline.ask_passages([question], passages)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["why"])
def test_twenty_conflicts_are_found_but_for_the_known_and_twenty_look_alikes_are_none(
    pipeline: Pipeline, pair: dict[str, str]
) -> None:
    answer = asked(pipeline, pair["question"], (pair["one"], pair["other"]))
    expected = pair["conflict"] and pair["why"] not in KNOWN_MISSES
    assert not answer.refused
    assert bool(answer.conflicts) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2512家", "超2500家", True),
        ("2512家", "2500家", True),
        ("2512家", "2600家", False),
        ("11987人", "约1.2万人", True),
        ("24051亿元", "突破2.4万亿元", True),
        ("24051亿元", "2.4万亿元", True),
        ("46.43%", "46.4%", True),
        ("46.4%", "46.5%", False),
        ("17.4%", "17%", True),
        ("2.4万亿元", "2.5万亿元", False),
        ("62人", "64人", False),
        ("980人", "不到1000人", True),
        ("1200人", "不到1000人", False),
        ("300人", "312人", False),
        ("3.6公里", "3600米", True),
        ("3.6公里", "4200米", False),
    ],
)
def test_amounts_meet_where_wording_and_digits_leave_room(one: str, other: str, same: bool) -> None:
    first, second = amounts(plain(one))[0], amounts(plain(other))[0]
    assert meet(first, second) == same
    assert meet(second, first) == same


@given(st.integers(min_value=1, max_value=10**9))
def test_an_amount_meets_itself_and_its_resolution_is_no_more_than_it(number: int) -> None:
    amount = amounts(f"{number}家")[0]
    assert meet(amount, amount)
    assert 1 <= resolution(amount) <= number


@pytest.mark.parametrize(
    ("question", "one", "other", "why"),
    [
        (
            "青江电厂装机容量是多少？",
            "青江电厂装机容量为120万千瓦。",
            "青江电厂规划装机容量为240万千瓦。",
            "a plan",
        ),
        (
            "青江市2023年常住人口是多少？",
            "2023年青江市常住人口为320万人。",
            "2015年青江市常住人口为280万人。",
            "another year",
        ),
        (
            "青江队第8届联赛进球多少个？",
            "青江队第8届联赛进球62个。",
            "青江队第9届联赛进球70个。",
            "another season",
        ),
        (
            "青江站客流是多少？",
            "青江站日均客流12万人。",
            "青江站单日客流最多18万人。",
            "a mean and a peak",
        ),
        (
            "青江影城有多少个座位？",
            "青江影城1号厅有座位180个。",
            "青江影城2号厅座位有120个。",
            "another hall",
        ),
        (
            "清江水位站水位是多少米？",
            "11月2日8时，清江水位站水位为36.2米。",
            "11月5日8时，清江水位站水位为38.9米。",
            "another day",
        ),
    ],
)
def test_two_things_are_no_conflict(
    pipeline: Pipeline, question: str, one: str, other: str, why: str
) -> None:
    answer = asked(pipeline, question, (one, other))
    assert not answer.refused
    assert answer.conflicts == (), why


def test_a_source_that_knows_the_value_as_well_is_no_conflict(pipeline: Pipeline) -> None:
    one, other = "青江大桥事故致62人死亡。", "青江大桥事故致死亡人数由58人升至62人。"
    assert asked(pipeline, "青江大桥事故造成多少人死亡？", (one, other)).conflicts == ()


def test_articles_on_two_companies_state_two_things(pipeline: Pipeline) -> None:
    said = "{}昨日披露半年度报告。公司2023年上半年营业收入为{}亿元。"
    question = "立方新材公司2023年上半年营业收入是多少？"
    one, other = said.format("立方新材(600111.SH)", 30), said.format("科远捷(688222.SH)", 42)
    assert asked(pipeline, question, (one, other)).conflicts == ()
    again = asked(pipeline, question, (one, said.format("立方新材(600111.SH)", 42)))
    assert [s.value for s in again.conflicts[0].stated] == ["30亿元", "42亿元"]


def test_an_answer_lists_each_value_with_its_own_citation(pipeline: Pipeline) -> None:
    passages = [
        "青江市商务局介绍，截至目前，青江市外资研发中心达到332家。",
        "青江市外资研发中心共有328家，覆盖生物医药等领域。",
        "青江市外资研发中心有328家。",
        "临河市外资研发中心达到98家。",
    ]
    answer = asked(pipeline, "青江市有多少家外资研发中心？", passages)
    (conflict,) = answer.conflicts
    assert conflict.subject == "青江市外资研发中心"
    assert {s.value for s in conflict.stated} == {"332家", "328家"}
    for source in conflict.stated:
        number = int(source.citation.doc.removeprefix("passage#"))
        quote = source.citation.quote
        assert passages[number][source.citation.start : source.citation.end] == quote
        assert source.value in quote
    numbers = [citation.n for citation in shown_citations(answer)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_sources_that_agree_give_no_conflict(pipeline: Pipeline) -> None:
    passages = ["青江市外资研发中心达到332家。", "青江市外资研发中心超过330家。"]
    assert asked(pipeline, "青江市有多少家外资研发中心？", passages).conflicts == ()


def test_at_most_so_many_sources_are_listed(pipeline: Pipeline) -> None:
    passages = [f"青江市外资研发中心达到{n}家。" for n in (332, 351, 287, 412, 498, 523)]
    answer = asked(pipeline, "青江市有多少家外资研发中心？", passages)
    (conflict,) = answer.conflicts
    assert len(conflict.stated) == SOURCES
    assert len({source.value for source in conflict.stated}) == SOURCES


class Writer:
    """A language model that cites the first sentence for a value of it."""

    name = "writer"

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        yield "青江市共有332家外资研发中心[1]。"


def test_a_models_answer_is_compared_by_the_sentence_that_it_cites() -> None:
    passages = ["青江市外资研发中心达到332家。", "青江市外资研发中心共有298家。"]
    writing = Pipeline(Settings(mode="llm"), chat=Writer())
    answer = asked(writing, "青江市有多少家外资研发中心？", passages)
    assert answer.mode == "llm"
    (conflict,) = answer.conflicts
    assert [s.value for s in conflict.stated] == ["332家", "298家"]
    assert [s.citation.n for s in conflict.stated] == [1, 2]


def test_a_refusal_has_no_conflicts(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "火星的首都在哪里？", ["青江市外资研发中心达到332家。"])
    assert answer.refused
    assert answer.conflicts == ()
