"""The forms in which question sets are written: a module each, one reader that tells them apart."""

from rag.evaluate.forms.detect import read_any

__all__ = ["read_any"]
