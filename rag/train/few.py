"""Cases of a few sentences, cut from those of many: a folder may hold a single line.

Without them the trees that say whether the documents answer have only seen questions with rivals for
every sentence, and take what is alone for what leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from rag.read.stage import leads
from rag.retrieve.features import MOST
from rag.retrieve.scored import Scored
from rag.train.evidence import Case

EVERY = 24
"""Of so many cases one is cut."""
SIZES = (1, 1, 2, 3, 5)
ANSWERED = 0.9
"""Share of the answerable cases that keep a sentence that answers: about as many of those that are
cut are answerable then as of all."""


def with_few(cases: Sequence[Case], features: Sequence[str], seed: int) -> Iterator[Case]:
    """All cases; behind every ``EVERY``-th the same with a few of its sentences: one that answers or
    none, and of the others the best or any. ``features`` name the columns."""
    rng = np.random.default_rng(seed)
    for number, case in enumerate(cases):
        yield case
        if number % EVERY == 0 and case.scored:
            yield _cut(case, features, rng)


def _cut(case: Case, features: Sequence[str], rng: np.random.Generator) -> Case:
    places = np.arange(len(case.scored))
    if rng.random() < 0.5:
        places = rng.permutation(places)
    answering = case.right[places] & case.answerable
    if answering.any():
        # One that answers, or none: what is left of a passage without it is a near miss.
        first = places[answering][:1] if rng.random() < ANSWERED else places[:0]
        places = np.concatenate([first, places[~answering]])
    kept = np.sort(places[: int(rng.choice(SIZES))])
    right = case.right[kept]
    scored = alone([case.scored[i] for i in kept.tolist()], case.scored, features)
    return replace(
        case,
        scored=tuple(scored),
        right=right,
        answerable=case.answerable and bool(right.any()),
        group=f"{case.group}-few",
    )


def alone(kept: Sequence[Scored], among: Sequence[Scored], features: Sequence[str]) -> list[Scored]:
    """``kept`` with the features that depend on the other sentences as if there were no others: the
    best passage's share, and how far the reader's answer leads."""
    if not kept:
        return []
    rows = np.stack([s.features for s in kept])
    at = {name: i for i, name in enumerate(features)}
    passage = at["passage"]
    most = max(float(s.features[passage]) for s in among)
    rows[:, passage] *= most / max(float(rows[:, passage].max()), 1e-6)
    if "read_lead" in at:
        span, lead = at["read_span"], at["read_lead"]
        read = np.flatnonzero(rows[:, at["unread"]] == 0)
        found = leads([(kept[i].candidate.text, float(rows[i, span])) for i in read.tolist()])
        rows[read, lead] = np.clip(found, -MOST, MOST)
    return [replace(s, features=row) for s, row in zip(kept, rows, strict=True)]
