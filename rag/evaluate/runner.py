"""Runs a question set through a pipeline and sums up."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.errors import EvaluationError
from rag.evaluate.judge import Judged, judge
from rag.evaluate.sets import Question
from rag.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run; shares in [0, 1], lengths in characters, times in milliseconds."""

    cases: int
    right: float
    said: float
    cited: float
    refused_unanswerable: float
    false_refusals: float
    refusal_auc: float
    verbatim: float
    hit_at_1: float
    hit_at_5: float
    mean_reciprocal_rank: float
    median_length: float
    mean_length: float
    p50_ms: float
    p95_ms: float
    by_kind: dict[str, tuple[int, float]]


def run(
    pipeline: Pipeline,
    questions: Sequence[Question],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Judged]:
    """Every case, in order."""
    corpus = pipeline.index().corpus
    documents = {doc: corpus.document(doc) for doc in corpus.ids()}
    judged = []
    for number, question in enumerate(questions, start=1):
        judged.append(judge(question, pipeline.ask(question.turns), documents))
        progress(number, len(questions))
    return judged


def summarise(judged: Sequence[Judged]) -> Summary:
    """The figures; raises EvaluationError where there is no case."""
    if not judged:
        raise EvaluationError("there is no case to sum up")
    yes = [j for j in judged if j.answerable]
    no = [j for j in judged if not j.answerable]
    kinds: dict[str, list[bool]] = defaultdict(list)
    for j in judged:
        kinds[j.kind].append(j.right)
    answered = [j for j in yes if not j.refused]
    times = sorted(j.milliseconds for j in judged)
    return Summary(
        cases=len(judged),
        right=_share([j.right for j in yes]),
        said=_share([j.said for j in yes]),
        cited=_share([j.cited for j in yes]),
        refused_unanswerable=_share([j.refused for j in no]),
        false_refusals=_share([j.refused for j in yes]),
        refusal_auc=auc([j.confidence for j in yes], [j.confidence for j in no]),
        verbatim=_share([j.verbatim for j in judged]),
        hit_at_1=_share([j.hit_rank == 1 for j in yes]),
        hit_at_5=_share([1 <= j.hit_rank <= 5 for j in yes]),
        mean_reciprocal_rank=_mean([1 / j.hit_rank if j.hit_rank else 0.0 for j in yes]),
        median_length=statistics.median([j.length for j in answered] or [0]),
        mean_length=_mean([float(j.length) for j in answered]),
        p50_ms=times[len(times) // 2],
        p95_ms=times[min(len(times) - 1, int(len(times) * 0.95))],
        by_kind={k: (len(v), _share(v)) for k, v in sorted(kinds.items())},
    )


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive is above a negative, ties count half (Mann–Whitney U)."""
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    return _mean(pairs)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
