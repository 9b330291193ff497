"""`rag eval` as it is typed: saved, compared, gated, ablated, reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.cli.eval_ablate import marked
from rag.evaluate import runs
from rag.evaluate.types import Figure
from tests.evaluate.made import record
from tests.evaluate.made import run as made
from tests.fakes.ranking import ranker

QUOTE = "白石水库位于青江上游，库容为2.4亿立方米。"
CASES = [
    {"id": "1", "kind": "fact_number", "turns": ["白石水库的库容是多少？"], "answerable": True,
     "gold": [[{"doc": "a.txt", "quote": QUOTE}]], "must": [["2.4亿"]]},
    {"id": "2", "kind": "fact_what", "turns": ["白石水库在哪条江的上游？"], "answerable": True,
     "gold": [[{"doc": "a.txt", "quote": QUOTE}]], "must": [["黄河"]]},
    {"id": "3", "kind": "no", "turns": ["火星咖啡馆的招牌饮料叫什么名字？"], "answerable": False,
     "gold": [], "must": []},
]  # fmt: skip
FLOORS = """
set = "own"
[[floor]]
measure = "right"
at_least = {least}
why = "measured once"
[[floor]]
measure = "verbatim"
at_least = 1.0
why = "a promise"
"""

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with documents, an index and a set, in which the commands run."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(f"{QUOTE}\n", encoding="utf-8")
    lines = [json.dumps(case, ensure_ascii=False) for case in CASES]
    (tmp_path / "own.jsonl").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAG_RUNS", "runs")
    monkeypatch.setattr("rag.pipeline.build_ranker", ranker)  # loaded once for all tests
    assert main(["index", "--docs", "docs", "--json"]) == 0
    return tmp_path


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["eval", *args])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def saved() -> list[Path]:
    return runs.latest(Path("runs"), 99)


def floors(least: float) -> Path:
    path = Path("floors.toml")
    path.write_text(FLOORS.format(least=least), encoding="utf-8")
    return path


def test_a_run_is_shown_with_intervals_kinds_and_an_example_of_the_worst(call: Call) -> None:
    code, out, err = call("--set", "own.jsonl")
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "own：3 题，可回答 2，不可回答 1"
    assert lines[1] == "指标 数值 95% 区间 题数"
    assert any(line.startswith("通过 66.7% ") and line.endswith(" 3") for line in lines)
    assert "fact_what 什么 0% 0% – 0% 1" in lines
    assert "fact_what 什么：1 题错 1（答错 1）" in lines
    assert f"2 fact_what 答错：白石水库在哪条江的上游？ → {QUOTE} [1]" in lines
    assert f"已保存：{saved()[0]}" in lines
    assert "--compare" not in out


def test_the_second_run_says_how_to_compare(call: Call) -> None:
    call("--set", "own.jsonl")
    assert "rag eval --compare last~1 last" in call("--set", "own.jsonl")[1]


def test_without_saving_nothing_is_left(call: Call) -> None:
    code, out, _ = call("--set", "own.jsonl", "--no-save", "--failures")
    assert (code, saved(), Path("runs").exists()) == (0, [], False)
    assert "未通过 1 题：\n  2 fact_what 答错" in out
    assert "已保存" not in out


def test_a_limit_and_a_mode_are_taken(call: Call) -> None:
    code, out, _ = call("--set", "own.jsonl", "--limit", "2", "--mode", "extractive", "--json")
    found = json.loads(out)
    assert code == 0
    assert [q["id"] for q in found["questions"]] == ["1", "2"]
    assert found["header"]["settings"]["mode"] == "extractive"


def test_a_report_is_one_file_and_is_named_on_stderr(call: Call) -> None:
    code, out, err = call("--set", "own.jsonl", "--report", "--json")
    name = json.loads(out)["header"]["name"]
    assert (code, err) == (0, f"报告：{Path('runs') / name}.html\n")
    assert QUOTE in Path(f"runs/{name}.html").read_text(encoding="utf-8")
    code, out, err = call("--set", "own.jsonl", "--report", "here/r.html", "--no-save")
    assert (code, err) == (0, "报告：here/r.html\n")
    assert Path("here/r.html").is_file()


def test_ctrl_c_says_how_to_go_on(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.pipeline import Pipeline

    ask = Pipeline.ask

    def stop(self: Pipeline, turns: Any) -> Any:
        if "火星" in turns[-1]:
            raise KeyboardInterrupt
        return ask(self, turns)

    monkeypatch.setattr(Pipeline, "ask", stop)
    code, _, err = call("--set", "own.jsonl")
    assert (code, saved()) == (130, [])
    assert "the same command with --resume goes on" in err
    monkeypatch.setattr(Pipeline, "ask", ask)
    code, out, _ = call("--set", "own.jsonl", "--resume", "--json")
    assert (code, len(json.loads(out)["questions"]), len(saved())) == (0, 3, 1)
    assert list(Path("runs").iterdir()) == saved()


# ---- compare -------------------------------------------------------------------------------
def two(wrong: int) -> None:
    """A sound run, and one in which the first cases are wrong."""
    for day, bad in (1, 0), (2, wrong):
        cases = [
            record(str(n), n >= bad, answer="对" if n >= bad else "错", scores={"hit@5": 1.0})
            for n in range(30)
        ]
        runs.save(made(cases, f"2026010{day}T000000Z-own-aaaaaa"), Path("runs"))


def test_a_regression_is_told_case_by_case_and_is_an_exit_code(call: Call) -> None:
    two(wrong=12)
    code, out, err = call("--compare", "last~1", "last")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (code, err) == (1, "")
    assert "通过 100.0% 60.0% −40.0 <0.001 显著" in lines
    assert "检索 hit@5 100.0% 100.0% 0 1.000 不显著" in lines
    assert "变错 12 题：" in lines
    assert lines[lines.index("0 fact：问题0？") + 1 :][:2] == ["前 对", "后 错"]
    assert lines[-1].startswith("退步：通过 1.000 → 0.600")


def test_runs_without_a_regression_are_told_so(call: Call) -> None:
    two(wrong=2)
    code, out, _ = call("--compare", "20260101", "20260102")
    assert (code, out.splitlines()[-1]) == (0, "没有退步")
    code, out, _ = call("--compare", "last", "last~1", "--json")
    found = json.loads(out)
    assert (code, found["common"], found["regressions"]) == (0, 30, [])
    assert [flip["better"] for flip in found["flips"]] == [True, True]
    assert found["differences"]["right"]["significant"] is False
    assert found["differences"]["right_answerable"]["significant"] is None
    assert found["differences"]["right"]["before"] == round(28 / 30, 4)


def test_a_damaged_run_is_one_line(call: Call) -> None:
    two(wrong=0)
    path = saved()[0]
    path.write_bytes(path.read_bytes().replace("对".encode(), "错".encode(), 1))
    code, out, err = call("--compare", "last~1", "last")
    assert (code, out) == (1, "")
    assert err == f"rag: the run {path} is damaged: its checksum differs; run the set again\n"


# ---- gate ----------------------------------------------------------------------------------
def test_above_its_floors_a_run_passes_and_can_become_the_baseline(call: Call) -> None:
    floors(0.6)
    code, out, err = call("--set", "own.jsonl", "--gate", "floors.toml", "--rebase")
    assert (code, err) == (0, "基线已写入 baseline.json\n")
    assert out.splitlines()[-1] == "全部通过"
    known = json.loads(Path("baseline.json").read_text(encoding="utf-8"))
    assert known["cases"]["2"] == {"right": 0, "verbatim": 1}


def test_below_a_floor_the_reason_and_the_lost_cases_are_told(call: Call) -> None:
    floors(0.9)
    code, out, _ = call("--set", "own.jsonl", "--gate", "floors.toml")
    assert code == 1
    assert "通过（right）66.7%，底线 ≥ 90.0%：measured once" in out
    assert "没有基线" in out
    call("--set", "own.jsonl", "--gate", "floors.toml", "--rebase")
    text = Path("baseline.json").read_text(encoding="utf-8")
    Path("baseline.json").write_text(text.replace('"right": 0', '"right": 1'), encoding="utf-8")
    code, out, _ = call("--set", "own.jsonl", "--gate", "floors.toml")
    assert code == 1
    assert "基线里更好的 1 题：\n    2 fact_what：白石水库在哪条江的上游？ → 白石水库" in out
    code, out, _ = call("--set", "own.jsonl", "--gate", "floors.toml", "--json")
    found = json.loads(out)
    assert (code, found["ok"]) == (1, False)
    assert [(one["measure"], one["holds"], one["lost"]) for one in found["gate"]] == [
        ("right", False, ["2"]),
        ("verbatim", True, []),
    ]


def test_a_baseline_of_another_version_of_the_set_is_said(call: Call) -> None:
    floors(0.9)
    call("--set", "own.jsonl", "--gate", "floors.toml", "--rebase")
    with open("own.jsonl", "a", encoding="utf-8") as lines:
        lines.write("\n")
    assert "基线出自另一版题集" in call("--set", "own.jsonl", "--gate", "floors.toml")[1]


def test_unusable_floors_are_one_line_before_any_question_is_asked(call: Call) -> None:
    floors(0.9).write_text('set = "own"\n[[floor]]\nmeasure = "x"\n', encoding="utf-8")
    code, out, err = call("--set", "own.jsonl", "--gate", "floors.toml")
    assert (code, out, saved()) == (1, "", [])
    assert err.startswith("rag: floors.toml, floor 1: ")


def test_floors_of_another_set_are_named_before_any_question_is_asked(call: Call) -> None:
    path = floors(0.9)
    path.write_text(path.read_text(encoding="utf-8").replace("own", "seeds"), encoding="utf-8")
    code, out, err = call("--set", "own.jsonl", "--gate", "floors.toml")
    assert (code, out, saved()) == (1, "", [])
    assert err.startswith("rag: the floors are those of the set seeds, this is own; ")


@pytest.mark.parametrize(
    ("args", "place"),
    [(("--report", "docs"), "docs"), (("--report", "own.jsonl/r.html"), "own.jsonl"),
     (("--plots", "own.jsonl"), "own.jsonl"), (("--ablate", "--report", "docs"), "docs")],
)  # fmt: skip
def test_a_report_that_cannot_be_written_is_named_before_any_question_is_asked(
    call: Call, args: tuple[str, ...], place: str
) -> None:
    code, out, err = call("--set", "own.jsonl", *args)
    assert (code, out, saved()) == (1, "", [])
    assert err.startswith(f"rag: {place} cannot be written (")
    assert err.count("\n") == 1


# ---- ablate --------------------------------------------------------------------------------
def test_variants_stand_side_by_side_with_the_best_marked(call: Call) -> None:
    code, out, err = call("--set", "own.jsonl", "--ablate", "--chunk-sizes", "100,320", "--report")
    head, *rest = [line.split() for line in out.splitlines()]
    assert code == 0
    assert head == ["指标", "现设置", "仅关键词", "仅向量", "融合", "不带标题", "段长", "100"]
    for row in rest[: rest.index(next(r for r in rest if r[0].startswith("*")))]:
        cells = [cell for cell in row if cell.endswith("%") or cell.endswith("%*")]
        alike = len({cell.rstrip("*") for cell in cells}) <= 1
        # The best is marked, where there is one: where all are alike there is none.
        assert any(cell.endswith("*") for cell in cells) != alike or not cells
    assert "段长 100 对 现设置：没有显著差别" in out
    (folder,) = Path("runs/ablations").iterdir()
    assert (len(list(folder.glob("*.json"))), saved()) == (6, [])
    (page,) = folder.glob("*.html")
    assert err == f"报告：{page}\n"
    assert "现设置：关键词＋向量，重排，带标题，段长 320" in out


@pytest.mark.parametrize(
    ("name", "values", "cells"),
    [
        ("right", [0.5, 0.5], ["50.0% ", "50.0% "]),
        ("right", [0.5, 0.6, 0.6001], ["50.0% ", "60.0%*", "60.0%*"]),
        ("false_refusals", [0.05, 0.02], ["5.0% ", "2.0%*"]),
    ],
)
def test_the_best_is_the_one_in_the_direction_of_the_measure(
    name: str, values: list[float], cells: list[str]
) -> None:
    assert marked(name, [Figure(value, value, value, 3) for value in values]) == cells


def test_variants_as_json(call: Call) -> None:
    code, out, _ = call("--set", "own.jsonl", "--ablate", "--chunk-sizes", "320", "--json",
                        "--no-save")  # fmt: skip
    found = json.loads(out)["variants"]
    assert code == 0
    assert [v["name"] for v in found] == ["default", "lexical", "dense", "hybrid", "no-titles"]
    assert found[2]["settings"]["retrieval"] == "dense"
    assert found[0]["figures"]["right"]["cases"] == 3
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("--gate", "--ablate"),
        ("--compare", "a", "b", "--gate"),
        ("--rebase",),
        ("--gate", "--limit", "3"),
        ("--resume", "--no-save"),
        ("--resume", "--ablate"),
        ("--chunk-sizes", "200"),
        ("--ablate", "--chunk-sizes", "0"),
        ("--ablate", "--chunk-sizes", "x"),
        ("--ablate", "--chunk-sizes", "5"),
        ("--ablate", "--chunk-sizes", "320,4001"),
        ("--ablate", "--failures"),
        ("--compare", "a", "b", "--report"),
        ("--compare", "a", "b", "--plots", "p"),
        ("--compare", "a", "b", "--limit", "3"),
        ("--compare", "a", "b", "--failures"),
        ("--limit", "0"),
        ("--mode", "x"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(call: Call, args: tuple[str, ...]) -> None:
    code, out, err = call(*args)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "_positive" not in err
