"""What kind of answer a question asks for, and where such spans stand in a text.

Works on folded text (:func:`rag.text.normalise.fold_text`). The taxonomy follows Li & Roth 2002
("Learning question classifiers"), reduced to what Chinese question words tell apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

NUMERAL = r"(?:\d+(?:[.,:]\d+)*|[〇零一二两三四五六七八九十百千]+)"
SCALE = r"[十百千万亿兆]*"
AMOUNT = rf"{NUMERAL}(?:多|余|几)?{SCALE}(?:多|余)?"


class AnswerType(StrEnum):
    """What the question wants."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    LIST = "list"
    REASON = "reason"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The answer type, the unit asked for (多少家 -> 家) and how many items (哪三个 -> 3)."""

    type: AnswerType
    unit: str = ""
    count: int = 0


_UNITS = (
    "个百分点|平方公里|平方米|立方米|公里|千米|千克|公斤|美元|欧元|英镑|日元|韩元|港元|人民币|"
    "家|位|项|个|人|名|款|种|场|条|篇|件|届|次|年|月|天|日|小时|分钟|秒|岁|期|版|张|所|座|支|部|"
    "套|台|辆|吨|米|倍|元|块|钱|株|亩|户|册|字|轮|类|层|级|分|度|万|亿"
)
_RE_LIST = re.compile(
    r"哪些|有什么(?:特点|特征|趋势|措施|举措|内容|成果|要求|任务|方面|优势|作用|意义|变化|亮点)|"
    r"哪(?:几|[两二三四五六七八九十]|\d+)(?:大|个|项|条|种|类|家|方面|点|位|所|座|款|部|届|年)?|"
    r"分别(?:是|为|有|指|叫)|列举|列出|有几[大个条项点].{0,8}[,，]?(?:分别|都)?是什么|"
    r"(?<![一二三四五六七八九十百\d])(?:[两二三四五六七八九十]|\d+)(?:大|个|项|条|种|类)[^多少几]{0,12}(?:是什么|都有啥|有哪|包括|指什么|是啥)|"
    r"包括什么|包含什么|都有谁|有谁|有啥|什么方面|哪儿些|都(?:有|是)什么|which (?:\w+ )?(?:are|were)"
    r"|what are|list "
)
_RE_COUNT = re.compile(
    r"(?<![一二三四五六七八九十百\d])([两二三四五六七八九十]|\d{1,2})(?:大|个|项|条|种|类|家|方面|点|位)"
)
_RE_DATE = re.compile(
    r"什么时候|何时|哪(?:一)?[天年月日]|几月|几号|什么时间|啥时候|何年|何日|哪个(?:月|年|日)|时间是|"
    r"日期|多久"
)
_RE_REASON = re.compile(r"为什么|为何|为啥|什么原因|原因是|何以|怎么会")
_RE_PERSON = re.compile(r"(?<!有)谁|哪(?:一)?位|何人|什么人|哪个人|叫什么名字|姓名|名字是|哪些人")
_NAME_OF_A_THING = re.compile(
    r"(?:计划|项目|活动|行动|工程|公司|企业|机构|组织|平台|系统|产品|品牌|论坛|大会|会议|报告|文件|政策|机器人|模型|芯片|软件|"
    r"电影|歌曲|乐队|节目|杂志|报纸|学校|大学|车站|大桥|城市|国家|比赛|赛事|奖项|专栏|作品)(?:的|被|又|它)*"
    r"(?:叫什么名字|(?:名字|名称)(?:是|叫)?(?:什么|啥))"
)
"""「计划叫什么名字」 asks for no person."""
_STRENGTH = re.compile(r"[强好快难新妙差弱贵美香](?:是)?在(?:哪里|哪儿|哪)|体现在(?:哪里|哪儿|哪)")
"""强在哪里 asks for a reason, not for a place."""
_RE_ITEMS = re.compile(
    r"([两二三四五六七八九十]|\d{1,2})(?:大|条|项|个|点|种|方面)(?:方面|主要|重点|核心|具体)*的?[\u4e00-\u9fff]{2,6}[。?？]?$"
)
"""A question without an asking word that ends in so many things: 「工信部的四条举措」."""
_RE_ASKS = re.compile(r"多少|几|谁|哪|什么|何|怎|如何|多[大高久长宽远重]|啥|吗|呢|么$|是否|有没有")
_RE_PLACE = re.compile(
    r"哪里|哪儿|何地|何处|什么地方|在哪|哪个(?:城市|国家|省|市|地方|地区|区|县|会场|场所|馆)|地点"
)
_RE_ORG = re.compile(
    r"哪(?:个|家|些)?(?:机构|单位|部门|公司|企业|大学|学校|组织|集团|协会|研究院|媒体|报纸|报社|高校)|"
    r"什么(?:机构|单位|部门|公司|组织|企业)|由谁(?:主办|发布|承办|牵头)"
)
_RE_PERCENT = re.compile(
    r"(?:占比|比重|比例|增速|增长率|增幅|降幅|同比|环比|百分之|百分比|份额|增长(?:了)?|提升(?:了)?|提高(?:了)?|"
    r"下降(?:了)?|涨(?:了)?|占).{0,10}(?:多少|几|多大|多高|\?|？|$|呢)|涨幅|多少个?百分|百分之几"
)
_RE_NUMBER = re.compile(
    r"多少|几(?!乎|经|度)|多大|多高|多长|多远|多重|多快|规模|总额|金额|数量|人数|总数"
)
_RE_UNIT = re.compile(rf"(?:多少|几)(?:万|亿)?({_UNITS})")


def wanted(question: str) -> Wanted:
    """The answer type of a folded Chinese question; :mod:`rag.retrieve.english_type` for English."""
    count = _RE_COUNT.search(question)
    if _RE_LIST.search(question) and not re.search(r"哪[一]?(?:年|天|月|届)", question):
        return Wanted(AnswerType.LIST, count=_numeral(count[1]) if count else 0)
    if _RE_REASON.search(question):
        return Wanted(AnswerType.REASON)
    if _RE_DATE.search(question):
        return Wanted(AnswerType.DATE)
    if _RE_ORG.search(question):
        return Wanted(AnswerType.ORGANISATION)
    if _RE_PERSON.search(question) and not _NAME_OF_A_THING.search(question):
        return Wanted(AnswerType.PERSON)
    if _RE_PLACE.search(question) and not _STRENGTH.search(question):
        return Wanted(AnswerType.PLACE)
    unit = _RE_UNIT.search(question)
    if unit and unit[1] not in ("个百分点",):
        return Wanted(AnswerType.NUMBER, unit=unit[1])
    if _RE_PERCENT.search(question):
        return Wanted(AnswerType.PERCENT)
    if _RE_NUMBER.search(question):
        return Wanted(AnswerType.NUMBER)
    items = _RE_ITEMS.search(question)
    if items and not _RE_ASKS.search(question):
        return Wanted(AnswerType.LIST, count=_numeral(items[1]))
    return Wanted(AnswerType.OTHER)


def _numeral(text: str) -> int:
    if text.isdigit():
        return int(text)
    return "零一二三四五六七八九十".find(text.replace("两", "二"))


_PERCENT_SPAN = re.compile(
    rf"{NUMERAL}(?:多|余)?(?:%|个百分点|倍|成)|百分之{NUMERAL}|{NUMERAL}分之{NUMERAL}|\d+/\d+"
)
_DATE_SPAN = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:至(?:\d{1,2}月)?\d{1,2}日)?|\d{4}年(?:\d{1,2}月)?(?:底|初|末)?|"
    r"\d{1,2}月(?:底|初|\d+-\d+日)?|(?:今|去|前|明|本)年(?:底|初)?|\d{4}-\d{1,2}-\d{1,2}|"
    r"“?[十一二三四五六七八九]{2,4}五”?(?:时期)?|近\d+年|\d+年(?:来|多)|"
    r"(?:论坛|年会|会议|大会|展会|赛|假期|春节|国庆|活动|任)[\u4e00-\u9fff]{0,2}期间"
)
_NUMBER_SPAN = re.compile(rf"{AMOUNT}(?:{_UNITS}|%)?")
_PLACE_SPAN = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:省|市|区|县|州|镇|村|路|街道|中心|馆|大厦|广场|机场|园区|大学|会议中心)|"
    r"北京|上海|天津|重庆|中国|美国|英国|法国|德国|日本|俄罗斯|韩国|香港|澳门|台湾|广东|深圳|广州|河北|山东|"
    r"昆明|云南|四川|成都|陕西|西安|浙江|杭州|江苏|南京|湖北|武汉|湖南|长沙|福建|海南|黑龙江|吉林|辽宁|"
    r"秦皇岛|雄安|石家庄|海淀|巴西|比利时|欧洲|亚洲|非洲|印度|加拿大|澳大利亚|新加坡|意大利|西班牙"
)
_REASON_SPAN = re.compile(
    r"因为|由于|因此|所以|原因|缘于|源于|出于|为了|旨在|以便|以免|鉴于|使得|导致|致使|得益于|归功于|在于|因[\u4e00-\u9fff]"
)
_ORG_SPAN = re.compile(
    r"[\u4e00-\u9fff·（）()a-z]{2,20}?(?:公司|集团|部|委|院|所|局|大学|协会|联盟|政府|中心|银行|学院|研究院|委员会|"
    r"基金会|组织|报社|日报|高新区|工厂|医院|法院|学会|杂志|社)"
)
_PERSON_SPAN = re.compile(
    r"(?:主任|院长|校长|部长|会长|主席|总裁|经理|书记|院士|教授|记者|发言人|创始人|市长|局长|司长|理事长|研究员|"
    r"馆长|团长|队长|厂长|村长|县长|省长|区长|州长|行长|台长|站长|园长|主编|导演|教练|律师|医生|"
    r"工程师|董事长|总经理|秘书长|专家|博士|经济师|公使|大使|作家|学家|首席执行官|所长|处长|社长|总统|总理)"
    r"(?:、[\u4e00-\u9fff]{2,8})?(?P<name>[\u4e00-\u9fff]{2,4}?|[\u4e00-\u9fff]+·[\u4e00-\u9fff]+)"
    r"(?=说|表示|认为|介绍|指出|强调|在|,|，|。|、|建议|透露|坦言|告诉|\s|$|\(|（|担任|称|看来|用|以|立足|就|院长)|"
    r"[\u4e00-\u9fff]+[·・][\u4e00-\u9fff]+?(?=说|表示|认为|介绍|指出|强调|[,，。、;；\s(（]|$)|"
    r"(?<=[,，。、“”\s])[\u4e00-\u9fff]{2,3}(?=说|表示|认为|介绍|指出|强调|建议)"
)


def spans(text: str, want: Wanted) -> list[tuple[int, int]]:
    """Where the wanted kind of answer stands in a folded text, in order; [] for LIST and OTHER."""
    pattern = {
        AnswerType.PERCENT: _PERCENT_SPAN,
        AnswerType.DATE: _DATE_SPAN,
        AnswerType.PLACE: _PLACE_SPAN,
        AnswerType.ORGANISATION: _ORG_SPAN,
        AnswerType.PERSON: _PERSON_SPAN,
        AnswerType.NUMBER: _NUMBER_SPAN,
        AnswerType.REASON: _REASON_SPAN,
    }.get(want.type)
    if pattern is None:
        return []
    found = []
    for match in pattern.finditer(text):
        span = (
            match.span("name")
            if want.type == AnswerType.PERSON and match["name"]
            else (match.span())
        )
        if want.type == AnswerType.NUMBER and not _is_quantity(text, span, want.unit):
            continue
        found.append(span)
    return found


def _is_quantity(text: str, span: tuple[int, int], unit: str) -> bool:
    """Whether a number is one that a 多少 question can mean: not a date, a percentage or a name."""
    word = text[span[0] : span[1]]
    after = text[span[1] : span[1] + 2]
    if unit:
        if unit in ("钱", "块"):
            unit = "元"
        if unit in ("人", "名", "位"):
            return word.endswith(("人", "名", "位")) or text[span[1] : span[1] + 4].find("人") >= 0
        return word.endswith(unit) or (unit in ("万", "亿", "元") and unit in word + after)
    if re.fullmatch(r"[一二两三四五六七八九十百千]", word):
        return False
    return not (re.fullmatch(r"\d{4}年|\d{1,2}[月日]|\d+届", word) or after.startswith("月"))
