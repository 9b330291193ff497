"""Building a generation: write aside, sync, manifest last, verify, then one pointer swap.

Until the swap nothing that a reader sees has changed; whatever ends a build before it (a fault, a
full disk, Ctrl-C, a kill) leaves the old generation current.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import IndexDamaged, IndexError_, IndexMissing
from rag.index import generation as layout
from rag.index.fill import fill
from rag.index.fs import Files
from rag.index.intake import Intake, Load, Progress, TextFunctions, known, take_in
from rag.index.interrupts import sigterm_interrupts
from rag.index.locks import READ_LOCK, building
from rag.index.manifest import Counts, Manifest, Pointer, encode
from rag.index.reader import OpenIndex, check_ids, open_generation, open_index
from rag.index.report import BuildReport, nothing
from rag.index.store import SqliteCorpus
from rag.index.store_writer import StoreWriter
from rag.seams import Embedder


def build(
    index_dir: Path,
    chunk_size: int,
    *,
    load: Load,
    text: TextFunctions,
    embedder: Embedder,
    progress: Progress = lambda stage, done, total: None,
    rebuild: bool = False,
    files: Files | None = None,
) -> BuildReport:
    """Bring the index in ``index_dir`` up to date with what ``load`` yields.

    Unchanged documents are copied from the generation before; all are done again with ``rebuild``,
    and when the embedder, ``chunk_size`` or the text functions' recipe changed or that generation
    is damaged. When every document is gone the new generation is empty, so that none can answer.

    Raises IndexBusy when another process is building, IndexMissing when there is no document and
    never was an index, IndexError_ when the disk fails, and what ``load`` and ``embedder`` raise.
    SIGTERM ends it like Ctrl-C: with KeyboardInterrupt, after tidying up.
    """
    files = files or Files()
    started = time.monotonic()
    try:
        files.make_folder(index_dir / layout.FOLDER)
        with contextlib.ExitStack() as stack:
            stack.enter_context(building(index_dir))
            stack.enter_context(sigterm_interrupts())
            layout.sweep_parts(files, index_dir)
            job = _Build(index_dir, chunk_size, load, text, embedder, progress, files)
            stack.callback(job.close)
            report = job.run(rebuild)
    except (OSError, sqlite3.Error) as error:
        raise IndexError_(
            f"the index could not be written: {error}",
            "check the disk and the space on it, then run `rag index` again",
        ) from error
    return replace(report, seconds=round(time.monotonic() - started, 3))


class _Build:
    """One build, under the lock."""

    def __init__(
        self,
        index_dir: Path,
        chunk_size: int,
        load: Load,
        text: TextFunctions,
        embedder: Embedder,
        progress: Progress,
        files: Files,
    ) -> None:
        self.index_dir, self.chunk_size, self.load = index_dir, chunk_size, load
        self.text, self.embedder, self.progress, self.files = text, embedder, progress, files
        self.before: OpenIndex | None = None
        self.exists = True

    def close(self) -> None:
        """Let go of the generation before."""
        if self.before is not None:
            self.before.close()

    def run(self, rebuild: bool) -> BuildReport:
        """The whole build; raises as :func:`build` says."""
        reason = self._open_before() or ("asked for" if rebuild else "")
        name = layout.next_name(self.index_dir)
        part = layout.folder(self.index_dir, name + layout.PART)
        try:
            self.files.make_folder(part)
            intake = self._take_in(part, reason)
            report = self._report(intake, name, reason)
            if not reason and not (report.added or report.updated or report.removed):
                return self._unchanged(report)
            if not intake.seen and not self.exists:
                raise nothing(intake)
            manifest = self._fill(part, name, intake, reuse=not reason)
            self._publish(part, manifest)
            return replace(
                report, documents=manifest.counts.documents, chunks=manifest.counts.chunks
            )
        finally:
            self._discard(part)

    def _open_before(self) -> str:
        """Open the generation before; returns why it cannot be built upon ("" if it can)."""
        try:
            self.before = open_index(self.index_dir)
        except IndexMissing:
            self.exists = False
            return "first build"
        except IndexDamaged as error:
            return error.what
        manifest = self.before.manifest
        if (manifest.embedder, manifest.dimension) != (
            self.embedder.identity,
            self.embedder.dimension,
        ):
            return "another embedder"
        if manifest.chunk_size != self.chunk_size:
            return "another chunk_size"
        return "" if manifest.recipe == self.text.recipe else "another version of the program"

    def _take_in(self, part: Path, reason: str) -> Intake:
        """Phase 1: documents, sections, sentences and chunks into the new file."""
        before = known(self.before.corpus.fingerprints()) if self.before else {}
        first = max((old.number for old in before.values()), default=0) + 1
        writer = StoreWriter(part / layout.CORPUS, self.text.sentence_key, first)
        try:
            intake = take_in(
                self.load, self.text, self.chunk_size, writer, before, not reason, self.progress
            )
            changed = intake.added or intake.updated or set(before) - intake.seen
            if changed or reason:
                if self.before and intake.kept:
                    old = layout.folder(self.index_dir, self.before.name) / layout.CORPUS
                    writer.copy(old, sorted(intake.kept.values()))
                self._promote(writer, part)
            return intake
        finally:
            writer.close()

    def _promote(self, writer: StoreWriter, part: Path) -> None:
        """Give chunks to documents that until now were found through an equal one."""
        bare = writer.settle()
        writer.commit()
        if bare:
            with contextlib.closing(SqliteCorpus(part / layout.CORPUS, bool)) as corpus:
                documents = [corpus.document(doc) for doc in bare]
            for document in documents:
                parsed = self.text.parse(document, self.chunk_size)
                writer.add_chunks(writer.number(document.id), document, parsed.chunks)
            writer.commit()

    def _fill(self, part: Path, name: str, intake: Intake, reuse: bool) -> Manifest:
        """Phase 2: vectors and the lexical index; then all is synced and described."""
        before = self.before if reuse else None
        self.files.make_folder(part / layout.LEXICAL)
        with contextlib.closing(SqliteCorpus(part / layout.CORPUS, bool)) as corpus:
            counts = Counts(**corpus.counts())
            drift = fill(
                part, corpus, set(intake.kept), before, self.text, self.embedder,
                self.files, self.progress,
            )  # fmt: skip
        self.files.write(part / READ_LOCK, b"")
        found = layout.describe(part)
        self.progress("write", 0, len(found))
        for done, path in enumerate(found, 1):
            self.files.sync(part / path)
            self.progress("write", done, len(found))
        return Manifest(
            generation=name,
            embedder=self.embedder.identity,
            dimension=self.embedder.dimension,
            chunk_size=self.chunk_size,
            recipe=self.text.recipe,
            counts=counts,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            drift=drift,
            files=found,
        )

    def _publish(self, part: Path, manifest: Manifest) -> None:
        """Manifest, verification of what is on the disk, pointer swap, deletion of old ones."""
        files = self.files
        files.write(part / layout.MANIFEST, encode(manifest))
        files.sync(part / layout.LEXICAL)
        files.sync(part)
        self.progress("check", 0, None)
        with open_generation(
            self.index_dir, part, self.embedder.identity, self.chunk_size, self.text.recipe, None
        ) as index:
            check_ids(index)
        final = layout.folder(self.index_dir, manifest.generation)
        pointer = Pointer(manifest.generation, self._name_before())
        try:
            files.rename(part, final)
            files.sync(final.parent)
            layout.write_pointer(files, self.index_dir, pointer)
        except BaseException:
            self._discard(final)
            raise
        layout.sweep_old(files, self.index_dir, pointer)

    def _name_before(self) -> str:
        """The generation to keep beside the new one: the last that could be opened."""
        if self.before is not None:
            return self.before.name
        try:
            pointer = layout.read_pointer(self.index_dir)
            return pointer.previous or pointer.current
        except IndexDamaged:
            return (layout.names(self.index_dir) or [""])[-1]
        except IndexMissing:
            return ""

    def _discard(self, folder: Path) -> None:
        """Remove a folder that is not the current generation; the next build sweeps what stays."""
        with contextlib.suppress(IndexDamaged, OSError):
            try:
                if layout.read_pointer(self.index_dir).current == folder.name:
                    return
            except IndexMissing:
                pass
            self.files.remove(folder)

    def _report(self, intake: Intake, name: str, reason: str) -> BuildReport:
        before = set(self.before.corpus.ids()) if self.before else set()
        return BuildReport(
            documents=len(intake.seen),
            chunks=0,
            added=len(intake.added),
            updated=len(intake.updated),
            removed=len(before - intake.seen),
            rows=tuple(intake.rows),
            generation=name,
            embedder=self.embedder.identity,
            seconds=0.0,
            rebuilt=reason,
        )

    def _unchanged(self, report: BuildReport) -> BuildReport:
        assert self.before is not None  # without it there is a reason to build
        manifest = self.before.manifest
        return replace(
            report,
            documents=manifest.counts.documents,
            chunks=manifest.counts.chunks,
            generation=manifest.generation,
        )
