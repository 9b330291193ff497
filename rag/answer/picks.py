"""One sentence as a span to say: cut to what answers, with the span that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answer.clauses import KEEP_WHOLE, trim
from rag.retrieve.answer_type import AnswerType, spans
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.text.normalise import fold
from rag.text.reading import reading
from rag.types import Corpus, Sentence


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
    keys = _keys(question, folded.text)
    needed = [folded.span(a, b) for a, b in keys]
    for word in question.words:
        at = folded.text.find(word)
        if at >= 0 and len(word) > 1:
            needed.append(folded.span(at, at + len(word)))
    absolute = [(start + a, start + b) for a, b in needed]
    # What a 什么 or 哪些 question wants has no form to look for: such a sentence is not cut short.
    limit = KEEP_WHOLE if keys else 0
    open_ended = question.asked.want.type in (AnswerType.LIST, AnswerType.OTHER)
    longest = 3 * KEEP_WHOLE if question.asked.want.type == AnswerType.LIST else 2 * KEEP_WHOLE
    whole = open_ended and len(reading(text[start:end])) <= longest
    start_, end_ = trim(text, start, end, [] if whole else absolute, limit)
    key = tuple(
        (start + a, start + b)
        for a, b in (folded.span(*span) for span in keys)
        if start + a >= start_ and start + b <= end_
    )
    return without_mark(Pick(candidate.doc, start_, end_, candidate.index, role, key), text)


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
    found = [s for s in spans(folded, want) if folded[s[0] : s[1]] not in question.asked.text]
    if not found:
        return []
    anchors = [
        (folded.find(word) + len(word) / 2, weight)
        for word, weight in zip(question.words, question.word_weights.tolist(), strict=True)
        if word in folded
    ]
    # The value of what was asked of the subject stands near that, wherever the subject stands.
    asked = [(folded.find(w) + len(w) / 2, 1.0) for w, _, _ in question.focus if w in folded]
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
