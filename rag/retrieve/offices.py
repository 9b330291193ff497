"""Who holds an office: which questions ask for it, and which texts name that office.

「谁是科技部部长」 is answered where the head of that ministry is named, not by the words of a deputy
nor of the head of another body (「统战部部长」), however near they are. What is doubtful is taken to be
named: a sentence that passes here is weighed like any other. Works on folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TITLES = (
    "部长|市长|省长|县长|区长|镇长|局长|司长|处长|厅长|院长|校长|所长|馆长|会长|理事长|董事长|秘书长|行长|社长|台长|站长|总裁|总经理|"
    "首席执行官|行政总裁|执行长|ceo|总统|总理大臣|总理|首相|主席|州长|议长|书记|主任|总编辑|总编|主编"
)
_TITLE = rf"(?:常务|执行)?副?(?:{_TITLES})"
_SAME = (
    ("首席执行官", "行政总裁", "执行长", "ceo"),
    ("总编辑", "总编"),
    ("董事长", "董事局主席"),
    ("首相", "总理大臣"),
    ("书记", "支书"),
)
_MINISTERS = {"外交": "外长", "国防": "防长", "财政": "财长"}
_WHO = ("谁", "是哪", "什么人", "叫什么", "姓什么", "名字", "姓名")
"""One of these is in every such question. The patterns are text, compiled when one is asked: that
takes 6 ms, which a cold start need not wait for."""
_NOW = r"(?:现任|时任|现在的?|目前的?|当前的?|如今的?)*"
_ASKS = (
    rf"谁(?:是|担任|出任|任(?![命免])|当(?![面众选场着])|做)(?:了|过)?{_NOW}(?P<whose>[^,。?!谁]*?)(?P<of>的)?(?P<title>{_TITLE})[?。!]*$|"
    rf"(?:^|[,。?!;])(?:请问|问一下)?,?{_NOW}(?P<whose_>[^,。?!谁]*?)(?P<of_>的)?(?P<title_>{_TITLE})"
    r"(?:现在|目前|到底|究竟)?(?:是谁|是哪一?位|是什么人|叫什么(?:名字)?|姓什么|的(?:名字|姓名)(?:是|叫)什么|由谁担任)(?:呀|啊|呢|来着)?[?。!]*$"
)
_FORMER = r"(?:前任?|历任|首任|第.任|上一?任|原任?|曾任|创始|创刊)$"
"""Whoever once held it is told in other words."""
_LATELY = r"(?:现在|目前|新一届|新任|现任|[新现])+$"
_BODY = r"[\u3400-\u9fff]+(?:[部局委院厅署司办处科室市省县区州国会社台所馆店站团党校盟]|公司|集团|大学|银行|学院|中心|联盟|协会)$"
"""What stands right before a title and is what it is the title of."""
_ANY = (
    r"(?:.*[该本我这那述贵])?(?:们|家|个|所)?(?:的)?"
    r"(?:分?公司|集团|大学|学校|学院|医院|协会|总行|自治区|国家|单位|[市省县区州校院所局厅国会党])(?:党?委)?$"
)
"""A body that is only pointed at."""
_POINTED = r"[这那](?:位|个|名|家|所)"
_BESIDE = rf"(?:党组|党委)?副?(?:{_TITLES}|院士|委员|常委|成员|研究员|教授)(?:兼|[、,])$"
"""Another title of the same person between a body and its title."""
_NO_HOLDER = r"级|期|助理|办公|会议|通道|信箱|热线|人选|候选"
_REACH = 16
"""Characters before a title in which its body may be named."""
_HAN = r"[\u3400-\u9fff]"


@dataclass(frozen=True, slots=True)
class Office:
    """``body`` is what it is an office of, "" where the question does not say; ``asking`` are the
    words of the question that name it."""

    title: str
    body: str
    asking: str

    def given(self, text: str) -> bool:
        """Whether a folded line names this office, or is in another language."""
        if 3 * len(re.findall(_HAN, text)) < len(text):
            return True
        if any(short in text for of, short in _MINISTERS.items() if of in self.body):
            return True
        return any(
            self._own(text[: match.start()])
            for name in _names(self.title)
            for match in re.finditer(re.escape(name), text)
            if not re.match(_NO_HOLDER, text[match.end() :])
        )

    def _own(self, before: str) -> bool:
        """Whether the office whose title stands behind these words is the one asked for."""
        if before.endswith("副"):
            return False
        clause = re.split(r"[。;!?\n]", re.sub(_BESIDE, "", before))[-1]
        run = re.search(r"[\u3400-\u9fff]*$", clause)
        other = re.search(_BODY, run[0]) if run else None
        if not self.body or other is None or re.fullmatch(_ANY, other[0]):
            return True
        rest = _apart(self.body, other[0])
        return not rest or _pairs(rest, clause[-_REACH:]) or _shortened(self.body, other[0])


def asked_office(question: str) -> Office | None:
    """The office whose holder a folded question asks for now; None for any other question."""
    if not any(word in question for word in _WHO):
        return None
    match = re.search(_ASKS, question)
    if match is None:
        return None
    whose, of, title = (match[name] or match[f"{name}_"] or "" for name in ("whose", "of", "title"))
    if re.search(_FORMER, whose):
        return None
    # 「介绍成果的研究院院长」: what is told of the person before the last 的 is no body.
    body = re.sub(_BESIDE, "", re.sub(_LATELY, "", whose.rsplit("的", 1)[-1]))
    asking = f"{body}{of}{title}"
    if re.fullmatch(_ANY, body) or re.search(_POINTED, body) or (of and not re.search(_BODY, body)):
        body = ""
    return Office(title, body, asking)


def _names(title: str) -> tuple[str, ...]:
    for same in _SAME:
        found = next((name for name in same if title.endswith(name)), "")
        if found:
            front = title.removesuffix(found)
            return tuple(front + name for name in same)
    return (title,)


def _apart(body: str, other: str) -> str:
    """A body's name without what it begins with like the other: 公安局 of 青江市公安局, beside
    青江市教育局."""
    size = next((n for n in range(len(body), 1, -1) if body[:n] in other), 0)
    return body[size:]


def _pairs(body: str, text: str) -> bool:
    """Whether two neighbouring characters of a body's name stand in a text."""
    core = _core(body)
    return any(core[i : i + 2] in text for i in range(max(1, len(core) - 1)))


def _shortened(one: str, other: str) -> bool:
    """Whether one name may be short for the other (工信部, 工业和信息化部; 工行, 工商银行)."""
    return _within(_core(one), _core(other)) or _within(one, other)


def _within(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return len(short) > 1 and all(character in rest for character in short)


def _core(body: str) -> str:
    """A body's name without what any other's ends in as well."""
    return (
        re.sub(r"(?:[部局委院厅署司办处市省县区州国会社]|公司|集团|大学|银行)$", "", body) or body
    )
