"""What endpoints say of their context window, and how much less is sent then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chat.window import smaller, told


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "This model's maximum context length is 4096 tokens. However, you requested 5230 tokens.",
            (4096, 5230),
        ),
        (
            "This model's maximum context length is 4,097 tokens. However, you requested 5,230 tokens "
            "(4,230 in the messages, 1,000 in the completion).",
            (3097, 4230),
        ),
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted in "
            "9001 tokens.",
            (8192, 9001),
        ),
        (
            "the request exceeds the available context size (4096 tokens), try increasing it; "
            "request (5230 tokens)",
            (4096, 5230),
        ),
        ('{"n_prompt_tokens": 5230, "n_ctx": 4096}', (4096, 5230)),
        ("prompt is too long: 208310 tokens > 200000 maximum", (200000, 208310)),
        ("Range of input length should be [1, 30720]", (30720, 0)),
        (
            "The input token count (9000) exceeds the maximum number of tokens allowed (8192).",
            (8192, 9000),
        ),
        ("maximum context length exceeded", (0, 0)),
        (None, (0, 0)),
    ],
)
def test_limits_are_read_in_the_words_of_the_usual_servers(
    message: object, expected: tuple[int, int]
) -> None:
    assert told(message) == expected


@pytest.mark.parametrize(
    ("limit", "had", "expected"),
    [
        (0, 0, 1500),  # nothing told: half
        (4096, 8192, 3000 - (3400 - 1445)),  # 3400 * 0.5 * 0.85 for all of it
        (2000, 0, 3000 - (3400 - 1700)),  # as if each character were a token
        (9000, 0, 1500),  # longer than what was sent: half
        (10, 9000, 0),
    ],
)
def test_a_prompt_shrinks_to_what_fits(limit: int, had: int, expected: int) -> None:
    assert smaller(3000, 3400, limit, had) == expected


@given(st.integers(1, 9000), st.integers(0, 3000), st.integers(0, 20000), st.integers(0, 20000))
def test_the_next_prompt_is_always_smaller(used: int, rest: int, limit: int, had: int) -> None:
    assert 0 <= smaller(used, used + rest, limit, had) < used
