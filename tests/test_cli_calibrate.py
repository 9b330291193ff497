"""`rag eval --calibrate` over a small index: fitted, used, stale, damaged, forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.config import Settings
from rag.pipeline import Pipeline
from rag.read.stage import Stage
from rag.retrieve import calibration_file
from rag.retrieve.calibration import Calibration, calibrated
from rag.retrieve.evidence import Ranker
from tests.fakes.ranking import ranker

NAMES = ("白石", "青江", "红岩", "黑山", "紫云", "金沙")
QUESTION = "白石水库的库容是多少？"
DOUBTFUL = [f"{name}水库的{what}？" for name in NAMES
            for what in ("总工程师叫什么名字", "门票要多少钱", "水库在哪一年建成", "大坝有多高")]  # fmt: skip
STALE = (
    "rag: the calibration by own is not used: it was fitted for k = 16, now it is 8; run `rag eval "
    "--calibrate` again, or `rag eval --forget-calibration`\n"
)
Call = Callable[..., tuple[int, str, str]]


def case(number: int, question: str, quote: str, must: str) -> dict[str, Any]:
    return {"id": f"{number}", "kind": "fact", "turns": [question], "answerable": bool(quote),
            "gold": [[{"doc": "a.txt", "quote": quote}]] if quote else [],
            "must": [[must]] if quote else []}  # fmt: skip


def write_set(path: Path, cases: list[dict[str, Any]]) -> None:
    path.write_text("\n".join(json.dumps(c, ensure_ascii=False) for c in cases), encoding="utf-8")


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """The command line in a folder with an index and two sets; one in five may be refused."""
    (tmp_path / "docs").mkdir()
    quotes = [f"{name}水库的库容为{n + 2}.4亿立方米。" for n, name in enumerate(NAMES)]
    (tmp_path / "docs" / "a.txt").write_text("\n".join(quotes) + "\n", encoding="utf-8")
    cases = [
        case(n, f"{name}水库的库容是多少？", quotes[n], f"{n + 2}.4亿")
        for n, name in enumerate(NAMES)
    ]
    cases += [
        case(10 + n, f"{name}水库的总工程师叫什么名字？", "", "") for n, name in enumerate(NAMES)
    ]
    write_set(tmp_path / "own.jsonl", cases)
    write_set(tmp_path / "seeds.jsonl", cases)
    write_set(tmp_path / "few.jsonl", cases[:3] + cases[6:])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAG_RUNS", "runs")
    monkeypatch.setenv("RAG_DOCS", "docs")
    monkeypatch.setenv("RAG_FALSE_REFUSALS", "0.2")
    monkeypatch.setattr("rag.pipeline.build_ranker", ranker)  # loaded once for all tests
    assert main(["index", "--json"]) == 0

    def run(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(args))
        out, err = capsys.readouterr()
        return code, out, err

    return run


FILE = Path("index/calibration.json")


def calibrate(call: Call, *more: str) -> dict[str, Any]:
    code, out, _ = call("eval", "--calibrate", "--set", "own.jsonl", "--json", *more)
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def raw(question: str = QUESTION) -> float:
    """The probability as shipped."""
    return Pipeline(Settings(), ranker=ranker(), calibrated=False).ask([question]).confidence


# ---- fitting ---------------------------------------------------------------------------------
def test_the_figures_before_and_after_are_printed(call: Call) -> None:
    found = calibrate(call)
    assert (found["set"], found["answerable"], found["unanswerable"]) == ("own", 6, 6)
    assert (found["failed"], found["ruled"], found["folds"]) == (0, 0, 5)
    assert found["scale"] > 0 and found["saved"] == str(FILE)
    names = {"false_refusals", "refusal_recall", "auc", "brier", "ece"}
    assert set(found["before"]) == set(found["after"]) == names
    stored = json.loads(FILE.read_bytes())
    assert found["threshold"] == stored["answerable"][0]  # ⌊0.2 × 7⌋ = 1
    assert stored["fitted_for"] == found["fitted_for"]
    judge = Pipeline(Settings(), ranker=ranker()).judge
    assert judge.stage is not None  # by default the reader has the last word
    assert found["fitted_for"]["ranker"] == judge.weights.identity
    assert found["fitted_for"]["reader"] == judge.stage.reader.identity


def test_for_people_it_is_a_table_and_says_how_to_undo_it(call: Call) -> None:
    code, out, err = call("eval", "--calibrate", "--set", "own.jsonl")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert lines[0] == "own：可回答 6 题，不可回答 6 题"
    assert lines[1] == "随附 校准后（5 折交叉验证）"
    assert lines[2].startswith("可回答而拒 0.0% ")
    assert lines[-1] == "已写入并启用：index/calibration.json；撤销：rag eval --forget-calibration"


def test_with_no_save_nothing_is_written(call: Call) -> None:
    assert calibrate(call, "--no-save")["saved"] is None
    assert not FILE.exists()


def test_calibrating_again_starts_from_the_raw_probability(call: Call) -> None:
    first = calibrate(call)
    assert calibrate(call) == first


def test_too_few_questions_are_one_line(call: Call) -> None:
    code, out, err = call("eval", "--calibrate", "--set", "few.jsonl")
    assert (code, out) == (1, "")
    assert err == (
        "rag: false_refusals = 0.2 needs 4 answerable questions, few has 3; name a larger set, or "
        "raise false_refusals\n"
    )
    assert not FILE.exists()


def test_a_set_that_the_weights_know_by_heart_needs_force(call: Call) -> None:
    code, _, err = call("eval", "--calibrate", "--set", "seeds.jsonl")
    assert code == 1 and err.count("\n") == 1
    assert "the evidence weights were fitted on seeds.jsonl: its figures are memory" in err
    assert "--set FILE, or give --force" in err and not FILE.exists()
    code, _, err = call("eval", "--calibrate", "--set", "seeds.jsonl", "--force")
    assert code == 0 and err.count("\n") == 1 and "its figures are memory" in err
    assert FILE.exists()


def test_questions_with_passages_of_their_own_say_nothing_of_the_index(call: Call) -> None:
    line = {"id": "1", "query": "x？", "answer": ["x"], "positive": ["x"], "negative": ["y"]}
    Path("p.jsonl").write_text(json.dumps(line), encoding="utf-8")
    code, _, err = call("eval", "--calibrate", "--set", "p.jsonl")
    assert code == 1 and "p brings texts of its own and says nothing of this index" in err


@pytest.mark.parametrize(
    "args",
    [("--calibrate", "--ablate"), ("--calibrate", "--forget-calibration"), ("--force",),
     ("--calibrate", "--report"), ("--calibrate", "--limit", "3"), ("--calibrate", "--resume"),
     ("--forget-calibration", "--failures")],
    ids=" ".join,
)  # fmt: skip
def test_what_does_not_go_together_is_wrong_usage(call: Call, args: tuple[str, ...]) -> None:
    code, out, err = call("eval", "--set", "own.jsonl", *args)
    assert (code, out, err.count("\n")) == (2, "", 1)


# ---- in use ----------------------------------------------------------------------------------
def test_an_answer_shows_the_calibrated_probability(call: Call) -> None:
    fitted = calibrate(call)
    own = Pipeline(Settings(), ranker=ranker())
    kept = own.judge.calibration()
    assert kept is not None
    assert own.ask([QUESTION]).confidence == kept.probability(raw())
    assert own.ask([QUESTION]).confidence != raw()
    assert fitted["scale"] == kept.scale
    code, out, err = call("ask", "--json", QUESTION)
    assert (code, err) == (0, "")
    assert json.loads(out)["confidence"] == round(kept.probability(raw()), 4)


@pytest.mark.parametrize("more", [1e-4, 0.0])
def test_what_lies_under_the_own_threshold_is_refused_and_what_lies_on_it_is_answered(
    call: Call, more: float
) -> None:
    pipeline = Pipeline(Settings(), ranker=ranker())
    assert pipeline.ask([QUESTION]).refused is False
    threshold = calibrated(raw(), 1.0, 0.0) + more
    own = Calibration(1.0, 0.0, (threshold,) * 4, 0, "own", "", pipeline.judge.fitted_for())
    calibration_file.write(own, Path("index"))
    assert pipeline.ask([QUESTION]).refused is bool(more)


def test_a_lower_threshold_answers_what_the_shipped_one_refuses(call: Call) -> None:
    pipeline = Pipeline(Settings(), ranker=ranker())
    asked = next(q for q in DOUBTFUL if pipeline.ask([q]).refused)
    own = Calibration(1.0, 0.0, (0.0,) * 4, 0, "own", "", pipeline.judge.fitted_for())
    calibration_file.write(own, Path("index"))
    assert pipeline.ask([asked]).refused is False


def test_texts_that_come_with_a_question_know_no_calibration(call: Call) -> None:
    passages = ["白石水库的库容为2.4亿立方米。"]
    before = Pipeline(Settings(), ranker=ranker()).ask_passages([QUESTION], passages).confidence
    calibrate(call)
    after = Pipeline(Settings(), ranker=ranker()).ask_passages([QUESTION], passages).confidence
    assert before == after


def test_a_running_pipeline_takes_it_up_and_drops_it(call: Call) -> None:
    pipeline = Pipeline(Settings(), ranker=ranker())
    before = pipeline.ask([QUESTION]).confidence
    calibrate(call)
    assert pipeline.ask([QUESTION]).confidence != before
    assert pipeline.status().endswith(" · 拒答已按 own 校准")
    assert call("eval", "--forget-calibration") == (0, "校准已删，改用随附的拒答阈值\n", "")
    assert pipeline.ask([QUESTION]).confidence == before
    assert "校准" not in pipeline.status()


def test_it_outlives_generations(call: Call) -> None:
    calibrate(call)
    kept = FILE.read_bytes()
    for number in range(4):
        Path(f"docs/{number}.txt").write_text(f"第{number}座桥通车了。\n", encoding="utf-8")
        assert call("index", *(["--rebuild"] if number % 2 else []))[0] == 0
    assert FILE.read_bytes() == kept
    assert len(list(Path("index/generations").iterdir())) == 2
    assert Pipeline(Settings(), ranker=ranker()).judge.calibration() is not None


def test_two_runs_under_different_calibrations_are_told_apart(call: Call) -> None:
    plain = json.loads(call("eval", "--set", "own.jsonl", "--json")[1])
    identity = calibrate(call)["identity"]
    own = json.loads(call("eval", "--set", "own.jsonl", "--json")[1])
    assert "calibration" not in plain["header"]["settings"]
    assert own["header"]["settings"]["calibration"] == identity
    out = call("eval", "--compare", "last~1", "last")[1]
    assert f"calibration：无 → {identity}" in out


def test_an_ablation_leaves_it_out_so_that_the_variants_compare(call: Call) -> None:
    calibrate(call)
    _, out, err = call("eval", "--ablate", "--set", "own.jsonl", "--no-save", "--json",
                       "--chunk-sizes", "320")  # fmt: skip
    variants = json.loads(out)["variants"]
    assert err == "" and len(variants) > 3
    assert [v["name"] for v in variants if "calibration" in v["settings"]] == []


# ---- stale, damaged, forgotten ---------------------------------------------------------------
def test_a_stale_one_is_not_used_and_one_line_says_so(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    calibrate(call)
    monkeypatch.setenv("RAG_K", "8")
    code, out, err = call("ask", "--json", QUESTION)
    assert (code, err) == (0, STALE)
    assert json.loads(out)["confidence"] == round(raw(), 4)
    Path("b.jsonl").write_text(json.dumps({"id": 1, "question": QUESTION}), encoding="utf-8")
    assert call("ask", "--json", "--batch", "b.jsonl")[2] == STALE
    assert call("eval", "--set", "own.jsonl", "--no-save")[2] == STALE
    pipeline = Pipeline(Settings(), ranker=ranker())
    assert pipeline.judge.calibration() is None
    assert pipeline.status().endswith(" · 拒答校准已失效，未用")


@pytest.mark.parametrize("reader", ["off", "builtin"])
def test_other_weights_make_it_stale(
    reader: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_READER", reader)
    calibrate(call)
    shipped, stage = ranker(), Pipeline(Settings(), ranker=ranker()).judge.stage
    other = "0123456789abcdef"
    assert shipped.weights is not None
    if stage is None:
        weights = replace(shipped.weights, identity=other)
        shipped = Ranker(shipped.model, shipped._ngrams, weights)
    else:
        assert stage.weights is not None
        stage = Stage(stage.reader, replace(stage.weights, identity=other))
    fault = Pipeline(Settings(), ranker=shipped, stage=stage).judge.calibration_fault()
    assert "now it is 0123456789abcdef" in str(fault)


def doctor(call: Call) -> dict[str, Any]:
    checks = json.loads(call("doctor", "--json")[1])["checks"]
    (found,) = [check for check in checks if check["name"] == "拒答校准"]
    return dict(found)


def test_the_doctor_says_what_holds(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor(call) == {
        "name": "拒答校准", "ok": True, "detail": "没有，用随附的拒答阈值", "do": "",
    }  # fmt: skip
    threshold = calibrate(call)["threshold"]
    assert doctor(call)["detail"] == (
        f"按 own（可回答 6 题，不可回答 6 题），拒答阈值 {threshold:.3f}"
    )
    monkeypatch.setenv("RAG_K", "8")
    stale = doctor(call)
    assert stale["ok"] is False and stale["do"].startswith("run `rag eval --calibrate` again")
    monkeypatch.delenv("RAG_K")
    monkeypatch.setenv("RAG_FALSE_REFUSALS", "0.05")
    assert "needs 19 answerable questions, it has 6" in doctor(call)["detail"]
    FILE.write_text("{}")
    assert doctor(call)["ok"] is False
    assert doctor(call)["detail"].endswith("calibration.json is damaged: it has no checksum")


def test_a_damaged_one_is_one_line_until_it_is_made_again_or_forgotten(call: Call) -> None:
    calibrate(call)
    for mend in (["--calibrate", "--set", "own.jsonl"], ["--forget-calibration"]):
        FILE.write_bytes(FILE.read_bytes()[:-20])
        code, out, err = call("ask", QUESTION)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "calibration.json is damaged" in err and "--forget-calibration" in err
        assert call("eval", *mend)[0] == 0
        assert call("ask", QUESTION)[0] == 0


def test_forgetting_what_is_not_there_is_no_fault(call: Call) -> None:
    assert call("eval", "--forget-calibration", "--json") == (0, '{"forgotten": false}\n', "")
