"""Which sentence answers: candidates weighed by a small linear model over explainable features."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.embed.static import StaticEmbedder
from rag.errors import EmbedderError
from rag.retrieve.aliases import Aliases, light_words
from rag.retrieve.features import NAMES, features
from rag.retrieve.question import Asked
from rag.retrieve.scored import Candidate, Scored
from rag.retrieve.views import (
    QuestionView,
    TextView,
    question_view,
    text_view,
    word_matches,
)
from rag.retrieve.weights import Weights
from rag.retrieve.words import Word, words_of
from rag.text.frequency import BackgroundIdf
from rag.text.normalise import fold_text
from rag.text.tokens import tokens

NGRAMS = Path(__file__).parent.parent / "models" / "news-static" / "ngrams.npy"
Frequency = Callable[[str], float]
"""Share of the passages that hold a token, in [0, 1]."""
VIEWS = 2_000
"""Prepared texts that are kept, about 50 KB each: all of a small folder's, the latest of a large one's."""
LIGHT = 1 / 3
"""What a light word, or what is hardly a word, weighs beside another."""


class Ranker:
    """Ranks sentences for questions. Holds the built-in model; one object serves all threads."""

    def __init__(
        self, model: StaticEmbedder, ngrams: BackgroundIdf, weights: Weights | None = None
    ) -> None:
        if weights is not None and weights.embedder != model.identity:
            raise EmbedderError(
                f"the ranking weights belong to {weights.embedder}, not {model.identity}",
                "run `rag train-ranker` again",
            )
        self.model = model
        self._ngrams = ngrams
        self.weights = weights
        self._view = lru_cache(maxsize=VIEWS)(self._make_view)

    def view_question(
        self, asked: Asked, aliases: Aliases, frequency: Frequency | None = None
    ) -> QuestionView:
        """The question weighed by how rare its words are, in news and in these passages."""
        words, rows = self._words(asked, aliases, frequency)
        vectors = _unit(np.stack(rows)) if rows else np.zeros((0, self.model.dimension), np.float32)
        vector = self.model.encode_queries([asked.core or asked.text])[0]
        return question_view(
            asked,
            words,
            vectors,
            vector,
            lambda gram: self._rarity(gram, self._ngrams.idf(gram), frequency),
            aliases,
            self._focus(asked, aliases),
        )

    def _words(
        self, asked: Asked, aliases: Aliases, frequency: Frequency | None
    ) -> tuple[list[tuple[str, float]], list[npt.NDArray[np.float32]]]:
        """The words of the runs with their rarity and raw vectors; a Latin run is one word."""
        words: dict[str, float] = {}
        rows: list[npt.NDArray[np.float32]] = []
        runs = aliases.phrases(asked.runs) if asked.english else list(asked.runs)
        for run in runs:
            parts = [self._one(run)] if run.isascii() else self._cut(run, aliases)
            for word in parts:
                if word.text in words or (len(word.text) == 1 and (run.isascii() or len(run) > 1)):
                    continue
                words[word.text] = self._word_rarity(word, frequency)
                rows.append(word.vector(self.model))
        return list(words.items()), rows

    def _one(self, text: str) -> Word:
        return Word(text, tuple(self.model.token_ids([text])[0].tolist()))

    def _cut(self, run: str, aliases: Aliases) -> list[Word]:
        """The words of a run of Han characters; a name that the lexicon knows is one."""
        words: list[Word] = []
        for part in aliases.cut(run):
            if aliases.of(part):
                words.append(self._one(part))
            else:
                words += words_of(self.model, part, lambda text: bool(aliases.of(text)))
        return words

    def _focus(self, asked: Asked, aliases: Aliases) -> list[tuple[str, npt.NDArray[np.float32]]]:
        """The last word of what stands before the asking word, all words of the noun after it."""
        found: list[tuple[str, npt.NDArray[np.float32]]] = []
        for i, run in enumerate(asked.focus):
            kept = [
                word
                for word in self._cut(run, aliases)
                if len(word.text) > 1 and word.text not in light_words()
            ]
            for word in kept[-1:] if i == 0 else kept[:2]:
                found.append((word.text, _unit(word.vector(self.model)[None, :])[0]))
        return found

    def _word_rarity(self, word: Word, frequency: Frequency | None) -> float:
        """As for any token; a light word counts a third."""
        if len(word.ids) == 1 and self.model.token(word.ids[0]) == word.text:
            background = float(self.model.idf[word.ids[0]])
        else:
            background = max(self._ngrams.idf(t) for t in tokens(word.text) or [word.text])
            if self._is_slip(word.text):
                return LIGHT
        rarity = self._rarity(word.text, background, frequency)
        return rarity * LIGHT if word.text in light_words() else rarity

    def _is_slip(self, text: str) -> bool:
        """Whether characters that were joined are hardly a word: most of their pairs stand in
        fewer than about eight of 62,800 articles. A slip of the pen (收如) or a cut across words."""
        pairs = [text[i : i + 2] for i in range(len(text) - 1)]
        known = sum(self._ngrams.idf(pair) <= 9.0 for pair in pairs)
        return not text.isascii() and known * 2 <= len(pairs)

    def _rarity(self, word: str, background: float, frequency: Frequency | None) -> float:
        """0 to 1: half by how rare in the news, half by how rare in the passages at hand."""
        general = min(1.0, background / 9.0)
        if frequency is None:
            return general
        share = min((frequency(token) for token in tokens(word)), default=0.0)
        local = min(1.0, math.log(1.0 / max(share, 1e-3)) / math.log(100.0))
        return float(0.5 * general + 0.5 * local * general**0.5)

    def rank(self, question: QuestionView, candidates: Sequence[Candidate]) -> list[Scored]:
        """All candidates, best first; ties by document and position."""
        weights = self.weights.rank if self.weights else np.zeros(len(NAMES), np.float32)
        scored = []
        for candidate in candidates:
            view = self._view(candidate.text)
            matched = word_matches(question, view)
            row = features(
                question,
                view,
                self._view(candidate.context),
                passage=candidate.passage,
                heading=candidate.sentence.heading,
                question_section=candidate.section.kind == "question",
                years=candidate.years,
                matched=matched,
            )
            scored.append(Scored(candidate, float(row @ weights), row, matched[1]))
        scored.sort(key=lambda s: (-s.score, s.candidate.doc, s.candidate.index))
        return scored

    def probability(
        self, question: QuestionView, ranked: Sequence[Scored], unseen: Sequence[str] = ()
    ) -> float:
        """As :meth:`Weights.probability`; 0 without weights."""
        return self.weights.probability(question, ranked, unseen) if self.weights else 0.0

    def _make_view(self, text: str) -> TextView:
        ids = self.model.token_ids([text])[0]
        raw = self.model.token_vectors(np.unique(ids))
        vector = self.model.token_vectors(ids).sum(axis=0)
        norm = float(np.linalg.norm(vector)) or 1.0
        return text_view(text, fold_text(text), _unit(raw), vector / norm)


def _unit(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows of length 1; a zero row stays one."""
    if not len(rows):
        return rows
    unit: npt.NDArray[np.float32] = rows / np.maximum(
        np.linalg.norm(rows, axis=1, keepdims=True), 1e-9
    )
    return unit
