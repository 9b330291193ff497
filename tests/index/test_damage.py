"""Any changed byte of an index is noticed when it is opened."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import IndexDamaged
from rag.index.reader import open_index
from tests.fakes.index import build_index

FIRST = {"a.txt": "论坛开幕。机器人表演。", "b.txt": "股市上涨。"}
SECOND = {"a.txt": "论坛闭幕。无人机表演。", "b.txt": "股市上涨。"}


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index")
    build_index(path, FIRST)
    build_index(path, SECOND)
    return path


def watched(index_dir: Path) -> list[Path]:
    """Every file that opening the current generation depends on."""
    generation = index_dir / "generations" / "000002"
    files = [path for path in sorted(generation.rglob("*")) if path.is_file()]
    return [index_dir / "CURRENT"] + [
        path for path in files if path.name != "lock" and path.suffix != ".lock"
    ]


def refused(index_dir: Path, path: Path, change: Callable[[bytes], bytes]) -> bool:
    """Whether the index is refused with ``path`` changed; the file is put back."""
    original = path.read_bytes()
    changed = change(original)
    if changed == original:
        return True
    path.write_bytes(changed)
    try:
        open_index(index_dir).close()
    except IndexDamaged as error:
        return "\n" not in str(error) and "rag index --rebuild" in str(error)
    finally:
        path.write_bytes(original)
    return False


def test_every_bit_flip_is_noticed(index_dir: Path) -> None:
    chance = random.Random(1)

    def flip(data: bytes) -> bytes:
        at = chance.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]

    files = [path for path in watched(index_dir) if path.stat().st_size]
    missed = [path for path in files for _ in range(30) if not refused(index_dir, path, flip)]
    assert missed == []
    open_index(index_dir).close()


def test_every_truncation_is_noticed(index_dir: Path) -> None:
    chance = random.Random(2)
    cuts: list[Callable[[bytes], bytes]] = [
        lambda data: data[: chance.randrange(len(data))] if data else data,
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data + b"\0",
    ]
    missed = [
        path for path in watched(index_dir) for cut in cuts if not refused(index_dir, path, cut)
    ]
    assert missed == []


def test_every_zeroed_tail_is_noticed(index_dir: Path) -> None:
    def zero(data: bytes) -> bytes:
        keep = len(data) // 2
        return data[:keep] + bytes(len(data) - keep)

    assert [path for path in watched(index_dir) if not refused(index_dir, path, zero)] == []


def test_every_missing_file_is_noticed(index_dir: Path) -> None:
    for path in [*watched(index_dir), index_dir / "generations/000002/lock"]:
        aside = path.with_name(path.name + ".aside")
        path.rename(aside)
        with pytest.raises(IndexDamaged):
            open_index(index_dir)
        aside.rename(path)
    open_index(index_dir).close()


@pytest.mark.parametrize("name", ["corpus.sqlite", "vectors.faiss", "lexical", "manifest.json"])
def test_a_file_of_another_generation_is_noticed(tmp_path: Path, name: str) -> None:
    build_index(tmp_path, FIRST)
    build_index(tmp_path, SECOND)
    old, new = (tmp_path / "generations" / number / name for number in ("000001", "000002"))
    if new.is_dir():
        shutil.rmtree(new)
        shutil.copytree(old, new)
    else:
        shutil.copyfile(old, new)
    with pytest.raises(IndexDamaged):
        open_index(tmp_path)


def test_a_generation_under_the_name_of_another_is_noticed(tmp_path: Path) -> None:
    build_index(tmp_path, FIRST)
    build_index(tmp_path, SECOND)
    shutil.rmtree(tmp_path / "generations/000002")
    (tmp_path / "generations/000001").rename(tmp_path / "generations/000002")
    with pytest.raises(IndexDamaged, match="describes the generation 000001"):
        open_index(tmp_path)
