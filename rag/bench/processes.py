"""Children: started, measured from outside, and ended whatever happens.

Each is a session of its own, so that Ctrl-C reaches this process alone, which then ends them with
all that they started.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rag.errors import EvaluationError

RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes that `ru_maxrss` counts in."""
PATIENCE_S = 3600.0
"""How long a child may take, unless told otherwise."""
_PACKAGE = Path(__file__).resolve().parent.parent.parent


class ChildFailed(EvaluationError):
    """A child ended with a fault; ``what`` holds its last words."""


class Overdue(ChildFailed):
    """A child took longer than it may, and was ended."""


@dataclass(frozen=True, slots=True)
class Run:
    """A process from its start to its end: wall and processor seconds, the largest resident set."""

    seconds: float
    cpu_s: float
    peak_mb: float
    output: str


def environment() -> dict[str, str]:
    """This process's, without the user's settings; extractive answers, no route to a hub."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RAG_", "OPENAI_"))}
    return with_package(kept | {"RAG_MODE": "extractive", "HF_HUB_OFFLINE": "1"})


def with_package(variables: Mapping[str, str]) -> dict[str, str]:
    """So that a child finds this package from whatever folder it stands in, installed or not."""
    path = os.pathsep.join(filter(None, [str(_PACKAGE), variables.get("PYTHONPATH", "")]))
    return {**variables, "PYTHONPATH": path}


class Child:
    """``python -m MODULE ARGUMENTS`` in ``folder``, with pipes for its input and output.

    ``variables`` are added to its environment. A context manager: what still runs at its end is
    killed.
    """

    def __init__(
        self,
        folder: Path,
        module: str,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.module = module
        self._variables = dict(variables or {})
        self._folder = folder
        self._command = [sys.executable, "-P", "-m", module, *arguments]
        self._late = threading.Event()
        self._used: resource.struct_rusage | None = None

    def __enter__(self) -> Child:
        with _interrupts_wait(self.__exit__):
            self._errors = tempfile.TemporaryFile(dir=self._folder)
            self._began = time.perf_counter()
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=environment() | self._variables,
                encoding="utf-8",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            with contextlib.suppress(OSError):  # what is left in a pipe whose reader is gone
                if stream is not None:
                    stream.close()

    @property
    def input(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def output(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def seconds(self) -> float:
        """Since it was started."""
        return time.perf_counter() - self._began

    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None and self._reap(os.WNOHANG) is None

    def terminate(self) -> None:
        """Asks it to end."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def end(self, patience_s: float = PATIENCE_S) -> Run:
        """Reads and waits to the end. Raises Overdue, and ChildFailed unless the code is 0 (or
        it was asked to end)."""
        timer = threading.Timer(max(0.0, patience_s - self.seconds), self._too_late)
        timer.daemon = True
        timer.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                self.input.close()
            output = self.output.read()
            usage = self._reap(0)
        finally:
            timer.cancel()
        seconds = self.seconds
        if self._late.is_set():
            raise Overdue(f"{self.module} took over {patience_s:,.0f} s and was ended")
        if self._process.returncode not in (0, -signal.SIGTERM):
            raise ChildFailed(f"{self.module} failed: {self.last_words()}")
        assert usage is not None
        peak = usage.ru_maxrss * RSS_UNIT / 1e6
        return Run(seconds, usage.ru_utime + usage.ru_stime, peak, output)

    def _reap(self, flags: int) -> resource.struct_rusage | None:
        """What it used, once it has ended; None while it runs (with WNOHANG)."""
        if self._process.returncode is None:
            pid, status, usage = os.wait4(self._process.pid, flags)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self._used = usage
        return self._used

    def last_words(self) -> str:
        """The last line that it wrote to stderr."""
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        code = self._process.returncode
        return lines[-1].removeprefix("rag: ") if lines else f"it ended with {code}"

    def _too_late(self) -> None:
        self._late.set()
        self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


def run(folder: Path, module: str, *arguments: str, patience_s: float = PATIENCE_S) -> Run:
    """A child from its start to its end; raises as :meth:`Child.end` says."""
    with Child(folder, module, *arguments) as child:
        return child.end(patience_s)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def interruptible() -> None:
    """SIGTERM and Ctrl-C raise KeyboardInterrupt, once: a second one must not stop the tidying."""

    def interrupt(number: int, frame: object) -> None:
        for one in _SIGNALS:  # not SIG_IGN: Python complains where the other is pending already
            signal.signal(one, lambda *_: None)
        raise KeyboardInterrupt

    for one in _SIGNALS:
        signal.signal(one, interrupt)


@contextlib.contextmanager
def _interrupts_wait(undo: Callable[[], None]) -> Iterator[None]:
    """A signal that comes meanwhile is acted on at the end, after ``undo``."""
    came: list[int] = []
    before = {one: signal.signal(one, lambda number, _: came.append(number)) for one in _SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    if came:
        undo()
        signal.raise_signal(came[0])
