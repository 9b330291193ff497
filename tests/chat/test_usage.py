"""What a reply took, as endpoints report it."""

from __future__ import annotations

from typing import Any

import pytest

from rag.chat.client import OpenAIChat
from rag.chat.faults import CutOff
from rag.chat.usage import Meter
from rag.config import Settings
from rag.errors import ModelBroken
from rag.types import Usage
from tests.fakes.llm_server import (
    MODEL,
    TEXT,
    LLMServer,
    Script,
    begun,
    chunk,
    event,
    status,
    stream,
    whole,
    without,
)

MESSAGES = [{"role": "user", "content": "北京增长多少？"}]
COUNTS = {"prompt_tokens": 1200, "completion_tokens": 50, "total_tokens": 1250}


def chat_for(server: LLMServer, **more: Any) -> OpenAIChat:
    given: dict[str, Any] = {"base_url": server.url, "model": MODEL, "llm_total_s": 10} | more
    return OpenAIChat(Settings(**given), retry_wait_s=0.01)


def read(chat: OpenAIChat) -> tuple[str, Usage]:
    """The text of a reply and what it took."""
    pieces = chat.stream(MESSAGES)
    text = ""
    while True:
        try:
            text += next(pieces)
        except StopIteration as end:
            assert isinstance(end.value, Usage)
            return text, end.value


def reported(*scripts: str | Script, **more: Any) -> tuple[int, int]:
    """(tokens of the prompt, tokens of the reply) of a whole reply."""
    with LLMServer(*scripts) as server:
        text, usage = read(chat_for(server, **more))
    assert text == TEXT
    return usage.prompt_tokens, usage.completion_tokens


USAGE_CHUNK = {**chunk(), "choices": [], "usage": COUNTS}
LAST = [chunk(TEXT), chunk(finish="stop")]


@pytest.mark.parametrize(
    "script",
    [
        stream(*LAST, USAGE_CHUNK, "[DONE]"),
        stream(*LAST, USAGE_CHUNK),
        stream(LAST[0], {**LAST[1], "usage": COUNTS}, "[DONE]"),
        stream({**LAST[0], "usage": None}, {**LAST[1], "usage": None}, USAGE_CHUNK),
        stream(
            {**LAST[0], "usage": {"prompt_tokens": 1200, "completion_tokens": 0}},
            {**LAST[0], "choices": [], "usage": {"prompt_tokens": 1200, "completion_tokens": 20}},
            {**LAST[1], "usage": COUNTS},
        ),
        stream(
            LAST[0],
            {**LAST[1], "choices": [{**LAST[1]["choices"][0], "usage": COUNTS}]},
        ),
        whole(TEXT, usage=COUNTS),
        whole(TEXT, usage={"input_tokens": 1200, "output_tokens": 50}),
    ],
    ids=["chunk", "no_done", "finish", "nulls", "every", "choice", "whole", "other_names"],
)
def test_tokens_are_read_wherever_a_server_reports_them(script: Script) -> None:
    assert reported(script) == (1200, 50)


@pytest.mark.parametrize(
    "usage", [None, {}, [], "x", {"prompt_tokens": "9"}, {"prompt_tokens": -1}]
)
def test_an_endpoint_that_reports_nothing_usable_leaves_the_counts_at_zero(usage: Any) -> None:
    assert reported(stream(*LAST, {**chunk(), "choices": [], "usage": usage}, "[DONE]")) == (0, 0)
    assert reported(whole(TEXT, usage=usage)) == (0, 0)


def test_usage_is_asked_for() -> None:
    with LLMServer("ok") as server:
        read(chat_for(server))
    assert [one["stream_options"] for one in server.requests] == [{"include_usage": True}]


@pytest.mark.parametrize("code", [400, 422])
@pytest.mark.parametrize("message", ["Unrecognized argument: stream_options", "bad request"])
def test_a_server_that_knows_no_stream_options_is_asked_without_from_then_on(
    code: int, message: str
) -> None:
    refusal = status(code, {"error": {"message": message}})
    with LLMServer(without("stream_options", refusal, whole(TEXT, usage=COUNTS))) as server:
        chat = chat_for(server)
        assert [read(chat)[0], read(chat)[0]] == [TEXT, TEXT]
    assert ["stream_options" in one for one in server.requests] == [True, False, False]


def test_a_server_that_knows_neither_option_is_asked_with_none() -> None:
    picky = without(
        "temperature",
        status(400, {"error": {"message": "Unsupported value: 'temperature'"}}),
        without("stream_options", status(400), whole(TEXT)),
    )
    with LLMServer(picky) as server:
        chat = chat_for(server)
        assert [read(chat)[0], read(chat)[0]] == [TEXT, TEXT]
    asked = [("temperature" in one, "stream_options" in one) for one in server.requests]
    assert asked == [(True, True), (False, True), (False, False), (False, False)]


def test_a_request_that_is_bad_either_way_is_no_reason_to_do_without_usage() -> None:
    bad = status(400, {"error": {"message": "bad request"}})
    with LLMServer(bad, bad, "ok") as server:
        chat = chat_for(server)
        with pytest.raises(ModelBroken, match="rejected the request"):
            read(chat)
        read(chat)
    assert ["stream_options" in one for one in server.requests] == [True, False, True]


def test_the_cost_is_that_of_the_settings_for_a_million_tokens() -> None:
    with LLMServer(whole(TEXT, usage=COUNTS)) as server:
        _, usage = read(chat_for(server, price_in=2.0, price_out=8.0))
        _, unknown = read(chat_for(server))
    assert usage.cost == pytest.approx((1200 * 2 + 50 * 8) / 1e6)
    assert unknown.cost == 0.0


def test_thinking_is_no_first_text() -> None:
    with LLMServer(stream(chunk(reasoning_content="想"), *LAST)) as server:
        _, usage = read(chat_for(server))
    assert 0 < usage.first_ms < 10_000


def test_a_reply_that_met_its_limit_says_what_it_took() -> None:
    script = stream(chunk(TEXT[:12]), chunk(finish="length"), USAGE_CHUNK, "[DONE]")
    with LLMServer(script) as server, pytest.raises(CutOff) as caught:
        read(chat_for(server))
    assert caught.value.usage is not None
    assert (caught.value.usage.prompt_tokens, caught.value.usage.completion_tokens) == (1200, 50)


@pytest.mark.parametrize(
    "after",
    [
        lambda handler: handler.reset(),
        lambda handler: handler.send(b'data: {"choices": [{\n\n'),
        lambda handler: handler.fake.hang(handler),
        lambda handler: handler.fake.hang(handler, keep_alive=True),
    ],
    ids=["reset", "bad_json", "hang", "comments"],
)
def test_what_goes_wrong_after_the_end_of_a_reply_does_not_spoil_it(after: Script) -> None:
    def play(handler: Any) -> None:
        handler.send(event(chunk(finish="stop")))
        after(handler)

    assert reported(begun(TEXT, play), llm_idle_s=30) == (0, 0)


def test_counts_of_one_reply_do_not_reach_another() -> None:
    other = {"prompt_tokens": 7, "completion_tokens": 3}
    with LLMServer(whole(TEXT, usage=COUNTS), whole(TEXT, usage=other)) as server:
        chat = chat_for(server)
        (_, first), (_, second) = read(chat), read(chat)
    assert (first.prompt_tokens, first.completion_tokens) == (1200, 50)
    assert (second.prompt_tokens, second.completion_tokens) == (7, 3)


def test_running_totals_are_not_added_up() -> None:
    meter = Meter()
    for count in (5, 9, 9, 0):
        meter.take({"choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": count}})
    assert meter.usage(12.5) == Usage(4, 9, 12.5, 0.0)
