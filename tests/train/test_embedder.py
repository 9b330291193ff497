"""A tiny model trained twice is the same model, and it loads."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.embed import StaticEmbedder
from rag.errors import EmbedderError
from rag.text.frequency import BackgroundIdf
from rag.train.corpus import (
    document_frequency,
    read_articles,
    read_tokenizer,
    tokenise,
    train_tokenizer,
)
from rag.train.embedder import Recipe, draw_pairs, train

SUBJECTS = ("大桥", "水库", "论坛", "博物馆", "公园", "地铁", "水厂", "书院", "码头", "灯塔")
PLACES = ("青江", "白石", "绿港", "城南", "东湖", "西岭")
RECIPE = Recipe(vocab=300, dimension=16, steps=20, batch=32, seed=7)


def article(number: int) -> str:
    place, subject = PLACES[number % 6], SUBJECTS[number % 10]
    return (
        f"{place}{subject}昨日正式开放，市民前来参观。{place}{subject}建设历时{number}个月，"
        f"总投资{number * 3}亿元；负责人表示，{subject}将服务周边居民，改善出行条件。"
        f"记者在{place}看到，工人们正在清理现场，{subject}的灯光已经亮起。"
    )


def corpus(folder: Path, count: int = 60) -> Path:
    folder.mkdir()
    rows = [
        json.dumps({"id": str(i), "text": article(i)}, ensure_ascii=False) for i in range(count)
    ]
    (folder / "a.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def quiet(stage: str, done: int, total: int | None) -> None:
    pass


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, float]]:
    """The corpus, the model folder and the figures."""
    root = tmp_path_factory.mktemp("train")
    folder = corpus(root / "corpus")
    figures = train(folder, root / "one" / "tiny", RECIPE, quiet)
    return folder, root / "one" / "tiny", figures


def test_the_same_seed_and_tokenizer_give_the_same_model(
    trained: tuple[Path, Path, dict[str, float]], tmp_path: Path
) -> None:
    folder, first, figures = trained
    tokenizer = read_tokenizer(first / "tokenizer.json")
    assert train(folder, tmp_path / "tiny", RECIPE, quiet, tokenizer) == figures
    for name in ("vectors.npy", "scales.npy", "idf.npy", "ngrams.npy"):
        assert (tmp_path / "tiny" / name).read_bytes() == (first / name).read_bytes(), name
    assert StaticEmbedder(tmp_path / "tiny").identity == StaticEmbedder(first).identity


def test_another_seed_gives_another_model(
    trained: tuple[Path, Path, dict[str, float]], tmp_path: Path
) -> None:
    folder, first, _ = trained
    other = Recipe(vocab=300, dimension=16, steps=20, batch=32, seed=8)
    train(folder, tmp_path / "tiny", other, quiet)
    assert StaticEmbedder(tmp_path / "tiny").identity != StaticEmbedder(first).identity


def test_the_model_loads_and_gives_unit_vectors(
    trained: tuple[Path, Path, dict[str, float]],
) -> None:
    _, folder, figures = trained
    model = StaticEmbedder(folder)
    assert model.dimension == 16
    assert model.identity.startswith("static:tiny:")
    vectors = model.encode_documents(["青江大桥正式开放", "白石水库总投资", "😀"])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 0], abs=1e-5)
    assert figures["articles"] == 60
    assert 0 < figures["loss"] < np.log(32) + 1
    about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert about["recipe"]["steps"] == 20
    assert about["articles"] == 60


def test_its_idf_is_that_of_the_articles(trained: tuple[Path, Path, dict[str, float]]) -> None:
    _, folder, _ = trained
    assert BackgroundIdf.read(folder / "ngrams.npy").idf("昨日") == 0.0
    assert BackgroundIdf.read(folder / "ngrams.npy").idf("大桥") == pytest.approx(
        np.log(61 / 6.5), abs=1 / 32
    )


def test_too_small_a_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="49 articles are too few to train on"):
        train(corpus(tmp_path / "c", 49), tmp_path / "out", RECIPE, quiet)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["北京今天天气晴。"], "1 articles are too few"),
        ([], "0 articles are too few"),
        ([""] * 80, "0 articles are too few"),
        (["北京今天天气晴，上海下雨。"] * 80, "80 articles, 1 of them different, are too few"),
        ([f"北京{i}" for i in range(80)], "0 of 80 have more than one clause"),
        (["。" * (i + 1) for i in range(80)], "0 of 80 have more than one clause"),
    ],
)
def test_a_corpus_with_nothing_to_learn_is_named(
    texts: list[str], said: str, tmp_path: Path
) -> None:
    rows = [json.dumps({"text": text}) for text in texts]
    (tmp_path / "a.jsonl").write_text("\n\n".join(rows) + "\n\n", encoding="utf-8")
    with pytest.raises(EmbedderError, match=said) as caught:
        train(tmp_path, tmp_path / "out", RECIPE, quiet)
    assert "at least 50" in caught.value.do
    assert not (tmp_path / "out").exists()


def test_articles_of_too_few_words_for_a_pair_are_named(tmp_path: Path) -> None:
    """Each clause is a single token: a query needs two, a passage four."""
    folder = tmp_path / "c"
    folder.mkdir()
    marks = [chr(ord("一") + i) for i in range(60)]
    rows = [json.dumps({"text": f"{a}，{a}。"}) for a in marks]
    (folder / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"too short to train on: \d+ articles gave [01] pairs"):
        train(folder, tmp_path / "out", RECIPE, quiet)


def test_a_vocabulary_larger_than_the_corpus_gives_is_said_in_the_figures(
    trained: tuple[Path, Path, dict[str, float]],
) -> None:
    _, model, figures = trained
    tokens = read_tokenizer(model / "tokenizer.json").get_vocab_size()
    assert figures["vocab"] == tokens < RECIPE.vocab == 300
    assert len(np.load(model / "vectors.npy")) == tokens


def test_a_vocabulary_smaller_than_the_characters_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"no vocabulary of 20 tokens.*give a larger --vocab"):
        train(corpus(tmp_path / "c"), tmp_path / "out", replace(RECIPE, vocab=20), quiet)


def test_training_that_does_not_converge_writes_no_model(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="did not converge"):
        train(corpus(tmp_path / "c"), tmp_path / "out", replace(RECIPE, learning_rate=1e30), quiet)
    assert not list((tmp_path / "out").iterdir())


def test_a_file_in_place_of_the_folder_is_named_before_the_training(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"cannot be made a folder.*give another --out"):
        train(corpus(tmp_path / "c"), tmp_path / "out", replace(RECIPE, steps=10**9), quiet)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("b.jsonl", b"\xff\xfe\x00"),
        ("b.jsonl.gz", b"abc"),
        ("b.jsonl.gz", gzip.compress(b'{"text": "' + b"x" * 900)[:20]),
    ],
)
def test_a_file_that_is_no_text_is_named(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(EmbedderError, match=rf"{name} cannot be read.*UTF-8"):
        list(read_articles(tmp_path))


def test_a_folder_without_articles_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"no \.jsonl or \.jsonl\.gz in"):
        train(tmp_path, tmp_path / "out", RECIPE, quiet)


def test_a_line_that_is_no_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{broken\n", encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"a\.jsonl"):
        list(read_articles(tmp_path))


def test_articles_are_read_folded_by_file_name_also_packed(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(
        '{"text": "大橋"}\n{"text": " "}\n{"id": 1}\n', encoding="utf-8"
    )
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as packed:
        packed.write('{"text": "ＧＤＰ"}\n')
    assert list(read_articles(tmp_path)) == ["gdp", "大桥"]


def test_clauses_and_articles_are_rows_of_one_array() -> None:
    texts = [article(i) for i in range(60)]
    tokenizer = train_tokenizer(texts, 300)
    rows = tokenise(texts, tokenizer, batch=7)
    assert len(rows.articles) == 61
    assert rows.articles[-1] == len(rows.clauses) - 1
    assert rows.clauses[-1] == len(rows.ids)
    assert (rows.ids < tokenizer.get_vocab_size()).all()
    frequency = document_frequency(rows, tokenizer.get_vocab_size())
    assert frequency.max() == 60
    again = tokenise(texts, tokenizer)
    assert np.array_equal(rows.ids, again.ids)


def test_pairs_are_drawn_from_the_articles_and_by_the_seed() -> None:
    texts = [article(i) for i in range(60)]
    rows = tokenise(texts, train_tokenizer(texts, 300))
    queries, passages = draw_pairs(rows, np.random.default_rng(3), RECIPE)
    assert 1 <= len(queries) == len(passages) <= 32
    for query, passage in zip(queries, passages, strict=True):
        assert 2 <= len(query) <= 60
        assert len(passage) >= 4
    again, _ = draw_pairs(rows, np.random.default_rng(3), RECIPE)
    assert all(np.array_equal(a, b) for a, b in zip(queries, again, strict=True))
