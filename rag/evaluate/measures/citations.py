"""What an answer cites, against gold quotes or spans. Pure, no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rag.evaluate.measures.text import longest_common_run, normalised
from rag.evaluate.types import Gold, Question
from rag.types import Answer, Citation, Document

HALF = 0.5
"""A citation reaches gold where they share this much of the shorter of the two."""


def citation_scores(
    question: Question, answer: Answer, documents: Mapping[str, Document]
) -> dict[str, float]:
    """cited, citation_precision, citation_recall, evidence_f1 and verbatim.

    A refusal cites nothing: ``cited`` and ``citation_recall`` are 0. Absent where they do not
    apply: all but ``verbatim`` without gold or where unanswerable, ``citation_precision``,
    ``evidence_f1`` and ``verbatim`` without a citation, ``evidence_f1`` where gold are spans: the
    words of an answer are no evidence sentence.
    """
    scores: dict[str, float] = {}
    citations = answer.citations
    if question.answerable and (question.gold or question.rejected_gold):
        given = () if answer.refused else citations
        reached = [any(reaches(c, g) for c in given for g in group) for group in question.gold]
        again = any(reaches(c, gold) for c in given for gold in question.rejected_gold)
        scores["cited"] = float(not answer.refused and all(reached) and not again)
        if question.gold:
            scores["citation_recall"] = sum(reached) / len(reached)
            if given:
                scores["citation_precision"] = _precision(given, question.gold)
                if all(gold.start is None for group in question.gold for gold in group):
                    scores["evidence_f1"] = evidence_f1([c.quote for c in given], question.gold)
    if citations:
        scores["verbatim"] = sum(verbatim(c, documents) for c in citations) / len(citations)
    return scores


def reaches(citation: Citation, gold: Gold) -> bool:
    """Whether a citation, or another place that prints the same, holds most of a gold quote.

    Gold with an offset: the spans share half of the shorter one. Gold without: one text holds the
    other, or they share a run of half of the shorter one.
    """
    if gold.start is not None:
        return any(covers(*place, gold) for place in _places(citation))
    if all(doc != gold.doc for doc, _, _ in _places(citation)):
        return False
    one, other = normalised(citation.quote), normalised(gold.quote)
    if not (one and other):
        return False
    if one in other or other in one:
        return True
    return longest_common_run(one, other) >= HALF * min(len(one), len(other))


def covers(doc: str, start: int, end: int, gold: Gold) -> bool:
    """Whether ``[start, end)`` of ``doc`` shares half of the shorter span with gold that has one."""
    if doc != gold.doc or gold.start is None:
        return False
    shared = min(end, gold.start + len(gold.quote)) - max(start, gold.start)
    return shared > 0 and shared >= HALF * min(end - start, len(gold.quote))


def verbatim(citation: Citation, documents: Mapping[str, Document]) -> bool:
    """Whether the quote stands at its offsets; not where there is no such document."""
    document = documents.get(citation.doc)
    return document is not None and document.text[citation.start : citation.end] == citation.quote


def evidence_f1(quotes: Iterable[str], gold: Sequence[Sequence[Gold]]) -> float:
    """F1 in [0, 1] over characters as a bag, between the quotes and gold evidence.

    The evidence F1 of ExpMRC (Cui et al. 2022) with the overlap of Rajpurkar et al. 2016. Of each
    group the member counts that fits the quotes best.
    """
    said = Counter(normalised("".join(dict.fromkeys(quotes))))
    wanted: Counter[str] = Counter()
    for group in gold:
        members = [Counter(normalised(one.quote)) for one in group]
        best: Counter[str] = max(members, key=lambda member: _bag_f1(said, member))
        wanted += best
    return _bag_f1(said, wanted)


def _bag_f1(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _precision(citations: Sequence[Citation], gold: Sequence[Sequence[Gold]]) -> float:
    good = sum(any(reaches(c, g) for group in gold for g in group) for c in citations)
    return good / len(citations)


def _places(citation: Citation) -> Iterator[tuple[str, int, int]]:
    yield citation.doc, citation.start, citation.end
    for place in citation.also:
        yield place.doc, place.start, place.end
