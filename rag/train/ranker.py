"""`rag train-ranker`: the evidence weights from reading-comprehension files and question sets."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.config import Settings
from rag.embed import StaticEmbedder
from rag.evaluate.forms import read_any
from rag.evaluate.sets import read_set
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.retrieve.evidence import NGRAMS, Ranker, Weights
from rag.text.frequency import BackgroundIdf
from rag.train.cases import passage_cases, question_cases, squad_cases
from rag.train.evidence import Case, fit, write
from rag.types import Corpus, Query, ScoredChunk

NOISE = (0.8, 1.0)
"""Each question with passages is taken with one that answers it among others, and with none."""
SQUAD_QUESTIONS = 800
"""Questions taken from each reading-comprehension file."""


def train_ranker(
    settings: Settings,
    questions: Sequence[Path],
    squad: Sequence[Path],
    passages: Sequence[Path],
    out: Path,
    say: Callable[[str], None],
) -> Weights:
    """Fits on ``questions`` over the docs folder, on the ``squad`` files and on questions that bring
    their ``passages``; writes ``out``."""
    ranker = Ranker(StaticEmbedder(), BackgroundIdf.read(NGRAMS))
    cases: list[Case] = []
    for path in squad:
        cases += squad_cases(path, ranker, SQUAD_QUESTIONS, weight=0.25)
        say(f"{path.name}: {len(cases)} cases")
    for path in passages:
        for noise in NOISE:
            found = read_any(path, noise=noise).questions
            cases += passage_cases(found, settings.chunk_size, ranker, weight=0.5, group=path.stem)
        say(f"{path.name}: {len(cases)} cases")
    with tempfile.TemporaryDirectory() as folder:
        local = settings.model_copy(update={"index": Path(folder)})
        build_index(local)
        pipeline = Pipeline(local, ranker=ranker)
        index = pipeline.index()
        texts = {d: index.corpus.document(d).text for d in index.corpus.ids()}

        def retrieve(query: Query) -> tuple[Corpus, list[ScoredChunk], Callable[[str], float]]:
            return pipeline.retrieved(query)

        asked = [case for path in questions for case in read_set(path, texts)]
        cases += question_cases(asked, retrieve, ranker, weight=4.0, group="questions")
        index.close()
    weights = fit(cases, ranker.model.identity, "questions", say)
    about: dict[str, object] = {
        "fitted_on": [path.name for path in (*questions, *squad, *passages)],
        "cases": len(cases),
    }
    write(weights, out, about)
    return weights
