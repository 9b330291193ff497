"""`rag eval --calibrate`: fits refusing to the user's own questions; `--forget-calibration` undoes it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.cli.output import Progress, emit, emit_json, line, progress, table, warn
from rag.config import Settings
from rag.errors import EvaluationError, UsageError, YinjuError
from rag.evaluate import calibrate as fitting
from rag.evaluate.calibrate import FOLDS, Observed, Refusing
from rag.evaluate.job import read_for
from rag.evaluate.report.words import shown
from rag.evaluate.types import Question, QuestionSet
from rag.index.interrupts import sigterm_interrupts
from rag.pipeline import Pipeline
from rag.retrieve import calibration_file
from rag.retrieve.calibration import RULED, Calibration, rank

ROWS = (
    ("可回答而拒", "false_refusals", "share"), ("不可回答而拒", "refusal_recall", "share"),
    ("把握分得开（AUC）", "auc", "score"), ("把握的方差（Brier）", "brier", "score"),
    ("把握偏离实际（ECE）", "ece", "score"),
)  # fmt: skip


def run_calibration(args: argparse.Namespace, settings: Settings) -> int:
    """0 where the calibration is in use (with --no-save: where one could be fitted). Raises
    YinjuError: a set of other documents, or one the weights know by heart, or too few questions."""
    pipeline = Pipeline(settings, calibrated=False)
    weights = pipeline.judge.weights
    _check_memory(args.set, weights.fitted_on, args.force)
    question_set = read_for(pipeline, args.set)
    questions = askable(question_set)
    with progress() as show, sigterm_interrupts():
        observed, failed = observe(pipeline, questions, show)
    rate, fitted_for = settings.false_refusals, pipeline.judge.fitted_for()
    own = fitting.calibration(observed, rate, question_set.name, question_set.checksum, fitted_for)
    before = fitting.as_shipped(observed, weights.threshold(rate))
    after = fitting.cross_validated(observed, rate)
    path = None if args.no_save else calibration_file.write(own, settings.index)
    if args.json:
        emit_json(calibration_json(own, rate, before, after, failed, path))
        return 0
    show_calibration(own, rate, before, after)
    if failed:
        emit(f"提问出错而不计的：{failed} 题")
    if len(questions) < len(question_set.questions):
        emit(f"自带段落而不计的：{len(question_set.questions) - len(questions)} 题")
    if path is not None:
        emit(f"已写入并启用：{line(str(path))}；撤销：rag eval --forget-calibration")
    return 0


def forget_calibration(args: argparse.Namespace, settings: Settings) -> int:
    """Removes the calibration of the index; none is no fault."""
    gone = calibration_file.forget(settings.index)
    if args.json:
        emit_json({"forgotten": gone})
    else:
        emit("校准已删，改用随附的拒答阈值" if gone else "本来就没有校准")
    return 0


def _check_memory(path: Path, fitted_on: Sequence[str], force: bool) -> None:
    """Raises EvaluationError for a set that the weights were fitted on, by its name; with ``force``
    that is a warning."""
    if path.name not in fitted_on:
        return
    known = f"the evidence weights were fitted on {path.name}: its figures are memory"
    if not force:
        raise EvaluationError(
            f"{known}, and a threshold from them would refuse too much of anything else",
            "name questions of your own with --set FILE, or give --force",
        )
    warn([YinjuError(known, "expect more false refusals of other questions")])


def askable(question_set: QuestionSet) -> list[Question]:
    """The questions that are asked of the user's index. Raises EvaluationError where there is none."""
    found = [question for question in question_set.questions if not question.passages]
    if question_set.documents or question_set.form == "passages" or not found:
        raise EvaluationError(
            f"{question_set.name} brings texts of its own and says nothing of this index",
            "name questions over your documents with --set FILE",
        )
    return found


def observe(
    pipeline: Pipeline, questions: Sequence[Question], show: Progress
) -> tuple[list[Observed], int]:
    """What the evidence says of each question, and how many could not be asked."""
    observed = []
    for done, question in enumerate(questions, start=1):
        try:
            probability, ruled = pipeline.evidence_for(question.turns)
            observed.append(Observed(probability, question.answerable, ruled))
        except UsageError:
            pass  # no question, or too long a one: that would be said to who asks it
        show("ask", done, len(questions))
    return observed, len(questions) - len(observed)


def calibration_json(
    own: Calibration,
    rate: float,
    before: Refusing,
    after: Refusing,
    failed: int,
    path: Path | None,
) -> dict[str, Any]:
    """The fit as one JSON object; a figure without a question is null."""
    return {
        "set": own.set_name,
        "checksum": own.set_checksum,
        "answerable": len(own.answerable),
        "unanswerable": own.unanswerable,
        "failed": failed,
        "ruled": own.answerable.count(RULED),
        "scale": own.scale,
        "shift": own.shift,
        "false_refusals": rate,
        "threshold": own.threshold(rate),
        "before": _figures(before),
        "after": _figures(after),
        "folds": FOLDS,
        "fitted_for": dict(own.fitted_for),
        "identity": calibration_file.identity(own),
        "saved": None if path is None else str(path),
    }


def _figures(found: Refusing) -> dict[str, float | None]:
    return {
        name: None if math.isnan(value) else round(value, 4)
        for name, value in asdict(found).items()
    }


def show_calibration(own: Calibration, rate: float, before: Refusing, after: Refusing) -> None:
    """Before and after side by side, then what was fitted."""
    emit(f"{line(own.set_name)}：可回答 {len(own.answerable)} 题，不可回答 {own.unanswerable} 题")
    rows: list[tuple[str, ...]] = [("", "随附", f"校准后（{FOLDS} 折交叉验证）")]
    for title, name, unit in ROWS:
        values = (getattr(before, name), getattr(after, name))
        rows.append((title, *("无" if math.isnan(v) else shown(v, unit) for v in values)))
    for text in table(rows):
        emit(text)
    emit(f"把握 = sigmoid({own.scale:.3f} × logit(p) {'+-'[own.shift < 0]} {abs(own.shift):.3f})")
    emit(f"拒答阈值 {own.threshold(rate):.3f}：与这些题同样来的可回答题，至多误拒 {rate:.1%}")
    if ruled := own.answerable.count(RULED):
        emit(f"其中 {ruled} 题的要紧词文件里全没有，阈值多低都拒")
    count = len(own.answerable)
    if rank(rate, count - math.ceil(count / FOLDS)) == 0:
        emit(
            f"题少，交叉验证时每次少用一折，定不了阈值：上面的拒答率只是下限；{count} 题合用时定得了"
        )
    if not own.unanswerable:
        emit("没有不可回答的题：把握照旧，只定了阈值")
