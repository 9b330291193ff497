"""What a 👍 or 👎 on the page says: one line of JSON, written there and read here. Pure.

{id, at, kind: "feedback", verdict, reason, turns, answer, refused,
citations: [{doc, start, end, quote}], key, note}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from rag.evaluate.types import Cited
from rag.text.decode import mend_surrogates
from rag.types import Answer

Verdict = Literal["up", "down"]
Reason = Literal["", "引用不对", "该拒未拒", "漏答", "答错"]
"""Why it was 👎; "" with a 👍."""

KIND = "feedback"


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """One click. ``turns`` ends with the question; ``key`` are the answer's bold spans; ``at`` is
    ISO 8601; ``note`` is what the user wrote beside it.

    ``id`` comes from the turns (:func:`feedback_id`), so that a second thought about the same
    question has the same id and replaces the first. Raises ValueError where a 👎 has no reason, a
    👍 has one, or a field is empty that may not be.
    """

    id: str
    at: str
    verdict: Verdict
    turns: tuple[str, ...]
    answer: str
    refused: bool
    citations: tuple[Cited, ...] = ()
    key: tuple[str, ...] = ()
    reason: Reason = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in get_args(Verdict):
            raise ValueError(f"the verdict is {self.verdict!r}, neither up nor down")
        if self.reason not in get_args(Reason):
            raise ValueError(f"{self.reason!r} is no reason")
        if (self.verdict == "up") != (self.reason == ""):
            raise ValueError(f"verdict {self.verdict} with the reason {self.reason!r}")
        if not self.id or not self.turns or not all(turn.strip() for turn in self.turns):
            raise ValueError("no id, no turns, or an empty turn")
        datetime.fromisoformat(self.at)

    def to_json(self) -> str:
        """One line without its line break; encodable as UTF-8 whatever was typed."""
        citations = [
            {"doc": c.doc, "start": c.start, "end": c.end, "quote": c.quote} for c in self.citations
        ]
        data = (
            {"id": self.id, "at": self.at, "kind": KIND} | asdict(self) | {"citations": citations}
        )
        return mend_surrogates(json.dumps(data, ensure_ascii=False))


def feedback_id(turns: Sequence[str]) -> str:
    """The id of what is said about these turns: the same turns, the same id."""
    return "fb-" + hashlib.sha256(json.dumps(list(turns)).encode()).hexdigest()[:12]


def feedback_on(
    answer: Answer,
    turns: Sequence[str],
    verdict: Verdict,
    *,
    at: datetime,
    reason: Reason = "",
    note: str = "",
) -> FeedbackLine:
    """The line for a click on an answer that was shown. Raises ValueError as FeedbackLine does."""
    return FeedbackLine(
        id=feedback_id(turns),
        at=at.isoformat(timespec="seconds"),
        verdict=verdict,
        turns=tuple(turns),
        answer=answer.answer,
        refused=answer.refused,
        citations=tuple(Cited(c.doc, c.start, c.end, c.quote) for c in answer.citations),
        key=tuple(s.text[start:end] for s in answer.sentences for start, end in s.key),
        reason=reason,
        note=note,
    )


def feedback_line(data: Mapping[str, Any]) -> FeedbackLine:
    """The line that an object of the file says.

    Raises ValueError, KeyError or TypeError where it is not in the form.
    """
    refused = data["refused"]
    if not isinstance(refused, bool):
        raise ValueError("refused is neither true nor false")
    return FeedbackLine(
        id=_text(data, "id"),
        at=_text(data, "at"),
        verdict=data["verdict"],
        turns=_texts(data, "turns"),
        answer=_text(data, "answer"),
        refused=refused,
        citations=tuple(
            Cited(_text(c, "doc"), int(c["start"]), int(c["end"]), _text(c, "quote"))
            for c in data["citations"]
        ),
        key=_texts(data, "key"),
        reason=data.get("reason", ""),
        note=_text(data, "note") if "note" in data else "",
    )


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = data[name]
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ValueError(f"{name} is not a list of texts")
    return tuple(value)
