"""Builds a set into its folder, or finds that it is there."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluate.distract import select as selecting
from rag.evaluate.distract import sources
from rag.evaluate.distract.near import EVERY, Near, near
from rag.evaluate.distract.passages import Cutter
from rag.evaluate.distract.recipe import Recipe
from rag.evaluate.distract.select import Selection
from rag.evaluate.distract.sources import Candidate
from rag.evaluate.forms.folder import ABOUT, CORPUS, PASSAGES, QUESTIONS, describe, is_built
from rag.evaluate.forms.squad import UNANSWERABLE
from rag.evaluate.source import read, write
from rag.index.intake import Progress
from rag.types import Document

_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Built:
    """A set's folder; ``already``: it was there. ``counts``: questions, unanswerable, documents."""

    folder: Path
    already: bool
    counts: Mapping[str, int]


def build(recipe: Recipe, out: Path, progress: Progress = lambda stage, done, total: None) -> Built:
    """Builds the set ``recipe`` into the folder ``out``, unless it is there already.

    A set of another recipe in ``out`` is replaced when the new one is complete; interrupted,
    nothing is changed. Raises EvaluationError.
    """
    wanted = recipe.described()
    if (counts := _there(out, wanted)) is not None:
        return Built(out, True, counts)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        try:
            made, counts = _fill(recipe, aside, progress)
            about = {"recipe": wanted, "counts": counts, "files": made}
            text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
            write(aside / ABOUT, text.encode())
            _put(aside, out)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise EvaluationError(f"{out} cannot be written ({error.strerror or error})") from None
    return Built(out, False, counts)


def _there(out: Path, recipe: Mapping[str, Any]) -> dict[str, int] | None:
    """The counts of the set in ``out`` where it is whole and of this recipe.

    Raises EvaluationError where ``out`` holds something else than a set.
    """
    if not is_built(out):
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise EvaluationError(
                f"{out} holds something else than a built set", "name another folder with --out"
            )
        return None
    try:
        about = describe(out)
        whole = about["recipe"] == recipe and all(
            hashlib.sha256(read(out / name).data).hexdigest() == digest
            for name, digest in about["files"].items()
        )
        return dict(about["counts"]) if whole else None
    except (EvaluationError, KeyError, TypeError, ValueError):
        return None  # damaged: built again


def _put(aside: Path, out: Path) -> None:
    """``aside`` in the place of ``out``."""
    aside.chmod(0o755)
    if out.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        os.replace(out, old)
        try:
            os.replace(aside, out)
        except BaseException:
            os.replace(old, out)
            raise
        shutil.rmtree(old)
    else:
        os.replace(aside, out)


def _fill(
    recipe: Recipe, folder: Path, progress: Progress
) -> tuple[dict[str, str], dict[str, int]]:
    """Writes the files of the set; gives their checksums and the counts."""
    candidates, paragraphs = sources.squad(recipe.squad)
    news = sources.articles(recipe.news_files(), progress)
    with near([*paragraphs, *news], progress) as index:
        if recipe.news_questions is not None:
            ids = {document.id for document in news}
            candidates += sources.news_questions(recipe.news_questions, index, ids, progress)
        selection = selecting.select(
            candidates, index, recipe.questions, recipe.unanswerable, recipe.seed, progress
        )
        counts = {
            "questions": len(selection.order),
            "unanswerable": len(selection.unanswerable),
        }
        if recipe.passages:
            rows = _passage_rows(selection, index, progress)
            return {PASSAGES: _write_lines(folder / PASSAGES, rows)}, counts
        kept = selecting.corpus(
            selection,
            [document.id for document in paragraphs],
            [document.id for document in news],
            recipe.articles,
            recipe.seed,
        )
        asked = (_case(c, c.id not in selection.unanswerable) for c in selection.order)
        made = {QUESTIONS: _write_lines(folder / QUESTIONS, asked)}
        documents = (_record(index.by_id[id]) for id in kept)
        shown = _counted(documents, len(kept), progress)
        made[CORPUS] = _write_lines(folder / CORPUS, shown)
    return made, counts | {"documents": len(kept)}


def _passage_rows(
    selection: Selection, index: Near, progress: Progress
) -> Iterator[dict[str, Any]]:
    cutter = Cutter(index)
    rows = (cutter.row(c, c.id not in selection.unanswerable) for c in selection.order)
    return _counted(rows, len(selection.order), progress)


def _case(candidate: Candidate, answerable: bool) -> dict[str, Any]:
    """A line of this project's own form."""
    return {
        "id": candidate.id,
        "kind": candidate.kind if answerable else UNANSWERABLE,
        "turns": [candidate.question],
        "answerable": answerable,
        "gold": [[asdict(gold) for gold in candidate.gold]] if answerable else [],
        "must": [list(candidate.answers)] if answerable else [],
    } | ({"answers": list(candidate.answers)} if answerable else {})


def _record(document: Document) -> dict[str, str]:
    fields = {"id": document.id, "title": document.title, "date": document.date}
    return {name: value for name, value in fields.items() if value} | {"text": document.text}


def _counted(
    rows: Iterable[dict[str, Any]], total: int, progress: Progress
) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows):
        if number % EVERY == 0:
            progress("write", number, total)
        yield row


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> str:
    """Writes a line each, gzipped where the name says so; gives the SHA-256 of what is packed."""
    digest = hashlib.sha256()
    with ExitStack() as stack:
        file: Any = stack.enter_context(path.open("wb"))
        if path.suffix == ".gz":  # neither name nor time inside: the same set, the same bytes
            file = stack.enter_context(gzip.GzipFile("", "wb", _LEVEL, file, mtime=0))
        for row in rows:
            line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
            digest.update(line)
            file.write(line)
    return digest.hexdigest()
