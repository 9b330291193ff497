"""From a model server's first piece to the page that shows it: what the page adds to the wait.

A server of its own stands in for the model: it writes one piece, whose time is noted, and the rest
later, so that nothing but the piece itself can have brought it to the page.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rag.errors import EvaluationError

PATIENCE_S = 60.0
THINKS_S = 0.3
"""Until the first piece, and up to as much again: the page looks up four times a second while a
model is silent, and the pieces fall on any moment between."""
STEPS = 20
RESTS_S = 0.5
"""Until the second: no later piece can bring the first along."""


class ModelServer:
    """Answers as an OpenAI-compatible endpoint; ``wrote`` holds when each first piece went out."""

    def __init__(self) -> None:
        self.wrote: dict[str, float] = {}
        self._count = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.end_headers()
                server._count += 1
                time.sleep(THINKS_S * (1 + server._count % STEPS / STEPS))
                piece = f"piece{server._count}x"
                server.wrote[piece] = time.perf_counter()
                self._send(piece)
                time.sleep(RESTS_S)
                self._send(" [1].", "stop")
                self.wfile.write(b"data: [DONE]\n\n")

            def _send(self, text: str, finish: str | None = None) -> None:
                choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1,
                         "model": "bench", "choices": [choice]}  # fmt: skip
                self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
                self.wfile.flush()

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @contextmanager
    def running(self) -> Iterator[ModelServer]:
        """Serves on a thread for as long as the block lasts."""
        thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join(5)


def settings_for(server: ModelServer) -> dict[str, str]:
    """The variables that make the page ask ``server``."""
    return {"RAG_MODE": "llm", "RAG_BASE_URL": server.url, "RAG_MODEL": "bench",
            "RAG_API_KEY": "bench"}  # fmt: skip


def delays(port: int, server: ModelServer, question: str, count: int) -> list[float]:
    """Milliseconds from the piece written to the piece in the page's stream, for ``count``
    questions after one that is not counted. Raises EvaluationError."""
    return [_delay(port, server, question) for _ in range(count + 1)][1:]


def _delay(port: int, server: ModelServer, question: str) -> float:
    written = len(server.wrote)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    with closing(connection):
        kind = {"Content-Type": "application/json"}
        connection.request("POST", "/gradio_api/call/chat", json.dumps({"data": [question]}), kind)
        event = json.loads(connection.getresponse().read())["event_id"]
        connection.request("GET", f"/gradio_api/call/chat/{event}")
        found = 0.0
        for line in connection.getresponse():
            for piece, at in list(server.wrote.items())[written:]:
                if not found and piece.encode() in line:
                    found = (time.perf_counter() - at) * 1000
    if not found:
        raise EvaluationError(
            f"the page did not show what the model wrote for {question!r}",
            "let the first of --questions be one that the documents answer",
        )
    return found
