"""The built-in embedder: values, damaged folders, and that it needs no torch."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from rag.config import Settings
from rag.embed import load_embedder
from rag.embed.static import BUILTIN, FILES, StaticEmbedder, write_model
from rag.errors import EmbedderError


def tiny(folder: Path) -> Path:
    """Three tokens in two dimensions: 北 = (3, 4), 京 = (0, -2), unknown = 0."""
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "北": 1, "京": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    weights = np.array([[0, 0], [3, 4], [0, -2]], dtype=np.float32)
    write_model(folder, tokenizer, weights, np.array([0, 1, 2], dtype=np.float32), {"by": "test"})
    return folder


def test_text_is_the_unit_mean_of_its_known_tokens(tmp_path: Path) -> None:
    model = StaticEmbedder(tiny(tmp_path / "m"))
    assert model.dimension == 2
    rows = model.encode_documents(["北", "京", "北京", "北人"])
    wanted: list[list[float]] = [[0.6, 0.8], [0, -1], [3 / 13**0.5, 2 / 13**0.5], [0.6, 0.8]]
    np.testing.assert_allclose(rows, wanted, atol=0.02)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)


def test_a_token_said_n_times_counts_1_plus_ln_n_in_a_passage_and_n_in_a_question(
    tmp_path: Path,
) -> None:
    model = StaticEmbedder(tiny(tmp_path / "m"))
    wanted = np.array([3 * (1 + np.log(3)), 4 * (1 + np.log(3)) - 2])
    row = model.encode_documents(["北京北北"])[0]
    np.testing.assert_allclose(row, wanted / np.linalg.norm(wanted), atol=0.02)
    asked = model.encode_queries(["北京北北"])[0]
    np.testing.assert_allclose(asked, np.array([9, 10]) / 181**0.5, atol=0.02)


def test_unknown_text_is_a_zero_row(tmp_path: Path) -> None:
    model = StaticEmbedder(tiny(tmp_path / "m"))
    assert model.encode_queries(["人", "", "。"]).tolist() == [[0, 0]] * 3


def test_built_in_model_knows_what_belongs_together() -> None:
    model = StaticEmbedder()
    rows = model.encode_queries(["人工智能", "大模型和机器学习", "足球比赛的比分"])
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.1


def test_traditional_and_full_width_text_has_the_same_vector() -> None:
    rows = StaticEmbedder().encode_queries(["数字经济GDP", "數字經濟ＧＤＰ"])
    np.testing.assert_array_equal(rows[0], rows[1])


def test_no_text_gives_no_row() -> None:
    assert StaticEmbedder().encode_documents([]).shape == (0, StaticEmbedder().dimension)


def test_identity_is_that_of_the_files(tmp_path: Path) -> None:
    first = StaticEmbedder(tiny(tmp_path / "m")).identity
    assert first == StaticEmbedder(tiny(tmp_path / "again" / "m")).identity
    assert first.startswith("static:m:")
    assert StaticEmbedder().identity != first


@pytest.mark.parametrize("name", [*FILES, "model.json"])
def test_missing_file_is_one_clear_error(name: str, tmp_path: Path) -> None:
    folder = tiny(tmp_path / "m")
    (folder / name).unlink()
    with pytest.raises(EmbedderError, match="cannot be read"):
        StaticEmbedder(folder)


@pytest.mark.parametrize("name", [*FILES, "model.json"])
def test_truncated_file_is_one_clear_error(name: str, tmp_path: Path) -> None:
    folder = tiny(tmp_path / "m")
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 3])
    with pytest.raises(EmbedderError):
        StaticEmbedder(folder)


def test_files_of_two_models_do_not_fit_together(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "m")
    shutil.copy(BUILTIN / "scales.npy", folder / "scales.npy")
    with pytest.raises(EmbedderError, match="does not fit together"):
        StaticEmbedder(folder)


def test_embedding_imports_no_torch() -> None:
    code = (
        "import sys; from rag.embed import StaticEmbedder;"
        "StaticEmbedder().encode_queries(['北京']);"
        "print(sorted({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("scales.npy", np.array([0, np.nan, 1], dtype=np.float16)),
        ("scales.npy", np.array([0, np.inf, 1], dtype=np.float16)),
        ("idf.npy", np.array([0, 1, np.nan], dtype=np.float16)),
        ("vectors.npy", np.full((3, 2), np.nan, dtype=np.float32)),
    ],
)
def test_values_that_are_not_finite_are_one_clear_error(
    name: str, values: np.ndarray[tuple[int, ...], np.dtype[np.floating]], tmp_path: Path
) -> None:
    folder = tiny(tmp_path / "m")
    np.save(folder / name, values)
    with pytest.raises(EmbedderError, match="not finite") as caught:
        StaticEmbedder(folder)
    assert caught.value.do == "install the package again, or train it again"


def test_pickle_in_an_array_file_is_not_read(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "m")
    np.save(folder / "scales.npy", np.array([{}, {}, {}], dtype=object), allow_pickle=True)
    with pytest.raises(EmbedderError, match="cannot be read"):
        StaticEmbedder(folder)


@pytest.mark.parametrize("shape", [(3,), (3, 2, 1), (2, 2)])
def test_vectors_of_another_shape_do_not_fit(shape: tuple[int, ...], tmp_path: Path) -> None:
    folder = tiny(tmp_path / "m")
    np.save(folder / "vectors.npy", np.zeros(shape, dtype=np.int8))
    with pytest.raises(EmbedderError, match="does not fit together"):
        StaticEmbedder(folder)


@pytest.mark.parametrize("text", ["{}", "[]", '{"name": "m", "sha256": 1}'])
def test_model_card_without_an_identity_is_one_clear_error(text: str, tmp_path: Path) -> None:
    folder = tiny(tmp_path / "m")
    (folder / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(EmbedderError, match="cannot be read"):
        StaticEmbedder(folder)


def test_tokenizer_without_an_unknown_token_is_one_clear_error(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "m")
    Tokenizer(models.WordLevel({"人": 0, "北": 1, "京": 2}, unk_token="人")).save(
        str(folder / "tokenizer.json")
    )
    with pytest.raises(EmbedderError, match=r"has no token \[UNK\]"):
        StaticEmbedder(folder)


def test_static_folder_that_lacks_its_vectors_is_not_taken_for_another_kind(
    tmp_path: Path,
) -> None:
    folder = tiny(tmp_path / "m")
    (folder / "vectors.npy").unlink()
    with pytest.raises(EmbedderError, match=r"vectors\.npy.*train one with `rag train-embedder`"):
        load_embedder(Settings(embedder=str(folder)))
