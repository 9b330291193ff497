"""The setting `reranker`, from the settings to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.answer.engine import Weighed, weigh
from rag.cli import main
from rag.cli.doctor import findings
from rag.config import Settings
from rag.errors import EmbedderError
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.retrieve.aliases import Aliases
from rag.seams import Reranker
from rag.types import FloatArray, Query
from tests.embed.tiny import save_tiny_bert, save_tiny_cross_encoder
from tests.fakes.ranking import memory, ranker
from tests.fakes.reranker import OverlapReranker

TEXTS = {
    "bridge.txt": "青江大桥通车\n\n青江大桥2024年5月1日正式通车。大桥全长3.6公里，总投资48.5亿元。"
    "设计师林远山表示，大桥采用双塔结构。\n",
    "reservoir.txt": "白石水库扩建\n\n白石水库位于青江上游，库容为2.4亿立方米。"
    "扩建工程由青江水务集团承担，预计2026年底完工。\n",
}  # fmt: skip
QUESTION = "青江大桥什么时候通车？"
UNKNOWN = "火星咖啡馆的招牌饮料叫什么名字？"


class Prefers:
    """Scores what holds a word 1, all else 0."""

    identity = "cross-encoder:prefers:1"

    def __init__(self, word: str) -> None:
        self.word = word

    def score(self, question: str, texts: Sequence[str]) -> FloatArray:
        return np.asarray([self.word in text for text in texts], dtype=np.float32)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("reranking")
    (root / "docs").mkdir()
    for name, text in TEXTS.items():
        (root / "docs" / name).write_text(text, encoding="utf-8")
    settings = Settings(docs=root / "docs", index=root / "index")
    build_index(settings)
    return settings


def weighed(question: str, reranker: Reranker | None) -> Weighed:
    corpus = memory(TEXTS)
    query = Query(question, question)
    return weigh(query, corpus, corpus.hits(), ranker(), Aliases(), None, reranker)


def test_reranker_moves_a_sentence_up_and_not_the_probability() -> None:
    def place(found: Weighed) -> int:
        return [s.candidate.text for s in found.ranked].index(
            "设计师林远山表示，大桥采用双塔结构。"
        )

    before, after = weighed(QUESTION, None), weighed(QUESTION, Prefers("双塔"))
    assert place(after) < place(before)
    assert after.probability == before.probability
    assert {s.candidate.text for s in after.ranked} == {s.candidate.text for s in before.ranked}
    assert after.unseen == before.unseen


def test_each_part_of_a_question_is_reranked_for_itself() -> None:
    question = "青江大桥总投资多少，白石水库的库容是多少？"
    reranker = OverlapReranker()
    found = weighed(question, reranker)
    assert reranker.asked[0][0] == question
    assert len(reranker.asked) == 1 + len(found.parts) == 3
    assert found.probability == weighed(question, None).probability


def test_answers_stay_verbatim_and_the_same_questions_are_refused(settings: Settings) -> None:
    plain = Pipeline(settings, ranker=ranker())
    other = Pipeline(settings, ranker=ranker(), reranker=OverlapReranker())
    answer = other.ask([QUESTION])
    assert "2024年5月1日正式通车" in answer.answer
    assert all(TEXTS[c.doc][c.start : c.end] == c.quote for c in answer.citations)
    for question in (QUESTION, UNKNOWN):
        one, two = plain.ask([question]), other.ask([question])
        assert (one.refused, one.confidence) == (two.refused, two.confidence)
    assert other.ask([UNKNOWN]).refused


def test_sentences_are_read_below_their_titles_in_one_call(settings: Settings) -> None:
    reranker = OverlapReranker()
    Pipeline(settings, ranker=ranker(), reranker=reranker).ask([QUESTION])
    ((question, texts),) = reranker.asked
    assert question == QUESTION
    assert any(t.endswith("通车\n青江大桥2024年5月1日正式通车。") for t in texts), texts


def test_off_by_default_and_said_in_the_status(settings: Settings, tmp_path: Path) -> None:
    plain = Pipeline(settings, ranker=ranker())
    assert plain.reranker is None and "重排" not in plain.status()
    folder = save_tiny_cross_encoder(tmp_path / "tiny-cross")
    own = settings.model_copy(update={"reranker": str(folder)})
    assert Pipeline(own, ranker=ranker()).status() == (
        "2 份文件 · 2 段 · 内置向量模型 · 重排模型 tiny-cross · 阅读模型 · 抽取式回答"
    )
    assert "2024年5月1日" in Pipeline(own, ranker=ranker()).ask([QUESTION]).answer


@pytest.mark.parametrize("kind", ["missing", "bare", "empty"])
def test_reranker_that_does_not_load_is_an_error_before_any_question(
    kind: str, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / kind
    if kind == "bare":
        save_tiny_bert(folder)
    elif kind == "empty":
        folder.mkdir()
    with pytest.raises(EmbedderError, match="reranker") as caught:
        Pipeline(settings.model_copy(update={"reranker": str(folder)}), ranker=ranker())
    assert caught.value.do and "\n" not in str(caught.value)


def test_doctor_tries_the_reranker(settings: Settings, tmp_path: Path) -> None:
    def said(name: str) -> tuple[bool, str, str]:
        own = settings.model_copy(update={"reranker": name})
        found = next(one for one in findings(own) if one.name == "重排模型")
        return found.ok, found.detail, found.do

    assert said("") == (True, "未启用", "")
    ok, detail, _ = said(str(save_tiny_cross_encoder(tmp_path / "tiny")))
    assert ok and detail.startswith("cross-encoder:tiny:") and detail.endswith("，可以打分")
    missing = str(tmp_path / "none")
    assert said(missing) == (
        False, f"there is no model folder {missing}", "check the setting `reranker`",
    )  # fmt: skip


def test_command_line_says_in_one_line_that_the_reranker_does_not_load(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAG_RERANKER", "./none")
    assert main(["ask", "--index", str(settings.index), QUESTION]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "", "rag: there is no model folder ./none; check the setting `reranker`\n",
    )  # fmt: skip
