"""The sentence-transformers adapter, by its real loading code on a tiny model."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from rag.config import Settings
from rag.embed import load_embedder
from rag.embed.sentence import SentenceTransformersEmbedder
from rag.errors import EmbedderError
from tests.embed.tiny import save_tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def test_model_folder_gives_unit_rows_that_tell_texts_apart(folder: Path) -> None:
    model = SentenceTransformersEmbedder(str(folder))
    rows = model.encode_documents(["北京天气", "上海经济", "北京天气"])
    assert model.dimension == 16
    assert rows.shape == (3, 16) and rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(rows[0], rows[2], atol=1e-6)
    assert rows[0] @ rows[1] < 0.99
    assert (rows @ model.encode_queries(["上海经济"])[0]).argmax() == 1


def test_settings_choose_the_adapter_by_the_folder(folder: Path) -> None:
    model = load_embedder(Settings(embedder=str(folder)))
    assert isinstance(model, SentenceTransformersEmbedder)
    assert model.identity.startswith("sentence-transformers:tiny:")


def test_identity_is_that_of_the_weights(folder: Path, tmp_path: Path) -> None:
    again = shutil.copytree(folder, tmp_path / "tiny")
    other = save_tiny_model(tmp_path / "other" / "tiny", seed=8)
    first = SentenceTransformersEmbedder(str(folder)).identity
    assert SentenceTransformersEmbedder(str(again)).identity == first
    assert SentenceTransformersEmbedder(str(other)).identity != first


@pytest.mark.parametrize(
    "kind", ["evil.module.Loader", "modeling_custom.Custom", "sentence_transformersx.Evil"]
)
def test_modules_that_are_not_the_library_s_are_refused(
    kind: str, folder: Path, tmp_path: Path
) -> None:
    bad = shutil.copytree(folder, tmp_path / "bad")
    listed = json.loads((bad / "modules.json").read_text(encoding="utf-8"))
    listed[0]["type"] = kind
    (bad / "modules.json").write_text(json.dumps(listed), encoding="utf-8")
    (bad / "modeling_custom.py").write_text("raise SystemExit('it ran')", encoding="utf-8")
    with pytest.raises(EmbedderError, match="brings code of its own"):
        SentenceTransformersEmbedder(str(bad))


def test_modules_file_that_does_not_parse_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("{", encoding="utf-8")
    with pytest.raises(EmbedderError, match="cannot be read"):
        SentenceTransformersEmbedder(str(tmp_path))


@pytest.mark.parametrize("name", ["./no-such-model", "/no/such/model", "a/b/c"])
def test_missing_folder_is_said_to_be_missing(name: str) -> None:
    with pytest.raises(EmbedderError, match="there is no model folder"):
        SentenceTransformersEmbedder(name)


def test_model_that_is_not_on_this_machine_is_not_waited_for() -> None:
    started = time.monotonic()
    with pytest.raises(EmbedderError) as caught:
        SentenceTransformersEmbedder("yinju-tests/no-such-model")
    assert time.monotonic() - started < 20
    assert "embedder_download" in caught.value.do
    assert "\n" not in str(caught.value)


def test_no_text_gives_no_row(folder: Path) -> None:
    assert SentenceTransformersEmbedder(str(folder)).encode_documents([]).shape == (0, 16)


def test_damaged_weights_are_one_clear_error(folder: Path, tmp_path: Path) -> None:
    bad = shutil.copytree(folder, tmp_path / "bad")
    weights = next(bad.rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:50])
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        SentenceTransformersEmbedder(str(bad))


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_vector_that_is_not_finite_is_refused_for_the_text_that_has_it(
    value: str, folder: Path, tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    bad = shutil.copytree(folder, tmp_path / "bad")
    path = next(bad.rglob("*.safetensors"))
    weights = load_file(path)
    next(iter(weights.values()))[1] = float(value)  # 北
    save_file(weights, path)
    model = SentenceTransformersEmbedder(str(bad))
    assert np.isfinite(model.encode_queries(["上海"])).all()
    for encode in (model.encode_queries, model.encode_documents):
        with pytest.raises(EmbedderError, match="gave a vector that is not finite"):
            encode(["上海", "北京"])


def test_tokenizer_with_more_tokens_than_the_model_is_one_clear_error(
    folder: Path, tmp_path: Path
) -> None:
    bad = shutil.copytree(folder, tmp_path / "bad")
    path = next(bad.rglob("tokenizer.json"))
    data = json.loads(path.read_text(encoding="utf-8"))
    data["model"]["vocab"]["风"] = 900
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"cannot encode \(.*; check that its files fit"):
        SentenceTransformersEmbedder(str(bad)).encode_queries(["风"])
