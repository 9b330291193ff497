"""A DraftService without documents: each line of a draft is a sentence, its verdict by its words."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

from rag.drafts.checked import Checked
from rag.errors import IndexMissing
from rag.types import Verdict
from rag.web.seam import DraftProgress
from tests.web.fake_service import QUOTES, citation

VERDICTS: dict[str, tuple[Verdict, str]] = {
    "九": ("number_mismatch", "引文是 8.7%，不是 9.7%"),
    "降": ("negation_mismatch", "引文是“增长”，不是“下降”"),
    "别处": ("wrong_source", "000 里没有这句话，它在 003"),
    "部分": ("partial", "引号里的话不是原文"),
    "熊猫": ("unsupported", "文件中没有相近的内容"),
}
"""A word of a sentence to what becomes of it; all others are supported."""


class FakeDrafts:
    """Thread-safe; ``closed`` is set when a slow check was closed before its end."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.seen: list[str] = []
        self.template: Sequence[Checked] | None = None

    def check(self, text: str) -> Iterator[DraftProgress]:
        self.seen.append(text)
        if "没有索引" in text:
            raise IndexMissing("还没有索引", "请先运行 rag index")
        if "故障" in text:
            raise RuntimeError("secret detail")
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        wanted = self.template if self.template is not None else [checked(line) for line in lines]
        try:
            for done in range(len(wanted) + 1):
                yield DraftProgress(len(wanted), tuple(wanted[:done]))
                time.sleep(0.1 if "慢" in text else 0.0)
        except GeneratorExit:
            self.closed.set()
            raise


def checked(line: str) -> Checked:
    """A sentence with the verdict that its words ask for."""
    verdict, why = next((v for word, v in VERDICTS.items() if word in line), ("supported", ""))
    quotes = QUOTES[:2] if "两处" in line else QUOTES[1:2]
    citations = tuple(citation(n, quote) for n, quote in enumerate(quotes, start=1))
    return Checked(line, verdict, why, () if "熊猫" in line else citations, 0, len(line))
