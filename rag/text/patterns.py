"""What lines of Chinese documents look like: the regular expressions of the segmentation.

Each is tried on the beginning or the end of a line, or scans it once: no pattern repeats a repeat.
"""

from __future__ import annotations

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
CLOSERS = "”’」』）】》〉〕）\\)\\]\"'"
COMMAS = "，、,"

BLANK = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
"""White space and invisible characters: what a span never begins or ends with."""

LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
NEWLINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
MARKER = re.compile(
    r"(?:\#{1,6}(?=[\s\u3000])|\#{2,6}(?=[^\s#])|>(?=\s?\S)|[-*+•·▪◦‣–](?=\s)|[■►▶●◆□◇○◎▲△★☆※➤➢])\s*"
)
LIST_MARKS = frozenset("-*+•·▪◦‣–■►▶●◆□◇○◎▲△★☆※➤➢")

TERMINATED = re.compile(rf"(?:[。！？!?…；;：:｡]|(?<=[A-Za-z0-9%])\.)[{CLOSERS}*_ ]*$")
SENTENCE_END = re.compile(r"[。！？；｡…]|[!?](?=\s|$)|[a-z]\.(?=\s+[A-Z])")

PAGE = re.compile(
    r"(?:[-—–·]\s*)?(?:第\s*)?[0-9]{1,3}\s*(?:页)?(?:\s*[/，,]?\s*共?\s*[0-9]{1,4}\s*页)?(?:\s*[-—–·])?$"
)
TABLE = re.compile(r"\|[^|]*\||\t")
RESUME = re.compile(r"[（(▲]?\s*[上紧]接\s*第?\s*[A-Z]?[0-9一二三四五六七八九十]{1,3}\s*版")

_MONTH_DAY = r"[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日"
_AGENCY = r"(?:新华社|中新社|新华网|人民网|中新网|央视网|中国新闻网|本报|本刊|本网)"
DATELINE = re.compile(
    r"【?(?:(?:本报|本刊|本网|本台)(?:综合)?讯"
    rf"|据?{_AGENCY}[{HAN}]{{0,10}}\s?{_MONTH_DAY}(?:专?电|讯|消息)"
    rf"|[A-Za-z{HAN}]{{2,12}}\s?{_MONTH_DAY}(?:专?电|讯|消息))】?"
)
_CREDIT_TAIL = re.compile(
    rf"[\s、，]*(?:[（(][^）)]{{0,30}}[）)])?(?:记者[\s{HAN}]{{0,20}})?[。]?$"
)
_END = re.compile(
    r"《[^》]{2,20}》\s*[（(]?\s*[0-9]{4}\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日.{0,14}版.{0,6}$"
    r"|[（(【\[]?\s*(?:责任编辑|责编|本文编辑|本版编辑|编审|校对)\s*[:：丨|]?"
    r"|[（(]\s*完\s*[）)]$|[（(▼]?\s*下转\s*第?\s*[A-Z]?[0-9一二三四五六七八九十]{1,3}\s*版"
)
CAPTION = re.compile(
    r"^(?:图片来源|数据来源|资料来源|制图|摄影|图片?\s?[:：/]|图[0-9]+\s*[:： ]|表[0-9]+\s*[:： ])"
    r"|^(?:新华社|本报|人民网|中新社)?(?:摄影)?记者$"
    r"|(?:[ /／者]\S{0,4}\s?摄|[）)。 /]\S{0,12}\s?摄|供图|制图|新华社发|资料图片?|视觉中国)"
    r"\s*[)）]?\s*。?$"
    r"|摄\s*[)）]\s*[。]?\s*(?:新华社|中新社|本报|人民网)?\S{0,8}$"
)

QUESTION = re.compile(
    r"(?:提问|问题?|Q|记者(?:提?问)?|主持人|网友)\s?[0-9一二三四五六七八九十]{0,2}\s?[：:]"
)
ANSWER = re.compile(r"(?:回答|答复?|A)\s?[0-9一二三四五六七八九十]{0,2}\s?[：:]")
LABEL = re.compile(rf"([{HAN}·]{{2,16}}|[A-Z][A-Za-z .]{{1,24}})\s?[：:]")

CLAUSE = re.compile(
    r"第[一二三四五六七八九十百零〇0-9]{1,5}条(?:之[一二三四五六七八九十])?(?:[\s\u3000：:]|【)"
)
CLAUSE_LEVEL = 14
_NUMBERED = (
    (11, re.compile(r"第[一二三四五六七八九十百0-9]{1,4}(?:编|篇|部分|单元)(?![之的])")),
    (12, re.compile(r"第[一二三四五六七八九十百0-9]{1,4}章(?![之的])")),
    (13, re.compile(r"第[一二三四五六七八九十百0-9]{1,4}节(?![之的课])")),
    (21, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    (22, re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]")),
    (23, re.compile(r"[0-9]{1,2}[.．、](?![0-9])")),
    (24, re.compile(rf"[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{1,3}}(?:[.、]\s?|\s+)(?=[A-Za-z{HAN}])")),
    (25, re.compile(r"[（(][0-9]{1,2}[)）]")),
)

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍"
    "涂成苗谷盛曲翁冉骆蓝路游辛靳柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆司卓古吉缪简车项连芦麦褚娄窦戚岑景党"
    "宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡"
    "鞠惠荆乐冀胥南班储原燕楚鄢劳谌奚粟冼蔺楼盘满闻位厉伊仝郜阚花强帅屠朴盖练廉井祖漆巴丰支狄平计宣晋相初"
)
_NAME = rf"(?:[{HAN}]{{2,4}}(?:·[{HAN}]{{1,8}}){{0,2}}|[{HAN}][ \u3000]{{1,2}}[{HAN}](?![{HAN}]))"
_NAMES = rf"{_NAME}(?:[ \u3000、，,]+{_NAME}){{0,7}}"
_ROLE = (
    r"(?:本报|本刊|本网|新华社|人民日报|经济日报|光明日报|科技日报|中新社|央视)?"
    r"(?:首席|特约|见习|实习|驻\S{1,4})?(?:记者|通讯员|评论员|特派员|编辑|作者|实习生)"
)
_MARKED_NAMES = re.compile(
    rf"(?:{_ROLE}[ \u3000:：]*)?({_NAMES})(?:\s*{_ROLE}\s*{_NAMES})?\s*[）)]?$"
)
_ROLE_NAMES = re.compile(
    rf"[（(【]?\s*(?:{_ROLE}|文|文字|撰文|采写)\s*[ \u3000:：/／]\s*{_NAMES}"
    rf"(?:\s*(?:{_ROLE}|图|摄影)\s*[ \u3000:：/／]?\s*{_NAMES})?\s*[）)】]?$"
)
_META = re.compile(r"(?:来源|作者|发布时间|发布日期|发布机构|撰文|撰稿)\s*[：:]")
_BARE_NAMES = re.compile(rf"[{HAN}]{{2,3}}(?:[ \u3000]+[{HAN}]{{2,3}}){{0,6}}$")

_POST = (
    r"(?:院长|副院长|书记|主任|局长|部长|司长|厅长|处长|市长|省长|区长|县长|校长|会长|理事长|秘书长|董事长"
    r"|行长|所长|社长|馆长|科长|站长|组长|队长|总裁|总经理|经理|总监|教授|院士|研究员|工程师|主席|委员|代表"
    r"|发言人|专家|顾问|博士|医生|医师|律师|记者|主编|创始人|负责人|先生|女士|官|师)"
)
_PERSON = re.compile(
    rf"[{HAN}、（）()A-Za-z]{{0,40}}{_POST}\s?[{HAN}]{{2,4}}(?:·[{HAN}]{{1,8}})?$"
    rf"|[{HAN}]{{2,4}}{_POST}$"
)


def is_article_end(core: str) -> bool:
    """Whether a short line only says where the text above was printed, or that it is over."""
    if _END.match(core):
        return True
    dateline = DATELINE.match(core)
    return dateline is not None and _CREDIT_TAIL.match(core, dateline.end()) is not None


def is_byline(core: str, mark: str) -> bool:
    """Whether a short line names who wrote the text; ``mark`` is the bullet before it."""
    if _META.match(core) or _ROLE_NAMES.match(core):
        return True
    if mark and mark in "■►▶●◆□◇○◎▲△★☆※➤➢":
        match = _MARKED_NAMES.match(core)
        return match is not None and match.group(1)[0] in _SURNAMES
    return False


def is_names(core: str) -> bool:
    """Whether a line holds nothing but personal names of two or three characters."""
    return _BARE_NAMES.match(core) is not None and all(n[0] in _SURNAMES for n in core.split())


def is_person(core: str) -> bool:
    """Whether a line is a person: a post and a name, a name and a post, or a name alone."""
    return _PERSON.match(core) is not None or (len(core) <= 3 and is_names(core))


def numbered_level(core: str) -> int:
    """How deep a line numbered as a heading stands (larger is deeper); 0 where it is not."""
    for level, pattern in _NUMBERED:
        if pattern.match(core):
            return level
    return 0


def without_number(core: str) -> str:
    """A heading without its number."""
    for _, pattern in _NUMBERED:
        match = pattern.match(core)
        if match is not None:
            return core[match.end() :].strip(" \u3000、．.")
    return core
