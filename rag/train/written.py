"""Claims that were written over printed sentences, with whether those bear them out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import EmbedderError
from rag.train.corpus import article_texts, text_lines

_FORM = "a line is {id, claim, context, verdict, kind, evidence or refs}"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a quote stands: code points ``[start, end)`` of a source's text, as it is printed.
    ``source`` is "news/" and an article's id, or "seeds/" and a file's name."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """``kind`` is free, as "direction/near"; one of ``evidence`` and ``refs`` is empty."""

    id: str
    claim: str
    context: tuple[str, ...]
    supported: bool
    kind: str
    evidence: tuple[str, ...]
    refs: tuple[Reference, ...]


def read_written(paths: Sequence[Path]) -> list[Written]:
    """The lines of the files; references are not resolved. Raises EmbedderError."""
    return [
        _parsed(line, f"{path.name}, line {number}")
        for path in paths
        for number, line in enumerate(text_lines(path), 1)
        if line.strip()
    ]


def resolved(rows: Sequence[Written], corpus: Path, docs: Path | None) -> tuple[list[Written], int]:
    """(rows with their evidence, how many are left out because a text is not there or is shorter
    than a reference to it): articles are looked for in the folder ``corpus``, files in ``docs``.
    Raises EmbedderError where a file of the corpus cannot be read."""
    wanted = {ref.source for row in rows for ref in row.refs}
    texts = dict(_texts(wanted, corpus, docs))
    found = []
    for row in rows:
        quotes = tuple(_quote(ref, texts) for ref in row.refs)
        if all(quotes):
            found.append(replace(row, evidence=row.evidence or quotes, refs=()))
    return found, len(rows) - len(found)


def _parsed(line: str, where: str) -> Written:
    try:
        record = json.loads(line)
        refs = tuple(Reference(str(s), int(a), int(b)) for s, a, b in record.get("refs", ()))
        evidence = _strings(record.get("evidence", []))
        if bool(refs) == bool(evidence):
            raise ValueError("needs one of evidence and refs")
        return Written(
            id=str(record["id"]),
            claim=str(record["claim"]),
            context=_strings(record.get("context", [])),
            supported=str(record["verdict"]) == "supported",
            kind=str(record.get("kind", "")),
            evidence=evidence,
            refs=refs,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EmbedderError(f"{where} is no claim ({error})", _FORM) from None


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError("evidence and context are lists of texts")
    return tuple(value)


def _quote(ref: Reference, texts: Mapping[str, str]) -> str:
    """ "" where there is none."""
    text = texts.get(ref.source, "")
    return text[ref.start : ref.end] if 0 <= ref.start < ref.end <= len(text) else ""


def _texts(wanted: set[str], corpus: Path, docs: Path | None) -> Iterator[tuple[str, str]]:
    """(source, text) of those that are there."""
    articles = {source for source in wanted if source.startswith("news/")}
    yield from article_texts(articles, corpus)
    for source in wanted - articles:
        kind, _, name = source.partition("/")
        if kind != "seeds" or docs is None or name != Path(name).name:
            continue
        try:
            yield source, (docs / name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
