"""The chat client over real sockets: every fault ends in one typed line."""

from __future__ import annotations

import logging
import socket
import time
from typing import Any

import pytest

from rag.chat.client import OpenAIChat
from rag.chat.faults import ContextOverflow, CutOff, Endpoint, TooManyRequests
from rag.chat.thinking import ThinkFilter
from rag.config import Settings
from rag.errors import ModelBroken, ModelError, ModelRefusedKey, ModelUnreachable
from tests.fakes.llm_server import CANARY, MODEL, SCRIPTS, TEXT, LLMServer

MESSAGES = [{"role": "user", "content": "北京增长多少？"}]


def chat_for(url: str, **more: Any) -> OpenAIChat:
    given: dict[str, Any] = {
        "base_url": url, "api_key": CANARY, "model": MODEL,
        "llm_connect_s": 2, "llm_idle_s": 0.3, "llm_total_s": 10,
    } | more  # fmt: skip
    return OpenAIChat(Settings(**given), retry_wait_s=0.01)


def ask(*scripts: str, **more: Any) -> tuple[str, ModelError | None, LLMServer]:
    """The text that came, the error that ended it, and the server."""
    text = ""
    with LLMServer(*scripts) as server:
        try:
            for piece in chat_for(server.url, **more).stream(MESSAGES):
                text += piece
        except ModelError as error:
            return text, error, server
    return text, None, server


@pytest.mark.parametrize(
    "script",
    [
        "ok",
        "comments",
        "utf8_split",
        "reasoning",
        "reasoning_field",
        "think",
        "whole",
        "whole_reasoning",
        "usage_last",
        "chunked",
        "hang_after_the_end",
    ],
)
def test_a_good_reply_arrives_whole(script: str) -> None:
    text, error, _ = ask(script)
    assert (text, error) == (TEXT, None)


@pytest.mark.parametrize(
    ("script", "kind", "what"),
    [
        ("429", TooManyRequests, "too many requests (429)"),
        ("500", ModelUnreachable, "not available (500)"),
        ("503", ModelUnreachable, "not available (503)"),
        ("html_502", ModelUnreachable, "not available (502)"),
        ("reset", ModelUnreachable, "was lost"),
        ("hang", ModelUnreachable, "went silent"),
        ("error_object", ModelUnreachable, "not available (500)"),
        ("401", ModelRefusedKey, "refused the key (401)"),
        ("403", ModelRefusedKey, "refused the key (403)"),
        ("404", ModelBroken, "no such model or path (404)"),
        ("400_echo", ModelBroken, "rejected the request (400)"),
        ("html", ModelBroken, "answered with a web page"),
        ("html_as_stream", ModelBroken, "empty or not understood"),
        ("empty_object", ModelBroken, "empty or not understood"),
        ("empty_object_stream", ModelBroken, "empty or not understood"),
        ("json_list", ModelBroken, "not understood"),
        ("bad_json", ModelBroken, "not understood"),
        ("no_choices", ModelBroken, "empty or not understood"),
        ("no_choices_stream", ModelBroken, "empty or not understood"),
        ("null_content", ModelBroken, "the model's reply is empty"),
        ("only_reasoning", ModelBroken, "the model's reply is empty"),
        ("silent_end", ModelBroken, "empty or not understood"),
        ("bad_utf8", ModelBroken, "not understood"),
        ("refusal", ModelBroken, "declined to answer"),
        ("content_filter", ModelBroken, "content filter"),
        ("tool_calls", ModelBroken, "called a tool"),
        ("error_first", ModelBroken, "reported an error"),
        ("context_overflow", ContextOverflow, "context of the model is too small"),
        ("context_overflow_stream", ContextOverflow, "context of the model is too small"),
        ("length", CutOff, "cut off: the reply met the length limit"),
        ("no_finish", CutOff, "cut off: the stream ended without a finish reason"),
        ("reset_midstream", CutOff, "cut off: the connection"),
        ("hang_midstream", CutOff, "cut off: the model at"),
        ("half_a_body", ModelUnreachable, "was lost"),
        ("half_a_body_hangs", ModelUnreachable, "went silent"),
        ("chunked_broken", CutOff, "cut off: the connection"),
        ("length_thinking", CutOff, "cut off: the reply met the length limit"),
        ("error_event", CutOff, "cut off:"),
        ("bad_json_stream", CutOff, "cut off: the reply of"),
        ("endless", CutOff, "cut off: the reply is over"),
    ],
)
def test_every_fault_becomes_one_typed_line_without_the_key(
    script: str, kind: type[ModelError], what: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, error, _ = ask(script)
    assert type(error) is kind
    assert what in error.what
    line = str(error)
    assert "\n" not in line and "Traceback" not in line
    assert "canary" not in line + repr(error) + caplog.text
    assert error.__cause__ is None


def test_every_script_of_the_server_is_tried() -> None:
    marks = [
        mark.args[1]
        for test in (
            test_a_good_reply_arrives_whole,
            test_every_fault_becomes_one_typed_line_without_the_key,
        )
        for mark in getattr(test, "pytestmark", [])
    ]
    tried = {row if isinstance(row, str) else row[0] for rows in marks for row in rows}
    assert set(SCRIPTS) - tried == {"comments_forever", "unknown_citation"}


@pytest.mark.parametrize("script", ["429", "503", "reset"])
def test_a_passing_fault_is_tried_again_and_answers(script: str) -> None:
    text, error, server = ask(script, script, "ok")
    assert (text, error, len(server.requests)) == (TEXT, None, 3)


@pytest.mark.parametrize(
    ("script", "requests"),
    [("503", 3), ("401", 1), ("404", 1), ("hang", 1), ("reset_midstream", 1), ("html", 1)],
)
def test_at_most_two_retries_and_none_where_they_cannot_help(script: str, requests: int) -> None:
    _, error, server = ask(script)
    assert error is not None
    assert len(server.requests) == requests


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnreachable, match=r"no connection to 127\.0\.0\.1"):
        list(chat_for(f"http://127.0.0.1:{port}/v1").stream(MESSAGES))


def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    with pytest.raises(ModelUnreachable, match=r"no connection to no-such-host\.invalid"):
        list(chat_for("http://no-such-host.invalid/v1").stream(MESSAGES))


def test_a_base_url_that_is_none_is_one_line() -> None:
    with pytest.raises(ModelError, match="base_url"):
        list(chat_for("not a url").stream(MESSAGES))


def test_comments_alone_do_not_keep_a_reply_alive_for_ever() -> None:
    _, error, server = ask("comments_forever", llm_total_s=0.6)
    assert type(error) is ModelUnreachable
    assert error.what == "no reply after 0.6 s"
    assert server.closed.wait(2)


def test_text_before_the_total_time_is_kept_and_said_to_be_cut_off() -> None:
    text, error, _ = ask("hang_midstream", llm_idle_s=9, llm_total_s=0.6)
    assert text == TEXT[:12]
    assert type(error) is CutOff
    assert error.what == "cut off: not finished after 0.6 s"


@pytest.mark.parametrize("script", ["hang", "hang_midstream", "comments_forever"])
def test_closing_the_iterator_closes_the_connection_within_a_second(script: str) -> None:
    with LLMServer(script) as server:
        pieces = chat_for(server.url, llm_idle_s=30).stream(MESSAGES)
        while not server.requests:
            next(pieces)
        began = time.monotonic()
        pieces.close()
        assert server.closed.wait(1)
        assert time.monotonic() - began < 1


def test_a_silent_model_gives_the_caller_control_by_empty_pieces() -> None:
    with LLMServer("hang") as server:
        pieces = chat_for(server.url, llm_idle_s=30).stream(MESSAGES)
        assert [next(pieces), next(pieces)] == ["", ""]
        pieces.close()


def test_without_a_model_name_the_first_of_the_list_is_used() -> None:
    with LLMServer("ok") as server:
        chat = chat_for(server.url, model="")
        assert chat.name == "auto"
        assert "".join(chat.stream(MESSAGES)) == TEXT
        assert "".join(chat.stream(MESSAGES)) == TEXT
    assert chat.name == MODEL
    assert [request["model"] for request in server.requests] == [MODEL, MODEL]
    assert server.paths.count("/v1/models") == 1


@pytest.mark.parametrize("models", [{}, {"data": []}, {"data": [{}]}, [], "x"])
def test_an_endpoint_without_a_model_list_is_broken(models: Any) -> None:
    with LLMServer("ok") as server:
        server.models = models
        with pytest.raises(ModelBroken):
            list(chat_for(server.url, model="").stream(MESSAGES))


def test_a_model_that_takes_no_temperature_is_asked_without() -> None:
    from tests.fakes.llm_server import status

    refuses = status(400, {"error": {"message": "Unsupported value: 'temperature'"}})
    with LLMServer(refuses, "ok") as server:
        assert "".join(chat_for(server.url).stream(MESSAGES)) == TEXT
    assert ["temperature" in request for request in server.requests] == [True, False]


def test_a_local_server_needs_no_key_and_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    text, error, _ = ask("ok", api_key="")
    assert (text, error) == (TEXT, None)


def test_a_key_that_no_header_can_carry_is_refused_without_being_shown() -> None:
    _, error, _ = ask("ok", api_key="密钥canary")
    assert type(error) is ModelRefusedKey
    assert "canary" not in str(error)


def test_the_key_goes_to_the_endpoint_and_into_no_repr() -> None:
    _, _, server = ask("ok")
    assert server.keys == [f"Bearer {CANARY}"]
    chat = chat_for("http://user:secret@example.org:81/v1")
    assert repr(chat) == "OpenAIChat(example.org:81, model='fake-model')"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (f"bad {CANARY}", "bad ***"),
        (f"bad {CANARY[3:14]}", ""),
        ("Bearer abcdefg refused", "*** refused"),
        ("key sk-other****last is wrong", "key *** is wrong"),
        ("<html><body>x", ""),
        ("two\nlines\x1b[31m", "two lines[31m"),
        (None, ""),
    ],
)
def test_what_an_endpoint_says_is_shown_without_secrets(message: object, shown: str) -> None:
    assert Endpoint("http://h/v1", CANARY).detail(message) == shown


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("<think>a</think>b", "b"),
        ("x<THINK>a</Think>y<thinking>b</thinking>z", "xyz"),
        ("a<think>never closed", "a"),
        ("1<2 and <thin air>", "1<2 and <thin air>"),
        ("ends <thi", "ends <thi"),
        ("no opening</think>b", "no opening</think>b"),
        ("", ""),
    ],
)
def test_thinking_is_taken_out_wherever_the_pieces_break(text: str, visible: str) -> None:
    for size in (1, 2, 3, 5, 100):
        think = ThinkFilter()
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert "".join(think.feed(piece) for piece in pieces) + think.finish() == visible
