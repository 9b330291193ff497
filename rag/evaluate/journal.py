"""Records as they come, so that an interrupted run can be taken up where it stopped.

``SET-KEY.part.jsonl`` in the runs folder, a record a line. The key is made of all that the answers
depend on: only a run of the same set, settings, index and version finds it.
"""

from __future__ import annotations

import hashlib
import json
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
    """Open it in a ``with``; what is left of it after a fault or Ctrl-C is what was done."""

    def __init__(self, path: Path, resume: bool) -> None:
        """``resume`` keeps what is there; else it begins anew."""
        self.path = path
        self.done: dict[str, Record] = _read(path) if resume else {}

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Written anew: what could not be read of it must not stand before what comes.
            self._stream = self.path.open("w", encoding="utf-8", errors="surrogatepass")
            for record in self.done.values():
                self._write(record)
        except OSError as error:
            raise _unwritable(self.path, error) from None
        return self

    def add(self, record: Record) -> None:
        """Writes the record; it survives the process from here on. Raises EvaluationError."""
        try:
            self._write(record)
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def remove(self) -> None:
        """The run is saved: the journal has served."""
        self.path.unlink(missing_ok=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    def _write(self, record: Record) -> None:
        self._stream.write(json.dumps(record_json(record), ensure_ascii=False) + "\n")
        self._stream.flush()


def _read(path: Path) -> dict[str, Record]:
    """The records up to the first line that is torn."""
    found: dict[str, Record] = {}
    try:
        with path.open(encoding="utf-8", errors="surrogatepass") as lines:
            for line in lines:
                record = record_of(json.loads(line))
                found[record.id] = record
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EvaluationError(f"the journal {path} cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        return found
    return found


def _unwritable(path: Path, error: OSError) -> EvaluationError:
    return EvaluationError(
        f"the journal {path} cannot be written ({error.strerror})",
        "see to the folder and the space on the disk, or give --no-save",
    )
