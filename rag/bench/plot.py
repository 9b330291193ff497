"""``python -m rag.bench.plot RESULT.json STEM``: how cost grows, as STEM.png and STEM.svg."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.bench.child import answer
from rag.bench.peers import peer

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0b5cad", "#c2410c", "#15803d", "#7c3aed", "#b45309", "#475569", "#be185d")
"""Dark enough on white, told apart by most colour-blind readers together with the markers."""
MARKERS = "os^Dv*X"
_SALT = "yinju"
"""Ids in the SVG follow from it: same figures, same file."""

Series = tuple[str, Sequence[tuple[float, float]]]
"""A label and (articles, value) points."""


def series(result: dict[str, Any]) -> list[tuple[str, str, list[Series]]]:
    """(title, unit, lines) of each panel; a line holds the sizes at which it was measured."""
    sizes = result["sizes"]

    def own(label: str, name: str, part: str = "figures") -> Series:
        found = [(s["articles"], s[part][name]) for s in sizes if name in s[part]]
        return label, found

    rates = sorted({name for s in sizes for name in s["figures"] if name.startswith("answers_per")},
                   key=lambda name: int(name.rpartition("_")[2]))  # fmt: skip
    others = dict.fromkeys(one["name"] for s in sizes for one in s["peers"] if one["figures"])
    searches = [own("Yinju, search", "p50_ms", "ours")]
    searches.append(own("Yinju, search, not reranked", "p50_ms", "plain"))
    searches.append(own("Yinju, whole answer", "answer_p50_ms"))
    for name in others:
        points = [(s["articles"], one["figures"]["p50_ms"]) for s in sizes for one in s["peers"]
                  if one["name"] == name and one["figures"]]  # fmt: skip
        searches.append((peer(name).title, points))
    return [
        ("Index and first answer", "seconds", [
            own("build", "build_s"), own("update, 3 % of the articles", "update_s"),
            own("rag ask, cold start", "cold_s")]),
        ("Memory and disk", "MB", [
            own("peak, building", "build_mb"), own("peak, answering", "answer_mb"),
            own("peak, rag ask", "cold_mb"), own("index on disk", "disk_mb")]),
        ("Warm query, p50", "milliseconds", searches),
        ("Throughput", "answers a second", [
            own(_threads(name.rpartition("_")[2]), name) for name in rates]),
    ]  # fmt: skip


def _threads(count: str) -> str:
    return "1 thread" if count == "1" else f"{count} threads"


def draw(result: dict[str, Any], stem: Path) -> list[Path]:
    """Writes both files; returns their paths."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": _SALT, "font.size": 9}):
        figure = Figure(figsize=(10, 8.6), layout="constrained")
        for axes, (title, unit, lines) in zip(
            figure.subplots(2, 2).flat, series(result), strict=True
        ):
            _panel(axes, title, unit, [line for line in lines if line[1]])
        paths = [stem.with_suffix(".png"), stem.with_suffix(".svg")]
        figure.savefig(paths[0], dpi=150, metadata={"Software": None})
        figure.savefig(paths[1], metadata={"Date": None, "Creator": None})
    return paths


def _panel(axes: Axes, title: str, unit: str, lines: Sequence[Series]) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    for (label, points), colour, marker in zip(lines, COLOURS, MARKERS, strict=False):
        axes.plot(
            *zip(*points, strict=True), color=colour, marker=marker, markersize=5, label=label
        )
    axes.set(xscale="log", yscale="log", title=title, xlabel="articles", ylabel=unit)
    axes.grid(visible=True, which="major", color="#e5e7eb")
    axes.spines[["top", "right"]].set_visible(False)
    if not lines:
        return
    sizes = sorted({x for _, points in lines for x, _ in points})
    values = [y for _, points in lines for _, y in points]
    axes.set_xticks(sizes, [f"{int(x):,}" for x in sizes])
    axes.set_xlim(sizes[0] / 1.4, sizes[-1] * 1.4)
    axes.set_ylim(min(values) / 1.6, max(values) * 1.6)
    axes.xaxis.set_minor_locator(NullLocator())
    near = max(values) < 100 * min(values)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if near else (1,)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,g}"))
    axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)


def work(given: dict[str, Any]) -> dict[str, Any]:
    """{result, stem} → {paths}."""
    result = json.loads(Path(given["result"]).read_text(encoding="utf-8"))
    return {"paths": [str(path) for path in draw(result, Path(given["stem"]))]}


if __name__ == "__main__":
    sys.exit(answer(work))
