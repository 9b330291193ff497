"""One evaluation at a time, in a thread of its own that lets questions go first. Knows no Gradio."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from rag.errors import YinjuError
from rag.web.seam import EvaluationService

log = logging.getLogger(__name__)
ASKING = "ask"
YIELD_S = 2.0
"""Seconds that a run waits before its next question while readers' questions are answered."""

State = Literal["idle", "running", "stopping", "stopped", "failed", "finished"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the run is, or how the last one ended. ``total`` is 0 until the questions begin;
    ``seconds`` since its start; ``why`` is the line of a failure, "" where there is none to show."""

    state: State = "idle"
    question_set: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    why: str = ""

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self.state in ("running", "stopping")


class _Stopped(Exception):
    """Somebody pressed Stop."""


class Evaluation:
    """Starts and stops runs; every reader of the page sees the same one. Safe for many threads."""

    def __init__(
        self,
        service: EvaluationService,
        asked: Callable[[], bool] = lambda: False,
        yield_s: float = YIELD_S,
    ) -> None:
        """``asked``: whether a reader waits for an answer; a run then waits, ``yield_s`` at most."""
        self.service = service
        self._asked = asked
        self._yield_s = yield_s
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._progress = Progress()
        self._began = 0.0

    @property
    def progress(self) -> Progress:
        """As of now."""
        with self._lock:
            progress = self._progress
        if progress.busy:
            return replace(progress, seconds=time.monotonic() - self._began)
        return progress

    def start(self, question_set: str) -> bool:
        """Begin a run; False where one is under way, which then goes on."""
        with self._lock:
            if self._progress.busy:
                return False
            self._stop.clear()
            self._began = time.monotonic()
            self._progress = Progress("running", question_set)
        threading.Thread(
            target=self._work, args=(question_set,), name="yinju-evaluation", daemon=True
        ).start()
        return True

    def stop(self) -> None:
        """End the run after the question that is being answered."""
        with self._lock:
            if self._progress.state == "running":
                self._progress = replace(self._progress, state="stopping")
                self._stop.set()

    def _work(self, question_set: str) -> None:
        try:
            self.service.run(question_set, self._step)
        except _Stopped:
            self._end("stopped")
        except YinjuError as error:
            self._end("failed", str(error))
        except Exception as error:
            log.exception("an evaluation failed")
            self._end("failed", type(error).__name__)
        else:
            self._end("finished")

    def _step(self, stage: str, done: int, total: int | None) -> None:
        """One step is done: say so, let readers' questions go first, end if that is wanted."""
        if stage == ASKING:
            with self._lock:
                self._progress = replace(self._progress, done=done, total=total or 0)
        until = time.monotonic() + self._yield_s
        while self._asked() and not self._stop.is_set() and time.monotonic() < until:
            self._stop.wait(0.05)
        if self._stop.is_set():
            raise _Stopped

    def _end(self, state: State, why: str = "") -> None:
        seconds = time.monotonic() - self._began
        with self._lock:
            self._progress = replace(self._progress, state=state, why=why, seconds=seconds)
