"""A scripted OpenAI-compatible server on loopback: real sockets, every fault by name.

    with LLMServer("hang_midstream") as server:
        chat = OpenAIChat(Settings(base_url=server.url, ...))

A list of names plays one script per request, the last one for all further requests.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast

TEXT = "北京增长5%[1]。天津增长3%[2]。"
CANARY = "sk-canary-7f3a9b1c5d"
MODEL = "fake-model"


def chunk(content: str | None = None, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    """One streamed chunk."""
    body = {"role": "assistant", "content": content, **delta}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "delta": body, "finish_reason": finish}],
    }


def event(data: Any) -> bytes:
    """One server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


class LLMServer:
    """A server in a thread. ``requests`` holds the bodies received, ``closed`` is set when the
    client ended a connection that a script was still using."""

    def __init__(self, *scripts: str | Script) -> None:
        self.scripts = list(scripts)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.closed = threading.Event()
        self.models: Any = {"object": "list", "data": [{"id": MODEL, "object": "model"}]}
        self._stop = threading.Event()
        self._http = _Server(("127.0.0.1", 0), Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> LLMServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def hang(self, handler: Handler, keep_alive: bool = False) -> None:
        """Says nothing (or only comments) until the client leaves or the test ends."""
        handler.connection.settimeout(0.02)
        while not self._stop.is_set():
            try:
                if keep_alive:
                    handler.send(b": keep-alive\n\n")
                if handler.connection.recv(1) == b"":
                    self.closed.set()
                    return
            except TimeoutError:
                continue
            except OSError:
                self.closed.set()
                return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: LLMServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Broken pipes are what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    """Plays the next script."""

    @property
    def fake(self) -> LLMServer:
        return cast(_Server, self.server).owner

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._note()
        self.answer(self.fake.models)

    def do_POST(self) -> None:
        self._note()
        length = int(self.headers.get("content-length", 0))
        self.fake.requests.append(json.loads(self.rfile.read(length)))
        scripts = self.fake.scripts
        script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        (SCRIPTS[script] if isinstance(script, str) else script)(self)

    def _note(self) -> None:
        self.fake.paths.append(self.path)
        self.fake.keys.append(self.headers.get("authorization", ""))

    def answer(
        self, body: Any, status: int = 200, kind: str = "application/json", **more: str
    ) -> None:
        """A whole body at once; bytes and text go out as they are."""
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        raw = data.encode() if isinstance(data, str) else data
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(raw)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def begin(self, kind: str = "text/event-stream") -> None:
        """Headers of a stream; it ends when the connection does."""
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()

    def reset(self) -> None:
        """RST in place of FIN."""
        option = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
        self.connection.close()


Script = Callable[[Handler], None]


def stream(*chunks: Any) -> Script:
    """A script that streams the chunks (dicts, texts of ``data:``, or raw bytes) and ends."""

    def play(handler: Handler) -> None:
        handler.begin()
        for part in chunks:
            handler.send(part if isinstance(part, bytes) else event(part))

    return play


def status(code: int, body: Any = None, **headers: str) -> Script:
    """A script that answers with an error status."""
    default = {"error": {"message": f"status {code}", "type": "error", "code": None}}
    return lambda handler: handler.answer(default if body is None else body, code, **headers)


def whole(content: str | None = None, finish: str | None = "stop", **more: Any) -> Script:
    """A script that answers at once, as a server that does not stream; ``more`` goes into the
    message, but for ``usage`` and ``choices``."""
    top = {name: more.pop(name) for name in ("usage", "choices") if name in more}
    message = {"role": "assistant", "content": content, **more}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    body = {"id": "c1", "object": "chat.completion", "created": 1, "model": MODEL}
    return lambda handler: handler.answer({**body, "choices": [choice], **top})


def streamed_status(code: int, body: Any = None) -> Script:
    """An error status whose body is an event stream, as some gateways send it."""
    default = {"error": {"message": f"status {code}", "type": "error", "code": None}}
    said = event(default if body is None else body)
    return lambda handler: handler.answer(said, code, "text/event-stream")


def half_a_body(then: Callable[[Handler], None]) -> Script:
    """Announces a whole reply, sends half of it, and then does something else."""

    def play(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", "4000")
        handler.end_headers()
        handler.send(b'{"choices": [{"message": {"content": "')
        then(handler)

    return play


def begun(text: str, then: Callable[[Handler], None]) -> Script:
    """Streams a text and then does something else."""

    def play(handler: Handler) -> None:
        handler.begin()
        handler.send(event(chunk(text)))
        then(handler)

    return play


def without(option: str, refusal: Script, reply: Script) -> Script:
    """Refuses a request that has the option, answers one without."""
    return lambda handler: (refusal if option in handler.fake.requests[-1] else reply)(handler)


def bytewise(raw: bytes, kind: str = "text/event-stream") -> Script:
    """Sends each byte for itself: characters of UTF-8 are split."""

    def play(handler: Handler) -> None:
        handler.begin(kind)
        for at in range(len(raw)):
            handler.send(raw[at : at + 1])

    return play


def chunked(*parts: Any, ended: bool = True) -> Script:
    """As :func:`stream`, in HTTP/1.1 chunks; not ``ended``: without the last one."""

    def play(handler: Handler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        for part in parts:
            data = event(part)
            handler.send(b"%x\r\n%s\r\n" % (len(data), data))
        if ended:
            handler.send(b"0\r\n\r\n")
        handler.close_connection = True

    return play


def say(text: str) -> Script:
    """A script that streams a text character by character and finishes properly."""
    return stream(*[chunk(char) for char in text], chunk(finish="stop"), "[DONE]")


def _reset_at_once(handler: Handler) -> None:
    handler.reset()


def _reset_midstream(handler: Handler) -> None:
    handler.begin()
    handler.send(event(chunk(TEXT[:12])))
    handler.reset()


def _hang(handler: Handler) -> None:
    handler.fake.hang(handler)


def _hang_midstream(handler: Handler) -> None:
    handler.begin()
    handler.send(event(chunk(TEXT[:12])))
    handler.fake.hang(handler)


def _hang_after_the_end(handler: Handler) -> None:
    handler.begin()
    handler.send(event(chunk(TEXT)), event(chunk(finish="stop")))
    handler.fake.hang(handler)


def _comments_forever(handler: Handler) -> None:
    handler.begin()
    handler.fake.hang(handler, keep_alive=True)


def _html(handler: Handler) -> None:
    handler.answer("<!doctype html><html><body>Sign in</body></html>", kind="text/html")


def _html_as_stream(handler: Handler) -> None:
    handler.answer(
        "<!doctype html>\n<html>\n\n<body>Sign in</body></html>", kind="text/event-stream"
    )


_ECHO = {"error": {"message": f"Incorrect API key provided: {CANARY}", "code": "invalid_api_key"}}
_LONG = {
    "error": {
        "message": "This model's maximum context length is 4096 tokens.",
        "code": "context_length_exceeded",
    }
}
_WHOLE = {
    "id": "c1",
    "object": "chat.completion",
    "choices": [{"index": 0, "message": {"content": TEXT}, "finish_reason": "stop"}],
}

SCRIPTS: dict[str, Script] = {
    "ok": say(TEXT),
    "429": status(429),
    "500": status(500),
    "503": status(503),
    "reset": _reset_at_once,
    "401": status(401, _ECHO),
    "403": status(403, _ECHO),
    "404": status(404),
    "400_echo": status(400, {"error": {"message": f"bad header Bearer {CANARY}"}}),
    "html": _html,
    "html_as_stream": _html_as_stream,
    "html_502": lambda handler: handler.answer("<html>bad gateway</html>", 502, "text/html"),
    "empty_object": lambda handler: handler.answer({}),
    "empty_object_stream": stream({}, "[DONE]"),
    "whole": lambda handler: handler.answer(_WHOLE),
    "json_list": lambda handler: handler.answer([1, 2]),
    "bad_json": lambda handler: handler.answer('{"choices": [{'),
    "bad_json_stream": stream(chunk("北"), '{"choices": [{'),
    "no_choices": lambda handler: handler.answer({**_WHOLE, "choices": []}),
    "no_choices_stream": stream({**chunk(), "choices": []}, "[DONE]"),
    "null_content": stream(chunk(), chunk(finish="stop"), "[DONE]"),
    "refusal": stream(chunk(refusal="I cannot help."), chunk(finish="stop"), "[DONE]"),
    "length": stream(chunk(TEXT[:16]), chunk(finish="length"), "[DONE]"),
    "content_filter": stream(chunk("北京"), chunk(finish="content_filter"), "[DONE]"),
    "tool_calls": stream(chunk("好"), chunk(finish="tool_calls"), "[DONE]"),
    "no_finish": stream(chunk(TEXT), "[DONE]"),
    "silent_end": stream(),
    "reset_midstream": _reset_midstream,
    "hang": _hang,
    "hang_midstream": _hang_midstream,
    "error_event": stream(chunk(TEXT[:12]), {"error": {"message": "worker died", "code": 500}}),
    "error_first": stream({"error": {"message": f"no worker {CANARY}", "code": "oops"}}),
    "error_object": stream({"object": "error", "message": "engine is dead", "code": 500}),
    "comments": stream(b": ping\n\n", chunk(TEXT), b":\n\n: ping\n\n", chunk(finish="stop")),
    "comments_forever": _comments_forever,
    "utf8_split": bytewise(event(chunk(TEXT)) + event(chunk(finish="stop")) + event("[DONE]")),
    "chunked": chunked(chunk(TEXT), chunk(finish="stop"), "[DONE]"),
    "chunked_broken": chunked(chunk(TEXT[:12]), ended=False),
    "half_a_body": half_a_body(_reset_at_once),
    "half_a_body_hangs": half_a_body(_hang),
    "hang_after_the_end": _hang_after_the_end,
    "bad_utf8": stream(b"data: \xff\xfe\n\n"),
    "context_overflow": status(400, _LONG),
    "context_overflow_stream": stream(_LONG),
    "reasoning": stream(
        chunk(reasoning_content="想一想"), chunk(TEXT), chunk(finish="stop"), "[DONE]"
    ),
    "only_reasoning": stream(chunk(reasoning_content="想"), chunk(finish="stop"), "[DONE]"),
    "think": say("<think>[9]不对。</think>" + TEXT),
    "unknown_citation": say("北京增长5%[1][7]。"),
    "length_thinking": stream(chunk(reasoning_content="想"), chunk(finish="length"), "[DONE]"),
    "reasoning_field": stream(chunk(reasoning="想一想"), chunk(TEXT), chunk(finish="stop")),
    "whole_reasoning": whole(f"<think>[9]不对。</think>{TEXT}", reasoning_content="想一想"),
    "endless": stream(*[chunk("长" * 1000) for _ in range(40)]),
    "usage_last": stream(
        chunk(TEXT), chunk(finish="stop"), {**chunk(), "choices": [], "usage": {"total_tokens": 3}}
    ),
}
"""Every fault of the language model, by name."""
