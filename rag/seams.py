"""The seams: what the project asks of a library or a model behind one. Adapters implement them; tests
run one contract over every implementation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from rag.types import Chunk, Document, FloatArray, FloatMatrix, Place, Section, Sentence


class Embedder(Protocol):
    """Text to unit vectors. A text without known tokens is a zero row, near to nothing: only the
    lexical side finds it, or finds anything for it."""

    @property
    def identity(self) -> str:
        """Names the model and its exact weights; equal identity means equal vectors."""
        ...

    @property
    def dimension(self) -> int: ...

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """(n, d) float32, unit rows (a text without known tokens: a zero row)."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """(n, d) float32, unit rows (a text without known tokens: a zero row)."""
        ...


class Reranker(Protocol):
    """Reads a question and a text together: a cross-encoder."""

    @property
    def identity(self) -> str:
        """Names the model and its exact weights; equal identity means equal scores."""
        ...

    def score(self, question: str, texts: Sequence[str]) -> FloatArray:
        """(n,) float32, finite, how well each text answers; higher is better, on any scale."""
        ...


class Entailment(Protocol):
    """Reads a premise and a claim together: a cross-encoder for natural language inference."""

    @property
    def identity(self) -> str:
        """Names the model and its exact weights; equal identity means equal probabilities."""
        ...

    def entails(self, premises: Sequence[str], claims: Sequence[str]) -> FloatMatrix:
        """(n, 3) float32, rows that sum to 1: the probabilities that premise i entails claim i, says
        nothing of it, contradicts it."""
        ...


class VectorIndex(Protocol):
    """Nearest neighbours by inner product."""

    def search(self, vector: FloatMatrix, k: int) -> list[tuple[int, float]]:
        """At most ``k`` (chunk id, inner product) pairs, best first; ties by id."""
        ...

    def vectors(self, ids: Sequence[int]) -> FloatMatrix:
        """(n, d) float32, the vectors of ``ids`` in their order. Raises KeyError for an unknown id."""
        ...


class LexicalIndex(Protocol):
    """BM25 over character unigrams and bigrams."""

    def search(self, tokens: Sequence[str], k: int) -> list[tuple[int, float]]:
        """At most ``k`` (chunk id, BM25 score > 0) pairs, best first; ties by id."""
        ...


class Corpus(Protocol):
    """Read access to the indexed documents."""

    def document(self, doc: str) -> Document: ...

    def section(self, doc: str, index: int) -> Section: ...

    def sentences(self, doc: str, first: int, last: int) -> list[Sentence]:
        """Sentences ``first..last`` (inclusive, clamped to the document)."""
        ...

    def chunk(self, chunk_id: int) -> tuple[str, Chunk]: ...

    def repeats(self, doc: str, sentence: int) -> list[Place]:
        """Other places, in any document, that print the same sentence."""
        ...

    def contains(self, token: str) -> bool:
        """Whether any chunk holds the lexical token."""
        ...


class ChatModel(Protocol):
    """A language model that streams its reply."""

    @property
    def name(self) -> str: ...

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """Pieces of the reply in order. A generator may return its Usage at the end.

        Raises ModelUnreachable, ModelRefusedKey or ModelBroken; the latter also when the stream
        ends without a finish reason. Closing the iterator closes the connection.
        """
        ...
