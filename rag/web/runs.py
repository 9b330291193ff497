"""Which question of which session is being answered, so that Stop, Clear and a closed tab end it.

Gradio's own ``cancels`` kills the task from outside and now and then leaves an error over the
chat; here the answer ends itself, in order, with what it has.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Run:
    """One question being answered. ``dropped``: nobody wants to see more of it."""

    def __init__(self) -> None:
        self.stopped = asyncio.Event()
        self.finished = asyncio.Event()
        self.dropped = False


class Runs:
    """The runs by session. All methods belong to the event loop's thread."""

    def __init__(self) -> None:
        self._by_session: dict[str, set[Run]] = {}

    @contextmanager
    def begin(self, session: str) -> Iterator[Run]:
        """A run of ``session`` for as long as the block lasts."""
        run = Run()
        self._by_session.setdefault(session, set()).add(run)
        try:
            yield run
        finally:
            run.finished.set()
            others = self._by_session.get(session, set())
            others.discard(run)
            if not others:
                self._by_session.pop(session, None)

    def busy(self, session: str) -> bool:
        """Whether an answer of the session is on its way."""
        return bool(session) and session in self._by_session

    def stop(self, session: str) -> None:
        """End the session's answers; what has come of them is still shown."""
        for run in self._by_session.get(session, ()):
            run.stopped.set()

    async def drop(self, session: str, patience_s: float = 2.0) -> None:
        """End the session's answers and wait until none will show anything more."""
        runs = list(self._by_session.get(session, ()))
        for run in runs:
            run.dropped = True
            run.stopped.set()
        if runs:
            await asyncio.wait(
                [asyncio.ensure_future(run.finished.wait()) for run in runs], timeout=patience_s
            )

    def __len__(self) -> int:
        return sum(len(runs) for runs in self._by_session.values())


async def until(stop: asyncio.Event, source: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The items of ``source`` until it ends or ``stop`` is set, at once; closes ``source``."""
    stopping = asyncio.ensure_future(stop.wait())
    step: asyncio.Future[T] | None = None
    try:
        while not stop.is_set():
            step = asyncio.ensure_future(anext(source))
            await asyncio.wait({step, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not step.done():
                return
            try:
                item = step.result()
            except StopAsyncIteration:
                return
            yield item
    finally:
        stopping.cancel()
        if step is not None and not step.done():
            step.cancel()
            await asyncio.wait({step})
        await source.aclose()
