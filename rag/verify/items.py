"""A claim laid on its evidence: matched words and amounts, and how near any two stand in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rag.verify.nearness import near_all
from rag.verify.reckon import Held, hold
from rag.verify.words import Match, View, match_words, view

FloatMatrix = npt.NDArray[np.float32]
_AMOUNT = 4.0
"""What an amount weighs, as a word's idf."""
_PLACES = 1_500
"""Places of all items together that are looked at."""


@dataclass(frozen=True)
class Laid:
    """``held`` and ``matches`` are parallel to the claim's amounts and words. Items are the words
    and then the amounts; ``context`` are titles, speakers and dates around the evidence."""

    claim: View
    evidence: View
    context: View
    held: tuple[Held, ...]
    matches: tuple[Match, ...]
    around: tuple[Match, ...]
    """The matches in the context alone."""

    @cached_property
    def weights(self) -> FloatMatrix:
        """(items,) idf times how well the evidence holds the item."""
        words = [
            word.weight * (match.share if match.share >= 0.4 and match.places else 0.0)
            for word, match in zip(self.claim.words, self.matches, strict=True)
        ]
        found = [_AMOUNT if 0 < len(held.places) <= 5 else 0.0 for held in self.held]
        return np.asarray([*words, *found], dtype=np.float32)

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """(items,) where each stands in the claim."""
        items: Sequence[int] = [w.start for w in self.claim.words]
        return np.asarray([*items, *(a.start for a in self.claim.amounts)], dtype=np.int64)

    @cached_property
    def places(self) -> tuple[tuple[int, ...], ...]:
        """Where each item stands in the evidence: its first places, fewer of more items, for all
        of them are held against each other."""
        amounts = self.evidence.amounts
        found = [match.places if match.share >= 0.4 else () for match in self.matches]
        found += [tuple(amounts[i].start for i in held.places) for held in self.held]
        most = max(1, _PLACES // max(1, len(found)))
        return tuple(places[:most] for places in found)

    @cached_property
    def in_claim(self) -> FloatMatrix:
        """(items, items) nearness in the claim, zero on the diagonal."""
        close = near_all(self.claim, self.starts, self.starts)
        np.fill_diagonal(close, 0.0)
        return close

    @cached_property
    def in_evidence(self) -> FloatMatrix:
        """(items, items) nearness of their nearest places in the evidence; 0 where absent."""
        size = len(self.places)
        best = np.zeros((size, size), dtype=np.float32)
        flat = [(i, p) for i, places in enumerate(self.places) for p in places]
        if not flat:
            return best
        owners = np.asarray([i for i, _ in flat])
        spots = np.asarray([p for _, p in flat], dtype=np.int64)
        close = near_all(self.evidence, spots, spots)
        np.maximum.at(best, (owners[:, None], owners[None, :]), close)
        np.fill_diagonal(best, 0.0)
        return best

    def cohesion(self, start: int, place: int, skip: int = -1) -> float:
        """How near the items of the clause at ``start`` of the claim stand to ``place`` of the
        evidence, in [0, 1], weighted by their nearness to ``start``; item ``skip`` does not count."""
        weights = self.weights * near_all(self.claim, np.asarray([start]), self.starts)[0]
        if skip >= 0:
            weights = weights.copy()
            weights[skip] = 0.0
        total = float(weights.sum())
        if total < 0.5:
            return 0.0
        flat = [(i, p) for i, places in enumerate(self.places) for p in places if weights[i] > 0]
        best = np.zeros(len(weights), dtype=np.float32)
        if flat:
            spots = np.asarray([p for _, p in flat], dtype=np.int64)
            close = near_all(self.evidence, np.asarray([place]), spots)[0]
            np.maximum.at(best, np.asarray([i for i, _ in flat]), close)
        return float((weights * best).sum() / total)


def lay(claim: str, evidence: Sequence[str], context: Sequence[str]) -> Laid:
    """Matches a claim with its evidence and their context."""
    said, held_by, around = view((claim,)), view(tuple(evidence)), view(tuple(context))
    dates = [amount for amount in around.amounts if amount.unit == "year"]
    return Laid(
        said,
        held_by,
        around,
        tuple(
            hold(amount, said.text, held_by.amounts, held_by.text, dates) for amount in said.amounts
        ),
        tuple(match_words(said, held_by)),
        tuple(match_words(said, around)),
    )
