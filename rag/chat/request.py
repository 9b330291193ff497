"""One request to an endpoint, on a thread of its own: attempts, options, and what was heard."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from rag.chat.breaker import Breaker, Pass
from rag.chat.connection import Connection
from rag.chat.faults import ContextOverflow, CutOff, Endpoint, from_exception
from rag.chat.reply import ReplyReader
from rag.chat.usage import Meter
from rag.config import Settings
from rag.errors import ModelBroken, ModelError, ModelUnreachable

MAX_RETRIES = 2
LONGEST_WAIT_S = 5.0
"""An endpoint that asks to be left alone for longer is not waited for: the reader is waiting."""
FINISHED = object()
"""Put when the reply is complete; its usage may follow."""
DONE = object()

_OPTIONS = {"temperature": 0, "stream_options": {"include_usage": True}}


@dataclass(slots=True)
class Remote:
    """What is known of an endpoint; shared by threads. ``model`` "" until it is asked for,
    ``refused`` the options without which alone it answered."""

    settings: Settings = field(repr=False)
    endpoint: Endpoint
    breaker: Breaker
    retry_wait_s: float
    model: str = ""
    refused: frozenset[str] = frozenset()

    def resolve_model(self, client: Any) -> str:
        """The configured model, or the first that the endpoint lists."""
        if not self.model:
            listed = getattr(client.models.list(), "data", None)
            first = getattr(listed[0], "id", None) if listed else None
            if not isinstance(first, str) or not first:
                raise ModelBroken(f"{self.endpoint.host} lists no model", "set model")
            self.model = first
        return self.model


class Request:
    """``items`` gets pieces of text, FINISHED, and last DONE or a ModelError.

    ``lost_since`` is the time since which a connection has been tried for, over all attempts; None
    before the first (libraries are loaded), while there is one, and before the attempt after it.
    """

    def __init__(self, remote: Remote, given: Pass, messages: list[dict[str, str]]) -> None:
        settings = remote.settings
        self._remote = remote
        self._given = given
        self._messages = messages
        self._deadline = time.monotonic() + settings.llm_total_s
        self._stopped = threading.Event()
        self._left = False
        self._connection = Connection(
            remote.endpoint, settings.llm_connect_s, settings.llm_idle_s, self._opened
        )
        self.items: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.lost_since: float | None = None
        self.reader = ReplyReader(remote.endpoint, self.items.put)
        self.meter = Meter(settings.price_in, settings.price_out)

    # ---- the caller's side -----------------------------------------------------------------
    def start(self) -> None:
        threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """Ends the connection; a probe's place goes to the next question."""
        self._stopped.set()
        if self._left and self.lost_since is not None:
            return  # _opened ends it
        self._connection.end()
        self._remote.breaker.given_up(self._given)

    def leave(self) -> None:
        """The caller goes on without a connection. The attempt to make one goes on as well: where
        it succeeds after all, the next question goes through."""
        self._left = True
        self.fail()

    def fail(self) -> None:
        """The caller has waited too long for a sign of the endpoint."""
        self._remote.breaker.failed(self._given)

    # ---- the thread ------------------------------------------------------------------------
    def _opened(self) -> None:
        self.lost_since = None
        if self._left:
            self._remote.breaker.answered(self._given)
            self._connection.end()

    def _work(self) -> None:
        try:
            self._attempts()
        except Exception as error:
            if not self.reader.finished:
                typed = self._typed(error)
                self._report(typed)
                self.items.put(typed)
                return
        self.items.put(DONE)

    def _report(self, error: ModelError) -> None:
        """Tells the breaker. A fault that the endpoint itself names (the key, the model, the quota)
        comes fast and shows that it is there; a reply that broke off says nothing new."""
        breaker, connected = self._remote.breaker, self._connection.connected
        if type(error) is ModelUnreachable and not (connected and self._stopped.is_set()):
            breaker.failed(self._given)
        elif connected and not isinstance(error, CutOff) and not self._stopped.is_set():
            breaker.answered(self._given)
        else:
            breaker.given_up(self._given)

    def _attempts(self) -> None:
        import openai

        attempt = 0
        without = self._remote.refused
        while True:
            self._connection.connected = False
            try:
                return self._attempt(without)
            except openai.APITimeoutError:
                raise  # the user has waited that long already
            except openai.APIError as error:
                if option := self._to_blame(error, without):
                    without |= {option}
                    continue
                wait = self._wait(error, attempt)
                if wait is None or self._stopped.wait(wait):
                    raise
                attempt += 1

    def _attempt(self, without: frozenset[str]) -> None:
        options: dict[str, Any] = {n: value for n, value in _OPTIONS.items() if n not in without}
        with self._connection.client() as client:
            if self.lost_since is None:
                self.lost_since = time.monotonic()
            model = self._remote.resolve_model(client)
            reply = client.chat.completions.create(
                model=model, messages=self._messages, stream=True, **options
            )
            with reply:
                heard = finished = False
                for chunk in self.reader.chunks(reply):
                    if self._stopped.is_set():
                        return
                    self.meter.take(chunk)
                    self.reader.take(chunk)
                    if self.reader.heard and not heard:
                        heard = True
                        self._remote.breaker.answered(self._given)
                        self._remote.refused |= without
                    if self.reader.finished and not finished:
                        finished = True
                        self.items.put(FINISHED)

    def _to_blame(self, error: Exception, without: frozenset[str]) -> str:
        """The option to leave out after a rejected request; "" where none can be the reason."""
        rejected = getattr(error, "status_code", 0) in (400, 422)
        if not rejected or isinstance(self._typed(error), ContextOverflow):
            return ""
        if "temperature" in str(error) and "temperature" not in without:
            return "temperature"  # reasoning models accept their own only
        return "" if "stream_options" in without else "stream_options"

    def _wait(self, error: Exception, attempt: int) -> float | None:
        """Seconds until the next attempt; None where there is none."""
        typed = self._typed(error)
        quota = getattr(error, "code", "") == "insufficient_quota"
        begun = self.reader.emitted or self.reader.finished
        last = attempt >= (0 if self._given.probe else MAX_RETRIES)
        if begun or quota or last or not typed.retryable:
            return None
        asked = _retry_after(error)
        wait = asked or self._remote.retry_wait_s * 2.0**attempt
        late = time.monotonic() + wait >= self._deadline or asked > LONGEST_WAIT_S
        return None if late else wait

    def _typed(self, error: Exception) -> ModelError:
        typed = from_exception(error, self._remote.endpoint, self._connection.connected)
        if self.reader.emitted and not isinstance(error, ModelError):
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
