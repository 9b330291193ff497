"""A text that somebody wrote, as the claims in it: each with where it stands and what it cites.

Headings, questions, tables, code and the list of sources at the end claim nothing. Marks of lists,
quotations and emphasis are left out, and so are addresses of links.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.reading import reading
from rag.text.sentences import split_sentences
from rag.text.tokens import tokens

_FENCE = re.compile(r"[ \t]*(```+|~~~+)")
_TABLE_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*$")
_RULE = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,}|={3,})[ \t]*$")
_HEADING = re.compile(
    r"[ \t]{0,3}#{1,6}(?:[ \t]|$)|[ \t]{0,3}\S[^。！？!?；;，,]{0,40}[：:][ \t]*$"
)
_NUMBERED_HEADING = re.compile(
    r"[ \t]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]{1,3}[章节部])"
    r"[^。！？!?；;，,0-9]{1,30}$"
)
_LEAD = re.compile(r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+•·]|\d{1,2}[.)、])[ \t]+(?:\[[ xX]\][ \t]+)?)?")
_WRAPPED = 25
"""A shorter line is a title or a paragraph of its own."""
_ENDED = re.compile(r"[。！？!?；;…：:][”’」』）)》\]\[\d^\s]*$|[.][\s\])\"]*$")
_ITEM = re.compile(r"[^>\s]")
_TITLE = re.compile(r"[^。！？!?；;，,：:…]{1,24}")
_DIGIT = re.compile(r"[0-9０-９]|[一二三四五六七八九十百千万亿两]{2}")
_SOURCES = re.compile(
    r"[ \t]*#{0,6}[ \t]*\**(?:参考(?:资料|文献|来源)?|资料来源|信息来源|引用来源|来源|出处|注释?|脚注"
    r"|references?|sources?|notes?)\**[ \t]*[：:]?[ \t]*$",
    re.IGNORECASE,
)
_DEFINED = re.compile(r"[ \t]*[\[【［〔]\^?(\d{1,3})[\]】］〕][ \t]*[:：.、]?[ \t]*(\S.*)$")
_LISTED = re.compile(r"[ \t]*(?:[-*+•·][ \t]+)?(\d{1,3})[.、)）．][ \t]*(\S.*)$")
_MARKS = re.compile(
    r"[ \t]*[\[【［〔][ \t]*\^?(\d{1,3}(?:\s*[-,，、;；–—~～]\s*\d{1,3})*)[ \t]*[\]】］〕](?!\()"
)
_RANGE = re.compile(r"(\d{1,3})\s*[-–—~～]\s*(\d{1,3})")
_LINK = re.compile(r"!\[[^\]\n]*\]\([^)\s]*(?:\s[^)]*)?\)|\[([^\]\n]+)\]\([^)\s]*(?:\s[^)]*)?\)")
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>\n]{0,200}>", re.DOTALL)
_ADDRESS = re.compile(r"<?https?://[^\s<>（）()，。；、]+>?")
_EMPHASIS = re.compile(r"\*\*|__|~~|`+|(?<![*\w])\*(?=\S)|(?<=\S)\*(?![*\w])")
_QUESTION = re.compile(r"[?？][\s”’」』）)]*$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a draft, ``draft[start:end]``. ``text`` is it without marks of citation and
    emphasis; ``sources`` is what its citation marks stand for in the list of sources."""

    text: str
    start: int
    end: int
    sources: tuple[str, ...] = ()


def claims(draft: str) -> list[Claim]:
    """The sentences of ``draft`` that claim something, in order."""
    paragraphs, defined = _paragraphs(draft)
    found: list[Claim] = []
    for index, paragraph in enumerate(paragraphs):
        text, back, marks = _without(draft, paragraph)
        first = paragraph[0][0]
        item = _ITEM.search(draft, draft.rfind("\n", 0, first) + 1, first) is not None
        sentences = split_sentences(text)
        spans = [(sentence.start, sentence.end) for sentence in sentences]
        cited = _owned(marks, spans, text)
        for sentence, numbers in zip(sentences, cited, strict=True):
            start, end = sentence.start, sentence.end
            said = reading(text[start:end]).strip()
            # A line of its own that counts something, or an item of a list, is no mere title.
            heads = sentence.heading or (index + 1 < len(paragraphs) and _TITLE.fullmatch(said))
            title = heads and not item and not _DIGIT.search(said)
            if title or not tokens(said) or _QUESTION.search(said):
                continue
            sources = tuple(dict.fromkeys(defined[n] for n in numbers if n in defined))
            found.append(Claim(said, back[start], back[end - 1] + 1, sources))
    return found


def _paragraphs(draft: str) -> tuple[list[list[tuple[int, int]]], dict[int, str]]:
    """The spans of the lines that may claim something, by paragraph, and the list of sources by
    number. An item of a list is a paragraph, and so is what stands between lines left out."""
    kept: list[list[tuple[int, int]]] = []
    defined: dict[int, str] = {}
    fence, listing = "", False
    start = 0
    lines = draft.splitlines(keepends=True)
    for index, whole in enumerate(lines):
        line, at = whole.rstrip("\r\n"), start
        start += len(whole)
        if opened := _FENCE.match(line):
            if not fence:
                fence = opened[1][:3]
            elif fence == opened[1][:3]:
                fence = ""
            continue
        if fence or _TABLE_ROW.match(line) or _TABLE_RULE.match(line) or _RULE.match(line):
            continue
        after = lines[index + 1] if index + 1 < len(lines) else ""
        if "|" in line and _TABLE_RULE.match(after.rstrip("\r\n")):
            continue
        if _SOURCES.match(line):
            listing = True
            continue
        if source := _DEFINED.match(line) or (_LISTED.match(line) if listing else None):
            if listing or "[^" in line[: source.start(2)] or _only_sources(lines[index:]):
                defined[int(source[1])] = source[2].strip()
                continue
        elif line.strip() and _HEADING.match(line):
            listing = False
        if _HEADING.match(line) or _NUMBERED_HEADING.match(line):
            continue
        if not line.strip():
            continue
        lead = _LEAD.match(line)
        span = (at + (lead.end() if lead else 0), start)
        item = lead and _ITEM.search(lead.group())
        if kept and kept[-1][-1][1] == at and not item and _goes_on(draft, kept[-1][-1]):
            kept[-1].append(span)
        else:
            kept.append([span])
    return kept, defined


def _goes_on(draft: str, line: tuple[int, int]) -> bool:
    """Whether a line is wrapped rather than ended: long, and without the end of a sentence."""
    text = draft[slice(*line)].rstrip()
    return len(text) >= _WRAPPED and not _ENDED.search(text)


def _only_sources(lines: Sequence[str]) -> bool:
    """Whether all that follows to the end of the draft is a list of sources."""
    return all(not line.strip() or _DEFINED.match(line.rstrip("\r\n")) for line in lines)


def _without(
    draft: str, kept: Sequence[tuple[int, int]]
) -> tuple[str, list[int], list[tuple[int, str]]]:
    """The kept lines without marks and addresses; for each character its offset in ``draft``; each
    citation mark with the offset in the result at which it stood."""
    parts: list[str] = []
    back: list[int] = []
    marks: list[tuple[int, str]] = []
    for index, (start, end) in enumerate(kept):
        line = draft[start:end]
        if index + 1 < len(kept):  # wrapped: the break is a space between Latin words, else nothing
            line = line.rstrip()
            if line[-1:].isascii() and draft[kept[index + 1][0]].isascii():
                line += " "
        gone = bytearray(len(line))
        for match in _LINK.finditer(line):
            inner = match.span(1)
            for at in range(*match.span()):
                gone[at] = not inner[0] <= at < inner[1]
        for pattern in (_TAG, _ADDRESS, _EMPHASIS):
            for match in pattern.finditer(line):
                gone[match.start() : match.end()] = b"\1" * (match.end() - match.start())
        noted = {match.end(): match for match in _MARKS.finditer(line)}
        for match in noted.values():
            gone[match.start() : match.end()] = b"\1" * (match.end() - match.start())
        for at, char in enumerate(line):
            if at in noted:
                marks.append((len(back), noted[at][1]))
            if not gone[at]:
                parts.append(char)
                back.append(start + at)
        if len(line) in noted:
            marks.append((len(back), noted[len(line)][1]))
    return "".join(parts), back, marks


def _owned(
    marks: Sequence[tuple[int, str]], spans: Sequence[tuple[int, int]], text: str
) -> list[list[int]]:
    """The numbers cited by each span: a mark belongs to the sentence that it stands in or ends."""
    cited: list[list[int]] = [[] for _ in spans]
    ends = [end for _, end in spans]
    for at, written in marks:
        index = bisect_left(ends, at)
        behind = index < len(spans) and at <= spans[index][0]
        if index == len(spans) or (index and behind and "\n" not in text[ends[index - 1] : at]):
            index -= 1
        if index >= 0:
            cited[index] += _numbers(written)
    return cited


def _numbers(written: str) -> list[int]:
    """``1-3, 5`` as 1, 2, 3, 5."""
    found: list[int] = []
    for part in re.split(r"[,，、;；]", written):
        if ends := _RANGE.search(part):
            found += range(int(ends[1]), min(int(ends[2]), int(ends[1]) + 20) + 1)
        elif part.strip():
            found.append(int(part))
    return found
