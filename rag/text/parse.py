"""The segmentation of a document in one pass."""

from __future__ import annotations

from rag.text.chunks import split_chunks
from rag.text.paragraphs import layout
from rag.text.sections import sections_of
from rag.text.sentences import sentences_of
from rag.types import Document, Parsed, Sentence


def parse(document: Document, chunk_size: int) -> Parsed:
    """The sections, sentences and chunks of ``document``; time grows linearly with its length."""
    text = document.text
    page = layout(text)
    sections = sections_of(text, page)
    sentences: list[Sentence] = []
    section = 0
    for found in sentences_of(text, page):
        while found.start >= sections[section].end:
            section += 1
        if section:
            found = Sentence(found.start, found.end, section, found.heading)
        sentences.append(found)
    chunks = split_chunks(text, sections, sentences, chunk_size)
    return Parsed(document, sections, tuple(sentences), chunks)
