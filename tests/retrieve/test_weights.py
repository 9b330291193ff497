"""The fitted models as a file: read back in the order of the names, refused where they do not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.embed import StaticEmbedder
from rag.errors import EmbedderError
from rag.read.builtin import BUILTIN
from rag.read.stage import READ_NAMES
from rag.retrieve.answerable import ANSWERABLE
from rag.retrieve.features import NAMES
from rag.retrieve.passages import PASSAGE, passage_names
from rag.retrieve.weights import WEIGHTS, Weights
from tests.retrieve.test_evidence import THRESHOLDS, TREES, weights

SCORE = PASSAGE.index("score")
ORDER = {"bias": 0.0, "feature": [[SCORE]], "threshold": [[0.5]], "leaf": [[-1.0, 1.0]]}


def file_of(tmp_path: Path, **changes: Any) -> Path:
    """A weights file with the names of this version, changed."""
    data: dict[str, Any] = {
        "embedder": "static:x:1",
        "rank": {name: 0.5 for name in NAMES},
        "thresholds": THRESHOLDS,
        "features": ANSWERABLE,
        "answer": TREES,
    }
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps(data | changes), encoding="utf-8")
    return path


def test_the_weights_of_the_package_fit_its_features_and_its_model() -> None:
    shipped = Weights.read()
    assert WEIGHTS.name == "evidence.json"
    assert shipped.rank.shape == (len(NAMES),)
    assert shipped.answer.leaf.shape[1] == 8
    assert shipped.embedder == StaticEmbedder().identity
    values = [shipped.threshold(rate) for rate in (0.02, 0.05, 0.08, 0.1, 0.2)]
    assert values == sorted(values)
    assert all(0 < value < 1 for value in values)


def test_weights_are_read_in_the_order_of_the_names(tmp_path: Path) -> None:
    read = Weights.read(file_of(tmp_path))
    assert read.rank.tolist() == [0.5] * len(NAMES)
    assert read.answer.to_json() == TREES
    assert read.embedder == "static:x:1"


def test_the_identity_of_the_weights_is_that_of_every_byte_of_their_file(tmp_path: Path) -> None:
    path = file_of(tmp_path, fitted_on=["a.jsonl"])
    one = Weights.read(path)
    assert (len(one.identity), one.fitted_on) == (16, ("a.jsonl",))
    path.write_bytes(path.read_bytes() + b" ")
    assert Weights.read(path).identity != one.identity
    assert Weights.read(file_of(tmp_path)).fitted_on == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"rank": {"cov": 1.0}},
        {"rank": dict.fromkeys(reversed(NAMES), 1.0)},
        {"features": ["score"]},
        {"features": [*ANSWERABLE, "more"]},
    ],
)
def test_weights_of_other_features_are_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(EmbedderError, match=r"evidence\.json was fitted for other features"):
        Weights.read(file_of(tmp_path, **changes))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        TREES | {"leaf": [[1.0]]},
        TREES | {"feature": [[len(ANSWERABLE)]]},
        TREES | {"bias": "x"},
    ],
)
def test_damaged_trees_are_refused(tmp_path: Path, answer: dict[str, Any]) -> None:
    with pytest.raises(EmbedderError, match=r"evidence\.json is damaged.*run `rag train-ranker`"):
        Weights.read(file_of(tmp_path, answer=answer))


@pytest.mark.parametrize(
    ("rate", "threshold"),
    [(0.02, 0.1), (0.05, 0.2), (0.06, 0.2), (0.1, 0.3), (0.5, 0.4), (0.001, 0.1)],
)
def test_the_threshold_is_that_of_the_highest_rate_allowed(rate: float, threshold: float) -> None:
    assert weights().threshold(rate) == threshold


def test_thresholds_are_compared_as_numbers() -> None:
    given = replace(weights(), thresholds={"0.1": 0.3, "0.09": 0.2})
    assert given.threshold(0.095) == 0.2


@pytest.mark.parametrize("level", [[0, 1], [-1, 0], [1], "x", [1, "Infinity"]], ids=str)
def test_a_level_that_is_none_is_refused(tmp_path: Path, level: Any) -> None:
    assert Weights.read().level == (1.0, 0.0)
    assert Weights.read(file_of(tmp_path, level=[2, -1])).level == (2.0, -1.0)
    with pytest.raises(EmbedderError, match=r"evidence\.json is damaged"):
        Weights.read(file_of(tmp_path, level=level))


# ---- the order of passages -----------------------------------------------------------------
def test_the_reader_of_the_package_orders_passages_by_trees() -> None:
    order = Weights.read(BUILTIN / "evidence.json", READ_NAMES).passages
    assert order is not None and order.leaf.shape == (300, 8)
    assert order.feature.max() < len(passage_names(READ_NAMES))
    assert Weights.read().passages is None


def test_trees_for_the_passages_are_read_where_there_are_any(tmp_path: Path) -> None:
    assert Weights.read(file_of(tmp_path)).passages is None
    read = Weights.read(file_of(tmp_path, passages=ORDER, passage_features=PASSAGE))
    assert read.passages is not None and read.passages.to_json() == ORDER


@pytest.mark.parametrize("names", [[], ["score"], [*PASSAGE, "more"], PASSAGE[::-1]])
def test_trees_for_other_features_of_a_passage_are_refused(
    tmp_path: Path, names: list[str]
) -> None:
    with pytest.raises(EmbedderError, match=r"evidence\.json was fitted for other features"):
        Weights.read(file_of(tmp_path, passages=ORDER, passage_features=names))


@pytest.mark.parametrize("broken", [{}, ORDER | {"leaf": [[1.0]]}, ORDER | {"feature": [[999]]}])
def test_damaged_trees_for_the_passages_are_refused(tmp_path: Path, broken: dict[str, Any]) -> None:
    with pytest.raises(EmbedderError, match=r"evidence\.json is damaged.*run `rag train-ranker`"):
        Weights.read(file_of(tmp_path, passages=broken, passage_features=PASSAGE))
