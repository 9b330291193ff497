"""Planted regressions of the real system, over the real set: the gate catches each.

The set is asked three times in all (20 s); the shifted offsets are planted into remembered answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from rag.config import Settings
from rag.evaluate import baseline
from rag.evaluate.compare import compare
from rag.evaluate.gate import Floors, Judged, judge, read_floors
from rag.evaluate.job import evaluate, read_for
from rag.evaluate.types import QuestionSet, Run
from rag.index.lexical import TantivyLexical
from rag.index.reader import OpenIndex
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.read.load import load_stage
from rag.read.stage import Stage
from rag.types import Answer
from tests.fakes.ranking import ranker

ROOT = Path(__file__).parents[2]


class Remembering(Pipeline):
    """Keeps the answers that it gives."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.answers: dict[tuple[str, ...], Answer] = {}

    def ask(self, turns: Sequence[str]) -> Answer:
        answer = self.answers[tuple(turns)] = super().ask(turns)
        return answer


class Shifted(Pipeline):
    """Gives remembered answers with every offset one too high."""

    answers: dict[tuple[str, ...], Answer]

    def ask(self, turns: Sequence[str]) -> Answer:
        answer = self.answers[tuple(turns)]
        moved = [replace(c, start=c.start + 1, end=c.end + 1) for c in answer.citations]
        return replace(answer, citations=tuple(moved))


class Mute:
    """A lexical index that finds nothing."""

    def __init__(self, lexical: TantivyLexical) -> None:
        self._lexical = lexical

    def search(self, tokens: Sequence[str], k: int) -> list[tuple[int, float]]:
        return []

    def __len__(self) -> int:
        return len(self._lexical)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lexical, name)


class WithoutBM25(Pipeline):
    def index(self) -> OpenIndex:
        index = super().index()
        return replace(index, lexical=cast(TantivyLexical, Mute(index.lexical)))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("planted")
    settings = Settings(docs=ROOT / "seeds", index=folder / "index", runs=folder / "runs")
    build_index(settings)
    return settings


@pytest.fixture(scope="module")
def sound(settings: Settings) -> Remembering:
    return Remembering(settings, ranker=ranker())


@pytest.fixture(scope="module")
def seeds(sound: Remembering) -> QuestionSet:
    return read_for(sound, ROOT / "eval" / "seeds.jsonl")


@pytest.fixture(scope="module")
def good(sound: Remembering, seeds: QuestionSet) -> Run:
    return evaluate(sound, seeds).run


@pytest.fixture(scope="module")
def floors() -> Floors:
    return read_floors(ROOT / "eval" / "floors.toml")


def broken(run: Run, floors: Floors) -> dict[str, Judged]:
    """The floors that a run is below, by measure."""
    known = baseline.read(ROOT / "eval" / "baseline.json")
    return {one.floor.measure: one for one in judge(run, floors, known) if not one.holds}


def test_the_system_as_it_is_passes(good: Run, floors: Floors) -> None:
    assert broken(good, floors) == {}


def test_bm25_switched_off_is_caught(
    settings: Settings, seeds: QuestionSet, good: Run, floors: Floors
) -> None:
    mute = evaluate(WithoutBM25(settings, ranker=ranker()), seeds).run
    found = broken(mute, floors)
    assert {"hit@5", "mrr@10"} <= set(found)
    missed = {r.id for r in mute.records if r.answerable and r.scores["hit@5"] == 0}
    assert set(found["hit@5"].lost) <= missed
    assert len(found["hit@5"].lost) > 10
    assert any("hit@5" in text for text in compare(good, mute).regressions)


def test_offsets_shifted_by_one_are_caught(
    settings: Settings, sound: Remembering, seeds: QuestionSet, good: Run, floors: Floors
) -> None:
    shifted = Shifted(settings, ranker=ranker())
    shifted.answers = sound.answers
    run = evaluate(shifted, seeds).run
    found = broken(run, floors)["verbatim"]
    answered = [r.id for r in run.records if r.citations]
    assert found.figure.value == 0
    assert list(found.lost) == answered
    assert any("逐字" in text for text in compare(good, run).regressions)


def test_a_threshold_halved_is_caught(
    settings: Settings, seeds: QuestionSet, good: Run, floors: Floors
) -> None:
    whole = load_stage(settings.reader, ranker().model)
    assert whole is not None and whole.weights is not None
    half = {rate: value / 2 for rate, value in whole.weights.thresholds.items()}
    bold = Stage(whole.reader, replace(whole.weights, thresholds=half))
    run = evaluate(Pipeline(settings, ranker=ranker(), stage=bold), seeds).run
    found = broken(run, floors)["refusal_recall"]
    assert found.lost
    assert not any(r.refused for r in run.records if r.id in found.lost)
    assert any("该拒" in text for text in compare(good, run).regressions)
