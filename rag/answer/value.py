"""The value that is printed as that of what was asked for, not only near it: 「120个|国家」 of 多少国家,
「总产值|48亿元」 of 总产值是多少, the second of 「分别增长12%和15%」, the institution that 发布 what 谁 asks for.

By rule, on folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.retrieve.answer_type import AMOUNT, AnswerType, spans
from rag.retrieve.views import QuestionView

Span = tuple[int, int]

_UNIT = r"(?:(?:多|余)?(?:万|亿)?[个家位名项人种款场座所支条件部套台届篇次类批对组只棵股间栋艘架辆枚幅份]|多|余)"
_COUNTED = re.compile(
    r"(?:多少|(?<![十百千万好])几(?![乎经度何]))(?:万|亿)?(?:[个家位名项种款场座所支条件部套台届篇次类批对组只棵股间栋艘架辆枚幅份])?"
    r"(?P<noun>[\u4e00-\u9fff]{2,8})"
)
_NOUN_ENDS = re.compile(
    r"[的了在是有和与及吗呢啊呀]|(?<=..)(?:参[加与展赛]|来|到|入|出席|获|报名|接受|[被受]|亮相|加入|举[行办]|成立|通过|支持|遇难|死|"
    r"得|使用|完成|[可能会要需将]|集聚|为|从)"
)
_ADDED = re.compile(r"(?:新增|增加|新设|其中|首批|另有|新签|增至前的)[^,。;]{0,8}$")
_OF_CHANGE = re.compile(r"比重|占比|比例|率|增[长速幅加]|同比|环比|下降|降[幅低]|提[高升]|上升")
_TO_VALUE = r"[^\d,。;、:()%]{0,8}?"


def own_value(question: QuestionView, folded: str) -> Span | None:
    """The span of the value that the text gives to what the question asks for; None where it gives
    none, or the question asks for none that can be told so."""
    want = question.asked.want
    if want.type == AnswerType.PERSON:
        return acting(question, folded)
    if want.type not in (AnswerType.NUMBER, AnswerType.PERCENT):
        return None
    if (paired := of_each(question.asked.text, folded)) is not None:
        return paired
    if want.type == AnswerType.PERCENT:
        return None
    if noun := counted_noun(question.asked.text):
        return next(_counts(noun, question.asked.text, folded), None)
    return next(_measures(question, folded), None)


def counted_noun(question: str) -> str:
    """What is counted: 「多少个国家和地区的嘉宾」 -> 国家; "" where nothing is."""
    match = _COUNTED.search(question)
    if match is None:
        return ""
    noun = _NOUN_ENDS.split(match["noun"])[0]
    return noun if len(noun) > 1 and not _MEASURED.match(noun) else ""


_MEASURED = re.compile(
    r"[钱人年月天日岁万亿吨倍度元圆]|平方|立方|公[里斤顷尺分]|千[米克瓦]|英[里尺寸镑]|[毫厘分]米|小时|分钟|秒|[美欧日港]元|百分|海里|光年|"
    r"星期|世纪|次方"
)
"""What is measured in, not counted."""


def _counts(noun: str, question: str, folded: str) -> Iterator[Span]:
    """Amounts that count the noun; what was added to it counts only where that was asked for."""
    between = r"(?![年月日号%])(?:\d{4}年度?)?[^\d,。;、:()]{0,8}?"
    # Without a unit a number counts only what follows at once: 「2026论坛的国家」 has no 2026 countries.
    pattern = re.compile(rf"(?<![\d.第])(?:({AMOUNT}{_UNIT}){between}|({AMOUNT})){re.escape(noun)}")
    for match in pattern.finditer(folded):
        if not only_added(question, folded[: match.start()]):
            yield match.span(1) if match[1] else match.span(2)


def only_added(question: str, before: str) -> bool:
    """Whether the amount after ``before`` is what came to another or is a part of it (新增, 其中), and
    the question asks for no such thing. Both texts are folded."""
    added = _ADDED.search(before)
    return added is not None and added[0][:2] not in question


def asks_money(question: str) -> bool:
    """Whether a folded question asks for a sum."""
    return _ASKS_MONEY.search(question) is not None


_ASKS_MONEY = re.compile(
    r"多少钱|金额|总额|投资额|成交额|销售额|多少(?:亿|万)?[元圆]|(?:投资|耗资|斥资|造价)(?:了|是|为|共|达)*多少"
)


def _measures(question: QuestionView, folded: str) -> Iterator[Span]:
    """Amounts that follow the asked measure without a mark between; a share or a rate of it does
    only where that was asked for."""
    amounts = spans(folded, question.asked.want)
    money = asks_money(question.asked.text)
    for word, others, _ in question.focus[:1]:
        for name in (word, *sorted(others, key=lambda other: (-len(other), other))):
            for match in re.finditer(
                rf"(?<!占)(?<!占全国){re.escape(name)}({_TO_VALUE})\d", folded
            ):
                own = next((span for span in amounts if span[0] == match.end() - 1), None)
                if own is None or _OF_CHANGE.search(match[1]):
                    continue
                text = folded[own[0] : own[1]]
                rate = text.endswith("%") or folded.startswith("个百分点", own[1])
                if not rate and (not money or _SUM.search(text)):
                    yield own


_SUM = re.compile(r"[元圆万亿镑]")


_VALUE = rf"{AMOUNT}(?:%|个百分点|倍|[个家位名项人元吨米件次年天])?"
_EACH = re.compile(
    rf"(?P<left>[^,。;:]{{1,60}}?)(?:各自?)?分别[^\d,。;、]{{0,8}}?(?P<values>{_VALUE}(?:[、,和与及]{{1,2}}{_VALUE})+)"
)


def of_each(question: str, folded: str) -> Span | None:
    """「甲、乙分别增长12%和15%」: the value of the one that the question names; None where it is not
    plain which that is."""
    for match in _EACH.finditer(folded) if "分别" in folded else ():
        values = [m.span() for m in re.finditer(_VALUE, match["values"])]
        for marks in ("、|和|与|及", "、"):
            items = [part for part in re.split(marks, match["left"]) if part]
            if len(items) == len(values):
                break
        else:
            continue
        shared = [_named(item, question) for item in items]
        best = max(shared)
        if best > 1 and shared.count(best) == 1:
            a, b = values[shared.index(best)]
            return match.start("values") + a, match.start("values") + b
    return None


def _named(item: str, question: str) -> int:
    """Characters from the first of a thing's name on that the question holds."""
    name = _BEFORE_ITEM.sub("", item)
    return next((size for size in range(len(name), 1, -1) if name[:size] in question), 0)


_BEFORE_ITEM = re.compile(r"^(?:其中|此外|同时|另外|当[天年日]|今年|全年)+")
_ACTS = (
    "发布 公布 推出 发表 颁布 印发 出台",
    "主办 举办",
    "承办",
    "协办",
    "研发 研制 开发",
    "创办 创立 成立 创建 设立 发起",
    "建造 建设 兴建 修建 承建",
    "投资 出资 赞助 资助",
)
_WHO_ACTS = re.compile(
    r"谁(?:来|负责|牵头|在|所|最先|首先)*(?P<a>[\u4e00-\u9fff]{2})|(?P<b>[\u4e00-\u9fff]{2})(?:了|的)?[^,]{0,14}(?:是|为)谁"
)
_BODY = r"[\u4e00-\u9fff·a-z()]{2,24}?(?:公司|集团|部|委|院|所|局|大学|协会|联盟|政府|中心|银行|学院|委员会|基金会|组织|社|学会)"


def acting(question: QuestionView, folded: str) -> Span | None:
    """The institution that does what the question asks 谁 of: 「研究院发布《十大赛道》」."""
    asked = _WHO_ACTS.search(question.asked.text)
    verb = (asked["a"] or asked["b"]) if asked else ""
    acts = next((group for group in _ACTS if verb and verb in group.split()), "")
    if not acts:
        return None
    verbs = acts.replace(" ", "|")
    pattern = (
        rf"(?:^|[,。;:、\s“])(?P<by>由)?(?:在[^,]{{2,10}}上)?(?P<who>{_BODY})(?:团队|课题组|项目组)?"
        rf"(?:联合|共同|正式|今日|近日|率先|首次|在[^,]{{2,8}})*(?:{verbs})[了的]?"
        r"(?P<object>[^,。;]{0,40})(?P<rest>[^。;]*)"
    )
    for match in re.finditer(pattern, folded):
        objects = [word for word in question.words if len(word) > 1 and word not in acts]
        # 「由科技部主办、日报社承办的论坛」: what is done to stands at the end.
        text = match["object"] + (match["rest"] if match["by"] else "")
        held = [word for word in objects if word in text]
        if held and len(held) * 2 >= len(objects):
            return match.span("who")
    return None
