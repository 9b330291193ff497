"""A language model's parsed reply as an Answer; imported only where a model is asked."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from rag.answer.beside import beside
from rag.answer.engine import Weighed, as_evidence, refuse
from rag.answer.llm import Draft, answer_with_model
from rag.answer.rewriting import rewrite
from rag.answer.understood import Rewritten
from rag.conflicts.find import with_conflicts
from rag.errors import ModelError, ModelRefusedKey, ModelUnreachable
from rag.retrieve.english import is_english
from rag.seams import ChatModel, Corpus, Entailment
from rag.text.normalise import fold_text
from rag.types import Answer, Query, Usage


def understand(turns: Sequence[str], chat: ChatModel) -> Generator[Answer, None, Rewritten]:
    """The last turn standing alone, by the model; yields empty answers meanwhile, so that the
    caller can stop it."""
    steps = rewrite(turns, chat)
    waiting = Answer(turns[-1], turns[-1], "", mode="llm", refused=False)
    with closing(steps):
        while True:
            try:
                next(steps)
            except StopIteration as end:
                rewritten: Rewritten = end.value
                return rewritten
            yield waiting


def model_answers(
    rewritten: Rewritten,
    weighed: Weighed,
    corpus: Corpus,
    chat: ChatModel,
    budget: int,
    verifier: Entailment | None = None,
) -> Generator[Answer, None, None]:
    """Growing answers, the last one checked sentence by sentence; ``budget`` is the evidence in the
    prompt, in characters. Raises a ModelError where the reply gives no whole sentence; closing the
    iterator stops the model."""
    if isinstance(rewritten.error, ModelUnreachable | ModelRefusedKey):
        raise rewritten.error  # it was not there a moment ago: once is enough to wait for it
    query = rewritten.query
    base = Answer(query.question, query.standalone, "", mode="llm", refused=False)
    evidence = as_evidence(weighed, corpus)
    parts = answer_with_model(
        query.question,
        query.standalone,
        evidence,
        chat,
        corpus.document,
        budget,
        around=beside(weighed, corpus, evidence),
        verifier=verifier,
    )
    with closing(parts):
        for part in parts:
            if isinstance(part, Draft):
                yield replace(base, answer=part.text)
                continue
            final = (
                replace(refuse(query, weighed), mode="llm", reason=_not_found(query))
                if part.refused
                else replace(
                    base,
                    answer=part.text,
                    citations=part.citations,
                    sentences=part.sentences,
                    reason=part.reason,
                    confidence=weighed.probability,
                    dropped=part.dropped,
                    cut_off=part.label == "cut off",
                )
            )
            usage = _sum(rewritten.usage, part.usage)
            final = replace(final, model=chat.name, usage=usage, left_out=part.left_out)
            yield with_conflicts(final, weighed.view, weighed.ranked, corpus)


def fell_back(query: Query, error: ModelError) -> str:
    """Why the answer is extractive."""
    if is_english(fold_text(query.question)):
        return f"the language model gave no answer ({error}); extractive instead"
    return f"语言模型没有给出回答（{error}），改用抽取式回答"


def _not_found(query: Query) -> str:
    if is_english(fold_text(query.question)):
        return "the model found no answer in these passages"
    return "模型在这些段落里没有找到答案"


def _sum(first: Usage | None, second: Usage | None) -> Usage | None:
    """What both calls took; the time to the first text is the answer's."""
    if first is None or second is None:
        return second or first
    return Usage(
        first.prompt_tokens + second.prompt_tokens,
        first.completion_tokens + second.completion_tokens,
        second.first_ms,
        first.cost + second.cost,
    )
