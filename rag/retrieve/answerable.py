"""What tells a question that the documents answer from one that they do not, as numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rag.retrieve.answer_type import AnswerType
from rag.retrieve.features import NAMES, UNREAD
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView

LOOKED_AT = 3
"""Best candidates whose features are seen one by one."""
SCORES = 5
_NO_SCORE = -5.0
"""What stands for the score of a candidate that is not there: below any that was seen."""
TELLING = 0.3
"""From this rarity on (0 to 1) a word says something of what is asked; light words are below."""
_BEST = (
    "score", "cov", "cov_context", "soft_context", "missing", "rare", "dense", "type_bad",
    "unit_bad", "year_bad", "number_bad", "quoted", "unknown", "unseen", "run", "margin", "focus",
    "focus_context", "ordinal_bad", "place_bad", "latin_bad", "word", "missing_sentence",
    "clause", "focus_clause", "focus_lacks", "missing_exact", "absent", "quoted_bad",
    "focus_exact", "relative_bad", "list_ok", "but_missing", "but_focus", "but_type",
    "unseen_share", "words",
)  # fmt: skip


def names_of(features: Sequence[str]) -> tuple[str, ...]:
    """Of the best sentence, with the weight of words that no candidate holds and the lead over the
    next; the kind of answer asked for; the best scores; every feature of the best sentences."""
    return (
        *_BEST,
        *(f"want_{kind.value}" for kind in AnswerType),
        *(f"score_{place}" for place in range(1, SCORES + 1)),
        *(f"{name}_{place}" for place in range(1, LOOKED_AT + 1) for name in features),
    )


ANSWERABLE = names_of(NAMES)


def answer_features(
    question: QuestionView,
    ranked: Sequence[Scored],
    unseen: Sequence[str] = (),
    features: Sequence[str] = NAMES,
    depth: int = 20,
) -> npt.NDArray[np.float32]:
    """(len(names_of(features)),) float32. ``ranked`` is not empty, best first, with these
    ``features``; ``unseen`` are the question's words that no document holds; what is held by none
    of the ``depth`` best is unknown."""
    best = ranked[0]
    named = dict(zip(features, best.features.tolist(), strict=True))
    held = np.max([s.matches for s in ranked[:depth]], axis=0) if len(question.words) else []
    unknown = float(np.max(question.word_rarity * (1 - np.asarray(held)))) if len(held) else 1.0
    rarity = dict(zip(question.words, question.word_rarity.tolist(), strict=True))
    absent = [rarity[word] for word in question.words if word in unseen]
    telling = [word for word, weight in rarity.items() if weight > TELLING]
    weight = max((rarity.get(word, 0.5) for word, _, _ in question.focus), default=0.0)
    # Where the rest of the question is there, what is missing weighs more: it was asked for.
    there = named["cov_context"]
    named |= {
        "but_missing": there * named["missing_exact"],
        "but_focus": there * weight * (1 - named["focus_exact"]),
        "but_type": there * named["type_bad"],
        "focus_lacks": weight * (1 - named["focus_context"]),
        "score": best.score,
        "unknown": unknown,
        "unseen": max(absent, default=0.0),
        "unseen_share": sum(word in unseen for word in telling) / max(1, len(telling)),
        "words": float(len(question.words)),
        "margin": min(1.0, best.score - ranked[1].score if len(ranked) > 1 else 1.0),
    }
    scores = [s.score for s in ranked[:SCORES]]
    # A candidate that is not there was not read either.
    nothing = np.array([UNREAD.get(name, 0.0) for name in features], dtype=np.float32)
    looked_at = [s.features for s in ranked[:LOOKED_AT]]
    row: npt.NDArray[np.float32] = np.concatenate(
        [
            [named[name] for name in _BEST],
            [float(question.asked.want.type == kind) for kind in AnswerType],
            scores + [_NO_SCORE] * (SCORES - len(scores)),
            *looked_at,
            *[nothing] * (LOOKED_AT - len(looked_at)),
        ]
    ).astype(np.float32)
    return row
