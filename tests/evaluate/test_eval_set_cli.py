"""`rag eval-set`: what it prints, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.cli import main
from tests.evaluate.distract.made import write_world
from tests.evaluate.test_sets import ROOT, case, seeds, written


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    write_world(tmp_path)
    return [
        "eval-set", "build", "--squad", str(tmp_path / "squad.json"), "--news", str(tmp_path / "news"),
        "--questions", "5", "--unanswerable", "0.4", "--seed", "7", "--out", str(tmp_path / "set"),
    ]  # fmt: skip


def test_build_says_what_it_made_and_then_that_it_is_there(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command += ["--articles", "8", "--json"]
    made = {"out": str(tmp_path / "set"), "questions": 5, "unanswerable": 2, "documents": 8}
    for already in (False, True):
        assert main(command) == 0
        assert json.loads(capsys.readouterr().out) == made | {"already": already}
    assert main(command[:-1]) == 0
    assert "already built" in capsys.readouterr().out


def test_passages_have_no_corpus_to_size(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 2
    assert "name --articles N, or --passages" in capsys.readouterr().err
    assert main([*command, "--passages", "--articles", "8"]) == 2
    assert "--articles says nothing with --passages" in capsys.readouterr().err
    assert main([*command, "--passages"]) == 0
    assert "5 题，其中不可回答 2 题\n" in capsys.readouterr().out


def test_pin_checks_the_quotes_and_notes_the_documents_of_the_index(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(tmp_path / "index")
    assert main(["index", "--docs", str(ROOT / "seeds"), "--index", index]) == 0
    doc, text = next(iter(sorted(seeds().items())))
    path = written(tmp_path, case(gold=[[{"doc": doc, "quote": text[:20]}]]))
    capsys.readouterr()
    assert main(["eval-set", "pin", str(path), "--index", index, "--json"]) == 0
    pins = tmp_path / "set.documents.json"
    assert json.loads(capsys.readouterr().out) == {
        "set": str(path), "pins": str(pins), "documents": 5, "questions": 1,
    }  # fmt: skip
    assert list(json.loads(pins.read_text(encoding="utf-8"))) == sorted(seeds())
    pins.unlink()
    written(tmp_path, case())
    assert main(["eval-set", "pin", str(path), "--index", index]) == 1
    assert "line 1: there is no document a.txt" in capsys.readouterr().err
    assert not pins.exists()
    assert main(["eval-set", "pin", str(path), "--index", str(tmp_path / "none")]) == 1


def test_an_action_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval-set"]) == 2
    assert "ACTION" in capsys.readouterr().err
