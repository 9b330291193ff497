"""Asks the questions of a set and judges the answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.errors import ConfigError, EmbedderError, IndexError_, YinjuError
from rag.evaluate.journal import Journal
from rag.evaluate.measures import failed_scores, score_all, written, written_scores
from rag.evaluate.texts import Documents
from rag.evaluate.together import together
from rag.evaluate.types import Cited, Found, Question, QuestionSet, Record
from rag.index.reader import OpenIndex
from rag.types import Answer, Document

Progress = Callable[[int, int], None]
"""(done, total)."""
BATCH = 32
"""Answers judged at once: ten times as fast as one by one, and so many are in memory unjudged."""


class Asked(Protocol):
    """What a run needs of a pipeline."""

    def index(self) -> OpenIndex: ...

    def ask(self, turns: Sequence[str]) -> Answer: ...

    def ask_passages(self, turns: Sequence[str], passages: Sequence[str]) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, or the line of a fault."""

    question: Question
    answer: Answer
    error: str = ""
    asks_model: bool = False
    """Whether a language model would answer, were the evidence not too weak."""


def run(
    pipeline: Asked,
    question_set: QuestionSet,
    progress: Progress = lambda done, total: None,
    journal: Journal | None = None,
    *,
    asks_model: bool = False,
    workers: int = 1,
) -> tuple[Record, ...]:
    """A record of every question, in order; ``workers`` are asked at once.

    A question that cannot be answered becomes a record with its error; a fault of the index, the
    embedder or the settings, which would fail them all, is raised. What ``journal`` holds is not
    asked again, unless the model had failed there; what is new is added to it, after Ctrl-C as well,
    and where ``asks_model`` at once: such an answer is slow and may have cost money.
    """
    documents = Documents(lambda: pipeline.index().corpus)
    total = len(question_set.questions)
    known = {id: r for id, r in journal.done.items() if not r.fell_back} if journal else {}
    todo = [question for question in question_set.questions if question.id not in known]
    done = itertools.count(total - len(todo) + 1)

    def asked(question: Question) -> Outcome:
        outcome = _ask(pipeline, question, question_set.form == "passages")
        return replace(outcome, asks_model=asks_model)

    outcomes: list[Outcome] = []

    def keep() -> None:
        for record in judged(outcomes, documents):
            known[record.id] = record
            if journal:
                journal.add(record)
        outcomes.clear()

    def take(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if asks_model or len(outcomes) == BATCH:
            keep()
        progress(next(done), total)

    try:
        together(asked, todo, take, workers)
    finally:
        keep()
    return tuple(known[question.id] for question in question_set.questions)


def _ask(pipeline: Asked, question: Question, alone: bool) -> Outcome:
    """``alone``: the question is asked of its own passages, be there none."""
    try:
        if alone or question.passages:
            return Outcome(question, pipeline.ask_passages(question.turns, question.passages))
        return Outcome(question, pipeline.ask(question.turns))
    except (IndexError_, EmbedderError, ConfigError):
        raise
    except YinjuError as error:
        last = question.turns[-1]
        return Outcome(question, Answer(last, last, "", "extractive", refused=False), str(error))


def judged(outcomes: Sequence[Outcome], documents: Mapping[str, Document]) -> list[Record]:
    """The records of outcomes; ``documents`` holds the canonical texts by id."""
    good = [(one.question, one.answer) for one in outcomes if not one.error]
    scores = iter(score_all(good, documents))
    return [
        _record(one, failed_scores(one.question) if one.error else next(scores)) for one in outcomes
    ]


def _record(outcome: Outcome, scores: Mapping[str, float]) -> Record:
    question, answer = outcome.question, outcome.answer
    of = None if outcome.error else written(answer, outcome.asks_model)
    if of is not None:
        right = scores["right"] == 1.0
        scores = {**scores, **written_scores(of, answer.usage, right)}
    return Record(
        id=question.id,
        kind=question.kind,
        turns=question.turns,
        answerable=question.answerable,
        gold=question.gold,
        must=question.must,
        answer=answer.answer,
        refused=answer.refused,
        confidence=round(float(answer.confidence), 6),
        mode=answer.mode,
        reason=answer.reason,
        citations=tuple(
            Cited(c.doc, c.start, c.end, c.quote, tuple(dict.fromkeys(p.doc for p in c.also)))
            for c in answer.citations
        ),
        passages=tuple(
            Found(p.doc, p.start, p.end, round(float(p.score), 6), p.text) for p in answer.passages
        ),
        scores=dict(scores),
        milliseconds=float(answer.timings_ms.get("total", 0.0)),
        error=outcome.error,
        written=of,
        usage=answer.usage,
    )
