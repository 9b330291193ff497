"""Cases of a few sentences, cut from those of many: a folder may hold a single line.

Without them the trees that say whether the documents answer have only seen questions with rivals for
every sentence, and take what is alone for what leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from rag.retrieve.features import MOST
from rag.retrieve.scored import Scored
from rag.train.evidence import Case

EVERY = 24
"""Of so many cases one is cut."""
SIZES = (1, 1, 2, 3, 5)


def with_few(cases: Sequence[Case], features: Sequence[str], seed: int) -> Iterator[Case]:
    """All cases; behind every ``EVERY``-th the same with its best sentences alone, or any, answerable
    where one of these answers. ``features`` name the columns."""
    rng = np.random.default_rng(seed)
    for number, case in enumerate(cases):
        yield case
        if number % EVERY or not case.scored:
            continue
        size = int(rng.choice(SIZES))
        best = rng.random() < 0.5
        places = np.arange(len(case.scored)) if best else rng.permutation(len(case.scored))
        kept = np.sort(places[:size])
        right = case.right[kept]
        scored = alone([case.scored[i] for i in kept.tolist()], case.scored, features)
        yield replace(
            case,
            scored=tuple(scored),
            right=right,
            answerable=case.answerable and bool(right.any()),
            group=f"{case.group}-few",
        )


def alone(kept: Sequence[Scored], among: Sequence[Scored], features: Sequence[str]) -> list[Scored]:
    """``kept`` with the features that depend on the other sentences as if there were no others: the
    best passage's share, and how far the reader's answer leads."""
    rows = np.stack([s.features for s in kept])
    at = {name: i for i, name in enumerate(features)}
    passage = at["passage"]
    most = max(float(s.features[passage]) for s in among)
    rows[:, passage] *= most / max(float(rows[:, passage].max()), 1e-6)
    if "read_lead" in at:
        span, lead, unread = (at[name] for name in ("read_span", "read_lead", "unread"))
        for i, row in enumerate(rows):
            rivals = [r[span] for j, r in enumerate(rows) if j != i and not r[unread]]
            if not row[unread]:
                row[lead] = np.clip(row[span] - max(rivals, default=0.0), -MOST, MOST)
    return [replace(s, features=row) for s, row in zip(kept, rows, strict=True)]
