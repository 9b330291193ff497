"""Question sets with distractors: public questions asked of a corpus that is mostly something else."""

from rag.evaluate.distract.build import Built, build
from rag.evaluate.distract.recipe import Recipe

__all__ = ["Built", "Recipe", "build"]
