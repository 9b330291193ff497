"""Time and memory of the commands, each measured from outside as a whole process.

    python eval/bench.py
    python eval/bench.py --corpus DIR --questions FILE.jsonl --json bench.json

Prints one Markdown table. A cold start is a new process; what it reads may be in the page cache.
Peak memory is the largest resident set that the kernel saw (wait4). This script imports nothing
heavy: on Linux a child's peak is never below what its parent held when it was started.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import math
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "2025年北京数字经济增加值是多少？"
PATIENCE_S = 120.0
"""How long the page may take to come up, and to answer."""
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes that `ru_maxrss` counts in."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was measured, the figure, and the most that the project allows."""

    what: str
    value: float
    unit: str
    goal: float | None = None

    def __str__(self) -> str:
        goal = "" if self.goal is None else f"{self.goal:,g} {self.unit}"
        digits = {"s": 2, "min": 1, "ms": 1, "MB": 0}[self.unit]
        return f"| {self.what} | {self.value:,.{digits}f} {self.unit} | {goal} |"


@dataclass(frozen=True, slots=True)
class Run:
    """A process from its start to its end."""

    seconds: float
    peak_mb: float
    output: str


def start(*arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """`rag` with these arguments, its output in a pipe; no endpoint: extractive answers."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RAG_", "OPENAI_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "rag", *arguments],
        cwd=ROOT,
        env=kept | {"RAG_MODE": "extractive"},
        encoding="utf-8",
        stdin=stdin,
        stdout=subprocess.PIPE,
    )


def pipe(stream: IO[str] | None) -> IO[str]:
    """The stream, which is there because it was asked for."""
    assert stream is not None
    return stream


def end(process: subprocess.Popen[str]) -> float:
    """Waits for the process; its peak memory in MB. Exits where it failed."""
    if process.returncode is None:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, -15):
        sys.exit(f"bench: rag ended with {process.returncode}")
    return usage.ru_maxrss * RSS_UNIT / 1e6


def run(*arguments: str) -> Run:
    """`rag` with these arguments, to its end."""
    began = time.perf_counter()
    process = start(*arguments)
    output = pipe(process.stdout).read()
    peak = end(process)
    return Run(time.perf_counter() - began, peak, output)


def both(what: str, runs: Sequence[Run], seconds: float, megabytes: float | None) -> Iterator[Row]:
    """Median time and largest memory, with their goals."""
    median = statistics.median(one.seconds for one in runs)
    yield Row(f"{what}, median of {len(runs)}", median, "s", seconds)
    yield Row("its peak memory", max(one.peak_mb for one in runs), "MB", megabytes)


# ---- the page ------------------------------------------------------------------------------
def page(index: Path, repeats: int) -> Iterator[Row]:
    """`rag chat`: until the first 200, then until a question put through its API is answered."""
    shown, answered, peaks = [], [], []
    for _ in range(repeats):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = int(listener.getsockname()[1])
        began = time.perf_counter()
        process = start("chat", "--index", str(index), "--port", str(port))
        try:
            wait_for_page(port, process)
            shown.append(time.perf_counter() - began)
            ask_page(port)
            answered.append(time.perf_counter() - began)
        finally:
            process.terminate()
            peaks.append(end(process))
    what = f"`rag chat` until the page is served, median of {repeats}"
    yield Row(what, statistics.median(shown), "s")
    yield Row("until a question on it is answered", statistics.median(answered), "s", 6)
    yield Row("its peak memory", max(peaks), "MB")


def wait_for_page(port: int, process: subprocess.Popen[str]) -> None:
    """Returns when `/` is answered with 200."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.02)
    sys.exit("bench: the page did not come up")


def ask_page(port: int) -> None:
    """One question through the page's API, to the last event of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    with contextlib.closing(connection):
        kind = {"Content-Type": "application/json"}
        connection.request("POST", "/gradio_api/call/chat", json.dumps({"data": [QUESTION]}), kind)
        event = json.loads(connection.getresponse().read())["event_id"]
        connection.request("GET", f"/gradio_api/call/chat/{event}")
        last = connection.getresponse().read().decode("utf-8").rpartition("event: ")[2]
    if not last.startswith("complete") or "yj-cite" not in last:
        sys.exit("bench: the page gave no answer")


# ---- warm answers --------------------------------------------------------------------------
def warm(over: str, index: Path, docs: Path, asked: Sequence[Any], goal: float) -> Iterator[Row]:
    """From a question written to a running `rag ask --batch -` to its answer read.

    The first question is asked twice and counted once, the second time.
    """
    arguments = ("--docs", str(docs), "--index", str(index), "--batch", "-", "--json")
    process = start("ask", *arguments, stdin=subprocess.PIPE)
    to, answers = pipe(process.stdin), pipe(process.stdout)
    times = []
    for question in [asked[0], *asked]:
        began = time.perf_counter()
        to.write(json.dumps(question, ensure_ascii=False) + "\n")
        to.flush()
        answer = json.loads(answers.readline() or '{"error": "rag ask ended"}')
        times.append((time.perf_counter() - began) * 1000)
        if "error" in answer:
            sys.exit(f"bench: {answer['error']}")
    to.close()
    end(process)
    times = sorted(times[1:])
    yield Row(f"warm answer over {over}, p50 of {len(times)}", quantile(times, 0.5), "ms", goal)
    yield Row("p95", quantile(times, 0.95), "ms")


def quantile(ordered: Sequence[float], part: float) -> float:
    """By nearest rank: the least value that at least ``part`` of all do not exceed."""
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def read_questions(path: Path, limit: int) -> list[dict[str, Any]]:
    """The first ``limit`` lines that hold turns or a question, as lines of a batch."""
    lines = [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines() if x.strip()]
    kept = [{k: x[k] for k in ("turns", "question") if k in x} for x in lines]
    return [x for x in kept if x][:limit] or sys.exit(f"bench: {path} holds no question")


def rows(args: argparse.Namespace, folder: Path) -> Iterator[Row]:
    """Every line of the table, as it is measured."""
    index, fewer = folder / "0", max(1, args.repeat - 2)
    runs = [run("index", "--index", str(folder / str(n))) for n in range(fewer)]
    yield from both("`rag index`, seeds, cold", runs, 4, None)
    runs = [run("ask", "--index", str(index), QUESTION) for _ in range(args.repeat)]
    yield from both("`rag ask`, cold start", runs, 1.2, 300)
    yield from page(index, fewer)
    seeds = read_questions(ROOT / "eval/seeds.jsonl", 10_000)
    yield from warm("the seeds", index, ROOT / "seeds", seeds, 20)
    if args.corpus:
        yield from corpus(folder / "corpus", args.corpus.resolve(), args.questions, args.limit)


def corpus(index: Path, docs: Path, questions: Path | None, limit: int) -> Iterator[Row]:
    """A build over ``docs`` from nothing, and questions to its index."""
    asked = read_questions(questions, limit) if questions else []
    built = run("index", "--docs", str(docs), "--index", str(index), "--json")
    report = json.loads(built.output)
    what = f"`rag index`, {report['documents']:,} documents, {report['chunks']:,} passages"
    yield Row(what, built.seconds / 60, "min", 10)
    yield Row("its peak memory", built.peak_mb, "MB", 3000)
    size = sum(file.stat().st_size for file in index.rglob("*") if file.is_file())
    yield Row("size of the index", size / 1e6, "MB")
    if asked:
        yield from warm("those documents", index, docs, asked, 300)


def machine() -> str:
    """What the figures were measured on: nothing that names it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {cores} cores, Python {platform.python_version()}"


def main() -> None:
    parser = argparse.ArgumentParser(description="time and memory of the commands")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="documents to index as well")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="asked of that index")
    parser.add_argument("--limit", type=int, default=200, metavar="N", help="of them (200)")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="cold starts (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    args = parser.parse_args()
    print(f"Measured on {machine()}.\n\n| what | measured | goal |\n|---|---:|---:|", flush=True)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(args, Path(folder)):
            print(row, flush=True)
            found.append(asdict(row))
    if args.json:
        record = {"machine": machine(), "rows": found}
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        args.json.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
