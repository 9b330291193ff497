"""The composition root: opens what the settings name and answers questions."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from rag.answer.clock import Clock
from rag.answer.engine import Weighed, doubt, nothing_known, passages_of, refuse, say, weigh
from rag.answer.understood import Rewritten
from rag.config import Settings
from rag.embed import StaticEmbedder, load_entailment, load_reranker
from rag.embed.named import EmbedderOf
from rag.errors import ConfigError, ModelError, UsageError
from rag.index.reader import OpenIndex
from rag.judging import Judge
from rag.read.stage import Stage
from rag.recipe import open_for
from rag.retrieve.aliases import Aliases, mine
from rag.retrieve.calibration import Calibration
from rag.retrieve.evidence import NGRAMS, Frequency, Ranker
from rag.retrieve.followup import standalone
from rag.retrieve.memory import MemoryCorpus
from rag.retrieve.rerank import rerank
from rag.retrieve.search import Searchable, search
from rag.retrieve.weights import Weights
from rag.seams import ChatModel, Corpus, Embedder, Entailment, Reranker
from rag.text import parse
from rag.text.frequency import BackgroundIdf
from rag.text.normalise import fold_text
from rag.types import Answer, Document, Place, Query, ScoredChunk

SHOWN = 8
"""Passages shown beside an answer."""


def build_ranker() -> Ranker:
    """The ranker with the weights that ship with the package."""
    return Ranker(StaticEmbedder(), BackgroundIdf.read(NGRAMS), Weights.read())


class Pipeline:
    """Answers questions over one index; safe for many threads.

    A new generation is picked up between questions: every answer comes from exactly one.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        ranker: Ranker | None = None,
        embedder: Embedder | None = None,
        chat: ChatModel | None = None,
        reranker: Reranker | None = None,
        stage: Stage | None = None,
        verifier: Entailment | None = None,
        calibrated: bool = True,
    ) -> None:
        """``calibrated``: whether the user's own calibration of the index, if any, is used. Raises
        EmbedderError where the ranker, the reranker or the verifier of the settings does not
        load."""
        self.settings = settings
        self.ranker = ranker or build_ranker()
        self.reranker = reranker or load_reranker(settings)
        self._embedder = EmbedderOf(settings, embedder)
        self._chat = chat
        self.verifier = verifier or (load_entailment(settings) if self.uses_model else None)
        self._index: OpenIndex | None = None
        self._lock = threading.Lock()
        self._aliases = Aliases()
        self.judge = Judge(
            settings,
            self.ranker,
            self._embedder,
            stage=stage,
            calibrated=calibrated,
        )

    # ---- what is open ------------------------------------------------------------------------
    @property
    def embedder(self) -> Embedder:
        """The embedder of the settings, loaded once."""
        return self._embedder()

    def index(self) -> OpenIndex:
        """The current generation; raises an IndexError_ that names the repair."""
        with self._lock:
            if self._index is None or not self._index.is_current():
                self._index = open_for(self.settings, self.embedder.identity)
            return self._index

    def status(self) -> str:
        """One line for people: documents, passages, embedder, reranker, kind of answers."""
        index = self.index()
        counts = index.manifest.counts
        embedder = "内置向量模型" if self.settings.embedder == "builtin" else self.settings.embedder
        mode = f"模型回答（{self._model_name()}）" if self.uses_model else "抽取式回答"
        if self.reranker:
            embedder += f" · 重排模型 {self.reranker.identity.split(':')[1]}"
        if self.settings.reader != "off":
            embedder += " · 阅读模型" if self.judge.stage else "（阅读模型不可用）"
        if self.verifier:
            mode += f" · 核对模型 {self.verifier.identity.split(':')[1]}"
        line = f"{counts.documents} 份文件 · {counts.chunks} 段 · {embedder} · {mode}"
        calibrated = self.judge.calibrated_by()
        return f"{line} · {calibrated}" if calibrated else line

    @property
    def uses_model(self) -> bool:
        """Whether answers are written by a language model."""
        if self.settings.mode == "extractive":
            return False
        return self._chat is not None or self.settings.llm_configured or self.settings.mode == "llm"

    def chat(self) -> ChatModel:
        """The language model of the settings."""
        if self._chat is None:
            if not self.settings.llm_configured:
                raise ConfigError(
                    "no language model endpoint is named",
                    "set RAG_BASE_URL (or OPENAI_BASE_URL) or OPENAI_API_KEY, or "
                    'mode = "extractive"',
                )
            from rag.chat.client import OpenAIChat

            self._chat = OpenAIChat(self.settings)
        return self._chat

    def _model_name(self) -> str:
        return self._chat.name if self._chat else (self.settings.model or "auto")

    def evidence_for(self, turns: Sequence[str]) -> tuple[float, bool]:
        """The probability, uncalibrated, that the documents answer the last turn, and whether it is
        refused whatever the threshold."""
        query = standalone([*turns[:-1], self.checked(turns[-1] if turns else "")])
        weighed = self._weigh(query, *self.retrieved(query))
        return weighed.probability, nothing_known(weighed)

    # ---- questions ---------------------------------------------------------------------------
    def search(self, question: str, k: int) -> tuple[list[ScoredChunk], Corpus]:
        """The ``k`` best passages for a question, best first, with the corpus they stand in."""
        question = self.checked(question)
        query, index = Query(question, question), self.index()
        hits = self._retrieve(query, index, max(k, self.settings.k))
        if self.settings.rerank:
            weighed = self._weigh(query, index.corpus, hits, index.frequency)
            hits = self._reranked(hits, weighed)
        return hits[:k], index.corpus

    def ask(self, turns: Sequence[str]) -> Answer:
        """The final answer to the last turn, or to a question by itself."""
        return _last(self.stream(turns))

    def stream(self, turns: Sequence[str]) -> Iterator[Answer]:
        """Growing answers, the last one final; closing the generator stops the model."""
        clock = Clock()
        asked = yield from self._understood(turns, clock)
        corpus, hits, frequency = self.retrieved(asked.query)
        clock.lap("retrieve")
        own = self.judge.calibration()
        yield from self._answer(asked, corpus, hits, frequency, clock, own)

    def ask_passages(self, turns: Sequence[str], passages: Sequence[str]) -> Answer:
        """An answer from these texts alone: documents passage#0, passage#1 …"""
        return _last(self._over(turns, passages))

    def _over(self, turns: Sequence[str], passages: Sequence[str]) -> Iterator[Answer]:
        clock = Clock()
        asked = yield from self._understood(turns, clock)
        documents = [Document(f"passage#{i}", text, "") for i, text in enumerate(passages)]
        corpus = MemoryCorpus([parse(d, self.settings.chunk_size) for d in documents])
        clock.lap("parse")
        yield from self._answer(asked, corpus, corpus.hits(), None, clock)

    def checked(self, question: str) -> str:
        """The question, trimmed; raises UsageError where there is nothing to ask or too much."""
        text = question.strip()
        if not fold_text(text).strip("?!.,。、…"):
            raise UsageError("the question is empty", "type a question")
        if len(text) > self.settings.max_question:
            raise UsageError(
                f"the question has {len(text):,} characters, the limit is "
                f"{self.settings.max_question:,}",
                "shorten it, or raise the setting max_question",
            )
        return text

    def context(self, place: Place, width: int = 240) -> tuple[str, str, str]:
        """Text before, the quote, text after, of the current generation."""
        text = self.index().corpus.document(place.doc).text
        return (
            text[max(0, place.start - width) : place.start],
            text[place.start : place.end],
            text[place.end : place.end + width],
        )

    # ---- steps -------------------------------------------------------------------------------
    def _understood(self, turns: Sequence[str], clock: Clock) -> Generator[Answer, None, Rewritten]:
        """The last turn standing alone: by the model where there is one, else by rule."""
        if isinstance(turns, str):  # a string is a sequence of strings as well
            turns = [turns]
        turns = [*turns[:-1], self.checked(turns[-1] if turns else "")]
        if len(turns) == 1 or not self.uses_model:
            return Rewritten(standalone(turns))
        from rag.answer.modelled import understand

        asked = yield from understand(turns, self.chat())
        clock.lap("understand")
        return asked

    def retrieved(self, query: Query) -> tuple[Corpus, list[ScoredChunk], Frequency]:
        """The passages for a query, best first, with how frequent a token is among all."""
        index = self.index()
        return index.corpus, self._retrieve(query, index, self.settings.k), index.frequency

    def _retrieve(self, query: Query, index: OpenIndex, k: int) -> list[ScoredChunk]:
        searchable = Searchable(index.corpus, index.vectors, index.lexical)
        more = " ".join(self._aliases.expand(fold_text(query.standalone)))
        expansion = f"{query.standalone} {more}" if more else ""
        mode = self.settings.retrieval
        return search(query, searchable, self.embedder, k, expansion, mode=mode)

    def _reranked(self, hits: Sequence[ScoredChunk], weighed: Weighed) -> list[ScoredChunk]:
        """By the trees of whoever scored the sentences; a reranker's scores they have never seen."""
        weights = self.judge.stage.weights if self.judge.stage else self.ranker.weights
        return rerank(hits, weighed.every, weighed.view, None if self.reranker else weights)

    def _weigh(
        self,
        query: Query,
        corpus: Corpus,
        hits: Sequence[ScoredChunk],
        frequency: Frequency | None,
    ) -> Weighed:
        aliases = Aliases(_printed_aliases(corpus, hits))
        return weigh(
            query, corpus, hits, self.ranker, aliases, frequency, self.reranker, self.judge.stage
        )

    def _answer(
        self,
        asked: Rewritten,
        corpus: Corpus,
        hits: Sequence[ScoredChunk],
        frequency: Frequency | None,
        clock: Clock,
        own: Calibration | None = None,
    ) -> Iterator[Answer]:
        query = asked.query
        weighed = self._weigh(query, corpus, hits, frequency)
        ordered = self._reranked(hits, weighed) if self.settings.rerank else hits
        shown = passages_of(corpus, ordered[:SHOWN])
        clock.lap("weigh")

        def done(answer: Answer) -> Answer:
            also = asked.reason if answer.refused or answer.sentences else ""
            reason = "；".join(filter(None, (answer.reason, also)))
            return replace(answer, passages=shown, reason=reason, timings_ms=clock.total())

        refused = self.judge.refuses(weighed, own)
        if own:
            weighed = replace(weighed, probability=own.probability(weighed.probability))
        if refused:
            yield done(replace(refuse(query, weighed), usage=asked.usage))
            return
        reason = ""
        if self.uses_model:
            from rag.answer.modelled import fell_back, model_answers

            budget = self.settings.llm_context
            answers = model_answers(asked, weighed, corpus, self.chat(), budget, self.verifier)
            try:
                with closing(answers):
                    for answer in answers:
                        clock.lap("model")
                        yield done(answer)
                return
            except ModelError as error:
                reason = fell_back(query, error)
                asked = replace(asked, reason="") if asked.error else asked  # the same again
        answer = say(query, weighed, corpus, self.settings.max_answer)
        clock.lap("extract")
        reason = reason or doubt(query, weighed)
        yield done(replace(answer, usage=asked.usage, reason=reason))


def _printed_aliases(corpus: Corpus, hits: Sequence[ScoredChunk]) -> list[tuple[str, ...]]:
    """The abbreviations that the passages themselves give in parentheses."""
    pairs: list[tuple[str, ...]] = []
    for hit in hits:
        text = corpus.document(hit.doc).text[hit.chunk.start : hit.chunk.end]
        if "(" in text or "（" in text:
            pairs += mine(fold_text(text))
    return pairs


def _last(answers: Iterator[Answer]) -> Answer:
    """The final one of growing answers."""
    *_, final = answers
    return final
