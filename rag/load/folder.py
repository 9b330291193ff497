"""A folder to its files: sorted, no link followed out of it, nothing passed over in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LoadError
from rag.load.files import RawFile, read, row_for
from rag.load.registry import suffix_of
from rag.types import InputRow

MAX_DEPTH = 256


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read; ``id`` is its path below the folder with forward slashes."""

    path: Path
    id: str


def walk(root: Path) -> Iterator[FoundFile | InputRow]:
    """The files below ``root`` that have a reader, and a row for everything else.

    Sorted by id. Raises LoadError at once where ``root`` is not a folder that can be listed.
    """
    try:
        real = root.resolve(strict=True)
        first = _listing(real)
    except FileNotFoundError:
        raise LoadError(f"there is no folder {root}", "name one with --docs") from None
    except NotADirectoryError:
        raise LoadError(f"{root} is not a folder", "name one with --docs") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        raise LoadError(f"{root} cannot be listed: {_reason(error)}") from None
    return _walk(root, real, first)


def scan(root: Path, *, max_bytes: int) -> Iterator[RawFile | InputRow]:
    """Every file below ``root`` read and hashed, one at a time, and a row for what was not.

    Raises LoadError at once where ``root`` is not a folder that can be listed.
    """
    return _scan(walk(root), max_bytes)


def _scan(found: Iterator[FoundFile | InputRow], max_bytes: int) -> Iterator[RawFile | InputRow]:
    for item in found:
        if isinstance(item, InputRow):
            yield item
            continue
        try:  # yielded at once: a name for it here would hold two files in memory
            yield read(item.path, item.id, max_bytes=max_bytes)
        except LoadError as error:
            yield row_for(item.id, error)


def _listing(folder: Path) -> list[os.DirEntry[str]]:
    """Entries in reverse order of id: a folder sorts as its name with a slash."""
    with os.scandir(folder) as entries:
        return sorted(entries, key=_sort_key, reverse=True)


def _sort_key(entry: os.DirEntry[str]) -> str:
    try:
        return entry.name + "/" if entry.is_dir(follow_symlinks=False) else entry.name
    except OSError:
        return entry.name


def _walk(root: Path, real: Path, first: list[os.DirEntry[str]]) -> Iterator[FoundFile | InputRow]:
    # A stack of its own: neither depth nor a folder's size meets Python's recursion limit.
    stack = [(entry, entry.name, 1) for entry in first]
    while stack:
        entry, id, depth = stack.pop()
        try:
            id.encode()
        except UnicodeEncodeError:
            shown = id.encode("utf-8", "backslashreplace").decode()
            yield InputRow(shown, "failed", "its name is not valid Unicode; rename it")
            continue
        try:
            if entry.name.startswith("."):
                yield InputRow(id, "skipped", "hidden")
            elif entry.is_symlink():
                yield _link(root, real, entry, id)
            elif entry.is_dir(follow_symlinks=False):
                if depth >= MAX_DEPTH:
                    yield InputRow(id, "failed", f"nested more than {MAX_DEPTH} folders deep")
                    continue
                below = _listing(Path(entry.path))
                stack.extend((child, f"{id}/{child.name}", depth + 1) for child in below)
            elif entry.is_file(follow_symlinks=False):
                yield _file(root, entry.name, id)
            else:
                yield InputRow(id, "skipped", "not a regular file")
        except OSError as error:
            yield InputRow(id, "failed", f"it cannot be read: {_reason(error)}")


def _file(root: Path, name: str, id: str) -> FoundFile | InputRow:
    if name.startswith("~$"):
        return InputRow(id, "skipped", "a lock file of an open document")
    if suffix_of(name) is None:
        suffix = Path(name).suffix
        reason = f"no reader for {suffix} files" if suffix else "no suffix, so no reader"
        return InputRow(id, "skipped", " ".join(reason.split()))
    return FoundFile(root / id, id)


def _link(root: Path, real: Path, entry: os.DirEntry[str], id: str) -> FoundFile | InputRow:
    """A link is read only where it leads to a file inside the folder."""
    try:
        target = Path(entry.path).resolve(strict=True)
    except FileNotFoundError:
        return InputRow(id, "skipped", "a link to nothing")
    except (OSError, RuntimeError):
        return InputRow(id, "skipped", "a link that loops")
    if not target.is_relative_to(real):
        return InputRow(id, "skipped", "a link out of the folder")
    if target.is_dir():
        if Path(entry.path).parent.resolve().is_relative_to(target):
            return InputRow(id, "skipped", "a link that loops")
        return InputRow(id, "skipped", "a link to a folder that is read in its own place")
    if not target.is_file():
        return InputRow(id, "skipped", "not a regular file")
    return _file(root, entry.name, id)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
