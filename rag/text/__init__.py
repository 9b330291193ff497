"""Text to sections, sentences, chunks and tokens: pure functions, spans in code points."""

from rag.text.chunks import context_of, split_chunks
from rag.text.normalise import Folded, fold, fold_text
from rag.text.parse import parse
from rag.text.reading import reading, reading_map
from rag.text.repeats import sentence_key
from rag.text.sections import split_sections
from rag.text.sentences import split_sentences
from rag.text.tokens import tokens

__all__ = [
    "Folded",
    "context_of",
    "fold",
    "fold_text",
    "parse",
    "reading",
    "reading_map",
    "sentence_key",
    "split_chunks",
    "split_sections",
    "split_sentences",
    "tokens",
]
