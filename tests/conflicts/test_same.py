"""Sources that answer one question in their own words, and differ or only seem to."""

from __future__ import annotations

import pytest

from rag.config import Settings
from rag.pipeline import Pipeline


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(Settings(mode="extractive"))


def values(pipeline: Pipeline, question: str, *passages: str) -> set[str]:
    answer = pipeline.ask_passages([question], passages)
    assert not answer.refused
    return {stated.value for conflict in answer.conflicts for stated in conflict.stated}


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        (
            "青江剧院有多少个座位？",
            "青江剧院修缮完工。剧院共设座位1260个，另有残疾人席位。",
            "青江剧院昨晚首演。青江剧院座位有1450个，几乎坐满。",
            {"1260个", "1450个"},
        ),
        (
            "QX-7吸尘器的额定功率是多少瓦？",
            "QX-7吸尘器使用说明书\n整机额定功率650瓦。请勿吸水。",
            "QX-7吸尘器采用双电机。额定功率为720瓦，可水洗。",
            {"650瓦", "720瓦"},
        ),
        (
            "青江港2022年的货物吞吐量是多少？",
            "青江港2022年貨物吞吐量985萬公噸。",
            "青江港2022年全年货物吞吐量为1020万公吨。",
            {"985万", "1,020万", "1020万"},
        ),
        (
            "青江钟楼博物馆是哪一年成立的？",
            "青江钟楼博物馆成立于1931年，馆藏丰富。",
            "青江钟楼博物馆始建于1936年，是一座小馆。",
            {"1931年", "1936年"},
        ),
        (
            "青江大学的校长是谁？",
            "青江大学现任校长为周启文，他分管教学。",
            "青江大学校长沈一帆近日接受采访。",
            {"周启文", "沈一帆"},
        ),
        (
            "2025年青年围棋公开赛在哪里举行？",
            "2025年青年围棋公开赛将在杭州举行，历时五天。",
            "2025年青年围棋公开赛举办地为成都，门票免费。",
            {"杭州", "成都"},
        ),
    ],
)
def test_two_sources_in_their_own_words_differ(
    pipeline: Pipeline, question: str, one: str, other: str, expected: set[str]
) -> None:
    found = values(pipeline, question, one, other)
    assert len(found) == 2
    assert found <= expected


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "青江银行2023年的营业收入是多少？",
            "青江银行2023年营业收入为86亿元。",
            "青江银行2023年家庭市场营业收入为32亿元。",
        ),
        (
            "全区已发放补贴多少？",
            "截至5月10日，全区已发放补贴1.2亿元。",
            "截至6月30日，全区已发放补贴1.75亿元。",
        ),
        (
            "青江隧道什么时候通车？",
            "青江隧道2018年3月开工建设。",
            "青江隧道2022年9月建成通车。",
        ),
        (
            "青江论坛什么时候举行？",
            "第一届青江论坛于3月4日举行。",
            "第二届青江论坛于4月9日举行。",
        ),
        (
            "青江大学的校长是谁？",
            "青江大学校长周启文致辞。",
            "青江大学副校长沈一帆主持会议。",
        ),
        (
            "青江大学的校长是谁？",
            "2016年，周启文任青江大学校长。",
            "青江大学校长沈一帆2023年上任。",
        ),
        (
            "青江大学的校长是谁？",
            "青江大学校长周启文致辞。",
            "临河大学校长沈一帆访问青江大学。",
        ),
        (
            "火灾造成多少人死亡？",
            "青江镇一工厂起火，火灾造成3人死亡。",
            "临河货轮昨日起火，火灾造成11人死亡。",
        ),
    ],
)
def test_two_things_asked_for_alike_are_no_conflict(
    pipeline: Pipeline, question: str, one: str, other: str
) -> None:
    assert values(pipeline, question, one, other) == set()
