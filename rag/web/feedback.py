"""What a reader says of an answer, kept as one line of a local file: whole, or not at all.

A line holds the questions of the conversation so far, the answer with its quotes, the verdict and
the note; no address, no session, no name of a reader.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

from rag.evaluate.feedback import FeedbackLine, Reason, Verdict, feedback_on
from rag.text.visible import visible
from rag.types import Answer
from rag.web.talk import Talk

FILE_LIMIT = 50 << 20
"""Bytes that the file may have; a page that many can reach must not fill the disk."""
LINE_LIMIT = 256 << 10
"""Bytes of a line. An answer with its quotes has two thousand, thirty long questions 180,000."""
NOTE_LIMIT = 500
"""Characters of a note."""


class FeedbackFull(Exception):
    """The file is as long as it may be."""


class FeedbackTooLong(Exception):
    """The line is longer than a line may be."""


def rated(talk: Talk) -> Answer | None:
    """The answer that can be rated: the newest, once it is final and whole."""
    last = talk.turns[-1] if talk.turns else None
    return last.answer if last is not None and last.state == "done" else None


def reasons(answer: Answer) -> tuple[Reason, ...]:
    """What can be wrong with an answer; all that can be wrong with a refusal is that it is one."""
    return ("漏答",) if answer.refused else ("引用不对", "该拒未拒", "漏答", "答错")


def line_of(talk: Talk, verdict: Verdict, reason: Reason = "", note: str = "") -> FeedbackLine:
    """The line for a click on the newest answer, at this moment.

    Raises ValueError where there is nothing to rate or the reason does not fit.
    """
    answer = rated(talk)
    if answer is None:
        raise ValueError("there is no whole answer to rate")
    if reason and reason not in reasons(answer):
        raise ValueError(f"{reason!r} cannot be said of this answer")
    return feedback_on(
        answer,
        talk.questions,
        verdict,
        at=datetime.now(UTC),
        reason=reason,
        note=visible(" ".join(note.split()))[:NOTE_LIMIT],
    )


def append(path: Path, line: FeedbackLine, limit: int = FILE_LIMIT) -> None:
    """Add ``line`` to the file and see it on the disk; other writers' lines stay whole.

    Raises FeedbackFull, FeedbackTooLong, or OSError where the file cannot be written; it is then
    as it was.
    """
    data = (line.to_json() + "\n").encode()
    if len(data) > LINE_LIMIT:
        raise FeedbackTooLong
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # of this handle: it holds off threads too
        size = os.fstat(handle).st_size
        if size + len(data) > limit:
            raise FeedbackFull
        if size and os.pread(handle, 1, size - 1) != b"\n":  # an editor left the last line open
            data = b"\n" + data
        try:
            if os.write(handle, data) < len(data):
                raise OSError("the disk took a part of the line")
            os.fsync(handle)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
