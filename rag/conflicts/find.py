"""Conflicts between sources, shown as facts: one subject, one kind of value, different values.

Pure over the sentences of an answer and the other sentences weighed for the same question: of each
document the value that answers the question best is held against that of the answer's source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.conflicts.happenings import moments_of
from rag.conflicts.holders import asks_name, names_of
from rag.conflicts.numbering import Numbers
from rag.conflicts.same import one_thing
from rag.conflicts.sought import Sought, share
from rag.conflicts.statements import amounts_of
from rag.conflicts.told import Told
from rag.conflicts.values import Value, agree, of_one_unit
from rag.retrieve.scored import Candidate, Scored
from rag.retrieve.views import QuestionView
from rag.seams import Corpus
from rag.types import Answer, Conflict, Stated

SOURCES = 4
"""Sources a conflict."""
LOOKED_AT = 30
"""The best sentences of the question that are compared."""
_NEAR = 0.45
"""The share of the best score from which on a sentence may answer."""
_TOPIC = 240
"""Characters of an article's beginning that say what it is about."""


@dataclass(frozen=True)
class Source:
    """The best that a document says to the question, with all values that its sentences give."""

    candidate: Candidate
    told: Told
    value: Value
    all: tuple[Value, ...]


def conflicts(
    answer: Answer, question: QuestionView, ranked: Sequence[Scored], corpus: Corpus
) -> tuple[Conflict, ...]:
    """What the sources give otherwise than the answer; none for a refusal. ``ranked`` are the
    sentences weighed for the question, best first. New citations go on from the answer's."""
    if answer.refused or not answer.citations:
        return ()
    sought = Sought.of(question)
    if not (sought.when or sought.how_much or asks_name(sought)):
        return ()
    sources = _sources(sought, ranked[:LOOKED_AT], corpus)
    if len(sources) < 2:
        return ()
    cited = {n for s in answer.sentences if s.verdict == "supported" for n in s.citations}
    for citation in (c for c in answer.citations if c.n in cited):
        own = next((s for s in sources if s.candidate.doc == citation.doc), None)
        if own is None:
            continue
        against = _against(own, sources, sought)
        if against:
            numbers = Numbers(answer.citations, corpus)
            stated = tuple(
                Stated(s.value.printed, numbers.of(s.candidate), s.told.date)
                for s in (own, *against[: SOURCES - 1])
            )
            return (Conflict(own.value.subject or question.asked.core, stated),)
    return ()


def with_conflicts(
    answer: Answer, question: QuestionView, ranked: Sequence[Scored], corpus: Corpus
) -> Answer:
    """The answer with what its sources disagree on."""
    return replace(answer, conflicts=conflicts(answer, question, ranked, corpus))


def _sources(sought: Sought, ranked: Sequence[Scored], corpus: Corpus) -> list[Source]:
    """The documents that speak of what is asked for and give a value for it, best first."""
    found: dict[str, list[tuple[float, Candidate, Told, Value]]] = {}
    best = ranked[0].score if ranked else 0.0
    for scored in ranked:
        candidate = scored.candidate
        near = scored.score / best if best > 0 else 1.0
        if near < _NEAR or not _tells(candidate):
            continue
        told = _told(candidate, corpus)
        values = _values(told, sought)
        if values and sought.spoken_of(told.all_told):
            found.setdefault(candidate.doc, []).extend(
                (value.fit + near + share(sought.words, value.about), candidate, told, value)
                for value in values
            )
    sources = []
    for rows in found.values():
        _, candidate, told, value = max(rows, key=lambda row: row[0])
        sources.append(Source(candidate, told, value, tuple(row[3] for row in rows)))
    return sources


def _values(told: Told, sought: Sought) -> list[Value]:
    if sought.when:
        return moments_of(told, sought)
    return amounts_of(told, sought) if sought.how_much else names_of(told, sought)


def _against(own: Source, sources: Sequence[Source], sought: Sought) -> list[Source]:
    """The sources of other values of the same thing, each value once; none that knows the other's
    value as well."""
    found: list[Source] = []
    for source in sources:
        one, rival = own.value, source.value
        if not of_one_unit(one, rival) or any(agree(rival, s.value) for s in (own, *found)):
            continue
        if any(of_one_unit(one, v) and agree(one, v) for v in source.all):
            continue
        if any(of_one_unit(rival, v) and agree(rival, v) for v in own.all):
            continue
        if one_thing(one, own.told, rival, source.told, sought):
            found.append(source)
    return found


def _tells(candidate: Candidate) -> bool:
    """Whether a sentence may state something: a question and a heading do not."""
    return candidate.section.kind != "question" and not candidate.sentence.heading


def _told(candidate: Candidate, corpus: Corpus) -> Told:
    document, section = corpus.document(candidate.doc), candidate.section
    begun = document.text[section.start : min(section.start + _TOPIC, section.end)]
    return Told(
        candidate.text,
        candidate.context,
        document.date,
        candidate.doc,
        " ".join((document.title, *section.titles, begun)),
    )
