"""The time from a model's piece to the page: measured against a page that is known to wait."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest

from rag.bench import first_token
from rag.bench.first_token import ModelServer, delays, settings_for
from rag.errors import EvaluationError

HELD_S = 0.2


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setattr(first_token, "THINKS_S", 0.01)
    monkeypatch.setattr(first_token, "RESTS_S", 0.01)
    with ModelServer().running() as server:
        yield server


def asked(server: ModelServer) -> Iterator[str]:
    """The pieces that the model server writes for a question."""
    request = Request(f"{server.url}/chat/completions", b"{}")
    with urlopen(request, timeout=10) as reply:
        for line in reply:
            if line.startswith(b"data: {"):
                yield json.loads(line[6:])["choices"][0]["delta"]["content"]


@pytest.fixture
def page(model: ModelServer, request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of a page that shows what the model wrote ``HELD_S`` later, or never."""
    shows: bool = getattr(request, "param", True)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            body = b'{"event_id": "e"}'
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            for piece in asked(model):
                time.sleep(HELD_S)
                text = piece if shows else "…"
                self.wfile.write(f"event: generating\ndata: [{json.dumps(text)}]\n\n".encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_what_a_page_holds_back_is_measured_and_the_first_is_not_counted(
    page: int, model: ModelServer
) -> None:
    found = delays(page, model, "问", 2)
    assert len(found) == 2 and len(model.wrote) == 3
    assert all(delay >= HELD_S * 1000 for delay in found)


@pytest.mark.parametrize("page", [False], indirect=True)
def test_a_page_that_never_shows_the_piece_is_a_fault(page: int, model: ModelServer) -> None:
    with pytest.raises(EvaluationError, match="did not show"):
        delays(page, model, "问", 1)


def test_the_page_is_told_to_ask_this_server(model: ModelServer) -> None:
    told = settings_for(model)
    assert (told["RAG_BASE_URL"], told["RAG_MODE"]) == (model.url, "llm")
