"""Sentences by Chinese rules. One that a page break cut is one, its span covering the break."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.text.lines import Kind
from rag.text.paragraphs import Layout, layout
from rag.text.patterns import BLANK, HAN
from rag.types import Sentence

LONG = 120
"""A sentence of so many characters is split at ；; a quotation of fewer is kept whole."""
LONGEST = 480
"""No sentence is longer: beyond it is cut at a comma or, at worst, anywhere."""

_PAIRS = {"”": "“", "」": "「", "』": "『", "）": "（", ")": "(", "》": "《", "】": "【", "’": "‘"}
_KEEP_WHOLE = {"《": 60, "‘": 60}
_DEEPEST = 16
_SCAN = re.compile(
    r"(?P<end>[。！？｡](?:[。！？｡…!?]*)|[!?](?![A-Za-z0-9=&/])[!?]*|…+|\.(?=[\"”’)\]]*(?:\s|$)))"
    r"|(?P<semi>[；;])|[“”「」『』（）()《》【】‘’\"]"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|No|Inc|Ltd|Co|Corp|Fig|Eq|al|cf|approx|Jan|Feb|Mar|Apr"
    r"|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Gen|Gov|Rev|Vol|pp?|e\.g|i\.e)|\b[A-Za-z]|\.[A-Za-z])$"
)
_NEXT_CAPITAL = re.compile(rf"[\"”’)\]]*\s+[\"“‘(\[]*[A-Z0-9{HAN}]|[\"”’)\]]*\s*$")
_GOES_ON = re.compile(r"\s*[，,、；;：:。）)”’」』》】]|\s*(?:的(?!确|士)|等[，。、人])")
_ATTRIBUTION = re.compile(
    r"\s*[^。！？!?；;“”…]{1,40}?"
    r"(?:说道?|表示|介绍|指出|认为|称|强调|坦言|透露|写道|补充道?|告诉记者|回忆道?|总结道?|感慨道?|解释道?|建议|呼吁)。"
)
_CREDIT = re.compile(
    r"\s*[■►（(]?\s*(?:新华社发?|本报|人民网|中新社)?\s*(?:记者)?[\s\w]{0,16}(?:摄|供图|新华社发)[)）]?\s*$"
)
_COMMA = re.compile(r"[，,、；;：: ](?![0-9])")
_LETTER = re.compile(r"\w")
_MARKS = frozenset({Kind.TITLE, Kind.HEADING, Kind.BYLINE, Kind.END, Kind.RESUME})


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """The sentences of ``text[start:end]``, in order and disjoint; ``section`` is 0 in all.

    Every character is in one, but white space, invisible characters and line markers at edges.
    """
    return list(sentences_of(text, layout(text, start, end)))


def sentences_of(text: str, page: Layout) -> Iterator[Sentence]:
    """The sentences of a text whose lines are known."""
    lines = page.lines
    index = 0
    while index < len(lines):
        last = index
        kind = lines[index].kind
        if kind is Kind.TITLE:
            while last + 1 < len(lines) and _same_title(text, page, last):
                last += 1
        else:
            while page.joined[last]:
                last += 1
                while lines[last].kind is Kind.PAGE:
                    last += 1
        start, end = lines[index].start, lines[last].end
        if kind in _MARKS and end - start <= LONGEST:
            yield Sentence(start, end, 0, True)
        elif kind is Kind.TABLE and end - start <= LONGEST:
            yield Sentence(start, end, 0)
        else:
            for first, stop in _spans(text, start, end):
                yield Sentence(first, stop, 0)
        index = last + 1


def _same_title(text: str, page: Layout, index: int) -> bool:
    """Whether the next line is a further line of this headline; a subtitle is its own sentence."""
    following = page.lines[index + 1]
    return (
        following.kind is Kind.TITLE
        and following.level == page.lines[index].level
        and text[following.start] not in "—─-"
    )


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph."""
    ends, semicolons = _boundaries(text, start, end)
    ends.append(end)
    position = start
    semi = 0
    for stop in ends:
        while semi < len(semicolons) and semicolons[semi] <= position:
            semi += 1
        cuts: list[int] = []
        while semi < len(semicolons) and semicolons[semi] < stop:
            cuts.append(semicolons[semi])
            semi += 1
        if stop - position < LONG:
            cuts = []
        checked, worded = position, False
        for cut in (*cuts, stop):
            worded = worded or _LETTER.search(text, checked, cut) is not None
            checked = cut
            if cut != stop and not worded:
                continue
            yield from _bounded(text, *_trim(text, position, cut))
            position, worded = cut, False


def _boundaries(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where sentences and where their parts at ；end, but within short quotations and brackets."""
    ends: list[int] = []
    semicolons: list[int] = []
    stack: list[tuple[str, int, int, int]] = []  # mark, offset, len(ends), len(semicolons)
    for match in _SCAN.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if match.lastgroup == "end":
            if mark != "." or _is_full_stop(text, start, at, end):
                ends.append(match.end())
        elif match.lastgroup == "semi":
            semicolons.append(match.end())
        elif mark in _PAIRS or (mark == '"' and any(item[0] == '"' for item in stack)):
            _close(text, start, mark, at, stack, ends, semicolons)
        else:
            stack.append((mark, at, len(ends), len(semicolons)))
            del stack[:-_DEEPEST]
    return _settled(text, start, end, ends), semicolons


def _close(
    text: str,
    start: int,
    mark: str,
    at: int,
    stack: list[tuple[str, int, int, int]],
    ends: list[int],
    semicolons: list[int],
) -> None:
    """Take a closing mark: it stays with its sentence, and a short quotation is not split."""
    adjacent = bool(ends) and (ends[-1] == at or not text[ends[-1] : at][:8].strip())
    opening = _PAIRS.get(mark, '"')
    depth = len(stack) - 1
    while depth >= 0 and stack[depth][0] != opening:
        depth -= 1
    if depth < 0:
        if adjacent:
            ends[-1] = at + 1
        return
    _, opened, before, parts = stack[depth]
    del stack[depth:]
    if at - opened <= _KEEP_WHOLE.get(opening, LONG):
        del ends[before:]
        del semicolons[parts:]
    elif adjacent:
        ends.pop()
    if adjacent and opening != "《" and _stands_alone(text, start, opened, ends):
        ends.append(at + 1)


def _stands_alone(text: str, start: int, opened: int, ends: list[int]) -> bool:
    """Whether a quotation is speech (its own, or after a colon or comma), not part of a clause."""
    before = opened
    while before > start and text[before - 1] in BLANK:
        before -= 1
    if before <= start or (ends and before <= ends[-1]):
        return True
    return text[before - 1] in "：:，,。！？!?…；;”」』“「‘—说道问称"


def _is_full_stop(text: str, start: int, at: int, end: int) -> bool:
    """Whether the dot at ``at`` ends an English sentence."""
    following = text[at + 1 : min(end, at + 20)].lstrip()
    if text[at - 1 : at].isdigit() and following[:1].isdigit():
        return False
    if _ABBREVIATION.search(text[max(start, at - 8) : at]):
        return not text[at + 1 : end].strip() if end - at < 4 else False
    return _NEXT_CAPITAL.match(text, at + 1, min(end, at + 40)) is not None


def _settled(text: str, start: int, end: int, ends: list[int]) -> list[int]:
    """The ends after which a sentence begins: no comma, attribution, credit or mere marks."""
    result: list[int] = []
    checked, worded = start, False  # whether the sentence so far holds a letter
    for position, stop in enumerate(ends):
        worded = worded or _LETTER.search(text, checked, stop) is not None
        checked = stop
        if not worded or stop >= end or _GOES_ON.match(text, stop, min(end, stop + 8)):
            continue
        if text[stop - 1] in '”」』"' and _ATTRIBUTION.match(text, stop, min(end, stop + 50)):
            continue
        if end - stop <= 30 and _CREDIT.match(text, stop, end):
            continue
        following = ends[position + 1] if position + 1 < len(ends) else end
        if _LETTER.search(text, stop, following) is None:
            continue
        result.append(stop)
        worded = False
    return result


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """``[start, end)`` in pieces of at most LONGEST characters, cut at commas if there are any."""
    while end - start > LONGEST:
        pieces = -(-(end - start) // LONGEST)
        aim = start + min(LONGEST, (end - start) // pieces + 40)
        cut = 0
        for match in _COMMA.finditer(text, start + LONGEST // 4, aim):
            cut = match.end()
        if not cut:
            cut = aim
        yield _trim(text, start, cut)
        start = cut
        while start < end and text[start] in BLANK:
            start += 1
    if start < end:
        yield _trim(text, start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in BLANK:
        start += 1
    while end > start and text[end - 1] in BLANK:
        end -= 1
    return start, end
