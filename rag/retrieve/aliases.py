"""Words that name the same thing. General ones are listed here; a corpus adds its own by printing
them in parentheses: 人工智能（AI）, 国际科技园及创新区域协会(IASP)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from rag.retrieve.english import content_words, is_english
from rag.retrieve.lexicon import DATA as DATA
from rag.retrieve.lexicon import (
    english_names,
    english_table,
    entry,
    joined,
    lexicon_key,
    lines,
)

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

_HAN_NAME = r"[\u4e00-\u9fff][\u4e00-\u9fff·]{1,19}"
_LATIN_NAME = r"[a-z][a-z0-9&.' -]{1,60}"
_PAREN = re.compile(
    rf"(?P<han>{_HAN_NAME})[(（](?:简称|英文名?)?[:：]?[“\"]?(?P<latins>{_LATIN_NAME}(?:[,，;；] ?{_LATIN_NAME})?)[”\"]?[)）]"
    rf"|(?P<latin>{_LATIN_NAME})[(（](?:简称|中文名?)?[:：]?[“\"]?(?P<hans>{_HAN_NAME})[”\"]?[)）]"
)
_BEFORE_NAME = re.compile(r"^.*的|^[由在与和对为向从及了等是被将把据]")


_LATIN = re.compile(r"[a-z]{2,}")

ONE_WAY = ("english.txt", "colloquial.txt", "domains.txt", "regional.txt")
"""From what people say to what documents print, never back."""
_SEARCHED = 4
"""Names of an English word that are searched for, the likeliest; all count where sentences are weighed."""
_GUESSED = 60
"""The same for a name in pinyin."""
_CUT = 3
"""A name of so many characters is a word, wherever it stands; a shorter one may be cut across two."""


@lru_cache(maxsize=1)
def _general() -> Mapping[str, frozenset[str]]:
    """The words of this module and of the files in ``data`` but the English ones."""
    table: dict[str, set[str]] = defaultdict(set)
    groups = [line.split() for line in _GENERAL.strip().splitlines()]
    groups += [line.split() for line in lines("synonyms.txt")]
    for group in groups:
        for word in group:
            table[word].update(other for other in group if other != word)
    for name in ONE_WAY[1:]:
        for line in lines(name):
            keys, _, others = line.partition("\t")
            for key in keys.split("|"):
                table[key].update(others.split())
    return {word: frozenset(others) for word, others in table.items()}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _general()))


def _parts(text: str, longest: int) -> Iterator[str]:
    """Every stretch of a text of two to ``longest`` characters, the longest first."""
    for size in range(min(longest, len(text)), 1, -1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


class LightWords(frozenset[str]):
    """Words that an answering passage need not hold; an English one is such a word where what it
    means first is one."""

    def __contains__(self, word: object) -> bool:
        if super().__contains__(word):
            return True
        names = entry(word) if isinstance(word, str) and word.isascii() else ()
        return bool(names) and super().__contains__(names[0])


@lru_cache(maxsize=1)
def light_words() -> LightWords:
    """The words of ``light.txt``, and English ones by what they mean."""
    return LightWords(word for line in lines("light.txt") for word in line.split())


class Aliases:
    """Lookup from a folded word to its other names; those of a corpus stand above the general ones."""

    def __init__(self, groups: Iterable[tuple[str, ...]] = ()) -> None:
        own: dict[str, set[str]] = defaultdict(set)
        for group in groups:
            group = (*group, *(lexicon_key(word) for word in group if " " in word))
            for word in group:
                own[word].update(other for other in group if other != word)
        self._own = {word: frozenset(others) for word, others in own.items()}

    def of(self, word: str) -> frozenset[str]:
        """Other names of a folded word; empty where none is known."""
        found = _general().get(word, frozenset())
        if word.isascii():
            found = found | frozenset(english_names(word))
        return found | self._own.get(word, frozenset())

    def expand(self, text: str) -> list[str]:
        """Other names of the words that stand in a folded text, longest words first; a word inside
        a longer known one is passed over."""
        if is_english(text):
            return self._expand_english(text)
        found: list[str] = []
        left = text
        general = [part for part in _parts(text, _longest()) if part in _general()]
        general += [word for word in _LATIN.findall(text) if word in english_table()]
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

    def _expand_english(self, text: str) -> list[str]:
        found: list[str] = []
        for word in self.phrases(content_words(text)):
            names = english_names(word)
            found += names[: _SEARCHED if entry(word) else _GUESSED] or sorted(self.of(word))
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
        """English content words with those that make a known phrase joined by a space."""
        return joined(words, lambda phrase: phrase in self._own or bool(english_names(phrase)))


def mine(folded: str) -> list[tuple[str, str]]:
    """Pairs that a folded text itself gives in parentheses, one name in Latin letters: 人工智能(ai),
    世界知识产权组织(world intellectual property organization, wipo), iasp(国际科技园协会)."""
    pairs = []
    for match in _PAREN.finditer(folded):
        if match["hans"]:
            pairs.append((match["latin"].strip(), match["hans"]))
            continue
        name = _BEFORE_NAME.sub("", match["han"])[-14:]
        pairs += [(name, latin.strip()) for latin in re.split("[,，;；]", match["latins"])]
    return [pair for pair in pairs if min(map(len, pair)) > 1]
