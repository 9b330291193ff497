"""A failed case as it is shown: what was asked, said, cited and found, and what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluate.measures.citations import reaches
from rag.evaluate.measures.retrieval import holds
from rag.evaluate.measures.text import normalised, says
from rag.evaluate.report.faults import Fault, fault
from rag.evaluate.report.marks import Extent, Piece, pieces
from rag.evaluate.types import Cited, Found, Gold, Record
from rag.types import Citation, Passage, Place

SHOWN = 8
"""Passages of a card at most."""
BESIDE = 90
"""Characters shown of a passage that holds no gold."""
AROUND = 120
"""Characters kept on either side of a mark."""


@dataclass(frozen=True, slots=True)
class GoldLine:
    """A gold quote. ``reached`` by a citation; ``rank`` of the first passage that holds it, 0: none."""

    doc: str
    quote: str
    reached: bool
    rank: int


@dataclass(frozen=True, slots=True)
class CitedLine:
    """A citation of the answer; ``verdict``: does it reach gold (none: there is no gold)."""

    doc: str
    pieces: tuple[Piece, ...]
    verdict: Literal["reached", "missed", "none"]


@dataclass(frozen=True, slots=True)
class PassageLine:
    """A retrieved passage, gold marked; ``rank`` from 1."""

    rank: int
    doc: str
    score: float
    pieces: tuple[Piece, ...]
    extent: Extent


@dataclass(frozen=True, slots=True)
class Card:
    """A case that is not right. ``gold`` is in groups; ``why`` says what is wrong, one line each."""

    record: Record
    fault: Fault
    why: tuple[str, ...]
    gold: tuple[tuple[GoldLine, ...], ...]
    citations: tuple[CitedLine, ...]
    passages: tuple[PassageLine, ...]
    unshown: int


def card(record: Record) -> Card:
    """The card of a case; raises ValueError where nothing is wrong with it."""
    name = fault(record)
    if name is None:
        raise ValueError(f"{record.id} is right")
    gold = tuple(tuple(_gold_line(one, record) for one in group) for group in record.gold)
    quotes = tuple(one.quote for group in record.gold for one in group)
    return Card(
        record,
        name,
        tuple(_why(record, name, gold)),
        gold,
        tuple(_cited_line(cited, record, quotes) for cited in record.citations),
        tuple(
            _passage_line(rank, found, quotes)
            for rank, found in enumerate(record.passages[:SHOWN], start=1)
        ),
        max(0, len(record.passages) - SHOWN),
    )


def _gold_line(gold: Gold, record: Record) -> GoldLine:
    ranks = (
        rank
        for rank, found in enumerate(record.passages, start=1)
        if holds(Passage(found.doc, found.start, found.end, found.score, found.text), gold)
    )
    reached = any(reaches(_citation(cited), gold) for cited in record.citations)
    return GoldLine(gold.doc, gold.quote, reached, next(ranks, 0))


def _citation(cited: Cited) -> Citation:
    """The citation that it was; of further places the documents alone are known."""
    also = tuple(Place(doc, 0, 0) for doc in cited.also)
    return Citation(0, cited.doc, "", cited.start, cited.end, cited.quote, also=also)


def _cited_line(cited: Cited, record: Record, quotes: Sequence[str]) -> CitedLine:
    marked, _ = pieces(cited.quote, quotes)
    golds = [one for group in record.gold for one in group]
    if not golds:
        return CitedLine(cited.doc, tuple(marked), "none")
    reached = any(reaches(_citation(cited), gold) for gold in golds)
    return CitedLine(cited.doc, tuple(marked), "reached" if reached else "missed")


def _passage_line(rank: int, found: Found, quotes: Sequence[str]) -> PassageLine:
    marked, extent = pieces(found.text.strip(), quotes)
    return PassageLine(rank, found.doc, found.score, tuple(_clipped(marked)), extent)


def _clipped(marked: Sequence[Piece]) -> list[Piece]:
    """The pieces with what is far from a mark left out; of a text without one, its beginning."""
    if not any(piece.marked for piece in marked):
        text = "".join(piece.text for piece in marked)
        return [Piece(text if len(text) <= BESIDE else text[:BESIDE] + "…", False)]
    last = len(marked) - 1
    return [
        piece
        if piece.marked
        else Piece(_shortened(piece.text, head=number > 0, tail=number < last), False)
        for number, piece in enumerate(marked)
    ]


def _shortened(text: str, *, head: bool, tail: bool) -> str:
    """A text beside marks: ``head`` keeps its beginning, ``tail`` its end."""
    if len(text) <= AROUND * (head + tail) + 20:
        return text
    return (text[:AROUND] if head else "") + " … " + (text[-AROUND:] if tail else "")


# ---- what is wrong ---------------------------------------------------------------------------
def _why(record: Record, name: Fault, gold: Sequence[Sequence[GoldLine]]) -> list[str]:
    if name == "error":
        return [record.error]
    if name == "answered":
        said = f"文件里没有答案，却以 {record.confidence:.2f} 的把握作答"
        return [*_unverified(record), said]
    lines = []
    if name == "refused":
        lines.append(f"文件里有答案，却拒答（把握 {record.confidence:.2f}）")
    if name == "wrong":
        lines.append(_unsaid(record))
    missed = sum(not any(line.reached for line in group) for group in gold)
    if name != "refused" and missed:
        lines.append(
            "没有引到原句" if len(gold) == 1 else f"{len(gold)} 处原句，{missed} 处没有引到"
        )
    return _unverified(record) + lines + _unfound(gold)


def _unverified(record: Record) -> list[str]:
    """What is to be known of a model's answer before it is blamed for a case."""
    of = record.written
    if of is None:
        return []
    if of.fell_back:
        return ["不是模型所答，改用了抽取式"]
    bad = sum(verdict != "supported" for verdict in of.verdicts)
    lines = [f"{len(of.verdicts)} 句里 {bad} 句未能核实"] if bad else []
    if of.dropped:
        lines.append(f"引了 {of.dropped} 个不存在的编号")
    return lines + (["回答没有写完就断了"] if of.cut_off else [])


def _unsaid(record: Record) -> str:
    said = normalised(record.answer)
    unsaid = [" / ".join(g) for g in record.must if not any(says(said, fact) for fact in g)]
    if unsaid:
        return f"没有说出：{'；'.join(unsaid)}"
    return "没有说出参考答案，或又说了用户标为错的话"


def _unfound(gold: Sequence[Sequence[GoldLine]]) -> list[str]:
    """Where retrieval put the gold, if there is any."""
    if not gold:
        return []
    ranks = [min((line.rank for line in group if line.rank), default=0) for group in gold]
    if all(ranks):
        return [f"检索找到了原句：第 {'、'.join(map(str, ranks))} 段"]
    found = sum(rank > 0 for rank in ranks)
    return ["检索没有找到原句"] if not found else [f"{len(ranks)} 处原句，检索只找到 {found} 处"]
