"""The cross-encoder adapter, by its real loading code on tiny models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.config import Settings
from rag.embed import load_reranker
from rag.embed.cross_encoder import CrossEncoderReranker
from rag.errors import EmbedderError
from tests.embed.tiny import save_tiny_bert, save_tiny_cross_encoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_cross_encoder(tmp_path_factory.mktemp("models") / "tiny")


def test_settings_name_none_or_a_folder(folder: Path) -> None:
    assert load_reranker(Settings()) is None
    reranker = load_reranker(Settings(reranker=str(folder)))
    assert isinstance(reranker, CrossEncoderReranker)
    assert reranker.identity.startswith("cross-encoder:tiny:")


def test_scores_are_logits(folder: Path) -> None:
    scores = CrossEncoderReranker(str(folder)).score("北京天气", ["北京天气", "上海经济"])
    np.testing.assert_allclose(scores, [4, -4], atol=0.5)  # what it was trained to


def test_activation_that_the_folder_names_is_not_called(folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "tiny")
    path = other / "config_sentence_transformers.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["activation_fn"] = "torch.cuda.synchronize"  # fails where it is called
    path.write_text(json.dumps(config), encoding="utf-8")
    scores = CrossEncoderReranker(str(other)).score("北京天气", ["北京天气"])
    assert scores == CrossEncoderReranker(str(folder)).score("北京天气", ["北京天气"])


@pytest.mark.parametrize("kind", ["BertModel", "BertForMaskedLM"])
def test_encoder_without_weights_for_a_score_is_refused(kind: str, tmp_path: Path) -> None:
    bare = save_tiny_bert(tmp_path / "bare", kind)
    with pytest.raises(EmbedderError, match=rf"is no cross-encoder \({kind} has no weights"):
        CrossEncoderReranker(str(bare))


def test_embedder_s_folder_is_refused(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    bare = save_tiny_bert(tmp_path / "bare")
    embedder = SentenceTransformer(str(bare), device="cpu", local_files_only=True)
    embedder.save_pretrained(str(tmp_path / "embedder"), create_model_card=False)
    with pytest.raises(EmbedderError, match="is no cross-encoder"):
        CrossEncoderReranker(str(tmp_path / "embedder"))


def test_classifier_of_several_labels_is_refused(tmp_path: Path) -> None:
    model = save_tiny_bert(tmp_path / "m", "BertForSequenceClassification", labels=3)
    with pytest.raises(EmbedderError, match="gives 3 labels a pair, not one score"):
        CrossEncoderReranker(str(model))


def test_scores_that_are_not_numbers_are_one_clear_error(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    bad = shutil.copytree(folder, tmp_path / "bad")
    weights = load_file(bad / "model.safetensors")
    weights["classifier.bias"][:] = float("nan")
    save_file(weights, bad / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EmbedderError, match="gave unusable scores"):
        CrossEncoderReranker(str(bad)).score("北京天气", ["北京天气"])


def test_tokenizer_of_another_model_is_one_clear_error(folder: Path, tmp_path: Path) -> None:
    bad = shutil.copytree(folder, tmp_path / "bad")
    path = bad / "tokenizer.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["model"]["vocab"]["风"] = 900
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"cannot score \(.*; check that its files fit"):
        CrossEncoderReranker(str(bad)).score("风", ["风"])
