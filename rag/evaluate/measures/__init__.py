"""One answer against its case: what is said, cited, found, refused."""

from rag.evaluate.measures.catalogue import MEASURES, measure
from rag.evaluate.measures.scoring import failed_scores, score, score_all
from rag.evaluate.measures.written import model_costs, models, written, written_scores

__all__ = [
    "MEASURES", "failed_scores", "measure", "model_costs", "models", "score", "score_all",
    "written", "written_scores",
]  # fmt: skip
