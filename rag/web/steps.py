"""A blocking generator driven from the event loop, bounded in number, closed when given up.

Gradio's own bridge waits for a blocked generator before it lets go of the user; here Stop returns
at once and the generator is closed from its own thread as soon as it comes up for air.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

T = TypeVar("T")
_END: Final = object()


class Gate:
    """Lets ``running`` questions be answered at once and ``waiting`` more wait; the rest are busy.

    All methods belong to the event loop's thread.
    """

    def __init__(self, running: int = 8, waiting: int = 32) -> None:
        self.running = running
        self.capacity = running + waiting
        self.inside = 0
        # More threads than may run: one that a stopped question left in a hung model is not missed.
        self._pool = ThreadPoolExecutor(self.capacity, thread_name_prefix="yinju-answer")
        self._turn = asyncio.Semaphore(running)

    @property
    def full(self) -> bool:
        """Whether one more question would be turned away."""
        return self.inside >= self.capacity

    @property
    def must_wait(self) -> bool:
        """Whether one more question would have to wait."""
        return self._turn.locked()

    async def call(self, function: Callable[..., T], *args: Any) -> T:
        """``function(*args)`` in a thread of the pool."""
        return await asyncio.wrap_future(self._pool.submit(function, *args))

    async def steps(self, make: Callable[[], Iterator[T]]) -> AsyncGenerator[T, None]:
        """The items of ``make()``, made and advanced in threads; raises what it raises.

        Leaving early, by cancellation or by closing, closes the generator in the background.
        """
        self.inside += 1
        try:
            async with self._turn:
                pending: Future[Any] | None = None
                source: Iterator[T] | None = None
                try:
                    source = opened = await asyncio.wrap_future(self._pool.submit(make))
                    while True:
                        pending = self._pool.submit(_step, opened)
                        item = await asyncio.wrap_future(pending)
                        if item is _END:
                            return
                        yield item
                finally:
                    if source is not None and pending is not None:
                        _close_after(pending, source)
        finally:
            self.inside -= 1


def _step(source: Iterator[T]) -> T | object:
    """The next item, or the mark of the end: StopIteration cannot pass through a future."""
    return next(source, _END)


def _close_after(pending: Future[Any], source: Iterator[Any]) -> None:
    """Close ``source`` once ``pending``, its last step, is over: a running generator cannot be."""
    close = getattr(source, "close", None)
    if close is None:
        return
    pending.add_done_callback(
        lambda _: threading.Thread(target=close, name="yinju-close", daemon=True).start()
    )
