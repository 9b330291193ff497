"""Lists that answer each other: "A、B分别为x、y" gives x to A and y to B.

So do "A和B同比下降x、y" without the 分别, and "前者x，后者y" behind "A和B".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.kinds import comparable
from rag.verify.nearness import ahead
from rag.verify.words import View

Span = tuple[int, int]

_LIST = re.compile(r"分别|依次|各为")
_JOIN = re.compile(r"、|和|与(?!会)|以及|及(?!其)|(?<=年)，(?=\d{4}年)")
_ENDS = set("。;:!?")
_MARKS = set("，。;:!?(（")
_FORMER, _LATTER = re.compile("前者"), re.compile("后者")
_TWO = re.compile(
    r"(?P<one>[^，。;:、和与及]{1,14})(?:和|与|、|以及|及)(?P<two>[^，。;:、和与及]{1,14})"
)
_NEW = re.compile(r"[，;][^约近超逾为达是和及]{2,}")
_BEFORE = re.compile(r"同期|上述|报告期|期间|对应")
_BACK = 90
"""Characters before 分别 in which its labels stand."""
_SHORT = 3
"""The length of a label whose end nothing shows."""


@dataclass(frozen=True, slots=True)
class Listing:
    """``labels[k]`` is the span whose amounts are ``amounts[k]``, by index; two labels or more."""

    labels: tuple[Span, ...]
    amounts: tuple[tuple[int, ...], ...]
    start: int
    """Where the sentence begins that says it."""


def listings(view: View) -> list[Listing]:
    """The lists of a text, in order; none where labels and amounts differ in number."""
    found: list[Listing] = []
    for mark in _LIST.finditer(view.text):
        behind = _run(view, mark.end())
        if len(behind) < 2:
            continue
        start = _begins(view.text, mark.start())
        labels = _items(view, start, mark.start(), len(behind))
        labels = labels or _counted_clauses(view, start, mark.start(), len(behind))
        if not labels and found and _BEFORE.search(view.text[start : mark.start()]):
            labels = found[-1].labels if len(found[-1].labels) == len(behind) else ()
        if labels:
            found.append(Listing(labels, tuple((at,) for at in behind), start))
    marked = {at for one in found for group in one.amounts for at in group}
    for run in _bare_runs(view):
        if not marked & set(run):
            first = view.amounts[run[0]].start
            start = _clause_begins(view.text, first)
            labels = _items(view, start, first, len(run))
            if labels:
                found.append(Listing(labels, tuple((at,) for at in run), start))
    return found + _former(view)


def listed(view: View) -> dict[tuple[int, int], float]:
    """For "A、B分别为x、y": how much the characters of A belong to x and to y.

    Keys are (offset, index of the amount); offsets outside such lists have none.
    """
    found: dict[tuple[int, int], float] = {}
    for listing in listings(view):
        every = [at for group in listing.amounts for at in group]
        inside = {place for start, end in listing.labels for place in range(start, end)}
        first = view.amounts[every[0]].start
        for place in range(listing.start, first):
            if place not in inside:
                # What is said of all of them stands as near to each as to the first.
                for at in every:
                    found[place, at] = ahead(view, place, first)
        for n, (start, end) in enumerate(listing.labels):
            for place in range(start, end):
                for k, group in enumerate(listing.amounts):
                    for at in group:
                        found[place, at] = 1.3 if k == n else 0.1
    return found


def _begins(text: str, at: int) -> int:
    """Where the sentence of ``at`` begins, within ``_BACK`` characters."""
    start = at
    while start and text[start - 1] not in _ENDS and at - start < _BACK:
        start -= 1
    return start


def _clause_begins(text: str, at: int) -> int:
    start = at
    while start and text[start - 1] not in _MARKS:
        start -= 1
    return start


def _run(view: View, start: int) -> list[int]:
    """The amounts of one kind that follow each other behind ``start``, little between them."""
    run: list[int] = []
    last = start
    for at, amount in enumerate(view.amounts):
        if amount.start < start or view.part[amount.start] != view.part[start]:
            continue
        if amount.start - last > (26 if not run else 8):
            break
        if run and not comparable(view.amounts[run[0]], amount):
            break
        if run and _NEW.search(view.text[last : amount.start]):
            break
        run.append(at)
        last = amount.end
    return run


def _bare_runs(view: View) -> list[list[int]]:
    """Amounts of one unit joined by nothing but 、 or 和: 16.6%、21.4%."""
    runs: list[list[int]] = []
    for at, amount in enumerate(view.amounts):
        last = view.amounts[runs[-1][-1]] if runs and runs[-1][-1] == at - 1 else None
        between = view.text[last.end : amount.start] if last else ""
        if last and last.unit == amount.unit and between in {"、", "和", "与", "及"}:
            runs[-1].append(at)
        else:
            runs.append([at])
    return [run for run in runs if len(run) > 1 and view.amounts[run[0]].unit not in _WHEN]


_WHEN = {"", "year", "month", "day", "hour", "quarter", "ordinal"}


def _items(view: View, start: int, end: int, count: int) -> tuple[Span, ...]:
    """The ``count`` items of the list that is nearest before ``end``; () where there is none."""
    stop = end
    while stop > start:
        begin = stop
        while begin > start and (
            view.text[begin - 1] not in _MARKS or _JOIN.match(view.text, begin - 1)
        ):
            begin -= 1
        cuts = [m for m in _JOIN.finditer(view.text, begin, stop) if begin < m.start()]
        if (
            len(cuts) >= count
            and "的" in view.text[cuts[count - 2].end() : cuts[count - 1].start()]
        ):
            stop, cuts = cuts[count - 1].start(), cuts[: count - 1]  # A、B的产量与去年持平
        if len(cuts) == count - 1:
            bounds = [begin, *(place for m in cuts for place in m.span()), stop]
            spans = [(bounds[i], bounds[i + 1]) for i in range(0, len(bounds), 2)]
            if all(b - a >= 1 for a, b in spans):
                return _trimmed(view, spans)
        stop = begin - 1
    return ()


def _counted_clauses(view: View, start: int, end: int, count: int) -> tuple[Span, ...]:
    """The clauses before 分别 that each have an amount: 航班x架次，旅客y人次，同比分别增长a、b."""
    clauses: list[Span] = []
    for amount in view.amounts:
        if not start <= amount.start < end or amount.unit in _WHEN:
            continue
        begin = _clause_begins(view.text, amount.start)
        if clauses and begin < clauses[-1][1]:
            return ()
        clauses.append((begin, amount.end))
    return tuple(clauses) if len(clauses) == count else ()


def _trimmed(view: View, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The first item without what stands before the list, the last without what is said of all."""
    (a, b), (c, d) = spans[0], spans[-1]
    whole = False
    for amount in view.amounts:  # 2021年、2020年: a date ends where it ends
        if a <= amount.start and amount.end == b:
            a, whole = amount.start, True
        if amount.start == c:
            d = min(d, amount.end)
    first, last = view.text[a:b], view.text[c:d]
    if "的" in last[1:]:
        last = last[: last.index("的", 1)]
    if "的" in first[:-1]:
        first = first[first.rindex("的", 0, len(first) - 1) + 1 :]
    middle = [stop - start for start, stop in spans[1:-1]]
    size = (
        max(b - a, d - c) if whole else max(middle) if middle else max(_SHORT, _alike(first, last))
    )
    first, last = first[-size:], last[:size]
    return ((b - len(first), b), *spans[1:-1], (c, c + len(last)))


def _alike(first: str, last: str) -> int:
    """The greatest length at which the one's end and the other's beginning end in the same two
    characters: 高档酒类产品 and 中档酒类产品."""
    best = 0
    for size in range(2, min(len(first), len(last), 16) + 1):
        if first[-2:] == last[size - 2 : size]:
            best = size
    return best


def _former(view: View) -> list[Listing]:
    """What 前者 and 后者 say of the two that were named before."""
    found = []
    for mark in _FORMER.finditer(view.text):
        latter = _LATTER.search(view.text, mark.end())
        if not latter or view.part[latter.start()] != view.part[mark.start()]:
            continue
        start = max(0, mark.start() - _BACK)
        pairs = [m for m in _TWO.finditer(view.text, start, mark.start())]
        pairs = [m for m in pairs if view.part[m.start()] == view.part[mark.start()]]
        end = latter.end()
        while end < len(view.text) and view.text[end] not in _ENDS:
            end += 1
        ones = [i for i, a in enumerate(view.amounts) if mark.end() <= a.start < latter.start()]
        twos = [i for i, a in enumerate(view.amounts) if latter.end() <= a.start < end]
        if pairs and ones and twos:
            labels = _trimmed(view, [pairs[-1].span("one"), pairs[-1].span("two")])
            found.append(Listing(labels, (tuple(ones), tuple(twos)), labels[0][0]))
    return found
