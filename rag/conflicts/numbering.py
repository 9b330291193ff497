"""Citations of the sources that disagree, numbered on from the answer's."""

from __future__ import annotations

from collections.abc import Sequence

from rag.citing import citation
from rag.retrieve.scored import Candidate
from rag.seams import Corpus
from rag.types import Citation, Place


class Numbers:
    """Citations of further sources, numbered on from the answer's; one number a place."""

    def __init__(self, citations: Sequence[Citation], corpus: Corpus) -> None:
        self.corpus = corpus
        self._last = max(c.n for c in citations)
        self._known = {(c.doc, c.start, c.end): c for c in citations}

    def of(self, candidate: Candidate) -> Citation:
        """The citation of a whole sentence; the answer's own where it quotes a part of it."""
        doc, start, end = candidate.doc, candidate.sentence.start, candidate.sentence.end
        for known in self._known.values():
            if known.doc == doc and known.start < end and start < known.end:
                return known
        self._last += 1
        also: list[Place] = self.corpus.repeats(doc, candidate.index)
        document = self.corpus.document(doc)
        made = citation(self._last, document, start, end, candidate.section, also=also)
        self._known[doc, start, end] = made
        return made
