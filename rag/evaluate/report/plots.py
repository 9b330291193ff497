"""The charts of a run, for the page and as PNG files for a README."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rag.errors import EvaluationError
from rag.evaluate.report.canvas import Chart, chinese_font, png
from rag.evaluate.report.drawing import (
    chunks_chart,
    confidence_chart,
    height_of,
    kinds_chart,
    latency_chart,
    risk_chart,
)
from rag.evaluate.report.faults import worst_kinds
from rag.evaluate.report.series import Measured, chunk_sizes, latencies, measured, scores
from rag.evaluate.statistics import by_kind, risk_coverage
from rag.evaluate.types import Record, Run

QUANTILES = ((0.5, "p50_ms"), (0.95, "p95_ms"))
"""Marked on the curve of latencies."""
ROWS = 24
"""Kinds drawn at most, the worst."""


def charts(base: Measured, others: Sequence[Measured] = ()) -> list[Chart]:
    """The charts that a run has data for, in the order in which they are shown."""
    run = base.run
    drawn = [_kinds_chart(run.records)]
    if curve := risk_coverage(run.records):
        draw = partial(risk_chart, curve=curve)
        drawn.append(Chart("risk_coverage", ("答多少，错多少", "Risk and coverage"), 3.0, draw))
    if (data := scores(run.records)).any:
        title = ("把握：答得了的题与答不了的题", "Confidence by answerability")
        drawn.append(Chart("confidence", title, 3.0, partial(confidence_chart, data=data)))
    if times := latencies(run.records):
        marks = [
            (share, base.figures[name].value) for share, name in QUANTILES if name in base.figures
        ]
        draw = partial(latency_chart, times=times, marks=marks)
        drawn.append(Chart("latency", ("用时", "Latency"), 2.8, draw))
    if len(points := chunk_sizes(base, others)) > 1:
        draw = partial(chunks_chart, points=points, now=run.header.settings.get("chunk_size", ""))
        drawn.append(Chart("chunk_size", ("切段长短", "Chunk size"), 2.8, draw))
    return drawn


def write(run: Run, others: Sequence[Run], folder: Path) -> list[Path]:
    """Writes each chart as ``NAME.png`` into ``folder``, made where it is missing; the paths.

    Raises EvaluationError where a file cannot be written.
    """
    font = chinese_font()
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for chart in charts(measured(run), [measured(one) for one in others]):
            path = folder / f"{chart.name}.png"
            png(chart, path, font)
            paths.append(path)
    except OSError as error:
        raise EvaluationError(
            f"the plots cannot be written to {folder} ({error})", "name another folder"
        ) from None
    return paths


def _kinds_chart(records: Sequence[Record]) -> Chart:
    """The kinds, that with the lowest share first."""
    kinds = sorted(by_kind(records).items(), key=lambda item: (item[1].value, item[0]))[:ROWS]
    worst = {kind.kind for kind in worst_kinds(records)}
    draw = partial(kinds_chart, kinds=kinds, worst=worst)
    return Chart("kinds", ("各类题答得怎样", "Share right by kind"), height_of(len(kinds)), draw)
