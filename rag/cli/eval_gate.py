"""`rag eval --gate`: the set must not fall below its floors; `--rebase` takes a new baseline."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.cli import evaluation
from rag.cli.eval_show import run_json, show_failures, show_faults
from rag.cli.output import emit, emit_json, line, table
from rag.config import Settings
from rag.evaluate import baseline as baselines
from rag.evaluate.baseline import Baseline
from rag.evaluate.gate import FLOORS, Judged, check_set, judge, new_baseline, read_floors
from rag.evaluate.measures import measure
from rag.evaluate.report.words import shown
from rag.evaluate.types import Record, Run

BASELINE = "baseline.json"
NAMED = 20
"""Cases that a broken floor names in full."""


def run_gate(args: argparse.Namespace, settings: Settings) -> int:
    """1 where a floor is broken. Raises EvaluationError for floors that cannot be used or are those
    of another set, before a question is asked."""
    path: Path = FLOORS if args.gate == Path() else args.gate
    floors = read_floors(path)
    beside = path.with_name(BASELINE)
    known = None if args.rebase else baselines.read(beside)
    made = evaluation.make(args, settings, lambda asked: check_set(floors, asked.name)).run
    judged = judge(made, floors, known)
    holds = all(one.holds for one in judged)
    if args.json:
        emit_json(run_json(made) | {"gate": [judged_json(one) for one in judged], "ok": holds})
    else:
        show(made, judged, known)
        if args.failures:
            show_failures(made.records)
    if args.rebase:
        baselines.write(new_baseline(made, floors), beside)
        evaluation.say(f"基线已写入 {beside}")
    return max(evaluation.say_fallbacks(made), int(not holds))


def judged_json(one: Judged) -> dict[str, Any]:
    """A floor and what was measured."""
    return {
        "measure": one.floor.measure,
        "value": round(one.figure.value, 4),
        "at_least": one.floor.at_least,
        "at_most": one.floor.at_most,
        "why": one.floor.why,
        "holds": one.holds,
        "lost": list(one.lost),
    }


def show(run: Run, judged: Sequence[Judged], baseline: Baseline | None) -> None:
    """A floor a row; then each that is broken, with its reason and the cases that were lost."""
    rows = [("指标", "数值", "底线", "")]
    for one in judged:
        of = measure(one.floor.measure)
        rows.append((of.zh, shown(one.figure.value, of.unit), _bound(one),
                     "通过" if one.holds else "不及"))  # fmt: skip
    emit(f"{line(run.header.set_name)}：{len(run.records)} 题")
    for text in table(rows):
        emit(text)
    show_faults(run.records)
    broken = [one for one in judged if not one.holds]
    if not broken:
        emit("全部通过")
        return
    if baseline is None:
        emit("没有基线，说不出是哪些题变差；rag eval --gate --rebase 可立一个")
    elif baseline.set_checksum != run.header.set_checksum:
        emit("基线出自另一版题集，只比较两者都有的题")
    records = {record.id: record for record in run.records}
    for one in broken:
        of = measure(one.floor.measure)
        value = shown(one.figure.value, of.unit)
        emit(f"\n{of.zh}（{of.name}）{value}，底线 {_bound(one)}：{line(one.floor.why)}")
        if one.lost:
            emit(f"  基线里更好的 {len(one.lost)} 题：")
        for id in one.lost[:NAMED]:
            emit(f"    {_case(records[id])}")
        if len(one.lost) > NAMED:
            emit("    " + "、".join(line(id) for id in one.lost[NAMED:]))


def _bound(one: Judged) -> str:
    unit = measure(one.floor.measure).unit
    if one.floor.at_least is not None:
        return f"≥ {shown(one.floor.at_least, unit)}"
    assert one.floor.at_most is not None
    return f"≤ {shown(one.floor.at_most, unit)}"


def _case(record: Record) -> str:
    answer = line(record.error or record.answer)
    return f"{line(record.id)} {line(record.kind)}：{line(record.turns[-1])} → {answer[:80]}"
