"""Which part of the labelled questions serves what (:func:`rag.train.reader.labelled.part`)."""

from __future__ import annotations

TRAINED = (0, 1, 2, 3, 4, 6)
"""The reader is trained on these,"""
FITTED = (5,)
"""the weights over what it finds are fitted on these,"""
REPORTED = (7,)
"""and figures are of these."""
