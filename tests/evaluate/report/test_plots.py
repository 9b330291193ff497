"""Charts are drawn for any run, and their files are PNGs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import EvaluationError
from rag.evaluate.report import canvas, plots
from rag.evaluate.report.inline import inline
from rag.evaluate.report.series import measured
from rag.evaluate.types import Run
from tests.evaluate.made import run
from tests.evaluate.report.cases import answered, every_fault, failed, refusal, right

ALL = ["kinds", "risk_coverage", "confidence", "latency"]
RUNS = {
    "every fault": (every_fault(), ALL),
    "one right": (run([right("a")]), ALL),
    "one wrong": (run([answered("a")]), ALL),
    "no unanswerable": (run([right("a"), right("b", confidence=0.3)]), ALL),
    "nothing answered": (run([refusal("a"), refusal("b")]), ["kinds", "confidence", "latency"]),
    "all errors": (run([failed("a"), failed("b")]), ["kinds"]),
    "many kinds": (run([right(f"{i}", f"kind {i}") for i in range(40)]), ALL),
}


@pytest.mark.parametrize(("made", "names"), RUNS.values(), ids=RUNS.keys())
def test_each_chart_that_has_data_is_a_png(made: Run, names: list[str], tmp_path: Path) -> None:
    paths = plots.write(made, (), tmp_path / "plots")
    assert [path.name for path in paths] == [f"{name}.png" for name in names]
    for path in paths:
        data = path.read_bytes()
        assert data.startswith(b"\x89PNG") and len(data) > 5_000


def test_a_chunk_size_curve_needs_two_runs() -> None:
    base = every_fault()
    other = replace(base, header=replace(base.header, settings={"chunk_size": "160"}))
    names = [chart.name for chart in plots.charts(measured(base), [measured(other)])]
    assert names == [*ALL, "chunk_size"]


def test_the_same_run_gives_the_same_drawing() -> None:
    base = every_fault()
    one, other = ([canvas.svg(chart) for chart in plots.charts(measured(base))] for _ in range(2))
    assert one == other


def test_labels_are_text_in_chinese_and_the_values_are_those_of_the_figures() -> None:
    base = every_fault()
    kinds, risk, *_ = (canvas.svg(c) for c in plots.charts(measured(base)))
    assert "列举" in kinds and "0/2" in kinds and ">33%<" in kinds
    assert "现在：答 70%，其中 71% 不对" in risk


def test_without_a_chinese_font_a_png_is_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing glyph would be a warning, and warnings are errors here."""
    monkeypatch.setattr(canvas, "FONTS", ())
    base = run([right("a", "列表 list"), answered("b")])
    assert canvas.chinese_font() is None
    paths = plots.write(base, (), tmp_path)
    assert [path.stem for path in paths] == ALL
    assert "列表 list" in canvas.svg(plots.charts(measured(base))[0])


def test_a_kind_of_any_name_is_drawn(tmp_path: Path) -> None:
    names = ("$x^2$", "\u202egpj", "<b>&", "🦀 \U0010fffe", "\x00\ud800", "\ufeff")
    base = run([right(name, name) for name in names])
    plots.write(base, (), tmp_path)
    chart = plots.charts(measured(base))[0]
    markup, _ = inline(canvas.svg(chart), "x", "x", canvas.COLOURS)
    for shown in (
        ">$x^2$<",
        ">⟨U+202E⟩gpj<",
        ">&lt;b&gt;&amp;<",
        ">🦀 \U0010fffe<",
        ">\ufffd\ufffd<",
    ):
        assert shown in markup


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match=r"cannot be written to .*file"):
        plots.write(run([right("a")]), (), tmp_path / "file")


def test_a_users_own_style_changes_nothing() -> None:
    import matplotlib

    base = every_fault()
    chart = plots.charts(measured(base))[0]
    plain = canvas.svg(chart)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path"}):
        assert canvas.svg(chart) == plain
