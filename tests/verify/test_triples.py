"""The kept triples: how many wrong claims are caught, how many right ones are marked.

a001 to a260 and b001 to b200 (triples.jsonl) are of two writers; the rules were made with both in view
and the weights are fitted on both. d001 to d240 (blind.jsonl) were written by somebody who did not know
how claims are checked, and nobody who makes a rule may read them: their figures are what to expect.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.verify.verify import verify

HERE = Path(__file__).parent
Triple = dict[str, Any]


def read(name: str) -> list[Triple]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


TRIPLES = read("triples.jsonl")


@pytest.fixture(scope="module")
def verdicts() -> list[tuple[str, str]]:
    """(written, found) for each triple."""
    return verdicts_on(TRIPLES)


def verdicts_on(triples: list[Triple]) -> list[tuple[str, str]]:
    return [(t["verdict"], verify(t["claim"], t["evidence"], t["context"])[0]) for t in triples]


def shares(verdicts: list[tuple[str, str]]) -> tuple[float, float]:
    """Of the wrong claims those caught, of the right ones those marked."""
    wrong = [found != "supported" for written, found in verdicts if written != "supported"]
    right = [found != "supported" for written, found in verdicts if written == "supported"]
    assert len(wrong) == len(right) == len(verdicts) / 2 >= 120
    return sum(wrong) / len(wrong), sum(right) / len(right)


def test_most_wrong_claims_are_caught_and_few_right_ones_are_marked(
    verdicts: list[tuple[str, str]],
) -> None:
    caught, marked = shares(verdicts)
    assert caught >= 0.8
    assert marked <= 0.05


def test_claims_that_no_rule_was_made_for_are_caught_and_marked_as_the_readme_says() -> None:
    caught, marked = shares(verdicts_on(read("blind.jsonl")))
    assert caught >= 0.69
    assert marked <= 0.09


def test_most_claims_turned_round_are_called_so(verdicts: list[tuple[str, str]]) -> None:
    found = [found for written, found in verdicts if written == "negation_mismatch"]
    assert found.count("negation_mismatch") / len(found) >= 0.75


def test_what_is_printed_is_never_marked() -> None:
    marked = [
        quote
        for triple in TRIPLES
        for quote in triple["evidence"]
        if verify(quote, triple["evidence"], triple["context"])[0] != "supported"
    ]
    assert marked == []


def test_every_doubt_is_given_a_reason_and_no_support_is() -> None:
    for triple in TRIPLES[:60]:
        verdict, why = verify(triple["claim"], triple["evidence"], triple["context"])
        assert bool(why) == (verdict != "supported")
