"""One sentence as a span to say: cut to what answers, with the span that was asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.answer.clauses import KEEP_WHOLE, trim
from rag.answer.value import asks_money, only_added, own_value
from rag.retrieve.answer_type import AnswerType, spans
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.seams import Corpus
from rag.text.normalise import fold, fold_text
from rag.text.reading import reading, reading_map
from rag.types import Sentence

SHOWN = 25
"""Characters from which on what was read as the answer is no key in its sentence but most of it."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A span to say. ``key`` spans (document offsets) hold what was asked for."""

    doc: str
    start: int
    end: int
    index: int
    role: str
    key: tuple[tuple[int, int], ...] = ()
    rest: tuple[tuple[int, int, int], ...] = ()
    """(start, end, sentence) of what follows where something foreign, such as the caption of a
    picture, stands inside the sentence."""


def pick_sentence(question: QuestionView, scored: Scored, corpus: Corpus, role: str) -> Pick:
    """The part of a ranked sentence that answers."""
    candidate = scored.candidate
    text = corpus.document(candidate.doc).text
    start, end = candidate.sentence.start, candidate.sentence.end
    folded = fold(text[start:end])
    keys = [folded.span(a, b) for a, b in _keys(question, folded.text)]
    needed, formed = list(keys), bool(keys)
    if scored.answer[1] - scored.answer[0] in range(1, SHOWN):
        # What was read as the answer is a better guess than the nearest span of its kind (on 496
        # held-out questions F1 53 against 21 %).
        # The sentence is cut so that it keeps both.
        read = _printed(text[start:end], scored.answer)
        needed.append(read)
        before = fold_text(text[start : start + read[0]])
        if not keys or not _added_to(question, folded.text, before):
            keys = [read]
    for word, others in zip(question.words, question.aliases, strict=True):
        if len(word) > 1 and (place := _printed_as(folded.text, word, others)):
            needed.append(folded.span(*place))
    absolute = [(start + a, start + b) for a, b in needed]
    # What a 什么 or 哪些 question wants has no form to look for: such a sentence is not cut short.
    limit = KEEP_WHOLE if formed else 0
    open_ended = question.asked.want.type in (AnswerType.LIST, AnswerType.OTHER)
    longest = 3 * KEEP_WHOLE if question.asked.want.type == AnswerType.LIST else 2 * KEEP_WHOLE
    whole = open_ended and len(reading(text[start:end])) <= longest
    start_, end_ = trim(text, start, end, [] if whole else absolute, limit)
    key = tuple(
        (start + a, start + b) for a, b in keys if start + a >= start_ and start + b <= end_
    )
    return without_mark(Pick(candidate.doc, start_, end_, candidate.index, role, key), text)


def _added_to(question: QuestionView, folded: str, before: str) -> bool:
    """Whether the answer read after ``before`` was only added to the value that the text gives."""
    return only_added(question.asked.text, before) and own_value(question, folded) is not None


def _printed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """A span of the reading text of ``text`` as a span of ``text``."""
    _, back = reading_map(text)
    return back[span[0]], back[span[1] - 1] + 1


def continued(pick: Pick, corpus: Corpus, reach: int = 3) -> Pick:
    """A sentence that breaks off inside a quotation, with the one further on that closes it."""
    text = corpus.document(pick.doc).text
    said = text[pick.start : pick.end]
    if said.count("“") <= said.count("”") or said.rstrip()[-1:] in "。！？”":
        return pick
    after = corpus.sentences(pick.doc, pick.index + 1, pick.index + reach)
    for step, sentence in enumerate(after, start=1):
        rest = span_of(text, sentence)
        closes = rest.find("”")
        if closes >= 0 and "“" not in rest[:closes]:
            own = corpus.sentences(pick.doc, pick.index, pick.index)[0]
            rest_of_it = (sentence.start, sentence.end, pick.index + step)
            return replace(pick, end=own.end, rest=(rest_of_it,))
    return pick


def _keys(question: QuestionView, folded: str) -> list[tuple[int, int]]:
    """The span asked for: of the wanted kind, not in the question, nearest to its words."""
    want = question.asked.want
    own = own_value(question, folded)
    if own is not None and folded[own[0] : own[1]] not in question.asked.text:
        return [own]
    found = [s for s in spans(folded, want) if folded[s[0] : s[1]] not in question.asked.text]
    if want.type == AnswerType.REASON:
        return _reasons(folded, found)
    if want.type == AnswerType.PLACE:
        found = [(_place_start(folded, a, b), b) for a, b in found]
    found = _of_money(question, folded, found)
    if not found:
        return []
    words = zip(question.words, question.aliases, question.word_weights.tolist(), strict=True)
    anchors = _anchors(folded, words)
    # The value of what was asked of the subject stands near that, wherever the subject stands.
    asked = _anchors(folded, ((word, others, 1.0) for word, others, _ in question.focus))
    anchors = asked or anchors
    if not anchors:
        return found[:1]

    def distance(span: tuple[int, int]) -> float:
        middle = (span[0] + span[1]) / 2
        # A value mostly follows what it is the value of.
        far = 0.0
        for at, weight in anchors:
            far += weight * (middle - at if middle >= at else 1.6 * (at - middle))
        return far

    return [min(found, key=distance)]


_LEADS_TO_PLACE = re.compile(r"[^江新沈雩]在(?!.?[县区市])|位于|来自|前往|到达|抵达")


def _place_start(folded: str, start: int, end: int) -> int:
    """Where a place begins that was found with words before it: 会议在|昆明市."""
    found = [m.end() for m in _LEADS_TO_PLACE.finditer(folded, start, end - 2)]
    return max([start, *found])


_BEFORE_RESULT = re.compile(r"因此|所以|使得|导致|致使")
_CLAUSE_END = re.compile(r"(?<!\d)[,，]|[,，](?!\d)|[。;；！!？?]")
_LONG_REASON = 60


def _reasons(folded: str, found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first reason from its marker (因为, 由于) to the end of its clause; a marker of what
    followed from it (因此) marks none."""
    for start, end in found:
        if _BEFORE_RESULT.match(folded, start):
            continue
        stop = _CLAUSE_END.search(folded, end)
        close = stop.start() if stop else len(folded)
        return [(start, close)] if close - start <= _LONG_REASON else []
    return []


_MONEY = re.compile(r"[元圆]|美金|英镑|法郎|马克|卢布|万|亿")


def _of_money(
    question: QuestionView, folded: str, found: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Where a sum is asked for, the sums among the amounts, if there are any; where things are
    counted, what is no percentage."""
    if question.asked.want.type != AnswerType.NUMBER:
        return list(found)
    if asks_money(question.asked.text):
        kept = [s for s in found if _MONEY.search(folded[s[0] : s[1] + 2])]
    else:
        kept = [s for s in found if "%" not in folded[s[0] : s[1] + 1]]
    return kept or list(found)


def _anchors(
    folded: str, words: Iterable[tuple[str, Collection[str], float]]
) -> list[tuple[float, float]]:
    """(middle, weight) of the words that stand in a text, by whatever name."""
    places = ((_printed_as(folded, word, others), weight) for word, others, weight in words)
    return [((place[0] + place[1]) / 2, weight) for place, weight in places if place]


def _printed_as(folded: str, word: str, others: Collection[str]) -> tuple[int, int] | None:
    """Where a word of the question stands first, or the longest of its other names: what an English
    question asks for is printed in Chinese."""
    for name in (word, *sorted(others, key=lambda other: (-len(other), other))):
        at = folded.find(name)
        if at >= 0:
            return at, at + len(name)
    return None


def within(picks: Sequence[Pick], corpus: Corpus, max_answer: int) -> list[Pick]:
    """As many picks as fit, the first always."""
    kept: list[Pick] = []
    length = 0
    for pick in picks:
        length += len(reading(corpus.document(pick.doc).text[pick.start : pick.end]))
        if kept and length > max_answer:
            break
        kept.append(pick)
    return kept


def span_of(text: str, sentence: Sentence) -> str:
    """The sentence as it is printed."""
    return text[sentence.start : sentence.end]


def without_mark(pick: Pick, text: str) -> Pick:
    """A pick without the 「回答：」 that opens a printed answer."""
    for mark in ("回答：", "回答:", "答：", "答:"):
        if text.startswith(mark, pick.start):
            return replace(pick, start=pick.start + len(mark))
    return pick
