"""What a question asks for: which kind of value, which measure or event, and of what thing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.conflicts.wordings import Kind, kinds_in, twofold, within, wordings
from rag.retrieve.answer_type import AnswerType
from rag.retrieve.views import QuestionView
from rag.verify.amounts import amounts, plain
from rag.verify.kinds import DATES

_RARE = 0.32
"""The rarity in [0, 1] from which on a word of the question says of what thing."""
_HELD = 0.7
"""The share of the weight of those words that a source must speak of."""
_SPECIFIC = 1.0
"""The sum of their rarities from which on a question names one thing, a name by itself."""
_NAMED = 0.55
"""The same where both sentences say all of them."""
_UNKNOWN = 1 / 3
"""The rarity of a word that is in no list: mostly a name."""
_GENERAL = frozenset("人数 数量 总数 金额 时间 日期 规模 总额".split())
_RATE = re.compile(r"[率幅速占比增涨升降跌减]")
_NUMBER = re.compile(r"\d+")
_LASTS = re.compile(r"多久|多长时间|(?:多少|几)个?(?:天|小时|分钟|月(?!份)|年)")
_WHEN = re.compile(
    r"几[点时](?!间)|什么时候|何时|哪[一]?[年天日月]|几[月号年]|什么时间|何年|何日|时间是|日期"
)
_MANY = re.compile(r"(?:多少|几|多[大高长宽深远重快])([^，。?]{0,6})")
_MONEY = frozenset({"yuan", "dollar", "euro", "yen", "won", "hkd", "pound", "rouble", "twd"})
_DURATIONS = frozenset({"days", "hours", "minutes", "seconds", "months", "years"})


Words = tuple[tuple[str, frozenset[str], float], ...]


@dataclass(frozen=True)
class Sought:
    """What a question asks for. ``asked`` is the plain question, ``text`` that twofold; ``words``
    its words, each with its other names and rarity in [0, 1], ``things`` those that say of what
    thing; ``focus`` the names of what is asked of it; ``measures`` and ``events`` are the kinds that it names; ``units``
    those that it allows, none for any; ``senses`` those it names: 环比, 占比."""

    asked: str
    text: str
    type: AnswerType
    years: frozenset[str]
    words: Words
    things: Words
    focus: tuple[frozenset[str], ...]
    measures: frozenset[str]
    events: frozenset[str]
    units: frozenset[str]
    senses: frozenset[str]

    @classmethod
    def of(cls, question: QuestionView) -> Sought:
        asked = plain(question.asked.text)
        measures, events = kinds_in(asked, "measures"), _last(kinds_in(asked, "events"))
        rows = zip(question.words, question.aliases, question.word_rarity.tolist(), strict=True)
        spoken = [*events, *kinds_in(asked, "roles")] if not measures or _when(asked) else measures
        words = tuple(row for row in rows if not _NUMBER.fullmatch(row[0]))
        things = tuple(
            (thing, others if thing == word else frozenset[str](), rarity)
            for word, others, rarity in words
            if rarity >= _RARE and word not in _GENERAL and (thing := _thing(word, spoken))
        )
        focus = tuple(frozenset({word, *others}) for word, others, _ in question.focus)
        return cls(
            asked,
            twofold(asked),
            question.asked.want.type,
            question.asked.years,
            words,
            things,
            focus,
            _named(measures),
            _named(events),
            _units(asked, question.asked.want.unit, _named(measures)),
            frozenset(n for n, p in wordings().markers.items() if p.search(asked)),
        )

    def specific(self, said: str, other: str) -> bool:
        """Whether the words say of what one thing, with two sentences that may name it: not those
        of 火灾造成多少人死亡."""
        total = sum(_own(rarity) for _, _, rarity in self.things)
        named = all(share(self.things, text) == 1.0 for text in (said, other))
        return total >= (_NAMED if named else _SPECIFIC)

    @property
    def when(self) -> bool:
        """Whether a point in time is asked for."""
        return _when(self.asked)

    @property
    def how_much(self) -> bool:
        """Whether an amount is."""
        kinds = (AnswerType.NUMBER, AnswerType.PERCENT)
        return self.type in kinds or _LASTS.search(self.asked) is not None

    def spoken_of(self, text: str) -> bool:
        """Whether a twofold text speaks of the thing, as far as words tell."""
        return share(self.things, text) >= _HELD


def _last(events: list[Kind]) -> list[Kind]:
    """The event that is asked for: the last that a question names, with what leads to it (开始施行)."""
    return [kind for kind in events if events[-1].start - kind.end < 3]


def _own(rarity: float) -> float:
    """The rarity, that of a name where no list has the word."""
    return _SPECIFIC if abs(rarity - _UNKNOWN) < 1e-3 else rarity


def share(words: Words, text: str) -> float:
    """The share in [0, 1] of the weight of words that a twofold text holds; 1 without any."""
    total = sum(rarity for _, _, rarity in words)
    held = sum(
        rarity
        for word, others, rarity in words
        if within(word, text) or any(within(other, text) for other in others)
    )
    return held / total if total else 1.0


def _thing(word: str, spoken: list[Kind]) -> str:
    """What a word says beside the measure or event that is asked for: 望江塔 of 望江塔高."""
    for kind in spoken:
        if len(kind.word) == 1 and word.endswith(kind.word):
            return word[:-1]
        if word in kind.word or word.endswith(kind.word) or word[:-1] == kind.word:
            return ""
    return word


def _when(asked: str) -> bool:
    return _WHEN.search(asked) is not None and not _LASTS.search(asked)


def _named(kinds: list[Kind]) -> frozenset[str]:
    return frozenset(kind.name for kind in kinds)


def _units(asked: str, unit: str, measures: frozenset[str]) -> frozenset[str]:
    """The units of the amounts that a question allows: 多少公里 those of length."""
    if asked.isascii():
        return frozenset()  # English counts by nouns
    if _LASTS.search(asked):
        return _DURATIONS
    if unit == "钱":
        return _MONEY
    behind = [match[1] for match in _MANY.finditer(asked)]
    for name in (*behind, unit):
        found = [a for a in amounts(f"3{name}") if a.start == 0 and a.unit not in {"", *DATES}]
        if found:
            last = found[0].text[-1]
            counted = "人" if last in "名位人" else last
            return frozenset({counted if found[0].unit == "counter" else found[0].unit})
    money = measures and measures <= wordings().money and not _RATE.search(asked)
    return _MONEY if money else frozenset()
