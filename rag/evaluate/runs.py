"""Runs on disk: one JSON file each, with a checksum, written aside and then put in its place.

Names sort by time: 20261121T031500Z-seeds-1a2b3c.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.encode import record_json, run_json, run_of
from rag.evaluate.types import Record, Run

FORMAT = 2
"""Of the file; a newer one is refused, not guessed at. 2 knows what a language model wrote."""
READ = (1, 2)
STAMP = "%Y%m%dT%H%M%SZ"
PART = ".part"
_NAME = re.compile(r"\d{8}T\d{6}Z-.+\.json")
_LAST = re.compile(r"last(?:~(\d+))?")
_UNSAFE = re.compile(r"[^\w.-]+")


def name_of(created: datetime, set_name: str, records: Sequence[Record], label: str = "") -> str:
    """A run's name: UTC time, set, label (of a variant), six digits of its content."""
    words = [file_name(word) for word in (set_name, label)]
    content = _canonical([record_json(record) for record in records])
    digits = hashlib.sha256(content).hexdigest()[:6]
    return "-".join([created.astimezone(UTC).strftime(STAMP), *filter(None, words), digits])


def file_name(text: str) -> str:
    """``text`` as part of a file's name."""
    return _UNSAFE.sub("-", text).strip("-.")


def save(run: Run, folder: Path) -> Path:
    """Writes the run into ``folder`` under its own name. Raises EvaluationError."""
    values = {"format": FORMAT, **run_json(run)}
    path = folder / f"{run.header.name}.json"
    aside = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            aside.write_bytes(_signed(values))
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise EvaluationError(
            f"the run cannot be saved as {path} ({error.strerror or error})",
            "see to the folder and the space on the disk, or give --no-save",
        ) from None
    return path


def read(path: Path) -> Run:
    """The run of a file. Raises EvaluationError with file and reason: not there, cut off, changed
    by so much as a byte, of a newer format."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EvaluationError(
            f"the run {path} cannot be read ({error.strerror or error})",
            "`rag eval` makes a run",
        ) from None
    try:
        values = json.loads(data)
    except json.JSONDecodeError as error:
        raise _damaged(path, f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from None
    if not isinstance(values, dict) or not isinstance(values.get("format"), int):
        raise EvaluationError(f"{path} is not a run: it has no format", "name a file of `rag eval`")
    if values["format"] not in READ:
        known = " and ".join(map(str, READ))
        raise EvaluationError(
            f"the run {path} has the format {values['format']}, this version reads {known}",
            "read it with the version that wrote it, or run the set again",
        )
    said = values.pop("sha256", None)
    if said is None or _signed(values) != data:
        raise _damaged(path, "its checksum differs")
    try:
        return run_of(values)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from None


def latest(folder: Path, count: int = 1) -> list[Path]:
    """The ``count`` last runs of a folder, newest first; fewer where there are fewer."""
    return _saved(folder)[:count]


def resolve(text: str, folder: Path) -> Path:
    """The file that a person means: a path, ``last``, ``last~1`` (the one before), or how a name
    in the folder begins. Raises EvaluationError."""
    saved = _saved(folder)
    if match := _LAST.fullmatch(text):
        back = int(match[1] or 0)
        if back >= len(saved):
            raise EvaluationError(
                f"{text} is not there: {folder} holds {len(saved)} runs", "`rag eval` makes one"
            )
        return saved[back]
    if Path(text).is_file():
        return Path(text)
    named = [path for path in saved if text and path.name.startswith(text)]
    if len(named) == 1:
        return named[0]
    if named:
        some = ", ".join(path.name for path in named[:3])
        raise EvaluationError(
            f"{len(named)} runs in {folder} begin with {text} ({some} …)", "give more of the name"
        )
    raise EvaluationError(
        f"there is no run {text!r}", f"give a file, last, last~1, or how a name in {folder} begins"
    )


def _saved(folder: Path) -> list[Path]:
    """Newest first; of two runs of one second the one that was written last."""
    try:
        found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
        keys = {path: (path.name[:16], path.stat().st_mtime_ns, path.name) for path in found}
    except OSError:
        return []
    return sorted(found, key=keys.__getitem__, reverse=True)


def _damaged(path: Path, why: str) -> EvaluationError:
    return EvaluationError(f"the run {path} is damaged: {why}", "run the set again")


def _signed(values: dict[str, Any]) -> bytes:
    """The bytes of a file: canonical, with the checksum of the canonical bytes without it."""
    digest = hashlib.sha256(_canonical(values)).hexdigest()
    return _canonical({**values, "sha256": digest}) + b"\n"


def _canonical(values: object) -> bytes:
    # surrogatepass: half a character of a broken question is no reason to lose a run.
    return json.dumps(
        values, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode("utf-8", "surrogatepass")
