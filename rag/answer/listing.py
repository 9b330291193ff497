"""Lists: the enumeration that was asked for, whole, even where it runs over paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answer.enumeration import Enumeration, enumerations, introduces, opens_inside
from rag.answer.picks import Pick, span_of, within, without_mark
from rag.retrieve.answer_type import AnswerType
from rag.retrieve.features import NAMES
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.seams import Corpus
from rag.text.normalise import fold
from rag.text.reading import reading
from rag.types import Section, Sentence

LIST_LEAD = 0.6
"""How far behind the best sentence an enumeration may be and still be the answer to 哪些."""


_HAN_DIGITS = "零一二三四五六七八九十"


def pick_enumeration(
    question: QuestionView, ranked: Sequence[Scored], corpus: Corpus, max_answer: int
) -> list[Pick]:
    """The best enumeration, whole, where a list was asked for or the best sentence opens one."""
    top = ranked[0]
    asks = question.asked.want.type == AnswerType.LIST
    opens = announces(top.candidate.text) and not _tells(question, top)
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
    _, doc, group, sentences, first = best
    item = None if asks else item_asked(question, group, sentences, corpus.document(doc).text)
    if item is not None:
        return say_item(doc, item, sentences, first, corpus, max_answer)
    return say_enumeration(doc, group, sentences, first, corpus, max_answer)


def item_asked(
    question: QuestionView, group: Enumeration, sentences: Sequence[Sentence], text: str
) -> tuple[int, int] | None:
    """The one item that a question how or why is about: its head alone holds the words that follow
    the asking word, 「怎么|促进数字经济」; None where none or several do."""
    asked = question.asked.focus[-1] if question.asked.focus else ""
    if len(asked) < _TELLING or not _HOW.search(question.asked.text):
        return None
    heads = [fold(span_of(text, sentences[start])).text for start, _ in group.items]
    held = [item for item, head in zip(group.items, heads, strict=True) if asked in head]
    return held[0] if len(held) == 1 else None


_TELLING = 4
"""Characters from which on what follows the asking word tells one item from another."""


def say_item(
    doc: str,
    item: tuple[int, int],
    sentences: Sequence[Sentence],
    first: int,
    corpus: Corpus,
    max_answer: int,
) -> list[Pick]:
    """All sentences of one item, as far as there is room; ``sentences[0]`` is the document's
    sentence ``first``."""
    said = [
        Pick(doc, sentences[i].start, sentences[i].end, first + i, "second")
        for i in range(item[0], item[1] + 1)
    ]
    return within([replace(said[0], role="main"), *said[1:]], corpus, max_answer)


_HOW = re.compile(r"怎么|怎样|如何|为什么|为何")
_ONE_FACT = (AnswerType.PERSON, AnswerType.DATE, AnswerType.PLACE, AnswerType.ORGANISATION)
_TYPE_OK = NAMES.index("type_ok")


def _tells(question: QuestionView, top: Scored) -> bool:
    """Whether a lead-in itself holds the one fact that was asked for: where, when, who."""
    return question.asked.want.type in _ONE_FACT and top.features[_TYPE_OK] > 0


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
        picks.append(
            without_mark(Pick(doc, lead.start, lead.end, first + group.lead, "lead"), text)
        )
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
