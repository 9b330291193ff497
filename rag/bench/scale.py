"""How cost grows with the number of articles, and the same for other programs beside it."""

from __future__ import annotations

import json
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag import __version__
from rag.bench.commands import rag
from rag.bench.figures import load, machine, quantile
from rag.bench.options import Options
from rag.bench.peers import EXTRA, Peer, peer
from rag.bench.processes import ChildFailed, Overdue, Run, run
from rag.bench.questions import read
from rag.bench.result import PeerResult, Scale, Size

Say = Callable[[str], None]
Save = Callable[[Scale], None]

K = 10
"""Passages that a search gives."""
AT = 5
"""Of them, those among which the gold one must be."""
PEER_S = 900.0
"""How long a peer may take in all."""
PEER_ASKING_S = 60.0
"""After that long it is asked no further question."""


def measure(options: Options, folder: Path, save: Save, say: Say) -> Scale:
    """All sizes, the smallest first; ``save`` gets the state after every step.

    Raises EvaluationError: a peer that fails is a row, our own failure is a fault.
    """
    peers = [peer(name) for name in options.peers]
    scale = Scale(
        machine=machine(),
        version=__version__,
        corpus=Path(options.corpus).name,
        questions=Path(options.questions).name,
        repeat=options.repeat,
        packages={name: v for one in peers for name, v in one.versions().items()},
    )
    save(scale)  # an older run's file must not pass for this one's
    for articles in sorted(options.scale):
        size = Size(articles, load=[load()])
        scale.sizes.append(size)
        job = _Job(options, folder / str(articles), size, lambda: save(scale), say)
        job.ours()
        for one in peers:
            job.peer(one)
        size.load.append(load())
        shutil.rmtree(job.folder)
    scale.complete = True
    save(scale)
    return scale


class _Job:
    """One size."""

    def __init__(
        self, options: Options, folder: Path, size: Size, save: Callable[[], None], say: Say
    ) -> None:
        self.options, self.folder, self.size, self.save = options, folder, size, save
        self.index = folder / "index"
        self._say = say
        folder.mkdir()

    def say(self, step: str) -> None:
        self._say(f"{self.size.articles:,} 篇 · {step}")

    def note(self, **figures: float) -> None:
        self.size.figures.update(figures)
        self.save()

    # ---- this program ------------------------------------------------------------------------
    def ours(self) -> None:
        """Corpus, build, cold start, search, answers, update: in this order."""
        options = self.options
        self.say("准备文章和问题")
        asked = self.child(
            "prepare", size=self.size.articles, docs=options.docs, corpus=options.corpus,
            questions=options.questions, limit=options.limit, out=str(self.folder),
        )  # fmt: skip
        self.note(questions=asked["questions"])
        self.say("建索引")
        built, report = self.build("docs")
        self.note(
            documents=report["documents"], passages=report["chunks"], build_s=built.seconds,
            build_cpu_s=built.cpu_s, build_mb=built.peak_mb, disk_mb=_size_mb(self.index),
        )  # fmt: skip
        self.child("ours", task="passages")
        self.cold()
        self.say("检索")
        found, cost = self.measured("ours", task="search", k=K)
        both = {"mb": max(cost.peak_mb, built.peak_mb)}
        both |= {"build_s": report["seconds"], "build_cpu_s": built.cpu_s}
        self.size.ours = self.search_figures(found, cost) | both
        self.save()
        found, cost = self.measured("ours", task="search", k=K, rerank=False)
        self.size.plain = self.search_figures(found, cost)
        self.save()
        self.say(f"回答，{'、'.join(map(str, options.threads))} 个线程")
        found, cost = self.measured("ours", task="answers", threads=options.threads)
        self.note(
            **_latency("answer_", found), answer_mb=cost.peak_mb,
            **{f"answers_per_s_{n}": rate for n, rate in found["answers_per_s"].items()},
        )  # fmt: skip
        self.say("更新索引")
        updated, report = self.build("after")
        changed = report["added"] + report["updated"] + report["removed"]
        self.note(update_s=updated.seconds, update_mb=updated.peak_mb, updated=changed)

    def build(self, docs: str) -> tuple[Run, dict[str, Any]]:
        """`rag index` over a folder of articles, and what it says of itself."""
        where = ("--docs", self.folder / docs, "--index", self.index, "--json")
        done = rag(self.folder, "index", *where)
        report: dict[str, Any] = json.loads(done.output)
        return done, report

    def cold(self) -> None:
        """The first question to a new process."""
        self.say("`rag ask`，冷启动")
        asked = read(self.folder / "questions.jsonl")
        where = ("--docs", self.folder / "docs", "--index", self.index)
        runs = [
            rag(self.folder, "ask", *where, "--", asked[0].turns[-1])
            for _ in range(self.options.repeat)
        ]
        seconds = statistics.median(one.seconds for one in runs)
        self.note(cold_s=seconds, cold_mb=max(one.peak_mb for one in runs))

    # ---- the others --------------------------------------------------------------------------
    def peer(self, one: Peer) -> None:
        """A row, whatever becomes of it."""
        self.size.peers.append(self.try_peer(one))
        self.save()

    def try_peer(self, one: Peer) -> PeerResult:
        if not one.installed:
            self.say(f"{one.title}: not installed: {EXTRA}")
            return PeerResult(one.name, "missing", EXTRA)
        self.say(one.title)
        began = time.monotonic()
        try:
            found, cost = self.measured(
                "peers.run", peer=one.name, k=K, seconds=PEER_ASKING_S, patience_s=PEER_S
            )
        except Overdue:
            return PeerResult(one.name, "overdue", f"{time.monotonic() - began:.0f}")
        except ChildFailed as error:
            return PeerResult(one.name, "failed", error.what)
        built = {name: found[name] for name in ("build_s", "build_cpu_s")}
        figures = self.search_figures(found, cost) | built
        return PeerResult(one.name, "ok", figures=figures)

    def search_figures(self, found: dict[str, Any], cost: Run) -> dict[str, float]:
        """Latency, memory, and how often the passage to find is among the first."""
        gold: list[list[int]] = json.loads((self.folder / "gold.json").read_text("utf-8"))
        judged = [
            not set(ids[:AT]).isdisjoint(right)
            for ids, right in zip(found["found"], gold, strict=False)  # a slow peer answers fewer
            if right
        ]
        figures = _latency("", found) | {"mb": cost.peak_mb, "asked": len(found["ms"])}
        if judged:
            figures |= {"gold": len(judged), f"hit_at_{AT}": sum(judged) / len(judged)}
        return figures

    # ---- children ----------------------------------------------------------------------------
    def child(self, module: str, **given: Any) -> dict[str, Any]:
        return self.measured(module, **given)[0]

    def measured(
        self, module: str, patience_s: float | None = None, **given: Any
    ) -> tuple[dict[str, Any], Run]:
        """What a module of this package found, and what that cost."""
        told = json.dumps({"folder": str(self.folder), "index": str(self.index), **given})
        limit = {} if patience_s is None else {"patience_s": patience_s}
        done = run(self.folder, f"rag.bench.{module}", told, **limit)
        found: dict[str, Any] = json.loads(done.output)
        return found, done


def _latency(prefix: str, found: dict[str, Any]) -> dict[str, float]:
    """p50 and p95 by nearest rank, of wall and of processor time."""
    figures = {}
    for name, values in (("", found["ms"]), ("cpu_", found["cpu_ms"])):
        ordered = sorted(values)
        for part in (50, 95):
            figures[f"{prefix}{name}p{part}_ms"] = quantile(ordered, part / 100)
    return figures


def _size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
