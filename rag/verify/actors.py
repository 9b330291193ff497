"""The names in a text: people by their writing, bodies and countries by a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.verify.gazetteer import HARD, named
from rag.verify.stretches import SENTENCE_END
from rag.verify.words import occurrences, static

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文宗冉柳庞樊兰殷施陶洪翟颜倪严牛温芦季俞章鲁葛"
    "伍韦申尤毕聂丛焦柏肖裴欧阮骆佟卫甄关涂邢凌莫覃闫代瞿辛管祝左缪翁解农简饶戚岳齐沙梅盛童霍靳纪舒屈项成詹路娄翦"
)
_BEFORE = (
    r"(?:^|(?<=[，,。;:、“”\"（()）\s的和与及由对向让请是为])"
    r"|(?<=[长记任席员授士总师者人事监理官家队裁民友星婚子妻夫父母亲弟兄某]))"
)
_BEHIND = (
    r"(?=$|[，,。;:、“”\"（()）\s和与及等在说表主出介指称认强率带参作致为是的于将也还被因向从对就以已则曾先女教院士获赢夺负任当拿"
    r"打签完提接告回副今昨确])"
)
_GIVEN = r"[^\W\da-z_的了是在和与及对为将也已就都而其以至到从由向被这那此说称等某女先表示出]"
_PERSON = re.compile(
    rf"{_BEFORE}[{SURNAMES}](?:女士|先生|某某?|(?:{_GIVEN}|{_GIVEN}{{2}})(?:女士|先生)?{_BEHIND})"
    r"|[\u3400-\u9fff]{1,6}(?:·[\u3400-\u9fff]{1,7}?)+"
    r"(?=$|[^\u3400-\u9fff]|表示|指出|认为|称|说|在|的|是|被|宣布|担任|获得|对|也|将|已|于|和|与|及|等)"
)
_SUBJECT = re.compile(r"(?:^|[，,。;:“\"]|据|而|但|其中|对此|此前|目前|同时|此外|\d[日月年])$")
_PRONOUN = re.compile(r"前者|后者")
_RARE = 6.5
"""The idf from which on a single token may be a name."""


@dataclass(frozen=True, slots=True)
class Actor:
    """``name`` is one for all writings."""

    kind: str
    name: str
    start: int
    end: int


@lru_cache(maxsize=256)
def actors(text: str, known: tuple[str, ...] = ()) -> tuple[Actor, ...]:
    """The names of a plain text, in order; 前者 and 后者 under the names they stand for. ``known``
    are names of people to look for besides."""
    found: list[Actor] = []
    every: list[Actor] = []
    for name in named(text):
        if name.kind in HARD and len(name.text) > 1:
            kind = "country" if name.kind == "country" else "body"
            if name.kind in {"province", "city", "region"}:
                continue
            every.append(Actor(kind, f"{name.kind}{name.number}", name.start, name.end))
            if _SUBJECT.search(text[max(0, name.start - 3) : name.start]):
                found.append(every[-1])
    taken = {at for actor in every for at in range(actor.start, actor.end)}
    people = [match.span() for match in _PERSON.finditer(text)]
    called = {re.sub("女士|先生", "", text[start:end]) for start, end in people}
    for one in sorted({one for one in called if len(one) > 2}.union(known)):
        people += [(at, at + len(one)) for at in occurrences(one, text)]
    for start, end in sorted(people):
        if not taken & set(range(start, end)) and not _everyday(text[start:end]):
            found.append(Actor("person", re.sub("女士|先生", "", text[start:end]), start, end))
            every.append(found[-1])
            taken.update(range(start, end))
    every.sort(key=lambda actor: actor.start)
    for match in _PRONOUN.finditer(text):
        before = [actor for actor in every if actor.end <= match.start()][-2:]
        if len(before) == 2 and not SENTENCE_END.search(text, before[0].start, match.start()):
            meant = before[match[0] == "后者"]
            found.append(Actor(meant.kind, meant.name, *match.span()))
    return tuple(sorted(found, key=lambda actor: actor.start))


@lru_cache(maxsize=4096)
def _everyday(text: str) -> bool:
    """Whether what looks like a name is a word of everyday use: 安全, 方便."""
    model = static()
    rows = model.tokenizer.encode(text, add_special_tokens=False).ids
    return len(rows) == 1 and float(model.idf[rows[0]]) < _RARE


def everyone(text: str) -> list[Actor]:
    """People, and whatever a list names, wherever it stands."""
    found = [actor for actor in actors(text) if actor.kind == "person"]
    taken = {at for actor in found for at in range(actor.start, actor.end)}
    for name in named(text):
        if name.kind in HARD and not taken & set(range(name.start, name.end)):
            found.append(Actor("body", f"{name.kind}{name.number}", name.start, name.end))
    return sorted(found, key=lambda actor: actor.start)
