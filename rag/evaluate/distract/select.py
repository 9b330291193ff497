"""Which questions are asked, which of them lose their answer, and which documents stay."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.errors import EvaluationError
from rag.evaluate.distract.near import EVERY, Near
from rag.evaluate.distract.sources import Candidate
from rag.index.intake import Progress

HOLDERS = 50
"""So many documents nearest to a question are looked through for its answer."""
KEPT_NEAR = 3
"""So many of the nearest documents without the answer are sure to stay."""


@dataclass(frozen=True, slots=True)
class Selection:
    """``order`` are all the questions, shuffled; ``unanswerable`` the ids of those whose answer
    stands in ``removed`` documents only, as far as ``HOLDERS`` can tell. ``wanted`` documents have
    to be in the corpus."""

    order: tuple[Candidate, ...]
    unanswerable: frozenset[str]
    removed: frozenset[str]
    wanted: frozenset[str]


def select(
    candidates: Iterable[Candidate],
    near: Near,
    total: int,
    share: float,
    seed: int,
    progress: Progress,
) -> Selection:
    """``total`` questions, the ``share`` of them unanswerable; the same seed, the same questions.

    Unanswerable is made document by document: a paragraph goes with all the questions about it, so
    that few paragraphs are lost to the answerable ones. With it goes every document among the
    ``HOLDERS`` nearest to the question that prints the answer. Removing every document that prints
    it anywhere would empty the corpus for an answer such as 北京; what is far from the question by
    BM25 and prints the answer speaks of something else. An answer in other words may remain.
    Raises EvaluationError where the candidates are too few.
    """
    order = sorted(candidates, key=lambda c: c.id)
    for one, other in pairwise(order):
        if one.id == other.id:
            raise EvaluationError(f"the question id {one.id} stands in two files")
    rng = random.Random(seed)
    rng.shuffle(order)
    lost, removed, kept = _made_unanswerable(order, near, round(total * share), progress)
    stay = [c for c in order if c.id not in lost and not removed & {g.doc for g in c.gold}]
    stay = stay[: total - len(lost)]
    if len(stay) + len(lost) < total:
        raise EvaluationError(
            f"there are {len(stay) + len(lost)} questions to choose from, not {total} "
            f"({len(order)} were read; those about documents that had to go cannot be asked)",
            "ask for fewer --questions, or for a smaller share of --unanswerable",
        )
    chosen = [c for c in order if c.id in lost] + stay
    rng.shuffle(chosen)
    return Selection(
        order=tuple(chosen),
        unanswerable=frozenset(lost),
        removed=frozenset(removed),
        wanted=frozenset({g.doc for c in stay for g in c.gold} | (kept - removed)),
    )


def _made_unanswerable(
    order: Sequence[Candidate], near: Near, wanted: int, progress: Progress
) -> tuple[set[str], set[str], set[str]]:
    """(ids of the questions, documents that go, nearest documents without the answer)."""
    about: dict[str, list[Candidate]] = {}
    for candidate in order:
        about.setdefault(candidate.gold[0].doc, []).append(candidate)
    lost: set[str] = set()
    removed: set[str] = set()
    kept: set[str] = set()
    for group in about.values():
        for candidate in group[: wanted - len(lost)]:
            if len(lost) % EVERY == 0:
                progress("check", len(lost), wanted)
            lost.add(candidate.id)
            found = [d.id for d in near.search(candidate.question, HOLDERS)]
            answers = candidate.folded()
            holders = {doc for doc in found if near.prints(doc, answers)}
            holders |= {g.doc for g in candidate.gold}
            removed |= holders
            kept |= set([doc for doc in found if doc not in holders][:KEPT_NEAR])
        if len(lost) == wanted:
            break
    return lost, removed, kept


def corpus(
    selection: Selection, paragraphs: Sequence[str], news: Sequence[str], size: int, seed: int
) -> list[str]:
    """The ids of ``size`` documents, sorted (fewer where there are no more): those that are needed,
    then the other paragraphs, the nearest distractors there are, then news at random.

    Raises EvaluationError where what is needed is more.
    """
    if len(selection.wanted) > size:
        raise EvaluationError(
            f"the questions need {len(selection.wanted)} documents, more than {size}",
            "ask for more --articles or fewer --questions",
        )
    shuffled = sorted(news)
    random.Random(seed).shuffle(shuffled)
    offered = dict.fromkeys([*sorted(selection.wanted), *sorted(paragraphs), *shuffled])
    return sorted([doc for doc in offered if doc not in selection.removed][:size])
