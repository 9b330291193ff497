"""A ChatModel over any OpenAI-compatible endpoint.

The request runs on a thread of its own, so that the caller has control again every quarter of a
second: only then can Stop, the total time and a hung connection be dealt with while the network is
silent. While nothing arrives the stream yields empty pieces.
"""

from __future__ import annotations

import math
import queue
import time
from collections.abc import Generator, Mapping, Sequence

from rag.chat.breaker import PROCESS, Breakers, Pass, Resting
from rag.chat.faults import CutOff, Endpoint
from rag.chat.request import DONE, FINISHED, Remote, Request
from rag.chat.thinking import ThinkFilter
from rag.config import Settings
from rag.errors import ModelBroken, ModelError, ModelUnreachable
from rag.types import Usage

OPENAI_URL = "https://api.openai.com/v1"
PROBE_S = 0.7
"""A question that tries a resting endpoint waits so long for a connection."""

_BEAT_S = 0.25
_GRACE_S = 0.5
"""The reply is complete: so long its usage may take."""


class OpenAIChat:
    """Streams replies of the endpoint that the settings name; safe to share between threads.

    ``breakers`` are those of the process: an endpoint that gave no answer is left alone for a
    while by every OpenAIChat.
    """

    def __init__(
        self, settings: Settings, retry_wait_s: float = 0.5, breakers: Breakers = PROCESS
    ) -> None:
        key = settings.api_key.get_secret_value().strip()
        endpoint = Endpoint(settings.base_url.strip() or OPENAI_URL, key)
        breaker = breakers.of(endpoint.base_url)
        self._remote = Remote(settings, endpoint, breaker, retry_wait_s, settings.model.strip())

    def __repr__(self) -> str:
        return f"OpenAIChat({self._remote.endpoint.host}, model={self.name!r})"

    @property
    def name(self) -> str:
        """The model's name; "auto" until the endpoint was asked for its first model."""
        return self._remote.model or "auto"

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Generator[str, None, Usage]:
        """Pieces of the reply in order, "" while waiting; returns what the reply took.

        Raises ModelUnreachable (at once where the endpoint gave no answer a short while ago),
        ModelRefusedKey or ModelBroken (CutOff where pieces had come, ContextOverflow where the
        prompt is too long). Closing the generator closes the connection.
        """
        given = self._remote.breaker.ask()
        if isinstance(given, Resting):
            raise _left_alone(given, self._remote.endpoint.host)
        request = Request(self._remote, given, [dict(message) for message in messages])
        return (yield from _pieces(request, given, self._remote))


def _pieces(request: Request, given: Pass, remote: Remote) -> Generator[str, None, Usage]:
    settings = remote.settings
    connect_s = PROBE_S if given.probe else settings.llm_connect_s + 1
    began = time.monotonic()
    deadline = began + settings.llm_total_s
    think = ThinkFilter()
    shown = False
    first_ms = 0.0
    try:
        request.start()
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                if request.reader.finished:
                    break
                raise _late(request, settings.llm_total_s, shown)
            try:
                item = request.items.get(timeout=min(_BEAT_S, left))
            except queue.Empty:
                # Resolving a name knows no time-out, and attempts add up.
                since = request.lost_since
                if since is not None and time.monotonic() - since > connect_s:
                    request.leave()
                    what = f"no connection to {remote.endpoint.host} in time"
                    raise ModelUnreachable(what, "check base_url") from None
                yield ""
                continue
            if item is DONE:
                break
            if item is FINISHED:
                deadline = min(deadline, time.monotonic() + _GRACE_S)
                continue
            if isinstance(item, ModelError):
                # What the filter still holds is text that had arrived.
                if rest := think.finish():
                    yield rest
                raise item
            text = think.feed(str(item))
            if not shown and text.strip():
                shown, first_ms = True, (time.monotonic() - began) * 1000
            yield text
        rest = think.finish()
        yield rest
        usage = request.meter.usage(first_ms)
        if request.reader.cut is not None:
            request.reader.cut.usage = usage
            raise request.reader.cut
        if not shown and not rest.strip():
            raise ModelBroken("the model's reply is empty", "try again or another model")
        return usage
    finally:
        request.stop()


def _late(request: Request, total_s: float, shown: bool) -> ModelError:
    if shown:
        return CutOff(f"cut off: not finished after {total_s:g} s", "raise llm_total_s")
    request.fail()
    return ModelUnreachable(f"no reply after {total_s:g} s", "raise llm_total_s or try later")


def _left_alone(resting: Resting, host: str) -> ModelUnreachable:
    since = time.strftime("%H:%M:%S", time.localtime(time.time() - resting.silent_s))
    wait = f"asked again in {math.ceil(resting.again_s)} s"
    again = "being asked again now" if resting.probing else wait
    return ModelUnreachable(f"no answer from {host} since {since}", again)
