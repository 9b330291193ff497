"""What tells a passage that answers from the others found for a question, as numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rag.retrieve.answer_type import AnswerType
from rag.retrieve.features import NAMES, UNREAD
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.types import ScoredChunk

Floats = npt.NDArray[np.float32]

LENGTH = 320.0
"""Characters that count as 1."""
_FOUND = ("score", "lexical", "dense", "best", "second")
_READ = ("read_span", "read_evidence", "read_window")


def passage_names(features: Sequence[str]) -> tuple[str, ...]:
    """What search found of the passage, the scores of its two best sentences, and with a reader
    the most that it saw in any of them; of each how far it leads the best of the other passages; the
    passage's length; the kind of answer asked for; every feature of its best sentence."""
    compared = (*_FOUND, *(name for name in _READ if name in features))
    return (
        *compared,
        *(f"{name}_lead" for name in compared),
        "length",
        *(f"want_{kind.value}" for kind in AnswerType),
        *(f"top_{name}" for name in features),
    )


PASSAGE = passage_names(NAMES)


def passage_features(
    question: QuestionView,
    hits: Sequence[ScoredChunk],
    ranked: Sequence[Scored],
    features: Sequence[str] = NAMES,
) -> Floats:
    """(len(hits), len(passage_names(features))) float32. ``ranked`` are the sentences of ``hits``,
    best first, with these ``features``; a passage without any has the score of the worst."""
    if not hits:
        return np.zeros((0, len(passage_names(features))), dtype=np.float32)
    held = by_passage(hits, ranked)
    lowest = min((s.score for s in ranked), default=0.0)
    most = max((hit.lexical for hit in hits), default=0.0) or 1.0
    columns = [
        [hit.score for hit in hits],
        [hit.lexical / most for hit in hits],
        [hit.dense for hit in hits],
        *([own[i].score if len(own) > i else lowest for own in held] for i in (0, 1)),
    ]
    at = {name: i for i, name in enumerate(features)}
    for name in _READ:
        if name in at:
            nothing = UNREAD[name]
            columns.append(
                [max((float(s.features[at[name]]) for s in own), default=nothing) for own in held]
            )
    compared = np.asarray(columns, dtype=np.float32)
    absent = np.array([UNREAD.get(name, 0.0) for name in features], dtype=np.float32)
    tops = [own[0].features if own else absent for own in held]
    wanted = [float(question.asked.want.type == kind) for kind in AnswerType]
    rows: Floats = np.hstack(
        [
            compared.T,
            np.stack([leads(column) for column in compared], axis=1),
            [[(hit.chunk.end - hit.chunk.start) / LENGTH] for hit in hits],
            np.tile(np.asarray(wanted, dtype=np.float32), (len(hits), 1)),
            np.stack(tops),
        ]
    ).astype(np.float32)
    return rows


def by_passage(hits: Sequence[ScoredChunk], ranked: Sequence[Scored]) -> list[list[Scored]]:
    """For each passage its sentences, in the order of ``ranked``."""
    places = _places(hits)
    held: list[list[Scored]] = [[] for _ in hits]
    for scored in ranked:
        for number in places.get((scored.candidate.doc, scored.candidate.index), ()):
            held[number].append(scored)
    return held


def _places(hits: Sequence[ScoredChunk]) -> dict[tuple[str, int], list[int]]:
    """Which passages a sentence stands in; where passages overlap, several."""
    found: dict[tuple[str, int], list[int]] = {}
    for number, hit in enumerate(hits):
        for index in range(hit.chunk.first, hit.chunk.last + 1):
            found.setdefault((hit.doc, index), []).append(number)
    return found


def leads(values: Floats) -> Floats:
    """How far each value is above the best of the others; 0 where it is alone."""
    if len(values) < 2:
        return np.zeros(len(values), dtype=np.float32)
    first, second = np.partition(values, -2)[-1], np.partition(values, -2)[-2]
    others = np.full(len(values), first, dtype=np.float32)
    others[int(np.argmax(values))] = second
    return values - others
