"""Sections: the articles, headings, questions and answers of a document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rag.text import patterns
from rag.text.lines import Kind, Line
from rag.text.paragraphs import Layout, layout
from rag.text.reading import reading
from rag.types import Section, SectionKind

_OPENS_ARTICLE = frozenset(
    {Kind.HEADING, Kind.TITLE, Kind.BYLINE, Kind.DATELINE, Kind.RESUME, Kind.END}
)
_REPORTER = re.compile(r"[（(]\s*((?:本报|本刊|本网)?(?:记者|通讯员)[^）)]{1,30})[）)]")
_FURNITURE = re.compile(r"(?:本期|本版|今日|内容)?(?:导读|提要|要目|目录)$")
_LABEL_ONLY = re.compile(r"(?:回答|答复?|A)\s?[0-9一二三四五六七八九十]{0,2}$")


@dataclass(slots=True)
class _State:
    """What is true at the line that is being read."""

    text: str
    sections: list[Section] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)
    start: int = 0
    kind: SectionKind = "body"
    byline: str = ""
    speaker: str = ""
    empty: bool = True  # only headings and bylines since the section began
    fresh: bool = True  # nothing at all since the section began
    closed: bool = False  # the article's end has been read
    named: bool = False  # the byline was read in this section, not inherited

    def cut(self, line: Line) -> None:
        """Begin a section at ``line``, unless the current one is empty so far."""
        if self.fresh:
            return
        if line.begin > self.start:
            self.sections.append(self._section(line.begin))
            self.start = line.begin
        self.kind, self.speaker = "body", ""
        self.empty, self.fresh, self.named = True, True, False

    def forget(self) -> None:
        """A new article: nothing of the one before holds."""
        self.titles.clear()
        self.byline = ""

    def push(self, level: int, title: str) -> None:
        while self.titles and self.titles[-1][0] >= level:
            self.titles.pop()
        if title:
            self.titles.append((level, title))

    def _section(self, end: int) -> Section:
        titles = tuple(title for _, title in self.titles)
        return Section(self.start, end, titles, self.kind, self.byline, self.speaker)

    def finish(self) -> tuple[Section, ...]:
        if len(self.text) > self.start:
            self.sections.append(self._section(len(self.text)))
        return tuple(self.sections)


def split_sections(text: str) -> tuple[Section, ...]:
    """The sections of a document; they tile it from 0 to its length. Empty text has none.

    A section begins at its heading. Titles go from the outermost to the innermost; those of one
    article never reach into the next one.
    """
    return sections_of(text, layout(text))


def sections_of(text: str, page: Layout) -> tuple[Section, ...]:
    """The sections of a text whose lines are known."""
    state = _State(text)
    lines = page.lines
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        _take(state, line, lines[index - 1] if index else None, following)
    return _with_speakers(state.finish())


def _take(state: _State, line: Line, before: Line | None, following: Line | None) -> None:
    text, kind = state.text, line.kind
    if state.closed and kind not in (Kind.END, Kind.PAGE):
        state.cut(line)
        state.forget()
        state.closed = False
    if kind is Kind.PAGE:
        return
    if kind is Kind.END:
        state.closed = True
    elif kind is Kind.HEADING:
        if not state.empty:
            state.cut(line)
        title = _title(text, line)
        if _FURNITURE.match(title):
            state.forget()
        state.push(line.level, title)
    elif kind is Kind.TITLE:
        _take_title(state, line, before)
    elif kind is Kind.RESUME:
        state.cut(line)
        state.forget()
        state.push(0, _title(text, line))
    elif kind is Kind.BYLINE:
        _take_byline(state, line, following)
    elif kind is Kind.DATELINE:
        if not state.empty:
            state.cut(line)
            state.forget()
        if not state.named:
            state.byline = _agency(text[line.start : line.end][:80])
    elif kind is Kind.CLAUSE:
        if not state.empty:
            state.cut(line)
        match = patterns.CLAUSE.match(text[line.start : line.end][:20])
        state.push(line.level, match.group().strip(" \u3000：:【") if match else "")
    elif kind in (Kind.QUESTION, Kind.ANSWER):
        if not state.empty:
            state.cut(line)
        state.kind = "question" if kind is Kind.QUESTION else "answer"
        state.speaker = _speaker(state, line)
    state.fresh = False
    state.empty = state.empty and kind in _OPENS_ARTICLE and kind is not Kind.DATELINE


def _take_title(state: _State, line: Line, before: Line | None) -> None:
    title = _title(state.text, line)
    continues = (
        before is not None
        and before.kind is Kind.TITLE
        and before.level == line.level
        and bool(state.titles)
    )
    if continues:
        level, first = state.titles.pop()
        joint = " " if first[-1].isascii() and title[:1].isascii() else ""
        state.titles.append((level, first + joint + title))
        return
    if not state.empty:
        state.cut(line)
    if line.level == 0:
        state.forget()
    state.push(line.level, title)


def _take_byline(state: _State, line: Line, following: Line | None) -> None:
    name = reading(state.text[line.start : line.end]).strip(" （）()【】")
    if state.empty:
        state.byline = f"{state.byline} {name}" if state.named else name
        state.named = True
        return
    if following is None or following.kind in _OPENS_ARTICLE:
        state.byline = state.byline or name  # a credit below the text
        return
    state.cut(line)
    state.forget()
    state.byline, state.named = name, True


def _title(text: str, line: Line) -> str:
    return reading(text[line.start : line.end]).strip("*_ ")


def _agency(head: str) -> str:
    """Who a dateline names: the reporter in brackets, else the agency."""
    dateline = patterns.DATELINE.match(head)
    if dateline is None:
        return ""
    reporter = _REPORTER.match(head[dateline.end() :].lstrip())
    if reporter is not None:
        return " ".join(reporter.group(1).split())
    agency = re.match(
        r"【?据?(新华社|中新社|新华网|人民网|中新网|央视网|中国新闻网|本报|本刊|本网)", head
    )
    return agency.group(1) if agency is not None else ""


def _speaker(state: _State, line: Line) -> str:
    """Who answers: the name that labels the answer, else the person in the heading above."""
    if line.kind is Kind.ANSWER:
        label = patterns.LABEL.match(state.text[line.start : line.end][:40].lstrip("*_ "))
        if label is not None and not _LABEL_ONLY.match(label.group(1)):
            return label.group(1)
    if state.titles:
        heading = patterns.without_number(state.titles[-1][1])
        if patterns.is_person(heading):
            return heading
    return ""


def _with_speakers(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """A question's speaker is who answers it."""
    result = list(sections)
    speaker = ""
    for index in range(len(result) - 1, -1, -1):
        section = result[index]
        if section.kind == "answer":
            speaker = section.speaker
        elif section.kind == "question":
            if not section.speaker and speaker:
                result[index] = replace(section, speaker=speaker)
            speaker = ""
        else:
            speaker = ""
    return tuple(result)
