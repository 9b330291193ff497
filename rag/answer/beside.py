"""What stands beside the evidence in its passage: the sentence before, the sentence after."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.engine import Weighed
from rag.retrieve.candidates import courteous
from rag.seams import Corpus
from rag.text.reading import reading
from rag.types import Evidence, Place

_BEST = 8
"""Sentences, the best ones, whose neighbours are given."""


def beside(weighed: Weighed, corpus: Corpus, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The neighbours of the best sentences that are not ``evidence`` themselves, the best's first.

    Their scores are below all of ``evidence``; no headings, nothing of another section.
    """
    seen = {(item.place.doc, item.place.start) for item in evidence}
    texts = {item.text for item in evidence}
    least = min((item.score for item in evidence), default=0.0)
    found: list[Evidence] = []
    for scored in weighed.ranked[:_BEST]:
        candidate = scored.candidate
        if candidate.sentence.heading:
            continue
        document = corpus.document(candidate.doc)
        for index in (candidate.index - 1, candidate.index + 1):
            for sentence in corpus.sentences(candidate.doc, index, index) if index >= 0 else []:
                text = reading(document.text[sentence.start : sentence.end])
                key = (candidate.doc, sentence.start)
                same = sentence.section == candidate.sentence.section
                if key in seen or text in texts or sentence.heading or not same or courteous(text):
                    continue
                seen.add(key)
                texts.add(text)
                found.append(
                    Evidence(
                        place=Place(candidate.doc, sentence.start, sentence.end),
                        text=text,
                        score=least - 1 - len(found),
                        probability=0.0,
                        section=candidate.section,
                        titles=candidate.section.titles,
                        places=tuple(corpus.repeats(candidate.doc, index)),
                    )
                )
    return found
