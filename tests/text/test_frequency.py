"""Background idf: counted by hand, read back, coarse by a known step."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.evidence import NGRAMS
from rag.text.frequency import SIZE, STEP, BackgroundIdf, count
from rag.text.tokens import tokens

ARTICLES = ["大桥通车。大桥很美。", "大桥很长，GDP增长。", "水库"]


@pytest.mark.parametrize(
    ("token", "df"), [("大桥", 2), ("大", 2), ("通车", 1), ("gdp", 1), ("水库", 1), ("铁路", 0)]
)
def test_idf_is_the_log_of_articles_over_those_that_hold_the_token(token: str, df: int) -> None:
    idf = BackgroundIdf(count(ARTICLES)).idf(token)
    assert idf == pytest.approx(np.log(4 / (df + 0.5)), abs=0.5 / STEP)


def test_a_token_counts_once_an_article() -> None:
    once, often = (BackgroundIdf(count([text, "水库"])) for text in ("大桥", "大桥" * 9))
    assert once.idf("大桥") == often.idf("大桥")


def test_tokens_that_collide_keep_the_higher_frequency() -> None:
    table = count(["甲", "甲", "甲", "乙"], size=1)
    assert table.tolist() == [round(np.log(5 / 3.5) * STEP)]


def test_a_token_in_every_article_is_zero_and_never_negative() -> None:
    assert BackgroundIdf(count(["大桥"] * 50)).idf("大桥") == 0.0


def test_no_articles_give_a_table_all_the_same() -> None:
    table = count([], size=4)
    assert table.tolist() == [round(np.log(1 / 0.5) * STEP)] * 4
    assert table.dtype == np.uint8


def test_a_table_is_read_back(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", count(ARTICLES))
    assert BackgroundIdf.read(tmp_path / "t.npy").idf("大桥") == BackgroundIdf(count(ARTICLES)).idf(
        "大桥"
    )


def test_a_table_that_cannot_be_read_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.npy"):
        BackgroundIdf.read(tmp_path / "none.npy")
    (tmp_path / "bad.npy").write_bytes(b"no table")
    with pytest.raises(ValueError, match="pickle"):
        BackgroundIdf.read(tmp_path / "bad.npy")


def test_the_table_of_the_package_knows_common_from_rare() -> None:
    table = BackgroundIdf.read(NGRAMS)
    assert table.idf("的") < table.idf("中国") < table.idf("大桥") < table.idf("饕餮")
    assert 0 <= table.idf("的") < 1
    assert table.idf("饕餮") <= 255 / STEP


@given(st.text(max_size=30))
def test_every_token_of_the_articles_is_at_most_as_rare_as_an_unseen_one(text: str) -> None:
    table = count([text], size=1 << 10)
    unseen = round(np.log(2 / 0.5) * STEP)
    for token in tokens(text):
        assert table[zlib.crc32(token.encode()) % (1 << 10)] < unseen
    assert SIZE == 1 << 20
