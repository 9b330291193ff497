"""What the documents do not have of a question: words, details that have a form of their own, the
holder of an office."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieve.details import Detail, asked_detail
from rag.retrieve.features import NAMES
from rag.retrieve.offices import asked_office
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.seams import Corpus
from rag.text.normalise import fold_text
from rag.text.tokens import tokens

_NEAREST = 8
"""Sentences, the best ones, in which a detail that was asked for may stand."""
_RARE = NAMES.index("rare")
_ASKING = re.compile(
    r"(?:到底|究竟|具体)?(?:是|为|有|叫)?(?:多少|什么|啥|哪|几)[^,]*[?。!]*$|[?。!]+$"
)
_HELD = 0.8
"""How well a sentence must match the name of whom it gives a detail of."""


def lacks_detail(view: QuestionView, ranked: Sequence[Scored]) -> bool:
    """Whether a question asks for a telephone number, a price, an age …, and no near sentence has
    the form of one; somebody's own must stand where the subject does. Or for the holder of an
    office that nothing near names."""
    near = list(ranked[:_NEAREST])
    office = asked_office(view.asked.text)
    if office is not None:
        around = (f"{s.candidate.context}\n{s.candidate.text}".splitlines() for s in near)
        return not any(office.given(fold_text(line)) for lines in around for line in lines)
    detail = asked_detail(view.asked.text)
    if detail is None:
        return False
    if detail.personal:
        owner = _owner(view, detail)
        near = [
            s for s in near if s.features[_RARE] >= 0.5 or any(s.matches[i] >= _HELD for i in owner)
        ]
    return not any(detail.printed.search(fold_text(s.candidate.text)) for s in near)


def parts_lacking(parts: Sequence[tuple[QuestionView, Sequence[Scored]]]) -> list[str]:
    """What those parts of a question ask for whose detail is not there, in their own words; each
    part with its ranked sentences."""
    texts = [view.asked.text for view, ranked in parts if lacks_detail(view, ranked)]
    return [words for text in texts if (words := _asked(text))]


def _asked(text: str) -> str:
    """The words of a part that ask for what is lacking."""
    if office := asked_office(text):
        return office.asking
    detail = asked_detail(text)
    match = detail.asks.search(text) if detail else None
    words = match[0] if match else ""
    return _ASKING.sub("", words) or words.rstrip("?。!")


def _owner(view: QuestionView, detail: Detail) -> list[int]:
    """The longest words of a question but those of the detail itself, by index: whose it is."""
    names = [(i, len(word)) for i, word in enumerate(view.words) if not detail.printed.search(word)]
    longest = max((length for _, length in names), default=0)
    return [i for i, length in names if length >= min(3, longest)]


def unknown_terms(view: QuestionView, corpus: Corpus) -> list[str]:
    """The words of the question of which the documents hold nothing, in order."""
    unknown = []
    for word, aliases in zip(view.words, view.aliases, strict=True):
        if len(word) < 2 and not word.isdigit():
            continue
        pairs = [t for t in tokens(word) if len(t) > 1 or not "\u3400" <= t <= "\u9fff"]
        known = any(corpus.contains(token) for token in pairs or tokens(word))
        if not known and not any(
            all(corpus.contains(token) for token in tokens(alias)) for alias in aliases
        ):
            unknown.append(word)
    return unknown
