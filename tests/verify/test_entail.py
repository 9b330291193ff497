"""The second opinion: what a model may change of a verdict, and what never."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import FloatMatrix, Verdict
from rag.verify.entail import ENTAILED, SURE, Opinion, consult, second_opinion

ENTAILS, NEUTRAL, CONTRADICTS = (0.97, 0.02, 0.01), (0.2, 0.6, 0.2), (0.01, 0.02, 0.97)
QUOTE = "白石水库位于青江上游，库容为2.4亿立方米，扩建工程由青江水务集团承担。"


class Says:
    """Gives every pair the same probabilities and notes what it was asked."""

    identity = "nli:says:1"

    def __init__(self, row: tuple[float, float, float]) -> None:
        self.row = row
        self.asked: list[tuple[str, str]] = []

    def entails(self, premises: Sequence[str], claims: Sequence[str]) -> FloatMatrix:
        self.asked += zip(premises, claims, strict=True)
        return np.asarray([self.row] * len(claims), dtype=np.float32)


def rows() -> st.SearchStrategy[tuple[float, float, float]]:
    parts = st.tuples(*[st.floats(0, 1)] * 3).filter(lambda p: sum(p) > 0.01)
    return parts.map(lambda p: (p[0] / sum(p), p[1] / sum(p), p[2] / sum(p)))


@pytest.mark.parametrize(
    ("verdict", "row", "wanted"),
    [
        ("supported", CONTRADICTS, "partial"),
        ("supported", NEUTRAL, "supported"),
        ("supported", ENTAILS, "supported"),
        ("partial", ENTAILS, "supported"),
        ("unsupported", ENTAILS, "supported"),
        ("partial", CONTRADICTS, "partial"),
        ("unsupported", NEUTRAL, "unsupported"),
        ("supported", (0.0, 0.1, 0.9), "supported"),
        ("partial", (0.9, 0.1, 0.0), "partial"),
    ],
)
def test_the_model_doubts_or_vouches_only_where_it_is_sure(
    verdict: Verdict, row: tuple[float, float, float], wanted: Verdict
) -> None:
    found, why = second_opinion(verdict, "因为", row)
    assert found == wanted
    assert (why == "因为") == (found == verdict)


@pytest.mark.parametrize(
    "verdict", ["number_mismatch", "negation_mismatch", "wrong_source", "uncited"]
)
@given(row=rows())
def test_what_the_rules_see_best_the_model_never_changes(
    verdict: Verdict, row: tuple[float, float, float]
) -> None:
    assert second_opinion(verdict, "因为", row) == (verdict, "因为")


@given(row=rows(), verdict=st.sampled_from(get_args(Verdict)))
def test_whatever_the_model_says_it_only_doubts_or_vouches(
    row: tuple[float, float, float], verdict: Verdict
) -> None:
    found, _ = second_opinion(verdict, "", row)
    if found != verdict:
        assert (verdict, found) in {
            ("supported", "partial"), ("partial", "supported"), ("unsupported", "supported"),
        }  # fmt: skip
        assert max(row[0], row[2]) > SURE


def test_without_a_model_the_rules_stand() -> None:
    one = Opinion("水库的扩建由水务集团负责实施。", (QUOTE,), (), "partial", "引文没有说到")
    assert consult([one], None) == (("partial", "引文没有说到"),)


def test_it_is_asked_once_for_all_that_it_may_change() -> None:
    model = Says(ENTAILS)
    printed, loose = "白石水库位于青江上游。", "承担扩建的是这家水务集团。"
    found = consult(
        [
            Opinion(printed, (QUOTE,), (), "supported", ""),
            Opinion(loose, (QUOTE,), (), "partial", "引文没有说到"),
            Opinion(
                "白石水库的库容为3.4亿立方米。", (QUOTE,), (), "number_mismatch", "引文是 2.4亿"
            ),
            Opinion("扩建工程承担者是水务集团。", (QUOTE,), (), "supported", ""),
            Opinion("没有引用。", (), (), "uncited", "没有引用"),
        ],
        model,
    )
    assert model.asked == [(QUOTE, loose), (QUOTE, "扩建工程承担者是水务集团。")]
    assert [verdict for verdict, _ in found] == [
        "supported", "supported", "number_mismatch", "supported", "uncited",
    ]  # fmt: skip
    assert [why for _, why in found[2:]] == ["引文是 2.4亿", "", "没有引用"]
    assert found[1][1].startswith(ENTAILED)


@pytest.mark.parametrize(
    "said",
    [
        "据说当地居民十分关注此事，因而多方奔走呼吁，共有37人为此签名。",
        "施工单位在2019年完成了全部搬迁安置与征地补偿的有关手续。",
    ],
)
@pytest.mark.parametrize("verdict", ["partial", "unsupported"])
def test_a_number_that_no_quote_has_is_never_vouched_for(said: str, verdict: Verdict) -> None:
    model = Says(ENTAILS)
    one = Opinion(said, (QUOTE,), (), verdict, "引文没有说到")
    assert consult([one], model) == ((verdict, "引文没有说到"),)
    assert model.asked == []


def test_a_negation_against_the_quote_is_never_vouched_for() -> None:
    one = Opinion("扩建工程不由青江水务集团承担。", (QUOTE,), (), "partial", "引文没有说到")
    assert consult([one], Says(ENTAILS)) == (("partial", "引文没有说到"),)


def test_several_quotes_are_one_premise() -> None:
    model = Says(NEUTRAL)
    said = "水库的扩建归一家水务企业做。"
    consult([Opinion(said, ("甲。", "乙。"), (), "partial", "x")], model)
    assert model.asked == [("甲。\n乙。", said)]
