"""SQuAD-style reading comprehension: SQuAD 1.1 and 2.0, CMRC2018 (both of its forms), DRCD.

Each paragraph becomes a document FILE#ID; the same text twice is one document. The answer's span is
the gold. (Rajpurkar et al. 2016, arXiv:1606.05250; 2018, arXiv:1806.03822; Cui et al. 2019,
arXiv:1810.07366; Shao et al. 2018, arXiv:1806.00920.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rag.errors import EmptyInput, EvaluationError
from rag.evaluate.sets import by_id
from rag.evaluate.source import Source, checksum, loads, reason
from rag.evaluate.types import Gold, Question, QuestionSet
from rag.load.document import make_document
from rag.types import Document

UNANSWERABLE = "unanswerable"
"""The kind of a question that its set marks as impossible; the others have the file's name."""


def read_squad(source: Source) -> QuestionSet:
    """The questions of a file with its paragraphs as documents.

    Gold has the published offset where the answer stands there, else the nearest place at which it
    does. A reference answer that its paragraph does not print is kept as an answer, but is no
    gold. Where nothing is asked (CMRC2018 has such an entry) there is no question. Raises
    EvaluationError naming the question where none of its answers is printed, else the paragraph
    (from 0) that is not in the form.
    """
    name = source.path.name
    documents: dict[str, Document] = {}  # by text
    ids: set[str] = set()
    questions = []
    where = str(source.path)
    try:
        for number, (title, paragraph) in enumerate(_paragraphs(loads(source.data))):
            where = f"{source.path}, paragraph {number}"
            text = _text(paragraph, "context", "context_text")
            if text not in documents:
                id = f"{name}#{_first(paragraph, 'id', 'context_id') or number}"
                while id in ids:
                    id += "+"
                ids.add(id)
                documents[text] = make_document(id, text, format="squad", title=title)
            for asked in paragraph["qas"]:
                if _text(asked, "question", "query_text").strip():
                    questions.append(_question(asked, documents[text], source))
    except EmptyInput:
        raise EvaluationError(f"{where}: it has no text") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EvaluationError(
            f"{where}: not SQuAD-style JSON ({reason(error)})",
            "it holds data: [{paragraphs: [{context, qas: [{id, question, answers}]}]}]",
        ) from None
    return QuestionSet(
        source.path.stem,
        "squad",
        checksum(source),
        tuple(by_id(questions, source)),
        tuple(documents.values()),
    )


def _paragraphs(data: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(title, paragraph): of articles with paragraphs, or of a flat list of paragraphs."""
    for article in data["data"] if isinstance(data, dict) else data:
        title = str(article.get("title") or "")
        for paragraph in article.get("paragraphs", [article]):
            yield title, paragraph


def _question(asked: Mapping[str, Any], document: Document, source: Source) -> Question:
    id = _text(asked, "id", "query_id")
    question = _text(asked, "question", "query_text")
    if asked.get("is_impossible"):
        return Question(id, UNANSWERABLE, (question,), False)
    given = [(text, start) for text, start in _answers(asked.get("answers")) if text.strip()]
    if not given:
        raise EvaluationError(
            f"{source.path}: question {id} has no answer",
            "mark it with is_impossible: true where its paragraph does not answer it",
        )
    gold = [
        Gold(document.id, text, at)
        for text, start in given
        if (at := place_of(text, document.text, start)) is not None
    ]
    if not gold:
        raise EvaluationError(
            f"{source.path}: question {id}: the answer {given[0][0][:40]!r} does not stand in its "
            "paragraph",
            "mend or remove the question",
        )
    answers = tuple(dict.fromkeys(text for text, _ in given))
    return Question(
        id=id,
        kind=source.path.stem,
        turns=(question,),
        answerable=True,
        gold=(tuple(dict.fromkeys(gold)),),
        must=(answers,),
        answers=answers,
    )


def place_of(part: str, text: str, near: int) -> int | None:
    """The start of the occurrence of ``part`` that is nearest to ``near``; None where there is
    none. Of two as near, the first."""
    if near >= 0 and text.startswith(part, near):
        return near
    after = text.find(part, max(near, 0))
    before = text.rfind(part, 0, max(near, 0) + len(part))
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: abs(at - near)) if found else None


def _answers(value: Any) -> Sequence[tuple[str, int]]:
    """(text, published offset, 0 where there is none): of objects, of texts, or of two lists."""
    if isinstance(value, dict):
        return list(zip(value["text"], map(int, value["answer_start"]), strict=True))
    return [
        (a, 0) if isinstance(a, str) else (_text(a, "text"), int(a.get("answer_start", 0)))
        for a in value or ()
    ]


def _first(data: Mapping[str, Any], *names: str) -> Any:
    return next((data[name] for name in names if name in data), None)


def _text(data: Mapping[str, Any], *names: str) -> str:
    """The first of these fields; a number counts as its digits."""
    value = _first(data, *names)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{names[0]} is missing or not a text")
    return value
