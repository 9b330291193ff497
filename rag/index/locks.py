"""Locks that the kernel releases when their holder dies (flock): one builder, many readers.

A builder holds ``index/.lock`` alone. A reader shares the ``lock`` file of its generation; who
wants to delete a generation must get that file alone, and without waiting.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexBusy

BUILD_LOCK = ".lock"
READ_LOCK = "lock"


@contextmanager
def building(index_dir: Path) -> Iterator[None]:
    """Hold the right to build in ``index_dir``. Raises IndexBusy at once if another has it."""
    handle = os.open(index_dir / BUILD_LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy(
                f"another process is building the index in {index_dir}",
                "wait until it is done, then run `rag index` again",
            ) from None
        yield
    finally:
        os.close(handle)


def share(generation: Path) -> int | None:
    """A handle that keeps ``generation`` from being deleted until it is closed.

    None when the generation is gone or is just being deleted. Raises OSError for other causes.
    """
    try:
        handle = os.open(generation / READ_LOCK, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    # Deletion renames the folder while it holds the lock: our file may no longer be at its name.
    try:
        here = os.stat(generation / READ_LOCK)
    except OSError:
        os.close(handle)
        return None
    mine = os.fstat(handle)
    if (here.st_dev, here.st_ino) != (mine.st_dev, mine.st_ino):
        os.close(handle)
        return None
    return handle


@contextmanager
def unread(generation: Path) -> Iterator[bool]:
    """Whether no reader has ``generation`` open; none can open it within the context."""
    try:
        handle = os.open(generation / READ_LOCK, os.O_RDONLY)
    except OSError:
        yield True  # without its lock file nobody can have opened it
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)
