"""Question sets in this project's own form: one JSON object a line, checked when it is read.

{id, kind, turns, answerable, gold: [[{doc, quote, start?}, …], …], must: [[…], …], answers?,
passages?}: every group is needed, inside a group any one does. Gold is a document and a verbatim
quote, never a chunk id, so that a set outlives every change of chunking. ``start`` says at which
offset the quote stands where only that place will do. With ``passages`` the question is asked of
these texts alone, and gold names passage#0, passage#1 …
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.pins import check_pins
from rag.evaluate.source import Source, read, reason
from rag.evaluate.types import Gold, Question

__all__ = [
    "Gold",
    "Question",
    "by_id",
    "check_gold",
    "own_questions",
    "passages_by_id",
    "read_set",
    "texts",
]


def read_set(path: Path, documents: Mapping[str, str] | None = None) -> list[Question]:
    """The cases of a file, in order.

    ``documents`` (id to canonical text) verifies every quote, and before that the versions that the
    sidecar pins. Raises EvaluationError with file, line and reason.
    """
    source = read(path)
    if documents is not None:
        check_pins(path, documents)
    return own_questions(source, documents)


def own_questions(source: Source, documents: Mapping[str, str] | None) -> list[Question]:
    """The cases of what was read; the pins are the caller's to check."""
    source.text()  # raises where it is not UTF-8, before a line is blamed
    questions = []
    for number, data in source.objects("case"):
        where = source.at(number)
        try:
            question = _question(data, number)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationError(f"{where}: not a case ({reason(error)})") from None
        held = passages_by_id(question.passages) if question.passages else documents
        if held is not None:
            check_gold(question.gold, held, where)
        questions.append(question)
    return by_id(questions, source)


def by_id(questions: Iterable[Question], source: Source) -> list[Question]:
    """The questions of a file. Raises EvaluationError where there is none, or two have one id."""
    found: dict[str, Question] = {}
    for question in questions:
        if question.id in found:
            where = source.at(question.line) if question.line else str(source.path)
            raise EvaluationError(f"{where}: the id {question.id} stands twice")
        found[question.id] = question
    if not found:
        raise EvaluationError(f"the question set {source.path} is empty")
    return list(found.values())


def passages_by_id(passages: Iterable[str]) -> dict[str, str]:
    """Passages that come with a question as documents: passage#0, passage#1 …"""
    return {f"passage#{number}": text for number, text in enumerate(passages)}


def check_gold(groups: Iterable[Iterable[Gold]], documents: Mapping[str, str], where: str) -> None:
    """Raises EvaluationError where a quote does not stand in its document (at its ``start``)."""
    for gold in (gold for group in groups for gold in group):
        text = documents.get(gold.doc)
        if text is None:
            raise EvaluationError(
                f"{where}: there is no document {gold.doc}",
                "use the documents that the set was written for",
            )
        if gold.start is None:
            stands, place = gold.quote in text, ""
        else:
            stands, place = text.startswith(gold.quote, gold.start), f" at {gold.start}"
        if not stands:
            raise EvaluationError(
                f"{where}: the quote {gold.quote[:40]!r} does not stand in {gold.doc}{place}",
                "mend the set, or use the documents that it was written for",
            )


def texts(value: Any, name: str) -> tuple[str, ...]:
    """A list of one or more texts. Raises ValueError."""
    if value == []:
        raise ValueError(f"no {name}")
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ValueError(f"{name} is not a list of texts")
    if not all(v.strip() for v in value):
        raise ValueError(f"{name} holds an empty text")
    return tuple(value)


def _question(data: Mapping[str, Any], line: int) -> Question:
    turns = texts(data["turns"], "turns")
    answerable = data["answerable"]
    if not isinstance(answerable, bool):
        raise ValueError("answerable is neither true nor false")
    gold = tuple(tuple(_gold(g) for g in group) for group in data["gold"])
    must = tuple(texts(group, "must") for group in data["must"])
    if answerable and not (gold and must):
        raise ValueError("answerable, but no gold or no must")
    if not all(gold):
        raise ValueError("an empty gold group")
    return Question(
        id=str(data["id"]),
        kind=str(data["kind"]),
        turns=turns,
        answerable=answerable,
        gold=gold,
        must=must,
        answers=texts(data["answers"], "answers") if "answers" in data else (),
        passages=texts(data["passages"], "passages") if "passages" in data else (),
        line=line,
    )


def _gold(data: Mapping[str, Any]) -> Gold:
    doc, quote, start = data["doc"], data["quote"], data.get("start")
    if not isinstance(doc, str) or not isinstance(quote, str) or not quote.strip():
        raise ValueError("a gold place without a document or a quote")
    if start is not None and (not isinstance(start, int) or isinstance(start, bool) or start < 0):
        raise ValueError(f"start is {start!r}, not an offset")
    return Gold(doc, quote, start)
