"""`rag index`: builds or updates the index and says what became of every input."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from rag.cli.output import emit, emit_json, line, progress
from rag.config import Settings
from rag.errors import UsageError
from rag.index.report import BuildReport
from rag.indexing import build_index


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Builds; raises YinjuError."""
    if not settings.docs.is_dir():
        raise UsageError(
            f"there is no docs folder {settings.docs}",
            "make it and put documents into it, or give --docs DIR",
        )
    with progress() as show:
        report = build_index(settings, show, rebuild=args.rebuild)
    if args.json:
        emit_json(report_json(report))
    else:
        _text(report)
    return 0


def report_json(report: BuildReport) -> dict[str, Any]:
    """The report; ``skipped`` lists every input that was not indexed, ``inputs`` reconciles:
    seen = indexed + skipped + failed."""
    return {
        "documents": report.documents,
        "chunks": report.chunks,
        "added": report.added,
        "updated": report.updated,
        "removed": report.removed,
        "skipped": [
            {"path": row.path, "reason": row.reason, "status": row.status}
            for row in report.rows
            if row.status != "indexed"
        ],
        "inputs": _totals(report),
        "generation": report.generation,
        "embedder": report.embedder,
        "seconds": report.seconds,
        "rebuilt": report.rebuilt,
    }


def _totals(report: BuildReport) -> dict[str, int]:
    status = Counter(row.status for row in report.rows)
    return {
        "seen": len(report.rows),
        "indexed": status["indexed"],
        "skipped": status["skipped"],
        "failed": status["failed"],
    }


def _text(report: BuildReport) -> None:
    totals = _totals(report)
    emit(
        f"索引 {report.generation}：{report.documents} 份文件，{report.chunks} 段；"
        f"新增 {report.added}，更新 {report.updated}，移除 {report.removed}；"
        f"{report.seconds:.1f} 秒"
    )
    emit(
        f"输入 {totals['seen']} = 已索引 {totals['indexed']} + 跳过 {totals['skipped']}"
        f" + 失败 {totals['failed']}"
    )
    if report.rebuilt and report.rebuilt != "first build":
        emit(f"全部重新处理：{line(report.rebuilt)}")
    for row in report.rows:
        if row.status != "indexed":
            name = {"skipped": "跳过", "failed": "失败"}[row.status]
            emit(f"  {name} {line(row.path)}：{line(row.reason)}")
        elif row.reason:
            emit(f"  {line(row.path)}：{line(row.reason)}")
