"""A dead endpoint over real sockets: the first question pays, the following ones do not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from rag.chat.breaker import PROCESS, Breakers, Pass
from rag.chat.client import OpenAIChat
from rag.config import Settings
from rag.errors import ModelError, ModelUnreachable
from tests.fakes.llm_server import MODEL, TEXT, LLMServer, Script, begun, chunk, status, stream

MESSAGES = [{"role": "user", "content": "北京增长多少？"}]


class Clock:
    """Seconds that pass when told so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breakers(clock: Clock) -> Breakers:
    return Breakers(30.0, clock)


@pytest.fixture
def silent() -> Iterator[str]:
    """A port whose backlog is full: the kernel drops what would connect."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        filling = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(server.getsockname())
            filling.append(one)
        time.sleep(0.05)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        for one in filling:
            one.close()


def chat_for(url: str, breakers: Breakers, **more: Any) -> OpenAIChat:
    given: dict[str, Any] = {
        "base_url": url, "model": MODEL, "llm_connect_s": 0.3, "llm_idle_s": 0.3, "llm_total_s": 10,
    } | more  # fmt: skip
    return OpenAIChat(Settings(**given), retry_wait_s=0.01, breakers=breakers)


def ask(chat: OpenAIChat) -> str:
    """The text, or the error's line."""
    try:
        return "".join(chat.stream(MESSAGES))
    except ModelError as error:
        return str(error)


def free_url() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def test_after_no_connection_the_endpoint_is_left_alone_and_the_line_says_so(
    breakers: Breakers, clock: Clock
) -> None:
    chat = chat_for(free_url(), breakers)
    assert "no connection to 127.0.0.1" in ask(chat)
    clock.now += 4.5
    since = time.strftime("%H:%M", time.localtime(time.time() - 4.5))
    with pytest.raises(ModelUnreachable) as caught:
        next(chat.stream(MESSAGES))
    assert caught.value.what.startswith(f"no answer from 127.0.0.1:{chat_port(chat)} since {since}")
    assert caught.value.do == "asked again in 26 s"
    assert caught.value.retryable is True


def chat_port(chat: OpenAIChat) -> str:
    return repr(chat).split(":")[1].split(",")[0]


@pytest.mark.parametrize("script", ["500", "503", "reset", "hang", "error_object", "half_a_body"])
def test_an_endpoint_that_gives_no_answer_is_not_asked_again_for_a_while(
    script: str, breakers: Breakers
) -> None:
    with LLMServer(script) as server:
        chat = chat_for(server.url, breakers)
        ask(chat)
        asked = len(server.requests)
        assert "no answer from" in ask(chat)
        assert len(server.requests) == asked


@pytest.mark.parametrize(
    "script",
    [
        "ok",
        "401",
        "404",
        "429",
        "400_echo",
        "html",
        "empty_object",
        "bad_json",
        "context_overflow",
        "refusal",
        "length",
        "reset_midstream",
        "hang_midstream",
        "only_reasoning",
    ],
)
def test_an_endpoint_that_answers_in_whatever_way_is_asked_again(
    script: str, breakers: Breakers
) -> None:
    with LLMServer(script) as server:
        chat = chat_for(server.url, breakers)
        ask(chat)
        assert "no answer from" not in ask(chat)


def test_an_engine_that_dies_behind_a_server_that_lives_is_left_alone(breakers: Breakers) -> None:
    """The first chunk, of the role alone, comes from the server; the model says nothing."""
    with LLMServer(begun("", lambda handler: handler.fake.hang(handler))) as server:
        chat = chat_for(server.url, breakers)
        assert "went silent" in ask(chat)
        assert "no answer from" in ask(chat)


def test_a_model_that_thinks_too_long_is_no_dead_endpoint(breakers: Breakers) -> None:
    script = stream(chunk(reasoning_content="想"), "[DONE]")
    with LLMServer(script) as server:
        chat = chat_for(server.url, breakers)
        ask(chat)
        assert "no answer from" not in ask(chat)


def test_the_total_time_without_a_word_counts_as_no_answer(breakers: Breakers) -> None:
    with LLMServer("comments_forever") as server:
        chat = chat_for(server.url, breakers, llm_total_s=0.4)
        assert "no reply after 0.4 s" in ask(chat)
        assert "no answer from" in ask(chat)


def test_after_the_rest_one_question_finds_the_endpoint_well_again(
    breakers: Breakers, clock: Clock
) -> None:
    with LLMServer("503", "503", "503", "ok") as server:
        chat = chat_for(server.url, breakers)
        assert "not available (503)" in ask(chat)
        assert "no answer from" in ask(chat)
        clock.now += 30
        assert [ask(chat), ask(chat)] == [TEXT, TEXT]


def test_a_probe_is_not_tried_three_times(breakers: Breakers, clock: Clock) -> None:
    with LLMServer("503") as server:
        chat = chat_for(server.url, breakers)
        ask(chat)
        clock.now += 30
        assert "not available (503)" in ask(chat)
        assert len(server.requests) == 4
        clock.now += 29
        assert "asked again in 1 s" in ask(chat)


def test_while_a_probe_is_on_its_way_other_questions_do_not_wait(
    breakers: Breakers, clock: Clock
) -> None:
    with LLMServer("503", "503", "503", "hang") as server:
        chat = chat_for(server.url, breakers, llm_idle_s=30)
        ask(chat)
        clock.now += 30
        probe = chat.stream(MESSAGES)
        assert next(probe) == ""
        assert ask(chat).endswith("being asked again now")
        probe.close()
        second = chat.stream(MESSAGES)
        assert next(second) == ""  # stopped by its reader: the place goes to the next
        second.close()


def test_questions_of_all_threads_and_clients_share_what_is_known(breakers: Breakers) -> None:
    url = free_url()
    ask(chat_for(url, breakers))
    lines: list[str] = []
    threads = [
        threading.Thread(target=lambda: lines.append(ask(chat_for(url, breakers))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["no answer from" in line for line in lines] == [True] * 8
    assert "no connection to" in ask(chat_for(free_url(), breakers))


def test_the_breakers_of_the_process_are_the_default() -> None:
    url = free_url()
    settings = Settings(base_url=url, model=MODEL)
    ask(OpenAIChat(settings, retry_wait_s=0.01))
    assert PROCESS.of(url).state == "open"
    assert "no answer from" in ask(OpenAIChat(settings))


# ---- how long the first question takes -----------------------------------------------------
def test_a_host_that_drops_what_would_connect_costs_the_time_to_connect(
    silent: str, breakers: Breakers
) -> None:
    chat = chat_for(silent, breakers)
    assert "no connection to 127.0.0.1" in ask(chat)
    assert "no answer from" in ask(chat)


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A resolver that says nothing until the event is set, and then finds loopback."""
    answers = threading.Event()
    resolve = socket.getaddrinfo

    def slow(host: Any, *args: Any, **more: Any) -> Any:
        if host == "slow.invalid":
            answers.wait(20)
            host = "127.0.0.1"
        return resolve(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    yield answers
    answers.set()


def test_a_resolver_that_hangs_costs_a_second_more_than_a_connection(
    slow_names: threading.Event, breakers: Breakers
) -> None:
    chat = chat_for("http://slow.invalid/v1", breakers)
    assert ask(chat) == "no connection to slow.invalid in time; check base_url"
    assert "no answer from" in ask(chat)


def test_attempts_without_a_connection_add_up(
    monkeypatch: pytest.MonkeyPatch, breakers: Breakers
) -> None:
    """A resolver that fails late, each time: together no longer than one connection."""
    tries: list[float] = []

    def late(*args: Any, **more: Any) -> Any:
        tries.append(time.monotonic())
        time.sleep(1.2)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", late)
    assert "no connection to late.invalid in time" in ask(
        chat_for("http://late.invalid/v1", breakers)
    )
    assert len(tries) == 2


def test_a_server_that_never_shakes_hands_is_not_connected(breakers: Breakers) -> None:
    """TCP alone is no connection where TLS is asked for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}/v1"
        assert "no connection to 127.0.0.1" in ask(chat_for(url, breakers))


def test_a_probe_waits_less_for_a_connection_and_the_next_question_profits(
    slow_names: threading.Event, breakers: Breakers, clock: Clock
) -> None:
    with LLMServer("ok") as server:
        url = server.url.replace("127.0.0.1", "slow.invalid")
        chat = chat_for(url, breakers, llm_connect_s=8)
        breaker = breakers.of(url)
        given = breaker.ask()
        assert isinstance(given, Pass)
        breaker.failed(given)
        clock.now += 30
        assert "no connection to slow.invalid:" in ask(chat)
        assert breaker.state == "open"
        slow_names.set()
        for _ in range(100):
            if breaker.state == "closed":
                break
            time.sleep(0.05)
        assert ask(chat) == TEXT
        assert len(server.requests) == 1


def test_stopping_before_there_is_a_connection_still_teaches_that_there_is_none(
    silent: str, breakers: Breakers
) -> None:
    chat = chat_for(silent, breakers, llm_connect_s=0.6)
    pieces = chat.stream(MESSAGES)
    assert next(pieces) == ""
    pieces.close()
    for _ in range(100):
        if breakers.of(silent).state == "open":
            break
        time.sleep(0.05)
    assert "no answer from" in ask(chat)


def test_stopping_a_silent_model_teaches_nothing(breakers: Breakers) -> None:
    with LLMServer("hang", "ok") as server:
        chat = chat_for(server.url, breakers, llm_idle_s=30)
        pieces = chat.stream(MESSAGES)
        while not server.requests:
            next(pieces)
        pieces.close()
        assert server.closed.wait(1)
        assert ask(chat) == TEXT


@pytest.mark.parametrize(("seconds", "asked"), [("60", 1), ("0.01", 3)])
def test_an_endpoint_that_wants_a_long_pause_is_not_waited_for(
    seconds: str, asked: int, breakers: Breakers
) -> None:
    script: Script = status(429, retry_after=seconds)
    with LLMServer(script) as server:
        assert "too many requests" in ask(chat_for(server.url, breakers, llm_total_s=90))
    assert len(server.requests) == asked
