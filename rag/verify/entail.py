"""A second opinion on verdicts, by a model for natural language inference (setting ``verifier``).

The rules keep the last word on what they see best: a number, date, unit or negation that does not
fit, a fact that stands with another source, a sentence without a quote. The model, which reads for
meaning and is weak in numbers, may only

- doubt: ``supported`` becomes ``partial`` where it finds a contradiction above :data:`SURE`, unless
  the sentence is printed word for word in a quote;
- vouch: ``partial`` or ``unsupported`` becomes ``supported`` where it finds entailment above
  :data:`SURE` and the rules see no number, date, unit or negation against the sentence, however
  quietly.

It is no proof of entailment either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.seams import Entailment
from rag.types import Verdict
from rag.verify.amounts import plain
from rag.verify.signals import signals

SURE = 0.9
"""A probability up to which the model's opinion changes nothing."""
CONTRADICTED = "核对模型认为与引文矛盾"
ENTAILED = "规则未能核实，核对模型认为引文有此意"

_OPEN: frozenset[Verdict] = frozenset({"partial", "unsupported"})
_HARD = (
    "amount_missing", "amount_missing_small", "amount_turned", "rival", "swap", "rival_date", "dated",
    "opposed", "negated", "balance", "undone", "field", "listed", "trend", "misdated", "replaced", "clash",
)  # fmt: skip
"""Signals of a number, date, unit or negation that does not fit; above 0 they speak against it."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """The rules' verdict on a sentence and why. ``quotes`` are what it cites, ``context`` their
    titles, speakers and dates, as :func:`rag.verify.verify.verify` takes them."""

    said: str
    quotes: tuple[str, ...]
    context: tuple[str, ...]
    verdict: Verdict
    why: str


def second_opinion(
    verdict: Verdict, why: str, probabilities: Sequence[float]
) -> tuple[Verdict, str]:
    """The verdict and its reason after the model was heard.

    ``probabilities`` are (entailment, neutral, contradiction): a row of ``Entailment.entails`` with
    the quotes as the premise. Whatever is not supported, partial or unsupported stands.
    """
    entailed, _, contradicted = (float(value) for value in probabilities)
    if verdict == "supported" and contradicted > SURE:
        return "partial", f"{CONTRADICTED}（{contradicted:.2f}）"
    if verdict in _OPEN and entailed > SURE:
        return "supported", f"{ENTAILED}（{entailed:.2f}）"
    return verdict, why


def consult(
    opinions: Sequence[Opinion], verifier: Entailment | None
) -> tuple[tuple[Verdict, str], ...]:
    """(verdict, why) of each, in order, after the model was heard on those that it may change, all
    at once. Without a model they are the rules'. Raises EmbedderError where the model fails."""
    found = [(one.verdict, one.why) for one in opinions]
    if verifier is None:
        return tuple(found)
    asked = [at for at, one in enumerate(opinions) if _open(one)]
    if asked:
        premises = ["\n".join(opinions[at].quotes) for at in asked]
        rows = verifier.entails(premises, [opinions[at].said for at in asked])
        for at, row in zip(asked, rows, strict=True):
            found[at] = second_opinion(*found[at], row.tolist())
    return tuple(found)


def _open(one: Opinion) -> bool:
    """Whether the model may change anything."""
    if not one.quotes:
        return False
    if one.verdict == "supported":
        bare = plain(one.said).rstrip("。.!?;，")
        return not any(bare in plain(quote) for quote in one.quotes)
    if one.verdict not in _OPEN:
        return False
    found = signals(one.said, one.quotes, one.context)
    return all(found[name].value <= 0 for name in _HARD)
