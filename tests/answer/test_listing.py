"""Which sentences are lists of their own."""

from __future__ import annotations

import pytest

from rag.answer.listing import is_list, summed_up


@pytest.mark.parametrize(
    ("text", "count", "own", "summed"),
    [
        ("青江、白石、绿港三大中心同时开工。", 3, True, True),
        ("青江、白石、绿港三大中心同时开工。", 2, True, False),
        ("青江、白石、绿港同时开工。", 3, True, False),
        ("青江开工，共有三大中心。", 3, False, False),
        ("青江、白石、绿港、北岸、南岸五个新城。", 3, False, False),
    ],
)
def test_a_list_that_ends_in_its_number_is_told_from_any_other(
    text: str, count: int, own: bool, summed: bool
) -> None:
    assert (is_list(text, count), summed_up(text, count)) == (own, summed)
