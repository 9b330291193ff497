"""Questions to ask, from a .jsonl file: {question} or {turns} a line, with an ``answer`` if known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rag.errors import EvaluationError

_DO = 'a line is {"question": "…"} or {"turns": ["…"]}'


@dataclass(frozen=True, slots=True)
class Asked:
    """The turns of a dialogue, the last one the question; the answer's words where they are known."""

    turns: tuple[str, ...]
    answer: str = ""


def read(path: Path) -> list[Asked]:
    """All of a file; raises EvaluationError with the line that is none."""
    try:
        # Not splitlines: JSON text may hold U+2028 and other characters at which that cuts.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}", "name a .jsonl file") from None
    found = [_asked(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise EvaluationError(f"{path} holds no question", _DO)
    return found


def _asked(line: str, place: str) -> Asked:
    try:
        record = json.loads(line)
        turns = record.get("turns") or [record["question"]]
        answer = record.get("answer")
        if all(isinstance(turn, str) and turn.strip() for turn in turns):
            return Asked(tuple(turns), answer if isinstance(answer, str) else "")
    except (ValueError, AttributeError, KeyError, TypeError):
        pass
    raise EvaluationError(f"{place} holds no question", _DO)
