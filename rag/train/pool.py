"""The order of passages: questions over all passages of a source at once, and trees fitted on them.

What of the passages found for a question answers it: the one that it was written over, and any that
prints the answer in the same words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rag.answer.engine import weigh
from rag.errors import EmptyInput
from rag.evaluate.prepare import over
from rag.evaluate.types import Question
from rag.load.document import make_document
from rag.pipeline import Pipeline
from rag.read.stage import Stage
from rag.retrieve.aliases import Aliases
from rag.retrieve.evidence import Frequency, Ranker
from rag.retrieve.followup import standalone
from rag.retrieve.passages import by_passage, passage_features
from rag.retrieve.scored import Scored
from rag.retrieve.trees import Trees
from rag.retrieve.views import QuestionView
from rag.retrieve.weights import Weights
from rag.seams import Corpus
from rag.text import fold_text, tokens
from rag.train.cases import Paragraph, holds_gold
from rag.train.evidence import ranked_by
from rag.train.forest import fit_answer
from rag.train.reader.labelled import Row
from rag.types import Document, Query, ScoredChunk

OWN = 4.0
"""Weight of the questions of a folder's own documents: few passages, much alike, for which the nearest in
words is often the wrong one. Without them these lose what the others gain."""
ALIKE = 0.5
"""Share of the shorter one's pairs of characters that two passages have in common which print the
same: articles are taken over from agencies nearly word for word."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A question with its folded answers and the passages, by number, that it was asked of."""

    question: str
    answers: tuple[str, ...]
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages with questions, each asked of all of them."""

    texts: tuple[str, ...]
    asked: tuple[Sought, ...]


@dataclass(frozen=True, slots=True)
class Pooled:
    """A question with the passages found for it, all of their sentences, and which passages are
    ``right``. ``weight`` is its share in the loss."""

    view: QuestionView
    hits: tuple[ScoredChunk, ...]
    sentences: tuple[Scored, ...]
    right: npt.NDArray[np.bool_]
    weight: float = 1.0


def of_paragraphs(paragraphs: Sequence[Paragraph]) -> Pool:
    """All paragraphs, with those of their questions that they answer."""
    asked = [
        Sought(one.question, one.answers, (number,))
        for number, paragraph in enumerate(paragraphs)
        for one in paragraph.posed
        if one.span is not None
    ]
    return Pool(tuple(p.text for p in paragraphs), tuple(asked))


def of_rows(rows: Sequence[Row]) -> Pool:
    """All passages of labelled questions, those that answer and those near them."""
    numbers: dict[str, int] = {}
    for row in rows:
        for text in (*row.positive, *row.negative):
            numbers.setdefault(text, len(numbers))
    asked = [
        Sought(
            row.question,
            tuple(fold_text(answer).strip() for answer in row.answers),
            tuple(numbers[text] for text in row.positive),
        )
        for row in rows
    ]
    return Pool(tuple(numbers), tuple(asked))


def pooled(
    pipeline: Pipeline, pool: Pool, ranker: Ranker, limit: int, stage: Stage | None = None
) -> Iterator[Pooled]:
    """At most ``limit`` of the questions, evenly taken, each with what is found for it; those for
    which nothing that answers is found are left out. The index is kept below the index folder of
    ``pipeline``."""
    texts = pool.texts
    key = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    there = over(pipeline, key, lambda: _documents(texts), lambda *done: None).pipeline
    count = min(limit, len(pool.asked))
    for number in range(count):
        sought = pool.asked[number * len(pool.asked) // count]
        query = Query(sought.question, sought.question)
        corpus, hits, frequency = there.retrieved(query)
        right = np.array(
            [_answers(sought, texts, int(hit.doc), hit.chunk.start, hit.chunk.end) for hit in hits],
            dtype=bool,
        )
        if right.any() and not right.all():
            found = weigh(query, corpus, hits, ranker, Aliases(), frequency, stage=stage)
            yield Pooled(found.view, tuple(hits), found.every, right)
    there.index().close()


def pooled_own(
    questions: Sequence[Question],
    retrieve: Callable[[Query], tuple[Corpus, list[ScoredChunk], Frequency]],
    ranker: Ranker,
    stage: Stage | None = None,
) -> Iterator[Pooled]:
    """The answerable questions of a set over an index, as for :func:`pooled`."""
    for question in questions:
        query = standalone(question.turns)
        corpus, hits, frequency = retrieve(query)
        found = weigh(query, corpus, hits, ranker, Aliases(), frequency, stage=stage)
        held = by_passage(hits, found.every)
        right = np.array(
            [any(holds_gold(question, corpus, s.candidate) for s in own) for own in held]
        )
        if question.answerable and right.any() and not right.all():
            yield Pooled(found.view, tuple(hits), found.every, right, OWN)


def _documents(texts: Sequence[str]) -> Iterator[Document]:
    """Those in which anything can be seen, by their numbers."""
    for number, text in enumerate(texts):
        with suppress(EmptyInput):
            yield make_document(str(number), text, format="txt")


def _answers(sought: Sought, texts: Sequence[str], number: int, start: int, end: int) -> bool:
    said = texts[number][start:end]
    if not any(answer in fold_text(said) for answer in sought.answers):
        return False
    return number in sought.at or any(_alike(said, texts[other]) for other in sought.at)


def _alike(one: str, other: str) -> bool:
    first, second = _pairs(one), _pairs(other)
    return len(first & second) >= ALIKE * min(len(first), len(second))


@lru_cache(maxsize=50_000)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(token for token in tokens(text) if len(token) > 1)


def fit_passages(cases: Sequence[Pooled], weights: Weights) -> Trees | None:
    """Trees over :func:`passage_features`, the sentences scored by ``weights``. None where there is nothing to learn from."""
    if not cases:
        return None
    rows, labels, share = [], [], []
    for case in cases:
        found = ranked_by(weights.rank, case.sentences, weights.level)
        rows.append(passage_features(case.view, case.hits, found, weights.features))
        labels.append(case.right.astype(np.float32))
        share.append(np.full(len(case.hits), case.weight / len(case.hits), dtype=np.float32))
    return fit_answer(np.concatenate(rows), np.concatenate(labels), np.concatenate(share))
