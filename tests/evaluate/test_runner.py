"""Asking a set: every question in order, faults in place, nothing asked twice after Ctrl-C."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import ConfigError, EvaluationError, IndexDamaged, ModelUnreachable, YinjuError
from rag.evaluate.journal import Journal, key_of
from rag.evaluate.runner import BATCH, run
from rag.evaluate.types import Cited, Found, Question, QuestionSet
from rag.index.reader import OpenIndex
from rag.types import Answer, AnswerSentence, Citation, Passage

TEXT = "白石水库位于青江上游，库容为2.4亿立方米。"


class Scripted:
    """Answers from its passages or says what it is told to; counts what it was asked."""

    def __init__(self, fault: BaseException | None = None, at: str = "") -> None:
        self.fault, self.at, self.asked = fault, at, list[str]()

    def index(self) -> OpenIndex:
        raise AssertionError("these questions bring their passages")

    def ask(self, turns: Sequence[str]) -> Answer:
        return self.ask_passages(turns, [])

    def ask_passages(self, turns: Sequence[str], passages: Sequence[str]) -> Answer:
        self.asked.append(turns[-1])
        if self.fault is not None and turns[-1] == self.at:
            raise self.fault
        if not passages:
            return Answer(turns[-1], turns[-1], "没有", "extractive", True, confidence=0.1)
        cited = Citation(1, "passage#0", "", 0, len(TEXT), TEXT)
        return Answer(
            turns[-1],
            turns[-1],
            f"{TEXT} [1]",
            "extractive",
            False,
            citations=(cited,),
            sentences=(AnswerSentence(TEXT, (1,), "supported"),),
            passages=(Passage("passage#0", 0, len(TEXT), 0.75, TEXT),),
            confidence=0.9,
            timings_ms={"total": 12.5},
        )


def question(id: str, passages: tuple[str, ...] = (TEXT,)) -> Question:
    return Question(id, "fact", (f"第{id}问",), True, (), (("2.4亿",),), passages=passages)


def questions(count: int) -> QuestionSet:
    return QuestionSet("made", "passages", "ab", tuple(question(str(n)) for n in range(count)))


def test_an_answer_becomes_a_record_with_its_scores() -> None:
    (found,) = run(Scripted(), questions(1))
    assert (found.id, found.kind, found.turns, found.answerable) == ("0", "fact", ("第0问",), True)
    assert found.citations == (Cited("passage#0", 0, len(TEXT), TEXT),)
    assert found.passages == (Found("passage#0", 0, len(TEXT), 0.75, TEXT),)
    assert (found.answer, found.confidence, found.milliseconds) == (f"{TEXT} [1]", 0.9, 12.5)
    assert found.right
    assert (found.scores["verbatim"], found.scores["ms"]) == (1.0, 12.5)


def test_questions_are_asked_in_order_with_progress() -> None:
    pipeline, steps = Scripted(), list[tuple[int, int]]()
    found = run(pipeline, questions(3), lambda *step: steps.append(step))
    assert pipeline.asked == ["第0问", "第1问", "第2问"]
    assert [r.id for r in found] == ["0", "1", "2"]
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_a_question_of_a_set_of_passages_never_asks_the_index_even_without_one() -> None:
    alone = QuestionSet("made", "passages", "ab", (question("1", ()),))
    assert run(Scripted(), alone)[0].refused


def test_a_question_that_cannot_be_answered_is_wrong_and_the_rest_goes_on() -> None:
    fault = ModelUnreachable("no route", "is it running?")
    found = run(Scripted(fault, "第1问"), questions(3))
    assert [r.error for r in found] == ["", "no route; is it running?", ""]
    assert [r.right for r in found] == [True, False, True]
    assert (found[1].answer, found[1].scores) == ("", {"right": 0.0})


@pytest.mark.parametrize("fault", [IndexDamaged("x"), ConfigError("x")])
def test_a_fault_that_would_fail_every_question_ends_the_run(fault: YinjuError) -> None:
    with pytest.raises(type(fault)):
        run(Scripted(fault, "第1问"), questions(3))


def test_the_same_set_twice_gives_the_same_records_but_for_time() -> None:
    assert run(Scripted(), questions(5)) == run(Scripted(), questions(5))


# ---- the journal ---------------------------------------------------------------------------
@pytest.mark.parametrize("stop", [1, BATCH - 1, BATCH, BATCH + 3])
def test_what_was_done_before_ctrl_c_is_not_asked_again(tmp_path: Path, stop: int) -> None:
    path, many = tmp_path / "runs" / "a.part.jsonl", questions(BATCH + 5)
    with pytest.raises(KeyboardInterrupt), Journal(path, resume=False) as journal:
        run(Scripted(KeyboardInterrupt(), f"第{stop}问"), many, journal=journal)
    pipeline = Scripted()
    with Journal(path, resume=True) as journal:
        assert list(journal.done) == [str(n) for n in range(stop)]
        found = run(pipeline, many, journal=journal)
    assert pipeline.asked == [f"第{n}问" for n in range(stop, BATCH + 5)]
    assert found == run(Scripted(), many)


def test_without_resume_a_run_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.part.jsonl"
    for _ in range(2):
        pipeline = Scripted()
        with Journal(path, resume=False) as journal:
            run(pipeline, questions(2), journal=journal)
        assert len(pipeline.asked) == 2
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("torn", [1, 40])
def test_a_torn_line_is_dropped_and_what_comes_stands_after_the_good_ones(
    tmp_path: Path, torn: int
) -> None:
    path = tmp_path / "a.part.jsonl"
    with Journal(path, resume=False) as journal:
        run(Scripted(), questions(3), journal=journal)
    path.write_bytes(path.read_bytes()[:-torn])
    with Journal(path, resume=True) as journal:
        assert list(journal.done) == ["0", "1"]
        run(Scripted(), questions(3), journal=journal)
    with Journal(path, resume=True) as journal:
        assert list(journal.done) == ["0", "1", "2"]
        journal.remove()
    assert not path.exists()


def test_a_journal_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(EvaluationError, match=r"journal .*cannot be written.*--no-save"):
        Journal(tmp_path / "runs" / "a", resume=False).__enter__()
    (tmp_path / "folder").mkdir()
    with pytest.raises(EvaluationError, match=r"journal .* cannot be written \(Is a directory"):
        Journal(tmp_path / "folder", resume=True).__enter__()


def test_two_runs_at_once_do_not_write_one_journal(tmp_path: Path) -> None:
    path = tmp_path / "a.part.jsonl"
    with Journal(path, resume=False) as journal:
        run(Scripted(), questions(2), journal=journal)
        for resume in (False, True):
            with pytest.raises(EvaluationError, match="another run of the same set"):
                Journal(path, resume=resume).__enter__()
    with Journal(path, resume=True) as journal:
        assert list(journal.done) == ["0", "1"]


def test_a_fault_while_a_run_is_taken_up_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.part.jsonl"
    with Journal(path, resume=False) as journal:
        run(Scripted(), questions(2), journal=journal)
    before = path.read_bytes()
    with (
        pytest.raises(KeyboardInterrupt),
        Journal(path, resume=True) as journal,
    ):
        run(Scripted(KeyboardInterrupt(), "第2问"), questions(3), journal=journal)
    assert path.read_bytes() == before


def test_a_journal_is_found_by_all_that_made_it() -> None:
    assert key_of("a", "b") == key_of("a", "b")
    assert len({key_of("a", "b"), key_of("ab"), key_of("b", "a"), key_of("a", "b", "")}) == 4


def test_a_set_may_mix_questions_with_and_without_passages() -> None:
    class Split(Scripted):
        def ask(self, turns: Sequence[str]) -> Answer:
            return replace(super().ask(turns), answer="index")

    mixed = QuestionSet("made", "yinju", "ab", (question("1"), question("2", ())))
    assert [r.answer for r in run(Split(), mixed)] == [f"{TEXT} [1]", "index"]
