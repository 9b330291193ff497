"""A run as people read it on a terminal: figures, kinds, the worst of them, failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rag.cli.output import emit, line, table
from rag.evaluate.encode import figures_json, record_json
from rag.evaluate.measures import MEASURES
from rag.evaluate.report.faults import failures, fault, worst_kinds
from rag.evaluate.report.words import FAULTS, kind_of, shown
from rag.evaluate.statistics import by_kind, figures
from rag.evaluate.types import Figure, Record, Run

HIDDEN = ("refused", "ms", "first_ms")
"""Figures that others say better: which refusals are right, and how time is spread."""
COSTS = (
    ("seconds", "用时 {:.1f} 秒"), ("peak_mb", "内存峰值 {:.0f} MB"), ("index_mb", "索引 {:.1f} MB"),
    ("build_s", "建索引 {:.1f} 秒"), ("asked", "问模型 {:.0f} 次"),
    ("fallbacks", "其中改用抽取式 {:.0f} 次"), ("prompt_tokens", "输入 {:.0f} 词元"),
    ("completion_tokens", "输出 {:.0f} 词元"), ("cost", "费用 {:.4g}"),
)  # fmt: skip


def run_json(run: Run) -> dict[str, Any]:
    """The run with its figures as one JSON object."""
    return {
        "set": run.header.set_name,
        "form": run.header.set_form,
        "documents": run.header.documents,
        "figures": figures_json(figures(run.records)),
        "by_kind": figures_json(by_kind(run.records)),
        "questions": [record_json(record) for record in run.records],
        "header": asdict(run.header),
    }


def show_run(run: Run) -> None:
    """Figures, kinds, and the three worst kinds with an example each."""
    answerable = sum(record.answerable for record in run.records)
    emit(
        f"{line(run.header.set_name)}：{len(run.records)} 题，可回答 {answerable}，"
        f"不可回答 {len(run.records) - answerable}"
    )
    if "asked" in run.header.costs:
        of = run.header.settings
        emit(f"模型 {line(of.get('model') or 'auto')}（{line(of.get('base_url', ''))}）")
    show_figures(figures(run.records))
    emit()
    show_kinds(by_kind(run.records))
    worst = worst_kinds(run.records)
    if worst:
        emit("\n最差的题型，各举一例：")
    for kind in worst:
        faults = "，".join(f"{FAULTS[name][0]} {count}" for name, count in kind.faults)
        emit(f"  {kind_name(kind.kind)}：{kind.cases} 题错 {kind.failed}（{faults}）")
        emit(f"    {_case(kind.example)}")
    costs = [
        text.format(run.header.costs[name]) for name, text in COSTS if name in run.header.costs
    ]
    emit("\n" + " · ".join(costs))
    show_faults(run.records)


def show_faults(records: Sequence[Record]) -> None:
    """How many questions no answer came to, and why the first did not."""
    failed = [record for record in records if record.error]
    if failed:
        emit(f"{len(failed)} 题没能作答：{line(failed[0].error)}")


def show_figures(found: Mapping[str, Figure]) -> None:
    """A measure a row: value, interval, cases."""
    rows = [("指标", "数值", "95% 区间", "题数")]
    for measure in MEASURES:
        if measure.name in found and measure.name not in HIDDEN:
            f, unit = found[measure.name], measure.unit
            span = f"{shown(f.low, unit)} – {shown(f.high, unit)}"
            rows.append((measure.zh, shown(f.value, unit), span, str(f.cases)))
    for text in table(rows):
        emit(text)


def show_kinds(found: Mapping[str, Figure]) -> None:
    """The share right of each kind."""
    rows = [("题型", "通过", "95% 区间", "题数")]
    rows += [
        (kind_name(kind), f"{f.value:.0%}", f"{f.low:.0%} – {f.high:.0%}", str(f.cases))
        for kind, f in found.items()
    ]
    for text in table(rows):
        emit(text)


def show_failures(records: Sequence[Record]) -> None:
    """Every case that is not right, the worst first."""
    failed = failures(records)
    emit(f"\n未通过 {len(failed)} 题：")
    for record in failed:
        emit(f"  {_case(record)}")


def kind_name(kind: str) -> str:
    """A kind as the set has it, and in Chinese where it is known."""
    zh = kind_of(kind)
    return line(kind) if zh == kind else f"{line(kind)} {zh}"


def _case(record: Record) -> str:
    name = fault(record)
    what = FAULTS[name][0] if name else "通过"
    asked = line(record.turns[-1]) if record.turns else ""
    said = line(record.error or record.answer)
    return f"{line(record.id)} {line(record.kind)} {what}：{asked} → {_cut(said)}"


def _cut(text: str, length: int = 120) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
