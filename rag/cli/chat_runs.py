"""The evaluation as the page asks for it: sets and runs on disk, asked of the page's pipeline."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from rag.errors import EvaluationError
from rag.evaluate import runs
from rag.evaluate.types import Run
from rag.pipeline import Pipeline
from rag.web.seam import Step

FOLDER = Path("eval")
USUAL = FOLDER / "seeds.jsonl"


class SavedRuns:
    """Sets of the folder eval and the page's own feedback; runs of the settings' folder."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._settings = pipeline.settings
        self._drawing = threading.Lock()
        self._drawn: tuple[str, str] | None = None

    def sets(self) -> Sequence[str]:
        """The usual set first, the feedback last; an empty file is no set. A held-out set is not
        offered: here its failures would be a click away."""
        feedback = self._settings.feedback
        found = {path for path in FOLDER.glob("*.jsonl") if _holds_lines(path)} - {feedback}
        found -= set(FOLDER.glob("*_test.jsonl"))
        ordered = sorted(found, key=lambda path: (path != USUAL, path))
        return [str(path) for path in (*ordered, *[feedback] * _holds_lines(feedback))]

    def newest(self) -> str:
        return next((path.stem for path in runs.latest(self._settings.runs)), "")

    def saved(self, name: str) -> Run:
        return runs.read(self._path(name))

    def run(self, question_set: str, step: Step) -> None:
        """What was answered before a Stop is not asked again."""
        from rag.evaluate.job import Options, evaluate, read_for  # the page's start does not wait

        options = Options(self._settings.runs, resume=True)
        evaluate(self._pipeline, read_for(self._pipeline, Path(question_set)), step, options)

    def report(self, name: str) -> str:
        """Drawn once: that takes seconds, and the drawing library does not suffer two threads."""
        with self._drawing:
            if self._drawn is None or self._drawn[0] != name:
                from rag.evaluate.report.html import render

                self._drawn = name, render(self.saved(name))
            return self._drawn[1]

    def _path(self, name: str) -> Path:
        """Raises EvaluationError where the name leads out of the folder."""
        if name != Path(name).name or name in ("", ".", ".."):
            raise EvaluationError(f"there is no run {name!r}")
        return self._settings.runs / f"{name}.json"


def _holds_lines(path: Path) -> bool:
    try:
        return path.stat().st_size > 1
    except OSError:
        return False
