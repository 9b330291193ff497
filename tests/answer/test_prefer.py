"""Of sentences that match about alike, the one comes first that gives what was asked for."""

from __future__ import annotations

from dataclasses import replace

from rag.answer.engine import Weighed
from rag.answer.prefer import GAP, preferred
from rag.retrieve.scored import Scored
from tests.fakes.ranking import memory, weighed

TALK = "嘉宾们不约而同提到第五届青江论坛的国家形象，参加者众多。"
COUNT = "第五届青江论坛开幕，来自30多个国家的800名嘉宾参加。"
LONG = "河流、湖泊、水库等，都是青江的四大水源。"
LISTED = "青江的四大水源是青河、白湖、石库、冷泉。"


def ordered(question: str, texts: list[str], gap: float) -> list[str]:
    """The texts after preferring, when they were ranked in this order, ``gap`` apart."""
    found: Weighed = weighed(question, memory({str(i): text for i, text in enumerate(texts)}))
    by_text = {scored.candidate.text: scored for scored in found.ranked}
    ranked: list[Scored] = [
        replace(by_text[text], score=10.0 - gap * i) for i, text in enumerate(texts)
    ]
    return [scored.candidate.text for scored in preferred(found.view, ranked)]


def test_the_count_of_what_was_asked_for_comes_first() -> None:
    question = "青江论坛有多少国家的嘉宾参加？"
    assert ordered(question, [TALK, COUNT], 0.5) == [COUNT, TALK]


def test_what_is_far_behind_stays_there() -> None:
    question = "青江论坛有多少国家的嘉宾参加？"
    assert ordered(question, [TALK, COUNT], GAP + 0.1) == [TALK, COUNT]


def test_the_best_one_that_gives_it_stays_first() -> None:
    question = "青江论坛有多少国家的嘉宾参加？"
    assert ordered(question, [COUNT, TALK], 0.5) == [COUNT, TALK]


def test_the_list_of_the_asked_length_comes_first() -> None:
    assert ordered("青江的四大水源是哪些？", [LONG, LISTED], 0.5) == [LISTED, LONG]


def test_no_order_without_a_value_to_tell() -> None:
    assert ordered("青江论坛怎么样？", [TALK, COUNT], 0.5) == [TALK, COUNT]
