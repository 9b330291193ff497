"""An EvaluationService without a pipeline: runs of three questions, kept in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from rag.errors import EvaluationError
from rag.evaluate.types import Run
from rag.web.seam import Step
from tests.evaluate.made import record, run

QUESTIONS = 3
SET, BROKEN_SET, CRASHING_SET = "eval/试题.jsonl", "eval/坏.jsonl", "eval/崩.jsonl"


def three(name: str, right: int) -> Run:
    """A run of three questions, of which ``right`` are right."""
    records = [
        record(f"q{n}", n < right, question=f"第{n}问？", scores={"said": float(n < right)})
        for n in range(QUESTIONS)
    ]
    return run(records, name, set_name="试题")


class FakeEvaluation:
    """Each question waits for a ``release()``, unless ``quick``."""

    def __init__(self, *saved: Run, quick: bool = False) -> None:
        self.runs = {one.header.name: one for one in saved}
        self.quick = quick
        self.started: list[str] = []
        self.asked = threading.Semaphore(0)
        self._turns = threading.Semaphore(0)

    def release(self, questions: int = 1) -> None:
        """Let so many questions be answered."""
        self._turns.release(questions)

    def sets(self) -> Sequence[str]:
        return (SET, BROKEN_SET, CRASHING_SET)

    def newest(self) -> str:
        return max(self.runs, default="")

    def saved(self, name: str) -> Run:
        if name not in self.runs:
            raise EvaluationError(f"the run {name} is damaged: its checksum differs")
        return self.runs[name]

    def run(self, question_set: str, step: Step) -> None:
        self.started.append(question_set)
        if question_set == BROKEN_SET:
            raise EvaluationError("eval/坏.jsonl, line 3: not a case", "mend <b>it</b>")
        if question_set == CRASHING_SET:
            raise RuntimeError("secret detail")
        for number in range(QUESTIONS):
            if not self.quick:
                assert self._turns.acquire(timeout=30)
            step("ask", number + 1, QUESTIONS)
            self.asked.release()
        name = f"20261121T0400{len(self.runs):02}Z-run"
        self.runs[name] = three(name, 2)

    def report(self, name: str) -> str:
        return (
            f"<!DOCTYPE html><html><head><title>{self.saved(name).header.name}</title></head>"
            "<body><h1>报告</h1><script>document.title = 'ran'; "
            "fetch('/config').catch(() => { document.title = 'kept in' })</script></body></html>"
        )
