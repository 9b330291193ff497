"""The English lexicon: what English words and phrases are called in Chinese."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from rag.retrieve.english import PARTICLES, STOP, base_forms, content_words, figure_names
from rag.retrieve.pinyin import pinyin_names

DATA = Path(__file__).parent / "data"
_PHRASE = 6
"""The most English words that are looked up as one."""
_COMMON = frozenset(
    "首次两一像住大小高低长短深新旧好开出升降占建办说用做到来去上下中前后内外多少老家国市省区县镇村"
    "院校部报词维点光力元场水版期套人年月日时名位个项条种件会员事地方金分合同提定"
)
"""Names of English words that stand in every text: they count only where there is no longer one."""


def lines(name: str) -> list[str]:
    """The lines of a file in ``data`` without comments."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def english_table() -> Mapping[str, tuple[str, ...]]:
    """English content words, joined by a space, to Chinese names, the likeliest first."""
    table: dict[str, dict[str, None]] = defaultdict(dict)
    for line in lines("english.txt"):
        keys, _, others = line.partition("\t")
        for key in keys.split("|"):
            table[lexicon_key(key)].update(dict.fromkeys(others.split()))
    table.pop("", None)
    return {
        key: tuple(other for other in others if other not in _COMMON) or tuple(others)
        for key, others in table.items()
    }


def lexicon_key(phrase: str) -> str:
    """An English phrase as it is looked up: its content words."""
    words = phrase.split(" ")
    if all(map(str.isalpha, words)):  # no figure and nothing to cut: most of the lexicon
        return " ".join(word for word in words if word not in STOP)
    return " ".join(content_words(phrase))


@lru_cache(maxsize=4096)
def english_names(phrase: str) -> tuple[str, ...]:
    """Chinese names of English content words joined by a space, the likeliest first; () for what
    the lexicon lacks. An inflected word is looked up by its base form; what no entry is made of may
    be a name in pinyin."""
    if figures := figure_names(phrase):
        return tuple(sorted(figures, key=len))
    return entry(phrase) or (() if _is_entries(phrase) else pinyin_names(phrase))


def understood(phrase: str) -> bool:
    """Whether the lexicon has an English phrase, or it is a figure."""
    return bool(figure_names(phrase) or entry(phrase))


def entry(phrase: str) -> tuple[str, ...]:
    table = english_table()
    if phrase in table:
        return table[phrase]
    head, space, last = phrase.rpartition(" ")
    forms = [f"{head}{space}{form}" for form in base_forms(last)]
    first, space, tail = phrase.partition(" ")
    forms += [f"{form}{space}{tail}" for form in base_forms(first)] if space else []
    return next((table[form] for form in forms if form in table), ())


def _is_entries(phrase: str) -> bool:
    """Whether the lexicon has every word of a phrase."""
    return all(entry(word) for word in phrase.split())


def joined(words: Sequence[str], known: Callable[[str], bool]) -> list[str]:
    """Words with those that make a known phrase joined by a space, the longest phrases first."""
    found: list[str] = []
    at = 0
    while at < len(words):
        sizes = range(min(_PHRASE, len(words) - at), 1, -1)
        size = next((n for n in sizes if known(" ".join(words[at : at + n]))), 1)
        found.append(" ".join(words[at : at + size]))
        at += size
    return found


def english_words(folded: str) -> list[str]:
    """The content words of an English question, phrases of the lexicon joined."""
    words = joined(content_words(folded), lambda phrase: bool(english_names(phrase)))
    return [word for word in words if word not in PARTICLES]
