"""Rules that lay a clause of a claim on the clause of its evidence: groups, bounds, order, exchanges."""

from __future__ import annotations

from importlib.resources import files

import pytest

from rag.verify.bounds import misbounded, misquantified
from rag.verify.clashes import clashing
from rag.verify.crossings import crossed
from rag.verify.exchanges import misplaced, traded
from rag.verify.exclusive import excluded, grouped
from rag.verify.homes import home, span
from rag.verify.items import lay
from rag.verify.modality import other_mode
from rag.verify.sequence import out_of_order
from rag.verify.signals import signals


@pytest.mark.parametrize(
    ("claim", "evidence", "said", "printed"),
    [
        ("他1998年毕业，获硕士学位。", "他1998年毕业，获学士学位。", "硕士", "学士"),
        ("市长列席了座谈。", "市长主持了座谈。", "列席", "主持"),
        ("新一届初一学生在操场军训。", "新一届高一学生在操场军训。", "初一", "高一"),
        ("这是全国首次在高原使用的设备。", "这是省内首次在高原使用的设备。", "全国", "省内"),
        ("老人的外祖母在矿上干了四十年。", "老人的外公在矿上干了四十年。", "外祖母", "外公"),
        ("老人的外祖父在矿上干了四十年。", "老人的外公在矿上干了四十年。", "", ""),
        ("列席座谈的还有两名记者。", "市长主持座谈，两名记者列席。", "", ""),
        ("他先读硕士学位，后读博士学位。", "他先后获得硕士学位和博士学位。", "", ""),
        ("副书记主持了工作。", "书记、副书记主持了工作。", "", ""),
        ("厂里的老师傅喜欢下围棋。", "厂里的老师傅喜欢下围棋，徒弟喜欢象棋。", "", ""),
    ],
)
def test_a_word_of_a_closed_group_stands_for_no_other(
    claim: str, evidence: str, said: str, printed: str
) -> None:
    found = excluded(lay(claim, [evidence], []))
    assert (found.said, found.printed) == (said, printed)


def test_a_word_that_the_title_has_is_no_other() -> None:
    assert excluded(lay("硕士学位要读三年。", ["学士学位要读四年。"], [])).said == "硕士"
    assert excluded(lay("硕士学位要读三年。", ["学士学位要读四年。"], ["硕士招生"])).said == ""


def test_every_group_has_two_members_and_no_lone_characters() -> None:
    text = (files("rag.verify") / "data" / "exclusive.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        members = [entry.split("=") for entry in line.split()]
        assert len(members) > 1, line
        assert len({word for entry in members for word in entry}) == sum(map(len, members)), line
        assert all(len(word) > 1 or word == "貘" for entry in members for word in entry), line


def test_writings_of_a_word_are_one_member() -> None:
    members = [{found[:2] for found in grouped(word)} for word in ("外公", "姥爷", "外婆")]
    assert members[0] == members[1]
    assert members[0].isdisjoint(members[2])


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("大坝蓄水使下游水温明显上升。", "监测显示，大坝蓄水使下游水温明显下降。", True),
        ("大坝蓄水使下游水温明显上升。", "监测显示，大坝蓄水使下游水温明显升高。", False),
        ("下游水温上升，流速下降。", "下游水温上升，下游流速下降。", False),
        ("甲队不敌乙队，止步半决赛。", "乙队战胜甲队，闯进决赛。", False),
    ],
)
def test_an_opposite_in_the_clause_that_says_the_same_clashes(
    claim: str, evidence: str, wrong: bool
) -> None:
    assert (clashing(lay(claim, [evidence], [])).strength > 0.5) is wrong


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("每个班至多收30名学生。", "学校规定，每个班至少收30名学生。", True),
        ("每个班最多收30名学生。", "学校规定，每个班不超过30名学生。", False),
        ("租期不得少于5年。", "按规定，租期至少5年。", False),
        ("仅开放400个名额。", "每天开放400个名额。", False),
        ("最大推力在1200吨以上。", "最大推力超过1200吨。", False),
    ],
)
def test_at_least_is_not_at_most(claim: str, evidence: str, wrong: bool) -> None:
    assert (misbounded(lay(claim, [evidence], [])).strength > 0.5) is wrong


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("服药后的患者都会头晕乏力。", "部分患者服药后会头晕乏力。", True),
        ("景区的步道已全面开放。", "景区的步道有限开放。", True),
        ("部分患者服药后头晕乏力。", "少数患者服药后头晕乏力。", False),
        ("患者服药后都要卧床休息。", "所有患者服药后须卧床休息。", False),
    ],
)
def test_some_are_not_all(claim: str, evidence: str, wrong: bool) -> None:
    assert (misquantified(lay(claim, [evidence], [])).strength > 0.4) is wrong


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        (
            "博物馆先对外开放，之后才修缮古井。",
            ["2016年6月，当地开始修缮古井。", "2018年，博物馆对外开放。"],
            True,
        ),
        (
            "先修缮古井，之后才开放博物馆。",
            ["2016年6月，当地开始修缮古井。", "2018年，博物馆对外开放。"],
            False,
        ),
        (
            "计划中止之后，又有多名科学家接受调查。",
            ["该计划于2022年初中止。但在此之前，已有多名科学家接受调查。"],
            True,
        ),
        (
            "科学家接受调查之后，该计划中止。",
            ["该计划于2022年初中止。但在此之前，已有多名科学家接受调查。"],
            False,
        ),
        ("在烈士墓前，学生鞠躬献花。", ["学生鞠躬献花。仪式在烈士墓前举行。"], False),
    ],
)
def test_what_the_evidence_dates_or_tells_first_was_first(
    claim: str, evidence: list[str], wrong: bool
) -> None:
    assert (out_of_order(lay(claim, evidence, [])).strength > 0.5) is wrong


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("公司已在沈阳和大连开出新店。", "公司近期会在沈阳和大连开出新店。", True),
        ("两家公司已经签好联合采购合同。", "两家公司正在谈判联合采购合同。", True),
        ("公司已在沈阳和大连开出新店。", "公司在沈阳和大连开出了新店。", False),
        ("拆迁已经开始。", "拆迁工作正在开始。", False),
    ],
)
def test_what_is_open_is_not_finished(claim: str, evidence: str, wrong: bool) -> None:
    assert (other_mode(lay(claim, [evidence], [])).strength > 0.5) is wrong


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("蓝色的是公主版，粉色的是王子版。", "地球仪分为粉色公主版、蓝色王子版。", True),
        ("粉色的是公主版，蓝色的是王子版。", "地球仪分为粉色公主版、蓝色王子版。", False),
        ("母亲患了脑梗，父亲出了车祸。", "父亲去年患了脑梗，母亲前年出了车祸。", True),
    ],
)
def test_two_of_a_group_do_not_trade_places(claim: str, evidence: str, wrong: bool) -> None:
    assert (traded(lay(claim, [evidence], [])).strength > 0.5) is wrong


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("去年稀土主要从德国进口。", "去年，德国主要从中国进口稀土。", True),
        ("去年稀土主要从中国进口。", "去年，德国主要从中国进口稀土。", False),
        ("苹果参股微软。", "微软宣布合作，并参股苹果。", True),
        ("微软参股苹果。", "微软宣布合作，并参股苹果。", False),
        ("苹果被微软参股。", "微软宣布合作，并参股苹果。", False),
    ],
)
def test_a_name_keeps_its_slot(claim: str, evidence: str, wrong: bool) -> None:
    assert (misplaced(lay(claim, [evidence], [])).strength > 0.5) is wrong


def test_words_of_two_clauses_do_not_stand_crosswise() -> None:
    evidence = ["数字卢布法案先由国家杜马表决，随后由联邦委员会公投。"]
    claim = "数字卢布法案由联邦委员会表决，再由国家杜马公投。"
    assert crossed(lay(claim, evidence, [])).strength > 0.5
    assert crossed(lay(evidence[0], evidence, [])).strength == 0.0


def test_a_clause_is_at_home_where_most_of_it_stands() -> None:
    laid = lay("大坝蓄水使水温上升。", ["工程已经完工，大坝蓄水使水温下降。"], [])
    found = home(laid, 0)
    assert found is not None
    assert laid.evidence.text[slice(*span(laid.evidence, found.clause))] == "大坝蓄水使水温下降。"
    assert home(lay("鲸鱼。", ["合同。"], []), 0) is None


def test_what_differs_is_named() -> None:
    found = signals("每个班至多收30名学生。", ["每个班至少收30名学生。"], [])
    assert found["reach"].why == "引文是“至少30名”，不是“至多30名”"
