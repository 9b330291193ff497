"""Who is or did what is asked, and where something is held, as a sentence tells it.

A person's name is told by its surname, by the words around it and by the role or act next to it; a
place by the gazetteer or by what venues are called.
"""

from __future__ import annotations

import re

from rag.conflicts.sought import Sought
from rag.conflicts.statements import DATELINE, years_in
from rag.conflicts.told import Told
from rag.conflicts.values import Value
from rag.conflicts.wordings import Kind, kinds_in, wordings
from rag.retrieve.answer_type import AnswerType
from rag.verify.gazetteer import named
from rag.verify.words import view

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖"
    "邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施陶洪严樊温季俞章鲁葛柳毕聂焦柯骆殷蓝裴纪祝凌霍童欧阮翁莫岳路"
)
_SURNAME = re.compile(rf"[{_SURNAMES}](?=[\u3400-\u9fff])")
_BODY = re.compile(r"大学|中学|小学|公司|集团|[市县区镇村厂店桥路街馆院校部局会社湾岛港站省州]$")
_HAN = re.compile(r"[\u3400-\u9fff]{2,3}")
_NEVER = frozenset("的是和与及也都就被把让从了在由等二三四五六七八九十期年月日")
_SELDOM = frozenset("为将说对以向到来获夺捧摘执任担率主设创写出领于会后前时表指介")
"""What is no part of a name, and what ends none unless a mark or a saying follows."""
_NOT_IT = re.compile(r"(?:副|前|原|时任|曾任|首任|历任|代|代理|候任|名誉|荣誉|助理|常务)$")
_OF = re.compile(
    r"((?:(?![这该本我其们的为是任由])[\u3400-\u9fff]){2})"
    r"(?:大学|[中小]学|公司|集团|医院|银行|协会|商会|局|馆|市|县|区|镇|村)(?:现任)?$"
)
"""The body whose office it is."""
_SUCCEEDS = re.compile(
    r"新任|前任|辞去|辞任|卸任|接任|接替|继任|免去|离任|上任|换届|退休|逝世|去世|不再|履新|转任|调任|时任|首任|历任"
)
_SEVERAL = re.compile(
    r"等(?=[人获选])|分别|并列|两位|[女男]子(?=[组队单双项全个\d百千])|组别|[青少成老]年组|[单双]打"
)
_ORIGIN = re.compile(r"来自([^，。]{1,12})的")
_MARK = re.compile(r"[，,;。!?\n:]")
_STOP = re.compile(r"[。!?;\n]")
_REACH = 20
"""Characters between a name and the role or act that is its."""
_LINK = re.compile(
    r"(?:一职|获得者|得主)?(?:[由为是:，][^，。]{0,12}|[^，。]{0,10}的?是[^，。]{0,6}|(?:来自[^，。]{1,12}的)?[^，。]{0,4})"
)
"""What stands between a role and the name behind it."""
_VENUE = re.compile(
    r"(?:安排在|设在|改在|[在于]|位于|坐落于|地点(?:设在|定在|选在|为|是|在|:)*)(?P<name>[\u3400-\u9fff\d]{1,12}?"
    r"(?:公园|广场|码头|礼堂|剧院|剧场|体育馆|体育场|会展中心|中心|操场|大厦|食堂|酒店|宾馆|饭店|会议室|教室|活动室|文化馆|图书馆|博物馆"
    r"|美术馆|展览馆|[大中小]学|学院|校区|[^场]馆|大厅|[\d一二三四五六七八九]号?[楼厅]|基地|影城|书店|[路街园寺岛湖港])(?:[一二三四五六七八九\d]+[楼层号][\u3400-\u9fff]{0,4})?)"
    r"(?=[，。;、!?()]|$|[一-龥]{0,4}?(?:举行|举办|召开|开幕|开赛|开始|进行|开讲|演出|设|启动|集合))"
)
_HELD = re.compile(
    r"[市省]?[\u3400-\u9fff]{0,8}?(?:举行|举办|召开|开幕|开赛|揭幕|进行|打响|落户|成立|召集|主办)"
)
_SEATED = re.compile(
    r"(?:位于|坐落[于在]|总部(?:设|位)?[在于]|举办地(?:点)?[为是在:]|举办城市[为是:]|地点[为是在:])[\u3400-\u9fff]{0,4}$"
)


def asks_name(sought: Sought) -> bool:
    """Whether a question asks who is or did something, or where something is."""
    if sought.type == AnswerType.PLACE:
        return True
    return sought.type == AnswerType.PERSON and bool(kinds_in(sought.asked, "roles"))


def names_of(told: Told, sought: Sought) -> list[Value]:
    """The names that a sentence gives for the role that is asked for, or for a place."""
    if sought.type == AnswerType.PLACE:
        return _places(told, sought)
    roles = kinds_in(sought.asked, "roles")
    if not roles:
        return []
    role = max(roles, key=lambda kind: (len(kind.word), kind.start))
    apart = re.search(r"[女男]子", sought.asked)
    several = re.sub(r"[女男]子", "", told.said) if apart else told.said
    office = role.name in wordings().offices
    if (office and _SUCCEEDS.search(told.said)) or (not office and _SEVERAL.search(several)):
        return []
    found = []
    held = [k for k in kinds_in(told.said, "roles") if k.name == role.name]
    people = _people(told.said, {kind.end for kind in held})
    for kind in held:
        before = told.said[: kind.start]
        body = _OF.search(before)
        if _NOT_IT.search(before) or (body and body[1] not in sought.asked):
            continue
        near = [(gap, span) for span in people if (gap := _gap(told.said, span, kind)) is not None]
        if near:
            gap, span = min(near)
            fit = 2.0 - gap / (2 * _REACH)
            found.append(_value(told.said, span, "who", frozenset({role.name}), fit))
    return found


def _gap(said: str, name: tuple[int, int], kind: Kind) -> int | None:
    """How far a name is from a role: right behind it, or before it in the sentence; None where it
    is not its."""
    start, end = name
    between = said[kind.end : start] if start >= kind.end else said[end : kind.start]
    if _STOP.search(between) or len(between) > _REACH or len(_MARK.findall(between)) > 1:
        return None
    if start < kind.end:
        return len(between) + 1 if end <= kind.start else None
    return len(between) if _LINK.fullmatch(between) else None


def _people(said: str, roles: set[int]) -> list[tuple[int, int]]:
    """Where names of persons may stand: no known word reaches over their ends, or is one that does
    not stand right behind a role."""
    known = [
        (word.start, word.start + len(word.text))
        for word in view((said,)).words
        if word.row >= 0 and len(word.text) > 1 and word.text[-1] not in _SELDOM
    ]
    titles = [(kind.start, kind.end) for kind in kinds_in(said, "roles")]
    found: list[tuple[int, int]] = []
    for start in (match.start() for match in _SURNAME.finditer(said)):
        for end in (start + 3, start + 2):
            text = said[start:end]
            marked = said[end : end + 1] in "，。、!?说表介()"
            if not _HAN.fullmatch(text) or _NEVER & set(text[1:]):
                continue
            if text[-1] in _SELDOM and not marked:
                continue
            if any(a < end and start < b and not (start <= a and b <= end) for a, b in known):
                continue
            if _BODY.search(text) or any(a < end and start < b for a, b in titles):
                continue
            if ((start, end) in known and start not in roles) or (found and start < found[-1][1]):
                continue
            found.append((start, end))
            break
    return found


def _value(said: str, name: tuple[int, int], unit: str, kinds: frozenset[str], fit: float) -> Value:
    opening = max((m.end() for m in _STOP.finditer(said, 0, name[0])), default=0)
    start = max((m.end() for m in _MARK.finditer(said, 0, name[0])), default=0)
    stop = _MARK.search(said, name[1])
    text = said[slice(*name)]
    lead = DATELINE.sub("", said[opening : name[1]]).replace(text, " ")
    origins = {found.text for origin in _ORIGIN.findall(said) for found in named(origin)}
    return Value(
        what=text,
        text=text,
        unit=unit,
        before=said[start : name[0]],
        behind=said[name[1] : stop.start() if stop else len(said)],
        lead=_ORIGIN.sub("", lead),
        fit=fit,
        kinds=kinds,
        years=frozenset(year for _, year in years_in(said) if year.isdigit()),
        beside=frozenset({*origins, text} if unit != "who" else origins),
    )


def _places(told: Told, sought: Sought) -> list[Value]:
    """The cities, provinces and countries that a sentence says something is held or seated in, and
    the venues."""
    said = told.said
    wanted = frozenset(sought.events or {"place"})
    found = []
    for name in named(said):
        if name.kind not in {"city", "province", "country"}:
            continue
        before, behind = said[: name.start], said[name.end :]
        held = re.search(r"[在于]$", before) and _HELD.match(behind)
        if held or _SEATED.search(before):
            found.append(_value(said, (name.start, name.end), name.kind, wanted, 2.0))
    for match in _VENUE.finditer(said):
        if not any(a.before == said[: match.start("name")] for a in found):
            found.append(_value(said, match.span("name"), "venue", wanted, 1.8))
    return found
