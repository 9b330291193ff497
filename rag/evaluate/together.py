"""Many slow calls at once: what is done is taken as it comes, and nothing of it is lost."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class _Done(Generic[Told]):
    value: Told


def together(
    call: Callable[[Asked], Told],
    items: Iterable[Asked],
    take: Callable[[Told], None],
    workers: int,
) -> None:
    """``take`` of ``call`` of each item, on this thread: one worker, in order; more, as they are
    done.

    The first exception of a call, and Ctrl-C, is raised after all that is done by then was taken.
    No further call begins, and those under way are not waited for: they wait for somebody else's
    machine.
    """
    todo = list(items)
    if workers <= 1 or len(todo) <= 1:
        for item in todo:
            take(call(item))
        return
    waiting: queue.SimpleQueue[Asked] = queue.SimpleQueue()
    for item in todo:
        waiting.put(item)
    done: queue.SimpleQueue[_Done[Told] | BaseException] = queue.SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        with contextlib.suppress(queue.Empty):
            while not stopped.is_set():
                item = waiting.get_nowait()
                try:
                    done.put(_Done(call(item)))
                except BaseException as error:
                    stopped.set()
                    done.put(error)
                    return

    for _ in range(min(workers, len(todo))):
        # A daemon: the process may end while it waits.
        threading.Thread(target=work, daemon=True).start()
    try:
        for _ in todo:
            one = done.get()
            if isinstance(one, BaseException):
                raise one
            take(one.value)
    finally:
        stopped.set()
        with contextlib.suppress(queue.Empty):
            while True:
                one = done.get_nowait()
                if isinstance(one, _Done):
                    take(one.value)
