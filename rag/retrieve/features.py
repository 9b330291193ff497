"""How well a sentence answers a question, as numbers.

Every feature is in about [0, 1]; ``NAMES`` fixes their order. The weights over them are data
(:mod:`rag.retrieve.evidence`), fitted by :mod:`rag.train.evidence`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from rag.retrieve.answer_type import AnswerType, spans
from rag.retrieve.question import ORDINAL, PLACES, RELATIVE, YEAR
from rag.retrieve.views import (
    QuestionView,
    TextView,
    gram_matches,
    longest_run,
    one_stands_in,
    stands_in,
    word_match,
    word_matches,
)

NAMES = (
    "cov",  # idf-weighted share of the question's n-grams in the sentence
    "cov_context",  # the same with titles, speaker and neighbours
    "word",  # idf-weighted share of the question's words in the sentence
    "soft",  # each word with its nearest one in the sentence
    "soft_context",
    "dense",  # cosine of question and sentence
    "dense_context",
    "missing",  # weight of the worst missing word, context counted
    "missing_sentence",
    "missing_exact",  # the same, where only the word itself or another name of it counts
    "absent",  # how much of the question is missing so, in words
    "rare",  # the rarest word of the question is in the sentence or context
    "run",  # longest common substring, as a share of the question
    "quoted_bad",
    "quoted",  # what the question quotes is there
    "type_ok",
    "type_bad",
    "unit_bad",
    "clause",  # share of the question's words in the clause of the answer's kind and the one before
    "list_ok",
    "focus",  # what is asked of the subject is in the sentence
    "focus_context",
    "focus_clause",  # it is in the clause of the answer's kind, or the one before
    "focus_exact",  # the same as focus_context, where only the word itself counts
    "relative_bad",  # 去年 was asked for, and is not spoken of
    "ordinal_bad",  # 第八届 was asked for, the sentence speaks of another
    "place_bad",  # another place is spoken of, the asked one is not
    "latin_bad",  # a name in Latin letters is missing
    "year_here",
    "year_ok",
    "year_bad",
    "number_ok",
    "number_bad",
    "passage",  # the passage's own score
    "heading",
    "question_section",
    "short",
    "long",
    "truncated",
)


READ = (
    "read_span",  # the reader's best answer inside the sentence, against none in its window
    "read_evidence",  # that the sentence is the one that answers
    "read_window",  # that its window answers at all
    "read_lead",  # how far its best answer is ahead of any other sentence's
    "unread",
)
"""What the reader adds to each sentence (rag/read)."""
MOST = 2.0
"""Logits are cut there, divided by ``rag.read.stage.SCALE``."""
UNREAD = dict(zip(READ, (-MOST, -MOST, -MOST, -MOST, 1.0), strict=True))
"""These features of a sentence that was not read."""


_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def plain_numbers(text: str) -> str:
    """1,604.2 as 1604.2."""
    return _THOUSANDS.sub("", text)


_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


def features(
    question: QuestionView,
    sentence: TextView,
    context: TextView,
    *,
    passage: float,
    heading: bool,
    question_section: bool,
    years: frozenset[str],
    matched: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None = None,
) -> npt.NDArray[np.float32]:
    """(len(NAMES),) float32. ``years`` are those the surroundings speak of where the sentence
    itself names none; ``passage`` is the passage's score in [0, 1];
    ``matched`` is ``word_matches(question, sentence)`` where the caller has it."""
    asked = question.asked
    out = dict.fromkeys(NAMES, 0.0)
    here = gram_matches(question, sentence)
    around = np.maximum(here, gram_matches(question, context))
    out["cov"] = float(here @ question.gram_weights)
    out["cov_context"] = float(around @ question.gram_weights)
    exact, soft = matched or word_matches(question, sentence)
    exact_context, soft_context = word_matches(question, context)
    out["word"] = float(exact @ question.word_weights)
    out["soft"] = float(soft @ question.word_weights)
    best = np.maximum(soft, soft_context)
    out["soft_context"] = float(best @ question.word_weights)
    out["dense"] = max(0.0, float(question.vector @ sentence.vector))
    out["dense_context"] = max(0.0, float(question.vector @ context.vector))
    if len(question.words):
        out["missing"] = float((question.word_rarity * (1 - best)).max())
        out["missing_sentence"] = float((question.word_rarity * (1 - soft)).max())
        lacking = question.word_rarity * (1 - np.maximum(exact, exact_context))
        out["missing_exact"] = float(lacking.max())
        out["absent"] = min(1.0, float(lacking.sum()) / 3)
        rarest = int(np.argmax(question.word_weights))
        out["rare"] = float(max(exact[rarest], exact_context[rarest]))
    core = asked.core.replace(" ", "")
    out["run"] = min(1.0, longest_run(asked.text, sentence.folded) / max(4, len(core)))
    if asked.quoted:
        out["quoted"] = float(
            np.mean([q in sentence.folded or 0.5 * (q in context.folded) for q in asked.quoted])
        )
        out["quoted_bad"] = 1 - out["quoted"]
    _type_features(out, question, sentence)
    _focus_features(out, question, sentence, context)
    _constraints(out, question, sentence.folded, context.folded, years)
    numbers = asked.numbers - asked.years
    if numbers:
        held = frozenset(_NUMBER.findall(plain_numbers(f"{sentence.folded} {context.folded}")))
        out["number_ok"] = len(numbers & held) / len(numbers)
        out["number_bad"] = 1 - out["number_ok"]
    out["passage"] = passage
    out["heading"] = float(heading)
    out["question_section"] = float(question_section)
    length = len(sentence.folded)
    out["short"] = max(0.0, 1 - length / 14)
    out["long"] = min(1.0, max(0.0, (length - 120) / 200))
    out["truncated"] = float(
        bool(sentence.folded) and sentence.folded[-1] not in "。！？!?;；”’」』.)）…"
    )
    return np.fromiter((out[name] for name in NAMES), dtype=np.float32, count=len(NAMES))


def _focus_features(
    out: dict[str, float], question: QuestionView, sentence: TextView, context: TextView
) -> None:
    """The least matched word of the asked attribute counts."""
    if not question.focus:
        return
    here, near = [], []
    for word, others, vector in question.focus:
        here.append(word_match(word, others, vector, sentence))
        near.append(max(here[-1], word_match(word, others, vector, context)))
    exact = [
        stands_in(word, t) or one_stands_in(others, t)
        for word, others, _ in question.focus
        for t in [f"{sentence.folded} {context.folded}"]
    ]
    count = len(question.focus)
    out["focus_exact"] = sum(exact) / count
    out["focus"] = sum(here) / count
    out["focus_context"] = sum(near) / count


_PLACE_NAMES = {"中国": ("我国", "全国", "国内"), "北京": ("首都",)}
"""What else a place is called where it is spoken of."""
_LATIN = re.compile(r"[a-z][a-z0-9-]+")


def _constraints(
    out: dict[str, float], question: QuestionView, here: str, around: str, years: frozenset[str]
) -> None:
    """Year, ordinal, place and Latin names: what was asked for against what is spoken of."""
    asked = question.asked
    own = frozenset(YEAR.findall(here))
    if asked.years:
        known = own or years
        out["year_here"] = float(bool(asked.years & own))
        out["year_ok"] = float(bool(asked.years & known))
        out["year_bad"] = float(bool(known) and not asked.years & known)
    relative = frozenset(RELATIVE.findall(asked.text))
    if relative:
        last = {str(int(year) - 1) for year in years | own}
        said = relative & frozenset(RELATIVE.findall(here))
        out["relative_bad"] = float(not said and not ("去年" in relative and last & own))
    if asked.ordinals:
        held = frozenset(ORDINAL.findall(here)) or frozenset(ORDINAL.findall(around))
        out["ordinal_bad"] = float(not asked.ordinals & held)
    if asked.places and not _speaks_of(here, asked.places):
        missing = not _speaks_of(around, asked.places)
        out["place_bad"] = 1.0 if missing else 0.5 * _speaks_of(here, PLACES)
    if not asked.english:
        names = set(_LATIN.findall(" ".join(asked.runs)))
        if names:
            text = f"{here} {around}"
            others = dict(zip(question.words, question.aliases, strict=True))
            lacking = [
                name
                for name in names
                if not any(stands_in(n, text) for n in (name, *others.get(name, ())))
            ]
            out["latin_bad"] = len(lacking) / len(names)


def _speaks_of(text: str, places: Iterable[str]) -> bool:
    """Whether a folded text speaks of one of the places, by whatever name."""
    return any(
        place in text or any(name in text for name in _PLACE_NAMES.get(place, ()))
        for place in places
    )


_CLAUSE = re.compile(r"[,;。，；!?]")


def _clauses(text: str, span: tuple[int, int]) -> tuple[str, str]:
    """The clause around a span and the one before it, which often names the subject."""
    starts = [0, *(m.end() for m in _CLAUSE.finditer(text, 0, span[0]) if _cuts(text, m.start()))]
    marks = (m.start() for m in _CLAUSE.finditer(text, span[1]) if _cuts(text, m.start()))
    own = text[starts[-1] : next(marks, len(text))]
    return own, text[starts[-2] : starts[-1]] if len(starts) > 1 else ""


def _clause_share(question: QuestionView, own: str, before: str) -> float:
    """How much of the question stands in a clause; the clause before counts half."""
    share = 0.0
    for word, others, weight in zip(
        question.words, question.aliases, question.word_weights.tolist(), strict=True
    ):
        if stands_in(word, own) or one_stands_in(others, own):
            share += weight
        elif stands_in(word, before):
            share += 0.5 * weight
    return share


def _focus_share(question: QuestionView, own: str, before: str) -> float:
    """The same for what was asked of the subject."""
    share = 0.0
    for word, others, _ in question.focus:
        if stands_in(word, own) or one_stands_in(others, own):
            share += 1.0
        elif stands_in(word, before) or one_stands_in(others, before):
            share += 0.5
    return share / len(question.focus)


def _cuts(text: str, at: int) -> bool:
    """Whether a mark ends a clause; a comma inside a number does not."""
    return not (text[at] == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit())


_LISTED = re.compile(r"、|[一二三四五六七八九十]是|第[一二三四五六七八九十][,，、]|;|；|：$|:$")


def _type_features(out: dict[str, float], question: QuestionView, sentence: TextView) -> None:
    want = question.asked.want
    if want.type == AnswerType.LIST:
        out["list_ok"] = min(1.0, len(_LISTED.findall(sentence.folded)) / 2)
        out["type_bad"] = float(not out["list_ok"])
        return
    if want.type == AnswerType.OTHER:
        return
    text = sentence.folded
    found = [(a, b) for a, b in spans(text, want) if text[a:b] not in question.asked.text]
    out["type_ok"] = float(bool(found))
    clauses = [_clauses(text, span) for span in found]
    out["clause"] = max((_clause_share(question, *pair) for pair in clauses), default=0.0)
    if question.focus:
        out["focus_clause"] = max((_focus_share(question, *pair) for pair in clauses), default=0.0)
    out["type_bad"] = float(not found)
    if want.type == AnswerType.NUMBER and want.unit:
        out["unit_bad"] = float(not found)
