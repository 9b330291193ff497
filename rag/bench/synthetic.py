"""Articles made of other documents' sentences, as many as wanted, the same ones for a seed.

Sentences are drawn and shuffled, figures and the names of places are changed, and each article has
a company of its own. Words repeat far more than in real text: use a real corpus where there is one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

_PLACES = (
    "北京 上海 天津 重庆 广州 深圳 杭州 南京 武汉 成都 西安 苏州 郑州 长沙 青岛 合肥 厦门 大连 "
    "中关村 海淀 朝阳 石景山 通州 昌平 亦庄 雄安 怀柔 密云 顺义 大兴"
).split()
_SYLLABLES = (
    "安博晨达东方飞光国海恒宏华汇金锦景科蓝联龙隆明诺启勤瑞森盛思泰天威翔新信兴亚远云泽正智中卓"
)
_KINDS = ("科技", "生物", "智能", "能源", "材料", "医药", "装备", "数据")
_PLACE = re.compile("|".join(_PLACES))
_NUMBER = re.compile("[0-9]+")
_SENTENCES = (5, 14)
"""Sentences of an article, at least and at most: 200 to 900 characters."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article, as a record of a .jsonl file has it."""

    id: str
    text: str
    title: str = ""
    date: str = ""


def make(number: int, sentences: Sequence[str], seed: int) -> Article:
    """Article ``number`` (from 0): depends on these arguments alone."""
    rng = random.Random(f"{seed}:{number}")
    moved = dict(zip(_PLACES, rng.sample(_PLACES, len(_PLACES)), strict=True))

    def changed(sentence: str) -> str:
        sentence = _PLACE.sub(lambda place: moved[place.group()], sentence)
        return _NUMBER.sub(lambda digits: _same_length(digits.group(), rng), sentence)

    company = "".join(rng.choices(_SYLLABLES, k=3)) + rng.choice(_KINDS)
    lines = [changed(one) for one in rng.choices(sentences, k=rng.randint(*_SENTENCES))]
    lead = (
        f"{moved['北京']}{company}公司{rng.randint(1, 12)}月{rng.randint(1, 28)}日消息，{lines[0]}"
    )
    paragraphs = [lead, *("".join(lines[at : at + 3]) for at in range(1, len(lines), 3))]
    date = f"20{rng.randint(15, 25)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    title = f"{company}公司发布第{rng.randint(1, 999)}号通报"
    return Article(f"s{number:06}", "\n".join(paragraphs), title, date)


def _same_length(digits: str, rng: random.Random) -> str:
    """Another number of as many digits."""
    low = 10 ** (len(digits) - 1) if len(digits) > 1 else 0
    return str(rng.randint(low, 10 ** len(digits) - 1))
