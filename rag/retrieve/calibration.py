"""A user's own calibration of refusing: what a probability means on their questions, and where to refuse.

Two things are fitted on questions whose answerability is known. A logistic map (Platt 1999,
"Probabilistic outputs for support vector machines") makes the probability honest; it is strictly
increasing, so it changes no order. The threshold is an order statistic (split conformal prediction:
Vovk, Gammerman and Shafer 2005; Angelopoulos and Bates 2021, arXiv:2107.07511), which bounds the
share of answerable questions that are refused without any assumption but that new questions are
drawn like those of the set.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rag import __version__
from rag.config import Settings
from rag.errors import IndexMismatch

EDGE = 1e-6
"""Probabilities are kept this far from 0 and 1: the log odds of neither is a number."""
ROUNDING = 1e-9
"""0.29 × 100 is 28.999999999999996 in floating point, and means 29."""
REPAIR = "run `rag eval --calibrate` again, or `rag eval --forget-calibration`"
RULED = 0.0
"""Stands for the probability of a question that is refused whatever the threshold."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted, on which set, for which system.

    ``answerable`` are the calibrated probabilities of the set's answerable questions, ascending;
    ``unanswerable`` counts the others. ``set_checksum`` is SHA-256 (hex). ``fitted_for`` names all
    that moves a probability (:func:`conditions`). Raises ValueError for values that no fit gives.
    """

    scale: float
    shift: float
    answerable: tuple[float, ...]
    unanswerable: int
    set_name: str
    set_checksum: str
    fitted_for: Mapping[str, str]

    def __post_init__(self) -> None:
        if not (math.isfinite(self.scale) and self.scale > 0 and math.isfinite(self.shift)):
            raise ValueError(f"scale {self.scale}, shift {self.shift}")
        if not self.answerable or self.unanswerable < 0:
            raise ValueError("no answerable question")
        if not all(0 <= p <= 1 for p in self.answerable):
            raise ValueError("a probability outside 0 and 1")
        if list(self.answerable) != sorted(self.answerable):
            raise ValueError("probabilities out of order")
        if not isinstance(self.fitted_for, Mapping):
            raise ValueError("fitted_for names nothing")

    def probability(self, raw: float) -> float:
        """sigmoid(scale × logit(raw) + shift), in (0, 1): higher where ``raw`` is."""
        return calibrated(raw, self.scale, self.shift)

    def threshold(self, rate: float) -> float:
        """The calibrated probability under which to refuse.

        A new answerable question, drawn like those of the set, falls under it with a probability of
        at most ``rate``. Raises ValueError where the set has too few (see :func:`needed`).
        """
        place = rank(rate, len(self.answerable))
        if place == 0:
            raise ValueError(
                f"{needed(rate)} answerable questions are needed for a rate of {rate:g}"
            )
        return self.answerable[place - 1]

    def refuses(self, raw: float, rate: float) -> bool:
        """Whether a question of the uncalibrated probability ``raw`` is refused; raises ValueError
        as :meth:`threshold` does."""
        return self.probability(raw) < self.threshold(rate)


def calibrated(raw: float, scale: float, shift: float) -> float:
    """sigmoid(scale × logit(raw) + shift)."""
    inside = min(1 - EDGE, max(EDGE, raw))
    z = scale * math.log(inside / (1 - inside)) + shift
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def rank(rate: float, count: int) -> int:
    """Which order statistic of ``count`` answerable questions is the threshold, from 1:
    ⌊rate × (count + 1)⌋. 0 where no threshold holds the rate."""
    return min(count, math.floor(rate * (count + 1) + ROUNDING))


def needed(rate: float) -> int:
    """The fewest answerable questions for which a threshold holds ``rate``: 19 for 5 %."""
    return max(1, math.ceil((1 - ROUNDING) / rate) - 1)


# ---- what it holds for -----------------------------------------------------------------------
def conditions(
    settings: Settings, *, ranker: str, embedder: str, recipe: str, reader: str = ""
) -> dict[str, str]:
    """All that moves a probability, by name: the identities of the weights, the embedder, the text
    functions and (where there is one) the reader, the version of the program (its features change
    without any of these), and the settings that change what is found."""
    found = {"ranker": ranker, "embedder": embedder, "recipe": recipe, "version": __version__}
    if reader:
        found["reader"] = reader
    names = ("k", "retrieval", "rerank", "chunk_size", "title_context")
    return found | {name: str(getattr(settings, name)) for name in names}


def misfit(calibration: Calibration, now: Mapping[str, str], rate: float) -> IndexMismatch | None:
    """Why the calibration may not be used under the conditions ``now`` at this false-refusal rate;
    None where it may. Returned, not raised: an answer goes on with the shipped threshold."""
    then = calibration.fitted_for
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            return IndexMismatch(
                f"the calibration by {calibration.set_name} is not used: it was fitted for {name} = "
                f"{then.get(name, 'none')}, now it is {now.get(name, 'none')}",
                REPAIR,
            )
    count = len(calibration.answerable)
    if rank(rate, count) == 0:
        return IndexMismatch(
            f"the calibration by {calibration.set_name} is not used: false_refusals = {rate:g} needs "
            f"{needed(rate)} answerable questions, it has {count}",
            "raise false_refusals, calibrate with a larger set, or run "
            "`rag eval --forget-calibration`",
        )
    return None
