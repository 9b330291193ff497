"""What a benchmark is asked to do, as one line of JSON between two processes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Options:
    """Paths are absolute. ``scale`` holds the sizes in articles; empty: the commands' table."""

    docs: str
    out: str
    questions: str = ""
    corpus: str = ""
    scale: tuple[int, ...] = ()
    threads: tuple[int, ...] = (1, 8, 32)
    peers: tuple[str, ...] = ()
    limit: int = 200
    repeat: int = 3
    json: bool = False

    def dump(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Options:
        given: dict[str, Any] = json.loads(text)
        lists = {name: tuple(given[name]) for name in ("scale", "threads", "peers")}
        return cls(**given | lists)
