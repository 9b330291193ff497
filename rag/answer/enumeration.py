"""Enumerations as a whole: 一是…二是…三是…, 第一，第二，, dashes and short lines under a lead-in,
also where they run over paragraphs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.text.reading import reading
from rag.types import Section, Sentence

_DIGITS = "一二三四五六七八九十"
_ORDINAL = re.compile(
    rf"^[“\"]?(?:(?P<shi>[{_DIGITS}])是|第(?P<di>[{_DIGITS}])(?:个|项|点|类|种|条|,|，|、|步)|"
    rf"[(（](?P<kuo>[{_DIGITS}]|\d{{1,2}})[)）]|(?P<dun>[{_DIGITS}])、|(?P<num>\d{{1,2}})(?:[、．]|\.(?!\d))|"
    r"(?P<shou>首先|其次|再次|此外|最后)[,，]?)"
)
_DASH = re.compile(r"^(?:——|—|[-*•·▪●]\s)")
_LEAD = re.compile(
    r"[:：]$|(?:[两二三四五六七八九十]|\d{1,2})(?:大|个|项|条|种|类|方面|点|句)|如下|以下|具体来看|分别是"
)


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Sentence indexes: what introduces it (or None) and the first sentence of each item, with the
    last sentence that belongs to the item."""

    lead: int | None
    items: tuple[tuple[int, int], ...]


_INSIDE = re.compile(r"[:：,，;；](?P<shi>一)是(?!.*[;；,，。][二三]是)")


def opens_inside(text: str) -> bool:
    """Whether a sentence's end is the first item: 「……高质量发展：一是坚持系统谋划。」"""
    return _INSIDE.search(text) is not None


def ordinal(text: str) -> tuple[str, int] | None:
    """(style, number from 1) where the text opens like an item, else None."""
    match = _ORDINAL.match(text)
    if not match:
        return None
    style, value = next((k, v) for k, v in match.groupdict().items() if v)
    if style == "shou":
        return style, {"首先": 1, "其次": 2, "再次": 3, "此外": 4, "最后": 5}[value]
    return style, int(value) if value.isdigit() else _DIGITS.index(value) + 1


def enumerations(
    text: str, sentences: Sequence[Sentence], sections: Mapping[int, Section]
) -> list[Enumeration]:
    """All enumerations of two or more items in a run of sentences (indexes into ``sentences``);
    ``sections`` holds those of the sentences by number."""
    said = [reading(text[s.start : s.end]) for s in sentences]
    found = _ordinal_runs(said, sentences, sections)
    found += _parallel_runs(said, sentences)
    taken = {i for e in found for first, last in e.items for i in range(first, last + 1)}
    found += [e for e in _line_runs(said, sentences, text) if not taken & {a for a, _ in e.items}]
    return found


def _ordinal_runs(
    said: Sequence[str], sentences: Sequence[Sentence], sections: Mapping[int, Section]
) -> list[Enumeration]:
    found: list[Enumeration] = []
    open_runs: dict[str, list[int]] = {}

    def close(style: str, end: int) -> None:
        firsts = open_runs.pop(style, [])
        if len(firsts) < 2:
            return
        section = sentences[firsts[0]].section
        lasts = [b - 1 for b in firsts[1:]] + [_item_end(firsts[-1], end, sentences)]
        lead = firsts[0] - 1
        ok = (
            lead >= 0
            and sections[sentences[lead].section].titles[:1] == sections[section].titles[:1]
        )
        found.append(Enumeration(lead if ok else None, tuple(zip(firsts, lasts, strict=True))))

    for i, line in enumerate(said):
        if sentences[i].heading and not _ORDINAL.match(line):
            for style in list(open_runs):
                if style not in ("kuo", "dun", "num"):
                    close(style, i - 1)
        mark = ordinal(line)
        if sentences[i].heading and mark is not None and mark[0] in ("kuo", "dun", "num"):
            continue  # a numbered heading: its items are sections, not sentences
        if mark is None and opens_inside(line):
            mark = ("shi", 1)
        if mark is None:
            continue
        style, number = mark
        run = open_runs.get(style)
        if run is not None and (number == len(run) + 1 or (style == "shou" and number > len(run))):
            run.append(i)
        else:
            if run is not None:
                close(style, i - 1)
            if number == 1:
                open_runs[style] = [i]
    for style in list(open_runs):
        close(style, len(said) - 1)
    return found


def _parallel_runs(said: Sequence[str], sentences: Sequence[Sentence]) -> list[Enumeration]:
    """Sentences of one section that open alike: 我们着力提升……。 three times over."""
    found: list[Enumeration] = []
    done: set[int] = set()
    for i, line in enumerate(said):
        if i in done or len(line) < 8 or sentences[i].heading:
            continue
        same = [
            j
            for j in range(i, min(len(said), i + 14))
            if said[j][:4] == line[:4] and sentences[j].section == sentences[i].section
        ]
        if len(same) >= 3:
            done.update(same)
            ends = [b - 1 for b in same[1:]] + [same[-1]]
            found.append(Enumeration(i - 1 if i else None, tuple(zip(same, ends, strict=True))))
    return found


def _item_end(first: int, limit: int, sentences: Sequence[Sentence]) -> int:
    """The last item ends with its section, at the latest."""
    last = first
    while last < limit and sentences[last + 1].section == sentences[first].section:
        last += 1
    return last


def _line_runs(said: Sequence[str], sentences: Sequence[Sentence], text: str) -> list[Enumeration]:
    """Dashed items, or the lines after a lead-in that says how many there are."""
    found: list[Enumeration] = []
    dashed = [i for i, s in enumerate(sentences) if _DASH.match(text[s.start : s.end].lstrip())]
    runs: list[list[int]] = []
    for i in dashed:
        if (
            runs
            and i - runs[-1][-1] <= 8
            and sentences[i].section == sentences[runs[-1][-1]].section
        ):
            runs[-1].append(i)
        else:
            runs.append([i])
    for run in runs:
        if len(run) >= 2:
            ends = [b - 1 for b in run[1:]] + [run[-1]]
            lead = run[0] - 1 if run[0] else None
            found.append(Enumeration(lead, tuple(zip(run, ends, strict=True))))
    for i, line in enumerate(said):
        count = re.search(r"(\d{1,2}|[两二三四五六七八九十])(?:个|大|项|条|类)", line)
        if not count or len(line) > 40 or line.endswith(("。", "！", "？")):
            continue
        number = (
            int(count[1]) if count[1].isdigit() else _DIGITS.index(count[1].replace("两", "二")) + 1
        )
        block = list(range(i + 1, min(len(said), i + 1 + number)))
        if 2 <= number == len(block) <= 12 and all(
            6 <= len(said[j]) <= 80 and not said[j].endswith(("。", "！", "？", "!", "?"))
            for j in block
        ):
            found.append(Enumeration(i, tuple((j, j) for j in block)))
    return found


def introduces(line: str) -> bool:
    """Whether a sentence reads like the lead-in of an enumeration."""
    return bool(_LEAD.search(line))
