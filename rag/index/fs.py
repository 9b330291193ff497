"""Every file operation of an index build that is ours goes through one small object.

SQLite, FAISS and tantivy do their own writing or hand us bytes; what makes a generation durable
(writing, syncing, renaming, the pointer swap) happens here, one overridable primitive an
operation, so that a test can make the Nth one fail or kill the process at it.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

SLICE = 8 * 1024 * 1024
"""Bytes a write call gets at most: a full disk then shows early and memory stays flat."""


class Files:
    """Durable file operations; each raises OSError."""

    def make_folder(self, path: Path) -> None:
        """Create ``path`` and its parents; no fault if it is there."""
        if not path.is_dir():
            self._mkdir(path)

    def write(self, path: Path, data: bytes | memoryview) -> None:
        """Write ``data`` as the whole of ``path`` and sync it.

        A disk that takes fewer bytes is asked again; one that then holds fewer is an EIO.
        """
        view = memoryview(data).cast("B")
        handle = self._open(path)
        try:
            done = 0
            while done < len(view):
                wrote = self._write(handle, view[done : done + SLICE])
                if wrote <= 0:
                    raise OSError(errno.EIO, "nothing was written", str(path))
                done += wrote
            self._fsync(handle)
            if os.fstat(handle).st_size != len(view):
                raise OSError(errno.EIO, "the file is shorter than what was written", str(path))
        finally:
            os.close(handle)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file's bytes; checked by the manifest's checksums later, synced by :meth:`sync`."""
        self._copy(source, target)

    def sync(self, path: Path) -> None:
        """Flush a file or a folder (its names) to the disk."""
        handle = os.open(path, os.O_RDONLY)
        try:
            self._fsync(handle)
        finally:
            os.close(handle)

    def rename(self, source: Path, target: Path) -> None:
        """Atomically give ``source`` the name ``target``, replacing a file that has it."""
        self._replace(source, target)

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder with all that is in it; no fault if it is gone."""
        if path.is_dir() and not path.is_symlink():
            self._rmtree(path)
        elif path.exists() or path.is_symlink():
            self._unlink(path)

    # ---- the primitives that a test overrides ------------------------------------------------
    def _mkdir(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)

    def _open(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)

    def _write(self, handle: int, data: memoryview) -> int:
        return os.write(handle, data)

    def _fsync(self, handle: int) -> None:
        os.fsync(handle)

    def _copy(self, source: Path, target: Path) -> None:
        shutil.copyfile(source, target)

    def _replace(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def _unlink(self, path: Path) -> None:
        path.unlink()

    def _rmtree(self, path: Path) -> None:
        shutil.rmtree(path)
