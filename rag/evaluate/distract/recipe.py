"""What a set is built from: the same recipe over the same bytes gives the same set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.source import read

VERSION = 1
"""Goes up with every change of how sets are built: what an older version built is built again."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """``squad`` are reading-comprehension files, ``news_questions`` a file of {question, answer}
    lines, ``news`` a folder of .jsonl(.gz) articles {id, text, date?, title?}.

    ``articles`` documents make the corpus (0 with ``passages``, which has none); ``unanswerable``
    is the share of the ``questions`` whose answer is left out. Raises EvaluationError where that
    cannot be meant.
    """

    squad: tuple[Path, ...]
    news_questions: Path | None
    news: Path
    questions: int
    articles: int
    unanswerable: float
    seed: int
    passages: bool = False

    def __post_init__(self) -> None:
        if not self.squad and self.news_questions is None:
            raise EvaluationError("there are no questions", "name --squad or --news-questions")
        if self.questions < 1 or not 0 <= self.unanswerable <= 1:
            raise EvaluationError(
                f"{self.questions} questions of which {self.unanswerable:g} are unanswerable "
                "cannot be built",
                "ask for 1 or more, and a share from 0 to 1",
            )
        if len({path.name for path in self.squad}) < len(self.squad):
            raise EvaluationError("two files have the same name", "rename one: names make the ids")

    def news_files(self) -> list[Path]:
        """The files of articles, sorted. Raises EvaluationError where there is none."""
        files = [p for kind in ("*.jsonl", "*.jsonl.gz") for p in self.news.glob(kind)]
        if not files:
            raise EvaluationError(
                f"{self.news} holds no .jsonl or .jsonl.gz file", "name a folder with --news"
            )
        return sorted(files)

    def described(self) -> dict[str, Any]:
        """The recipe as set.json keeps it: files by name with the SHA-256 of their content, and no
        path of a machine."""
        return {
            "version": VERSION,
            "squad": _digests(self.squad),
            "news_questions": _digests([self.news_questions] if self.news_questions else []),
            "news": _digests(self.news_files()),
            "questions": self.questions,
            "articles": self.articles,
            "unanswerable": self.unanswerable,
            "seed": self.seed,
            "passages": self.passages,
        }


def _digests(paths: Iterable[Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(read(path).data).hexdigest() for path in paths}
