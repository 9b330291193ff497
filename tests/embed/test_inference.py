"""The NLI adapter, by its real loading code on tiny models."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.cli.doctor import findings
from rag.config import Settings
from rag.embed import load_entailment
from rag.embed.inference import CrossEncoderEntailment
from rag.errors import EmbedderError
from tests.embed.tiny import save_tiny_bert, save_tiny_cross_encoder, save_tiny_nli

PREMISES = ["北京天气", "北京天气", "北京天气"]
CLAIMS = ["北京天气", "上海经济", "数字"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_nli(tmp_path_factory.mktemp("models") / "tiny")


def config_with(folder: Path, place: Path, **changed: Any) -> Path:
    """A copy of the model with other values in its config.json."""
    other = shutil.copytree(folder, place)
    path = other / "config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | changed
    path.write_text(json.dumps(config), encoding="utf-8")
    return other


def test_settings_name_none_or_a_folder(folder: Path) -> None:
    assert load_entailment(Settings()) is None
    found = load_entailment(Settings(verifier=str(folder)))
    assert isinstance(found, CrossEncoderEntailment)
    assert found.identity.startswith("nli:tiny:")


def test_probabilities_are_entailment_neutral_contradiction(folder: Path) -> None:
    found = CrossEncoderEntailment(str(folder)).entails(PREMISES, CLAIMS)
    assert (found.shape, found.dtype) == ((3, 3), np.dtype(np.float32))
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(found, np.eye(3)[[0, 2, 1]], atol=0.05)  # what it has learnt


def test_the_order_of_the_labels_is_the_config_s(folder: Path, tmp_path: Path) -> None:
    found = CrossEncoderEntailment(str(folder)).entails(PREMISES, CLAIMS)
    # The model's own: contradiction, entailment, neutral.
    labels = {"0": "NEUTRAL", "1": "Contradiction", "2": "entailment"}
    other = config_with(folder, tmp_path / "other", id2label=labels)
    turned = CrossEncoderEntailment(str(other)).entails(PREMISES, CLAIMS)
    np.testing.assert_allclose(turned, found[:, [1, 2, 0]], atol=1e-6)


@pytest.mark.parametrize(
    "labels",
    [
        {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"},
        {"0": "entailment", "1": "not_entailment", "2": "other"},
        {"0": "positive", "1": "neutral", "2": "negative"},
    ],
)
def test_labels_that_mean_neither_are_refused_in_one_line(
    folder: Path, tmp_path: Path, labels: dict[str, str]
) -> None:
    other = config_with(folder, tmp_path / "other", id2label=labels)
    with pytest.raises(EmbedderError, match="no labels for entailment and contradiction") as caught:
        CrossEncoderEntailment(str(other))
    assert caught.value.do and "\n" not in str(caught.value)
    assert labels["0"] in str(caught.value)


def test_nothing_to_judge_is_no_row(folder: Path) -> None:
    assert CrossEncoderEntailment(str(folder)).entails([], []).shape == (0, 3)


@pytest.mark.parametrize("kind", ["BertModel", "BertForMaskedLM"])
def test_encoder_without_weights_for_labels_is_refused(kind: str, tmp_path: Path) -> None:
    bare = save_tiny_bert(tmp_path / "bare", kind, labels=3)
    with pytest.raises(EmbedderError, match=rf"the verifier .*is no cross-encoder \({kind} has no"):
        CrossEncoderEntailment(str(bare))


def test_a_reranker_is_no_verifier(tmp_path: Path) -> None:
    ranks = save_tiny_cross_encoder(tmp_path / "ranks")
    with pytest.raises(EmbedderError, match=r"no labels for .*\(LABEL_0\)"):
        CrossEncoderEntailment(str(ranks))


def test_a_folder_that_is_not_there_is_one_line() -> None:
    with pytest.raises(
        EmbedderError, match=r"there is no model folder \./none; check .*`verifier`"
    ):
        CrossEncoderEntailment("./none")


def test_values_that_are_not_numbers_are_one_clear_error(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    bad = shutil.copytree(folder, tmp_path / "bad")
    weights = load_file(bad / "model.safetensors")
    weights["classifier.bias"][:] = float("nan")
    save_file(weights, bad / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EmbedderError, match="gave unusable values"):
        CrossEncoderEntailment(str(bad)).entails(PREMISES, CLAIMS)


def test_doctor_tries_it_and_says_where_it_is_off(folder: Path) -> None:
    def said(name: str) -> tuple[bool, str]:
        own = Settings(verifier=name)
        found = next(one for one in findings(own) if one.name == "核对模型")
        return found.ok, found.detail

    assert said("") == (True, "未启用，按规则核对")
    ok, detail = said(str(folder))
    assert ok and detail.startswith("nli:tiny:") and detail.endswith("，可以核对")
    assert said("./none") == (False, "there is no model folder ./none")


def test_where_it_is_off_torch_is_not_imported() -> None:
    code = (
        "import sys\n"
        "from rag.verify.entail import Opinion, consult\n"
        "from rag.config import Settings\n"
        "from rag.embed import load_entailment\n"
        "one = Opinion('北京增长5%。', ('北京增长5%。',), (), 'supported', '')\n"
        "assert consult([one], load_entailment(Settings())) == (('supported', ''),)\n"
        "assert 'torch' not in sys.modules and 'sentence_transformers' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
