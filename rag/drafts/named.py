"""What a sentence itself names as its source: a document, a title, a newspaper, a speaker.

Read by its form (据《…》报道, （新华社3月30日）, X表示); whether the index has such a source is for
the caller to find out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal["document", "title", "outlet"]

_DATE = r"(?:(?:\d{4}年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日)"
_OUTLET = r"[\u3400-\u9fff]{2,12}?(?:社|日报|晚报|时报|导报|早报|[^\W\d预简通海汇回]报|网|电视台|广播|周刊|杂志|客户端)"
_REPORTS = r"(?:报道|刊文|刊发|刊登|刊载|消息|电|讯|文章|一文|的?记载|所述|披露|发布)"
_SAYS = r"(?:显示|指出|写道|写明|介绍|称|说|认为|提到|透露)"
_ID = re.compile(r"[\w\-./#（）()]*[\w\-]\.[A-Za-z]{2,5}(?:#[\w\-]+)?")
_AROUND_ID = r"(?:(?:根据|依据|据|来源|出自|引自|见|出处)\s*[：:]?\s*)?"
_LEAD_TITLE = re.compile(
    rf"^(?:根据|依据|按照|据)?\s*《(?P<title>[^《》]{{2,80}})》"
    rf"(?:[^，,。：:《》]{{0,12}}?(?:{_REPORTS}|{_SAYS}){{1,2}})?(?:中|里)?{_SAYS}?\s*[，,：:]"
)
_LEAD_OUTLET = re.compile(
    rf"^(?:根据|据)\s*《?(?P<outlet>{_OUTLET})》?(?:记者[\u3400-\u9fff]{{2,4}})?"
    rf"{_DATE}?(?:的|在)?(?:[\u3400-\u9fff]{{0,4}}?{_REPORTS}){{1,2}}{_SAYS}?\s*[，,：:]"
)
_PAREN = re.compile(r"\s*[（(](?P<inner>[^（）()]{2,100})[）)]")
_IN_PAREN_TITLE = re.compile(
    r"^(?:来源|资料来源|出处|出自|引自|摘自|见|据)?\s*[：:]?\s*《(?P<title>[^《》]{2,80})》"
    r"[\s，,·\d年月日第版期页]*$"
)
_IN_PAREN_OUTLET = re.compile(
    rf"^(?:来源|资料来源|出处|据)?\s*[：:]?\s*《?(?P<outlet>{_OUTLET})》?\s*[，,]?\s*"
    rf"{_DATE}?(?:\s*(?:电|讯|报道|第\d+版))*$"
)
_SPEAKER = re.compile(
    r"(?:^|[，,。；;、”])(?P<who>[^，,。；;：:“”《》、]{2,40}?)"
    r"(?:在[^，,。]{1,20}?(?:上|中|时))?(?:还|也|则|曾|进一步|同时|特别)?"
    r"(?:表示|介绍说?|指出|认为|强调|坦言|透露|谈到|说道?|称|建议|呼吁|告诉记者)[，,：:。“]"
)
_TITLED = re.compile(
    r"(?:先生|女士|教授|院士|博士|研究员|(?:副?(?:院长|主任|主席|书记|部长|局长|校长|会长|总裁|总经理)))$"
)
_PRONOUN = re.compile(
    r"^(?:他|她|它|他们|她们|其|我|我们|记者|文章|报告|报道|专家|业内|有人|数据|会议)"
)
_QUOTED = re.compile(r"“([^“”]+)”|「([^「」]+)」|\"([^\"]+)\"")
_ELLIPSIS = re.compile(r"…+|\.{3,}|\[…\]|（略）")
_EDGE = "，。！？；：、,.!?;: \t"
QUOTED = 8
"""A quotation of fewer characters is a term, not somebody's words."""
_PART = 4
_RUN_IN = 12


@dataclass(frozen=True, slots=True)
class Source:
    """What is named. ``month`` and ``day`` are 0 where no date stands with it."""

    kind: Kind
    name: str
    month: int = 0
    day: int = 0


def named(said: str, documents: Callable[[str], Collection[str]]) -> tuple[list[Source], str]:
    """The sources that ``said`` names, and ``said`` without that.

    ``documents`` gives the ids that a written file name can mean. A title at the beginning may be
    what the sentence is about: it is named, and left out, only as the lead of a report.
    """
    found: list[Source] = []

    def taken(match: re.Match[str]) -> str:
        source = _in_parentheses(match["inner"].strip(), documents)
        if source is None:
            return match.group()
        found.append(source)
        return ""

    rest = _PAREN.sub(taken, said)
    for match in reversed(list(_ID.finditer(rest))):
        if name := _file(match.group(), documents):
            found.append(Source("document", name))
            before = re.sub(rf"{_AROUND_ID}$", "", rest[: match.end() - len(name)])
            after = re.sub(
                rf"^\s*(?:中|里)?的?{_REPORTS}?{_SAYS}?[，,：:]", "", rest[match.end() :]
            )
            rest = before + after
    for pattern, kind in ((_LEAD_TITLE, "title"), (_LEAD_OUTLET, "outlet")):
        if lead := pattern.match(rest):
            found.append(_source(kind, lead))
            rest = rest[lead.end() :]
    rest = rest.strip()
    return found, rest if rest.strip(_EDGE) else said


def _file(written: str, documents: Callable[[str], Collection[str]]) -> str:
    """The file name that ends ``written``: Chinese words run into it (据004.txt). "" if none."""
    for at in range(min(len(written), _RUN_IN + 1)):
        if documents(written[at:]):
            return written[at:]
        if written[at].isascii():
            break
    return ""


def _in_parentheses(inner: str, documents: Callable[[str], Collection[str]]) -> Source | None:
    if (file := _ID.search(inner)) and (name := _file(file.group(), documents)):
        return Source("document", name)
    for pattern, kind in ((_IN_PAREN_TITLE, "title"), (_IN_PAREN_OUTLET, "outlet")):
        if match := pattern.match(inner):
            return _source(kind, match)
    return None


def _source(kind: str, match: re.Match[str]) -> Source:
    if kind == "title":
        return Source("title", match["title"])
    return Source("outlet", match["outlet"], int(match["month"] or 0), int(match["day"] or 0))


def listed(source: str, documents: Callable[[str], Collection[str]]) -> list[Source]:
    """The sources that a line of a list of sources names."""
    found = [
        Source("document", name)
        for match in _ID.finditer(source)
        if (name := _file(match.group(), documents))
    ]
    if found:
        return found
    if title := re.search(r"《([^《》]{2,80})》", source):
        return [Source("title", title[1])]
    if outlet := re.match(rf"\s*(?P<outlet>{_OUTLET})\s*{_DATE}?", source):
        return [_source("outlet", outlet)]
    return []


def outlets(text: str) -> list[str]:
    """The newspapers and agencies that ``text`` names."""
    return re.findall(_OUTLET, text)


def speakers(said: str) -> list[str]:
    """Who is said to have said something, each with what stands before the name, without title."""
    found: list[str] = []
    for match in _SPEAKER.finditer(said):
        who = match["who"].strip()
        untitled = _TITLED.sub("", who)
        if not _PRONOUN.match(who):
            found.append(untitled if len(untitled) >= 2 else who)
    return found


def same_person(who: str, text: str) -> bool:
    """Whether ``text`` names ``who``: their name stands last, its end is what titles leave."""
    return who[-2:] in text


def quotations(said: str) -> list[str]:
    """The words that stand in quotation marks, where they are more than a term."""
    found: list[str] = []
    for match in _QUOTED.finditer(said):
        inner = next(group for group in match.groups() if group is not None)
        if len(inner.strip(_EDGE)) >= QUOTED:
            parts = [part.strip(_EDGE) for part in _ELLIPSIS.split(inner)]
            found += [part for part in parts if len(part) >= _PART]
    return found
