"""`rag eval`: runs a question set, saves the run, shows it; or compares, ablates, gates."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.cli.eval_show import run_json, show_failures, show_run
from rag.cli.output import emit, emit_json, line, progress, warn
from rag.config import Settings
from rag.errors import EvaluationError, UsageError
from rag.evaluate.job import Done, Options, evaluate, read_for
from rag.evaluate.runs import file_name, latest, read
from rag.evaluate.source import write as write_whole
from rag.evaluate.types import QuestionSet, Run
from rag.index.interrupts import sigterm_interrupts
from rag.pipeline import Pipeline

RECENT = 50
"""Saved runs among which the one before is looked for."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """The exit code: 0, or 1 for a regression or a broken floor; a failed case is a figure, not
    a fault. Raises YinjuError."""
    _check(args)
    if args.mode:
        settings = settings.model_copy(update={"mode": args.mode})
    if args.compare:
        from rag.cli.eval_compare import compare_runs

        before, after = args.compare
        return compare_runs(before, after, settings.runs, args.json)
    if args.ablate:
        from rag.cli.eval_ablate import run_variants

        return run_variants(args, settings)
    if args.calibrate or args.forget_calibration:
        from rag.cli.eval_calibrate import forget_calibration, run_calibration

        return (run_calibration if args.calibrate else forget_calibration)(args, settings)
    if args.gate is not None:
        from rag.cli.eval_gate import run_gate

        return run_gate(args, settings)
    done = make(args, settings)
    if args.json:
        emit_json(run_json(done.run))
    else:
        show_run(done.run)
        if args.failures:
            show_failures(done.run.records)
        say_saved(done)
    return say_fallbacks(done.run)


def make(
    args: argparse.Namespace,
    settings: Settings,
    check: Callable[[QuestionSet], None] = lambda question_set: None,
) -> Done:
    """The run, saved and reported as the arguments ask.

    ``check`` may raise what speaks against the set, before a question is asked.
    """
    check_targets(args)
    pipeline = Pipeline(settings)
    warn(pipeline.judge.faults())
    question_set = read_for(pipeline, args.set, args.passages, args.noise)
    check(question_set)
    folder = None if args.no_save else settings.runs
    before = None if args.report is None else _before(settings.runs, question_set)
    try:
        with progress() as show, sigterm_interrupts():
            options = Options(folder, args.limit or 0, args.resume, workers=args.workers or 0)
            done = evaluate(pipeline, question_set, show, options)
    except KeyboardInterrupt:
        if folder:
            say("what was done is kept; the same command with --resume goes on")
        raise
    report(args, settings.runs, done.run, before=before)
    return done


def _before(folder: Path, question_set: QuestionSet) -> Run | None:
    """The last saved run of the same set, which the report compares with; a damaged one is none."""
    for path in latest(folder, RECENT):
        if f"-{file_name(question_set.name)}-" in path.name:
            with contextlib.suppress(EvaluationError):
                run = read(path)
                if run.header.set_checksum == question_set.checksum:
                    return run
    return None


def check_targets(args: argparse.Namespace) -> None:
    """Raises EvaluationError where the report or the plots cannot be put where they are wanted:
    better now than after ten minutes."""
    try:
        if args.plots is not None:
            args.plots.mkdir(parents=True, exist_ok=True)
        if args.report not in (None, Path()):
            args.report.parent.mkdir(parents=True, exist_ok=True)
            if args.report.is_dir():
                raise IsADirectoryError(0, "Is a directory", str(args.report))
    except OSError as error:
        raise EvaluationError(
            f"{error.filename} cannot be written ({error.strerror})", "name another place"
        ) from None


def report(
    args: argparse.Namespace,
    folder: Path,
    made: Run,
    others: Sequence[Run] = (),
    before: Run | None = None,
) -> None:
    """Writes the report, into ``folder`` where no file is named, and the plots, as far as they are
    asked for. Raises EvaluationError."""
    if args.report is not None:
        from rag.evaluate.report.html import render

        path = args.report
        if path == Path():
            path = folder / f"{made.header.name}.html"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, render(made, others, before).encode())
        except OSError as error:
            raise EvaluationError(f"the report {path} cannot be written ({error})") from None
        say(f"报告：{path}")
    if args.plots is not None:
        from rag.evaluate.report.plots import write

        for path in write(made, others, args.plots):
            say(f"图：{path}")


def say(text: str) -> None:
    """A line beside the output, on stderr: the output may be JSON."""
    print(text, file=sys.stderr)


def say_fallbacks(run: Run) -> int:
    """How many answers are not the model's and why, on stderr; 1 where all are: such a run says
    nothing about the model."""
    asked = [record for record in run.records if record.written is not None]
    fallen = [record for record in asked if record.fell_back]
    if not fallen:
        return 0
    reasons = Counter(record.reason for record in fallen).most_common()
    more = f"，等 {len(reasons)} 种原因" if len(reasons) > 1 else ""
    say(
        f"{len(asked)} 个回答里有 {len(fallen)} 个是抽取式的，不是模型写的"
        f"（{line(reasons[0][0])}：{reasons[0][1]} 个{more}）"
    )
    return int(len(fallen) == len(asked))


def say_saved(done: Done) -> None:
    """Where the run lies, and how to hold it against the one before."""
    if done.path is None:
        return
    emit(f"已保存：{line(str(done.path))}")
    before = latest(done.path.parent, 2)[1:]
    if before and f"-{file_name(done.run.header.set_name)}-" in before[0].name:
        emit("与上一次比较：rag eval --compare last~1 last")


def _check(args: argparse.Namespace) -> None:
    """Raises UsageError for what does not go together."""
    tasks = (args.compare, args.ablate, args.gate, args.calibrate, args.forget_calibration)
    if sum(bool(task) for task in tasks) > 1:
        raise UsageError(
            "--compare, --ablate, --gate, --calibrate and --forget-calibration are tasks of their "
            "own",
            "give one of them",
        )
    if args.force and not args.calibrate:
        raise UsageError("--force belongs to --calibrate", "give both")
    for name in ("report", "plots", "limit", "failures", "resume", "workers"):
        calibrates = args.calibrate or args.forget_calibration
        if calibrates and getattr(args, name) not in (None, False):
            raise UsageError(f"--{name} is for a run that is saved", "leave it out")
    for name in ("report", "plots", "limit", "failures", "workers"):
        if args.compare and getattr(args, name) not in (None, False):
            raise UsageError(f"--{name} is for a new run", "leave it out with --compare")
    if args.chunk_sizes and not args.ablate:
        raise UsageError("--chunk-sizes belongs to --ablate", "give both")
    if args.failures and args.ablate:
        raise UsageError("--failures is for one run", "leave it out with --ablate")
    if args.rebase and args.gate is None:
        raise UsageError("--rebase belongs to --gate", "give both")
    if args.gate is not None and args.limit:
        raise UsageError("the floors hold for the whole set", "leave --limit out")
    if args.resume and (args.no_save or args.ablate or args.compare):
        raise UsageError("--resume goes on with a run that is saved", "give it with --set alone")
