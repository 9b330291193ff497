"""Places: what of a claim's provinces, cities and counties its evidence has not, while it has others.

A place is held by one that lies in it or that it lies in: 湖北 by 安陆. Places that no list has are
told by their slot: 在旺角的 against 在油麻地的.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt

_BEFORE = frozenset(
    '在来赴至到从于自往达位省市区县州和与及、的入访向是驻经返离由抵跟为,，。:;(（“”"日时年月 '
)
_BEHIND = frozenset("市县区镇乡省州举召警各当本地境公法检局站、,，。)）和与及的发通开到至人·")
_SHORT = 3
"""Up to this length a name must stand where a place may stand: 应城 is no place in 适应城市."""
_NO_RIVAL = 0.5
_SLOT = (
    r"(?:(?<!正)在|来到|赴|前往|抵达|到达|位于|飞往|飞赴|开往|驶往|途经|落户"
    r"|走进|走访|访问|到访|返回|离开|(?<![达得遭受感看想做])到)"
)
_PLAIN = re.compile(r"[\u3400-\u9fff]{2}")
_PLACED, _NAMED = 0.9, 0.7
"""How surely new words in such a slot are another's."""
_RARE = 7.0
"""The idf from which on a word is rare."""
_IN_SLOT = re.compile(rf"{_SLOT}$")


@dataclass(frozen=True, slots=True)
class Place:
    """``codes`` are the divisions of that name, cut to what they have in common with all inside:
    one code begins another where the other lies in it."""

    text: str
    start: int
    end: int
    codes: tuple[str, ...]


@lru_cache(maxsize=1)
def _known() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """By the first two characters, names with their codes, the longest first."""
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    text = (files("rag.verify") / "data" / "places.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        head, *entries = line.split()
        for entry in entries:
            code = re.sub(r"(?:00)+$", "", head + entry[:2])
            for name in entry[2:].split("="):
                codes[name][code] = None
    table: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for name in sorted(codes, key=len, reverse=True):
        table[name[:2]].append((name, tuple(codes[name])))
    return dict(table)


@lru_cache(maxsize=256)
def places(text: str) -> tuple[Place, ...]:
    """The places of a plain text, in order, the longest name at each point."""
    table, found, at = _known(), list[Place](), 0
    while at < len(text) - 1:
        for name, codes in table.get(text[at : at + 2], ()):
            end = at + len(name)
            if text.startswith(name, at) and _stands(text, at, end, found):
                found.append(Place(name, at, end, codes))
                at = end - 1
                break
        at += 1
    return tuple(found)


def _stands(text: str, start: int, end: int, found: list[Place]) -> bool:
    """Whether a short name stands where a place may stand."""
    common = {"城市", "城区", "地区"}
    doubtful = text[end - 2 : end] in common or text[end - 1 : end + 1] in common
    whole = text[end - 1] in "省市县区" and not doubtful
    if end - start > _SHORT or whole or not start:
        return True
    if found and found[-1].end == start:
        return True
    return text[start - 1] in _BEFORE or (not doubtful and text[end : end + 1] in _BEHIND)


def within(one: Place, other: Place) -> bool:
    """Whether ``one`` lies in ``other``, or they are the same."""
    return any(a.startswith(b) for a in one.codes for b in other.codes)


def _rivals(one: Place, other: Place) -> bool:
    """Whether two places of about one rank exclude each other."""
    sizes = {min(4, len(one.codes[0])), min(4, len(other.codes[0]))}
    return len(sizes) == 1 and not within(one, other) and not within(other, one)


def covers(name: str, text: str) -> bool:
    """Whether a place of the text lies in the place of that name: 湖北 covers 安陆."""
    known = [
        Place(name, 0, len(name), codes) for one, codes in _known().get(name[:2], ()) if one == name
    ]
    return any(within(other, one) for one in known for other in places(text))


def elsewhere(laid: Laid) -> Doubt:
    """A place of the claim that neither evidence nor context have, nor one in it; stronger where the
    evidence has another of its rank that the claim has not."""
    mine = places(laid.claim.text)
    if not mine:
        return NO_DOUBT
    theirs, around = places(laid.evidence.text), places(laid.context.text)
    near = laid.evidence.text + laid.context.text
    best = NO_DOUBT
    for place in mine:
        if place.text in near or _bare(place.text) in near:
            continue
        if any(within(other, place) for other in (*theirs, *around)):
            continue
        rivals = [
            other.text
            for other in theirs
            if other.text not in laid.claim.text and _rivals(place, other)
        ]
        strength = 1.0 if rivals else _NO_RIVAL
        if strength > best.strength:
            best = Doubt(strength, place.text, rivals[0] if rivals else "")
    return best


def _bare(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "省市县区州盟旗" else name


def slotted(laid: Laid) -> Doubt:
    """New words in the slot of a place, 在…的, or a rare new name between the same characters, where
    the evidence has other words that the claim has not."""
    said, held = laid.claim.text, laid.evidence.text
    near = held + laid.context.text
    for start, end, rare in _runs(laid):
        new = said[start:end]
        if any(new[i : i + 2] in near for i in range(len(new) - 1)):
            continue
        slot = _IN_SLOT.search(said[max(0, start - 2) : start])
        before = said[max(0, start - 2) : start]
        after = said[end : end + 2]
        if not _PLAIN.fullmatch(after) or not (slot or rare):
            continue
        tests = [(_SLOT, _PLACED)] if slot else []
        if rare and re.fullmatch(r"\w[^\W来以去可能会要再将已被所]", before):
            tests.append((re.escape(before), _NAMED))
        for left, strength in tests:
            for match in re.finditer(rf"{left}([\u3400-\u9fff]{{2,8}}?){after}", held):
                other = match[1]
                if not set(other) & set(new) and other not in said and other[:2] not in said:
                    return Doubt(strength, new, other)
    return NO_DOUBT


def _runs(laid: Laid) -> list[tuple[int, int, bool]]:
    """Stretches of two to six characters of words that neither evidence nor context hold, and whether
    one of them is rare."""
    runs: list[tuple[int, int, bool]] = []
    for word, match, around in zip(laid.claim.words, laid.matches, laid.around, strict=True):
        if max(match.share, around.share) >= 0.4 or word.text[0].isascii():
            continue
        if runs and runs[-1][1] == word.start:
            # Single characters side by side are a name that the vocabulary has not.
            pieced = word.end - word.start == 1 and word.start - runs[-1][0] == 1
            runs[-1] = (runs[-1][0], word.end, runs[-1][2] or pieced or word.weight >= _RARE)
        else:
            runs.append((word.start, word.end, word.weight >= _RARE))
    return [run for run in runs if 2 <= run[1] - run[0] <= 6]
