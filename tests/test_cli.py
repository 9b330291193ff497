"""The command line: JSON as the design fixes it, exit codes, one line for every fault."""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.cli.parser import parse
from rag.errors import UsageError
from tests.fakes.llm_server import LLMServer

ROOT = Path(__file__).parent.parent
QUESTION = "2025年北京数字经济增加值是多少？"
ANSWER_KEYS = {
    "id", "question", "standalone", "answer", "mode", "refused", "reason", "citations",
    "sentences", "passages", "unknown_terms", "timings_ms",
}  # fmt: skip
FIXED_CITATION = {"n", "doc", "title", "start", "end", "quote"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the seeds."""
    folder = tmp_path_factory.mktemp("index")
    assert main(["index", "--docs", str(ROOT / "seeds"), "--index", str(folder), "--json"]) == 0
    return folder


@pytest.fixture
def run(index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process over the seeds: (code, stdout, stderr)."""
    monkeypatch.chdir(ROOT)

    def call(command: str, *args: str, index: Path = index) -> tuple[int, str, str]:
        code = main([command, "--index", str(index), *args])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def one(out: str) -> dict[str, Any]:
    """The one JSON object that stands on one line."""
    assert out.count("\n") == 1
    value = json.loads(out)
    assert isinstance(value, dict)
    return value


def script(*args: str, cwd: Path = ROOT, **more: Any) -> subprocess.CompletedProcess[str]:
    """A run as the user makes it."""
    given: dict[str, Any] = {"capture_output": True, "text": True, "timeout": 60} | more
    return subprocess.run([sys.executable, "-m", "rag", *args], cwd=cwd, **given)


def failed(code: int, out: str, err: str) -> str:
    """The one line of a command that failed with exit code 1."""
    assert (code, out) == (1, "")
    return line_of(err)


def line_of(err: str) -> str:
    assert err.startswith("rag: ") and err.count("\n") == 1, err
    return err.strip()


# ---- index ---------------------------------------------------------------------------------
def test_index_says_in_json_what_it_did_and_the_totals_reconcile(tmp_path: Path, run: Run) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("北京今天天气晴。上海今天下雨。", encoding="utf-8")
    (docs / "empty.txt").write_text(" \n", encoding="utf-8")
    (docs / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    code, out, err = run("index", "--docs", str(docs), "--json", index=tmp_path / "index")
    report = one(out)
    assert (code, err) == (0, "")
    assert {k: report[k] for k in ("documents", "added", "updated", "removed")} == {
        "documents": 1, "added": 1, "updated": 0, "removed": 0,
    }  # fmt: skip
    assert report["chunks"] >= 1 and report["seconds"] >= 0
    assert report["generation"] and report["embedder"].startswith("static:news-static:")
    assert sorted(row["path"] for row in report["skipped"]) == ["empty.txt", "image.txt"]
    assert all(row["reason"] for row in report["skipped"])
    totals = report["inputs"]
    assert totals["seen"] == 3 == totals["indexed"] + totals["skipped"] + totals["failed"]


def test_dropped_file_answers_after_index_and_deleted_file_no_more(
    tmp_path: Path, run: Run
) -> None:
    docs, folder = tmp_path / "docs", tmp_path / "index"
    docs.mkdir()
    (docs / "a.txt").write_text("北京今天天气晴。", encoding="utf-8")
    (docs / "b.txt").write_text("青岛啤酒节有320万名游客参加。", encoding="utf-8")
    run("index", "--docs", str(docs), index=folder)
    found = one(run("ask", "青岛啤酒节有多少名游客参加？", "--json", index=folder)[1])
    assert [c["doc"] for c in found["citations"]] == ["b.txt"]
    assert "320万" in found["answer"]
    (docs / "b.txt").unlink()
    report = one(run("index", "--docs", str(docs), "--json", index=folder)[1])
    assert (report["documents"], report["removed"]) == (1, 1)
    found = one(run("ask", "青岛啤酒节有多少名游客参加？", "--json", index=folder)[1])
    assert found["refused"] is True and "320万" not in json.dumps(found, ensure_ascii=False)


def test_index_text_lists_each_input_that_was_not_indexed(tmp_path: Path, run: Run) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("北京今天天气晴。", encoding="utf-8")
    (docs / "bad\nname\x1b[31m.txt").write_bytes(b"")
    code, out, _ = run("index", "--docs", str(docs), index=tmp_path / "index")
    assert code == 0
    assert "输入 2 = 已索引 1 + 跳过 1 + 失败 0" in out
    row = next(text for text in out.splitlines() if "跳过 bad" in text)
    assert "bad name" in row and "\x1b" not in out


def test_index_again_changes_nothing(run: Run) -> None:
    report = one(run("index", "--json")[1])
    assert (report["added"], report["updated"], report["removed"]) == (0, 0, 0)
    assert report["documents"] == 5


@pytest.mark.parametrize("made", [True, False])
def test_index_of_an_empty_or_missing_folder_says_what_to_do(
    made: bool, tmp_path: Path, run: Run
) -> None:
    docs = tmp_path / "docs"
    if made:
        docs.mkdir()
    code, out, err = run("index", "--docs", str(docs), index=tmp_path / "index")
    assert out == "" and code in (1, 2)
    assert "documents" in line_of(err) and "put " in err


# ---- ask -----------------------------------------------------------------------------------
def test_ask_answers_in_json_with_verbatim_quotes(run: Run) -> None:
    code, out, err = run("ask", QUESTION, "--json")
    found = one(out)
    assert (code, err) == (0, "")
    assert set(found) >= ANSWER_KEYS
    assert (found["question"], found["mode"], found["refused"]) == (QUESTION, "extractive", False)
    assert "2.4万亿元" in found["answer"] and "[1]" in found["answer"]
    cited = found["citations"][0]
    assert set(cited) >= FIXED_CITATION
    text = (ROOT / "seeds" / cited["doc"]).read_bytes().decode("utf-8-sig")
    assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert found["sentences"][0]["citations"] == [1]
    assert found["sentences"][0]["verdict"] == "supported"
    assert set(found["passages"][0]) == {"doc", "start", "end", "score"}
    assert found["timings_ms"]["total"] > 0


def test_ask_prints_answer_then_citations_then_mode(run: Run) -> None:
    code, out, err = run("ask", QUESTION)
    assert (code, err) == (0, "")
    answer, sources = out.index("2.4万亿元"), out.index("[1] 000_2b736552c62d5802.txt")
    assert answer < sources < out.index("抽取式回答")
    assert "「2025年，北京数字经济增加值突破2.4万亿元" in out


def test_question_may_be_several_words(run: Run) -> None:
    found = one(run("ask", "--json", "北京 数字经济", "增加值", "2025年")[1])
    assert found["question"] == "北京 数字经济 增加值 2025年"


def test_question_may_come_from_stdin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(QUESTION + "\n"))
    assert one(run("ask", "-", "--json")[1])["question"] == QUESTION


def test_refusal_is_an_answer_with_nearest_passages_and_unknown_words(run: Run) -> None:
    code, out, _ = run("ask", "魔芋爽的保质期是多少个月？")
    assert code == 0
    assert "没有找到" in out and "最接近的段落" in out and "保质期" in out.split("没有出现的词")[1]
    found = one(run("ask", "魔芋爽的保质期是多少个月？", "--json")[1])
    assert found["refused"] is True and found["citations"] == [] and found["unknown_terms"]


def test_model_that_cannot_be_reached_is_said_and_the_answer_extractive(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("RAG_MODEL", "m")
    code, out, _ = run("ask", QUESTION)
    assert code == 0
    assert "2.4万亿元" in out and "抽取式回答" in out and "说明：" in out and "127.0.0.1" in out


@pytest.mark.parametrize("question", ["", " \t　", "？！。", "-"])
def test_question_of_white_space_is_wrong_usage(
    question: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    code, out, err = run("ask", question)
    assert (code, out) == (2, "") and "the question is empty" in line_of(err)


def test_no_question_at_all_is_wrong_usage(run: Run) -> None:
    code, out, err = run("ask")
    assert (code, out) == (2, "") and "there is no question" in line_of(err)


def test_question_of_100_000_characters_is_wrong_usage(run: Run) -> None:
    code, out, err = run("ask", "京" * 100_000)
    assert (code, out) == (2, "")
    assert "100,000 characters, the limit is 2,000" in line_of(err) and len(err) < 300


def test_missing_index_says_the_command_that_makes_it(tmp_path: Path, run: Run) -> None:
    line = failed(*run("ask", QUESTION, index=tmp_path / "none"))
    assert "run `rag index`" in line


def test_unknown_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_FOO", "1")
    assert "unknown setting RAG_FOO" in failed(*run("ask", QUESTION))


# ---- batches -------------------------------------------------------------------------------
def batch(path: Path, *lines: str | bytes) -> str:
    rows = [line if isinstance(line, bytes) else line.encode() for line in lines]
    path.write_bytes(b"\n".join(rows) + b"\n")
    return str(path)


def test_batch_keeps_its_order_and_reports_a_bad_line_in_place(tmp_path: Path, run: Run) -> None:
    path = batch(
        tmp_path / "b.jsonl",
        json.dumps({"id": "one", "question": QUESTION}),
        "not JSON",
        json.dumps({"id": 3}),
        json.dumps({"id": "four", "question": " "}),
        json.dumps([1]),
        b'{"id": "six", "question": "\xff"}',
        json.dumps({"id": "seven", "turns": [QUESTION, "那占GDP的比重呢？"]}),
        json.dumps({"id": "eight", "turns": "x"}),
        '{"id": "nine", "question": "\\ud800' + QUESTION + '"}',
    )
    code, out, err = run("ask", "--batch", path)
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [row["id"] for row in rows] == [
        "one", None, 3, "four", None, None, "seven", "eight", "nine",
    ]  # fmt: skip
    assert ["error" in row for row in rows] == [
        False, True, True, True, True, True, False, True, False,
    ]  # fmt: skip
    assert set(rows[1]) == {"id", "error"} and "line 2" in rows[1]["error"]
    assert set(rows[0]) >= ANSWER_KEYS
    assert "46.4%" in rows[6]["answer"]


def test_batch_line_with_passages_is_answered_from_those_alone(tmp_path: Path, run: Run) -> None:
    passages = ["上海今天下雨。", "火星上的温度是零下63摄氏度。"]
    path = batch(
        tmp_path / "b.jsonl",
        json.dumps({"id": 1, "question": "火星上的温度是多少？", "passages": passages}),
        json.dumps({"id": 2, "question": QUESTION, "passages": passages}),
        json.dumps({"id": 3, "question": QUESTION, "passages": []}),
        json.dumps({"id": 4, "question": QUESTION, "passages": [1]}),
    )
    code, out, _ = run("ask", "--batch", path, index=tmp_path / "no-index-needed")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [c["doc"] for c in rows[0]["citations"]] == ["passage#1"]
    cited = rows[0]["citations"][0]
    assert passages[1][cited["start"] : cited["end"]] == cited["quote"]
    assert [rows[1]["refused"], rows[2]["refused"]] == [True, True]
    assert set(rows[3]) == {"id", "error"}


def test_batch_without_an_index_fails_in_every_line_and_at_the_end(
    tmp_path: Path, run: Run
) -> None:
    path = batch(tmp_path / "b.jsonl", json.dumps({"id": 1, "question": QUESTION}))
    code, out, err = run("ask", "--batch", path, index=tmp_path / "none")
    assert code == 1 and json.loads(out)["id"] == 1 and "rag index" in line_of(err)


def test_missing_batch_file_is_wrong_usage(run: Run) -> None:
    code, out, err = run("ask", "--batch", "/no/such/file")
    assert (code, out) == (2, "") and "/no/such/file" in line_of(err)


def test_batch_streams_each_answer_before_the_next_question_is_there(index: Path) -> None:
    command = [sys.executable, "-m", "rag", "ask", "--index", str(index), "--batch", "-"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        for name in ("a", "b"):
            process.stdin.write(json.dumps({"id": name, "question": QUESTION}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.wait(20) == 0


# ---- search --------------------------------------------------------------------------------
def test_search_gives_ranked_hits_that_stand_in_their_documents(run: Run) -> None:
    found = one(run("search", "数字经济增加值", "--k", "3", "--json")[1])
    assert set(found) == {"id", "question", "hits"}
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    for hit in found["hits"]:
        text = (ROOT / "seeds" / hit["doc"]).read_bytes().decode("utf-8-sig")
        assert text[hit["start"] : hit["end"]] == hit["text"]
    assert "2.4万亿元" in found["hits"][0]["text"]


def test_search_batch_gives_a_line_each(tmp_path: Path, run: Run) -> None:
    path = batch(tmp_path / "b.jsonl", json.dumps({"id": "x", "question": "数字经济"}), "{", "")
    rows = [json.loads(line) for line in run("search", "--batch", path, "--k", "2")[1].splitlines()]
    assert [row["id"] for row in rows] == ["x", None]
    assert len(rows[0]["hits"]) == 2 and "error" in rows[1]


def test_search_of_nothing_positive_is_wrong_usage(run: Run) -> None:
    assert run("search", "x", "--k", "0")[0] == 2


# ---- verify --------------------------------------------------------------------------------
def test_verify_file_judges_each_sentence_with_exact_spans(tmp_path: Path, run: Run) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(
        "2025年，北京数字经济增加值突破2.4万亿元 [1]。北京的外资研发中心达到532家。"
        "大熊猫每天吃十二公斤竹子。",
        encoding="utf-8",
    )
    found = one(run("verify", "--file", str(draft), "--json")[1])
    assert [s["verdict"] for s in found["sentences"]] == [
        "supported", "number_mismatch", "unsupported",
    ]  # fmt: skip
    first = found["sentences"][0]
    assert "[1]" not in first["text"]
    cited = first["citations"][0]
    text = (ROOT / "seeds" / cited["doc"]).read_bytes().decode("utf-8-sig")
    assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert "532" in found["sentences"][1]["why"]


@pytest.mark.parametrize(
    ("quote", "doc", "verdict"),
    [
        ("北京数字经济增加值突破2.4万亿元", None, "supported"),
        ("北京數字經濟增加值突破２.４萬億元", None, "supported"),
        ("“北京数字经济增加值突破2.4万亿元”", "000_2b736552c62d5802.txt", "supported"),
        ("北京数字经济增加值突破2.4万亿元", "001_57fb780a29bd5612.txt", "wrong_source"),
        ("北京数字经济增加值突破3.4万亿元", None, "number_mismatch"),
        ("大熊猫每天吃十二公斤竹子", None, "unsupported"),
    ],
)
def test_verify_quote(quote: str, doc: str | None, verdict: str, run: Run) -> None:
    more = ["--doc", doc] if doc else []
    sentence = one(run("verify", "--quote", quote, *more, "--json")[1])["sentences"][0]
    assert sentence["verdict"] == verdict
    if verdict == "supported":
        assert [c["quote"] for c in sentence["citations"]] == ["北京数字经济增加值突破2.4万亿元"]


def test_verify_of_an_unknown_document_is_wrong_usage(run: Run) -> None:
    code, out, err = run("verify", "--quote", "北京", "--doc", "none.txt")
    assert (code, out) == (2, "") and "none.txt" in line_of(err)


@pytest.mark.parametrize("args", [[], ["--quote", "a", "--file", "b"], ["--quote", " "]])
def test_verify_needs_one_text(args: list[str], run: Run) -> None:
    code, out, err = run("verify", *args)
    assert (code, out) == (2, "") and line_of(err)


# ---- eval, doctor --------------------------------------------------------------------------
def test_eval_gives_figures_and_a_record_for_each_question(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_RUNS", str(tmp_path / "runs"))
    lines = (ROOT / "eval" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    some = tmp_path / "some.jsonl"
    some.write_text("\n".join([*lines[:3], lines[-1]]) + "\n", encoding="utf-8")
    found = one(run("eval", "--set", str(some), "--json")[1])
    assert set(found) == {"set", "form", "documents", "figures", "by_kind", "questions", "header"}
    assert (found["set"], found["form"], found["documents"]) == ("some", "yinju", 5)
    assert found["figures"]["right"]["cases"] == 4
    assert found["figures"]["verbatim"]["value"] == 1.0
    assert set(found["figures"]["hit@1"]) == {"value", "low", "high", "cases"}
    assert [q["id"] for q in found["questions"]] == [json.loads(x)["id"] for x in lines[:3]] + [
        json.loads(lines[-1])["id"]
    ]
    assert {"right", "scores", "answer", "citations", "milliseconds"} <= set(found["questions"][0])
    assert (tmp_path / "runs" / f"{found['header']['name']}.json").is_file()
    code, out, _ = run("eval", "--set", str(some), "--failures", "--no-save")
    assert code == 0 and "答对且引对" in out and "fact_number" in out and "未通过" in out


def test_eval_of_a_set_for_other_documents_is_one_line(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "set.jsonl"
    case = {"id": "a", "kind": "k", "turns": ["x"], "answerable": True, "must": [["x"]],
            "gold": [[{"doc": "none.txt", "quote": "x"}]]}  # fmt: skip
    path.write_text(json.dumps(case), encoding="utf-8")
    assert "there is no document none.txt" in failed(*run("eval", "--set", str(path)))


def test_doctor_finds_all_well(run: Run) -> None:
    found = one(run("doctor", "--json")[1])
    assert [c for c in found["checks"] if not c["ok"]] == []
    assert found["ok"] is True and len(found["checks"]) == 14


def test_doctor_names_every_fault_and_fails(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("RAG_API_KEY", "sk-canary-58c1")
    monkeypatch.setenv("RAG_MODEL", "m")
    code, out, err = run("doctor", "--docs", str(tmp_path / "no"), index=tmp_path / "none")
    assert (code, err) == (1, "")
    faults = [text for text in out.splitlines() if text.startswith("fault")]
    assert [text.split("：")[0] for text in faults] == [
        "fault 文件夹", "fault 索引", "fault 语言模型",
    ]  # fmt: skip
    assert "sk-canary" not in out


def test_doctor_asks_the_endpoint_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with LLMServer("ok") as server:
        monkeypatch.setenv("RAG_BASE_URL", server.url)
        monkeypatch.setenv("RAG_MODEL", "试验模型")
        code, out, _ = run("doctor")
        asked = server.paths
    assert code == 0 and "试验模型 有应答" in out
    assert asked == ["/v1/chat/completions"]


# ---- the process ---------------------------------------------------------------------------
def test_ask_imports_nothing_heavy(index: Path) -> None:
    code = (
        "import sys; from rag.cli import main;"
        f"code = main(['ask', '--index', {str(index)!r}, {QUESTION!r}]);"
        "heavy = {'torch', 'gradio', 'openai', 'httpx', 'httpx2', 'sentence_transformers',"
        " 'transformers', 'pypdf', 'docx', 'selectolax', 'rich', 'fastapi', 'uvicorn', 'scipy',"
        " 'sklearn', 'pandas', 'huggingface_hub', 'onnx', 'rag.load', 'rag.train', 'rag.web'};"
        "print(code, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"


def test_help_and_usage_load_no_settings(tmp_path: Path) -> None:
    done = script("--help", env=os.environ | {"RAG_FOO": "1", "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0 and "train-embedder" in done.stdout


@pytest.mark.parametrize("args", [["--nonsense"], ["ask", "--nonsense"], ["dance"], []])
def test_wrong_usage_is_one_line_and_exit_code_2(
    args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(args) == 2
    out, err = capsys.readouterr()
    assert out == "" and "--help" in line_of(err)


def test_a_line_said_beside_a_progress_bar_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.cli.output import progress, say

    terminal = io.StringIO()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    with progress() as show:
        show("train", 1, 3)
        say("5 of 60 left out\x1b[1A")
        show("train", 2, 3)
    before, _, after = terminal.getvalue().partition("5 of 60 left out[1A\n")
    # Only the bar is drawn over; at the end it is taken away, the one line that it stands on.
    assert before.endswith("\r\x1b[2K") and after.count("\x1b[1A") == 1
    assert "2/3" in after and after.endswith("\r\x1b[1A\x1b[2K")
    monkeypatch.setattr("sys.stderr", None)
    say("there is nowhere to say it")


def test_every_command_takes_docs_index_and_json() -> None:
    for name in ("index", "search", "ask", "verify", "chat", "eval", "doctor", "train-ranker"):
        args = parse([name, "--docs", "d", "--index", "i", "--json"])
        assert (args.docs, args.index, args.json) == (Path("d"), Path("i"), True)
    assert parse(["train-embedder", "--corpus", "c", "--json"]).json is True
    with pytest.raises(UsageError, match="corpus"):
        parse(["train-embedder"])


def test_unexpected_fault_is_one_line_and_a_traceback_only_with_debug(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(args: argparse.Namespace, settings: object) -> int:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("rag.cli.doctor.run", fault)
    code, out, err = run("doctor")
    assert (code, out) == (1, "") and "RuntimeError: two lines; run it again with --debug" in err
    with pytest.raises(RuntimeError):
        run("doctor", "--debug")


def test_reader_that_goes_away_is_no_fault(index: Path, tmp_path: Path) -> None:
    path = batch(
        tmp_path / "b.jsonl", *[json.dumps({"id": n, "question": QUESTION}) for n in range(40)]
    )
    command = [sys.executable, "-m", "rag", "ask", "--index", str(index), "--batch", path]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        assert json.loads(process.stdout.readline())["id"] == 0
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


def test_full_disk_is_one_line(index: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = script(
            "ask", "--index", str(index), QUESTION,
            stdout=full, stderr=subprocess.PIPE, capture_output=False,
        )  # fmt: skip
    assert done.returncode == 1 and "No space left" in line_of(done.stderr)


def test_ctrl_c_is_one_line_and_exit_code_130(index: Path) -> None:
    command = [sys.executable, "-m", "rag", "ask", "--index", str(index), "--batch", "-"]
    with subprocess.Popen(
        command, cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(json.dumps({"id": 1, "question": QUESTION}) + "\n")
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == "rag: interrupted\n"


def test_closed_streams_do_not_matter(index: Path) -> None:
    command = f'"{sys.executable}" -m rag ask --index "{index}" {QUESTION} <&- >&- 2>&-'
    assert subprocess.run(["bash", "-c", command], cwd=ROOT, timeout=60).returncode == 0


def test_output_is_utf_8_whatever_the_locale(index: Path) -> None:
    env = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = script("ask", "--index", str(index), QUESTION, env=env, text=False)
    assert done.returncode == 0
    assert "万亿元" in done.stdout.decode("utf-8")  # type: ignore[attr-defined]
