"""`rag eval`: a question set, its figures, and the cases that failed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rag.cli.output import emit, emit_json, line, progress, table
from rag.config import Settings
from rag.evaluate.judge import Judged
from rag.evaluate.runner import Summary, summarise
from rag.evaluate.runner import run as run_set
from rag.evaluate.sets import read_set
from rag.pipeline import Pipeline


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Runs the set; raises YinjuError. A failed case is a figure, not a fault: the code is 0."""
    pipeline = Pipeline(settings)
    corpus = pipeline.index().corpus
    questions = read_set(args.set, {doc: corpus.document(doc).text for doc in corpus.ids()})
    with progress() as show:
        judged = run_set(pipeline, questions, lambda done, total: show("ask", done, total))
    summary = summarise(judged)
    if args.json:
        emit_json(
            {
                "set": str(args.set),
                "documents": len(corpus.ids()),
                "figures": _figures(summary),
                "questions": [_record(one) for one in judged],
            }
        )
        return 0
    _print(summary, args.set.name)
    if args.failures:
        _failures(judged)
    return 0


def _figures(summary: Summary) -> dict[str, Any]:
    figures = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(summary).items()
    }
    figures["by_kind"] = {
        kind: {"cases": count, "right": round(share, 4)}
        for kind, (count, share) in summary.by_kind.items()
    }
    return figures


def _record(judged: Judged) -> dict[str, Any]:
    return asdict(judged) | {"right": judged.right}


def _print(s: Summary, name: str) -> None:
    emit(f"{name}：{s.cases} 题")
    rows = [
        ("答对且引对（可回答的题）", f"{s.right:.1%}"),
        ("　答对", f"{s.said:.1%}"),
        ("　引对", f"{s.cited:.1%}"),
        ("不可回答的题被拒答", f"{s.refused_unanswerable:.1%}"),
        ("误拒", f"{s.false_refusals:.1%}"),
        ("拒答 AUC", f"{s.refusal_auc:.3f}"),
        ("引文与原文逐字相同", f"{s.verbatim:.1%}"),
        ("检索 hit@1", f"{s.hit_at_1:.1%}"),
        ("检索 hit@5", f"{s.hit_at_5:.1%}"),
        ("检索 MRR", f"{s.mean_reciprocal_rank:.3f}"),
        ("答案长度（字）中位 / 平均", f"{s.median_length:.0f} / {s.mean_length:.0f}"),
        ("用时（毫秒）p50 / p95", f"{s.p50_ms:.1f} / {s.p95_ms:.1f}"),
    ]
    for text in table(rows):
        emit(text)
    emit()
    kinds = [("题型", "题数", "通过")]
    kinds += [(kind, str(count), f"{share:.0%}") for kind, (count, share) in s.by_kind.items()]
    for text in table(kinds):
        emit(text)


def _failures(judged: Sequence[Judged]) -> None:
    emit()
    failed = [one for one in judged if not one.right]
    emit(f"未通过 {len(failed)} 题：")
    for one in failed:
        emit(f"  {one.id} {one.kind} {_fault(one)}：{line(one.answer)}")


def _fault(one: Judged) -> str:
    if not one.answerable:
        return "该拒未拒"
    if one.refused:
        return "误拒"
    return "答错" if not one.said else "引错"
