"""The sizes of the reader's network; apart from it, because that needs torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    vectors: int = 256
    width: int = 256
    layers: int = 4
    heads: int = 8
    inner: int = 640
    reach: int = 24
    """Tokens; beyond it distances are not told apart."""
