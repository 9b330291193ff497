"""Printed questions: what matches a 问题：is answered from its 回答：."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answer.enumeration import Enumeration, enumerations, ordinal
from rag.answer.listing import item_asked, say_enumeration, say_item, sections_of
from rag.answer.picks import Pick, span_of, within, without_mark
from rag.retrieve.candidates import courteous
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.seams import Corpus
from rag.text.normalise import fold, fold_text
from rag.text.reading import reading
from rag.types import Sentence

_HOW = re.compile(r"怎么|怎样|如何|为什么|为何|咋")


def asks(scored: Scored) -> bool:
    """Whether a sentence asks instead of telling."""
    candidate = scored.candidate
    return candidate.section.kind == "question" and candidate.text.endswith(("?", "？"))


def asks_the_same(question: QuestionView, printed: Scored) -> bool:
    """Whether the printed question wants what was asked: its asking clause holds the asked
    attribute, or both ask how or why."""
    if not asks(printed):
        return False
    how = bool(_HOW.search(printed.candidate.text))
    if question.asked.want.count and how:
        return False  # which three, not in what way
    asking = fold_text(re.split(r"[，。！,!]", printed.candidate.text)[-1])
    focus = [word for word, _, _ in question.focus]
    if any(word in asking for word in focus[:1] + focus[-1:]):
        return True
    return how and bool(_HOW.search(question.asked.text))


def printed_answer(
    question: QuestionView, top: Scored, corpus: Corpus, max_answer: int
) -> list[Pick]:
    """The opening of the printed answer, and the heads of its first enumeration."""
    doc = top.candidate.doc
    text = corpus.document(doc).text
    after = corpus.sentences(doc, top.candidate.index + 1, top.candidate.index + 80)
    asked_in = top.candidate.sentence.section
    section = next((s.section for s in after if s.section > asked_in), None)
    if section is None or corpus.section(doc, section).kind != "answer":
        return []
    base = top.candidate.index + 1
    inside = [(base + i, s) for i, s in enumerate(after) if s.section == section]
    if not inside:
        return []
    sentences = [s for _, s in inside]
    groups = enumerations(text, sentences, sections_of(corpus, doc, sentences))
    first = inside[0][0]
    opening = [
        Pick(doc, s.start, s.end, first + i, "main")
        for i, s in enumerate(sentences[:5])
        if ordinal(said := reading(span_of(text, s))) is None and not courteous(said)
    ]
    lead = [without_mark(p, text) for p in opening[:1]]
    room = max_answer - sum(len(reading(text[p.start : p.end])) for p in lead)
    group = _group_asked(question, groups, text, sentences)
    if group and (item := item_asked(question, group, sentences, text)):
        return say_item(doc, item, sentences, first, corpus, max_answer)
    if group and room > 60:
        return lead + [
            p
            for p in say_enumeration(doc, group, sentences, first, corpus, room)
            if all(p.index != q.index for q in lead)
        ]
    return within([*lead, *(replace(p, role="second") for p in opening[1:2])], corpus, max_answer)


def _group_asked(
    question: QuestionView,
    groups: Sequence[Enumeration],
    text: str,
    sentences: Sequence[Sentence],
) -> Enumeration | None:
    """The enumeration whose lead-in shares most with the question; the first on a tie."""

    def shared(group: Enumeration) -> float:
        if group.lead is None:
            return 0.0
        said = fold(span_of(text, sentences[group.lead])).text
        score = 0.0
        for word, weight in zip(question.words, question.word_weights.tolist(), strict=True):
            score += weight if word in said else 0.0
        # Where nothing else tells them apart, the one that spans most of the answer.
        extent = (group.items[-1][1] - group.items[0][0]) / max(1, len(sentences))
        matches = question.asked.want.count == len(group.items)
        return score + (0.5 if matches else 0.0) + 0.3 * extent

    return max(groups, key=shared, default=None)
