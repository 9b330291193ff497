"""`rag train-ranker`: the evidence weights from reading-comprehension files and question sets."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.config import Settings
from rag.embed import StaticEmbedder
from rag.errors import EmbedderError
from rag.evaluate.forms import read_any
from rag.evaluate.prepare import prepare
from rag.evaluate.sets import read_set
from rag.evaluate.types import Question
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.read.builtin import BuiltinReader
from rag.read.stage import READ_NAMES, Stage
from rag.retrieve.evidence import NGRAMS, Ranker
from rag.retrieve.features import NAMES
from rag.retrieve.weights import Weights
from rag.text.frequency import BackgroundIdf
from rag.train.cases import of_asked, paragraph_cases, passage_cases, question_cases, read_squad
from rag.train.evidence import Case, fit, write
from rag.train.few import with_few
from rag.train.level import level
from rag.train.pool import Pooled, fit_passages, of_paragraphs, of_rows, pooled, pooled_own
from rag.train.reader.labelled import part, read_rows
from rag.train.reader.parts import FITTED, TRAINED
from rag.train.reader.passages import Passage, part_of, read_asked

NOISE = (0.8, 1.0)
"""Each question with passages is taken with one that answers it among others, and with none."""
SQUAD_QUESTIONS = 800
"""Questions taken from each reading-comprehension file,"""
ASKED_QUESTIONS = 4_000
"""and from each file of questions asked of printed passages."""
POOLED_QUESTIONS = 3_000
"""Questions of each source that are asked of all its passages at once, for the passages' order."""
SEED = 1
"""Of the cases that are cut."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is fitted on: question sets over the docs folder, files in SQuAD form, questions with
    passages of their own, sets with a corpus, questions asked of printed passages (whose articles
    are in ``corpus``)."""

    questions: tuple[Path, ...]
    squad: tuple[Path, ...] = ()
    passages: tuple[Path, ...] = ()
    sets: tuple[Path, ...] = ()
    asked: tuple[Path, ...] = ()
    corpus: Path | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """A part of the gathering, which a process of its own may do."""

    settings: Settings
    sources: Sources
    reader: Path | None
    kind: str
    path: Path = Path()
    noise: float = 0.0
    asked: tuple[Passage, ...] = ()


def train_ranker(
    settings: Settings,
    sources: Sources,
    out: Path,
    say: Callable[[str], None],
    reader: Path | None = None,
    jobs: int = 1,
) -> Weights:
    """Fits on all ``sources`` and writes ``out``; ``jobs`` processes gather the cases.

    With a ``reader`` folder: the weights over what it finds in the sentences that the shipped
    weights put first. The labelled questions that figures are of are left out, in whatever source
    they stand; those that the reader was trained on are not: it knows them hardly better (right
    sentence 86 % against 83 %), and the trees need many. ``say`` is told how far it is, and what
    of the sources is left out. Raises EmbedderError.
    """
    tasks = [
        *(_Task(settings, sources, reader, "squad", path) for path in sources.squad),
        *(
            _Task(settings, sources, reader, "passages", path, noise)
            for path in sources.passages
            for noise in NOISE
        ),
        *(_Task(settings, sources, reader, "set", path) for path in sources.sets),
        *(
            _Task(
                settings, sources, reader, "asked", path, asked=tuple(_fitted(path, sources, say))
            )
            for path in sources.asked
        ),
        _Task(settings, sources, reader, "questions"),
    ]
    pools = [
        *(_Task(settings, sources, reader, "passages", path) for path in sources.passages),
        *(task for task in tasks if task.kind in ("asked", "questions")),
    ]
    if not reader:
        pools = []  # trees order the passages no better then than a share of the sentence's score
    cases: list[Case] = []
    ordered: list[Pooled] = []
    with _mapped(jobs) as run:
        for task, found in zip(tasks, run(_gather, tasks), strict=True):
            cases += found
            say(f"{task.path.name or 'questions'}: {len(cases)} cases")
        for task, in_pool in zip(pools, run(_gather_pool, pools), strict=True):
            ordered += in_pool
            say(f"{task.path.name or 'questions'}: {len(in_pool)} over all passages at once")
    model = StaticEmbedder()
    belongs = BuiltinReader(model, reader).identity if reader else model.identity
    names = READ_NAMES if reader else NAMES
    weights = fit([*with_few(cases, names, SEED)], belongs, "questions", say, names)
    if reader:
        own = [case for case in cases if case.group == "questions"]
        weights = replace(weights, level=level(own, weights.rank, Weights.read().rank))
        weights = replace(weights, passages=fit_passages(ordered, weights))
    every = (
        *sources.questions, *sources.squad, *sources.passages, *sources.sets, *sources.asked
    )  # fmt: skip
    about: dict[str, object] = {"fitted_on": [path.name for path in every], "cases": len(cases)}
    write(weights, out, about)
    return weights


@contextmanager
def _mapped(jobs: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """``map``, over ``jobs`` processes where there is more than one."""
    if jobs == 1:
        yield map
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield pool.map


def _fitted(path: Path, sources: Sources, say: Callable[[str], None]) -> list[Passage]:
    """The passages of an asked file but those that figures are of. Raises EmbedderError."""
    written = read_asked([path], sources.corpus, sources.squad, say)
    kept = [passage for passage in written if part_of(passage) in (*TRAINED, *FITTED)]
    if not kept:
        raise EmbedderError(
            f"what there is of {path.name} is all held back for figures ({len(written)} passages)",
            "give more passages",
        )
    return kept


def _gather(task: _Task) -> list[Case]:
    """The cases of one source."""
    ranker, stage = _looks(task)
    keep = _kept(task.sources.passages, (*TRAINED, *FITTED))
    match task.kind:
        case "squad":
            found = paragraph_cases(
                read_squad(task.path), task.path.stem, ranker, SQUAD_QUESTIONS, 0.25,
                stage=stage, keep=keep,
            )  # fmt: skip
        case "asked":
            found = paragraph_cases(
                of_asked(task.asked), "asked", ranker, ASKED_QUESTIONS, 0.125,
                stage=stage, misses=False,
            )  # fmt: skip
        case "passages":
            asked = read_any(task.path, noise=task.noise).questions
            own = [q for q in asked if keep(q.turns[-1])]
            size = task.settings.chunk_size
            found = passage_cases(own, size, ranker, 0.5, task.path.stem, stage)
        case "set":
            found = _over_corpus(task.settings, task.path, ranker, stage, keep)
        case _:
            found = _over_folder(task.settings, task.sources.questions, ranker, stage)
    return list(found)


def _gather_pool(task: _Task) -> list[Pooled]:
    """The questions of one source, each over all of its passages."""
    ranker, stage = _looks(task)
    if task.kind == "questions":
        with _folder(task.settings, task.sources.questions, ranker) as (pipeline, asked):
            return list(pooled_own(asked, pipeline.retrieved, ranker, stage))
    rows = [] if task.kind == "asked" else read_rows([task.path])
    kept = [row for row in rows if part(row) in (*TRAINED, *FITTED)]
    pool = of_rows(kept) if kept else of_paragraphs(of_asked(task.asked))
    there = Pipeline(task.settings, ranker=ranker)
    return list(pooled(there, pool, ranker, POOLED_QUESTIONS, stage))


def _looks(task: _Task) -> tuple[Ranker, Stage | None]:
    """Who weighs the sentences: with a reader the shipped weights choose what it reads."""
    model = StaticEmbedder()
    stage = Stage(BuiltinReader(model, task.reader), None) if task.reader else None
    return Ranker(model, BackgroundIdf.read(NGRAMS), Weights.read() if stage else None), stage


def _over_folder(
    settings: Settings, questions: Sequence[Path], ranker: Ranker, stage: Stage | None
) -> Iterator[Case]:
    """From question sets over the docs folder, and their near misses."""
    with _folder(settings, questions, ranker) as (pipeline, asked):
        yield from question_cases(asked, pipeline.retrieved, ranker, 4.0, "questions", stage)


@contextmanager
def _folder(
    settings: Settings, questions: Sequence[Path], ranker: Ranker
) -> Iterator[tuple[Pipeline, list[Question]]]:
    """A pipeline over an index of the docs folder that is thrown away, and the questions."""
    with tempfile.TemporaryDirectory() as folder:
        local = settings.model_copy(update={"index": Path(folder)})
        build_index(local)
        pipeline = Pipeline(local, ranker=ranker)
        index = pipeline.index()
        texts = {d: index.corpus.document(d).text for d in index.corpus.ids()}
        yield pipeline, [case for path in questions for case in read_set(path, texts)]
        index.close()


def _kept(passages: Sequence[Path], parts: Sequence[int]) -> Callable[[str], bool]:
    """Whether a question is of these parts of the labelled ones; any is where there are none."""
    kept = {row.question for row in read_rows(passages) if part(row) in parts}
    return lambda question: not passages or question in kept


def _over_corpus(
    settings: Settings,
    path: Path,
    ranker: Ranker,
    stage: Stage | None,
    keep: Callable[[str], bool],
) -> Iterator[Case]:
    """From a set that brings a corpus; its index is kept below the index folder."""
    found = read_any(path)
    pipeline = prepare(Pipeline(settings, ranker=ranker), found, lambda *done: None).pipeline
    asked = [question for question in found.questions if keep(question.turns[-1])]
    yield from question_cases(asked, pipeline.retrieved, ranker, 0.5, "corpus", stage, misses=False)
    pipeline.index().close()
