"""The commands as a user meets them: cold starts, the page, warm answers."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.bench.figures import Language, amount, quantile
from rag.bench.first_token import ModelServer, delays, settings_for
from rag.bench.processes import Child, Run, run
from rag.bench.questions import Asked, read
from rag.errors import EvaluationError

PATIENCE_S = 120.0
"""How long the page may take to come up, and to answer."""

FIRST_PIECES = 20
"""Model answers whose first piece is timed."""

LABELS: dict[str, tuple[str, str]] = {
    "index_s": (
        "`rag index`，{docs}，冷启动，{n} 次中位数",
        "`rag index`, {docs}, cold, median of {n}",
    ),
    "ask_s": ("`rag ask`，冷启动，{n} 次中位数", "`rag ask`, cold start, median of {n}"),
    "page_s": (
        "`rag chat` 到页面可打开，{n} 次中位数",
        "`rag chat` until the page is served, median of {n}",
    ),
    "page_answer_s": ("到页面上的问题得到答案", "until a question on it is answered"),
    "mb": ("内存峰值", "its peak memory"),
    "token_p50_ms": (
        "模型写出第一片文字到页面收到，{n} 次 p50",
        "a model's first piece until the page has it, p50 of {n}",
    ),
    "token_p95_ms": ("p95", "p95"),
    "warm_p50_ms": ("热启动回答，{docs}，{n} 题 p50", "warm answer over {docs}, p50 of {n}"),
    "warm_p95_ms": ("p95", "p95"),
}
"""Name of a row to what it says in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was measured, the figure, how many times, and the most that the
    project allows itself over the seeds."""

    name: str
    value: float
    unit: str
    count: int = 1
    goal: float | None = None

    def cells(self, docs: str, language: Language) -> list[str]:
        """What, measured, goal."""
        label = LABELS[self.name][language == "en"].format(docs=docs, n=self.count)
        goal = "" if self.goal is None else _short(self.goal, self.unit, language)
        return [label, amount(self.value, self.unit, language), goal]


def _short(goal: float, unit: str, language: Language) -> str:
    """A goal as it was set: 1.2 s, not 1.20 s."""
    number, _, shown = amount(goal, unit, language).partition(" ")
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {shown}"


def rows(
    docs: Path, questions: Path, repeat: int, folder: Path, say: Callable[[str], None]
) -> Iterator[Row]:
    """Every line of the table, as it is measured. Raises EvaluationError."""
    asked = read(questions)
    first = asked[0].turns[0]
    index = folder / "0"
    say("`rag index`，冷启动")
    runs = [rag(folder, "index", "--docs", docs, "--index", folder / str(n)) for n in range(repeat)]
    yield from _cold("index_s", runs, 4, None)
    say("`rag ask`，冷启动")
    cold = ("ask", "--docs", docs, "--index", index, "--", first)
    runs = [rag(folder, *cold) for _ in range(repeat)]
    yield from _cold("ask_s", runs, 1.2, 300)
    say("`rag chat`，页面")
    yield from _page(docs, index, first, repeat, folder)
    say(f"模型的第一片文字，{FIRST_PIECES} 次")
    yield from _first_token(docs, index, first, folder)
    say(f"热启动回答，{len(asked)} 题")
    yield from _warm(docs, index, asked, folder)


def rag(folder: Path, command: str, *arguments: object) -> Run:
    """`rag` with these arguments, to its end."""
    return run(folder, "rag", command, *map(str, arguments))


def _cold(name: str, runs: Sequence[Run], goal_s: float, goal_mb: float | None) -> Iterator[Row]:
    """Median time and largest memory."""
    median = statistics.median(one.seconds for one in runs)
    yield Row(name, median, "s", len(runs), goal_s)
    yield Row("mb", max(one.peak_mb for one in runs), "MB", len(runs), goal_mb)


# ---- the page ------------------------------------------------------------------------------
def _page(docs: Path, index: Path, question: str, repeat: int, folder: Path) -> Iterator[Row]:
    """`rag chat`: until the first 200, then until a question put through its API is answered."""
    shown, answered, peaks = [], [], []
    for _ in range(repeat):
        port = _free_port()
        where = ("--docs", str(docs), "--index", str(index), "--port", str(port))
        with Child(folder, "rag", "chat", *where) as child:
            _wait_for_page(port, child)
            shown.append(child.seconds)
            _ask_page(port, question)
            answered.append(child.seconds)
            child.terminate()
            peaks.append(child.end(PATIENCE_S).peak_mb)
    yield Row("page_s", statistics.median(shown), "s", repeat)
    yield Row("page_answer_s", statistics.median(answered), "s", repeat, 6)
    yield Row("mb", max(peaks), "MB", repeat)


def _first_token(docs: Path, index: Path, question: str, folder: Path) -> Iterator[Row]:
    """From a piece written by a model server to the page that has it."""
    port = _free_port()
    where = ("--docs", str(docs), "--index", str(index), "--port", str(port))
    with (
        ModelServer().running() as server,
        Child(folder, "rag", "chat", *where, variables=settings_for(server)) as child,
    ):
        _wait_for_page(port, child)
        found = sorted(delays(port, server, question, FIRST_PIECES))
        child.terminate()
        child.end(PATIENCE_S)
    yield Row("token_p50_ms", quantile(found, 0.5), "ms", len(found), 150)
    yield Row("token_p95_ms", quantile(found, 0.95), "ms", len(found), 150)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for_page(port: int, child: Child) -> None:
    """Returns when `/` is answered with 200."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and child.runs():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.02)
    raise EvaluationError(f"the page did not come up: {child.last_words()}", "run `rag chat`")


def _ask_page(port: int, question: str) -> None:
    """One question through the page's API, to the last event of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    with contextlib.closing(connection):
        kind = {"Content-Type": "application/json"}
        connection.request("POST", "/gradio_api/call/chat", json.dumps({"data": [question]}), kind)
        event = json.loads(connection.getresponse().read())["event_id"]
        connection.request("GET", f"/gradio_api/call/chat/{event}")
        last = connection.getresponse().read().decode("utf-8").rpartition("event: ")[2]
    if not last.startswith("complete") or "yj-cite" not in last:
        raise EvaluationError(
            f"the page gave no cited answer to {question!r}",
            "let the first of --questions be one that the documents answer",
        )


# ---- warm answers --------------------------------------------------------------------------
def _warm(docs: Path, index: Path, asked: Sequence[Asked], folder: Path) -> Iterator[Row]:
    """From a question written to a running `rag ask --batch -` to its answer read.

    The first question is asked twice and counted once, the second time.
    """
    batch = ("--docs", str(docs), "--index", str(index), "--batch", "-", "--json")
    found = []
    with Child(folder, "rag", "ask", *batch) as child:
        for question in [asked[0], *asked]:
            began = time.perf_counter()
            child.input.write(json.dumps({"turns": question.turns}, ensure_ascii=False) + "\n")
            child.input.flush()
            answer = json.loads(child.output.readline() or '{"error": "rag ask ended"}')
            found.append((time.perf_counter() - began) * 1000)
            if "error" in answer:
                raise EvaluationError(f"`rag ask` failed: {answer['error']}", "run `rag doctor`")
        child.end()
    ordered = sorted(found[1:])
    yield Row("warm_p50_ms", quantile(ordered, 0.5), "ms", len(ordered), 20)
    yield Row("warm_p95_ms", quantile(ordered, 0.95), "ms", len(ordered))
