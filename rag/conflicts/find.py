"""Conflicts between sources, shown as facts: one subject, one unit, different values.

Pure over the sentences of an answer and the other sentences weighed for the same question. Only the
amounts that the question asks for are compared, and only those that the answer's sources print.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.citing import citation
from rag.conflicts.disagree import disagreeing
from rag.conflicts.leeway import meet
from rag.conflicts.statements import Statement, subject_of
from rag.conflicts.told import Told
from rag.retrieve.answer_type import AnswerType
from rag.retrieve.scored import Candidate, Scored
from rag.retrieve.views import QuestionView
from rag.types import Answer, AnswerSentence, Citation, Conflict, Corpus, Place, Stated
from rag.verify.amounts import Amount, amounts, plain
from rag.verify.kinds import comparable

MOST, SOURCES = 3, 4
"""Conflicts an answer, and sources each."""
LOOKED_AT = 24
"""The best sentences of the question that are compared."""
_TOPIC = 160
"""Characters of an article's beginning that say what it is about."""
_ASKS_AMOUNT = (AnswerType.NUMBER, AnswerType.PERCENT, AnswerType.DATE)
_DIGIT = re.compile(r"\d|[二两三四五六七八九十百千万亿半]")
_SAID = {"over": "超", "about": "约", "under": "不到"}


def conflicts(
    answer: Answer, question: QuestionView, ranked: Sequence[Scored], corpus: Corpus
) -> tuple[Conflict, ...]:
    """What the sources give otherwise than the answer; none for a refusal. ``ranked`` are the
    sentences weighed for the question, best first. New citations go on from the answer's."""
    if answer.refused or not answer.citations:
        return ()
    pool = [
        (s.candidate, _told(s.candidate, corpus))
        for s in ranked[:LOOKED_AT]
        if _may_state(s.candidate)
    ]
    numbers = _Numbers(answer.citations, corpus)
    found: list[Conflict] = []
    seen: list[Statement] = []
    for sentence, cited in _asked_of(answer):
        home, told = _home(cited, pool)
        for one in _said(sentence, question, cited, told):
            if any(one.unit == s.unit and meet(one.amount, s.amount) for s in seen):
                continue
            conflict, others = _conflict(one, told, cited, home, pool, question, numbers)
            seen += [one, *others]
            if conflict:
                found.append(conflict)
                if len(found) == MOST:
                    return tuple(found)
    return tuple(found)


def with_conflicts(
    answer: Answer, question: QuestionView, ranked: Sequence[Scored], corpus: Corpus
) -> Answer:
    """The answer with what its sources disagree on."""
    return replace(answer, conflicts=conflicts(answer, question, ranked, corpus))


def _conflict(
    one: Statement,
    told: Told,
    cited: Citation,
    home: Candidate | None,
    pool: Sequence[tuple[Candidate, Told]],
    question: QuestionView,
    numbers: _Numbers,
) -> tuple[Conflict | None, list[Statement]]:
    stated = [Stated(_printed(one), cited, told.date)]
    against: list[Statement] = []
    asked = [question.words[i] for i in question.word_weights.argsort()[::-1]]
    for candidate, other in pool:
        if len(stated) == SOURCES:
            break
        if candidate is home:
            continue
        rival = disagreeing(one, told, other, asked)
        if rival is None or any(meet(rival.amount, known.amount) for known in against):
            continue
        against.append(rival)
        stated.append(Stated(_printed(rival), numbers.of(candidate), other.date))
    if not against:
        return None, []
    subject = subject_of(one) or question.asked.core
    return Conflict(subject, tuple(stated)), against


def _asked_of(answer: Answer) -> list[tuple[AnswerSentence, Citation]]:
    """The sentences that stand, each with every source that it cites."""
    by_number = {c.n: c for c in answer.citations}
    return [
        (sentence, by_number[n])
        for sentence in answer.sentences
        if sentence.verdict == "supported"
        for n in sentence.citations
        if n in by_number
    ]


def _said(
    sentence: AnswerSentence, question: QuestionView, cited: Citation, told: Told
) -> list[Statement]:
    """What was asked for and is said: the amounts in the key spans, those of the wanted kind where
    there is no key; as the cited source states them."""
    if sentence.key:
        keys = " ， ".join(sentence.text[start:end] for start, end in sentence.key)
    elif question.asked.want.type in _ASKS_AMOUNT:
        keys = sentence.text
    else:
        return []
    wanted = amounts(plain(keys))
    quoted = amounts(plain(cited.quote))
    asked = [a for a in told.figures.amounts if _among(a, wanted) and _among(a, quoted)]
    return told.states(asked)


def _among(amount: Amount, others: Sequence[Amount]) -> bool:
    return any(comparable(amount, other) and amount.value == other.value for other in others)


def _may_state(candidate: Candidate) -> bool:
    return (
        candidate.section.kind != "question"
        and not candidate.sentence.heading
        and _DIGIT.search(candidate.text) is not None
    )


def _home(cited: Citation, pool: Sequence[tuple[Candidate, Told]]) -> tuple[Candidate | None, Told]:
    """The weighed sentence that a citation quotes; the quote alone where it is none of them."""
    for candidate, told in pool:
        sentence = candidate.sentence
        if candidate.doc == cited.doc and sentence.start < cited.end and cited.start < sentence.end:
            return candidate, told
    return None, Told(cited.quote, key=cited.doc)


def _told(candidate: Candidate, corpus: Corpus) -> Told:
    document, section = corpus.document(candidate.doc), candidate.section
    begun = document.text[section.start : min(section.start + _TOPIC, section.end)]
    return Told(
        candidate.text,
        candidate.context,
        document.date,
        key=f"{candidate.doc}#{candidate.sentence.section}",
        topic=" ".join((document.title, *section.titles, begun)),
    )


def _printed(statement: Statement) -> str:
    """The amount with the word that makes it a bound: 超2500家."""
    amount = statement.amount
    text = amount.text.strip()
    bound = _SAID.get(amount.mode, "")
    return text if not bound or re.search(r"[多余几来]", text) else bound + text


class _Numbers:
    """Citations of further sources, numbered on from the answer's; one number a place."""

    def __init__(self, citations: Sequence[Citation], corpus: Corpus) -> None:
        self.corpus = corpus
        self._last = max(c.n for c in citations)
        self._known = {(c.doc, c.start, c.end): c for c in citations}

    def of(self, candidate: Candidate) -> Citation:
        """The citation of a whole sentence; the answer's own where it quotes a part of it."""
        doc, start, end = candidate.doc, candidate.sentence.start, candidate.sentence.end
        for known in self._known.values():
            if known.doc == doc and known.start < end and start < known.end:
                return known
        self._last += 1
        also: list[Place] = self.corpus.repeats(doc, candidate.index)
        document = self.corpus.document(doc)
        made = citation(self._last, document, start, end, candidate.section, also=also)
        self._known[doc, start, end] = made
        return made
