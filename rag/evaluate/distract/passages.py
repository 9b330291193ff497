"""Relevant and irrelevant passages for each question, as the passages form wants them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rag.evaluate.distract.near import Near
from rag.evaluate.distract.select import HOLDERS
from rag.evaluate.distract.sources import Candidate
from rag.text import fold_text, parse, tokens
from rag.types import Document

SIZE = 320
"""Characters that a passage aims at. Relevant ones are cut like the others: length must not give
them away."""
NEGATIVES = 10
"""Irrelevant passages a question."""


class Cutter:
    """Cuts documents into passages, each once."""

    def __init__(self, near: Near) -> None:
        self._near = near
        self._spans = lru_cache(maxsize=20_000)(self._cut)

    def row(self, candidate: Candidate, answerable: bool) -> dict[str, Any]:
        """The line of a question: near passages without the answer, and the one with it unless it
        is not to be ``answerable``."""
        golden = {gold.doc for gold in candidate.gold}
        wanted, answers = set(tokens(candidate.question)), candidate.folded()
        near = (d for d in self._near.search(candidate.question, HOLDERS) if d.id not in golden)
        negative: list[str] = []
        for document in near:
            best = self._best(document, wanted, answers)
            if best and best not in negative:
                negative.append(best)
            if len(negative) == NEGATIVES:
                break
        return {
            "id": candidate.id,
            "kind": candidate.kind,
            "query": candidate.question,
            "answer": list(candidate.answers),
            "positive": self._positive(candidate) if answerable else [],
            "negative": negative,
        }

    def _positive(self, candidate: Candidate) -> list[str]:
        """The passages that hold the gold quotes; a whole document where it is cut elsewhere."""
        found = []
        for gold in candidate.gold:
            document, at = self._near.by_id[gold.doc], gold.start or 0
            spans = (span for span in self._spans(document) if span[0] <= at < span[1])
            start, end = next(spans, (0, len(document.text)))
            found.append(document.text[start : max(end, at + len(gold.quote))])
        return list(dict.fromkeys(found))

    def _best(self, document: Document, wanted: set[str], answers: Sequence[str]) -> str:
        """The passage nearest to the question that prints no answer; "" where each one does."""
        cut = [document.text[start:end] for start, end in self._spans(document)]
        without = [text for text in cut if not any(a in fold_text(text) for a in answers)]
        return max(without, key=lambda text: len(wanted & set(tokens(text))), default="")

    @staticmethod
    def _cut(document: Document) -> list[tuple[int, int]]:
        return [(chunk.start, chunk.end) for chunk in parse(document, SIZE).chunks]
