"""Floors and the baseline: what is below is named with its reason and its cases."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import EvaluationError
from rag.evaluate import baseline
from rag.evaluate.baseline import Baseline, baseline_of
from rag.evaluate.gate import Floor, Floors, judge, new_baseline, read_floors
from tests.evaluate.made import record, run

ROOT = Path(__file__).parents[2]
RIGHT = Floor("right", 0.7, None, "measured")


def floors_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "floors.toml"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = '[[floor]]\nmeasure = "right"\nat_least = 0.7\nwhy = "measured"\n'


def test_floors_are_read_in_order(tmp_path: Path) -> None:
    more = '[[floor]]\nmeasure = "length_median"\nat_most = 160\nwhy = " short "\n'
    assert read_floors(floors_file(tmp_path, f'set = "seeds"\n{GOOD}{more}')) == Floors(
        "seeds",
        (
            Floor("right", 0.7, None, "measured"),
            Floor("length_median", None, 160, "short"),
        ),
    )


HEAD = 'set = "s"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("set = \n", "are not TOML: .*line 1"),
        (GOOD, "names no set"),
        (HEAD, "holds something else"),
        (f"{HEAD}other = 1\n{GOOD}", "holds something else"),
        (f"{HEAD}floor = [1]", "floor 1: it is no table"),
        (HEAD + GOOD.replace("right", "write"), "floor 1: there is no measure 'write'"),
        (HEAD + GOOD + GOOD, "floor 2: right stands twice"),
        (HEAD + GOOD.replace("at_least", "least"), "floor 1: unknown key 'least'"),
        (HEAD + GOOD + "at_most = 1\n", "floor 1: right needs one number"),
        (HEAD + GOOD.replace("0.7", '"0.7"'), "floor 1: right needs one number"),
        (HEAD + GOOD.replace("0.7", "true"), "floor 1: right needs one number"),
        (HEAD + GOOD.replace("0.7", "nan"), "floor 1: right needs one number"),
        (HEAD + GOOD.replace("at_least = 0.7\n", ""), "floor 1: right needs one number"),
        (HEAD + GOOD.replace("measured", " "), "floor 1: right gives no reason"),
        (HEAD + GOOD.replace('measure = "right"\n', ""), "floor 1: it names no measure"),
    ],
)
def test_floors_that_cannot_be_used_are_named_with_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(EvaluationError, match=reason) as caught:
        read_floors(floors_file(tmp_path, text))
    assert "floors.toml" in str(caught.value)


def test_floors_that_are_not_there_or_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"floors\.toml cannot be read"):
        read_floors(tmp_path / "floors.toml")
    (tmp_path / "floors.toml").write_bytes(b"\xff")
    with pytest.raises(EvaluationError, match="are not TOML"):
        read_floors(tmp_path / "floors.toml")


@pytest.mark.parametrize(
    ("floor", "value", "holds"),
    [
        (RIGHT, 0.7, True),
        (RIGHT, 0.69, False),
        (Floor("length_median", None, 160, "w"), 160, True),
        (Floor("length_median", None, 160, "w"), 161, False),
    ],
)
def test_a_bound_itself_is_still_good(floor: Floor, value: float, holds: bool) -> None:
    assert floor.holds(value) is holds


BEFORE = run([record(str(n)) for n in range(10)])
AFTER = run([record(str(n), n not in (3, 5, 8, 9)) for n in range(9)] + [record("new", False)])


def judged(floor: Floor, then: Baseline | None) -> tuple[bool, float, tuple[str, ...]]:
    (one,) = judge(AFTER, Floors("seeds", (floor,)), then)
    return one.holds, round(one.figure.value, 6), one.lost


def test_below_a_floor_the_cases_that_were_right_in_the_baseline_are_named() -> None:
    then = baseline_of(BEFORE, ["right"])
    assert judged(RIGHT, then) == (False, 0.6, ("3", "5", "8"))
    assert judged(RIGHT, None) == (False, 0.6, ())


def test_above_the_floor_nothing_is_named() -> None:
    then = baseline_of(BEFORE, ["right"])
    assert judged(replace(RIGHT, at_least=0.5), then) == (True, 0.6, ())


def test_a_baseline_of_another_version_of_the_set_is_used_for_the_common_cases() -> None:
    then = Baseline("seeds", "cd" * 32, {"5": {"right": 1.0}, "gone": {"right": 1.0}})
    assert judged(RIGHT, then)[2] == ("5",)


def test_a_figure_of_refusals_names_the_cases_on_its_side_alone() -> None:
    before = run(
        [record(n, answerable=False, refused=True) for n in "abc"]
        + [record(n, refused=False) for n in "xyz"]
    )
    after = run(
        [record(n, n != "b", answerable=False, refused=n != "b") for n in "abc"]
        + [record(n, n != "y", refused=n == "y") for n in "xyz"]
    )
    floors = Floors(
        "seeds",
        (
            Floor("refusal_recall", 0.9, None, "w"),
            Floor("false_refusals", None, 0.1, "w"),
            Floor("refusal_auc", 1.0, None, "w"),
        ),
    )
    assert [one.lost for one in judge(after, floors, new_baseline(before, floors))] == [
        ("b",), ("y",), (),
    ]  # fmt: skip


def test_a_case_that_fails_has_lost_what_it_had() -> None:
    hit = {"hit@5": 1.0}
    before = run([record("1", scores=hit), record("2", scores=hit), record("3", scores=hit)])
    after = run([record("1", False, error="x"), record("2", scores={"hit@5": 0.0}), record("3")])
    floors = Floors("seeds", (Floor("hit@5", 0.9, None, "w"),))
    (one,) = judge(after, floors, new_baseline(before, floors))
    assert one.lost == ("1", "2")


def test_a_misquote_is_named_where_the_baseline_quoted_nothing() -> None:
    then = Baseline("seeds", "ab", {"1": {"verbatim": 1.0}, "2": {"refused": 1.0}})
    after = run([record(id, scores={"verbatim": 0.0}) for id in ("1", "2", "new")])
    (one,) = judge(after, Floors("seeds", (Floor("verbatim", 1.0, None, "w"),)), then)
    assert one.lost == ("1", "2")


def test_rounding_in_the_file_is_no_loss(tmp_path: Path) -> None:
    third = run([record("1", False, scores={"evidence_f1": 2 / 3})])
    floors = Floors("seeds", (Floor("evidence_f1", 0.9, None, "w"),))
    baseline.write(new_baseline(third, floors), tmp_path / "b.json")
    (one,) = judge(third, floors, baseline.read(tmp_path / "b.json"))
    assert (one.holds, one.lost) == (False, ())


def test_floors_of_another_set_judge_nothing() -> None:
    with pytest.raises(EvaluationError, match="floors are those of the set other, this is seeds"):
        judge(AFTER, Floors("other", (RIGHT,)), None)


def test_a_floor_that_nothing_measures_is_named() -> None:
    with pytest.raises(EvaluationError, match="no case of seeds measures refusal_recall"):
        judge(AFTER, Floors("seeds", (Floor("refusal_recall", 0.5, None, "w"),)), None)


# ---- the baseline's file -------------------------------------------------------------------
def test_a_baseline_is_read_as_it_was_written_a_case_a_line(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    then = baseline_of(AFTER, ["right", "refused", "hit@1"])
    baseline.write(then, path)
    assert baseline.read(path) == then
    assert then.cases["3"] == {"right": 0.0, "refused": 0.0}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1] == '  "0": {"right": 1, "refused": 0},'
    assert len(lines) == len(AFTER.records) + 2


def test_without_a_file_there_is_no_baseline(tmp_path: Path) -> None:
    assert baseline.read(tmp_path / "none.json") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "cases": {"a": 1}}', '{"cases": {}}']
)
def test_a_damaged_baseline_is_named_with_the_repair(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"baseline\.json is damaged .*--rebase"):
        baseline.read(path)


# ---- the repository's own ------------------------------------------------------------------
def test_the_baseline_of_the_repository_is_that_of_its_set() -> None:
    known = baseline.read(ROOT / "eval" / "baseline.json")
    assert known is not None
    data = (ROOT / "eval" / "seeds.jsonl").read_bytes()
    ids = [json.loads(line)["id"] for line in data.decode("utf-8").splitlines() if line]
    assert (list(known.cases), known.set_name) == (ids, "seeds"), "rag eval --gate --rebase"
    assert known.set_checksum == hashlib.sha256(data).hexdigest(), "rag eval --gate --rebase"


def test_the_floors_of_the_repository_hold_what_must_not_fall() -> None:
    floors = read_floors(ROOT / "eval" / "floors.toml")
    bounds = {f.measure: f for f in floors.floors}
    assert floors.set_name == "seeds"
    assert bounds["verbatim"].at_least == 1.0
    assert bounds["length_median"].at_most == 160
    assert {
        "right", "refusal_recall", "false_refusals", "hit@1", "hit@5", "mrr@10", "refusal_auc",
        "citation_precision", "evidence_f1",
    } <= set(bounds)  # fmt: skip
