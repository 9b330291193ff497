"""A circuit breaker (Nygard, *Release It!*): a dead endpoint costs one question its time-out.

Closed: every question goes through. A failure opens it: for ``rest_s`` none does. Then it is half
open: one question goes through as a probe, the others are still turned away; an answer closes it,
a failure opens it again. A probe that never reports is replaced after another ``rest_s``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

REST_S = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """Leave to ask, given at ``began`` on the breaker's clock; reported back once it is known how
    the endpoint did. ``probe``: the one question that tries a resting endpoint."""

    began: float
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Resting:
    """The endpoint is left alone: silent for ``silent_s`` seconds, asked again in ``again_s``;
    ``probing``: a question is asking it now."""

    silent_s: float
    again_s: float
    probing: bool = False


class Breaker:
    """The state of one endpoint, shared by threads. ``clock`` gives seconds that never go back."""

    def __init__(self, rest_s: float = REST_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._since: float | None = None
        """When the first failure of this outage was; None while closed."""
        self._until = 0.0
        self._probe: Pass | None = None
        self._answered_at = float("-inf")

    @property
    def state(self) -> str:
        """One of closed, open, half-open."""
        with self._lock:
            if self._since is None:
                return "closed"
            return "open" if self._clock() < self._until and not self._probe else "half-open"

    def ask(self) -> Pass | Resting:
        """Leave to ask the endpoint now, or how long it rests. Never waits."""
        with self._lock:
            now = self._clock()
            if self._since is None:
                return Pass(now)
            if now < self._until:
                return Resting(now - self._since, self._until - now, self._probe is not None)
            self._until = now + self._rest_s
            self._probe = Pass(now, probe=True)
            return self._probe

    def answered(self, given: Pass) -> None:
        """The endpoint is there: closes the circuit, whoever found it out."""
        with self._lock:
            self._since, self._probe = None, None
            self._answered_at = max(self._answered_at, self._clock(), given.began)

    def failed(self, given: Pass) -> None:
        """The endpoint gave nothing. No news where it has answered since the question began, or
        where it rests already."""
        with self._lock:
            now = self._clock()
            if self._since is None:
                if given.began < self._answered_at:
                    return
                self._since = now
            elif self._probe is not given:
                return
            self._until, self._probe = now + self._rest_s, None

    def given_up(self, given: Pass) -> None:
        """Nobody waits for the answer any more: a probe's place goes to the next question."""
        with self._lock:
            if self._probe is given:
                self._until, self._probe = self._clock(), None


class Breakers:
    """A breaker for each endpoint, made when it is first asked for."""

    def __init__(self, rest_s: float = REST_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._of: dict[str, Breaker] = {}

    def of(self, endpoint: str) -> Breaker:
        with self._lock:
            return self._of.setdefault(endpoint, Breaker(self._rest_s, self._clock))

    def forget(self) -> None:
        """Every endpoint counts as never asked."""
        with self._lock:
            self._of.clear()


PROCESS = Breakers()
"""The endpoints of this process: whoever asks one learns from all the others."""
