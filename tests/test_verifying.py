"""The setting `verifier`, from the settings to the verdicts of a model's sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.cli import main
from rag.cli.drafts import Drafts
from rag.config import Settings
from rag.errors import EmbedderError
from rag.indexing import build_index
from rag.pipeline import Pipeline
from rag.seams import Entailment
from rag.types import AnswerSentence, FloatMatrix
from tests.embed.tiny import save_tiny_bert, save_tiny_nli
from tests.fakes.llm_server import LLMServer, say
from tests.fakes.ranking import ranker

QUOTE = "白石水库位于青江上游，库容为2.4亿立方米，扩建工程由青江水务集团承担。"
QUESTION = "白石水库的库容是多少？"
PRINTED, REWORDED, WRONG, STRANGE = (
    "白石水库位于青江上游",
    "青江上游的白石水库库容为2.4亿立方米",
    "白石水库的库容为3.4亿立方米",
    "施工单位负责人昨天换了人选",
)
ENTAILS, CONTRADICTS = (0.97, 0.02, 0.01), (0.01, 0.02, 0.97)


class Says:
    """The same probabilities for every pair."""

    identity = "nli:says:1"

    def __init__(self, row: tuple[float, float, float]) -> None:
        self.row = row

    def entails(self, premises: Sequence[str], claims: Sequence[str]) -> FloatMatrix:
        return np.asarray([self.row] * len(claims), dtype=np.float32)


class Fails(Says):
    def entails(self, premises: Sequence[str], claims: Sequence[str]) -> FloatMatrix:
        raise EmbedderError("the verifier broke", "use another")


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings whose endpoint says one sentence of each kind."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(f"{QUOTE}\n", encoding="utf-8")
    said = "".join(f"{text}[1]。" for text in (PRINTED, REWORDED, WRONG, STRANGE))
    with LLMServer(say(said)) as server:
        own = Settings(
            docs=tmp_path / "docs", index=tmp_path / "index", base_url=server.url, mode="llm"
        )
        build_index(own)
        yield own


def said_with(settings: Settings, verifier: Entailment | None) -> tuple[list[AnswerSentence], str]:
    answer = Pipeline(settings, ranker=ranker(), verifier=verifier).ask([QUESTION])
    return list(answer.sentences), answer.reason


def test_off_by_default(settings: Settings) -> None:
    pipeline = Pipeline(settings, ranker=ranker())
    assert pipeline.verifier is None and "核对模型" not in pipeline.status()
    assert [s.verdict for s in pipeline.ask([QUESTION]).sentences] == [
        "supported", "supported", "number_mismatch", "unsupported",
    ]  # fmt: skip


def test_a_model_that_vouches_changes_no_number_and_says_that_it_was_it(
    settings: Settings,
) -> None:
    found, reason = said_with(settings, Says(ENTAILS))
    assert [s.verdict for s in found] == [
        "supported", "supported", "number_mismatch", "supported",
    ]  # fmt: skip
    assert [("核对模型" in s.why) for s in found] == [False, False, False, True]
    assert reason == ""


def test_a_model_that_doubts_spares_what_is_printed(settings: Settings) -> None:
    found, _ = said_with(settings, Says(CONTRADICTS))
    assert [s.verdict for s in found] == [
        "supported", "partial", "number_mismatch", "unsupported",
    ]  # fmt: skip
    assert "核对模型认为与引文矛盾" in found[1].why


def test_a_model_that_fails_is_said_and_the_rules_stand(settings: Settings) -> None:
    found, reason = said_with(settings, Fails(ENTAILS))
    assert [s.verdict for s in found] == [s.verdict for s in said_with(settings, None)[0]]
    assert "核对模型没有用上" in reason and "the verifier broke" in reason


def test_a_model_folder_is_loaded_named_and_heard(settings: Settings, tmp_path: Path) -> None:
    folder = save_tiny_nli(tmp_path / "tiny-nli")
    own = settings.model_copy(update={"verifier": str(folder)})
    pipeline = Pipeline(own, ranker=ranker())
    assert pipeline.status().endswith(" · 核对模型 tiny-nli")
    verdicts = [s.verdict for s in pipeline.ask([QUESTION]).sentences]
    assert (verdicts[0], verdicts[2]) == ("supported", "number_mismatch")
    extractive = Pipeline(own.model_copy(update={"mode": "extractive"}), ranker=ranker())
    assert extractive.verifier is None  # nothing to verify: it is not loaded


@pytest.mark.parametrize(
    ("row", "doubted", "vouched"),
    [(None, False, False), (ENTAILS, False, True), (CONTRADICTS, True, False)],
)
def test_it_is_heard_on_somebody_else_s_draft_as_well(
    settings: Settings, row: tuple[float, float, float] | None, doubted: bool, vouched: bool
) -> None:
    own = settings.model_copy(update={"mode": "extractive"})
    drafts = Drafts(Pipeline(own, ranker=ranker(), verifier=row and Says(row)))
    *_, last = drafts.check("。".join((PRINTED, REWORDED, WRONG, "水库的扩建自有企业去做。")))
    printed, reworded, wrong, loose = (one.verdict for one in last.checked)
    assert (printed, wrong) == ("supported", "number_mismatch")
    assert (reworded == "partial") is doubted
    assert (loose == "supported") is vouched


def test_a_verifier_that_does_not_load_is_an_error_before_any_question(
    settings: Settings, tmp_path: Path
) -> None:
    bare = save_tiny_bert(tmp_path / "bare", labels=3)
    with pytest.raises(EmbedderError, match=r"the verifier .* is no cross-encoder") as caught:
        Pipeline(settings.model_copy(update={"verifier": str(bare)}), ranker=ranker())
    assert caught.value.do and "\n" not in str(caught.value)


def test_the_command_line_says_so_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAG_VERIFIER", "./none")
    monkeypatch.setenv("RAG_BASE_URL", settings.base_url)
    assert main(["ask", "--index", str(settings.index), QUESTION]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "", "rag: there is no model folder ./none; check the setting `verifier`\n",
    )  # fmt: skip
