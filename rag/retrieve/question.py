"""What a question says, apart from that it asks: its content words, years, numbers, answer type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.retrieve.answer_type import Wanted, wanted
from rag.retrieve.english import is_english, numbers, spelt_out
from rag.retrieve.english_type import wanted_in_english
from rag.retrieve.lexicon import english_names, english_words
from rag.text.normalise import fold_text

# What makes a sentence a question, and politeness around it: says nothing of what is asked for.
_ASKING = re.compile(
    r"请问(?:一下)?|请(?:告诉我|列举|列出|介绍一下|介绍|说明)|麻烦|帮我(?:查一下|查|找|看看)?|我想(?:知道|问|了解)(?:一下)?|"
    r"想(?:问|知道|了解)(?:一下)?|你(?:好|知道)|能不能|能否|可以|可否|是否|是不是|有没有|"
    r"(?:分别)?(?:是|有|为|达到?了?|达|共有?|一共|总共|大概|大约|约|到底|究竟|占|百分之)*(?:多少|几)(?=[^何乎]|$)"
    r"(?:家|位|项|个|人|名|款|种|场|条|篇|件|届|次|座|支|部|套|台|辆|亿元?|万元?|千瓦|元|倍|钱|吨|岁|天|年|公里|米)?|"
    r"什么时候|啥时候|什么时间|什么地方|什么人|为什么|为何|怎么样|怎么|怎样|如何|什么|多少|多大|多高|多长|多久|"
    r"哪些|哪几|哪一|哪里|哪儿|哪个|哪家|哪位|哪[天年月日]|哪(?=[两二三四五六七八九十种项条])|何时|何地|何处|何人|"
    r"谁|啥|吗|呢|吧|呀|么(?=$|\?)|分别|都有|都是|是指|指的是|具体|主要(?=有|是|包)|包括"
)
# Words that say nothing of what is asked for: counting words, pointing words, the kind of answer.
_FILLER = re.compile(
    r"一共|总共|共计|大概|大约|目前|现在|如今|到底|究竟|具体|其中|分别|各自|是从|是在|做了|作了|打算|准备|"
    r"这(?:样|句话|个|些|件|两件|种|次|里|一年|家|项|场|届|位|篇)|那(?:位|篇|边|个|些|份|种|家|张|里|句|场|次)|"
    r"叫什么名字|名字|名称|姓名|意思|含义|时间和地点|时间|地点|职务|领导|报道|文章|说法|情况|内容|"
    r"(?<![一二三四五六七八九十百\d第])(?:[两二三四五六七八九十]|\d{1,2})(?:个|种|大|项|方面|条|点)(?![月目])|"
    r"有什么|什么样|得到|东西|起来|出来|下来|的话|咱们?|你们?|您|我们?(?!国)|(?<!其)他们?|她们?|之类|一下|一个|一种|属于|关于|对于|根据|按照|通过"
)
# What a cut leaves at the ends of a run. 拥有, 现在 and 存在 end in the same characters.
_EDGES = re.compile(
    r"^[是在由](?=.{3})|^[了是在和与及由]$|(?<=.)(?:了|是|和|与|及|由|于|(?<![拥所具享没])有|(?<![现存实内所])在)+$"
)
_AFTER_NUMBER = re.compile(r"(?<=\d)[年月日届](?=[\u4e00-\u9fff])")
_FUNCTION = re.compile(
    r"[的了是有在和与及对于从由被把将也都就而或其这那个之为以到等并所本于该此着过]"
)
_RUN = re.compile(r"[a-z0-9][a-z0-9.+#&%]*|[\u3400-\u9fff〇]+")
_HAN = re.compile(r"[\u3400-\u9fff〇]+")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d|[.,]\d|%|[家个项名人余多万亿元])")
ORDINAL = re.compile(
    r"(?<![排居列名位拿得])第(?:[一二三四五六七八九十百]+|\d+)(?![名位]|梯队|一线)"
)
"""第八届 and 第三条, not a place in a ranking."""
RELATIVE = re.compile(r"去年同期|去年|明年|前年|后年|上一届|下一届|上届|下届|上次|下次|往届|上年")
PLACES = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 "
    "山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 "
    "宁夏 新疆 香港 澳门 台湾 深圳 广州 杭州 南京 成都 武汉 西安 苏州 长三角 "
    "京津冀 粤港澳 大湾区 中国 美国 英国 法国 德国 日本 韩国 俄罗斯 印度 巴西 "
    "加拿大 澳大利亚 意大利 西班牙 欧盟 欧洲 非洲 新加坡 泰国 越南 马来西亚 印尼 "
    "乌克兰 以色列 伊朗 沙特 埃及 南非 墨西哥 阿根廷"
).split()
_PLACE = re.compile("|".join(sorted(PLACES, key=len, reverse=True)))
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_QUOTED = re.compile(r"[《“\"「『]([^》”\"」』]{2,40})[》”\"」』]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart; all texts are folded.

    ``core`` is the question without its asking words, ``runs`` its unbroken stretches of content,
    ``quoted`` what stands in title or quotation marks.
    """

    text: str
    core: str
    runs: tuple[str, ...]
    want: Wanted
    years: frozenset[str]
    numbers: frozenset[str]
    quoted: tuple[str, ...]
    ordinals: frozenset[str]
    places: frozenset[str]
    focus: tuple[str, ...]
    """What is asked of the subject: the run before the asking word, the noun after it."""

    @property
    def english(self) -> bool:
        """Whether the question is English; a Chinese name may stand in it."""
        return is_english(self.text)


def take_apart(question: str) -> Asked:
    """The parts of a question in its own words."""
    if is_english(folded := fold_text(spelt_out(question))):
        return _take_apart_english(folded)
    text = _mended(folded)
    core = _ASKING.sub(" ", text)
    core = _AFTER_NUMBER.sub(" ", _FILLER.sub(" ", core))
    runs = [
        part
        for run in _RUN.findall(core)
        for piece in ([run] if run.isascii() else re.split(r"(?<!目)的", run))
        if (part := _EDGES.sub("", piece))
    ]
    return Asked(
        text=text,
        core=" ".join(core.split()),
        runs=tuple(run for run in runs if not _FUNCTION.fullmatch(run)),
        want=wanted(text),
        years=frozenset(YEAR.findall(text)),
        numbers=frozenset(_NUMBER.findall(text)),
        quoted=tuple(_QUOTED.findall(text)),
        ordinals=frozenset(ORDINAL.findall(text)),
        places=frozenset(_PLACE.findall(text)),
        focus=focus_of(text),
    )


def _take_apart_english(text: str) -> Asked:
    """Its runs are English words and phrases; ``core``, numbers, places and ordinals are Chinese,
    as far as the lexicon goes."""
    runs = english_words(text)
    names = [english_names(run) for run in runs]
    meant = frozenset(name for others in names for name in others)
    return Asked(
        text=text,
        core=" ".join(
            others[0] if others else run for run, others in zip(runs, names, strict=True)
        ),
        runs=tuple(runs),
        want=wanted_in_english(text),
        years=frozenset(YEAR.findall(text)),
        numbers=numbers(text),
        quoted=tuple(_QUOTED.findall(text)),
        ordinals=frozenset(name for name in meant if ORDINAL.fullmatch(name)),
        places=meant & frozenset(PLACES),
        focus=(),
    )


_WH = re.compile(
    r"(?:一共|总共|有|是|为|达到?|共|百分之)*(?:多少|多大|多高|多远|多长|多久|多重|百分之几|什么时候|什么时间|什么地方|为什么|什么|"
    r"为何|为啥|何时|何地|哪(?:一|几|些|个|家|位|里|儿|年|天|月|类|种|项|条|[两二三四五六七八九十])*|谁|怎么样|怎么|怎样|如何|啥|"
    r"几(?!乎))"
)
_NOUN_AFTER = re.compile(
    r"^(?:个|家|位|项|种|款|名|类|条|次|份|届|场|钱|大)?([\u4e00-\u9fffa-z0-9]{2,6})"
)
_TRAILING = re.compile(
    r"(?:分别|一共|总共|大概|大约|目前|现在|到底|究竟|主要|具体|都|又|是|有|为|的|了|在|要|于|由|叫|被)+$"
)


def focus_of(text: str) -> tuple[str, ...]:
    """The asked attribute of a folded question: 「北京数字经济增加值是多少」 -> its run before 是多少;
    「有多少注册用户」 -> 注册用户. () where the question has no asking word."""
    match = _WH.search(text)
    if not match:
        runs = _RUN.findall(text)
        return (runs[-1],) if runs else ()
    before = _TRAILING.sub("", text[: match.start()])
    left = re.split(r"[的,，。、:：;；\s《》“”\"]", before)[-1]
    right = _NOUN_AFTER.match(text[match.end() :].removeprefix("是"))
    after = re.split(r"[的,，。?？、是有了吗呢在]", right[1])[0] if right else ""
    return tuple(part for part in (left, after) if len(part) > 1)


_THAT = re.compile(r"那(?=[天些位个里儿年家几种本款届]|一[天年个家位])")


def _mended(text: str) -> str:
    """那天 for 哪天 is the commonest slip of the keyboard: where nothing else asks, 那 does."""
    return text if _ASKS.search(text) else _THAT.sub("哪", text)


def content_grams(runs: tuple[str, ...]) -> list[str]:
    """Character bigrams of the Han runs (a run of one: itself) and whole Latin or number words.

    A bigram of which both characters are function words is left out.
    """
    grams: list[str] = []
    for run in runs:
        if _HAN.fullmatch(run):
            pairs = [run[i : i + 2] for i in range(len(run) - 1)] or [run]
            grams += [p for p in pairs if len(_FUNCTION.sub("", p)) > 0]
        else:
            grams.append(run)
    return list(dict.fromkeys(grams))


_ASKS = re.compile(r"多少|几(?!乎)|谁|哪|什么|何时|何地|怎|如何|多[大高久长宽远重厚深]|啥|百分之")
