"""What a run over several sizes found, kept as JSON while it goes on."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

State = Literal["ok", "missing", "failed", "overdue"]


@dataclass(slots=True)
class PeerResult:
    """``figures``: build_s, p50_ms, p95_ms, mb, asked, and hit_at_5 (a share) over ``gold``
    questions where the passage to find is known; build_cpu_s, cpu_p50_ms and cpu_p95_ms are
    processor time. ``why`` says what went wrong."""

    name: str
    state: State
    why: str = ""
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Size:
    """``figures`` by the names of :data:`rag.bench.table.LABELS`; those not measured yet are absent.

    ``load`` is the machine's load average when the size was begun and when it was done.
    """

    articles: int
    figures: dict[str, float] = field(default_factory=dict)
    ours: dict[str, float] = field(default_factory=dict)
    """Our own search, as a :class:`PeerResult` has it."""
    plain: dict[str, float] = field(default_factory=dict)
    """The same with the setting ``rerank = false``: passages as BM25 and vectors order them."""
    peers: list[PeerResult] = field(default_factory=list)
    load: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Scale:
    """``corpus`` names the folder of articles, "" where they were made; ``complete`` once all
    sizes are measured."""

    machine: str
    version: str
    corpus: str
    questions: str
    repeat: int
    packages: dict[str, str] = field(default_factory=dict)
    sizes: list[Size] = field(default_factory=list)
    complete: bool = False

    def save(self, path: Path) -> None:
        """As JSON."""
        write_json(path, asdict(self))


def write_json(path: Path, value: object) -> None:
    """Written aside, then put in place: what is there is always whole."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)
