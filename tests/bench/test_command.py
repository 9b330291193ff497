"""`rag bench`: its arguments, a small run from end to end, and an interrupted one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rag.bench.options import Options
from rag.cli import bench, main
from rag.cli.parser import parse
from rag.config import load

ROOT = Path(__file__).parent.parent.parent
BENCH = [sys.executable, "-m", "rag", "bench", "--docs", "seeds"]
SMALL = [*BENCH, "--scale", "30", "--threads", "1,2", "--limit", "5", "--repeat", "1"]


# ---- arguments -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--scale", "many"], "--scale 'many' is no whole number above 0"),
        (["--scale", "1000,1e4"], "--scale '1e4' is no whole number above 0"),
        (["--scale", "1000,"], "--scale '' is no whole number above 0"),
        (["--scale=-5"], "--scale '-5' is no whole number above 0"),
        (["--scale", "0"], "--scale '0' is no whole number above 0"),
        (["--scale", "--threads", "1,-8"], "--threads '-8' is no whole number above 0"),
        (["--scale", "--threads", "٣"], "--threads '٣' is no whole number above 0"),
        (["--scale", "--peers", "lucene"], "--peers 'lucene' is not known"),
        (["--scale", "--corpus", "nowhere"], "there is no folder nowhere"),
        (["--corpus", "seeds"], "--corpus is for --scale"),
        (["--limit", "5"], "--limit is for --scale"),
        (["--threads", "1"], "--threads is for --scale"),
        (["--peers", "none"], "--peers is for --scale"),
        (["--docs", "nowhere"], "there is no folder nowhere"),
        (["--questions", "nowhere.jsonl"], "there is no file nowhere.jsonl"),
        (["--repeat", "0"], "argument --repeat"),
    ],
)
def test_arguments_that_make_no_sense_are_wrong_usage(
    arguments: list[str], fault: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(ROOT)
    assert main(["bench", *arguments]) == 2
    error = capsys.readouterr().err
    assert fault in error
    assert error.count("\n") == 1


def asked(*arguments: str) -> Options:
    return bench.options(parse(["bench", *arguments]), load())


def test_without_arguments_the_commands_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = asked()
    assert found.scale == ()
    assert (found.docs, found.questions) == (str(ROOT / "seeds"), str(ROOT / "eval/seeds.jsonl"))
    assert found.out == str(ROOT / "eval/bench")


def test_sizes_are_put_in_order_and_the_usual_ones_are_three(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    assert asked("--scale").scale == (1000, 10_000, 60_000)
    assert asked("--scale", "300,30,300").scale == (30, 300)
    assert asked("--scale").threads == (1, 8, 32)
    assert asked("--scale").limit == 200
    assert asked("--scale").questions == ""


def test_peers_are_all_none_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert asked("--scale").peers == ("bm25s", "faiss", "haystack", "llama-index")
    assert asked("--scale", "--peers", "none").peers == ()
    assert asked("--scale", "--peers", "faiss, bm25s").peers == ("bm25s", "faiss")


def test_the_options_reach_the_other_process_as_they_are() -> None:
    options = Options("文档", "out", scale=(30, 300), threads=(1,), peers=("bm25s",), json=True)
    assert Options.read(options.dump()) == options


def test_the_command_becomes_the_light_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(os, "execve", lambda *given: started.append(given))
    bench.run(parse(["bench", "--scale", "30"]), load())
    [(program, command, _)] = started
    assert program == sys.executable
    assert command[1:4] == ["-P", "-m", "rag.bench"]
    assert Options.read(command[4]).scale == (30,)


# ---- runs ----------------------------------------------------------------------------------
def test_a_small_run_gives_table_json_and_plot(tmp_path: Path) -> None:
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    temporary.mkdir()
    done = subprocess.run(
        [*SMALL, "--peers", "none", "--out", str(out), "--json"],
        cwd=ROOT, env=os.environ | {"TMPDIR": str(temporary)}, capture_output=True, check=False,
        encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == json.loads((out / "scale.json").read_text("utf-8"))
    assert found["complete"]
    [size] = found["sizes"]
    assert size["articles"] == size["figures"]["documents"] == 30
    assert size["figures"]["updated"] == 3
    assert size["figures"]["passages"] > 30
    assert size["figures"]["questions"] == size["ours"]["asked"] == size["plain"]["asked"] == 5
    assert 0 < size["figures"]["answer_p50_ms"] <= size["figures"]["answer_p95_ms"]
    assert {"answers_per_s_1", "answers_per_s_2"} <= set(size["figures"])
    assert size["ours"]["hit_at_5"] == 1.0
    assert sorted(path.name for path in out.iterdir()) == [
        "scale.json", "scale.md", "scale.png", "scale.svg", "scale.zh.md",
    ]  # fmt: skip
    assert "| articles | 30 |" in (out / "scale.md").read_text("utf-8")
    assert "| 文章数 | 30 |" in (out / "scale.zh.md").read_text("utf-8")
    assert "建索引" in done.stderr
    assert list(temporary.iterdir()) == []


def test_an_interrupted_run_leaves_no_child_and_no_temporary_folder(tmp_path: Path) -> None:
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [*SMALL, "--limit", "100", "--peers", "none", "--out", str(out)],
        cwd=ROOT, env=os.environ | {"TMPDIR": str(temporary)}, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, encoding="utf-8",
    )  # fmt: skip
    assert process.stderr is not None
    with process.stderr:
        while "冷启动" not in (line := process.stderr.readline()):
            assert line, "it ended before"
        children = wait_for_children(process.pid)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        last = process.stderr.read()
    assert process.wait(30) == 130
    assert last.endswith("rag: interrupted\n")
    assert "Traceback" not in last
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []
    assert list(temporary.iterdir()) == []
    kept = json.loads((out / "scale.json").read_text("utf-8"))
    assert not kept["complete"]
    assert kept["sizes"][0]["figures"]["build_s"] > 0


def wait_for_children(parent: int) -> list[int]:
    """The process's children, once there is one."""
    listing = Path(f"/proc/{parent}/task/{parent}/children")
    if not listing.exists():
        return []
    deadline = time.monotonic() + 10
    while not (found := listing.read_text().split()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return [int(pid) for pid in found]


def test_a_fault_of_ours_ends_the_run_with_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "1", "text": "只有一篇。"}\n', encoding="utf-8")
    done = subprocess.run(
        [*SMALL, "--corpus", str(folder), "--out", str(tmp_path / "out")],
        cwd=ROOT, capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert "holds 1 articles; a size of 30 needs 31" in last
    assert "Traceback" not in done.stderr


def test_the_table_of_the_commands_has_every_row(tmp_path: Path) -> None:
    asked = tmp_path / "questions.jsonl"
    asked.write_text('{"question": "2025年北京数字经济增加值是多少？"}\n', encoding="utf-8")
    out = tmp_path / "out"
    done = subprocess.run(
        [*BENCH, "--questions", str(asked), "--repeat", "1", "--out", str(out)],
        cwd=ROOT, capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = [row["name"] for row in json.loads((out / "commands.json").read_text("utf-8"))["rows"]]
    assert names == ["index_s", "mb", "ask_s", "mb", "page_s", "page_answer_s", "mb",
                     "token_p50_ms", "token_p95_ms", "warm_p50_ms", "warm_p95_ms"]  # fmt: skip
    assert "| `rag ask`，冷启动，1 次中位数 |" in done.stdout
    assert "| `rag ask`, cold start, median of 1 |" in (out / "commands.md").read_text("utf-8")
