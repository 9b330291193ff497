"""The nouns of the evaluation. Everything else in this folder is functions over them.

A question set becomes :class:`Question`; an answer to one becomes a :class:`Record` whose ``scores``
are plain numbers by the name of their measure; records under a :class:`Header` are a :class:`Run`,
the only thing that is saved, compared, gated and reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.types import Document, Usage, Verdict

Form = Literal["yinju", "feedback", "passages", "squad", "beir"]
"""How a set is written: this project's own lines, the page's 👍/👎 file, questions with passages of
their own, SQuAD-style JSON, a BEIR folder."""


# ---- sets ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Gold:
    """A verbatim quote that proves (part of) an answer.

    ``start`` is its offset in the document's canonical text, None where any place at which the
    document prints it will do.
    """

    doc: str
    quote: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A case. ``turns`` ends with the question.

    ``gold`` and ``must`` are groups: every group is needed, inside a group any one member does.
    ``must`` holds what an answer has to say, ``answers`` whole reference answers (any one), for
    exact match and F1. ``relevance`` grades documents (BEIR; 0 is irrelevant). Where ``passages``
    are given the question is asked of these texts alone. ``rejected`` and ``rejected_gold`` are what
    a user marked as wrong: an answer that says it, or cites it, again fails. Answerable with neither
    gold nor must: all that is asked is that it be not refused. ``line`` is where the case stands in
    its file, from 1; 0 where that is no line.
    """

    id: str
    kind: str
    turns: tuple[str, ...]
    answerable: bool
    gold: tuple[tuple[Gold, ...], ...] = ()
    must: tuple[tuple[str, ...], ...] = ()
    answers: tuple[str, ...] = ()
    relevance: Mapping[str, int] = field(default_factory=dict)
    passages: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    rejected_gold: tuple[Gold, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set as it was read. ``checksum`` is the SHA-256 (hex) of the bytes it was read from.

    ``documents`` are the texts that the set brings with it; empty where it asks about the user's
    own documents or every question has passages of its own.
    """

    name: str
    form: Form
    checksum: str
    questions: tuple[Question, ...]
    documents: tuple[Document, ...] = ()


# ---- what became of a question ---------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of an answer: ``quote`` stands at ``[start, end)`` of ``doc``; ``also`` are further
    documents that print it."""

    doc: str
    start: int
    end: int
    quote: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved passage, best first; a higher score is better."""

    doc: str
    start: int
    end: int
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model that was asked came to.

    ``model`` is its name; ``verdicts`` are those of the answer's sentences, in order; ``dropped``
    counts its citations to sentences that do not exist. ``fell_back``: it gave no answer, and this
    one is extractive: none of its figures is the model's.
    """

    model: str = ""
    verdicts: tuple[Verdict, ...] = ()
    dropped: int = 0
    cut_off: bool = False
    fell_back: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One case: what was asked, what came, how it was judged.

    ``scores`` maps a measure's name to a number; a measure that does not apply (the F1 of a
    refused answer's evidence, say) is absent, never 0. ``right`` is always there. ``confidence`` is
    the probability that the documents answer, in [0, 1]. ``error`` is the one line of a question
    that failed ("" otherwise): it counts as wrong. ``written`` is there where a language model was
    asked to answer, ``usage`` where it reported what that took.
    """

    id: str
    kind: str
    turns: tuple[str, ...]
    answerable: bool
    gold: tuple[tuple[Gold, ...], ...]
    must: tuple[tuple[str, ...], ...]
    answer: str
    refused: bool
    confidence: float
    mode: str
    reason: str
    citations: tuple[Cited, ...]
    passages: tuple[Found, ...]
    scores: Mapping[str, float]
    milliseconds: float
    error: str = ""
    written: Written | None = None
    usage: Usage | None = None

    @property
    def right(self) -> bool:
        """Answerable: said and cited; unanswerable: refused."""
        return self.scores["right"] == 1.0

    @property
    def fell_back(self) -> bool:
        """Whether the model was asked and the answer is extractive all the same."""
        return self.written is not None and self.written.fell_back


# ---- runs ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over a run: its value and a bootstrap interval, over ``cases`` cases."""

    value: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class Header:
    """Where a run's figures come from. ``created`` is UTC, ISO 8601; ``settings`` and ``versions``
    are texts by name, secrets masked; ``commit`` ends in "+" where the tree was not clean, "" where
    there is none. ``costs`` holds peak_mb (of the process so far), index_mb, build_s (where an
    index was built) and seconds, of the whole run: of what an interrupted run had done, the time of
    its answers. Where a language model was asked they hold as well: asked (questions put to it),
    fallbacks (of these, answered without it), prompt_tokens, completion_tokens, cost (by the prices
    in the settings), first_p50_ms and first_p95_ms (until its first text), each as far as known;
    ``settings`` then name the model that answered, and of the endpoint the host alone."""

    name: str
    created: str
    set_name: str
    set_form: Form
    set_checksum: str
    embedder: str
    documents: int
    chunks: int
    generation: str
    settings: Mapping[str, str]
    versions: Mapping[str, str]
    commit: str
    machine: str
    costs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its header and a record of every question, in the order of the set."""

    header: Header
    records: tuple[Record, ...]


# ---- measures --------------------------------------------------------------------------------
Over = Literal["all", "answerable", "unanswerable", "answered"]
"""The cases that a measure is taken over; ``answered``: answerable and not refused."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as people see it. ``better`` is +1 where higher is better, -1 where lower is, 0
    where it only describes; ``source`` says whose definition it is."""

    name: str
    zh: str
    en: str
    unit: Literal["share", "characters", "ms", "score"]
    better: Literal[-1, 0, 1]
    over: Over
    source: str
