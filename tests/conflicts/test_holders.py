"""Names of persons and places: told by what stands around them."""

from __future__ import annotations

import pytest

from rag.config import Settings
from rag.pipeline import Pipeline


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(Settings(mode="extractive"))


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        (
            "长岭大剧院是谁设计的？",
            "长岭大剧院由设计师梁以诚主持设计，有座位1600个。",
            "长岭大剧院去年开放，它的设计者是建筑师顾闻笙。",
            {"梁以诚", "顾闻笙"},
        ),
        (
            "长岭书法大赛的冠军是谁？",
            "教师丁守拙夺得长岭书法大赛冠军，奖金五千元。",
            "长岭书法大赛结束，何启明力压群雄，捧得冠军奖杯。",
            {"丁守拙", "何启明"},
        ),
        (
            "长岭中学七十周年庆典在哪里举行？",
            "长岭中学七十周年庆典将在学校体育馆举行。",
            "长岭中学七十周年庆典安排在市文化广场，上午九点开始。",
            {"学校体育馆", "市文化广场"},
        ),
    ],
)
def test_two_sources_name_two(
    pipeline: Pipeline, question: str, one: str, other: str, expected: set[str]
) -> None:
    answer = pipeline.ask_passages([question], [one, other])
    (conflict,) = answer.conflicts
    assert {stated.value for stated in conflict.stated} == expected


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "长岭中学七十周年庆典在哪里举行？",
            "长岭中学七十周年庆典将在学校体育馆举行。",
            "长岭中学七十周年庆典在体育馆举行，欢迎校友。",
        ),
        (
            "长岭协会会长是谁？",
            "长岭协会会长叶孟华致辞。",
            "长岭协会前会长严立诚到场。",
        ),
    ],
)
def test_one_place_in_two_wordings_and_a_former_holder_are_no_conflict(
    pipeline: Pipeline, question: str, one: str, other: str
) -> None:
    answer = pipeline.ask_passages([question], [one, other])
    assert not answer.refused
    assert answer.conflicts == ()
