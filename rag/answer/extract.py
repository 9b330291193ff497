"""The extractive answer: which spans of the documents are said, shortest that answers.

One fact is one sentence, cut at its semicolons; a list is its lead-in and all its items; a printed
question is answered from its printed answer; a second part of a question, or another value for the
same thing, gets a sentence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rag.answer.enumeration import introduces
from rag.answer.listing import is_list, pick_enumeration
from rag.answer.other_values import other_values
from rag.answer.picks import Pick, continued, pick_sentence, within
from rag.answer.printed import asks, asks_the_same, printed_answer
from rag.retrieve.answer_type import AnswerType
from rag.retrieve.features import NAMES
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.seams import Corpus
from rag.text.reading import reading

PRINTED = 2.5
"""How far behind the best sentence a printed question may be and still be what was asked: its
answer is in other words than the question, so that single sentences outrank it."""
CLOSE, CLOSE_SETTLED = 1.8, 0.5
"""Scores within which the next sentence is said too (by eval/seeds.jsonl: 0.45 for both gives 74.2 %
right at a median of 92 characters, 1.6 for both 76.0 % at 108)."""
ROOM = 200
"""Characters up to which an answer to several questions holds more than a sentence for each."""
_INDEX = {name: i for i, name in enumerate(NAMES)}


def extract(
    question: QuestionView,
    ranked: Sequence[Scored],
    corpus: Corpus,
    max_answer: int,
    parts: Sequence[tuple[QuestionView, Sequence[Scored]]] = (),
) -> list[Pick]:
    """The spans to say, in order. ``parts`` holds the questions within the question, ranked."""
    if not ranked:
        return []
    printed = next((s for s in ranked[:6] if asks(s)), None)
    if printed and printed.score > ranked[0].score - PRINTED and asks_the_same(question, printed):
        said = printed_answer(question, printed, corpus, max_answer)
        if said:
            return said
    ranked = [s for s in ranked if not _of_a_question(s)] or list(ranked)
    if parts:
        return _of_parts(corpus, max_answer, parts)
    top = ranked[0]
    enumeration = pick_enumeration(question, ranked, corpus, max_answer)
    if enumeration:
        return enumeration
    picks = [pick_sentence(question, top, corpus, "main")]
    picks += _neighbour(question, top, ranked, corpus)
    picks += _residual(question, ranked, corpus)
    picks += other_values(question, ranked, corpus, picks)
    if len(picks) == 1:
        picks += _close_second(question, ranked, corpus)
    return within([continued(pick, corpus) for pick in picks], corpus, max_answer)


def _of_parts(
    corpus: Corpus, max_answer: int, parts: Sequence[tuple[QuestionView, Sequence[Scored]]]
) -> list[Pick]:
    """What answers each of several questions: the best of every one before the rest of any, and
    that only as far as there is room."""
    share = max_answer // len(parts)
    answers = [extract(view, ranked, corpus, share) for view, ranked in parts]
    picks: list[Pick] = []
    for answer in answers:
        listed = any(pick.role == "item" for pick in answer)
        for pick in answer if listed else answer[:1]:
            picks = _with(picks, pick)
    further = [answer[k] for k in range(1, 4) for answer in answers if len(answer) > k]
    further += _runners_up(parts, corpus)
    for pick in further:
        longer = _with(picks, pick)
        if _length(longer, corpus) <= min(ROOM, max_answer):
            picks = longer
    return within([continued(pick, corpus) for pick in picks], corpus, max_answer)


def _runners_up(
    parts: Sequence[tuple[QuestionView, Sequence[Scored]]], corpus: Corpus
) -> list[Pick]:
    """The next sentences of the parts, those first that are nearest to their part's best."""
    behind: list[tuple[float, QuestionView, Scored]] = []
    for view, ranked in parts:
        telling = [scored for scored in ranked[:6] if not _of_a_question(scored)]
        for scored in telling[1:3]:
            gap = telling[0].score - scored.score
            if gap < _margin(view, telling[0]) and not scored.candidate.sentence.heading:
                behind.append((gap, view, scored))
    behind.sort(key=lambda one: one[0])
    return [pick_sentence(view, scored, corpus, "second") for _, view, scored in behind]


def _with(picks: Sequence[Pick], pick: Pick) -> list[Pick]:
    """The picks and one more; where its sentence is said already, that is said as far as both go."""
    for i, other in enumerate(picks):
        if (other.doc, other.index) == (pick.doc, pick.index):
            start, end = min(other.start, pick.start), max(other.end, pick.end)
            key = tuple(dict.fromkeys((*other.key, *pick.key)))
            return [*picks[:i], replace(other, start=start, end=end, key=key), *picks[i + 1 :]]
    return [*picks, replace(pick, role="second") if picks and pick.role == "main" else pick]


def _length(picks: Sequence[Pick], corpus: Corpus) -> int:
    """Characters of what is said."""
    return sum(len(reading(corpus.document(p.doc).text[p.start : p.end])) for p in picks)


def _of_a_question(scored: Scored) -> bool:
    """Whether a sentence belongs to what was asked, and tells nothing; a heading may name who
    answers."""
    candidate = scored.candidate
    return candidate.section.kind == "question" and not candidate.sentence.heading


def _neighbour(
    question: QuestionView, top: Scored, ranked: Sequence[Scored], corpus: Corpus
) -> list[Pick]:
    """Who said it, when or where, or what was asked of the subject, if it stands in the sentence
    beside and not in this one."""
    want = question.asked.want.type
    f = _INDEX
    typed = want in (
        AnswerType.PERSON,
        AnswerType.DATE,
        AnswerType.PLACE,
        AnswerType.ORGANISATION,
        AnswerType.NUMBER,
        AnswerType.PERCENT,
    )
    lacks_type = typed and top.features[f["type_bad"]] > 0
    lacks_focus = bool(question.focus) and top.features[f["focus"]] < 0.3
    told = typed and not lacks_type
    leads_on = (
        (top.candidate.text.endswith((":", "：")) and not told)
        or (
            want == AnswerType.LIST
            and introduces(top.candidate.text)
            and len(top.candidate.text) < 40
        )
        or asks_itself(question, top.candidate.text)
    )
    for scored in ranked[:25]:
        step = scored.candidate.index - top.candidate.index
        if scored.candidate.doc != top.candidate.doc or abs(step) != 1:
            continue
        if scored.candidate.sentence.heading:
            continue
        if (
            (lacks_type and scored.features[f["type_ok"]])
            or (lacks_focus and scored.features[f["focus"]] > 0.8)
            or (leads_on and step == 1)
        ):
            return [pick_sentence(question, scored, corpus, "second")]
    return []


_HOW = re.compile(r"如何|怎么|怎样|为什么|为何")


def asks_itself(question: QuestionView, text: str) -> bool:
    """Whether a sentence only takes up what is asked, how or why: 「他讲述标准如何帮到机器人。」 What
    follows it tells."""
    return bool(_HOW.search(question.asked.text) and _HOW.search(text)) and len(text) < 80


def _margin(question: QuestionView, top: Scored) -> float:
    """How far behind the best sentence another may be and be said too: less where that has all
    that was asked for."""
    want = question.asked.want
    settled = (top.features[_INDEX["type_ok"]] > 0 and top.features[_INDEX["focus"]] > 0.8) or (
        want.type == AnswerType.LIST and is_list(top.candidate.text, want.count)
    )
    return CLOSE_SETTLED if settled else CLOSE


def _close_second(question: QuestionView, ranked: Sequence[Scored], corpus: Corpus) -> list[Pick]:
    """The next sentence where it is about as good a candidate as the first: better one too many
    than the wrong one alone."""
    if len(ranked) < 2 or ranked[0].score - ranked[1].score > _margin(question, ranked[0]):
        return []
    second = ranked[1]
    if second.candidate.sentence.heading or len(second.candidate.text) > 120:
        return []
    return [pick_sentence(question, second, corpus, "second")]


def _residual(
    question: QuestionView, ranked: Sequence[Scored], corpus: Corpus, gain: float = 0.2
) -> list[Pick]:
    """A sentence that holds what the best one lacks of the question."""
    top = ranked[0]
    lacking = question.word_weights * (1 - top.matches)
    best, best_gain = None, gain
    for scored in ranked[1:12]:
        if scored.features[_INDEX["heading"]] or scored.candidate.section.kind == "question":
            continue
        added = float(np.minimum(lacking, question.word_weights * scored.matches).sum())
        if added > best_gain and scored.score > 0.75 * top.score:
            best, best_gain = scored, added
    return [pick_sentence(question, best, corpus, "second")] if best else []
