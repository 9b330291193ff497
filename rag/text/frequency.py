"""How rare a character n-gram is in ordinary news text: the idf that a small folder cannot tell.

The table is hashed (CRC-32 of the UTF-8 form, modulo its size) and coarse: one byte an entry,
1/16 of a natural logarithm a step. Entries that collide keep the higher frequency.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.text.tokens import tokens

SIZE = 1 << 20
STEP = 16.0


class BackgroundIdf:
    """Inverse document frequencies of lexical tokens; higher is rarer, about 0 to 11."""

    def __init__(self, table: npt.NDArray[np.uint8]) -> None:
        self._table = table

    @classmethod
    def read(cls, path: Path) -> BackgroundIdf:
        """Maps the file; raises OSError or ValueError where it cannot be read."""
        return cls(np.load(path, mmap_mode="r"))

    def idf(self, token: str) -> float:
        return float(self._table[zlib.crc32(token.encode()) % len(self._table)]) / STEP


def count(articles: Iterable[str], size: int = SIZE) -> npt.NDArray[np.uint8]:
    """(size,) table of ln((n + 1) / (df + 0.5)) over articles."""
    frequency: Counter[str] = Counter()
    total = 0
    for text in articles:
        total += 1
        frequency.update(set(tokens(text)))
    table = np.zeros(size, dtype=np.int64)
    for token, df in frequency.items():
        slot = zlib.crc32(token.encode()) % size
        table[slot] = max(table[slot], df)
    idf = np.log((total + 1) / (table + 0.5))
    return np.clip(np.rint(idf * STEP), 0, 255).astype(np.uint8)
