"""The network side of one reply: its client, and the sockets that can be ended from outside.

The only module that imports ``httpx2``.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from rag.chat.faults import Endpoint
from rag.config import without_secrets


class Connection:
    """``connected`` says whether the running attempt reached the endpoint; ``opened`` is called
    each time a connection stands."""

    def __init__(
        self, endpoint: Endpoint, connect_s: float, idle_s: float, opened: Callable[[], None]
    ) -> None:
        self._endpoint = endpoint
        self._connect_s = connect_s
        self._idle_s = idle_s
        self._opened = opened
        parts = _parts(endpoint.base_url)
        self._host = parts.hostname or ""
        self._last = ".start_tls.complete" if parts.scheme == "https" else ".connect_tcp.complete"
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._ended = False
        self.connected = False

    def client(self) -> Any:
        """An ``openai`` client that never tries again by itself: its waits could not be stopped."""
        import httpx2
        import openai

        _mask_urls()
        timeout = httpx2.Timeout(self._idle_s, connect=self._connect_s)
        host = self._host
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
            max_retries=0,
            http_client=http,
        )

    def end(self) -> None:
        """Ends what is open and what will be: ``shutdown`` wakes a thread that waits in a read."""
        with self._lock:
            self._ended = True
            for sock in self._sockets:
                _shut(sock)

    def _watch(self, request: Any) -> None:
        request.extensions["trace"] = self._trace

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Keeps hold of each new socket, so that :meth:`end` can end it."""
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        sock = info["return_value"].get_extra_info("socket")
        with self._lock:
            if isinstance(sock, socket.socket):
                self._sockets.append(sock)
                if self._ended:
                    _shut(sock)
        if event.endswith(self._last):
            self.connected = True
            self._opened()


def warm() -> None:
    """Loads the client's libraries (a second or two), so that the first question need not wait."""
    from importlib import import_module

    for name in ("httpx2", "openai"):
        import_module(name)


def body_of(response: Any, limit: int) -> bytes:
    """A whole body, at most ``limit`` bytes of it; faults are those of an ``openai`` stream."""
    import httpx2
    import openai

    body = b""
    try:
        for part in response.iter_bytes():
            body += part
            if len(body) >= limit:
                break
    except httpx2.TimeoutException as error:
        raise openai.APITimeoutError(request=response.request) from error
    except httpx2.RequestError as error:
        raise openai.APIConnectionError(request=response.request) from error
    return body[:limit]


def _parts(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed already
        sock.shutdown(socket.SHUT_RDWR)


def _masked(record: logging.LogRecord) -> bool:
    """A password or a token can stand in a base URL, and the client logs each request's URL."""
    record.msg, record.args = without_secrets(record.getMessage()), ()
    return True


def _mask_urls() -> None:
    logging.getLogger("httpx2").addFilter(_masked)  # adding it again changes nothing
