"""Lists: the enumeration that was asked for, whole, even where it runs over paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answer.enumeration import Enumeration, enumerations, introduces, opens_inside
from rag.answer.picks import Pick, span_of
from rag.retrieve.answer_type import AnswerType
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.text.reading import reading
from rag.types import Corpus, Section, Sentence

LIST_LEAD = 0.6
"""How far behind the best sentence an enumeration may be and still be the answer to 哪些."""


_HAN_DIGITS = "零一二三四五六七八九十"


def pick_enumeration(
    question: QuestionView, ranked: Sequence[Scored], corpus: Corpus, max_answer: int
) -> list[Pick]:
    """The best enumeration, whole, where a list was asked for or the best sentence opens one."""
    top = ranked[0]
    asks = question.asked.want.type == AnswerType.LIST
    opens = announces(top.candidate.text)
    if not asks and not opens:
        return []
    score_of = {(s.candidate.doc, s.candidate.index): s.score for s in ranked[:60]}
    best: tuple[float, str, Enumeration, list[Sentence], int] | None = None
    for doc in dict.fromkeys(s.candidate.doc for s in ranked[:8]):
        near = [s.candidate.index for s in ranked[:8] if s.candidate.doc == doc]
        first = max(0, min(near) - 40)
        sentences = corpus.sentences(doc, first, max(near) + 60)
        sections = sections_of(corpus, doc, sentences)
        for group in enumerations(corpus.document(doc).text, sentences, sections):
            members = [a for a, _ in group.items] + ([group.lead] if group.lead is not None else [])
            # Its lead-in and its items' heads must match: a match deep inside an item is a sentence
            # of its own.
            score = max((score_of.get((doc, first + i), -9.0) for i in members), default=-9.0)
            if group.lead is not None and (doc, first + group.lead) in score_of:
                score = max(score, score_of[doc, first + group.lead] + 0.3)
            if question.asked.want.count:
                score += 0.5 if question.asked.want.count == len(group.items) else -0.5
            if best is None or score > best[0]:
                best = (score, doc, group, sentences, first)
    own = top.score
    if is_list(top.candidate.text, question.asked.want.count):
        own += 1.2 if summed_up(top.candidate.text, question.asked.want.count) else 0.5
    if best is None or best[0] < own - (LIST_LEAD if asks else 0.3):
        return []
    return say_enumeration(best[1], best[2], best[3], best[4], corpus, max_answer)


_ANNOUNCED = re.compile(
    r"(?:从|在|谈|说|讲|有|做了|抓好|把握|围绕|体现在|包括)[^，。]{0,10}[两二三四五六七八九十]个?"
    r"(?:方面|层面|点|角度|维度|方向)[^，。]{0,10}。$"
)


def announces(text: str) -> bool:
    """Whether a sentence says nothing but that an enumeration follows: 「主要体现在：」,
    「从两个层面谈谈体会。」"""
    return introduces(text) and (text.endswith((":", "：")) or _ANNOUNCED.search(text) is not None)


def is_list(text: str, count: int) -> bool:
    """Whether a sentence is a list of its own, of about the number asked for."""
    items = max(len(part.split("、")) for part in re.split(r"[。；;]", text))
    return items >= 3 and (not count or abs(items - count) <= 1)


def summed_up(text: str, count: int) -> bool:
    """Whether a list of that many ends in its number: 「甲、乙、丙三大中心」."""
    return (
        2 <= count <= 10
        and re.search(rf"、[^、。，,；;]+{_HAN_DIGITS[count]}(?:大|个|项|家)", text) is not None
    )


def sections_of(corpus: Corpus, doc: str, sentences: Sequence[Sentence]) -> dict[int, Section]:
    return {s.section: corpus.section(doc, s.section) for s in sentences}


def say_enumeration(
    doc: str,
    group: Enumeration,
    sentences: Sequence[Sentence],
    first: int,
    corpus: Corpus,
    max_answer: int,
) -> list[Pick]:
    text = corpus.document(doc).text
    picks: list[Pick] = []
    opens = opens_inside(reading(span_of(text, sentences[group.items[0][0]])))
    if (
        group.lead is not None
        and not opens
        and introduces(reading(span_of(text, sentences[group.lead])))
    ):
        lead = sentences[group.lead]
        picks.append(Pick(doc, lead.start, lead.end, first + group.lead, "lead"))
    for start, _ in group.items:
        s = sentences[start]
        picks.append(Pick(doc, s.start, s.end, first + start, "item"))
    total = sum(len(reading(text[p.start : p.end])) for p in picks)
    if total > max_answer:
        share = max(24, max_answer // max(1, len(picks)))
        picks = [_head(p, text, share) for p in picks]
    return picks


def _head(pick: Pick, text: str, limit: int) -> Pick:
    """The first clauses of an item, up to about ``limit`` characters."""
    if len(reading(text[pick.start : pick.end])) <= limit:
        return pick
    end = pick.start
    for at in range(pick.start, pick.end):
        if text[at] in "，,；;：:。":
            if end > pick.start and at - pick.start > limit:
                break
            end = at
            if at - pick.start >= limit:
                break
    return replace(pick, end=end) if end > pick.start + 3 else pick
