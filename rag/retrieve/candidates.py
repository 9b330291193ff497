"""Passages to the sentences that might answer, each with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieve.scored import Candidate
from rag.seams import Corpus
from rag.text.reading import reading
from rag.types import ScoredChunk, Section

_COURTESY = re.compile(
    r"^(?:(?:回答|答)[:：])?\s*(?:(?:首先|非常|十分|也|再次|最后|衷心)*(?:感谢|谢谢|多谢)(?:[。!！]|您|你|大家|各位|主持人|这位|记者|.{0,12}提问)"
    r"|(?:(?:各位|女士们|大家|同志们)[^。]{0,16}|您)好[!！。,，])[^。]*[。!！]?$"
)
"""Thanks and greetings: they repeat the name of who is spoken to, and say nothing."""
_COURTEOUS = 60
"""Characters: a longer sentence that opens with thanks goes on to say something."""
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|[-/.])")


def candidates(corpus: Corpus, hits: Sequence[ScoredChunk]) -> list[Candidate]:
    """The sentences of the passages, each once, in the order found."""
    found: dict[tuple[str, int], Candidate] = {}
    for hit in hits:
        chunk = hit.chunk
        document = corpus.document(hit.doc)
        section = corpus.section(hit.doc, chunk.section)
        before = max(0, chunk.first - 1)
        around = corpus.sentences(hit.doc, before, chunk.last + 1)
        said = [reading(document.text[s.start : s.end]) for s in around]
        frame = frame_of(section, document.title)
        years = frozenset(_YEAR.findall(" ".join([document.date, frame, *said])))
        for offset, sentence in enumerate(around):
            index = before + offset
            if not chunk.first <= index <= chunk.last or (hit.doc, index) in found:
                continue
            if courteous(said[offset]):
                continue
            neighbours = [
                said[i]
                for i in (offset - 1, offset + 1)
                if 0 <= i < len(said) and around[i].section == sentence.section
            ]
            found[hit.doc, index] = Candidate(
                doc=hit.doc,
                index=index,
                sentence=sentence,
                section=section,
                text=said[offset],
                context="\n".join([frame, *neighbours]),
                passage=hit.score,
                years=years,
            )
    return list(found.values())


def courteous(text: str) -> bool:
    """Whether a sentence only thanks or greets."""
    return len(text) <= _COURTEOUS and _COURTESY.match(text) is not None


def frame_of(section: Section, title: str) -> str:
    """Titles, speaker and byline of a section in one line."""
    parts = [part for part in (title, *section.titles) if part]
    parts += [
        who for who in (section.speaker, section.byline) if who and not any(who in p for p in parts)
    ]
    return " ".join(parts)
