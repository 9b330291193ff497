"""Questions from arguments, from stdin and from batch files."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rag.cli.output import emit_json
from rag.errors import ConfigError, EmbedderError, IndexError_, UsageError, YinjuError
from rag.text.decode import mend_surrogates


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a batch. ``turns`` ends with the question; ``passages`` None: ask the index."""

    id: object
    turns: tuple[str, ...]
    passages: tuple[str, ...] | None = None


def question_of(args: argparse.Namespace) -> str:
    """The question of the arguments or of stdin. Raises UsageError where there is none or two."""
    words: list[str] = args.question
    if words == ["-"]:
        return mend_surrogates(sys.stdin.read() if sys.stdin else "")
    if not words:
        raise UsageError("there is no question", "type one after the command, or give --batch FILE")
    return argument(" ".join(words))


def argument(text: str) -> str:
    """Text from the command line: UTF-8 whatever the locale made of it."""
    try:
        return os.fsencode(text).decode("utf-8", "replace")
    except UnicodeEncodeError:  # not from the command line: a lone surrogate of its own
        return mend_surrogates(text)


def run_batch(path: str, answer: Callable[[Asked], dict[str, Any]]) -> int:
    """Every line of ``path`` in order, one JSON object out for each, at once.

    A line that cannot be answered gives {id, error} in its place. Returns the exit code: 1 where
    the index itself could not be used.
    """
    code = 0
    for number, data in _lines(path):
        id: object = None
        try:
            try:
                record = json.loads(data.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (ValueError, RecursionError) as error:
                raise UsageError(f"line {number} is not JSON in UTF-8 ({error})") from None
            if isinstance(record, dict):
                id = record.get("id")
            emit_json(answer(_asked(record, number)))
        except BrokenPipeError:
            raise
        except YinjuError as error:
            if isinstance(error, IndexError_ | EmbedderError | ConfigError):
                code = 1
                print(f"rag: {error}", file=sys.stderr)
            emit_json({"id": id, "error": str(error)})
        except Exception as error:
            about = " ".join(f"{type(error).__name__}: {error}".split())
            emit_json({"id": id, "error": f"line {number} could not be answered ({about})"})
    return code


def _lines(path: str) -> Iterator[tuple[int, bytes]]:
    """(number, line) of every line that is not blank."""
    try:
        if path == "-":
            if sys.stdin is None:
                raise UsageError("there is no stdin to read", "give --batch a file")
            yield from _numbered(sys.stdin.buffer)
        else:
            with open(path, "rb") as lines:
                yield from _numbered(lines)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise UsageError(
            f"the batch {path} cannot be read ({error.strerror})", "check its name"
        ) from None


def _numbered(lines: Any) -> Iterator[tuple[int, bytes]]:
    for number, data in enumerate(lines, start=1):
        if data.strip():
            yield number, data


def _asked(record: object, number: int) -> Asked:
    if not isinstance(record, dict):
        raise UsageError(f"line {number} is not an object", "give {id, question} or {id, turns}")
    turns = record.get("turns", [record["question"]] if "question" in record else None)
    if not _texts(turns) or not turns:
        raise UsageError(f"line {number} has no question", "give {id, question} or {id, turns}")
    passages = record.get("passages")
    if passages is not None and not _texts(passages):
        raise UsageError(f"line {number}: passages is not a list of texts")
    return Asked(
        record.get("id"),
        tuple(mend_surrogates(turn) for turn in turns),
        None if passages is None else tuple(mend_surrogates(text) for text in passages),
    )


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
