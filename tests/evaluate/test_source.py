"""The bytes of a set: unpacked, checksummed, written whole or not at all."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from rag.errors import EvaluationError
from rag.evaluate.source import checksum, read, write


def test_a_packed_file_reads_and_checksums_as_the_plain_one(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    plain.write_bytes(b"\xef\xbb\xbf" + '{"a": "甲"}\n'.encode())
    packed.write_bytes(gzip.compress('{"a": "甲"}\n'.encode()))
    assert list(read(packed).objects("case")) == [(1, {"a": "甲"})]
    assert checksum(read(plain)) == checksum(read(packed))


def test_the_checksum_does_not_depend_on_the_order_of_reading(tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"1")
    other.write_bytes(b"2")
    assert checksum(read(one), read(other)) == checksum(read(other), read(one))
    assert checksum(read(one)) != checksum(read(other))


def test_a_cut_off_gzip_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"x" * 1000)[:-9])
    with pytest.raises(EvaluationError, match=r"a\.jsonl\.gz cannot be read"):
        read(path)


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    write(path, b"old")

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.json"]
