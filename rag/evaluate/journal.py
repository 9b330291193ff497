"""Records as they come, so that an interrupted run can be taken up where it stopped.

``SET-KEY.part.jsonl`` in the runs folder, a record a line. The key is made of all that the answers
depend on: only a run of the same set, settings, index and version finds it, one at a time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import EvaluationError
from rag.evaluate.encode import record_json, record_of
from rag.evaluate.types import Record


def key_of(*parts: str) -> str:
    """Twelve hexadecimal digits of these texts."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


class Journal:
    """Open it in a ``with``; what is left of it after a fault or Ctrl-C is what was done.

    ``done`` holds the records that were taken up, by the id of their case.
    """

    def __init__(self, path: Path, resume: bool) -> None:
        """``resume`` keeps what is there; else it begins anew."""
        self.path = path
        self.done: dict[str, Record] = {}
        self._resume = resume

    def __enter__(self) -> Self:
        """Raises EvaluationError where it cannot be written, or another run is writing it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a+b")
        except OSError as error:
            raise _unwritable(self.path, error) from None
        try:
            self._begin()
        except BaseException:
            self._file.close()
            raise
        return self

    def add(self, record: Record) -> None:
        """Writes the record; it survives the process from here on. Raises EvaluationError."""
        # surrogatepass: half a character of a broken question is no reason to lose a record.
        line = json.dumps(record_json(record), ensure_ascii=False).encode("utf-8", "surrogatepass")
        try:
            self._file.write(line + b"\n")
            self._file.flush()
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def remove(self) -> None:
        """The run is saved: the journal has served. Inside the ``with``: no other run has it."""
        self.path.unlink(missing_ok=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def _begin(self) -> None:
        """Takes the file for this run, and up to its first torn line what is in it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.fstat(self._file.fileno()).st_nlink:
                raise BlockingIOError  # whoever had it has just removed it
            self._file.seek(0)
            end = 0
            if self._resume:
                self.done, end = _sound(self._file)
            self._file.truncate(end)
        except BlockingIOError:
            raise EvaluationError(
                f"another run of the same set with the same settings is under way ({self.path})",
                "wait until it is done, or give --no-save",
            ) from None
        except OSError as error:
            raise _unwritable(self.path, error) from None


def _sound(lines: Iterable[bytes]) -> tuple[dict[str, Record], int]:
    """The records before the first line that is torn, and how many bytes they take."""
    found: dict[str, Record] = {}
    end = 0
    for line in lines:
        try:
            record = record_of(json.loads(line.decode("utf-8", "surrogatepass")))
        except (ValueError, KeyError, TypeError, AttributeError):
            break
        if not line.endswith(b"\n"):
            break
        found[record.id] = record
        end += len(line)
    return found, end


def _unwritable(path: Path, error: OSError) -> EvaluationError:
    return EvaluationError(
        f"the journal {path} cannot be written ({error.strerror})",
        "see to the folder and the space on the disk, or give --no-save",
    )
