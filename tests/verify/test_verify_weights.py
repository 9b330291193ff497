"""The weights that ship, what they promise, and the fit that makes them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rag.train.verification import FALSE_MARKS, cut, fit, read_cases
from rag.train.written import read_written
from rag.verify.judge import CLOSE, KNOTS, TERMS, doubt, weights
from rag.verify.signals import BOUND, NAMES

CALM = {name: -0.5 if name in BOUND else 0.0 for name in NAMES}
PLAIN = [name for name in NAMES if name not in {"uncovered", "uncovered_worst"}]


def test_no_weight_speaks_for_a_claim_and_a_calm_claim_is_not_doubted() -> None:
    model = weights()
    assert model.weights.shape == (len(KNOTS) * len(TERMS),)
    assert (model.weights >= 0).all()
    excess, order = doubt(CALM)
    assert excess < 0 and order == []


@given(
    st.fixed_dictionaries({name: st.floats(0, 1) for name in NAMES}),
    st.sampled_from(PLAIN),
    st.floats(0, 1),
)
def test_a_stronger_signal_never_lessens_the_doubt(
    found: dict[str, float], name: str, more: float
) -> None:
    raised = found | {name: max(found[name], more)}
    assert doubt(raised)[0] >= doubt(found)[0] - 1e-9


def test_the_signal_that_is_alone_is_named_first() -> None:
    for name in ("opposed", "swap", "amount_missing", "named", "chained", "renamed", "unknown"):
        excess, order = doubt(CALM | {name: 1.0})
        assert excess > 0 and order[0] == name


def test_a_fit_learns_what_it_is_shown_with_no_weight_below_zero() -> None:
    cases = read_cases(read_written([Path(__file__).parent / "triples.jsonl"])[:60])
    model = fit(cases, steps=400)
    scores = cases.inputs @ model.weights + model.bias
    assert (model.weights >= 0).all()
    assert scores[cases.wrong].mean() > scores[~cases.wrong & cases.written].mean() + 1


def test_the_threshold_marks_the_share_of_right_claims_that_it_may() -> None:
    claims = read_written([Path(__file__).parent / "triples.jsonl"])[:120]
    model = fit(read_cases(claims[:60]), steps=400)
    threshold = cut(model, claims)
    right = read_cases([one for one in claims if one.supported])
    scores = right.inputs @ model.weights + model.bias + CLOSE * right.close
    marked = (scores[right.written] > threshold).mean()
    assert FALSE_MARKS - 0.05 <= marked <= FALSE_MARKS + 1 / right.written.sum()
