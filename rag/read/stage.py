"""Sentences in the order of what the reader finds in them: the second look at the best ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from rag.errors import EmbedderError
from rag.read.reading import Reader, Reading
from rag.read.windows import Stretch, stretches
from rag.read.years import asks_last_year, with_year
from rag.retrieve.features import MOST, NAMES, READ, UNREAD
from rag.retrieve.question import YEAR
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.retrieve.weights import Weights
from rag.seams import Corpus

SCALE = 10.0
"""What divides a logit, so that these features are about as large as the others."""
SURE = -8.0
"""Logit of a span against none from which on it is shown: three windows of four held none in
training, so that even what is right seldom reaches 0."""
READ_NAMES = (*NAMES, *READ)
_UNREAD = tuple(UNREAD.values())
_Key = tuple[str, int]


class Stage:
    """A reader with the weights that were fitted over what it finds."""

    def __init__(self, reader: Reader, weights: Weights | None) -> None:
        """Without ``weights`` the order stays that of the first look (as for fitting them).

        Raises EmbedderError where the weights belong to another reader.
        """
        if weights is not None and weights.embedder != reader.identity:
            raise EmbedderError(
                f"the reading weights belong to {weights.embedder}, not {reader.identity}",
                'run `rag train-ranker --reader` again, or set reader = "off"',
            )
        self.reader = reader
        self.weights = weights

    def order(self, question: str, ranked: Sequence[Scored], corpus: Corpus) -> list[Scored]:
        """All of ``ranked`` (best first, features ``NAMES``) with features ``READ_NAMES``, best
        first; ties by document and position."""
        read = self._readings(question, ranked, corpus)
        rows = _rows(ranked, read)
        factor, summand = self.weights.level if self.weights else (1.0, 0.0)
        out = []
        for scored, row in zip(ranked, rows, strict=True):
            found = read.get((scored.candidate.doc, scored.candidate.index))
            span = (found.start, found.end) if found and found.span > SURE else (0, 0)
            score = scored.score
            if self.weights:
                score = factor * float(row @ self.weights.rank) + summand
            out.append(replace(scored, score=score, features=row, answer=span))
        if self.weights:
            out.sort(key=lambda s: (-s.score, s.candidate.doc, s.candidate.index))
        return out

    def probability(
        self, question: QuestionView, ranked: Sequence[Scored], unseen: Sequence[str] = ()
    ) -> float:
        """As :meth:`Weights.probability`, over features ``READ_NAMES``; 0 without weights."""
        if not self.weights:
            return 0.0
        # The trees were grown over the scores as they were before they were brought to a level.
        factor, summand = self.weights.level
        own = [replace(scored, score=(scored.score - summand) / factor) for scored in ranked]
        return self.weights.probability(question, own, unseen)

    def _readings(
        self, question: str, ranked: Sequence[Scored], corpus: Corpus
    ) -> Mapping[_Key, Reading]:
        windows = stretches(ranked, corpus)
        found: dict[_Key, Reading] = {}
        for window, of_window in zip(windows, self._read(question, ranked, windows), strict=True):
            for i, reading in enumerate(of_window):
                key = window.doc, window.first + i
                if key not in found or reading.span > found[key].span:
                    found[key] = reading
        return found

    def _read(
        self, question: str, ranked: Sequence[Scored], windows: Sequence[Stretch]
    ) -> list[list[Reading]]:
        """Of every window, for the question as it is asked of it."""
        if not asks_last_year(question):
            return self.reader.read(question, [window.texts for window in windows])
        asked = [with_year(question, "".join(w.texts), _years(ranked, w.doc)) for w in windows]
        pairs = zip(asked, windows, strict=True)
        return [self.reader.read(own, [window.texts])[0] for own, window in pairs]


def _years(ranked: Sequence[Scored], doc: str) -> set[str]:
    """Those that the sentences found of a document speak of."""
    own = [scored.candidate for scored in ranked if scored.candidate.doc == doc]
    return {year for c in own for year in (*c.years, *YEAR.findall(c.text))}


def _rows(
    ranked: Sequence[Scored], read: Mapping[_Key, Reading]
) -> list[np.ndarray[tuple[int], np.dtype[np.float32]]]:
    """The features of each sentence with the reader's behind them."""
    found = [read.get((scored.candidate.doc, scored.candidate.index)) for scored in ranked]
    said = [(s.candidate.text, r.span) for s, r in zip(ranked, found, strict=True) if r]
    ahead = iter(leads(said))
    rows = []
    for scored, reading in zip(ranked, found, strict=True):
        more = _UNREAD
        if reading:
            logits = (reading.span, reading.evidence, reading.window, next(ahead))
            more = (*(float(np.clip(x / SCALE, -MOST, MOST)) for x in logits), 0.0)
        rows.append(np.concatenate([scored.features[: len(NAMES)], more]).astype(np.float32))
    return rows


def leads(said: Sequence[tuple[str, float]]) -> list[float]:
    """How far each sentence's answer is ahead of the best of any other, of no answer where there is
    no other. ``said`` are sentences with the logits of their answers against none; the same sentence
    printed twice is no rival of itself."""
    best: dict[str, float] = {}
    for text, span in said:
        best[text] = max(best.get(text, span), span)
    order = sorted(best.items(), key=lambda item: -item[1])[:2]
    return [
        span - next((rival for other, rival in order if other != text), 0.0) for text, span in said
    ]
