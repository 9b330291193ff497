"""Lexical tokens for BM25: Han characters and their pairs, Latin words and numbers whole."""

from __future__ import annotations

import re
from operator import add

from rag.text.normalise import CJK, fold_text

_TOKEN = re.compile(
    f"[{CJK}]+"
    r"|[0-9]*[a-z][a-z0-9]*(?:\+\+|\#(?![a-z0-9]))?"  # aes100, 6g, c++, c#
    r"|[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?%?"  # 1,604.2
    r"|[0-9]+(?:\.[0-9]+)*%?"  # 2.4, 46.4%, 1.2.0
    rf"|[^\W0-9a-z_{CJK}]+"  # other scripts
)
_HAN_RUN = re.compile(f"[{CJK}]")


def tokens(text: str) -> list[str]:
    """The tokens of ``text``, folded; the order is not that of the text.

    Each Han character and each pair of adjacent ones; a Latin run with its digits (``aes100``,
    ``c++``); a number whole, without thousands separators (``1604.2``, ``46.4%``).
    """
    # A full-width comma never groups thousands: 前10，100家 holds two numbers.
    found: list[str] = _TOKEN.findall(fold_text(text.replace("，", "。")))
    result: list[str] = []
    is_han = _HAN_RUN.match
    for token in found:
        if is_han(token):
            result += token
            result += map(add, token, token[1:])
        elif "," in token:
            result.append(token.replace(",", ""))
        else:
            result.append(token)
    return result
