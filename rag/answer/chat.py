"""A ChatModel over any OpenAI-compatible endpoint; the only module that imports ``openai``.

The request runs on a thread of its own, so that the caller has control again every quarter of a
second: only then can Stop, the total time and a hung connection be dealt with while the network is
silent. While nothing arrives the stream yields empty pieces.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from rag.answer.llm_faults import CutOff, Endpoint, from_exception
from rag.answer.reply import ReplyReader
from rag.answer.thinking import ThinkFilter
from rag.config import Settings
from rag.errors import ModelBroken, ModelError, ModelUnreachable

OPENAI_URL = "https://api.openai.com/v1"
MAX_RETRIES = 2

_BEAT_S = 0.25
_DONE = object()


class OpenAIChat:
    """Streams replies of the endpoint that the settings name; safe to share between threads."""

    def __init__(self, settings: Settings, retry_wait_s: float = 0.5) -> None:
        self._settings = settings
        self._retry_wait_s = retry_wait_s
        key = settings.api_key.get_secret_value().strip()
        self._endpoint = Endpoint(settings.base_url.strip() or OPENAI_URL, key)
        self._model = settings.model.strip()

    def __repr__(self) -> str:
        return f"OpenAIChat({self._endpoint.host}, model={self.name!r})"

    @property
    def name(self) -> str:
        """The model's name; "auto" until the endpoint was asked for its first model."""
        return self._model or "auto"

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """Pieces of the reply in order, "" while waiting.

        Raises ModelUnreachable, ModelRefusedKey or ModelBroken (CutOff where pieces had come,
        ContextOverflow where the prompt is too long). Closing the iterator closes the connection.
        """
        call = _Call(self, self._settings, self._endpoint, self._retry_wait_s)
        return call.pieces([dict(message) for message in messages])

    def resolve_model(self, client: Any) -> str:
        """The configured model, or the first that the endpoint lists."""
        if not self._model:
            listed = getattr(client.models.list(), "data", None)
            first = getattr(listed[0], "id", None) if listed else None
            if not isinstance(first, str) or not first:
                raise ModelBroken(f"{self._endpoint.host} lists no model", "set model")
            self._model = first
        return self._model


class _Call:
    """One reply: the worker thread, its sockets, and the queue between it and the caller."""

    def __init__(
        self, chat: OpenAIChat, settings: Settings, endpoint: Endpoint, retry_wait_s: float
    ) -> None:
        self._chat = chat
        self._settings = settings
        self._endpoint = endpoint
        self._retry_wait_s = retry_wait_s
        self._queue: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._connected = False
        self._attempt_at = 0.0
        """When the running attempt began to connect; 0 while none does."""
        self._reader = ReplyReader(endpoint, self._queue.put)

    # ---- the caller's side -----------------------------------------------------------------
    def pieces(self, messages: list[dict[str, str]]) -> Iterator[str]:
        deadline = time.monotonic() + self._settings.llm_total_s
        threading.Thread(target=self._work, args=(messages, deadline), daemon=True).start()
        think = ThinkFilter()
        shown = False
        try:
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise self._late(shown)
                try:
                    item = self._queue.get(timeout=min(_BEAT_S, left))
                except queue.Empty:
                    self._check_connecting()
                    yield ""
                    continue
                if item is _DONE:
                    break
                if isinstance(item, ModelError):
                    # What the filter still holds is text that had arrived.
                    if rest := think.finish():
                        yield rest
                    raise item
                text = think.feed(str(item))
                shown = shown or bool(text.strip())
                yield text
            rest = think.finish()
            yield rest
            if not shown and not rest.strip():
                raise ModelBroken("the model's reply is empty", "try again or another model")
        finally:
            self._stop()

    def _late(self, shown: bool) -> ModelError:
        seconds = f"{self._settings.llm_total_s:g} s"
        if shown:
            return CutOff(f"cut off: not finished after {seconds}", "raise llm_total_s")
        return ModelUnreachable(f"no reply after {seconds}", "raise llm_total_s or try later")

    def _check_connecting(self) -> None:
        """Raises where a connection takes too long: resolving a name knows no time-out."""
        began = self._attempt_at
        limit = self._settings.llm_connect_s + 1
        if began and not self._connected and time.monotonic() - began > limit:
            raise ModelUnreachable(
                f"no connection to {self._endpoint.host} in time", "check base_url"
            )

    def _stop(self) -> None:
        """Ends the connection from outside: ``shutdown`` wakes a thread that waits in a read."""
        self._stopped.set()
        with self._lock:
            for sock in self._sockets:
                _shut(sock)

    # ---- the worker's side -----------------------------------------------------------------
    def _work(self, messages: list[dict[str, str]], deadline: float) -> None:
        try:
            self._attempts(messages, deadline)
            self._queue.put(_DONE)
        except Exception as error:
            self._queue.put(self._typed(error))

    def _attempts(self, messages: list[dict[str, str]], deadline: float) -> None:
        import openai

        options: dict[str, Any] = {"temperature": 0}
        for attempt in range(MAX_RETRIES + 1):
            self._connected, self._attempt_at = False, time.monotonic()
            try:
                return self._attempt(messages, options)
            except openai.APITimeoutError:
                raise  # the user has waited that long already
            except openai.APIError as error:
                status = getattr(error, "status_code", 0)
                if status == 400 and "temperature" in error.message and options:
                    options = {}  # reasoning models accept their own temperature only
                    continue
                again = self._typed(error).retryable and error.code != "insufficient_quota"
                wait = _retry_after(error) or self._retry_wait_s * 2**attempt
                late = time.monotonic() + wait >= deadline
                if self._reader.emitted or not again or late or attempt == MAX_RETRIES:
                    raise
                self._attempt_at = 0.0
                if self._stopped.wait(wait):
                    return None

    def _attempt(self, messages: list[dict[str, str]], options: dict[str, Any]) -> None:
        with self._client() as client:
            model = self._chat.resolve_model(client)
            reply = client.chat.completions.create(
                model=model, messages=messages, stream=True, **options
            )
            with reply:
                for chunk in self._reader.chunks(reply):
                    if self._stopped.is_set() or self._reader.take(chunk):
                        return

    def _client(self) -> Any:
        import httpx2
        import openai

        settings = self._settings
        timeout = httpx2.Timeout(settings.llm_idle_s, connect=settings.llm_connect_s)
        host = urlsplit(self._endpoint.base_url).hostname or ""
        local = host == "localhost" or host == "::1" or host.startswith("127.")
        http = openai.DefaultHttpxClient(
            timeout=timeout,
            trust_env=not local,  # a proxy of the environment cannot reach this machine's loopback
            event_hooks={"request": [self._watch]},
        )
        return openai.OpenAI(
            base_url=self._endpoint.base_url,
            api_key=self._endpoint.key or "none",  # local servers take any
            timeout=timeout,
            max_retries=0,  # the client's own waits could not be stopped
            http_client=http,
        )

    def _watch(self, request: Any) -> None:
        request.extensions["trace"] = self._trace

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Keeps hold of each new socket, so that ``_stop`` can end it."""
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        self._connected = True
        sock = info["return_value"].get_extra_info("socket")
        with self._lock:
            if isinstance(sock, socket.socket):
                self._sockets.append(sock)
                if self._stopped.is_set():
                    _shut(sock)

    def _typed(self, error: Exception) -> ModelError:
        typed = from_exception(error, self._endpoint, self._connected)
        if self._reader.emitted and not isinstance(error, ModelError):
            return CutOff(f"cut off: {typed.what}", typed.do)
        return typed


def _retry_after(error: Exception) -> float:
    """Seconds that the endpoint asks to wait; 0 where it does not say."""
    response = getattr(error, "response", None)
    value = response.headers.get("retry-after", "") if response is not None else ""
    try:
        return max(0.0, float(value))
    except ValueError:
        return 0.0


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed already
        sock.shutdown(socket.SHUT_RDWR)
