"""`rag eval --compare A B`: what changed, what of it is chance, which cases flipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.cli.output import emit, emit_json, line, table
from rag.evaluate import runs
from rag.evaluate.compare import Comparison, Difference, Flip, compare
from rag.evaluate.report.words import difference, shown
from rag.evaluate.types import Record, Run


def compare_runs(before: str, after: str, folder: Path, as_json: bool) -> int:
    """1 where something is worse for certain, else 0. Raises EvaluationError."""
    found = compare(*(runs.read(runs.resolve(text, folder)) for text in (before, after)))
    if as_json:
        emit_json(comparison_json(found))
    else:
        show(found)
    return 1 if found.regressions else 0


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The comparison as one JSON object; ``significant`` is null where that is not judged."""
    return {
        "before": found.before.header.name,
        "after": found.after.header.name,
        "common": found.common,
        "apart": found.apart,
        "changed": [{"name": n, "before": a, "after": b} for n, a, b in found.changed],
        "differences": {
            d.measure.name: {
                "before": round(d.before, 4),
                "after": round(d.after, 4),
                "p": d.p,
                "adjusted": d.adjusted,
                "significant": None if d.adjusted is None else d.significant,
            }
            for d in found.differences
        },
        "flips": [
            {
                "id": flip.after.id,
                "better": flip.better,
                "turns": list(flip.after.turns),
                "before": flip.before.answer,
                "after": flip.after.answer,
            }
            for flip in found.flips
        ],
        "fallbacks": {"before": _fallen(found.before), "after": _fallen(found.after)},
        "regressions": list(found.regressions),
    }


def show(found: Comparison) -> None:
    """The comparison for people."""
    emit(f"前 {line(found.before.header.name)}")
    emit(f"后 {line(found.after.header.name)}")
    emit(f"共有 {found.common} 题" + (f"；{found.apart}" if found.apart else ""))
    for where, run in ("前", found.before), ("后", found.after):
        if fallen := _fallen(run):
            emit(f"  {where}：{fallen} 个回答是抽取式的，不是模型写的")
    for name, before, after in found.changed:
        emit(f"  {line(name)}：{line(before) or '无'} → {line(after) or '无'}")
    emit()
    for text in table(difference_rows(found.differences)):
        emit(text)
    emit("p：配对置换检验，双侧；显著：Holm 校正后 p < 0.05，只判写明的几项。用时不算退步。")
    show_flips("变对", [flip for flip in found.flips if flip.better])
    show_flips("变错", [flip for flip in found.flips if not flip.better])
    emit()
    if not found.regressions:
        emit("没有退步")
    for text in found.regressions:
        emit(f"退步：{line(text)}")


def _fallen(run: Run) -> int:
    return sum(record.fell_back for record in run.records)


def difference_rows(differences: Sequence[Difference]) -> list[tuple[str, ...]]:
    """A measure a row."""
    rows: list[tuple[str, ...]] = [("指标", "前", "后", "差", "p", "")]
    for d in differences:
        unit = d.measure.unit
        chance = "" if d.p is None else "<0.001" if d.p < 0.001 else f"{d.p:.3f}"
        verdict = "" if d.adjusted is None else ("显著" if d.significant else "不显著")
        rows.append((d.measure.zh, shown(d.before, unit), shown(d.after, unit),
                     difference(d.change, unit), chance, verdict))  # fmt: skip
    return rows


def show_flips(title: str, flips: Sequence[Flip]) -> None:
    """The cases that went one way, with both answers."""
    if not flips:
        return
    emit(f"\n{title} {len(flips)} 题：")
    for flip in flips:
        emit(f"  {line(flip.after.id)} {line(flip.after.kind)}：{line(flip.after.turns[-1])}")
        emit(f"    前 {_answer(flip.before)}")
        emit(f"    后 {_answer(flip.after)}")


def _answer(record: Record) -> str:
    text = line(record.error or record.answer)
    return text if len(text) <= 160 else text[:159] + "…"
