"""How long the stages of an answer take."""

from __future__ import annotations

import time


class Clock:
    """Milliseconds a stage took."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        before = self._laps.get(stage, 0.0)
        self._laps[stage] = round(before + (now - self._last) * 1000, 2)
        self._last = now

    def total(self) -> dict[str, float]:
        return self._laps | {"total": round((time.perf_counter() - self._start) * 1000, 2)}
