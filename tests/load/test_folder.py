"""Walking a folder and reading its files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import LoadError, TooLarge
from rag.load import FoundFile, RawFile, load_folder, read, scan, walk
from rag.types import Document, InputRow

MEGABYTE = 1 << 20


def write(path: Path, text: str = "正文。\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def listed(root: Path) -> list[tuple[str, str]]:
    """(id or path, "" or status: reason)."""
    return [
        (item.id, "")
        if isinstance(item, FoundFile)
        else (item.path, f"{item.status}: {item.reason}")
        for item in walk(root)
    ]


def test_files_come_sorted_by_their_path_with_forward_slashes(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a.txt", "a/b/c.TXT", "中文.markdown"):
        write(tmp_path / name)
    ids = [id for id, _ in listed(tmp_path)]
    assert ids == ["a.txt", "a/b/c.TXT", "a/z.md", "b.txt", "中文.markdown"]
    assert ids == sorted(ids)


def test_what_is_not_read_has_a_row_with_a_reason(tmp_path: Path) -> None:
    for name in (".git/config.txt", ".hidden.txt", "~$报告.docx", "t.xlsx", "Makefile"):
        write(tmp_path / name)
    os.mkfifo(tmp_path / "pipe.txt")
    assert listed(tmp_path) == [
        (".git", "skipped: hidden"),
        (".hidden.txt", "skipped: hidden"),
        ("Makefile", "skipped: no suffix, so no reader"),
        ("pipe.txt", "skipped: not a regular file"),
        ("t.xlsx", "skipped: no reader for .xlsx files"),
        ("~$报告.docx", "skipped: a lock file of an open document"),
    ]


def test_links_out_of_the_folder_and_loops_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "secret.txt", "秘密")
    root = tmp_path / "docs"
    write(root / "a" / "a.txt")
    (root / "a" / "up").symlink_to(root, target_is_directory=True)
    (root / "b").symlink_to(root / "a", target_is_directory=True)
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "outside").symlink_to(tmp_path, target_is_directory=True)
    (root / "gone.txt").symlink_to(root / "none.txt")
    (root / "self.txt").symlink_to(root / "self.txt")
    (root / "same.txt").symlink_to(root / "a" / "a.txt")
    assert listed(root) == [
        ("a/a.txt", ""),
        ("a/up", "skipped: a link that loops"),
        ("b", "skipped: a link to a folder that is read in its own place"),
        ("gone.txt", "skipped: a link to nothing"),
        ("out.txt", "skipped: a link out of the folder"),
        ("outside", "skipped: a link out of the folder"),
        ("same.txt", ""),
        ("self.txt", "skipped: a link that loops"),
    ]
    texts = [d.text for d in load_folder(root, max_bytes=MEGABYTE) if isinstance(d, Document)]
    assert texts == ["正文。\n", "正文。\n"]


@pytest.mark.parametrize(
    "name", ["行\n换.txt", "😀.txt", "<img src=x>.txt", "..a.b .txt", "a#b.md"]
)
def test_odd_names_are_ids_to_the_letter(tmp_path: Path, name: str) -> None:
    name = name.lstrip(".")
    write(tmp_path / name)
    (found,) = load_folder(tmp_path, max_bytes=MEGABYTE)
    assert isinstance(found, Document)
    assert found.id == name


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_not_unicode_is_reported(tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(tmp_path), b"\xff\xfe.txt"), "wb") as file:
        file.write(b"x")
    ((path, reason),) = listed(tmp_path)
    path.encode()
    assert reason == "failed: its name is not valid Unicode; rename it"


def test_two_hundred_folders_deep_is_read_and_far_deeper_is_reported(tmp_path: Path) -> None:
    here = tmp_path
    for depth in range(1, 261):
        here = here / "d"
        here.mkdir()
        if depth in (200, 260):
            write(here / "x.txt")
    found = listed(tmp_path)
    assert found[0] == ("/".join(["d"] * 256), "failed: nested more than 256 folders deep")
    assert found[1:] == [("/".join(["d"] * 200) + "/x.txt", "")]


def test_a_folder_that_is_none_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="there is no folder"):
        walk(tmp_path / "none")
    with pytest.raises(LoadError, match="is not a folder"):
        scan(write(tmp_path / "x.txt"), max_bytes=1)


def test_a_file_over_the_cap_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = tmp_path / "big.txt"
    with big.open("wb") as file:
        file.truncate(300 * MEGABYTE)  # sparse
    monkeypatch.setattr(hashlib, "sha256", None)  # reading it would fail
    (row,) = load_folder(tmp_path, max_bytes=200 * MEGABYTE)
    assert row == InputRow(
        "big.txt",
        "failed",
        "it has 300 MB, over the limit of 200 MB; raise max_file_mb or split the file",
    )


def test_what_was_read_is_what_is_hashed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "正文。")
    raw = read(path, "a.txt", max_bytes=MEGABYTE)
    path.write_text("other", encoding="utf-8")
    assert raw.data == "正文。".encode()
    assert raw.sha256 == hashlib.sha256(raw.data).hexdigest()
    assert raw.note == ""


def test_a_file_that_changes_while_it_is_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.txt", "one")
    real, calls = os.fstat, []

    def fstat(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            path.write_text("longer than before", encoding="utf-8")
        return real(descriptor)

    monkeypatch.setattr(os, "fstat", fstat)
    raw = read(path, "a.txt", max_bytes=MEGABYTE)
    monkeypatch.undo()
    assert raw.data == b"one"
    assert raw.note == "changed while it was read; what was read is what is indexed"


def test_a_file_deleted_during_the_walk_is_a_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(tmp_path / name)
    seen = []
    for found in scan(tmp_path, max_bytes=MEGABYTE):
        if isinstance(found, RawFile) and found.id == "a.txt":
            (tmp_path / "b.txt").unlink()
        seen.append(found)
    assert [item.id for item in seen if isinstance(item, RawFile)] == ["a.txt", "c.txt"]
    assert seen[1] == InputRow("b.txt", "failed", "it was deleted before it could be read")


def test_an_unreadable_file_and_folder_are_rows_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt", "f/x.txt"):
        write(tmp_path / name)
    real_open, real_scandir = os.open, os.scandir

    def refuse_open(path: Path, flags: int, *rest: int) -> int:
        if Path(path).name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return real_open(path, flags, *rest)

    def refuse_scandir(path: Path) -> object:
        if Path(path).name == "f":
            raise PermissionError(13, "Permission denied")
        return real_scandir(path)

    monkeypatch.setattr(os, "open", refuse_open)
    monkeypatch.setattr(os, "scandir", refuse_scandir)
    found = list(load_folder(tmp_path, max_bytes=MEGABYTE))
    monkeypatch.undo()
    assert found[0] == InputRow("a.txt", "failed", "it cannot be read: Permission denied")
    assert isinstance(found[1], Document)
    assert found[2] == InputRow("f", "failed", "it cannot be read: Permission denied")


def test_a_pipe_put_in_a_files_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.txt")
    with pytest.raises(LoadError, match="not a regular file"):
        read(tmp_path / "x.txt", "x.txt", max_bytes=1)


def test_a_file_that_grows_past_the_cap_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        read(write(tmp_path / "x.txt", "12345"), "x.txt", max_bytes=4)


def test_the_same_content_under_two_names_gives_two_documents_of_one_hash(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    a, b = load_folder(tmp_path, max_bytes=MEGABYTE)
    assert isinstance(a, Document) and isinstance(b, Document)
    assert (a.id, b.id) == ("a.txt", "b.txt")
    assert a.content_hash == b.content_hash


def test_importing_the_package_imports_no_format_library() -> None:
    libraries = ("pypdf", "docx", "selectolax", "lxml")
    code = f"import sys, rag.load; print([m for m in {libraries} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
