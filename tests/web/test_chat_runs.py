"""Sets and runs on disk as the page sees them, over a small index with the built-in model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.cli.chat_runs import SavedRuns
from rag.errors import EvaluationError, YinjuError
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.web.feedback import append, line_of
from rag.web.talk import Talk, Turn
from tests.fakes.ranking import ranker
from tests.web.conftest import settings

TEXT = "青江大桥通车\n\n青江大桥2024年5月1日正式通车。大桥全长3.6公里，总投资48.5亿元。\n"
CASES = [
    {"id": "c1", "kind": "fact", "turns": ["青江大桥全长多少公里？"], "answerable": True,
     "gold": [[{"doc": "bridge.txt", "quote": "大桥全长3.6公里"}]], "must": [["3.6公里"]]},
    {"id": "c2", "kind": "none", "turns": ["火星有几颗卫星？"], "answerable": False,
     "gold": [], "must": []},
]  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SavedRuns:
    """Over one document; the working folder holds eval/seeds.jsonl and eval/a.jsonl."""
    monkeypatch.chdir(tmp_path)
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "bridge.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "eval").mkdir()
    for name in ("seeds", "a"):
        lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in CASES)
        (tmp_path / "eval" / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "eval" / "empty.jsonl").write_text("", encoding="utf-8")
    config = settings(
        tmp_path, docs=docs, index=tmp_path / "index", feedback=Path("eval/feedback.jsonl"),
        mode="extractive",
    )  # fmt: skip
    build_index(config)
    return SavedRuns(Pipeline(config, ranker=ranker()))


def test_the_usual_set_comes_first_and_the_feedback_last_once_it_has_a_line(
    saved: SavedRuns, tmp_path: Path
) -> None:
    assert saved.sets() == ["eval/seeds.jsonl", "eval/a.jsonl"]
    pipeline = saved._pipeline
    turn = Turn(0, "大桥多长？", "done", pipeline.ask(["青江大桥全长多少公里？"]))
    append(Path("eval/feedback.jsonl"), line_of(Talk((turn,)), "up"))
    assert saved.sets() == ["eval/seeds.jsonl", "eval/a.jsonl", "eval/feedback.jsonl"]


def test_a_run_is_saved_shown_and_reported(saved: SavedRuns) -> None:
    assert saved.newest() == ""
    steps: list[tuple[str, int, int | None]] = []
    saved.run("eval/seeds.jsonl", lambda *step: steps.append(step))
    assert steps == [("ask", 1, 2), ("ask", 2, 2)]
    run = saved.saved(saved.newest())
    assert [record.id for record in run.records] == ["c1", "c2"]
    assert run.records[0].right
    assert run.header.set_name == "seeds"


def test_what_was_answered_before_a_stop_is_not_asked_again(
    saved: SavedRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(Exception):
        pass

    def stop(stage: str, done: int, total: int | None) -> None:
        raise Stop

    with pytest.raises(Stop):
        saved.run("eval/seeds.jsonl", stop)
    assert saved.newest() == ""
    steps: list[int] = []
    saved.run("eval/seeds.jsonl", lambda stage, done, total: steps.append(done))
    assert steps == [2]
    assert [record.id for record in saved.saved(saved.newest()).records] == ["c1", "c2"]


@pytest.mark.parametrize("name", ["", ".", "..", "../secret", "a/b", "20261121T031500Z-none"])
def test_a_name_that_is_no_run_of_the_folder_is_an_error(saved: SavedRuns, name: str) -> None:
    with pytest.raises(EvaluationError):
        saved.saved(name)
    with pytest.raises(EvaluationError):
        saved.report(name)


def test_a_damaged_run_and_a_missing_set_are_named(saved: SavedRuns, tmp_path: Path) -> None:
    saved.run("eval/seeds.jsonl", lambda *step: None)
    path = tmp_path / "runs" / f"{saved.newest()}.json"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(EvaluationError, match="damaged"):
        saved.saved(saved.newest())
    with pytest.raises(YinjuError, match=r"eval/gone\.jsonl"):
        saved.run("eval/gone.jsonl", lambda *step: None)
