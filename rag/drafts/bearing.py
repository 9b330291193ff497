"""Whether sentences of the documents bear a claim: one of them, or several clause by clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.drafts.checked import Checked
from rag.drafts.nearest import Near, citations, nearest, preceding, sentences_of, token_set
from rag.drafts.verbatim import within
from rag.seams import Corpus
from rag.text.normalise import fold_text
from rag.text.reading import reading
from rag.types import Place, ScoredChunk, Verdict
from rag.verify.parted import clauses
from rag.verify.verify import verify

_SHORT = 6
"""A clause of fewer characters (a date, a link word) is judged with its neighbour."""
_LEAST = 0.4
_BEHIND = 0.7
"""A sentence bears a claim only with so much of its tokens, and of what the nearest sentence has:
what a distant one seems to bear, a near one that differs contradicts."""
_AHEAD: dict[str, float] = {"negation_mismatch": 0.05, "number_mismatch": 0.15}
"""A sentence that differs so, and is nearer by so much, has the word."""
_SAME = 0.8
"""A sentence that holds so much of a claim is the one it was made of: where a number differs, no
others make up for it."""
_PAIRED = 3
"""Sentences that are tried together with the one before."""
_CLAUSE = re.compile(r"[^，,；;：:]+[，,；;：:]*")


def check_sentence(said: str, corpus: Corpus, hits: Sequence[ScoredChunk]) -> Checked:
    """One sentence against the passages: printed there, borne by one or more sentences, or not."""
    return weigh(said, corpus, nearest(said, corpus, sentences_of(corpus, hits)))


def weigh(said: str, corpus: Corpus, near: Sequence[Near]) -> Checked:
    """The verdict over the nearest sentences: the best one's, unless another or several bear it."""
    if not near:
        return Checked(said, "unsupported", "文件中没有相近的内容", ())
    key = fold_text(said)
    for one in near:
        if key in fold_text(one.quote):
            exact = next(within(key, corpus, one.place), one.place)
            return Checked(said, "supported", "原文", citations(corpus, [exact]))
    enough = max(_LEAST, _BEHIND * near[0].share)
    verdicts: list[tuple[Verdict, str]] = []
    for one in near:
        verdict, why = verify(said, [one.quote], one.context)
        if verdict == "supported" and one.share >= enough:
            nearer = zip(near, verdicts, strict=False)
            if any(other.share - one.share > _AHEAD.get(v, 1.0) for other, (v, _) in nearer):
                break
            return Checked(said, verdict, why, citations(corpus, [one.place]))
        verdicts.append((verdict, why))
    verdict, why = verdicts[0]
    several: list[Place] = []
    if verdict != "negation_mismatch" and not (
        verdict == "number_mismatch" and near[0].share >= _SAME
    ):
        several = _borne_by_clauses(said, near)
    if verdict == "number_mismatch" and not several:
        several = _borne_by_pair(said, corpus, near)
    if several:
        return Checked(said, "supported", "", citations(corpus, several))
    if verdict == "supported":  # by too little: the nearest sentence is not near
        verdict, why = "unsupported", "文件中没有相近的内容"
    return Checked(said, verdict, why, citations(corpus, [near[0].place]))


def _borne_by_clauses(said: str, near: Sequence[Near]) -> list[Place]:
    """The sentences that bear each a clause of ``said``; none unless every clause is borne.

    Clause by clause, for over all quotes together a number of one could pass for another's.
    """
    parts = clauses(said, _CLAUSE, _SHORT)
    if len(parts) < 2:
        return []
    borne: list[Place] = []
    for clause in parts:
        shares = _nearest_first(clause, near)
        for share, one in shares:
            if (
                share >= max(_LEAST, _BEHIND * shares[0][0])
                and verify(clause, [one.quote], one.context)[0] == "supported"
            ):
                borne.append(one.place)
                break
        else:
            return []
    return list(dict.fromkeys(borne))


def _borne_by_pair(said: str, corpus: Corpus, near: Sequence[Near]) -> list[Place]:
    """A near sentence and the one before it, if both together bear ``said``: a name or a date that
    a sentence goes on about stands often in the one before."""
    for one in near[:_PAIRED]:
        before = preceding(corpus, one.place)
        if before is None:
            continue
        text = reading(corpus.document(before.doc).text[before.start : before.end])
        if verify(said, [text, one.quote], one.context)[0] == "supported":
            return [before, one.place]
    return []


def _nearest_first(clause: str, near: Sequence[Near]) -> list[tuple[float, Near]]:
    """``near`` by the share of the clause's tokens that each holds, most first."""
    wanted = token_set(clause)
    shares = [
        (len(wanted & token_set(one.quote)) / len(wanted) if wanted else 0.0, one) for one in near
    ]
    return sorted(shares, key=lambda pair: -pair[0])
