"""Question sets: one JSON object a line, checked against the documents when loaded.

{id, kind, turns, answerable, gold: [[{doc, quote}, …], …], must: [[…], …]}: every group is needed,
inside a group any one does. Gold is a document and a verbatim quote, never a chunk id, so that a
set outlives every change of chunking.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError


@dataclass(frozen=True, slots=True)
class Gold:
    """A verbatim quote that proves (part of) the answer."""

    doc: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A case. ``turns`` ends with the question; ``must`` groups hold what the answer must say."""

    id: str
    kind: str
    turns: tuple[str, ...]
    answerable: bool
    gold: tuple[tuple[Gold, ...], ...]
    must: tuple[tuple[str, ...], ...]


def read_set(path: Path, documents: Mapping[str, str] | None = None) -> list[Question]:
    """The cases of a file, in order.

    ``documents`` (id to canonical text) verifies every quote. Raises EvaluationError with file,
    line and reason.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"the question set {path} cannot be read ({error})") from error
    found: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            question = _question(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{where}: not a case ({error!r})") from None
        if question.id in found:
            raise EvaluationError(f"{where}: the id {question.id} stands twice")
        if documents is not None:
            _check_gold(question, documents, where)
        found[question.id] = question
    if not found:
        raise EvaluationError(f"the question set {path} is empty")
    return list(found.values())


def _question(data: dict[str, Any]) -> Question:
    turns = _texts(data["turns"], "turns")
    answerable = data["answerable"]
    if not isinstance(answerable, bool):
        raise ValueError("answerable is neither true nor false")
    gold = tuple(tuple(Gold(g["doc"], g["quote"]) for g in group) for group in data["gold"])
    must = tuple(_texts(group, "must") for group in data["must"])
    if answerable and not (gold and must):
        raise ValueError("answerable, but no gold or no must")
    if not all(group and all(g.quote.strip() for g in group) for group in gold):
        raise ValueError("an empty gold group or quote")
    return Question(
        id=str(data["id"]),
        kind=str(data["kind"]),
        turns=turns,
        answerable=answerable,
        gold=gold,
        must=must,
    )


def _texts(value: Any, name: str) -> tuple[str, ...]:
    """A list of one or more texts."""
    if value == []:
        raise ValueError(f"no {name}")
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ValueError(f"{name} is not a list of texts")
    if not all(v.strip() for v in value):
        raise ValueError(f"{name} holds an empty text")
    return tuple(value)


def _check_gold(question: Question, documents: Mapping[str, str], where: str) -> None:
    for group in question.gold:
        for gold in group:
            text = documents.get(gold.doc)
            if text is None:
                raise EvaluationError(f"{where}: there is no document {gold.doc}")
            if gold.quote not in text:
                raise EvaluationError(
                    f"{where}: the quote {gold.quote[:40]!r} does not stand in {gold.doc}",
                    "mend the set, or use the documents that it was written for",
                )
