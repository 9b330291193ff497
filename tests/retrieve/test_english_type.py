"""The kind of answer an English question asks for."""

from __future__ import annotations

import pytest

from rag.retrieve.answer_type import AnswerType as T
from rag.retrieve.answer_type import Wanted
from rag.retrieve.english_type import asked_noun, wanted_in_english


@pytest.mark.parametrize(
    ("question", "kind", "unit", "count"),
    [
        ("how many people attended?", T.NUMBER, "人", 0),
        ("how many new companies joined?", T.NUMBER, "家", 0),
        ("how many projects were signed?", T.NUMBER, "", 0),
        ("how many years will it last?", T.NUMBER, "年", 0),
        ("how big is the fund?", T.NUMBER, "", 0),
        ("what was qingjiang's gdp in 2025?", T.NUMBER, "", 0),
        ("how much did sales grow", T.PERCENT, "", 0),
        ("by how much did it fall?", T.PERCENT, "", 0),
        ("what share of power is clean?", T.PERCENT, "", 0),
        ("how fast is the market expected to grow?", T.PERCENT, "", 0),
        ("when did it open?", T.DATE, "", 0),
        ("in which year was it founded?", T.DATE, "", 0),
        ("how long did it take?", T.DATE, "", 0),
        ("who is the curator?", T.PERSON, "", 0),
        ("which qingjiang university dean spoke?", T.PERSON, "", 0),
        ("which company did the president visit?", T.ORGANISATION, "", 0),
        ("which ministry launched the platform?", T.ORGANISATION, "", 0),
        ("who organised the forum?", T.ORGANISATION, "", 0),
        ("where is the bridge?", T.PLACE, "", 0),
        ("which city hosted the forum?", T.PLACE, "", 0),
        ("which countries took part?", T.LIST, "", 0),
        ("what are the four trends?", T.LIST, "", 4),
        ("list the 3 winners", T.LIST, "", 3),
        ("why was it closed?", T.REASON, "", 0),
        ("what did he say?", T.OTHER, "", 0),
        ("what species lives there?", T.OTHER, "", 0),
    ],
)
def test_the_kind_of_answer_and_its_unit(question: str, kind: T, unit: str, count: int) -> None:
    assert wanted_in_english(question) == Wanted(kind, unit, count)


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("how many think tanks belong to it?", "think tanks"),
        ("how many women work there?", "women"),
        ("what is the price of one ticket?", "price"),
        ("what hotel did they use?", "hotel"),
        ("which engine broke the monopoly?", "engine"),
        ("which united nations agency reported it?", "agency"),
        ("who is he?", ""),
    ],
)
def test_what_is_asked_for(question: str, noun: str) -> None:
    assert asked_noun(question) == noun
