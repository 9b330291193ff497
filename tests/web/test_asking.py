"""One question from the box to its end, without a browser."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from rag.types import Answer
from rag.web.asking import ask, refusal_of, tidy
from rag.web.runs import Runs
from rag.web.steps import Gate
from rag.web.strings import ZH
from rag.web.talk import KEPT_TURNS, Talk
from tests.web.fake_service import QUOTES, FakeService


def asked(service: FakeService, question: str, talk: Talk = Talk()) -> list[Talk]:  # noqa: B008
    async def run() -> list[Talk]:
        steps = ask(service, Gate(), talk, question, ZH, asyncio.Event())
        return [step async for step in steps]

    return asyncio.run(run())


def test_a_question_ends_with_its_answer_and_the_text_around_each_quote() -> None:
    turn = asked(FakeService(), "2025年北京数字经济增加值是多少？")[-1].turns[-1]
    assert turn.state == "done"
    assert [excerpt.quote for _, excerpt in turn.excerpts] == [QUOTES[0], QUOTES[1]]


def test_a_follow_up_brings_the_questions_before_it() -> None:
    service = FakeService()
    asked(service, "那特点呢？", asked(service, "2025年？")[-1])
    assert service.seen == [("2025年？",), ("2025年？", "那特点呢？")]


def test_an_expected_fault_is_shown_in_its_own_words_and_any_other_is_not() -> None:
    known = asked(FakeService(), "断线")[-1].turns[-1]
    assert (known.state, known.note) == ("failed", "模型没有应答; 请检查 RAG_BASE_URL")
    unknown = asked(FakeService(), "故障")[-1].turns[-1]
    assert (unknown.state, unknown.note) == ("failed", "")


def test_an_unreadable_surrounding_does_not_fail_the_answer() -> None:
    service = FakeService()
    service.texts = {}
    turn = asked(service, "2025年？")[-1].turns[-1]
    assert (turn.state, turn.excerpts) == ("done", ())


def test_stop_ends_at_once_and_closes_the_stream_within_a_second() -> None:
    service = FakeService()

    async def run() -> Talk:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.3, stop.set)
        return [t async for t in ask(service, Gate(), Talk(), "慢慢说", ZH, stop)][-1]

    began = time.monotonic()
    turn = asyncio.run(run()).turns[-1]
    assert time.monotonic() - began < 1
    assert turn.state == "stopped"
    assert turn.answer is not None and turn.answer.answer.startswith("第0片。")
    assert service.closed.wait(1)


class Silent(FakeService):
    """A model that is silent at first, and whose first word comes right after a beat."""

    def stream(self, turns: Sequence[str]) -> Iterator[Answer]:
        for text in ("", "", "北", "北京"):
            yield Answer(turns[-1], turns[-1], text, "llm", False)


def test_the_first_word_is_shown_as_it_comes_however_short_ago_the_page_was_shown() -> None:
    shown = [turn.answer.answer for talk in asked(Silent(), "几时？") for turn in talk.turns
             if turn.answer and turn.state == "running"]  # fmt: skip
    assert shown == ["", "北"]


class Hanging(FakeService):
    """A model that hangs until released, whatever is done to its stream."""

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def stream(self, turns: Sequence[str]) -> Iterator[Answer]:
        try:
            self.release.wait(10)
            yield Answer(turns[-1], turns[-1], "迟到", "llm", False)
        finally:
            self.closed.set()


def test_stop_does_not_wait_for_a_model_that_hangs_and_closes_it_later() -> None:
    service = Hanging()

    async def run() -> Talk:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, stop.set)
        return [t async for t in ask(service, Gate(), Talk(), "问", ZH, stop)][-1]

    began = time.monotonic()
    assert asyncio.run(run()).turns[-1].state == "stopped"
    assert time.monotonic() - began < 1
    service.release.set()
    assert service.closed.wait(1)


def test_the_gate_lets_only_so_many_run_and_says_when_it_is_full() -> None:
    gauge, peak, lock = [0], [0], threading.Lock()

    def work() -> Iterator[int]:
        with lock:
            gauge[0] += 1
            peak[0] = max(peak[0], gauge[0])
        time.sleep(0.03)
        yield 1
        with lock:
            gauge[0] -= 1

    async def run() -> bool:
        gate = Gate(running=2, waiting=3)

        async def one() -> list[int]:
            return [n async for n in gate.steps(work)]

        tasks = [asyncio.ensure_future(one()) for _ in range(5)]
        await asyncio.sleep(0.01)
        full = gate.full
        assert await asyncio.gather(*tasks) == [[1]] * 5
        assert gate.inside == 0
        return full

    assert asyncio.run(run()) is True
    assert peak[0] == 2


def test_dropping_a_session_ends_its_runs_and_no_others() -> None:
    async def run() -> None:
        runs = Runs()
        with runs.begin("甲") as mine, runs.begin("乙") as other:
            await runs.drop("甲", patience_s=0.01)
            assert (mine.dropped, mine.stopped.is_set()) == (True, True)
            assert (other.dropped, other.stopped.is_set()) == (False, False)
        assert len(runs) == 0

    asyncio.run(run())


@pytest.mark.parametrize(
    ("question", "line"),
    [("", "请先输入问题。"), ("字" * 11, "问题太长：11 个字，最多 10 个字。"), ("字" * 10, "")],
)
def test_an_empty_or_overlong_question_gets_one_line(question: str, line: str) -> None:
    assert refusal_of(question, 10, ZH) == line


def test_what_no_store_accepts_is_taken_out_of_a_question() -> None:
    assert tidy("\x00 你\ud800好 \n") == "你好"
    assert tidy(None) == ""


def test_a_conversation_keeps_its_newest_turns_under_new_numbers() -> None:
    talk = Talk()
    for number in range(KEPT_TURNS + 3):
        talk = talk.asked(str(number), "done")
    assert talk.questions[0] == "3"
    assert talk.turns[-1].number == KEPT_TURNS + 2
