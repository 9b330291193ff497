"""The tables of ``corpus.sqlite`` and the keys of their rows.

Sections and sentences are kept for every document; chunks only for those that are searched. Of
documents with the same content only the first by id is searched; the others are found through it,
as places of the same sentences.
"""

from __future__ import annotations

import hashlib
import json

from rag.types import Document

TABLES = """
CREATE TABLE documents (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, content BLOB NOT NULL, title TEXT NOT NULL,
    date TEXT NOT NULL, content_hash TEXT NOT NULL, format TEXT NOT NULL, encoding TEXT NOT NULL,
    page_starts TEXT NOT NULL, source_path TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE sections (
    doc INTEGER NOT NULL, i INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    titles TEXT NOT NULL, kind TEXT NOT NULL, byline TEXT NOT NULL, speaker TEXT NOT NULL,
    PRIMARY KEY (doc, i)) WITHOUT ROWID;
CREATE TABLE sentences (
    doc INTEGER NOT NULL, i INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    section INTEGER NOT NULL, heading INTEGER NOT NULL, "key" INTEGER NOT NULL,
    PRIMARY KEY (doc, i)) WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, doc INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    section INTEGER NOT NULL, "first" INTEGER NOT NULL, "last" INTEGER NOT NULL,
    context TEXT NOT NULL);
"""

INDEXES = (
    'CREATE INDEX chunks_doc ON chunks (doc, "start")',
    'CREATE INDEX sentences_key ON sentences ("key")',
)

COUNTED = ("documents", "sections", "sentences", "chunks")


def chunk_id(doc: str, content_hash: str, start: int, end: int) -> int:
    """63 bits from what the chunk is: the same chunk has the same id in every build."""
    name = f"{doc}\0{content_hash}\0{start}\0{end}".encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big") >> 1


def content_of(document: Document) -> bytes:
    """Equal for documents that segment alike: content, format and pages; 16 bytes."""
    name = f"{document.content_hash}\0{document.format}\0{pages(document)}".encode()
    return hashlib.blake2b(name, digest_size=16).digest()


def pages(document: Document) -> str:
    """``page_starts`` as it is stored."""
    return json.dumps(document.page_starts, separators=(",", ":"))
