"""`rag eval --mode llm` against a server on loopback: what it says of a model, and of its failing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.evaluate import runs
from rag.evaluate.types import Run
from tests.fakes.llm_server import CANARY, MODEL, Handler, LLMServer, Script, chunk, stream
from tests.fakes.ranking import ranker

FACTS = {
    "reservoir": ("白石水库的库容是多少？", "白石水库位于青江上游，库容为2.4亿立方米。", "2.4亿"),
    "bridge": ("青江大桥全长多少公里？", "青江大桥全长3.6公里，总投资48.5亿元。", "3.6公里"),
    "railway": ("云岭铁路设几座车站？", "云岭铁路全线设17座车站，设计时速160公里。", "17座"),
    "museum": (
        "南湖博物馆收藏多少件文物？",
        "南湖博物馆收藏文物9200件，其中一级文物31件。",
        "9200件",
    ),
    "harbour": (
        "东港码头年吞吐量是多少万吨？",
        "东港码头年吞吐量为560万吨，有泊位12个。",
        "560万吨",
    ),
}
UNKNOWN = "火星咖啡馆的招牌饮料叫什么名字？"
USAGE = {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}

Call = Callable[..., tuple[int, str, str]]


def copies(
    handler: Handler, change: Callable[[str, str], str] = lambda said, question: said
) -> None:
    """Copies the evidence that shares most with the question, numbers and all, and cites it."""
    asked = handler.fake.requests[-1]["messages"][-1]["content"]
    question = re.findall(r"问题：(.*)", asked)[-1]
    lines = re.findall(r"^\[(\d+)\] (.*)$", asked, re.MULTILINE)
    number, text = max(lines, key=lambda line: len(set(line[1]) & set(question)))
    said = change(f"{text}[{number}]", question)
    play: Script = stream(
        *[chunk(char) for char in said],
        chunk(finish="stop"),
        {**chunk(), "choices": [], "usage": USAGE},
        "[DONE]",
    )
    play(handler)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with documents, an index and a set, in which the commands run."""
    (tmp_path / "docs").mkdir()
    cases: list[dict[str, Any]] = []
    for name, (question, quote, fact) in FACTS.items():
        (tmp_path / "docs" / f"{name}.txt").write_text(f"{quote}\n", encoding="utf-8")
        cases.append(
            {"id": name, "kind": "fact", "turns": [question], "answerable": True,
             "gold": [[{"doc": f"{name}.txt", "quote": quote}]], "must": [[fact]]}
        )  # fmt: skip
    cases.append({"id": "mars", "kind": "no", "turns": [UNKNOWN], "answerable": False})
    lines = [json.dumps({"gold": [], "must": [], **c}, ensure_ascii=False) for c in cases]
    (tmp_path / "own.jsonl").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAG_RUNS", "runs")
    monkeypatch.setattr("rag.pipeline.build_ranker", ranker)  # loaded once for all tests
    assert main(["index", "--docs", "docs", "--json"]) == 0
    return tmp_path


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    def run(server: LLMServer | str | None, *args: str) -> tuple[int, str, str]:
        if server is not None:
            url = server if isinstance(server, str) else server.url
            monkeypatch.setenv("RAG_BASE_URL", url)
            monkeypatch.setenv("RAG_API_KEY", CANARY)
        capsys.readouterr()
        code = main(["eval", "--set", "own.jsonl", *args])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def saved(back: int = 0) -> Run:
    return runs.read(runs.latest(Path("runs"), 9)[back])


def figures_of(out: str) -> dict[str, float]:
    return {name: f["value"] for name, f in json.loads(out)["figures"].items()}


def test_a_model_that_copies_evidence_is_right_and_verified(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_PRICE_IN", "2")
    monkeypatch.setenv("RAG_PRICE_OUT", "10")
    with LLMServer(copies) as server:
        code, out, err = call(server, "--mode", "llm", "--json")
        asked = len(server.requests)
    assert (code, err, asked) == (0, "", 5)  # weak evidence is refused before the call
    found = figures_of(out)
    assert found["right"] == found["right_model"] == found["supported"] == 1.0
    assert found["unsupported"] == found["dropped"] == found["cut_off"] == found["fallbacks"] == 0
    assert 0 < found["first_p50_ms"] <= found["first_p95_ms"]
    run = saved()
    assert [r.id for r in run.records] == [*FACTS, "mars"]
    assert [r.mode for r in run.records] == ["llm"] * 5 + ["extractive"]
    assert all(FACTS[r.id][2] in r.answer for r in run.records[:5])
    assert run.records[-1].written is None
    costs = run.header.costs
    assert (costs["asked"], costs["fallbacks"]) == (5, 0)
    assert (costs["prompt_tokens"], costs["completion_tokens"]) == (1500, 100)
    assert costs["cost"] == pytest.approx(1500 * 2e-6 + 100 * 10e-6)
    assert 0 < costs["first_p50_ms"] <= costs["first_p95_ms"]


def test_the_header_names_model_and_host_and_nothing_secret(call: Call) -> None:
    with LLMServer(copies) as server:
        secret = server.url.replace("//", f"//me:{CANARY}@") + f"/?token={CANARY}"
        code, out, err = call(secret, "--mode", "llm", "--report")
        host = server.url.removeprefix("http://").removesuffix("/v1")
    settings = saved().header.settings
    assert (settings["base_url"], settings["mode"]) == (host, "llm")
    assert f"模型 {settings['model']}（{host}）" in out
    everything = [out, err, *(p.read_text(encoding="utf-8") for p in Path("runs").iterdir())]
    assert len(everything) == 4 and code in (0, 1)
    assert not [text for text in everything if CANARY in text]


def test_the_model_that_the_endpoint_lists_is_named(call: Call) -> None:
    with LLMServer(copies) as server:
        call(server, "--mode", "llm")
    assert saved().header.settings["model"] == MODEL


def test_several_at_once_give_the_records_of_one_by_one(call: Call) -> None:
    with LLMServer(copies) as server:
        for workers in "1", "3":
            assert call(server, "--mode", "llm", "--workers", workers)[0] == 0
    one, other = saved(1).records, saved(0).records
    assert [(r.id, r.answer, r.citations, r.written) for r in one] == [
        (r.id, r.answer, r.citations, r.written) for r in other
    ]


def test_without_an_endpoint_there_every_answer_is_a_fallback_and_that_is_a_failure(
    call: Call,
) -> None:
    with LLMServer(copies) as server:
        gone = server.url
    code, out, err = call(gone, "--mode", "llm", "--report")
    assert code == 1
    assert "5 个回答里有 5 个是抽取式的，不是模型写的（语言模型没有给出回答" in err
    assert CANARY not in out + err
    run = saved()
    assert [r.fell_back for r in run.records] == [True] * 5 + [False]
    assert [r.scores["fallbacks"] for r in run.records[:5]] == [1.0] * 5
    assert all("right_model" not in r.scores for r in run.records)
    assert all(r.reason and r.mode == "extractive" for r in run.records)
    assert (run.header.costs["asked"], run.header.costs["fallbacks"]) == (5, 5)
    (page,) = Path("runs").glob("*.html")
    assert "5 题不是模型所答，改用了抽取式" in page.read_text(encoding="utf-8")


def test_single_fallbacks_are_counted_and_not_the_model_s(call: Call) -> None:
    with LLMServer("404", "404", copies) as server:
        code, out, err = call(server, "--mode", "llm", "--workers", "1")
    assert code == 0
    assert "5 个回答里有 2 个是抽取式的，不是模型写的" in err and "404" in err
    row = next(line for line in out.splitlines() if line.startswith("改用抽取式"))
    assert row.split()[1] == "40.0%"
    assert [r.fell_back for r in saved().records] == [True, True, *[False] * 4]
    assert sum("right_model" in r.scores for r in saved().records) == 3


def test_dropped_citations_and_unverified_sentences_are_measured(call: Call) -> None:
    def worsened(said: str, question: str) -> str:
        if "水库" in question:
            return said + "[99]"
        if "车站" in question:
            return said + "火星上的咖啡馆昨天换了老板[1]。"
        return said

    with LLMServer(lambda handler: copies(handler, worsened)) as server:
        code, out, _ = call(server, "--mode", "llm", "--json")
    found = figures_of(out)
    assert (code, found["dropped"], found["unsupported"]) == (0, 0.2, 0.2)
    assert found["supported"] == pytest.approx(0.9)
    by_id = {r.id: r.written for r in saved().records}
    reservoir, railway = by_id["reservoir"], by_id["railway"]
    assert reservoir is not None and reservoir.dropped == 1
    assert railway is not None and railway.verdicts[0] == "supported" != railway.verdicts[1]


def test_answers_that_were_cut_off_are_measured(call: Call) -> None:
    def cut(handler: Handler) -> None:
        said = f"{FACTS['reservoir'][1]}[1]另外还有"
        stream(*[chunk(c) for c in said], chunk(finish="length"), "[DONE]")(handler)

    with LLMServer(cut, copies) as server:
        code, out, _ = call(server, "--mode", "llm", "--workers", "1", "--json")
    assert (code, figures_of(out)["cut_off"]) == (0, 0.2)
    first = saved().records[0]
    assert first.written is not None and first.written.cut_off and "另外" not in first.answer


def test_an_interrupted_run_goes_on_and_asks_again_where_the_model_had_failed(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.pipeline import Pipeline

    ask = Pipeline.ask

    def stop(self: Pipeline, turns: Any) -> Any:
        if "博物馆" in turns[-1]:
            raise KeyboardInterrupt
        return ask(self, turns)

    monkeypatch.setattr(Pipeline, "ask", stop)
    with LLMServer("404", copies) as server:
        code, _, err = call(server, "--mode", "llm", "--workers", "1")
        assert (code, len(server.requests)) == (130, 3)
        assert "--resume goes on" in err
        monkeypatch.setattr(Pipeline, "ask", ask)
        code, _, err = call(server, "--mode", "llm", "--workers", "1", "--resume")
        assert (code, err, len(server.requests)) == (0, "", 6)  # three were done, one of them not
    run = saved()
    assert [r.id for r in run.records] == [*FACTS, "mars"]
    assert [r.mode for r in run.records] == ["llm"] * 5 + ["extractive"]
    assert run.header.costs["asked"] == 5


def test_a_model_s_run_compares_with_an_extractive_one(call: Call) -> None:
    with LLMServer("404", copies) as server:
        call(server, "--mode", "extractive")
        call(server, "--mode", "llm", "--workers", "1")
        code, out, _ = call(None, "--compare", "last~1", "last")
        assert code == 0
        assert "mode：extractive → llm" in out
        assert "后：1 个回答是抽取式的，不是模型写的" in out
        code, out, _ = call(None, "--compare", "last~1", "last", "--json")
    found = json.loads(out)
    assert (code, found["common"], found["regressions"]) == (0, 6, [])
    assert found["fallbacks"] == {"before": 0, "after": 1}
    assert "supported" not in found["differences"]


def test_an_extractive_run_holds_nothing_of_a_model(call: Call) -> None:
    code, out, err = call(None, "--mode", "extractive", "--json")
    assert (code, err) == (0, "")
    assert not {"supported", "fallbacks", "first_ms", "right_model"} & set(figures_of(out))
    assert not {"asked", "prompt_tokens"} & set(saved().header.costs)
    assert all(r.written is None for r in saved().records)


def test_the_report_shows_what_the_model_wrote(call: Call) -> None:
    with LLMServer("404", copies) as server:
        call(server, "--mode", "llm", "--workers", "1", "--report")
    (page,) = Path("runs").glob("*.html")
    text = page.read_text(encoding="utf-8")
    for said in "模型写的回答", "句子可核实", "改用抽取式", "首字用时 p50", "1,200 词元", "问模型":
        assert said in text


@pytest.mark.parametrize("args", [("--workers", "0"), ("--compare", "a", "b", "--workers", "2")])
def test_workers_are_for_a_new_run(call: Call, args: tuple[str, ...]) -> None:
    code, out, err = call(None, *args)
    assert (code, out, err.count("\n")) == (2, "", 1)
