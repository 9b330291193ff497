"""What reorders or hides text is shown by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202etxt.exe", "⟨U+202E⟩txt.exe"),
        ("a\u2066b\u200f", "a⟨U+2066⟩b⟨U+200F⟩"),
        ("零\u200b宽\ufeff", "零宽"),
        ("\x00\x1b[31m\ud800\uffff", "\ufffd\ufffd[31m\ufffd\ufffd"),
        ("一\r\n二\r三\n四\t五", "一\n二\n三\n四\t五"),
        ("👩\u200d🚀 <b>", "👩\u200d🚀 <b>"),
    ],
)
def test_controls_become_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_what_is_shown_can_be_written_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert visible(shown) == shown
