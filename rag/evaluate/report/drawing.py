"""How each chart is drawn: axes with units, direct labels, no legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.evaluate.report.canvas import COLOURS, WIDTH, Sheet
from rag.evaluate.report.series import CurvePoint, Scores
from rag.evaluate.report.words import kind_of, milliseconds, percent
from rag.evaluate.types import Figure
from rag.text.visible import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BIN = 0.05
"""Width of a bar of the confidence histogram."""
NOISY = 0.05
"""Coverage up to which a risk is that of a handful of cases."""


# ---- by kind ---------------------------------------------------------------------------------
_ROW = 0.27
"""Inches of a row."""
_SHARE_WIDTH = 1.15
"""Inches for the figures beside the bars."""
_MARGIN = 0.5
"""Inches above and below the bars."""


def height_of(kinds: int) -> float:
    """Inches that a chart of so many kinds needs."""
    return _MARGIN + _ROW * kinds


def kinds_chart(sheet: Sheet, kinds: Sequence[tuple[str, Figure]], worst: set[str]) -> None:
    """Bars with their intervals, in the order given; ``worst`` stand out."""
    labels = [_short(sheet.text(visible(sheet.say(kind_of(kind), kind)))) for kind, _ in kinds]
    left = max(0.5, max(map(_width, labels)) + 0.12)
    axes = sheet.axes(left, 0.42, WIDTH - left - _SHARE_WIDTH, _ROW * len(kinds))
    for row, (kind, figure) in enumerate(kinds):
        colour = COLOURS["bad" if kind in worst else "good"]
        axes.barh(row, figure.value, height=0.62, color=colour)
        axes.plot([figure.low, figure.high], [row, row], color=COLOURS["ink"], lw=1.2)
        right = round(figure.value * figure.cases)
        axes.annotate(
            percent(figure.value),
            (1, row),
            (44, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            size=10,
            weight="bold",
            color=COLOURS["ink"],
        )
        axes.annotate(
            f"{right}/{figure.cases}",
            (1, row),
            (50, 0),
            textcoords="offset points",
            va="center",
            size=9,
            color=COLOURS["muted"],
        )
    axes.set_ylim(len(kinds) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_yticks(range(len(kinds)), labels, color=COLOURS["ink"])
    _shares(axes.set_xticks)
    axes.grid(axis="x", color=COLOURS["line"], lw=0.8)


def _short(label: str) -> str:
    return label if len(label) <= 18 else label[:17] + "…"


def _width(label: str) -> float:
    """Inches that a label needs at 10 points: a Chinese character is as wide as it is high."""
    return sum(10 / 72 if ord(c) > 0x2E7F else 6.2 / 72 for c in label)


# ---- refusing --------------------------------------------------------------------------------
def risk_chart(sheet: Sheet, curve: Sequence[tuple[float, float]]) -> None:
    """The curve's end is where the system works: all that it answers."""
    axes = _plane(sheet, sheet.say("所答之中不对的", "wrong among those answered"))
    axes.plot(*zip(*curve, strict=True), color=COLOURS["good"], lw=2)
    axes.set_xlim(0, 1)
    # The first few answers jump between 0 and 1.
    steady = [risk for coverage, risk in curve if coverage >= NOISY] or [curve[-1][1]]
    axes.set_ylim(0, min(1.03, max(0.1, max(steady) * 1.3)))
    coverage, risk = curve[-1]
    axes.plot([coverage], [risk], "o", color=COLOURS["bad"], ms=9, clip_on=False)
    now = sheet.say("现在：答 {0}，其中 {1} 不对", "now: answers {0}, {1} of them wrong")
    # Above the point: the curve comes from below.
    axes.annotate(
        now.format(percent(coverage), percent(risk)),
        (coverage, risk),
        (0, 11),
        textcoords="offset points",
        ha="right" if coverage > 0.5 else "left",
        color=COLOURS["bad"],
        weight="bold",
        size=11,
    )
    _shares(axes.set_xticks)
    axes.locator_params(axis="y", nbins=5)
    axes.yaxis.set_major_formatter(lambda value, _: percent(value))
    axes.set_xlabel(sheet.say("作答的占全部题", "answered among all"), color=COLOURS["muted"])


def confidence_chart(sheet: Sheet, data: Scores) -> None:
    """Two histograms, each over its own group, and where refusing turns into answering."""
    axes = _plane(sheet, sheet.say("占本组的题", "share of its group"))
    edges = [i * BIN for i in range(round(1 / BIN) + 1)]
    tops = [0.05]
    groups = (
        (data.answerable, "good", sheet.say("答得了", "answerable")),
        (data.unanswerable, "bad", sheet.say("答不了", "unanswerable")),
    )
    for values, role, label in groups:
        if not values:
            continue
        weights = [1 / len(values)] * len(values)
        heights, _, _ = axes.hist(
            values, bins=edges, weights=weights, histtype="step", lw=2, color=COLOURS[role]
        )
        axes.hist(values, bins=edges, weights=weights, color=COLOURS[role], alpha=0.18)
        shares = [float(height) for height in np.atleast_1d(np.asarray(heights))]
        tops.append(max(shares))
        peak = shares.index(tops[-1])
        right = edges[peak] > 0.7
        axes.annotate(
            f"{label} {len(values)}",
            (edges[peak] + BIN / 2, tops[-1]),
            (0, 5),
            textcoords="offset points",
            ha="right" if right else "left" if edges[peak] < 0.15 else "center",
            color=COLOURS[role],
            weight="bold",
            size=11,
        )
    top = max(tops) * 1.3
    axes.set_ylim(0, top)
    axes.set_xlim(0, 1)
    if data.border:
        low, high = data.border
        axes.axvspan(low, max(high, low + 0.006), color=COLOURS["band"], alpha=0.45, lw=0, zorder=0)
        axes.annotate(
            sheet.say("有答有拒", "both")
            if data.mixed
            else sheet.say("拒 ← → 答", "refuse ← → answer"),
            ((low + high) / 2, top),
            (0, -2),
            textcoords="offset points",
            ha="center",
            va="top",
            size=10,
            color=COLOURS["ink"],
        )
    _shares(axes.set_xticks)
    axes.yaxis.set_major_formatter(lambda value, _: percent(value))
    axes.locator_params(axis="y", nbins=5)
    axes.set_xlabel(sheet.say("把握（文件答得了的概率）", "probability that the documents answer"),
                    color=COLOURS["muted"])  # fmt: skip


# ---- cost ------------------------------------------------------------------------------------
def latency_chart(
    sheet: Sheet, times: Sequence[float], marks: Sequence[tuple[float, float]]
) -> None:
    """The share of questions done by a time; ``marks`` are (share, milliseconds) on the curve."""
    axes = _plane(sheet, sheet.say("在此时间内答完的题", "questions done by then"))
    count = len(times)
    axes.step([times[0], *times], [i / count for i in range(count + 1)], where="post",
              color=COLOURS["good"], lw=2)  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(times[0] / 1.3, times[-1] * 1.6)
    axes.set_ylim(0, 1.03)
    for share, at in marks:
        axes.plot([at], [share], "o", color=COLOURS["bad"], ms=7)
        axes.annotate(
            f"p{share * 100:.0f}  {milliseconds(at)}",
            (at, share),
            (9, -12),
            textcoords="offset points",
            color=COLOURS["bad"],
            weight="bold",
            size=11,
        )
    ticks = [at for power in range(-1, 6) for step in (1, 2, 5)
             if times[0] / 1.3 <= (at := step * 10.0**power) <= times[-1] * 1.6]  # fmt: skip
    axes.set_xticks(ticks, [milliseconds(at).replace(".0 ", " ") for at in ticks])
    axes.set_xticks([], minor=True)
    _shares(axes.set_yticks)
    axes.set_xlabel(
        sheet.say("一题的用时（对数）", "time a question (log)"), color=COLOURS["muted"]
    )


def chunks_chart(sheet: Sheet, points: Sequence[CurvePoint], now: str) -> None:
    """Two lines over the chunk size; ``now`` is that of the run itself."""
    axes = _plane(sheet, sheet.say("占可回答的题", "share of the answerable"))
    sizes = [point.size for point in points]
    lines = (
        ("good", sheet.say("检索前五有原句", "hit@5"), [point.hit for point in points]),
        ("bad", sheet.say("答对并引对", "right and cited"), [point.right for point in points]),
    )
    drawn = [
        (role, label, known)
        for role, label, line in lines
        if (known := [(size, f) for size, f in zip(sizes, line, strict=True) if f is not None])
    ]
    upper, _, _ = max(drawn, key=lambda one: one[2][-1][1].value)
    for role, label, known in drawn:
        axes.errorbar(
            [size for size, _ in known],
            [f.value for _, f in known],
            yerr=(
                [f.value - f.low for _, f in known],
                [f.high - f.value for _, f in known],
            ),
            color=COLOURS[role],
            lw=2,
            elinewidth=1,
            marker="o",
            ms=5,
        )
        axes.annotate(
            label,
            (known[-1][0], known[-1][1].value),
            (9, 7 if role == upper else -7),  # they may end at one point
            textcoords="offset points",
            va="center",
            color=COLOURS[role],
            weight="bold",
            size=10,
        )
    axes.set_xlim(sizes[0] * 0.85, sizes[-1] + (sizes[-1] - sizes[0]) * 0.55)
    axes.set_ylim(0, 1.03)
    axes.set_xticks(sizes, [f"{size}*" if str(size) == now else str(size) for size in sizes])
    _shares(axes.set_yticks)
    axes.set_xlabel(sheet.say("一段的字数（* 本次）", "characters a chunk (* this run)"),
                    color=COLOURS["muted"])  # fmt: skip


# ---- shared ----------------------------------------------------------------------------------
def _plane(sheet: Sheet, unit: str) -> Axes:
    """Axes with the name of the vertical one above it, where it reads without turning the head."""
    axes = sheet.axes(0.62, 0.5, WIDTH - 0.62 - 0.2, sheet.height - 0.5 - 0.38)
    axes.grid(axis="y", color=COLOURS["line"], lw=0.8)
    axes.annotate(unit, (0, 1), (-34, 10), xycoords="axes fraction", textcoords="offset points",
                  size=10, color=COLOURS["muted"])  # fmt: skip
    return axes


def _shares(set_ticks: Callable[..., object]) -> None:
    """Ticks of an axis from 0 to 100 %."""
    set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
