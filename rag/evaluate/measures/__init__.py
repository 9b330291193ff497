"""One answer against its case: what is said, cited, found, refused."""

from rag.evaluate.measures.catalogue import MEASURES, measure
from rag.evaluate.measures.scoring import failed_scores, score, score_all

__all__ = ["MEASURES", "failed_scores", "measure", "score", "score_all"]
