"""Fakes for the index: the same text always gives the same segmentation, tokens and vector."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from rag.index.build import build
from rag.index.fs import Files
from rag.index.intake import Load, TextFunctions
from rag.index.report import BuildReport
from rag.types import Chunk, Document, FloatMatrix, InputRow, Parsed, Section, Sentence

DIMENSION = 16
CHUNK_SIZE = 40


class HashEmbedder:
    """A unit vector from the text's hash; counts the texts it was given."""

    def __init__(self, identity: str = "fake", dimension: int = DIMENSION) -> None:
        self.identity = identity
        self.dimension = dimension
        self.encoded: list[str] = []

    def encode_documents(self, texts: Sequence[str]) -> FloatMatrix:
        self.encoded += texts
        return self.encode_queries(texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            seed = hashlib.blake2b((self.identity + text).encode(), digest_size=8).digest()
            row[:] = np.random.default_rng(list(seed)).standard_normal(self.dimension)
            row /= np.linalg.norm(row)
        return rows


def document(name: str, text: str, title: str = "", **more: str) -> Document:
    content = hashlib.sha256(f"{text}\0{title}".encode("utf-8", "replace")).hexdigest()
    return Document(name, text, content, title, **more)  # type: ignore[arg-type]


def parse(doc: Document, chunk_size: int) -> Parsed:
    """Sentences end at 。 or a line's end; chunks take whole sentences up to ``chunk_size``."""
    if "坏" in doc.text:
        raise ValueError("bad text")
    sentences = [
        Sentence(match.start(), match.end(), 0)
        for match in re.finditer(r"[^。\n]*\w[^。\n]*。?", doc.text)
    ]
    chunks: list[Chunk] = []
    for index, sentence in enumerate(sentences):
        last = chunks[-1] if chunks else None
        if last is not None and sentence.end - last.start <= chunk_size:
            chunks[-1] = Chunk(last.start, sentence.end, 0, last.first, index, doc.title)
        else:
            chunks.append(Chunk(sentence.start, sentence.end, 0, index, index, doc.title))
    titles = (doc.title,) if doc.title else ()
    section = Section(0, len(doc.text), titles)
    return Parsed(doc, (section,), tuple(sentences), tuple(chunks))


def passage(parsed: Parsed, chunk: Chunk) -> str:
    return f"{chunk.context}\n{parsed.document.text[chunk.start : chunk.end]}"


def tokens(text: str) -> list[str]:
    found: list[str] = []
    for run in re.findall(r"[\u4e00-\u9fff]+|[a-z0-9]+", text.lower()):
        if run[0] >= "\u4e00":
            found += [*run, *(run[i : i + 2] for i in range(len(run) - 1))]
        else:
            found.append(run)
    return found


def sentence_key(text: str) -> int:
    digest = hashlib.blake2b(text.strip().encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


TEXT = TextFunctions(parse, passage, tokens, sentence_key, recipe="fake 1")


def loads(texts: Mapping[str, str], rows: Iterable[InputRow] = ()) -> Load:
    """A folder with these documents, one a file, and further ``rows`` for what cannot be read."""

    def load() -> Iterable[tuple[InputRow, Iterable[Document]]]:
        for name, text in texts.items():
            yield InputRow(name, "indexed"), [document(name, text)]
        for row in rows:
            yield row, []

    return load


def build_index(
    index_dir: Path,
    texts: Mapping[str, str],
    *,
    embedder: HashEmbedder | None = None,
    chunk_size: int = CHUNK_SIZE,
    text: TextFunctions = TEXT,
    rebuild: bool = False,
    files: Files | None = None,
    progress: Callable[[str, int, int | None], None] = lambda stage, done, total: None,
) -> BuildReport:
    """Build ``texts`` with the fakes."""
    return build(
        index_dir,
        chunk_size,
        load=loads(texts),
        text=text,
        embedder=embedder or HashEmbedder(),
        progress=progress,
        rebuild=rebuild,
        files=files,
    )


class StepFiles(Files):
    """Calls ``at(step number, operation)`` before every operation; steps count from 1.

    An integer it returns makes a write short: only that many bytes are taken.
    """

    def __init__(self, at: Callable[[int, str], int | None]) -> None:
        self.at = at
        self.steps = 0

    def _step(self, operation: str) -> int | None:
        self.steps += 1
        return self.at(self.steps, operation)

    def _mkdir(self, path: Path) -> None:
        self._step("mkdir")
        super()._mkdir(path)

    def _open(self, path: Path) -> int:
        self._step("open")
        return super()._open(path)

    def _write(self, handle: int, data: memoryview) -> int:
        short = self._step("write")
        return os.write(handle, data[:short])

    def _fsync(self, handle: int) -> None:
        self._step("fsync")

    def _copy(self, source: Path, target: Path) -> None:
        self._step("copy")
        super()._copy(source, target)

    def _replace(self, source: Path, target: Path) -> None:
        self._step("rename")
        super()._replace(source, target)

    def _unlink(self, path: Path) -> None:
        self._step("unlink")
        super()._unlink(path)

    def _rmtree(self, path: Path) -> None:
        self._step("rmtree")
        super()._rmtree(path)
