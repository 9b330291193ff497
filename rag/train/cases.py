"""Questions with candidates and labels, from paragraphs with questions and from a question set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.answer.engine import Weighed, weigh
from rag.evaluate.sets import Question
from rag.read.stage import Stage
from rag.retrieve.aliases import Aliases
from rag.retrieve.evidence import Frequency, Ranker
from rag.retrieve.followup import standalone
from rag.retrieve.memory import MemoryCorpus
from rag.retrieve.question import take_apart
from rag.retrieve.scored import Candidate
from rag.seams import Corpus
from rag.text import fold_text, parse
from rag.train.evidence import Case
from rag.train.perturb import near_misses
from rag.train.reader.passages import Passage
from rag.types import Document, Query, ScoredChunk

SEED = 20261121
RARE = 0.4
"""Weight of a paraphrase: the set holds more of them than people ask."""


@dataclass(frozen=True, slots=True)
class Posed:
    """A question over a paragraph; ``span`` is (start, length) of the answer there, None where the
    paragraph does not say it. None of ``answers`` may stand in a paragraph that does not answer."""

    question: str
    answers: tuple[str, ...]
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text with the questions that were asked of it."""

    text: str
    posed: tuple[Posed, ...]


def read_squad(path: Path) -> list[Paragraph]:
    """The paragraphs of a file in SQuAD form; a question without answers is one that its paragraph
    does not answer (SQuAD 2)."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [
        Paragraph(
            p["context"],
            tuple(
                Posed(
                    qa["question"],
                    tuple(fold_text(a["text"]) for a in qa["answers"]),
                    next(((a["answer_start"], len(a["text"])) for a in qa["answers"]), None),
                )
                for qa in p["qas"]
            ),
        )
        for article in data
        for p in article["paragraphs"]
    ]


def of_asked(passages: Sequence[Passage]) -> list[Paragraph]:
    """Passages with written questions as paragraphs."""
    return [
        Paragraph(
            p.text[p.start : p.end],
            tuple(
                Posed(a.question, (fold_text(p.text[slice(*a.answer)]),),
                      (a.answer[0] - p.start, a.answer[1] - a.answer[0]))
                if a.answer
                else Posed(a.question, (), None)
                for a in p.questions
            ),
        )
        for p in passages
    ]  # fmt: skip


def paragraph_cases(
    paragraphs: Sequence[Paragraph],
    name: str,
    ranker: Ranker,
    limit: int,
    weight: float,
    *,
    passages: int = 5,
    stage: Stage | None = None,
    keep: Callable[[str], bool] = lambda question: True,
    misses: bool = True,
) -> Iterator[Case]:
    """Each question over its paragraph and the nearest others, again without its paragraph (then
    unanswerable), and with ``misses`` its near misses."""
    texts = [p.text for p in paragraphs]
    parsed = [parse(Document(f"p{i}", text, ""), 320) for i, text in enumerate(texts)]
    folded = [fold_text(text) for text in texts]
    vectors = ranker.model.encode_documents(texts)
    asked = [(i, one) for i, p in enumerate(paragraphs) for one in p.posed if keep(one.question)]
    step = max(1, len(asked) // limit)
    rng = np.random.default_rng(SEED)
    for at, one in asked[::step][:limit]:
        question = one.question
        near = np.argsort(-(vectors @ ranker.model.encode_queries([question])[0]))
        others = [
            i
            for i in near[: 10 * passages].tolist()
            if i != at and not any(a in folded[i] for a in one.answers)
        ][:passages]
        corpus = MemoryCorpus([parsed[i] for i in sorted([at, *others[: passages - 1]])])
        if one.span is None:
            yield _squad_case(question, corpus, ranker, None, f"{name}-unsaid", weight, stage)
            continue
        yield _squad_case(question, corpus, ranker, (f"p{at}", *one.span), name, weight, stage)
        if misses:
            made = near_misses(question, _focus(ranker, question), rng)
            for kind, text in made[: 1 + _rare_first(made)]:
                yield _squad_case(text, corpus, ranker, None, f"{name}-{kind}", weight, stage)
        without = MemoryCorpus([parsed[i] for i in sorted(others)])
        yield _squad_case(question, without, ranker, None, name, weight, stage)


def _rare_first(made: Sequence[tuple[str, str]]) -> int:
    """One more where the first is rare (a year, an ordinal, a place)."""
    return int(bool(made) and made[0][0] != "attribute")


def _squad_case(
    question: str,
    corpus: MemoryCorpus,
    ranker: Ranker,
    gold: tuple[str, int, int] | None,
    group: str,
    weight: float,
    stage: Stage | None,
) -> Case:
    """One question over the passages of ``corpus``; ``gold`` is (document, start, length), None
    where they do not answer it."""
    weighed = _weigh(Query(question, question), corpus, corpus.hits(), ranker, None, stage)
    right = [
        gold is not None
        and s.candidate.doc == gold[0]
        and s.candidate.sentence.start < gold[1] + gold[2]
        and gold[1] < s.candidate.sentence.end
        for s in weighed.ranked
    ]
    return _case(weighed, right, gold is not None, weight, group)


def _focus(ranker: Ranker, question: str) -> str:
    """The last word before the asking word."""
    focus = ranker.view_question(take_apart(question), Aliases()).focus
    return focus[0][0] if focus else ""


def _case(
    weighed: Weighed, right: Sequence[bool], answerable: bool, weight: float, group: str
) -> Case:
    return Case(
        weighed.view,
        weighed.ranked,
        np.array(right, dtype=bool),
        answerable,
        weight,
        group,
        weighed.unseen,
    )


def question_cases(
    questions: Sequence[Question],
    retrieve: Callable[[Query], tuple[Corpus, list[ScoredChunk], Frequency]],
    ranker: Ranker,
    weight: float,
    group: str,
    stage: Stage | None = None,
    misses: bool = True,
) -> Iterator[Case]:
    """From a question set over an index, and with ``misses`` its near misses; ``retrieve(query)``
    gives (corpus, hits, frequency)."""
    rng = np.random.default_rng(SEED)
    for question in questions:
        query = standalone(question.turns)
        corpus, hits, frequency = retrieve(query)
        weighed = _weigh(query, corpus, hits, ranker, frequency, stage)
        right = [holds_gold(question, corpus, s.candidate) for s in weighed.ranked]
        share = weight * (RARE if question.kind == "paraphrase" else 1.0)
        yield _case(weighed, right, question.answerable, share, group)
        if misses and question.answerable and question.kind not in ("conflict", "false_premise"):
            for kind, text in near_misses(query.standalone, _focus(ranker, query.standalone), rng):
                near = Query(text, text)
                corpus, hits, frequency = retrieve(near)
                weighed = _weigh(near, corpus, hits, ranker, frequency, stage)
                none = [False] * len(weighed.ranked)
                yield _case(weighed, none, False, weight / 4, f"{group}-{kind}")


def passage_cases(
    questions: Sequence[Question],
    chunk_size: int,
    ranker: Ranker,
    weight: float,
    group: str,
    stage: Stage | None = None,
) -> Iterator[Case]:
    """From questions that bring their own passages."""
    for question in questions:
        documents = [Document(f"passage#{i}", t, "") for i, t in enumerate(question.passages)]
        corpus = MemoryCorpus([parse(document, chunk_size) for document in documents])
        weighed = _weigh(standalone(question.turns), corpus, corpus.hits(), ranker, None, stage)
        right = [holds_gold(question, corpus, s.candidate) for s in weighed.ranked]
        yield _case(weighed, right, question.answerable, weight, group)


def _weigh(
    query: Query,
    corpus: Corpus,
    hits: Sequence[ScoredChunk],
    ranker: Ranker,
    frequency: Frequency | None,
    stage: Stage | None,
) -> Weighed:
    return weigh(query, corpus, hits, ranker, Aliases(), frequency, stage=stage)


def holds_gold(question: Question, corpus: Corpus, candidate: Candidate) -> bool:
    """Whether a sentence is one of those, or part of one, that prove the answer."""
    text = corpus.document(candidate.doc).text
    start, end = candidate.sentence.start, candidate.sentence.end
    said = fold_text(text[start:end])
    for group in question.gold:
        for gold in group:
            quote = fold_text(gold.quote)
            if gold.doc == candidate.doc and (quote in said or (len(said) > 8 and said in quote)):
                return True
    return False
