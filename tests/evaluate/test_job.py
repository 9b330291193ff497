"""A whole evaluation: sets over the user's documents, over their own, and variants of both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.config import Settings
from rag.errors import ConfigError, EvaluationError, IndexMissing
from rag.evaluate import runs
from rag.evaluate.ablate import ablate, folder_for, variants
from rag.evaluate.job import Options, evaluate, limited, needs_index, read_for
from rag.evaluate.prepare import prepare
from rag.evaluate.statistics import figures
from rag.evaluate.types import Gold, Question, QuestionSet
from rag.indexing import build_index
from rag.load.document import make_document
from rag.pipeline import Pipeline
from rag.types import Answer
from tests.fakes.ranking import ranker

QUOTE = "白石水库位于青江上游，库容为2.4亿立方米。"
BRIDGE = "青江大桥2024年5月1日正式通车，全长3.6公里。"
CASES = [
    {"id": "1", "kind": "fact", "turns": ["白石水库的库容是多少？"], "answerable": True,
     "gold": [[{"doc": "a.txt", "quote": QUOTE}]], "must": [["2.4亿"]]},
    {"id": "2", "kind": "no", "turns": ["火星咖啡馆的招牌饮料叫什么名字？"], "answerable": False,
     "gold": [], "must": []},
]  # fmt: skip


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(f"{QUOTE}\n", encoding="utf-8")
    settings = Settings(docs=docs, index=tmp_path / "index", runs=tmp_path / "runs")
    build_index(settings)
    return Pipeline(settings, ranker=ranker())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps(c, ensure_ascii=False) for c in CASES), encoding="utf-8")
    return path


def bringing() -> QuestionSet:
    """A set with documents of its own."""
    documents = tuple(
        make_document(f"set.json#{n}", text, format="squad")
        for n, text in enumerate([QUOTE, BRIDGE])
    )
    asked = Question(
        "1", "fact", ("青江大桥全长多少公里？",), True,
        ((Gold("set.json#1", "全长3.6公里", BRIDGE.index("全长")),),), (("3.6公里",),),
    )  # fmt: skip
    return QuestionSet("set", "squad", "ab" * 32, (asked,), documents)


def test_a_set_over_the_users_documents_is_run_described_and_saved(
    pipeline: Pipeline, own: Path
) -> None:
    steps: list[tuple[str, int, int | None]] = []
    done = evaluate(
        pipeline, read_for(pipeline, own), lambda *s: steps.append(s),
        Options(pipeline.settings.runs),
    )  # fmt: skip
    header = done.run.header
    assert [(r.id, r.right) for r in done.run.records] == [("1", True), ("2", True)]
    assert (header.set_name, header.set_form, header.documents, header.chunks) == (
        "own", "yinju", 1, 1,
    )  # fmt: skip
    assert header.generation == pipeline.index().name
    assert header.embedder == pipeline.embedder.identity
    assert {"seconds", "peak_mb", "index_mb"} == set(header.costs)
    assert steps == [("ask", 1, 2), ("ask", 2, 2)]
    assert done.path == pipeline.settings.runs / f"{header.name}.json"
    assert runs.read(done.path) == done.run
    assert list(pipeline.settings.runs.iterdir()) == [done.path]


def test_the_same_run_twice_gives_the_same_figures(pipeline: Pipeline, own: Path) -> None:
    question_set = read_for(pipeline, own)
    one, other = (figures(evaluate(pipeline, question_set).run.records) for _ in range(2))
    timed = {"ms", "p50_ms", "p95_ms"}
    assert {n: f for n, f in one.items() if n not in timed} == {
        n: f for n, f in other.items() if n not in timed
    }
    assert one["right"].value == 1.0


def test_gold_that_the_users_documents_do_not_hold_is_named(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    bad = CASES[0] | {"gold": [[{"doc": "a.txt", "quote": "库容为9亿"}]]}
    path.write_text(json.dumps(bad, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"bad\.jsonl, line 1: .*库容为9亿"):
        read_for(pipeline, path)


def test_ctrl_c_keeps_what_was_done_and_the_run_can_be_taken_up(
    pipeline: Pipeline, own: Path
) -> None:
    class Stopped(Pipeline):
        def ask(self, turns: Sequence[str]) -> Answer:
            if "火星" in turns[-1]:
                raise KeyboardInterrupt
            return super().ask(turns)

    question_set = read_for(pipeline, own)
    folder = pipeline.settings.runs
    with pytest.raises(KeyboardInterrupt):
        evaluate(Stopped(pipeline.settings, ranker=ranker()), question_set, options=Options(folder))
    assert [p.name[:4] for p in folder.iterdir()] == ["own-"]
    asked: list[int] = []
    done = evaluate(
        pipeline, question_set, lambda stage, n, total: asked.append(n),
        Options(folder, resume=True),
    )  # fmt: skip
    assert asked == [2]
    assert [r.id for r in done.run.records] == ["1", "2"]
    assert list(folder.iterdir()) == [done.path]
    spent = sum(r.milliseconds for r in done.run.records) / 1000
    assert done.run.header.costs["seconds"] >= round(spent, 3) - 0.001


def test_a_run_over_two_generations_is_no_run(pipeline: Pipeline, own: Path) -> None:
    question_set = read_for(pipeline, own)

    def build(stage: str, done: int, total: int | None) -> None:
        if done == 1:
            (pipeline.settings.docs / "b.txt").write_text(BRIDGE, encoding="utf-8")
            build_index(pipeline.settings)

    with pytest.raises(EvaluationError, match="the index was built anew"):
        evaluate(pipeline, question_set, build)


def test_a_model_that_is_not_configured_ends_the_run_before_it_begins(
    pipeline: Pipeline, own: Path
) -> None:
    question_set = read_for(pipeline, own)
    settings = pipeline.settings.model_copy(update={"mode": "llm"})
    with pytest.raises(ConfigError, match="no language model endpoint"):
        evaluate(Pipeline(settings, ranker=ranker()), question_set)


@pytest.mark.parametrize(
    ("limit", "ids"), [(0, "0123456789"), (3, "036"), (4, "0257"), (10, "0123456789"), (99, "0123456789")]
)  # fmt: skip
def test_a_limit_is_spread_over_the_set(limit: int, ids: str) -> None:
    questions = tuple(Question(str(n), "k", ("q",), False) for n in range(10))
    whole = QuestionSet("s", "yinju", "ab", questions)
    assert "".join(q.id for q in limited(whole, limit).questions) == ids


# ---- sets that bring documents -------------------------------------------------------------
def test_a_set_that_brings_documents_is_asked_of_them_alone(pipeline: Pipeline) -> None:
    stages: list[str] = []
    done = evaluate(pipeline, bringing(), lambda stage, n, total: stages.append(stage))
    (found,) = done.run.records
    assert found.right
    assert found.citations[0].doc == "set.json#1"
    assert {p.doc for p in found.passages} <= {"set.json#0", "set.json#1"}
    assert (done.run.header.documents, done.run.header.costs["build_s"] >= 0) == (2, True)
    assert {"read", "embed", "ask"} <= set(stages)


def test_the_index_of_a_set_is_used_again_and_the_users_own_is_left_alone(
    pipeline: Pipeline,
) -> None:
    mine = pipeline.index().name
    first = evaluate(pipeline, bringing()).run
    again = evaluate(pipeline, bringing()).run
    assert "build_s" in first.header.costs
    assert "build_s" not in again.header.costs
    assert [r.answer for r in first.records] == [r.answer for r in again.records]
    assert build_index(pipeline.settings).generation == mine
    assert pipeline.index().corpus.ids() == ["a.txt"]


def test_another_chunk_size_or_set_has_an_index_of_its_own(pipeline: Pipeline) -> None:
    def index_of(question_set: QuestionSet, **update: object) -> Path:
        settings = pipeline.settings.model_copy(update=update)
        mine = Pipeline(settings, ranker=pipeline.ranker, embedder=pipeline.embedder)
        return prepare(mine, question_set, lambda *step: None).pipeline.settings.index

    one = bringing()
    other = replace(one, checksum="cd" * 32)
    places = [
        index_of(one), index_of(other), index_of(one, chunk_size=160),
        index_of(one, title_context=False),
    ]  # fmt: skip
    assert len(set(places)) == 4
    assert index_of(one, k=3) == places[0]


def test_a_damaged_index_of_a_set_is_made_again(pipeline: Pipeline) -> None:
    prepared = prepare(pipeline, bringing(), lambda *step: None)
    folder = prepared.pipeline.settings.index
    (vectors,) = folder.glob("generations/*/vectors.faiss")
    vectors.write_bytes(b"damaged")
    again = prepare(pipeline, bringing(), lambda *step: None)
    assert again.build_s is not None
    assert again.pipeline.index().corpus.ids() == ["set.json#0", "set.json#1"]


def test_a_set_that_brings_documents_or_passages_needs_no_index_of_the_users(
    tmp_path: Path,
) -> None:
    settings = Settings(docs=tmp_path, index=tmp_path / "none", runs=tmp_path / "runs")
    pipeline = Pipeline(settings, ranker=ranker())
    assert evaluate(pipeline, bringing()).run.records[0].right
    asked = Question(
        "1", "p", ("白石水库的库容是多少？",), True, (), (("2.4亿",),), passages=(QUOTE,)
    )
    passages = QuestionSet("p", "passages", "ab", (asked,))
    done = evaluate(pipeline, passages, options=Options(settings.runs)).run
    assert done.records[0].scores["said"] == 1.0
    assert (done.header.documents, done.header.generation) == (0, "")
    assert not needs_index(passages)
    with pytest.raises(IndexMissing):
        evaluate(
            pipeline, replace(passages, form="yinju", questions=(replace(asked, passages=()),))
        )


# ---- ablation ------------------------------------------------------------------------------
def test_variants_are_the_users_settings_and_one_change_each_none_twice() -> None:
    found = {v.name: v.settings for v in variants(Settings())}
    assert list(found) == [
        "default", "lexical", "dense", "hybrid", "no-titles", "chunk-160", "chunk-640",
    ]  # fmt: skip
    assert found["default"] == Settings()
    assert (found["dense"].retrieval, found["dense"].rerank) == ("dense", False)
    assert (found["hybrid"].retrieval, found["hybrid"].rerank) == ("hybrid", False)
    assert not found["no-titles"].title_context
    assert found["chunk-640"].chunk_size == 640
    plain = [v.name for v in variants(Settings(rerank=False), [100])]
    assert plain == ["default", "lexical", "dense", "hybrid-rerank", "no-titles", "chunk-100"]


@pytest.mark.parametrize("brings", [False, True])
def test_every_variant_is_run_with_its_settings_and_saved_under_its_name(
    pipeline: Pipeline, own: Path, brings: bool
) -> None:
    question_set = bringing() if brings else read_for(pipeline, own)
    chosen = variants(pipeline.settings, [160])
    folder = folder_for(pipeline.settings.runs, question_set)
    mine = pipeline.index().name
    told: list[str] = []
    found = list(
        ablate(pipeline, question_set, chosen, lambda v, *step: told.append(v.name), folder)
    )
    assert [variant for variant, _ in found] == chosen
    for variant, done in found:
        header = done.run.header
        assert header.settings["chunk_size"] == str(variant.settings.chunk_size)
        assert header.settings["retrieval"] == variant.settings.retrieval
        assert header.settings["title_context"] == str(variant.settings.title_context)
        assert f"-{variant.name}-" in header.name
        assert done.path is not None and done.path.parent == folder
        assert done.run.records[0].right or variant.name == "dense"
    assert list(dict.fromkeys(told)) == [v.name for v in chosen]
    assert pipeline.index().name == mine
    assert runs.latest(pipeline.settings.runs) == []
    assert folder.parent == pipeline.settings.runs / "ablations"


def test_a_usage_error_of_one_question_is_a_record(pipeline: Pipeline) -> None:
    asked = Question("1", "k", ("？？",), False)
    (found,) = evaluate(pipeline, QuestionSet("s", "yinju", "ab", (asked,))).run.records
    assert (found.error, found.right) == ("the question is empty; type a question", False)
