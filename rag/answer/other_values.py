"""Other places that give another value for the same thing: said beside the first.

The same thing: what is counted stands in both clauses, and neither speaks of a kind of it only
(装备制造业 where 制造业 was asked for).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.picks import Pick, pick_sentence
from rag.answer.value import counted_noun
from rag.retrieve.answer_type import AnswerType
from rag.retrieve.features import NAMES
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.seams import Corpus
from rag.text.normalise import fold
from rag.verify.figures import figures, normal

_INDEX = {name: i for i, name in enumerate(NAMES)}


def other_values(
    question: QuestionView, ranked: Sequence[Scored], corpus: Corpus, picks: Sequence[Pick]
) -> list[Pick]:
    """The sentences that give another value for what ``picks[0]`` says, two at the most."""
    if question.asked.want.type not in (AnswerType.NUMBER, AnswerType.PERCENT, AnswerType.DATE):
        return []
    main = picks[0]
    if not main.key:
        return []
    text = corpus.document(main.doc).text
    values = [text[a:b] for a, b in main.key]
    counted = counted_noun(question.asked.text)
    pairs = [counted[i : i + 2] for i in range(len(counted) - 1)]
    own = any(pair in _clause_of_value(text, main) for pair in pairs)
    found: list[Pick] = []
    for scored in ranked[1:10]:
        if _says([*picks, *found], scored) or scored.score < 0.75 * ranked[0].score:
            continue
        if _without_frame(question, scored) < _without_frame(question, ranked[0]) - 0.2:
            continue
        other = pick_sentence(question, scored, corpus, "conflict")
        held = corpus.document(other.doc).text
        if own and not any(pair in _clause_of_value(held, other) for pair in pairs):
            continue
        if set(_of_a_kind(question, held, other)) - set(_of_a_kind(question, text, main)):
            continue
        if other.key and different_values(values, [held[a:b] for a, b in other.key]):
            found.append(other)
            values += [held[a:b] for a, b in other.key]
    return found[:2]


def _clause_of_value(text: str, pick: Pick) -> str:
    """The clause in which a pick's value stands, folded; "" where it has none."""
    if not pick.key:
        return ""
    a, b = pick.key[0]
    start = max(text.rfind(mark, pick.start, a) for mark in "，,。；;")
    ends = [at for mark in "，,。；;" if (at := text.find(mark, b, pick.end)) >= 0]
    return fold(text[max(start + 1, pick.start) : min(ends, default=pick.end)]).text


_FREE = re.compile(
    r"[的在对和与及或是为由从把被将占比较使让各该其等中内上下于至这那此每本个家位部项次款届]|[^\u4e00-\u9fff]"
)


def _of_a_kind(question: QuestionView, text: str, pick: Pick) -> tuple[str, ...]:
    """What stands right before the question's words in the clause of a pick's value and makes them a
    kind of their own: 「装备」 of 装备制造业 where 制造业 was asked for."""
    if not pick.key:
        return ()
    before = fold(text[pick.start : pick.key[0][0]]).text
    kinds = []
    for word in question.words:
        at = before.rfind(word) if len(word) > 1 and not word.isascii() else -1
        if at > 1 and not any(_FREE.match(c) for c in before[at - 2 : at]):
            inside = any(w != word and before.endswith(w, 0, at) for w in question.words)
            kinds.append("" if inside else f"{before[at - 2 : at]}{word}")
    return tuple(sorted({kind for kind in kinds if kind}))


def _without_frame(question: QuestionView, scored: Scored) -> float:
    """How much of the question a sentence speaks of in the clause of its value; what was asked of
    the subject must be there in full."""
    return float(scored.features[_INDEX["clause"]]) * float(scored.features[_INDEX["focus"]] > 0.8)


def different_values(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two values are of one unit and differ: 120个 and 100多个 do, 562项 and 三月 do not."""
    first = [f for text in one for f in figures(normal(text))]
    second = [f for text in other for f in figures(normal(text))]
    units = {a.unit for a in first} & {b.unit for b in second}
    # A date is several figures; it differs where any of them does.
    return any(
        not any(a.matches(b) for a in first for b in second if a.unit == b.unit == unit)
        for unit in units
    )


def _says(picks: Sequence[Pick], scored: Scored) -> bool:
    """Whether a sentence is said already."""
    c = scored.candidate
    return any(p.doc == c.doc and p.index == c.index for p in picks)
