"""Words that name the same thing. General ones are listed here; a corpus adds its own by printing
them in parentheses: 人工智能（AI）, 国际科技园及创新区域协会(IASP)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

# Folded; each line is one set. Only what holds in any document: no word of a single topic.
_GENERAL = """
gdp 国内生产总值 地区生产总值 生产总值 经济总量
ai 人工智能
首都 北京
研发 r&d 研究与试验发展 研究开发
占比 比重 比例 份额 占
营收 营业收入 销售收入 收入
企业 公司
涨幅 增幅 增速 增长 同比增长 提高 提升
电话 联系电话 手机号
举办 召开 举行 开幕
主办单位 主办方 主办
承办单位 承办方 承办
协办单位 协办方 协办
举办地 举行地点 地点
创办 创立 成立 创建 设立
老外 外国人 外资 外籍
中国 我国
ceo 首席执行官
cto 首席技术官
工信部 工业和信息化部
科技部 科学技术部
发改委 发展改革委 国家发展和改革委员会 国家发展改革委
卫健委 卫生健康委 国家卫生健康委员会
国资委 国务院国资委
中科院 中国科学院
工程院 中国工程院
外国 国外 境外 海外
农村 乡村 乡镇
大夫 医生 医师 医务人员
超过 超 突破 高于
人形机器人 人型机器人
vr 虚拟现实
ar 增强现实
who 世界卫生组织 世卫组织
wef 世界经济论坛
wto 世界贸易组织 世贸组织
wipo 世界知识产权组织
un 联合国
imf 国际货币基金组织
eu 欧盟
us usa 美国
uk 英国
beijing 北京
shanghai 上海
tianjin 天津
hebei 河北
china 中国
japan 日本
zhongguancun 中关村
forum 论坛
robot robots 机器人
quantum 量子
"""

_PAREN = re.compile(
    r"([\u4e00-\u9fff]{2,14}|[a-z][a-z0-9&.-]{1,11})[(（](?:简称|英文)?[“\"]?([\u4e00-\u9fff]{2,8}|[a-z][a-z0-9&.-]{1,11})[”\"]?[)）]"
)


DATA = Path(__file__).parent / "data"
ONE_WAY = ("english.txt", "colloquial.txt", "domains.txt")
"""From what people say to what documents print, never back."""
_PHRASE = 4
"""The most English words that are looked up as one."""
_CUT = 3
"""A name of so many characters is a word, wherever it stands; a shorter one may be cut across two."""


@lru_cache(maxsize=1)
def _general() -> Mapping[str, frozenset[str]]:
    """The words of this module and of the files in ``data``, both ways."""
    table: dict[str, set[str]] = defaultdict(set)
    groups = [line.split() for line in _GENERAL.strip().splitlines()]
    groups += [line.split() for line in _lines("synonyms.txt")]
    for group in groups:
        for word in group:
            table[word].update(other for other in group if other != word)
    for name in ONE_WAY:
        for line in _lines(name):
            keys, _, others = line.partition("\t")
            for key in keys.split("|"):
                table[key].update(others.split())
    return {word: frozenset(others) for word, others in table.items()}


def _lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _general()))


def _parts(text: str, longest: int) -> Iterator[str]:
    """Every stretch of a text of two to ``longest`` characters, the longest first."""
    for size in range(min(longest, len(text)), 1, -1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


@lru_cache(maxsize=1)
def light_words() -> frozenset[str]:
    """Words that an answering passage need not hold."""
    return frozenset(word for line in _lines("light.txt") for word in line.split())


class Aliases:
    """Lookup from a folded word to its other names; those of a corpus stand above the general ones."""

    def __init__(self, groups: Iterable[tuple[str, ...]] = ()) -> None:
        own: dict[str, set[str]] = defaultdict(set)
        for group in groups:
            for word in group:
                own[word].update(other for other in group if other != word)
        self._own = {word: frozenset(others) for word, others in own.items()}

    def of(self, word: str) -> frozenset[str]:
        """Other names of a folded word; empty where none is known."""
        found = _general().get(word, frozenset())
        if not found and word.isascii() and word.endswith("s"):
            found = _general().get(word[:-1], frozenset())
        return found | self._own.get(word, frozenset())

    def expand(self, text: str) -> list[str]:
        """Other names of the words that stand in a folded text, longest words first; a word inside
        a longer known one is passed over."""
        found: list[str] = []
        left = text
        general = (part for part in _parts(text, _longest()) if part in _general())
        for word in (*self._own, *dict.fromkeys(general)):
            if len(word) < 2 or word not in left:
                continue
            if word.isascii() and not re.search(
                rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", left
            ):
                continue
            found += sorted(self.of(word))
            left = left.replace(word, " ")
        return list(dict.fromkeys(found))

    def cut(self, run: str) -> list[str]:
        """A run of Han characters cut where names that are known begin and end, the longest names
        first; what stands between them stays whole."""
        for part in _parts(run, _longest()):
            if len(part) < _CUT:
                break
            if part in _general() or part in self._own:
                before, _, after = run.partition(part)
                return [*self.cut(before), part, *self.cut(after)]
        return [run] if run else []

    def phrases(self, words: Sequence[str]) -> list[str]:
        """English words with those that make a known phrase joined by a space."""
        joined: list[str] = []
        at = 0
        while at < len(words):
            size = next(
                (n for n in range(_PHRASE, 1, -1) if " ".join(words[at : at + n]) in _general()), 1
            )
            joined.append(" ".join(words[at : at + size]))
            at += size
        return joined


def mine(folded: str) -> list[tuple[str, str]]:
    """Pairs that a folded text itself gives in parentheses, an abbreviation on at least one side."""
    pairs = []
    for match in _PAREN.finditer(folded):
        name, other = match[1], match[2]
        if name.isascii() != other.isascii():
            pairs.append((name[-10:], other))
    return pairs
