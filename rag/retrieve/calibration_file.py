"""``calibration.json``: the user's own calibration, beside ``CURRENT`` in the folder of the index.

It belongs to the index, not to a generation: a build leaves it as it is. Canonical JSON with a
checksum over the rest; written aside, then put in place.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.errors import IndexDamaged, IndexError_, IndexMissing
from rag.retrieve.calibration import REPAIR, Calibration

NAME = "calibration.json"
FORMAT = 1
"""Of the file; another one is refused, not guessed at."""


def identity(calibration: Calibration) -> str:
    """The set's name and twelve digits of the content: equal for what refuses alike."""
    return f"{calibration.set_name}:{_digest(_values(calibration))[:12]}"


def read(index_dir: Path) -> Calibration | None:
    """The calibration of an index, None where there is none. Raises IndexDamaged."""
    path = index_dir / NAME
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _damaged(path, f"it cannot be read ({error.strerror})") from None
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        raise _damaged(path, "it is not JSON") from None
    if not isinstance(values, dict) or "checksum" not in values:
        raise _damaged(path, "it has no checksum")
    del values["checksum"]
    if _encode(values) != data:
        raise _damaged(path, "its checksum differs")
    if values.pop("format", None) != FORMAT:
        raise _damaged(path, f"this version reads the format {FORMAT}")
    try:
        values["answerable"] = tuple(values["answerable"])
        return Calibration(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, str(error)) from None


def write(calibration: Calibration, index_dir: Path) -> Path:
    """Puts the calibration in place of any other; its path. Raises IndexMissing where there is no
    such folder, IndexError_ where it cannot be written."""
    path = index_dir / NAME
    if not index_dir.is_dir():
        raise IndexMissing(f"there is no index in {index_dir}", "run `rag index`")
    try:
        handle, aside = tempfile.mkstemp(prefix=f".{NAME}.", dir=index_dir)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_encode(_values(calibration)))
                file.flush()
                os.fsync(handle)
            os.chmod(aside, 0o644)
            os.replace(aside, path)
        except BaseException:
            os.unlink(aside)
            raise
    except OSError as error:
        raise IndexError_(
            f"{path} cannot be written ({error.strerror or error})",
            "see to the folder and the disk",
        ) from None
    return path


def forget(index_dir: Path) -> bool:
    """Removes the calibration, damaged or not; whether there was one. Raises IndexError_."""
    path = index_dir / NAME
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise IndexError_(f"{path} cannot be removed ({error.strerror})", "remove it") from None
    return True


class Kept:
    """The calibration of one index, read again when its file is another; serves all threads."""

    def __init__(self, index_dir: Path) -> None:
        self._folder = index_dir
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._found: Calibration | None = None

    def get(self) -> Calibration | None:
        """As :func:`read`; asks the disk for no more than the file's date where it is known."""
        with self._lock:
            seen = self._state()
            if seen is None or seen != self._seen:
                # Only what was read whole is known: a damaged file is named at every question.
                self._seen, self._found = None, read(self._folder)
                self._seen = seen
            return self._found

    def _state(self) -> tuple[int, int, int] | None:
        try:
            stat = os.stat(self._folder / NAME)
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _values(calibration: Calibration) -> dict[str, Any]:
    values = asdict(calibration) | {"format": FORMAT, "fitted_for": dict(calibration.fitted_for)}
    return values | {"answerable": list(calibration.answerable)}


def _digest(values: dict[str, Any]) -> str:
    return hashlib.sha256(_canonical(values)).hexdigest()


def _encode(values: dict[str, Any]) -> bytes:
    return _canonical({**values, "checksum": _digest(values)}) + b"\n"


def _canonical(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, ensure_ascii=True).encode()


def _damaged(path: Path, why: str) -> IndexDamaged:
    return IndexDamaged(f"the calibration {path} is damaged: {why}", REPAIR)
