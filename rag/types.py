"""The nouns. Everything else is functions over them.

Offsets are Unicode code points into ``Document.text``, the canonical text; ``end`` is exclusive,
and ``text[start:end]`` is always the verbatim quote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
FloatMatrix = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


# ---- documents -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Document:
    """One document and its canonical text.

    ``id`` is the path below the docs folder with forward slashes; a record of a .jsonl file is
    ``FILE#ID``. ``content_hash`` is the SHA-256 (hex) over text, title and date: equal hash means
    that nothing needs to be indexed again. ``page_starts`` holds the offset at which each page
    begins (page 1 first), empty where the format has no pages.
    """

    id: str
    text: str
    content_hash: str
    title: str = ""
    date: str = ""
    format: str = "txt"
    encoding: str = ""
    page_starts: tuple[int, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """The 1-based page that holds ``offset``; None where there are no pages."""
        page = sum(1 for start in self.page_starts if start <= offset)
        return page or None


@dataclass(frozen=True, slots=True)
class InputRow:
    """What became of one input. ``seen = indexed + skipped + failed`` over all rows."""

    path: str
    status: Literal["indexed", "skipped", "failed"]
    reason: str = ""
    detail: str = ""
    """What is worth saying of an indexed input, such as its encoding."""


# ---- text ----------------------------------------------------------------------------------
SectionKind = Literal["body", "question", "answer"]


@dataclass(frozen=True, slots=True)
class Section:
    """A run of text under one title path: ``[start, end)``; sections tile the document.

    ``titles`` goes from the outermost heading to the innermost; ``byline`` holds the author or
    agency of an article, ``speaker`` who answers in a question/answer pair.
    """

    start: int
    end: int
    titles: tuple[str, ...] = ()
    kind: SectionKind = "body"
    byline: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; ``section`` indexes the document's sections.

    ``heading`` marks a title line: found by search, never quoted as an answer's evidence of fact
    unless nothing else fits. The span may cover a page or column break: :func:`rag.text.reading`
    gives the text without it.
    """

    start: int
    end: int
    section: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole sentences ``first..last`` (inclusive) of one section: the unit of retrieval.

    ``context`` is the title path (and speaker) that is searched with the text but not quoted.
    """

    start: int
    end: int
    section: int
    first: int
    last: int
    context: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document with its segmentation, all spans into ``document.text``."""

    document: Document
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]


# ---- retrieval -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched for. ``standalone`` holds what a follow-up took from history."""

    question: str
    standalone: str


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk found for a query; a higher score is better."""

    doc: str
    chunk_id: int
    chunk: Chunk
    score: float
    dense: float = 0.0
    lexical: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: a document's span."""

    doc: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence weighed as evidence. ``probability`` that it answers, in [0, 1]; higher is better.

    ``places`` lists the other places where the same sentence is printed.
    """

    place: Place
    text: str
    score: float
    probability: float
    section: Section
    titles: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)


# ---- answers -------------------------------------------------------------------------------
Verdict = Literal[
    "supported",
    "partial",
    "wrong_source",
    "number_mismatch",
    "negation_mismatch",
    "uncited",
    "unsupported",
]


@dataclass(frozen=True, slots=True)
class Citation:
    """Citation number ``n`` (from 1). ``quote == document.text[start:end]`` always.

    ``source`` says whose words they are (article title, speaker, page) for a reader;
    ``also`` lists further places where the same sentence is printed.
    """

    n: int
    doc: str
    title: str
    start: int
    end: int
    quote: str
    source: str = ""
    also: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of the answer. ``key`` spans (start, end in ``text``) are shown bold."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    why: str = ""
    key: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved passage as shown beside an answer; a higher score is better."""

    doc: str
    start: int
    end: int
    score: float
    text: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """What one source says of a thing that sources differ on. ``date`` is the source's, "" where
    it has none."""

    value: str
    citation: Citation
    date: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that give the same thing different values of one unit; at least two, each other."""

    subject: str
    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model's reply took. Tokens as the endpoint reports them, 0 where it does not;
    ``first_ms`` until its first text; ``cost`` by the prices in the settings, 0 without them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    first_ms: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets. ``reason`` says why it refused, fell back or was cut off ("" otherwise).

    ``model`` names the language model that wrote it; ``dropped`` counts its citations to sentences
    that do not exist, ``left_out`` the evidence without room in the prompt;
    ``cut_off``: the model's reply ended before it was finished.
    """

    question: str
    standalone: str
    answer: str
    mode: Literal["extractive", "llm"]
    refused: bool
    reason: str = ""
    citations: tuple[Citation, ...] = ()
    sentences: tuple[AnswerSentence, ...] = ()
    passages: tuple[Passage, ...] = ()
    unknown_terms: tuple[str, ...] = ()
    confidence: float = 0.0
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    model: str = ""
    usage: Usage | None = None
    dropped: int = 0
    left_out: int = 0
    cut_off: bool = False
