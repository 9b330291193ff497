"""Questions and documents as they are published, in one form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import EmptyInput, EvaluationError
from rag.evaluate.distract.near import EVERY, Near
from rag.evaluate.forms.squad import read_squad
from rag.evaluate.source import read, reason
from rag.evaluate.types import Gold
from rag.index.intake import Progress
from rag.load.document import make_document
from rag.text import fold_text, split_sentences, tokens
from rag.types import Document

TOP = 10
"""A news question is used where an article among so many nearest ones prints its answer."""
CLOSE = 0.4
"""Share of a news question's pairs of characters, its asking words too, that the sentence with the
answer has to hold. Without it about a third of the questions get a sentence about something else
(8条 of anything), with it about one in ten: read by hand, 40 questions each."""
SHORTEST = 2
"""Characters of an answer: a single one is printed everywhere."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may become a case. Each of ``gold`` proves the answer by itself; ``answers``
    are alternatives."""

    id: str
    kind: str
    question: str
    answers: tuple[str, ...]
    gold: tuple[Gold, ...]

    def folded(self) -> tuple[str, ...]:
        """The answers as they are compared."""
        return tuple(fold_text(answer).strip() for answer in self.answers)


def squad(paths: Sequence[Path]) -> tuple[list[Candidate], list[Document]]:
    """The answerable questions of reading-comprehension files, and all of their paragraphs."""
    candidates: list[Candidate] = []
    documents: list[Document] = []
    for path in paths:
        held = read_squad(read(path))
        documents += held.documents
        candidates += [
            Candidate(q.id, q.kind, q.turns[-1], q.answers, q.gold[0])
            for q in held.questions
            if q.answerable
        ]
    return candidates, documents


def articles(paths: Sequence[Path], progress: Progress) -> list[Document]:
    """The articles of .jsonl files, as documents FILE#ID; those without text are left out.

    Raises EvaluationError with file and line where a record is none or an id stands twice.
    """
    found: dict[str, Document] = {}
    for path in paths:
        source = read(path)
        for line, record in source.objects("record"):
            try:
                id, text = f"{path.name}#{record['id']}", record["text"]
                if not isinstance(text, str):
                    raise TypeError("its text is no text")
                if id in found:
                    raise ValueError(f"the id {record['id']} stands twice")
                found[id] = make_document(
                    id,
                    text,
                    format="jsonl",
                    title=str(record.get("title") or ""),
                    date=str(record.get("date") or ""),
                )
            except EmptyInput:
                continue
            except (KeyError, TypeError, ValueError) as error:
                raise EvaluationError(
                    f"{source.at(line)}: not an article ({reason(error)})"
                ) from None
            if len(found) % EVERY == 0:
                progress("read", len(found), None)
    return list(found.values())


def news_questions(path: Path, near: Near, news: set[str], progress: Progress) -> list[Candidate]:
    """The questions whose answer an article near them prints, in a sentence that is ``CLOSE`` to
    the question; gold is that sentence in each such article. The file does not say which article
    it asks about."""
    asked = list(_asked(path))
    candidates = []
    for number, (line, question, answer) in enumerate(asked):
        candidate = Candidate(f"{path.stem}-{line}", path.stem, question, (answer,), ())
        folded = candidate.folded()
        if number % EVERY == 0:
            progress("check", number, len(asked))
        if len(folded[0]) < SHORTEST:
            continue
        gold = [
            place
            for document in near.search(question, TOP)
            if document.id in news and near.prints(document.id, folded)
            if (place := _nearest_sentence(document, question, folded)) is not None
        ]
        if gold:
            candidates.append(
                Candidate(candidate.id, candidate.kind, question, (answer,), tuple(gold))
            )
    return candidates


def _asked(path: Path) -> Iterator[tuple[int, str, str]]:
    """(line, question, answer), each question once."""
    source = read(path)
    seen: set[str] = set()
    for line, record in source.objects("question"):
        question, answer = record.get("question"), record.get("answer")
        if not isinstance(question, str) or not isinstance(answer, str) or not question.strip():
            raise EvaluationError(f"{source.at(line)}: it has no question or no answer")
        if question not in seen:
            seen.add(question)
            yield line, question, answer


def _nearest_sentence(document: Document, question: str, answers: Iterable[str]) -> Gold | None:
    """Of the sentences that print an answer the one that holds most of the question; None where
    none is close, or the answer runs over the end of a sentence."""
    wanted = _pairs(question)
    best: tuple[float, Gold] | None = None
    for sentence in split_sentences(document.text):
        quote = document.text[sentence.start : sentence.end]
        folded = fold_text(quote)
        if any(answer in folded for answer in answers):
            share = len(wanted & _pairs(quote)) / max(1, len(wanted))
            if share >= CLOSE and (best is None or share > best[0]):
                best = share, Gold(document.id, quote, sentence.start)
    return best[1] if best else None


def _pairs(text: str) -> set[str]:
    """The tokens of more than one character: pairs of Han characters, words, numbers."""
    return {token for token in tokens(text) if len(token) > 1}
