"""The tables hold the figures of the run."""

from __future__ import annotations

from dataclasses import replace

from rag.evaluate.compare import compare
from rag.evaluate.measures import MEASURES
from rag.evaluate.report.series import measured
from rag.evaluate.report.tables import SECTIONS, Row, ablation, sections
from rag.evaluate.report.words import shown
from rag.evaluate.statistics import figures
from rag.evaluate.types import Run
from tests.evaluate.made import run
from tests.evaluate.report.cases import every_fault, failed, right, wrong


def rows(of: Run) -> dict[str, Row]:
    found = figures(of.records)
    return {row.measure.name: row for section in sections(found) for row in section.rows}


def test_every_figure_has_its_row_with_its_value_interval_and_cases() -> None:
    made = every_fault()
    found = figures(made.records)
    shown_rows = rows(made)
    assert shown_rows.keys() == found.keys()
    for name, figure in found.items():
        row = shown_rows[name]
        assert row.value == shown(figure.value, row.measure.unit)
        assert row.interval == (
            f"{shown(figure.low, row.measure.unit)} – {shown(figure.high, row.measure.unit)}"
        )
        assert row.cases == figure.cases
        assert 0 <= row.bar.low <= row.bar.value <= row.bar.high <= 100


def test_every_measure_has_its_section() -> None:
    assert {name for _, _, names in SECTIONS for name in names} == {m.name for m in MEASURES}


def test_the_length_stands_beside_every_containment_figure() -> None:
    made = rows(every_fault())
    beside = {name for name, row in made.items() if row.beside}
    assert beside == {"right", "right_answerable", "said"}
    assert made["said"].beside == "答案中位 10 字，平均 14 字"


def test_a_run_that_answered_nothing_has_no_length() -> None:
    assert rows(run([failed("e")]))["right"].beside == ""


def test_only_a_significant_change_has_a_direction() -> None:
    before = run([right(f"{i:02}") for i in range(40)])
    after = run([wrong(f"{i:02}") if i < 20 else right(f"{i:02}") for i in range(40)])
    after = replace(
        after,
        records=tuple(
            replace(a, gold=b.gold) for a, b in zip(after.records, before.records, strict=True)
        ),
    )
    found = sections(figures(after.records), compare(before, after).differences)
    by_name = {row.measure.name: row for section in found for row in section.rows}
    assert (by_name["right"].change, by_name["right"].trend) == ("−50.0", "worse")
    assert (by_name["hit@5"].change, by_name["hit@5"].trend) == ("0", "")


def test_an_ablation_puts_the_runs_side_by_side_and_marks_what_chance_does_not_explain() -> None:
    base = run([right(f"{i:02}") for i in range(30)], settings={"retrieval": "hybrid"})
    worse = run(
        [wrong(f"{i:02}") if i < 15 else right(f"{i:02}") for i in range(30)],
        "lexical",
        settings={"retrieval": "lexical"},
    )
    table = ablation(measured(base), [measured(base), measured(worse)])
    assert table is not None
    assert [label for label, _ in table.rows] == ["本次", "仅关键词"]
    names = [measure.name for measure in table.measures]
    first, second = (dict(zip(names, cells, strict=True)) for _, cells in table.rows)
    one, other = first["right_answerable"], second["right_answerable"]
    assert one is not None and (one.value, one.trend, one.best) == ("100.0%", "", True)
    assert other is not None and (other.value, other.trend, other.best) == ("50.0%", "worse", False)
    same = second["hit@5"]
    assert same is not None and (same.trend, same.best) == ("", False)


def test_what_an_ablation_marks_is_adjusted_for_being_several_measures() -> None:
    """Six cases that all go one way have p = 1/32: of four measures that is no finding."""
    base = run([right(f"{i:02}") for i in range(30)], settings={"retrieval": "hybrid"})
    worse = run(
        [wrong(f"{i:02}") if i < 6 else right(f"{i:02}") for i in range(30)],
        "lexical",
        settings={"retrieval": "lexical"},
    )
    table = ablation(measured(base), [measured(worse)])
    assert table is not None
    assert {cell.trend for cell in table.rows[1][1] if cell is not None} == {""}


def test_an_ablated_run_whose_settings_are_equal_is_known_by_its_name() -> None:
    base = every_fault()
    other = replace(base, header=replace(base.header, name="twice"))
    table = ablation(measured(base), [measured(other)])
    assert table is not None and table.rows[1][0] == "twice"


def test_a_measure_that_a_run_lacks_is_an_empty_cell() -> None:
    table = ablation(measured(run([right("a")])), [measured(run([failed("a")], "failed"))])
    assert table is not None
    cells = dict(zip((m.name for m in table.measures), table.rows[1][1], strict=True))
    assert cells["said"] is None


def test_without_other_runs_there_is_no_ablation() -> None:
    assert ablation(measured(every_fault()), [measured(every_fault())]) is None
