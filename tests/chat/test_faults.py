"""Every fault of the language model, streamed and not, through the whole pipeline.

Each ends in an answer with a label: complete; cut off, which is said; or the extractive answer with
one line that says why. The key is in none of what anybody could read.
"""

from __future__ import annotations

import gc
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from rag.chat.client import OpenAIChat
from rag.cli import main
from rag.config import Settings
from rag.errors import ModelError
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.types import Answer
from tests.fakes.llm_server import (
    CANARY,
    MODEL,
    Handler,
    LLMServer,
    Script,
    begun,
    bytewise,
    chunk,
    event,
    half_a_body,
    status,
    stream,
    streamed_status,
    whole,
)
from tests.fakes.ranking import ranker

COUNTIES = (
    "柳溪县 云台县 松岭县 石桥县 梅坞县 东湖县 兰溪县 竹山县 枫林县 沙河县 长堤县 古塔县".split()
)
RESERVOIR = (
    "白石水库扩建\n\n白石水库位于青江上游，库容为2.4亿立方米。"
    "扩建工程由青江水务集团承担，预计2026年底完工。\n\n"
) + "".join(
    f"{place}人民政府在白石水库扩建工程座谈会上表示，水库库容扩大以后，"
    f"下游的{place}将有{n}个村庄、{n * 37}公顷农田得到灌溉，夏季的供水也会更有保障。\n\n"
    for n, place in enumerate(COUNTIES, 3)
)
QUESTION = "白石水库的库容是多少？"
SAID = "白石水库库容为2.4亿立方米[1]。扩建工程预计2026年底完工[2]。"
HALF = "白石水库库容为2.4亿立方米[1]。扩建工程由青"
QUOTE = "白石水库位于青江上游，库容为2.4亿立方米。"

Ending = Literal["complete", "cut off", "extractive"]


def _hang(handler: Handler) -> None:
    handler.fake.hang(handler)


def _reset(handler: Handler) -> None:
    handler.reset()


def _sse(*parts: Any) -> bytes:
    return b"".join(part if isinstance(part, bytes) else event(part) for part in parts)


def _error(message: str, code: Any = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "error", "code": code}}


_STOP = chunk(finish="stop")
_HTML = "<!doctype html>\n<html>\n\n<body>Sign in</body></html>"
_NO_MODEL = _error("The model `fake-model` does not exist", "model_not_found")
_ECHO = _error(f"Incorrect API key provided: {CANARY}", "invalid_api_key")
_LONG = _error(
    "This model's maximum context length is 1600 tokens. However, your messages resulted in 2000 tokens.",
    "context_length_exceeded",
)
_WHOLE = {
    "id": "c1",
    "object": "chat.completion",
    "choices": [{"index": 0, "message": {"content": SAID}, "finish_reason": "stop"}],
}


@dataclass(frozen=True)
class Fault:
    """A fault, played streamed and not, how the answer ends, and what its line says."""

    name: str
    streamed: Script
    not_streamed: Script
    ends: Ending
    says: str = ""


FAULTS = (
    Fault("429", streamed_status(429), status(429), "extractive", "too many requests (429)"),
    Fault("500", streamed_status(500), status(500), "extractive", "not available (500)"),
    Fault("503", streamed_status(503), status(503), "extractive", "not available (503)"),
    Fault("reset at once", begun("", _reset), _reset, "extractive", "was lost"),
    Fault("401", streamed_status(401), status(401), "extractive", "refused the key (401)"),
    Fault("404", streamed_status(404), status(404), "extractive", "no such model or path (404)"),
    Fault(
        "wrong model",
        stream(_NO_MODEL),
        status(400, _NO_MODEL),
        "extractive",
        "The model `fake-model` does not exist",
    ),
    Fault(
        "HTML with 200",
        lambda handler: handler.answer(_HTML, kind="text/event-stream"),
        lambda handler: handler.answer(_HTML, kind="text/html"),
        "extractive",
        "check base_url",
    ),
    Fault("{}", stream({}, "[DONE]"), lambda h: h.answer({}), "extractive", "not understood"),
    Fault(
        "bad JSON",
        stream('{"choices": [{'),
        lambda handler: handler.answer('{"choices": [{'),
        "extractive",
        "not understood",
    ),
    Fault(
        "choices []",
        stream({**chunk(), "choices": []}, "[DONE]"),
        whole(choices=[]),
        "extractive",
        "empty or not understood",
    ),
    Fault("null content", stream(chunk(), _STOP), whole(None), "extractive", "reply is empty"),
    Fault(
        "refusal",
        stream(chunk(refusal="I cannot help."), _STOP, "[DONE]"),
        whole(None, refusal="I cannot help."),
        "extractive",
        "declined to answer",
    ),
    Fault(
        "length",
        stream(chunk(HALF), chunk(finish="length"), "[DONE]"),
        whole(HALF, "length"),
        "cut off",
        "the length limit",
    ),
    Fault(
        "content_filter",
        stream(chunk(HALF), chunk(finish="content_filter"), "[DONE]"),
        whole(HALF, "content_filter"),
        "extractive",
        "content filter",
    ),
    Fault(
        "no finish_reason",
        stream(chunk(SAID), "[DONE]"),
        whole(SAID, None),
        "cut off",
        "without a finish reason",
    ),
    Fault("reset in mid-stream", begun(HALF, _reset), begun(HALF, _reset), "cut off", "was lost"),
    Fault("reset in mid-body", half_a_body(_reset), half_a_body(_reset), "extractive", "was lost"),
    Fault("hang in mid-stream", begun(HALF, _hang), begun(HALF, _hang), "cut off", "went silent"),
    Fault("hang", begun("", _hang), half_a_body(_hang), "extractive", "went silent"),
    Fault(
        "error event",
        stream(chunk(HALF), _error("worker died", 500)),
        lambda handler: handler.answer(_error("worker died", 500)),
        "cut off",
        "not available (500)",
    ),
    Fault(
        "keep-alive comments",
        stream(b": ping\n\n", chunk(SAID), b":\n\n: ping\n\n", _STOP, b": bye\n\n"),
        lambda handler: handler.answer(" \n\n " + json.dumps(_WHOLE)),
        "complete",
    ),
    Fault(
        "UTF-8 split",
        bytewise(_sse(chunk(SAID), _STOP, "[DONE]")),
        bytewise(json.dumps(_WHOLE, ensure_ascii=False).encode(), "application/json"),
        "complete",
    ),
    Fault(
        "a citation to nothing",
        stream(chunk(SAID.replace("[1]", "[1][77]")), _STOP),
        whole(SAID.replace("[1]", "[1][77]")),
        "complete",
    ),
    Fault(
        "only reasoning",
        stream(chunk(reasoning_content="想[1]。"), chunk("<think>想[1]。</think>"), _STOP),
        whole("<think>想[1]。</think>", reasoning="想[1]。"),
        "extractive",
        "reply is empty",
    ),
    Fault(
        "reasoning that is never closed",
        stream(chunk("<thi"), chunk("nk>白石水库[1]。"), _STOP),
        whole("<think>白石水库[1]。"),
        "extractive",
        "reply is empty",
    ),
    Fault(
        "tool_calls",
        stream(chunk(HALF), chunk(finish="tool_calls"), "[DONE]"),
        whole(HALF, "tool_calls"),
        "extractive",
        "called a tool",
    ),
    Fault(
        "the key in an error",
        stream(_error(f"no worker for Bearer {CANARY}")),
        status(400, _ECHO),
        "extractive",
        "127.0.0.1",
    ),
    Fault("the key in a 401", streamed_status(401, _ECHO), status(401, _ECHO), "extractive", "401"),
)
"""Faults of a server that is there; those of one that is not follow below, as does overflow."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("faults")
    (root / "docs").mkdir()
    (root / "docs" / "reservoir.txt").write_text(RESERVOIR, encoding="utf-8")
    settings = Settings(docs=root / "docs", index=root / "index", api_key=CANARY)
    build_index(settings)
    return settings


@pytest.fixture(autouse=True)
def everything_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def pipeline_at(built: Settings, url: str, **more: Any) -> Pipeline:
    given = {"base_url": url, "model": MODEL, "llm_connect_s": 0.4, "llm_idle_s": 0.4}
    settings = built.model_copy(update={**given, "llm_total_s": 10.0, **more})
    chat = OpenAIChat(settings, retry_wait_s=0.01)
    return Pipeline(settings, ranker=ranker(), chat=chat)


def asked(built: Settings, *scripts: Script, **more: Any) -> tuple[Answer, LLMServer]:
    with LLMServer(*scripts) as server:
        return pipeline_at(built, server.url, **more).ask([QUESTION]), server


def labelled(answer: Answer, ends: Ending, says: str) -> None:
    """Asserts the three ways in which an answer may end."""
    assert answer.answer
    assert "Traceback" not in answer.reason and "\n" not in answer.reason
    assert all(RESERVOIR[c.start : c.end] == c.quote for c in answer.citations)
    if ends == "extractive":
        assert (answer.mode, answer.refused) == ("extractive", False)
        assert QUOTE in answer.answer
        assert says and says in answer.reason
        return
    assert (answer.mode, answer.refused) == ("llm", False)
    assert answer.answer.startswith("白石水库库容为2.4亿立方米。 [1]")
    if ends == "cut off":
        assert says and says in answer.reason
        assert "由青" not in answer.answer, "half a sentence is shown"
    else:
        assert answer.reason == ""


WAYS = [(fault, way) for fault in FAULTS for way in ("streamed", "not streamed")]


@pytest.mark.parametrize(("fault", "way"), WAYS, ids=[f"{f.name}, {way}" for f, way in WAYS])
def test_every_fault_ends_in_a_labelled_answer(
    fault: Fault, way: str, built: Settings, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    answer, server = asked(built, fault.streamed if way == "streamed" else fault.not_streamed)
    whole_error = fault.name == "error event" and way == "not streamed"
    labelled(answer, "extractive" if whole_error else fault.ends, fault.says)
    assert server.keys[0] == f"Bearer {CANARY}"
    assert "canary" not in repr(answer) + caplog.text + "".join(capfd.readouterr())
    for thought in ("想", "think"):
        assert thought not in answer.answer


@pytest.mark.parametrize("way", ["streamed", "not streamed"])
def test_a_prompt_that_is_too_long_is_tried_with_less(way: str, built: Settings) -> None:
    streams = way == "streamed"
    overflow = stream(_LONG) if streams else status(400, _LONG)
    answer, server = asked(built, overflow, stream(chunk(SAID), _STOP) if streams else whole(SAID))
    assert len(server.requests) == 2, answer.reason
    first, second = (len(one["messages"][-1]["content"]) for one in server.requests)
    assert second < first
    assert answer.left_out > 0
    assert (answer.mode, answer.refused) == ("llm", False)


@pytest.mark.parametrize("way", ["streamed", "not streamed"])
def test_a_prompt_that_is_always_too_long_ends_in_the_extractive_answer(
    way: str, built: Settings
) -> None:
    answer, server = asked(built, stream(_LONG) if way == "streamed" else status(400, _LONG))
    labelled(answer, "extractive", "context of the model is too small")
    assert len(server.requests) <= 3


# ---- an endpoint that is not there ---------------------------------------------------------
@pytest.fixture
def refused() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


@pytest.fixture
def dropped() -> Iterator[str]:
    """A port whose backlog is full: the kernel drops what would connect."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        filling = [socket.socket() for _ in range(4)]
        for one in filling:
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        for one in filling:
            one.close()


@pytest.fixture
def unknown() -> str:
    return "http://no-such-host.invalid/v1"


@pytest.mark.parametrize("where", ["refused", "dropped", "unknown"])
def test_a_dead_endpoint_costs_its_time_once(
    where: str, built: Settings, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(where)
    pipeline = pipeline_at(built, url, llm_connect_s=5.0 if where != "dropped" else 0.4)
    began = time.monotonic()
    labelled(pipeline.ask([QUESTION]), "extractive", "no connection to")
    assert time.monotonic() - began < 10
    labelled(pipeline.ask([QUESTION]), "extractive", "asked again in")
    # Another pipeline of the process knows it as well.
    labelled(pipeline_at(built, url).ask([QUESTION]), "extractive", "no answer from")


# ---- the key -------------------------------------------------------------------------------
def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("script", [f.not_streamed for f in FAULTS if "key" in f.name])
def test_the_key_is_in_no_error_and_in_nothing_that_led_to_it(
    script: Script, built: Settings
) -> None:
    with LLMServer(script) as server:
        chat = OpenAIChat(built.model_copy(update={"base_url": server.url, "model": MODEL}))
        with pytest.raises(ModelError) as caught:
            list(chat.stream([{"role": "user", "content": "问？"}]))
    shown = [f"{error!r} {error} {error.args} {vars(error)}" for error in _chain(caught.value)]
    assert "canary" not in " ".join(shown)


def test_the_key_is_in_no_repr_and_not_in_the_index(built: Settings) -> None:
    answer, _ = asked(built, status(401, _ECHO))
    assert "refused the key" in answer.reason
    ours = [o for o in gc.get_objects() if str(type(o).__module__).startswith("rag.")]
    assert any(isinstance(one, Settings) for one in ours)
    assert [type(one) for one in ours if "canary" in repr(one)] == []
    files = [path for path in built.index.rglob("*") if path.is_file()]
    assert files and [path for path in files if CANARY.encode() in path.read_bytes()] == []


def test_a_key_in_the_url_is_in_no_log_and_no_line(
    built: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with LLMServer(status(400, _ECHO)) as server:
        url = server.url.replace("http://", f"http://user:{CANARY}@") + f"?key={CANARY}"
        answer = pipeline_at(built, url, api_key=type(built.api_key)("")).ask([QUESTION])
    labelled(answer, "extractive", "127.0.0.1")
    assert "HTTP Request: POST http://127.0.0.1" in caplog.text
    assert "canary" not in caplog.text + repr(answer)


# ---- the command line ----------------------------------------------------------------------
@pytest.fixture
def ask(
    built: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """`rag ask` against a script: (code, stdout, stderr)."""

    def call(script: Script, *args: str) -> tuple[int, str, str]:
        with LLMServer(script) as server:
            for name, value in {
                "BASE_URL": server.url, "API_KEY": CANARY, "MODEL": MODEL, "LLM_IDLE_S": "0.4",
                "DOCS": str(built.docs), "INDEX": str(built.index),
            }.items():  # fmt: skip
                monkeypatch.setenv(f"RAG_{name}", value)
            code = main(["ask", QUESTION, *args])
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.mark.parametrize(
    ("script", "mode", "says"),
    [
        (status(401, _ECHO), "extractive", "refused the key (401)"),
        (begun("", _hang), "extractive", "went silent"),
        (begun(HALF, _reset), "llm", "was lost"),
        (stream(chunk(SAID), _STOP), "llm", ""),
    ],
    ids=["401", "hang", "cut off", "complete"],
)
def test_the_command_line_says_how_an_answer_ended(
    script: Script, mode: str, says: str, ask: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = ask(script, "--json")
    answer = json.loads(out)
    assert (code, answer["mode"]) == (0, mode)
    assert says in answer["reason"] and bool(says) == bool(answer["reason"])
    assert "2.4亿立方米" in answer["answer"]
    code, shown, told = ask(script)
    assert code == 0 and says in " ".join(shown.split())
    for text in (out, err, shown, told):
        assert "canary" not in text and "Traceback" not in text
