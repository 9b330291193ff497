"""One run at a time, its progress, its end; and a saved run as HTML."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import gradio
import pytest

from rag.evaluate.types import Cited, Found, Gold, Run
from rag.web.evaluation import Evaluation, Progress
from rag.web.evaluation_tab import EvaluationTab, progress_html
from rag.web.measured import FAILED_SHOWN, run_html
from rag.web.strings import EN, ZH
from tests.evaluate.made import record, run
from tests.web.fake_evaluation import BROKEN_SET, CRASHING_SET, SET, FakeEvaluation, three
from tests.web.payloads import PAYLOADS
from tests.web.test_render import OWN_ATTRIBUTES, OWN_TAGS, Parsed

TAGS = OWN_TAGS | {"h3", "a", "b", "table", "thead", "tbody", "tr", "th", "td", "progress"}
ATTRIBUTES = OWN_ATTRIBUTES | {"href", "target", "rel", "scope", "colspan", "max"}


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def ended(evaluation: Evaluation) -> Progress:
    until(lambda: not evaluation.progress.busy)
    return evaluation.progress


# ---- a run -----------------------------------------------------------------------------------
def test_a_run_counts_its_questions_and_its_result_is_the_last_one() -> None:
    service = FakeEvaluation()
    evaluation = Evaluation(service)
    assert evaluation.start(SET)
    assert (evaluation.progress.state, evaluation.progress.total) == ("running", 0)
    service.release()
    until(lambda: evaluation.progress.done == 1)
    assert (evaluation.progress.total, evaluation.progress.busy) == (3, True)
    service.release(2)
    assert replace(ended(evaluation), seconds=0) == Progress("finished", SET, 3, 3)
    assert [r.right for r in service.saved(service.newest()).records] == [True, True, False]


def test_a_second_start_leaves_the_first_alone() -> None:
    service = FakeEvaluation()
    evaluation = Evaluation(service)
    assert evaluation.start(SET)
    assert not evaluation.start(BROKEN_SET)
    assert evaluation.progress.question_set == SET
    service.release(3)
    assert ended(evaluation).state == "finished"
    assert service.started == [SET]
    assert evaluation.start(BROKEN_SET)


def test_stop_ends_a_run_after_its_question_and_saves_nothing() -> None:
    service = FakeEvaluation()
    evaluation = Evaluation(service)
    evaluation.start(SET)
    evaluation.stop()
    assert evaluation.progress.state == "stopping"
    service.release()
    progress = ended(evaluation)
    assert (progress.state, progress.done) == ("stopped", 1)
    assert service.newest() == ""
    evaluation.stop()  # of nothing
    assert ended(evaluation).state == "stopped"


@pytest.mark.parametrize(
    ("name", "why"),
    [(BROKEN_SET, "eval/坏.jsonl, line 3: not a case; mend <b>it</b>"),
     (CRASHING_SET, "RuntimeError")],
)  # fmt: skip
def test_a_failure_is_one_line_and_the_next_run_can_start(name: str, why: str) -> None:
    evaluation = Evaluation(FakeEvaluation(quick=True))
    evaluation.start(name)
    assert (ended(evaluation).state, evaluation.progress.why) == ("failed", why)
    assert evaluation.start(SET)
    assert ended(evaluation).state == "finished"


def test_a_run_waits_while_a_reader_waits_for_an_answer() -> None:
    asked = True
    service = FakeEvaluation(quick=True)
    evaluation = Evaluation(service, lambda: asked, yield_s=60)
    evaluation.start(SET)
    until(lambda: evaluation.progress.done == 1)
    assert not service.asked.acquire(timeout=0.2)
    asked = False
    assert ended(evaluation).done == 3


def test_readers_who_never_stop_asking_do_not_stop_a_run() -> None:
    evaluation = Evaluation(FakeEvaluation(quick=True), lambda: True, yield_s=0.01)
    evaluation.start(SET)
    assert ended(evaluation).state == "finished"


def test_a_run_that_waits_can_be_stopped() -> None:
    evaluation = Evaluation(FakeEvaluation(quick=True), lambda: True, yield_s=600)
    evaluation.start(SET)
    until(lambda: evaluation.progress.done == 1)
    evaluation.stop()
    assert ended(evaluation).state == "stopped"


def tab_over(service: FakeEvaluation) -> EvaluationTab:
    with gradio.Blocks(analytics_enabled=False):
        return EvaluationTab(Evaluation(service), lambda name: f"report/{name}")


def test_a_saved_run_is_read_and_drawn_once_until_there_is_a_newer_one() -> None:
    read: list[str] = []

    class Counting(FakeEvaluation):
        def saved(self, name: str) -> Run:
            read.append(name)
            return super().saved(name)

    service = Counting(three("a", 1))
    tab = tab_over(service)
    for _ in range(3):
        name, html = tab._result(ZH)
    assert (name, read) == ("a", ["a"])
    assert 'href="report&#47;a"' in html
    service.runs["b"] = three("b", 3)
    assert tab._result(ZH)[0] == "b"
    assert read == ["a", "b"]


def test_no_run_a_damaged_one_and_one_that_breaks_the_page_are_a_line_each() -> None:
    class Damaged(FakeEvaluation):
        def newest(self) -> str:
            return "20261121T031500Z-a"

    class Broken(Damaged):
        def saved(self, name: str) -> Run:
            return run([])

    assert "还没有评测记录" in tab_over(FakeEvaluation())._result(ZH)[1]
    name, html = tab_over(Damaged())._result(ZH)
    assert name == ""
    assert "上次的评测读不出来：the run 20261121T031500Z-a is damaged" in Parsed(html).text
    assert tab_over(Broken())._result(ZH)[0] == ""


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(), ""),
        (Progress("running", "eval/题.jsonl", 0, 0, 3.4), "正在准备 eval/题.jsonl，3 秒"),
        (Progress("running", "题", 12, 150, 8.0), "正在评测 题：第 12/150 题，8 秒"),
        (Progress("stopping", "题", 12, 150), "正在停止……"),
        (Progress("stopped", "题", 12, 150),
         "已停止。答过的 12 题留着，再点“开始评测”会接着做。"),
        (Progress("failed", "题", why="题 第3行 <img src=x>"),
         "评测没有完成：题 第3行 <img src=x>"),
        (Progress("finished", "题", 150, 150, 21.0),
         "评测完成：题，150 题，21 秒。结果已保存，见下。"),
    ],
)  # fmt: skip
def test_progress_is_one_line(progress: Progress, text: str) -> None:
    parsed = Parsed(progress_html(progress, ZH))
    assert parsed.text == text
    assert ("progress" in parsed.tags) == progress.busy
    assert "img" not in parsed.tags


# ---- a saved run -----------------------------------------------------------------------------
def test_a_run_shows_figures_with_intervals_kinds_and_where_it_comes_from() -> None:
    html = run_html(three("20261121T031500Z-a", 2), ZH, "report/x/20261121T031500Z-a")
    text = Parsed(html).text
    assert "可回答的 3 题答对并引对 67%" in text
    assert "试题 · 2026-11-21 03:15:00 UTC · 版本 c0ffee · 5 份文件，89 段 · 用时 6.7 秒" in text
    assert "通过66.7%" in text and "没有通过的 1 题" in text
    assert 'href="report&#47;x&#47;20261121T031500Z&#45;a"' in html
    assert "chunk_size320" in text


def test_a_failed_case_shows_what_was_asked_said_wanted_and_what_is_wrong() -> None:
    text = Parsed(run_html(three("20261121T031500Z-a", 2), ZH)).text
    case = text[text.index("没有通过的") :]
    for part in ("答错 第2问？ q2 · fact", "答 大桥全长3.6公里。", "引用 全长3.6公里 a.txt",
                 "应说到 3.6公里 或 3600米", "依据 全长3.6公里 a.txt", "错在 没有说出参考答案"):  # fmt: skip
        assert part in case


def test_a_wrong_refusal_and_a_wrong_answer_say_what_was_expected() -> None:
    records = [
        record("a", False, refused=True, question="可答"),
        record("b", False, answerable=False, question="不可答", confidence=0.97),
    ]
    text = Parsed(run_html(run(records), ZH)).text
    assert "误拒 可答" in text and "答 （拒答）" in text
    assert "该拒未拒 不可答" in text and "应当拒答" in text


def test_a_run_without_a_failure_says_so_and_english_is_english() -> None:
    html = run_html(three("20261121T031500Z-a", 3), EN)
    text = Parsed(html).text
    assert "All are right." in text and "3 questions: 100% of 3" in text
    assert "<a " not in html


def test_more_failures_than_are_shown_are_counted() -> None:
    records = [record(f"q{n}", False) for n in range(FAILED_SHOWN + 7)]
    html = run_html(run(records), ZH)
    assert html.count('class="yj-case"') == FAILED_SHOWN
    assert "其余 7 题见完整报告。" in Parsed(html).text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_run_becomes_markup(payload: str) -> None:
    cited = (Cited(payload, 0, 3, payload),)
    hostile = replace(
        record(payload, False, kind=payload, answer=payload, question=payload),
        turns=(payload, payload),
        gold=((Gold(payload, payload),),),
        must=((payload,),),
        citations=cited,
        passages=(Found(payload, 0, 3, 0.5, payload),),
    )
    failed = replace(record("e", False, error=payload), kind=payload)
    made = run([hostile, failed], set_name=payload, settings={payload: payload}, commit=payload)
    html = run_html(made, ZH, payload)
    parsed = Parsed(html)
    assert parsed.tags <= TAGS
    assert {name for name, _ in parsed.attributes} <= ATTRIBUTES
    assert "\n" not in html
