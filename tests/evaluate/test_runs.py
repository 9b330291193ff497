"""Runs on disk: what is read is what was saved; whatever is wrong with a file is named."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import EvaluationError
from rag.evaluate.runs import _signed, latest, name_of, read, resolve, save
from rag.evaluate.types import Written
from rag.types import Usage
from tests.evaluate.made import record, run

WRITTEN = Written("m", ("supported", "number_mismatch"), dropped=1, cut_off=True)
RUN = run([record("1"), record("2", False, answer="引“号”\n\ud800"), record("3", error="出错"),
           replace(record("4"), mode="llm", written=WRITTEN, usage=Usage(30, 2, 12.5, 0.001)),
           replace(record("5"), written=Written(fell_back=True))])  # fmt: skip


def test_a_run_is_read_as_it_was_saved(tmp_path: Path) -> None:
    path = save(RUN, tmp_path / "runs")
    assert path.name == "20261121T031500Z-seeds-1a2b3c.json"
    assert read(path) == RUN
    assert os.listdir(tmp_path / "runs") == [path.name]


def test_a_saved_run_says_of_each_record_whether_it_is_right(tmp_path: Path) -> None:
    data = json.loads(save(RUN, tmp_path).read_bytes())
    assert data["format"] == 2
    assert [r["right"] for r in data["records"]] == [True, False, True, True, True]
    assert data["header"]["set_name"] == "seeds"


def test_a_run_of_the_format_before_is_still_read(tmp_path: Path) -> None:
    path = save(run(RUN.records[:3]), tmp_path)
    values = json.loads(path.read_bytes())
    del values["sha256"]
    values["format"] = 1
    for one in values["records"]:
        del one["written"], one["usage"]
    path.write_bytes(_signed(values))
    assert read(path).records == RUN.records[:3]


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    path = save(RUN, tmp_path_factory.mktemp("runs"))
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(data)
    with pytest.raises(EvaluationError) as caught:
        read(path)
    assert path.name in str(caught.value)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_file_that_is_cut_off_is_named_with_line_and_column(tmp_path: Path, share: float) -> None:
    path = save(RUN, tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(EvaluationError, match=r"1a2b3c\.json is damaged: line 1, column \d+"):
        read(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[1]", "is not a run: it has no format"),
        (b"{}", "is not a run: it has no format"),
        (b'{"format": "1"}', "is not a run: it has no format"),
        (b'{"format": 3}', "has the format 3, this version reads 1 and 2"),
        (b'{"format": 1}', "is damaged: its checksum differs"),
        (b"\xff\xfe", "is damaged"),
        (b"[" * 100_000, "is damaged"),
    ],
)
def test_what_is_no_run_is_named_with_the_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as caught:
        read(path)
    assert f"{path} {reason}" in str(caught.value)


def test_a_score_that_is_no_number_is_named(tmp_path: Path) -> None:
    strange: Any = {"right": 1.0, "said": "yes"}
    path = save(replace(RUN, records=(replace(RUN.records[0], scores=strange),)), tmp_path)
    with pytest.raises(EvaluationError, match=r"is damaged: .*is no number"):
        read(path)


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"x\.json cannot be read \(No such file"):
        read(tmp_path / "x.json")


def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(EvaluationError, match=r"cannot be saved as .*1a2b3c\.json"):
        save(RUN, tmp_path / "runs")


def test_a_name_says_when_what_and_which(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 21, 11, 15, tzinfo=timezone(timedelta(hours=8)))
    name = name_of(moment, "a b/集", RUN.records, "chunk-160")
    assert name[:-6] == "20261121T031500Z-a-b-集-chunk-160-"
    assert int(name[-6:], 16) >= 0
    assert name == name_of(moment, "a b/集", RUN.records, "chunk-160")
    assert name[-6:] != name_of(moment, "a b/集", RUN.records[:1])[-6:]


def test_the_last_runs_come_newest_first(tmp_path: Path) -> None:
    names = [name_of(datetime(2026, 1, day, tzinfo=UTC), "s", RUN.records) for day in (3, 1, 2)]
    for name in names:
        save(run([record("1")], name), tmp_path)
    (tmp_path / "report.html").write_text("")
    (tmp_path / "s-123.part.jsonl").write_text("")
    assert [p.stem for p in latest(tmp_path, 2)] == [names[0], names[2]]
    assert [p.stem for p in latest(tmp_path)] == [names[0]]
    assert latest(tmp_path / "none") == []


def test_of_two_runs_of_one_second_the_later_one_is_last(tmp_path: Path) -> None:
    for order, name in enumerate(["20260101T000000Z-s-ffffff", "20260101T000000Z-s-000000"]):
        path = save(run([record("1")], name), tmp_path)
        os.utime(path, ns=(order, order))
    assert [p.stem[-6:] for p in latest(tmp_path, 2)] == ["000000", "ffffff"]


def test_a_run_is_named_by_path_place_or_beginning(tmp_path: Path) -> None:
    first = save(run([record("1")], "20260101T000000Z-s-aaaaaa"), tmp_path)
    second = save(run([record("1")], "20260102T000000Z-s-bbbbbb"), tmp_path)
    assert resolve("last", tmp_path) == second
    assert resolve("last~1", tmp_path) == first
    assert resolve("20260101", tmp_path) == first
    assert resolve(str(second), tmp_path / "none") == second


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("last~2", "last~2 is not there"),
        ("2026", "2 runs in .* begin with 2026"),
        ("x", "there is no run 'x'"),
        ("", "there is no run ''"),
    ],
)
def test_a_run_that_cannot_be_told_is_named(tmp_path: Path, text: str, reason: str) -> None:
    for digits in ("aaaaaa", "bbbbbb"):
        save(run([record("1")], f"20260101T000000Z-s-{digits}"), tmp_path)
    with pytest.raises(EvaluationError, match=reason):
        resolve(text, tmp_path)
