"""Who speaks, where a text is retold: by what they are, by their surname, or by nobody at all."""

from __future__ import annotations

import pytest

from rag.verify.anonymous import called, generic, speaks
from rag.verify.items import lay
from rag.verify.organisations import sayings, speaker_elsewhere, unheld_body, unheld_speaker
from rag.verify.paraphrase import reworded
from rag.verify.words import view


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("老板说这店开了八年。", "店主王强介绍，该店已经营8年。"),
        ("张先生表示没收到货。", "消费者张某表示，未收到商品。"),
        ("两所学校都说不收钱。", "清华公告称不收费，北大也声明不收费。"),
        ("那家公司说自己没有授权。", "该公司表示从未授权。"),
        ("天热建议少出门。", "高温天气，建议减少外出。"),
        ("这笔钱预计年底到账。", "资金将于年底前到账。"),
        ("往后怎样还说不准。", "未来局势仍有不确定性。"),
        ("他拿着介绍信去报到。", "他凭介绍信报到。"),
        ("乌媒说油轮被炸。", "乌克兰媒体报道称，油轮被炸。"),
        ("质保则提到2年。", "厂商宣布质保升级为2年。"),
    ],
)
def test_a_speaker_without_a_name_is_hardly_doubted(claim: str, evidence: str) -> None:
    laid = lay(claim, [evidence], [])
    assert unheld_speaker(laid).strength < 0.45
    assert speaker_elsewhere(laid).strength < 0.45


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("赵立群表示合同已经签了。", "公司代表周明表示，合同已经签订。"),
        ("印度糖厂协会表示，印度可能不会出口糖。", "分析师利马说，印度可能不会出口糖。"),
    ],
)
def test_a_named_speaker_that_no_text_has_is_doubted(claim: str, evidence: str) -> None:
    assert unheld_speaker(lay(claim, [evidence], [])).strength > 0.5


def test_the_words_of_one_are_not_anothers() -> None:
    evidence = ["周明表示，合同已经签订，工程即将开工。", "赵立群认为，市场前景很好。"]
    said = speaker_elsewhere(lay("赵立群表示，合同已经签订，工程即将开工。", evidence, []))
    assert said.strength > 0.5 and "周明" in said.printed


def test_a_colon_behind_a_name_says_who_speaks() -> None:
    printed = sayings(view(("市民代表朴锡运:此事未获推荐。",)), printed=True)
    assert [one.full for one in printed] == ["市民代表朴锡运"]
    assert sayings(view(("谈过四次补薪:前两次各三成。",))) == []


@pytest.mark.parametrize(
    ("claim", "evidence", "doubted"),
    [
        ("他跟公司谈拢了。", "他与雇主达成一致。", False),
        ("伤者送到附近医院救治。", "伤者送往就近的诊所抢救。", False),
        ("他毕业于浙江农业大学。", "他毕业于浙江理工大学。", True),
    ],
)
def test_a_body_is_what_has_a_name(claim: str, evidence: str, doubted: bool) -> None:
    assert (unheld_body(lay(claim, [evidence], [])).strength > 0.5) is doubted


def test_how_one_is_called_says_how_much_is_claimed() -> None:
    assert called("刘女士", "刘某称自己被骗") == 0.0
    assert called("刘女士", "陈某称自己被骗") == 1.0
    assert 0 < called("店主", "") < called("周明", "")
    assert generic("这家公司") and not generic("周明")
    assert speaks("孩子发烧", "建议") < speaks("专家组长", "建议") == 1.0


def test_other_words_are_found_at_all_of_their_places() -> None:
    ((start, end, places),) = reworded("仍有16人下落不明", "6人为先前失联人员，16人失联")
    assert (start, end) == (5, 9)
    assert places == (5, 13)
