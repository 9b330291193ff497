"""One answer against its case: right, rightly cited, rightly refused. Deterministic, no model.

An answer is right when it says every fact that it must (containment after normalisation, as in
Chen et al. 2023, arXiv:2309.01431); it is rightly cited when its citations reach every gold quote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.evaluate.sets import Question
from rag.text.normalise import fold_text
from rag.types import Answer, Citation, Document

_PUNCTUATION = re.compile(
    r"(?<!\d)[.:](?!\d)|(?<=\d)[.:](?!\d)|(?<!\d)[.:](?=\d)|(?<!\d)\s|\s(?!\d)|[,;!?，。；！？、“”\"'‘’《》()（）\[\]【】「」『』·—…~-]"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on one case. ``hit_rank`` is the first passage (from 1) that holds a gold quote
    of each group, 0 for none; ``length`` counts the answer's characters without marks."""

    id: str
    kind: str
    answerable: bool
    refused: bool
    said: bool
    cited: bool
    verbatim: bool
    length: int
    hit_rank: int
    confidence: float
    milliseconds: float
    answer: str

    @property
    def right(self) -> bool:
        """Answerable: said and cited; unanswerable: refused."""
        return self.refused if not self.answerable else self.said and self.cited


def normalised(text: str) -> str:
    """Folded, without punctuation and white space; what parts two numbers stays."""
    return _PUNCTUATION.sub("", fold_text(text))


def says(said: str, fact: str) -> bool:
    """Whether a normalised answer says a fact; a number only whole: 13.6公里 does not say 3.6公里."""
    wanted = normalised(fact)
    before = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    after = r"(?!\d|\.\d)" if wanted[-1:].isdigit() else ""
    return bool(wanted) and re.search(before + re.escape(wanted) + after, said) is not None


def judge(question: Question, answer: Answer, documents: Mapping[str, Document]) -> Judged:
    """``documents`` holds the canonical texts, by id."""
    body = "".join(s.text for s in answer.sentences) or answer.answer
    said = normalised(body)
    holds = all(any(says(said, m) for m in group) for group in question.must)
    cited = all(
        any(_reaches(c, gold.doc, gold.quote) for c in answer.citations for gold in group)
        for group in question.gold
    )
    verbatim = all(documents[c.doc].text[c.start : c.end] == c.quote for c in answer.citations)
    return Judged(
        id=question.id,
        kind=question.kind,
        answerable=question.answerable,
        refused=answer.refused,
        said=not answer.refused and holds,
        cited=not answer.refused and cited,
        verbatim=verbatim,
        length=len(body),
        hit_rank=_hit_rank(question, answer),
        confidence=answer.confidence,
        milliseconds=answer.timings_ms.get("total", 0.0),
        answer=answer.answer,
    )


def _reaches(citation: Citation, doc: str, quote: str) -> bool:
    """Whether a citation holds a gold quote, or most of it: half of the shorter of the two."""
    places = {citation.doc} | {place.doc for place in citation.also}
    if doc not in places:
        return False
    one, other = normalised(citation.quote), normalised(quote)
    return bool(one and other) and (one in other or other in one or _common(one, other) >= 0.5)


def _common(one: str, other: str) -> float:
    """The longest common run as a share of the shorter text."""
    short, long = sorted((one, other), key=len)
    best = 0
    for start in range(len(short)):
        while start + best < len(short) and short[start : start + best + 1] in long:
            best += 1
    return best / len(short)


def _hit_rank(question: Question, answer: Answer) -> int:
    """The rank of the first passage that holds the first gold group's quote."""
    if not question.gold:
        return 0
    quotes = [(g.doc, normalised(g.quote)) for g in question.gold[0]]
    for rank, passage in enumerate(answer.passages, start=1):
        text = normalised(passage.text)
        if any(quote in text and doc == passage.doc for doc, quote in quotes):
            return rank
    return 0
