"""The sizes of the reader's network; apart from it, because that needs torch."""

from __future__ import annotations

from dataclasses import dataclass

STYLES = 8
"""Ways in which sources bound their answers (:func:`rag.train.reader.examples.style`)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network."""

    vectors: int = 256
    context: int = 96
    """Numbers a token of :mod:`rag.train.reader.context`."""
    width: int = 256
    layers: int = 4
    heads: int = 8
    inner: int = 640
    reach: int = 24
    """Tokens; beyond it distances are not told apart."""
    bilinear: int = 32
    """Numbers by which the first and the last token of an answer are weighed together."""
    styles: int = STYLES


@dataclass(frozen=True, slots=True)
class Noise:
    """Shares: of components dropped in a layer's output, of tokens whose vectors are hidden."""

    drop: float = 0.0
    hidden: float = 0.0
