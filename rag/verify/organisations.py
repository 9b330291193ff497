"""Bodies and people by their writing: what stands before 大学, 公司 or 局, and who speaks.

Names that no list has: a body is what its kind's word is preceded by, a speaker what precedes a
verb of speech.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.verify.anonymous import ANYONE, called, generic, nameless, speaks
from rag.verify.homes import holder
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.words import View, occurrences

_HEADS = (
    "大学 学院 中学 小学 幼儿园 医院 卫生院 诊所 银行 证券 保险 基金 信托 集团 公司 科技 制药 医药 研究所 研究院 研究中心 实验室 "
    "协会 商会 委员会 基金会 法院 检察院 派出所 公安局 教育局 司法局 管理局 监管局 电视台 广播电台 通讯社 日报 晚报 时报 周刊 "
    "司法所 税务局 气象局 水利局 消防局 街道 街道办 村委会 法庭 监狱 景区 机场 车站 火车站 体育馆 会展中心 论坛 剧院"
    "公园 广场 小区 社区 "
    "博物馆 图书馆 美术馆 俱乐部 代表团 男篮 女篮 男足 女足 自治区 水库 大桥 隧道 高铁站"
).split()
_HEAD = re.compile("|".join(sorted(_HEADS, key=len, reverse=True)))
_ANY = frozenset(
    "保险 基金 信托 科技 医药 论坛 剧院 公园 广场 小区 社区 街道 景区 车站 火车站 机场 水库 大桥 隧道 体育馆 监狱 "
    "法庭 中学 小学 幼儿园".split()
)
"""Kinds that are as often common nouns: 住宅小区, 商业保险."""
_WEAK = 0.45
_BEFORE = re.compile(r"[\u3400-\u9fff]{2}$")
_VERBAL = re.compile(
    r"因为|超出|走出|[跟去入到在就都全找报称说是有没对以用让把将由往向进离被叫请各也还又再只均令][\u3400-\u9fff]?$|[市省县区乡镇村州国制份亩]$"
    r"|^[交报去到入进]|购买|进入|离开|返回|前往|参加|加入|成立|创办|创立|经营|收购|投资|联合|举报|起诉|通知|联系|要求|批准|位于|关闭|走进|来到|抵达|参观|入驻|注册|开设"
    r"|开办|设立|建立|合并|重组|退出|供职|任职|就职|入职|隶属|委托|授权|借助|通过|经过|按照|作为|成为|属于|包括|涉及|支持|帮助|服务|面向|针对|围绕|依托|带动|推动|选择|发现|找到|告诉|自己|自家"
)
"""What stands before the kind of a body and is no name: 跟公司, 走出公司; a place's is its own."""
_FAMILIES = (
    "大学|学院|中学|小学|幼儿园", "医院|卫生院|诊所", "银行|证券|保险|基金|信托", "公司|集团|科技|制药|医药", "法院|检察院",
    "日报|晚报|时报|周刊|电视台|广播电台|通讯社", "研究所|研究院|研究中心|实验室", "博物馆|图书馆|美术馆",
    "协会|商会|委员会|基金会",
    "派出所|司法所",
)  # fmt: skip
_COMMON = re.compile(
    r"[的了着过内外中里本期在与和及或到向由从给被让把比能会该这那此某各两几三四五六七八九十百千万亿家所个名支座次第等之]|国内|国外|地方|全国|有关|相关|上市|当地|大型|中型"
    r"|小型|部分|其他|本地|外国|外资|民营|国有|私营|合资|知名|龙头|省下|同一|另一|自家|旗下|附近|周边|就近|老旧|新建|在建|附属|直属|下属|所属|邻近|相邻|头部|商业|农村|城市|城镇|乡村|专业|综合|公立|私立|民办|公办|重点|普通|高等|职业"
    r"|券商|公募|私募|创业|初创|物流|快递|租车|物业|保洁|搬家|高科|黑科|硬科|养老|医疗|失业|工伤|意外|儿童|妇幼|口腔|定点|三甲|货币|股票|债券|创投|控股|关联|市民|主题|湿地|森林"
    r"|体育|文化|露天|室内|购物|休闲|沿线|沿途|受灾|老家|公共|私人|企业|网络|游戏|影视|房产|建筑|装修|广告|咨询|旅游|航空|汽车|电力|[建修盖办开]$"
)
_SPEECH = re.compile(
    r"(?<!被)(?:(?:表示|指出|认为|强调|透露|介绍|坦言|直言|解释|回忆|补充|感叹|总结|反问|抱怨|坦承|分析|评价|回应)(?:说|称|道)"
    r"|表示|指出|认为|强调|透露|介绍|建议|提醒|宣布|警告|呼吁|坚称|声称|预计|预测|估计|回应|通报|分析|注意到|提到(?!了?[\d一两二三四五六七八九十])|写道|坦言|直言|谈到"
    r"|证实|承认|主张(?!权)|称(?!号|为|作|呼)|(?<![劝据听传小解论学所难好虽])说(?!法|明|服|定|得|不[准上定清好太出]))"
)
_SPOKEN = re.compile(r"[“\"]?(?:接受|在|就|对|告诉|回复|谈及|面对)")


_TRAILING = re.compile(
    r"(?:便|就|还|也|都|曾|又|已|已经|则|才|却|倒|再|总算|总|随后|随即|此前|后来|同时|对外|公开|今|昨|今天|昨天|近日|日前|当晚|晚间|当日|上午|下午"
    r"|却没有?|并?没有?|并?未|笑着?|苦笑|凌晨|早间|会上|在会上|据此|由此|因此|就此|为此|来电|致电|发文|发声|发声明|发帖|撰文|通报|反复|早就?|只是?|终于|主动|坚决|明确|特意|专门|一再|再三|多次|连连|[\u3400-\u9fff]{2}地|原本|原先|本来|起初|当初|之前|早先|一开始|事后)+$"
)
_LEADING = re.compile(
    r"^(?:但是?|而|可是?|不过|然而|只是|所以|于是|因为|如今|眼下|目前|现在)(?=[\u3400-\u9fff]{2})"
)
_BESIDE = re.compile(r"(?:方面|一方|内部的?人士?|的人|有关人士|相关人士|官方)$")
_COLON = re.compile(r"(?:^|(?<=[。!?]))([^，。:;!?]{2,24}):")
_NO_SPEAKER = re.compile(r"[的后时天里中上下了前他她它我其]$|他们$|她们$|我们$|自己$")
_WHEN = re.compile(
    r"\d+年|\d+月|\d+日|第[一二三四五\d]天|次日|翌日|之后|随后|接着|然后|最后|其间|期间|一起|共同|当天|近日|日前|周[一二三四五六日末天]|此前|明确|对此|[^\u3400-\u9fffa-z]"
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_KIN = 0.9
"""How surely a body is another where the evidence has one of its kind that the claim has not."""
_WHO, _FULL = 6, 16
"""Characters of a speaker that are looked at: the name stands last. What is printed may be longer."""


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
        if _VERBAL.search(before[0]):
            continue
        absent = sum(char not in near for char in before[0])
        if not absent and re.search(".{0,2}?".join(before[0]), near):
            continue
        kin = re.search(rf"([\u3400-\u9fff]{{2,4}})(?:{_family(match[0])})", held)
        strength = (0.4 + 0.3 * absent) * (1.0 if kin else _WEAK if match[0] in _ANY else 0.7)
        if kin and not _COMMON.search(kin[1][-2:]) and kin[1][-2:] not in said:
            strength = max(strength, _KIN)
        if strength > best.strength:
            best = Doubt(min(1.0, strength), before[0] + match[0], kin[0] if kin else "")
    return best


def _family(head: str) -> str:
    """The kinds of body among which one is taken for another, as a pattern."""
    return next((family for family in _FAMILIES if head in family.split("|")), head)


@dataclass(frozen=True, slots=True)
class Saying:
    """``who`` are the last characters before the verb of speech that ends at ``end``, ``full`` are more
    of them; ``sure``, in [0, 1], that they speak at all."""

    who: str
    full: str
    sure: float
    start: int
    end: int


def sayings(view: View, printed: bool = False) -> list[Saying]:
    """Who speaks in a text, by each verb of speech with something before it; in a ``printed`` one
    also by a colon behind a name."""
    found = []
    for match in _SPEECH.finditer(view.text):
        at = match.start()
        start = at
        while start and view.clause[start - 1] == view.clause[at]:
            start -= 1
        who = view.text[start:at]
        cut = _SPOKEN.search(who)
        who = who[: cut.start()] if cut and cut.start() >= 2 else who
        full = _LEADING.sub("", _TRAILING.sub("", _WHEN.sub("", who)))[-_FULL:]
        who = (_BESIDE.sub("", full) or full)[-_WHO:]
        if _NO_SPEAKER.search(who):
            continue
        if len(who) >= (3 if match[0] in {"预计", "预测", "估计", "分析"} else 2):
            found.append(Saying(who, full, speaks(who, match[0]), start, match.end()))
    for match in _COLON.finditer(view.text) if printed else ():
        name = match[1]
        found.append(Saying(name[-_WHO:], name[-_FULL:], 1.0, match.start(1), match.end()))
    return found


def unheld_speaker(laid: Laid) -> Doubt:
    """Who speaks in the claim, where neither the evidence nor the context writes them."""
    held, near = laid.evidence.text, laid.evidence.text + laid.context.text
    best = _namesake(laid.claim.text, near)
    for saying in sayings(laid.claim):
        who = saying.who
        weight = 0.0 if generic(who) else saying.sure * called(who, near)
        if who[-1] in "媒方" and who[-2] in near:
            continue  # 英媒 is 英国媒体
        lacking = _lacking(who, near)
        strength = max(lacking, 0.5 * _lacking(who, held)) * (1.0 if who[-2:] not in near else 0.6)
        strength *= weight
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
    theirs = sayings(laid.evidence, printed=True)
    for n, saying in enumerate(sayings_):
        until = sayings_[n + 1].start if n + 1 < len(sayings_) else len(laid.claim.text)
        if until <= saying.end or generic(saying.who):
            continue
        told = _told(laid, saying.end, until)
        home = holder(laid, told)
        there = [other for other in theirs if laid.evidence.part[other.end - 1] == home]
        if len(told) < 3 or not there:
            continue
        text = "".join(
            char for char, part in zip(laid.evidence.text, laid.evidence.part, strict=True)
            if part == home
        )  # fmt: skip
        other = min(there, key=lambda other: _lacking(saying.who, other.full))
        strength = _lacking(saying.who, other.full) * (1.0 if saying.who[-2:] not in text else 0.5)
        strength *= ANYONE if nameless(other.who) else called(saying.who, laid.evidence.text)
        strength *= saying.sure
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


def _lacking(who: str, text: str) -> float:
    """The share of the bigrams of ``who`` that ``text`` has not."""
    grams = {who[i : i + 2] for i in range(len(who) - 1)}
    missing = [gram for gram in grams if gram not in text]
    return sum(not _abridged(gram, text) for gram in missing) / len(grams)


def _abridged(gram: str, text: str) -> bool:
    """估值工具 is 估值分析工具, 警方 is 警察."""
    if gram[1] == "方" and gram[0] in text:
        return True
    return any(gram[1] in text[at + 2 : at + 6] for at in occurrences(gram[0], text))
