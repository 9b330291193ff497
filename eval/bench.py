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
    """A line of the table: what was measured, the figure, and what the project asks for."""

    what: str
    figure: str
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A process from its start to its end."""

    seconds: float
    peak_mb: float
    output: str


def environment() -> dict[str, str]:
    """The environment, without an endpoint: what is measured is the extractive answer."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RAG_", "OPENAI_"))}
    return kept | {"RAG_MODE": "extractive", "PYTHONIOENCODING": "utf-8"}


def start(*arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """`rag` with these arguments, its output in a pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", "rag", *arguments],
        cwd=ROOT, env=environment(), encoding="utf-8", stdin=stdin, stdout=subprocess.PIPE,
    )  # fmt: skip


def end(process: subprocess.Popen[str]) -> float:
    """Waits for the process; its peak memory in MB. Exits where it failed."""
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


def pipe(stream: IO[str] | None) -> IO[str]:
    """The stream, which is there because it was asked for."""
    assert stream is not None
    return stream


# ---- what is measured ----------------------------------------------------------------------
def index_seeds(folder: Path, repeats: int) -> Iterator[Row]:
    """`rag index` from nothing; the last index stays in ``folder``/0 for what follows."""
    runs = [run("index", "--index", str(folder / str(n))) for n in reversed(range(repeats))]
    yield Row(f"`rag index`, seeds, cold, median of {repeats}", seconds(runs), "4 s")
    yield Row("its peak memory", peak(runs))


def ask_cold(index: Path, repeats: int) -> Iterator[Row]:
    """`rag ask` from a cold start, the index ready."""
    runs = [run("ask", "--index", str(index), QUESTION) for _ in range(repeats)]
    yield Row(f"`rag ask`, cold start, median of {repeats}", seconds(runs), "1.2 s")
    yield Row("its peak memory", peak(runs), "300 MB")


def page(index: Path, repeats: int) -> Iterator[Row]:
    """`rag chat`: until the first 200, then until a question put through its API is answered."""
    shown, answered, peaks = [], [], []
    for _ in range(repeats):
        port = free_port()
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
    yield Row(f"`rag chat` until the page is served, median of {repeats}", median_s(shown), "6 s")
    yield Row("until a question on it is answered", median_s(answered), "6 s")
    yield Row("its peak memory", f"{max(peaks):.0f} MB")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


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
        body = json.dumps({"data": [QUESTION]})
        connection.request(
            "POST", "/gradio_api/call/chat", body, {"Content-Type": "application/json"}
        )
        event = json.loads(connection.getresponse().read())["event_id"]
        connection.request("GET", f"/gradio_api/call/chat/{event}")
        events = connection.getresponse().read().decode("utf-8")
    last = events.rpartition("event: ")[2]
    if not last.startswith("complete") or "yj-cite" not in last:
        sys.exit("bench: the page gave no answer")


def warm(index: Path, docs: Path, questions: Sequence[dict[str, Any]]) -> list[float]:
    """Milliseconds from a question written to a running `rag ask --batch -` to its answer read.

    The first question is asked twice and counted once, the second time.
    """
    process = start(
        "ask", "--docs", str(docs), "--index", str(index), "--batch", "-", "--json",
        stdin=subprocess.PIPE,
    )  # fmt: skip
    to, answers = pipe(process.stdin), pipe(process.stdout)
    times = []
    for question in [questions[0], *questions]:
        began = time.perf_counter()
        to.write(json.dumps(question, ensure_ascii=False) + "\n")
        to.flush()
        answer = json.loads(answers.readline())
        times.append((time.perf_counter() - began) * 1000)
        if "error" in answer:
            sys.exit(f"bench: {answer['error']}")
    to.close()
    end(process)
    return times[1:]


def corpus(folder: Path, docs: Path, questions: Sequence[dict[str, Any]]) -> Iterator[Row]:
    """A build over ``docs`` from nothing, and questions to its index."""
    built = run("index", "--docs", str(docs), "--index", str(folder), "--json")
    report = json.loads(built.output)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    what = f"`rag index`, {report['documents']:,} documents, {report['chunks']:,} passages"
    yield Row(what, f"{built.seconds / 60:.1f} min", "10 min")
    yield Row("its peak memory", f"{built.peak_mb:,.0f} MB", "3,000 MB")
    yield Row("size of the index", f"{size / 1e6:,.0f} MB")
    if questions:
        yield from warm_rows("those documents", warm(folder, docs, questions), "300 ms")


def warm_rows(over: str, times: Sequence[float], goal: str) -> Iterator[Row]:
    yield Row(f"warm answer over {over}, p50 of {len(times)}", f"{share(times, 0.5):.1f} ms", goal)
    yield Row("p95", f"{share(times, 0.95):.1f} ms")


# ---- figures -------------------------------------------------------------------------------
def share(values: Sequence[float], part: float) -> float:
    """The nearest-rank quantile: the least value that ``part`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(part * 100) * len(ordered) // 100) - 1)]


def median_s(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} s"


def seconds(runs: Sequence[Run]) -> str:
    return median_s([one.seconds for one in runs])


def peak(runs: Sequence[Run]) -> str:
    return f"{max(one.peak_mb for one in runs):.0f} MB"


def machine() -> str:
    """What the figures were measured on: nothing that names it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"


def read_questions(path: Path, limit: int) -> list[dict[str, Any]]:
    """The first ``limit`` lines that hold a question or turns, as lines of a batch."""
    lines = [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines() if x.strip()]
    kept = [{k: x[k] for k in ("turns", "question") if k in x} for x in lines]
    return [x for x in kept if x][:limit]


def rows(args: argparse.Namespace, folder: Path) -> Iterator[Row]:
    """Every line of the table, as it is measured."""
    index, repeats = folder / "0", args.repeat
    yield from index_seeds(folder, max(1, repeats - 2))
    yield from ask_cold(index, repeats)
    yield from page(index, max(1, repeats - 2))
    times = warm(index, ROOT / "seeds", read_questions(ROOT / "eval/seeds.jsonl", 10_000))
    yield from warm_rows("the seeds", times, "20 ms")
    if args.corpus:
        asked = read_questions(args.questions, args.limit) if args.questions else []
        yield from corpus(folder / "corpus", args.corpus.resolve(), asked)


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
            print(f"| {row.what} | {row.figure} | {row.goal} |", flush=True)
            found.append(asdict(row))
    if args.json:
        record = {"machine": machine(), "rows": found}
        args.json.write_text(
            json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
