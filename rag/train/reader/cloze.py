"""Questions made from articles: a sentence without its number, name, place or date, and an asking
word in its stead (cloze translation, Lewis et al. 2019, arXiv:1906.04980)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rag.retrieve.question import PLACES

SENTENCE = re.compile(r"[^。!?！？\n]{2,}[。!?！？”\"]*|[^。!?！？\n]+")
_CUT = re.compile(r"(?<!\d)[,，]|[,，](?!\d)|[;；:：。！？!?]")
_UNITS = (
    "个百分点|平方公里|平方米|立方米|公里|千米|千克|公斤|美元|欧元|人民币|家|位|项|个|人|名|款|种|场|条|篇|件|届|次|年|个月|天|小时|"
    "分钟|秒|岁|期|版|张|所|座|支|部|套|台|辆|吨|米|倍|元|块|株|亩|户|册|字|轮|类|层|级|分|度|点|股|只|艘|架|枚|票|基点"
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("percent", re.compile(r"\d+(?:\.\d+)?%|\d+(?:\.\d+)?个百分点|百分之[一二三四五六七八九十点]+")),
    ("date", re.compile(
        r"(?:\d{4}年)(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月\d{1,2}[日号]|\d{1,2}月(?:底|初|份)|(?:上|下)午\d{1,2}[时点]")),
    ("number", re.compile(rf"\d[\d.,]*(?:多|余)?[十百千万亿]*(?:多|余)?(?:{_UNITS})")),
    ("work", re.compile(r"《[^》]{2,20}》")),
    ("quote", re.compile(r"[“\"][^”\"]{2,12}[”\"]")),
    ("person", re.compile(
        r"(?<=[长任席理记授士官人员家生事监裁者练演])(?:[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马方任袁柳史唐薛雷贺"
        r"倪汤罗郝安常于傅齐康伍余顾孟黄萧尹姚邵汪毛戴宋熊纪舒项董梁杜阮蓝季贾江童颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯管卢莫房解应宗丁宣邓洪包石崔吉龚程邢裴陆荣"
        r"翁甄曲储靳段侯全班宁仇甘武符刘景詹龙叶黎薄白蒲邰赖卓乔闻党翟谭劳申冉雍桑桂牛边尚农温庄晏柴阎慕连艾向古易廖终居步都耿满匡国文寇广东欧利师巩关])"
        r"[\u4e00-\u9fff]{1,2}(?=[,，、说表在等于称认介指透对接率出与和曾也将])|[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,8}")),
    ("place", re.compile(
        r"(?<=[在于自到往赴])[\u4e00-\u9fff]{2,7}(?:省|市|县|区|镇|村|州|港|机场|体育场|体育馆|广场|中心|大学|国际会议中心)|"
        rf"(?<=[在于自到往赴])(?:{'|'.join(PLACES)})")),
    ("organisation", re.compile(
        r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,12}(?:公司|集团|大学|学院|委员会|银行|医院|研究院|研究所|协会|基金会|政府|法院|公安局|队)|"
        r"(?<=[由被与和据从给为对是])[\u4e00-\u9fff]{2,8}(?:公司|集团|大学|学院|委员会|银行|医院|研究院|研究所|协会|基金会|政府|法院|公安局|队)")),
    ("list", re.compile(
        r"(?:[^，。、；：！？,;:“”《》\s]{2,10}、){1,5}[^，。、；：！？,;:“”《》\s]{2,10}?(?:和|以及|及|与)"
        r"[^，。、；：！？,;:\s]{2,10}?(?=[等，。；,;])")),
    ("reason", re.compile(r"(?<=[因由]为)[^，。；！？,;]{5,40}|(?<=由于)[^，。；！？,;]{5,40}|(?<=为了)[^，。；！？,;]{5,40}")),
    ("clause", re.compile(r"(?<=[,，])[^，。；！？,;]{8,36}(?=[，。；,;])")),
    ("latin", re.compile(r"[a-z][a-z0-9.\- ]{2,20}[a-z0-9]")),
)  # fmt: skip
_SHARE = {
    "percent": 1.0, "date": 1.3, "number": 2.2, "work": 1.0, "quote": 0.8, "person": 2.5, "place": 2.0,
    "organisation": 1.8, "list": 1.5, "reason": 3.0, "clause": 0.5, "latin": 0.8,
}  # fmt: skip
_ASK: dict[str, tuple[str, ...]] = {
    "percent": ("多少", "多少", "百分之几", "多大比例", "几个百分点"),
    "work": ("什么", "哪部作品", "什么文件", "哪份文件", "哪部", "哪本书", "什么节目"),
    "quote": ("什么", "什么", "怎样", "哪个"),
    "person": ("谁", "谁", "哪位", "什么人", "哪个人"),
    "place": ("哪里", "哪儿", "什么地方", "哪里", "何处", "哪个地方"),
    "organisation": ("哪家单位", "哪个机构", "谁", "什么机构", "哪个单位"),
    "list": ("哪些", "哪些", "什么", "哪几个"),
    "reason": ("为什么", "为什么", "什么原因", "为何", "因为什么"),
    "clause": ("什么", "怎么样", "如何", "什么", "怎么了"),
    "latin": ("什么", "哪个", "哪款", "谁"),
}
_TAILED = {
    "公司": "哪家公司", "集团": "哪个集团", "大学": "哪所大学", "学院": "哪所学院", "银行": "哪家银行", "医院": "哪家医院",
    "政府": "哪里的政府", "法院": "哪个法院", "队": "哪支球队", "省": "哪个省", "市": "哪个城市", "县": "哪个县", "区": "哪个区",
    "镇": "哪个镇", "村": "哪个村", "机场": "哪个机场", "体育场": "哪个体育场", "大会": "什么大会",
}  # fmt: skip
_OPEN = ("", "", "", "", "", "请问", "我想知道", "告诉我", "请问一下", "想问下")
_END = ("？", "？", "？", "", "", "呢？", "?")


@dataclass(frozen=True, slots=True)
class Cloze:
    """An answer in a sentence: ``sentence[start:end]``, and the kind of thing it is."""

    sentence: str
    start: int
    end: int
    kind: str

    @property
    def answer(self) -> str:
        return self.sentence[self.start : self.end]


def answers(sentence: str) -> list[Cloze]:
    """What could be asked for in a folded sentence."""
    found = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(sentence):
            start, end = match.span()
            if kind == "quote":
                start, end = start + 1, end - 1
            if 0 < end - start <= 60:
                found.append(Cloze(sentence, start, end, kind))
    return found


def pick(found: list[Cloze], rng: np.random.Generator) -> Cloze:
    """One of them; the kinds that stand often in news are taken less often."""
    weights = np.array([_SHARE[cloze.kind] for cloze in found])
    return found[int(rng.choice(len(found), p=weights / weights.sum()))]


def asking(cloze: Cloze, rng: np.random.Generator) -> str:
    """The asking word, or an asking phrase that names the kind of answer."""
    answer = cloze.answer
    if cloze.kind == "number":
        unit = re.sub(r"^[\d.,多余十百千万亿]+", "", answer)
        small = len(re.sub(r"\D", "", answer)) <= 2
        ways = [f"多少{unit}", f"多少{unit}", "多少", f"几{unit}" if small else f"多少{unit}"]
        return str(rng.choice(ways))
    if cloze.kind == "date":
        ways = ["什么时候", "何时", "什么时间", "哪天" if "日" in answer else "什么时候"]
        if re.fullmatch(r"\d{4}年", answer):
            ways = ["哪一年", "哪年", "什么时候", "哪一年"]
        return str(rng.choice(ways))
    tail = next((ask for end, ask in _TAILED.items() if answer.endswith(end)), "")
    if tail and cloze.kind in ("organisation", "place") and rng.random() < 0.6:
        return tail
    return str(rng.choice(_ASK[cloze.kind]))


def surroundings(cloze: Cloze, rng: np.random.Generator) -> tuple[str, str]:
    """What stands before and after the answer: of its clause, often of the clause beside it."""
    text = cloze.sentence
    before = [0, *(m.end() for m in _CUT.finditer(text, 0, cloze.start))]
    after = [*(m.start() for m in _CUT.finditer(text, cloze.end)), len(text)]
    back = min(len(before) - 1, int(rng.choice([0, 1, 1, 2])) if len(before) > 1 else 0)
    on = min(len(after) - 1, int(rng.choice([0, 0, 0, 1])))
    if len(before) > 2 and rng.random() < 0.3:
        # The clause at the head of the sentence often names what the whole is about.
        head = text[before[0] : before[1]]
        return head + text[before[-1] : cloze.start], text[cloze.end : after[on]]
    return text[before[-1 - back] : cloze.start], text[cloze.end : after[on]]


def compose(
    before: list[str], ask: str, after: list[str], kind: str, rng: np.random.Generator
) -> str:
    """A question from the pieces around the answer."""
    head, tail = "".join(before), "".join(after)
    way = rng.random()
    if kind in ("reason",) and way < 0.8:
        body = rng.choice([f"{head}{tail}{ask}", f"{ask}{head}{tail}", f"{tail}{head}{ask}"])
    elif way < 0.40:
        body = f"{head}{ask}{tail}"
    elif way < 0.65:
        be = str(rng.choice(["是", "为", "", "有", "的是", "是"]))
        body = f"{head}{tail}{be}{ask}"
    elif way < 0.75:
        body = f"{ask}{tail}{head}"
    elif way < 0.85:
        body = f"{tail}{head}{ask}"
    elif way < 0.95:
        return " ".join([*(p for p in [head, tail] if p), *([ask] if rng.random() < 0.6 else [])])
    else:
        body = f"{ask}{head}{tail}"
    return f"{rng.choice(_OPEN)}{body}{rng.choice(_END)}"
