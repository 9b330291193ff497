"""Which form a file or a folder has: by what is in it, not by its name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.feedback import KIND
from rag.evaluate.forms import beir, feedback, folder, passages, squad
from rag.evaluate.pins import check_pins
from rag.evaluate.sets import own_questions
from rag.evaluate.source import Source, checksum, read
from rag.evaluate.types import Form, QuestionSet


def read_any(
    path: Path,
    documents: Mapping[str, str] | None = None,
    *,
    count: int = passages.COUNT,
    noise: float = passages.NOISE,
) -> QuestionSet:
    """The set in a file or a folder, whatever its form, its gold verified.

    ``documents`` (id to canonical text) are the user's own; a set that brings documents or passages
    is verified against those. ``count`` and ``noise`` say how passages are put together
    (:func:`rag.evaluate.forms.passages.read_passages`). Raises EvaluationError with file, line and
    reason.
    """
    if path.is_dir():
        if beir.is_beir(path):
            return beir.read_beir(path)
        if folder.is_built(path):
            return folder.read_built(path, count=count, noise=noise)
        raise EvaluationError(
            f"the folder {path} holds no question set",
            "name a set made by `rag eval-set build` or a BEIR folder (corpus.jsonl, queries.jsonl, "
            "qrels/)",
        )
    source = read(path)
    form = form_of(source)
    if form == "squad":
        return squad.read_squad(source)
    if form == "passages":
        return passages.read_passages(source, count=count, noise=noise)
    if form == "feedback":
        return feedback.read_feedback(source, documents)
    if documents is not None:
        check_pins(path, documents)
    questions = own_questions(source, documents)
    return QuestionSet(path.stem, "yinju", checksum(source), tuple(questions))


def form_of(source: Source) -> Form:
    """The form of a file: that of its first line which shows one.

    A file in which no line does is taken for this project's own, whose reader says what is wrong
    with which line.
    """
    for _, line in source.lines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if form := _form_of(value):
            return form
        if value is None and line.lstrip()[:1] in (b"{", b"["):
            break  # JSON over many lines, or a broken line
    try:
        return _form_of(json.loads(source.data)) or "yinju"
    except (ValueError, RecursionError):
        return "yinju"


def _form_of(value: Any) -> Form | None:
    if isinstance(value, list):
        value = {"data": value} if value and isinstance(value[0], dict) else None
    if not isinstance(value, dict):
        return None
    if value.get("kind") == KIND and "verdict" in value:
        return "feedback"
    if "turns" in value:
        return "yinju"
    if "positive" in value and ("query" in value or "question" in value):
        return "passages"
    return "squad" if isinstance(value.get("data"), list) else None
