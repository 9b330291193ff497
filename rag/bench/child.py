"""A child's side: what it is told comes as one argument of JSON, what it found goes out as JSON."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag.errors import YinjuError

WARM_UP = 3
"""Questions asked before any is counted."""


def answer(work: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Does ``work`` on the argument and prints what it gives; a fault is one line on stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    try:
        found = work(json.loads(sys.argv[1]))
    except Exception as error:
        known = isinstance(error, YinjuError)
        line = str(error) if known else f"{type(error).__name__}: {error}"
        print(" ".join(line.split()), file=sys.stderr)
        return 1
    print(json.dumps(found), flush=True)
    return 0


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a file that this package wrote: {…} a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def timed(
    ask: Callable[[str], list[int]], texts: Sequence[str], seconds: float = float("inf")
) -> dict[str, Any]:
    """{ms, cpu_ms, found} of each question, in order; none is begun after ``seconds``.

    ``cpu_ms`` is the processor time of all threads: it hardly moves when the machine is busy.
    """
    for text in texts[:WARM_UP]:
        ask(text)
    ms: list[float] = []
    cpu_ms: list[float] = []
    found: list[list[int]] = []
    deadline = time.perf_counter() + seconds
    for text in texts:
        began, worked = time.perf_counter(), time.process_time()
        if ms and began > deadline:
            break
        found.append(ask(text))
        cpu_ms.append((time.process_time() - worked) * 1000)
        ms.append((time.perf_counter() - began) * 1000)
    return {"ms": ms, "cpu_ms": cpu_ms, "found": found}
