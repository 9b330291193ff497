"""The composition of a build: files are loaded, segmented, embedded and written as a generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from rag.config import Settings
from rag.embed import load_embedder
from rag.index.build import build
from rag.index.intake import Load, Progress, TextFunctions
from rag.index.report import BuildReport
from rag.load import RawFile, parse, scan
from rag.recipe import recipe_of
from rag.text import parse as segment
from rag.text import reading, sentence_key
from rag.text.tokens import tokens
from rag.types import Chunk, Document, InputRow, Parsed


def passage(parsed: Parsed, chunk: Chunk) -> str:
    """What is embedded and tokenised for a chunk: its title path, then its reading text."""
    return f"{chunk.context}\n{bare_passage(parsed, chunk)}"


def bare_passage(parsed: Parsed, chunk: Chunk) -> str:
    """The same without the titles, for the setting ``title_context = false``."""
    return reading(parsed.document.text[chunk.start : chunk.end])


def text_functions(settings: Settings) -> TextFunctions:
    """The text functions of this version and these settings."""
    return TextFunctions(
        parse=segment,
        passage=passage if settings.title_context else bare_passage,
        tokens=tokens,
        sentence_key=sentence_key,
        recipe=recipe_of(settings),
    )


def build_index(
    settings: Settings,
    progress: Progress = lambda stage, done, total: None,
    rebuild: bool = False,
) -> BuildReport:
    """Brings the index up to date with the docs folder; raises a YinjuError."""
    return build(
        settings.index,
        settings.chunk_size,
        load=inputs(settings.docs, settings.max_file_mb << 20),
        text=text_functions(settings),
        embedder=load_embedder(settings),
        progress=progress,
        rebuild=rebuild,
    )


def inputs(root: Path, max_bytes: int) -> Load:
    """Every input below ``root`` with its documents, read one file at a time."""

    def load() -> Iterator[tuple[InputRow, Iterable[Document]]]:
        for item in scan(root, max_bytes=max_bytes):
            if isinstance(item, InputRow):
                yield item, ()
                continue
            yield from _file(item)

    return load


def _file(raw: RawFile) -> Iterator[tuple[InputRow, Iterable[Document]]]:
    """One row for the file, then one for each part of it that could not be read."""
    failed: list[InputRow] = []
    first: Document | None = None
    loaded = parse(raw)
    for item in loaded:
        if isinstance(item, Document):
            first = item
            break
        failed.append(item)

    def documents(head: Document) -> Iterator[Document]:
        for item in chain([head], loaded):
            if isinstance(item, Document):
                yield item
            else:
                failed.append(item)

    if first is not None:
        yield InputRow(raw.id, "indexed", detail=first.encoding), documents(first)
    yield from ((row, ()) for row in failed)
