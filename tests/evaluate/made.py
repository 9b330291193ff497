"""Records and runs made by hand, for the tests of what is done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.evaluate.types import Cited, Found, Gold, Header, Record, Run

CHECKSUM = "ab" * 32


def record(
    id: str,
    right: bool = True,
    *,
    kind: str = "fact",
    answerable: bool = True,
    refused: bool = False,
    scores: Mapping[str, float] | None = None,
    confidence: float = 0.9,
    answer: str = "大桥全长3.6公里。 [1]",
    question: str = "",
    error: str = "",
) -> Record:
    """A record; ``scores`` come on top of right, refused and verbatim."""
    found = {"right": float(right)}
    if not error:
        found |= {"verbatim": 1.0, "refused": float(refused), **(scores or {})}
    gold = ((Gold("a.txt", "全长3.6公里", 4),),) if answerable else ()
    return Record(
        id=id,
        kind=kind,
        turns=(question or f"问题{id}？",),
        answerable=answerable,
        gold=gold,
        must=(("3.6公里", "3600米"),) if answerable else (),
        answer="" if error else answer,
        refused=refused,
        confidence=confidence,
        mode="extractive",
        reason="",
        citations=(Cited("a.txt", 4, 11, "全长3.6公里", ("b.txt",)),) if answerable else (),
        passages=(Found("a.txt", 0, 12, 0.75, "青江大桥全长3.6公里。"),),
        scores=found,
        milliseconds=12.5,
        error=error,
    )


def run(
    records: Sequence[Record],
    name: str = "20261121T031500Z-seeds-1a2b3c",
    *,
    set_name: str = "seeds",
    checksum: str = CHECKSUM,
    settings: Mapping[str, str] | None = None,
    commit: str = "c0ffee",
) -> Run:
    """A run of these records."""
    header = Header(
        name=name,
        created="2026-11-21T03:15:00+00:00",
        set_name=set_name,
        set_form="yinju",
        set_checksum=checksum,
        embedder="static:1",
        documents=5,
        chunks=89,
        generation="000001",
        settings=settings or {"chunk_size": "320", "runs": "eval/runs"},
        versions={"python": "3.11.9", "yinju": "0.1.0"},
        commit=commit,
        machine="Linux x86_64, 2 cores",
        costs={"seconds": 6.7, "peak_mb": 292.0, "index_mb": 0.4},
    )
    return Run(header, tuple(records))
