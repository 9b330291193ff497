"""Generations on disk: their names, the pointer, checksums, and which may be deleted.

``index/CURRENT`` names the generation that is served and the one before;
``index/generations/NAME/`` holds ``corpus.sqlite``, ``vectors.faiss``, ``lexical/``, ``lock`` and
``manifest.json``. A folder NAME.part is half made or half deleted: never read, swept by the next
build.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rag.errors import IndexDamaged, IndexMissing
from rag.index.fs import Files
from rag.index.locks import READ_LOCK, unread
from rag.index.manifest import (
    FileEntry,
    Manifest,
    Pointer,
    Unreadable,
    decode_manifest,
    decode_pointer,
    encode,
)

POINTER = "CURRENT"
FOLDER = "generations"
MANIFEST = "manifest.json"
CORPUS = "corpus.sqlite"
VECTORS = "vectors.faiss"
LEXICAL = "lexical"
PART = ".part"
REBUILD = "run `rag index --rebuild`"


def folder(index_dir: Path, name: str) -> Path:
    """Where the generation ``name`` lies."""
    return index_dir / FOLDER / name


def damaged(what: str) -> IndexDamaged:
    """An IndexDamaged that says how to repair."""
    return IndexDamaged(f"the index is damaged: {what}", REBUILD)


# ---- the pointer ---------------------------------------------------------------------------
def read_pointer(index_dir: Path) -> Pointer:
    """The pointer. Raises IndexMissing, or IndexDamaged when its bytes are not what was written."""
    path = index_dir / POINTER
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if names(index_dir):
            raise damaged(f"{path} is missing") from None
        raise IndexMissing(f"there is no index in {index_dir}", "run `rag index`") from None
    except OSError as error:
        raise damaged(f"{path} cannot be read ({error.strerror})") from None
    try:
        return decode_pointer(data)
    except Unreadable as error:
        raise damaged(f"{path}: {error}") from None


def write_pointer(files: Files, index_dir: Path, pointer: Pointer) -> None:
    """Swap the pointer atomically: readers see the old one or the new one."""
    aside = index_dir / (POINTER + PART)
    files.write(aside, encode(pointer))
    files.rename(aside, index_dir / POINTER)
    files.sync(index_dir)


# ---- names ---------------------------------------------------------------------------------
def names(index_dir: Path) -> list[str]:
    """The generations whose folder was finished, oldest first; the pointer may name none of them."""
    try:
        entries = os.listdir(index_dir / FOLDER)
    except OSError:
        return []
    return sorted(name for name in entries if not name.endswith(PART))


def next_name(index_dir: Path) -> str:
    """A name after all that are there. Numbers, so that the order of the names is that of time."""
    try:
        entries = os.listdir(index_dir / FOLDER)
    except OSError:
        entries = []
    numbers = [int(name.removesuffix(PART)) for name in entries if name[:6].isdecimal()]
    return f"{max(numbers, default=0) + 1:06d}"


# ---- what a generation holds ---------------------------------------------------------------
def describe(generation: Path) -> dict[str, FileEntry]:
    """Size and checksum of every file that a reader depends on, keyed by relative path."""
    found = [
        path
        for path in sorted(generation.rglob("*"))
        if path.is_file() and path.name not in (MANIFEST, READ_LOCK) and path.suffix != ".lock"
    ]
    entries = _entries(found)
    return {path.relative_to(generation).as_posix(): entries[path] for path in found}


def read_manifest(generation: Path) -> Manifest:
    """The manifest in its folder. Raises IndexDamaged."""
    path = generation / MANIFEST
    try:
        manifest = decode_manifest(path.read_bytes())
    except OSError as error:
        raise damaged(f"{path} cannot be read ({error.strerror})") from None
    except Unreadable as error:
        raise damaged(f"{path}: {error}") from None
    if manifest.generation != generation.name.removesuffix(PART):
        raise damaged(f"{path} describes the generation {manifest.generation}")
    return manifest


def check_files(generation: Path, manifest: Manifest) -> None:
    """Compare every file with its entry. Raises IndexDamaged, naming the first that differs."""
    paths = {generation / name: entry for name, entry in manifest.files.items()}
    for path, entry in paths.items():
        try:
            size = path.stat().st_size
        except OSError:
            raise damaged(f"{path} is missing") from None
        if size != entry.size:
            raise damaged(f"{path} has {size} bytes instead of {entry.size}")
    try:
        found = _entries(paths)
    except OSError as error:
        raise damaged(f"{error.filename} cannot be read ({error.strerror})") from None
    for path, entry in paths.items():
        if found[path] != entry:
            raise damaged(f"the checksum of {path} differs")


def _entries(paths: Iterable[Path]) -> dict[Path, FileEntry]:
    # hashlib releases the interpreter lock on large buffers: two threads take half the time.
    ordered = sorted(paths)
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(ordered, pool.map(_entry, ordered), strict=True))


def _entry(path: Path) -> FileEntry:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return FileEntry(stream.tell(), digest)


# ---- deleting ------------------------------------------------------------------------------
def sweep_parts(files: Files, index_dir: Path) -> None:
    """Remove what dead builders left half made. Only who holds the build lock may call it."""
    try:
        entries = os.listdir(index_dir / FOLDER)
    except OSError:
        return
    for name in entries:
        if name.endswith(PART):
            files.remove(folder(index_dir, name))


def sweep_old(files: Files, index_dir: Path, keep: Pointer) -> None:
    """Remove generations that ``keep`` does not name and that no reader has open.

    Called after the swap, when the build has succeeded: a fault here costs disk space until the
    next build and is not reported.
    """
    for name in names(index_dir):
        if name in (keep.current, keep.previous):
            continue
        old = folder(index_dir, name)
        try:
            with unread(old) as free:
                if free:
                    # Out of the readers' sight in one step, then file by file.
                    part = old.with_name(name + PART)
                    files.rename(old, part)
                    files.remove(part)
        except OSError:
            continue
