"""Does a sentence stand on its quotes? A first check, by rule: coverage, numbers, negation.

What it cannot see: a paraphrase in wholly other words (it says "unsupported"), and facts of the
quotes recombined wrongly without a changed number, name or negation (it says "supported").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.figures import Figure, figures, han_figures, normal, without_han
from rag.types import Verdict

SUPPORTED = 0.6
PARTIAL = 0.35
"""Shares of the sentence's character bigrams (and Latin words) that the quotes must hold."""

_FRAME = re.compile(
    r"^(?:因此|所以|综上|总之|其中|此外|同时|另外)[、,:]?|(?:根据|据)(?:资料|文件|报道|材料|文中)(?:显示|所述|介绍)?[、,:]?"
    r"|资料(?:显示|指出|提到)[、,:]?"
)
_NEUTRAL = re.compile(
    r"达到|约为|大约|大概|共有|总共|共计|合计|总计|表示|指出|介绍|提到|认为|称|分别|其中|以及|并且|而且|该|此"
)
_FUNCTION = set("的了是在于和与及并对为也将已则就都而其以至到从由向被把")
_TOKEN = re.compile(r"[a-z]+|[\u3400-\u9fff]+")

_NEGATION = re.compile(r"没有|并未|尚未|从未|未能|未曾|未|不|没|无|非|禁止")
_NOT_NEGATION = re.compile(
    r"不断|不仅|不少|不同|不足|不久|不但|不过|不论|不管|不止|不禁|不只|不等|不妨|不光|不愧|不锈|不乏"
    r"|未来|无人|无论|无线|无锡|无限|无疑|无数|无不|非常|非洲|非遗|非凡|没收|前所未有|源源不|并非没有|无非"
    r"|不得不|不可或缺|必不可少|不可缺少|不懈|不已"
)
_UP = r"增长|上升|提高|提升|增加|上涨|扩大|升至|增至|攀升|回升|升高|增速"
_DOWN = r"下降|减少|降低|下滑|回落|缩小|下跌|降至|减至|跌至|萎缩|负增长"
_DIRECTION = re.compile(rf"(?P<down>{_DOWN})|(?P<up>{_UP})")
_REACH = 8
"""Characters before a number in which its verb stands."""


def verify(
    sentence: str, quotes: Sequence[str], context: Sequence[str] = ()
) -> tuple[Verdict, str]:
    """The verdict on a sentence and a short reason in Chinese ("" when supported).

    ``quotes`` are what it cites; ``context`` (titles, speaker, date of the quotes) may supply
    names and years, never a claim. Never "wrong_source": that needs the other sources.
    """
    if not quotes:
        return "uncited", "没有引用"
    said, source = _FRAME.sub("", normal(sentence)), [normal(quote) for quote in quotes]
    around = [normal(text) for text in context]
    wanted = _grams(said)
    if not wanted and not figures(said):
        return "unsupported", "没有可核对的内容"
    held = set().union(*(_grams(text) for text in source + around))
    own = set().union(*(_grams(text) for text in source))
    share = sum(gram in held for gram in wanted) / len(wanted) if wanted else 1.0
    if share < PARTIAL or (wanted and not any(gram in own for gram in wanted)):
        return "unsupported", f"引文只含这句话的{share:.0%}"
    if missing := _missing_figure(said, source, around):
        return "number_mismatch", f"引文里没有“{missing}”"
    if word := _contradiction(said, source):
        return "negation_mismatch", f"与引文的肯定、否定或升降相反：“{word}”"
    if novel := _novel(said, "".join(source + around)):
        return "partial", f"引文没有提到“{novel}”"
    if share < SUPPORTED:
        return "partial", f"引文只含这句话的{share:.0%}"
    return "supported", ""


def _tokens(text: str) -> list[str]:
    # Verbs of direction are compared by their own rule: here they are all one word.
    text = _DIRECTION.sub(" updown ", _NEUTRAL.sub("", text))
    return _TOKEN.findall("".join(char for char in text if char not in _FUNCTION))


def _grams(text: str) -> list[str]:
    """Bigrams of Chinese runs (a lone character whole), and Latin words."""
    grams: list[str] = []
    for token in _tokens(text):
        if token[0].isascii() or len(token) == 1:
            grams.append(token)
        else:
            grams += [token[at : at + 2] for at in range(len(token) - 1)]
    return grams


def _missing_figure(said: str, source: Sequence[str], around: Sequence[str]) -> str:
    """The first number of the sentence that no quote holds; "" where all are there."""
    held = [figure for text in source for figure in figures(text) + han_figures(text)]
    dates = [f for text in around for f in figures(text) if f.unit in {"year", "month", "day"}]
    held += dates + [f for text in around for f in figures(text) if 1900 <= f.value < 2100]
    whole = "".join(source) + "".join(around)
    for figure in figures(said):
        if not any(figure.matches(other) for other in held):
            return figure.text
    for figure in han_figures(said):
        if figure.text not in whole and not any(figure.matches(other) for other in held):
            return figure.text
    return ""


def _novel(said: str, held: str) -> str:
    """A run of two or more Chinese characters that occur nowhere in the quotes: another name."""
    for token in _tokens(without_han(said)):  # numbers are compared by value
        if token[0].isascii():
            continue
        for run in re.findall(r"\S+", "".join(c if c not in held else " " for c in token)):
            if len(run) > 1:
                return str(run)
    return ""


def _contradiction(said: str, source: Sequence[str]) -> str:
    """The word in which the sentence says the opposite of its quotes; "" where there is none."""
    whole = "。".join(source)
    return _turned(said, whole) or _flipped(said, whole)


def _flipped(said: str, source: str) -> str:
    """A number that rose in one and fell in the other, or all verbs of direction reversed."""
    there = figures(source)
    for figure in figures(said):
        mine = _direction_before(said, figure)
        theirs = {_direction_before(source, f) for f in there if figure.matches(f)}
        if mine and theirs and mine not in theirs and "" not in theirs:
            return figure.text
    up_down = {m.lastgroup for m in _DIRECTION.finditer(said)}
    other = {m.lastgroup for m in _DIRECTION.finditer(source)}
    if len(up_down) == 1 and len(other) == 1 and up_down != other:
        return next(_DIRECTION.finditer(said))[0]
    return ""


def _direction_before(text: str, figure: Figure) -> str:
    """ "up", "down" or "": the last word of direction shortly before a number, in its clause."""
    before = re.split(r"[、。;!?]|,(?!\d)", text[: figure.start])[-1][-_REACH:]
    words = [match.lastgroup for match in _DIRECTION.finditer(before)]
    return words[-1] or "" if words else ""


def _turned(said: str, source: str) -> str:
    """A word that one of the two only denies and the other only affirms."""
    denied_here, plain_here = _polarity(said)
    denied_there, plain_there = _polarity(source)
    only_here = (denied_here - plain_here) & (plain_there - denied_there)
    only_there = (denied_there - plain_there) & (plain_here - denied_here)
    return min(only_here | only_there, default="")


def _polarity(text: str) -> tuple[set[str], set[str]]:
    """Words right after a negation, and all others (bigrams of Chinese, Latin words)."""
    text = _NOT_NEGATION.sub("、", text)
    denied: set[str] = set()
    plain: set[str] = set()
    for clause in re.split(r"[^\w'%.]+", text):
        at = 0
        for match in _NEGATION.finditer(clause):
            plain.update(_pairs(clause[at : match.start()]))
            if len(follows := clause[match.end() : match.end() + 2]) == 2:
                denied.add(follows)
            at = match.end() + 2
        plain.update(_pairs(clause[at:]))
    return denied, plain


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1) if not text[at].isascii()}
