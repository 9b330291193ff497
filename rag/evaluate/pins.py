"""Which version of the documents a set was written for: ``NAME.documents.json`` beside it.

{document id: SHA-256 (hex) of its canonical text}. All documents are pinned, not only those that
gold names: that a question is not answerable says something of every one of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from rag.errors import EvaluationError
from rag.evaluate.source import read, write


def sidecar(path: Path) -> Path:
    """The file that pins the documents of the set ``path``."""
    name = path.name.removesuffix(".gz").removesuffix(".jsonl")
    return path.with_name(f"{name}.documents.json")


def pin(path: Path, documents: Mapping[str, str]) -> Path:
    """Writes the sidecar of the set ``path`` from canonical texts by id; gives its path.

    Raises EvaluationError where it cannot be written.
    """
    pins = {id: fingerprint(documents[id]) for id in sorted(documents)}
    target = sidecar(path)
    try:
        write(target, (json.dumps(pins, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise EvaluationError(f"{target} cannot be written ({error.strerror})") from None
    return target


def check_pins(path: Path, documents: Mapping[str, str]) -> None:
    """Raises EvaluationError where a document is not the one that ``path`` was written for.

    A set without a sidecar is not checked; documents that it does not name are none of its business.
    """
    pins = _pins(sidecar(path))
    for id in sorted(pins):
        text = documents.get(id)
        if text is None or fingerprint(text) != pins[id]:
            state = "is not among the documents" if text is None else "has changed"
            raise EvaluationError(
                f"{path}: the set was written for another version of {id}, which {state}",
                f"use the documents that it was written for, or mend the set and run "
                f"`rag eval-set pin {path}`",
            )


def fingerprint(text: str) -> str:
    """SHA-256 (hex) of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _pins(path: Path) -> Mapping[str, str]:
    if not path.exists():
        return {}
    try:
        pins = json.loads(read(path).data)
        if not isinstance(pins, dict) or not all(isinstance(v, str) for v in pins.values()):
            raise ValueError("not an object of checksums by document id")
    except ValueError as error:
        raise EvaluationError(
            f"{path} is damaged ({error})", "write it again with `rag eval-set pin`"
        ) from None
    return pins
