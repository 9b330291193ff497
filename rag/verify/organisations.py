"""Bodies and people by their writing: what stands before 大学, 公司 or 局, and who speaks.

Names that no list has: a body is what its kind's word is preceded by, a speaker what precedes a
verb of speech.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.words import View

_HEADS = (
    "大学 学院 中学 小学 幼儿园 医院 卫生院 诊所 银行 证券 保险 基金 信托 集团 公司 科技 制药 医药 研究所 研究院 研究中心 实验室 "
    "协会 商会 委员会 基金会 法院 检察院 派出所 公安局 教育局 司法局 管理局 监管局 电视台 广播电台 通讯社 日报 晚报 时报 周刊 "
    "博物馆 图书馆 美术馆 俱乐部 代表团 男篮 女篮 男足 女足 省 州 自治区 水库 大桥 隧道 高铁站"
).split()
_HEAD = re.compile("|".join(sorted(_HEADS, key=len, reverse=True)))
_BEFORE = re.compile(r"[\u3400-\u9fff]{2}$")
_COMMON = re.compile(
    r"[的了在与和及或该这那此某各两几三四五六七八九十百千万亿家所个名支座次第等之]|国内|国外|地方|全国|有关|相关|上市|当地|大型|中型"
    r"|小型|部分|其他|本地|外国|外资|民营|国有|私营|合资|知名|龙头|省下|同一|另一|自家|旗下"
)
_SPEECH = re.compile(
    r"(?<!被)(?:表示|指出|认为|强调|透露|介绍|建议|提醒|宣布|警告|呼吁|坚称|声称|预计|预测|估计|回应|通报|分析|称(?!号|为|作|呼)|说(?!法|明|服))"
)
_SPOKEN = re.compile(r"[“\"]?(?:接受|在|就|对|告诉|回复|谈及|面对)")


_WHEN = re.compile(
    r"\d+年|\d+月|\d+日|当天|近日|日前|周[一二三四五六日末天]|此前|明确|对此|[^\u3400-\u9fffa-z]"
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_WHO = 6
"""Characters of a speaker that are looked at: the name stands last."""


def unheld_body(laid: Laid) -> Doubt:
    """A body of the claim whose own name neither evidence nor context has."""
    best = NO_DOUBT
    said = laid.claim.text
    held = laid.evidence.text
    near = held + laid.context.text
    for match in _HEAD.finditer(said):
        before = _BEFORE.search(said[: match.start()])
        if not before or _COMMON.search(before[0]) or before[0] in near:
            continue
        absent = sum(char not in near for char in before[0])
        if not absent and re.search(".{0,2}?".join(before[0]), near):
            continue
        kin = re.search(rf"([\u3400-\u9fff]{{2,4}}){match[0]}", held)
        strength = (0.4 + 0.3 * absent) * (1.0 if kin else 0.7)
        if strength > best.strength:
            best = Doubt(min(1.0, strength), before[0] + match[0], kin[0] if kin else "")
    return best


@dataclass(frozen=True, slots=True)
class Saying:
    """``who`` are the last characters before the verb of speech that ends at ``end``."""

    who: str
    start: int
    end: int


def sayings(view: View) -> list[Saying]:
    """Who speaks in a text, by each verb of speech with something before it."""
    found = []
    for match in _SPEECH.finditer(view.text):
        at = match.start()
        start = at
        while start and view.clause[start - 1] == view.clause[at]:
            start -= 1
        who = view.text[start:at]
        cut = _SPOKEN.search(who)
        who = who[: cut.start()] if cut and cut.start() >= 2 else who
        who = _WHEN.sub("", who)[-_WHO:]
        if len(who) >= (3 if match[0] in {"预计", "预测", "估计", "分析"} else 2):
            found.append(Saying(who, start, match.end()))
    return found


def unheld_speaker(laid: Laid) -> Doubt:
    """Who speaks in the claim, where neither the evidence nor the context writes them."""
    held, near = laid.evidence.text, laid.evidence.text + laid.context.text
    best = _namesake(laid.claim.text, near)
    for saying in sayings(laid.claim):
        who = saying.who
        if who[-1] in "媒方" and who[-2] in near:
            continue  # 英媒 is 英国媒体
        lacking = _lacking(who, near)
        strength = max(lacking, 0.5 * _lacking(who, held)) * (1.0 if who[-2:] not in near else 0.6)
        if strength > best.strength:
            best = Doubt(strength, who, "")
    return best


def _namesake(said: str, near: str) -> Doubt:
    """A given name that evidence and context have under other surnames alone: 李建国 for 王建国."""
    for at in range(len(said) - 2):
        given = said[at + 1 : at + 3]
        if said[at] not in _SURNAMES or said[at : at + 3] in near or not given.isalpha():
            continue
        before = [near[i - 1 : i] for i in range(1, len(near)) if near.startswith(given, i)]
        if before and all(char in _SURNAMES for char in before):
            return Doubt(1.0, said[at] + given, before[0] + given)
    return NO_DOUBT


def speaker_elsewhere(laid: Laid) -> Doubt:
    """Who speaks in the claim, where the text that says the same has another speaker."""
    sayings_, best = sayings(laid.claim), NO_DOUBT
    if not sayings_:
        return best
    theirs = sayings(laid.evidence)
    for n, saying in enumerate(sayings_):
        until = sayings_[n + 1].start if n + 1 < len(sayings_) else len(laid.claim.text)
        if until <= saying.end:
            continue
        told = _told(laid, saying.end, until)
        home = _home(laid, told)
        there = [other for other in theirs if laid.evidence.part[other.end - 1] == home]
        if len(told) < 3 or not there:
            continue
        text = "".join(
            char for char, part in zip(laid.evidence.text, laid.evidence.part, strict=True)
            if part == home
        )  # fmt: skip
        other = min(there, key=lambda other: _lacking(saying.who, other.who))
        strength = _lacking(saying.who, other.who) * (1.0 if saying.who[-2:] not in text else 0.5)
        if strength > best.strength:
            best = Doubt(strength, saying.who, other.who)
    return best


def _told(laid: Laid, start: int, until: int) -> list[int]:
    """The claim's words that are said: of the clause at ``start``, with the next where it is short."""
    clause = laid.claim.clause[start]
    words = laid.claim.words
    inside = [i for i, word in enumerate(words) if start <= word.start < until]
    same = [i for i in inside if laid.claim.clause[words[i].start] == clause]
    if len(same) >= 3:
        return same
    return [i for i in inside if laid.claim.clause[words[i].start] <= clause + 1]


def _home(laid: Laid, items: list[int]) -> int:
    """The text of the evidence that holds most of these words of the claim."""
    weight: dict[int, float] = {}
    for i in items:
        for part in {laid.evidence.part[place] for place in laid.matches[i].places}:
            share = laid.claim.words[i].weight * laid.matches[i].share
            weight[part] = weight.get(part, 0.0) + share
    return max(weight, key=lambda part: weight[part], default=0)


def _lacking(who: str, text: str) -> float:
    """The share of the bigrams of ``who`` that ``text`` has not."""
    grams = {who[i : i + 2] for i in range(len(who) - 1)}
    return sum(gram not in text for gram in grams) / len(grams)
