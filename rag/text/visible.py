"""Text from outside as it may be shown: nothing in it reorders or hides its neighbours."""

from __future__ import annotations

import re

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that reorder their neighbours; shown by name, so a disguised text is seen."""

_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f]")
"""Zero-width and tag characters that no script needs; joiners stay, emoji are made of them."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
"""Controls and lone surrogates: neither HTML nor UTF-8 holds them."""


def visible(text: str) -> str:
    """``text`` without invisible characters, controls as U+FFFD, bidi controls by name. Not HTML."""
    text = _UNPRINTABLE.sub("\ufffd", _INVISIBLE.sub("", text.replace("\r\n", "\n")))
    return _BIDI.sub(lambda match: f"⟨U+{ord(match.group()):04X}⟩", text).replace("\r", "\n")
