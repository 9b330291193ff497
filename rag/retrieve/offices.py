"""Who holds an office: which questions ask for it, and which texts name that office.

「谁是科技部部长」 is answered where the head of that ministry is named, not by the words of a deputy
nor of the head of another body (「统战部部长」), however near they are. Works on folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TITLES = (
    "部长|市长|省长|县长|区长|镇长|局长|司长|处长|厅长|院长|校长|所长|馆长|会长|理事长|董事长|秘书长|行长|社长|台长|站长|总裁|总经理|"
    "首席执行官|行政总裁|ceo|总统|总理|首相|主席|州长|议长|书记|主任|总编辑|总编|主编"
)
_TITLE = rf"(?:常务|执行)?副?(?:{_TITLES})"
_SAME = (("首席执行官", "行政总裁", "ceo"), ("总编辑", "总编"))
_NOW = r"(?:现任|时任|现在的?|目前的?|当前的?|如今的?)*"
_ASKS = re.compile(
    rf"(?P<before>谁(?:是|担任|出任|任|当|做)了?){_NOW}(?P<whose>[^,。?!谁]*?)的?(?P<title>{_TITLE})[?。!]*$|"
    rf"(?:^|[,。?!;])(?:请问|问一下)?,?{_NOW}(?P<whose_>[^,。?!谁]*?)的?(?P<title_>{_TITLE})"
    r"(?P<behind>(?:现在|目前|到底|究竟)?(?:是谁|是哪一?位|是什么人|叫什么(?:名字)?|姓什么|的(?:名字|姓名)(?:是|叫)什么|由谁担任))(?:呀|啊|呢|来着)?[?。!]*$"
)
_BODY = re.compile(
    r"[\u3400-\u9fff]+[部局委院厅署司办处科室市省县区州国会社台所馆店站团党校盟]$|"
    r"[\u3400-\u9fff]+(?:公司|集团|大学|银行|学院|中心|联盟|协会)$"
)
"""What stands right before a title and is what it is the title of."""
_NO_HOLDER = re.compile(r"级|助理|办公|会议|通道|信箱|热线|职[位务]|人选|一职|候选")
_REACH = 16
"""Characters before a title in which its body may be named."""


@dataclass(frozen=True, slots=True)
class Office:
    """``body`` is what it is an office of, "" where the question does not say; ``asking`` are the
    words of the question that name it."""

    title: str
    body: str
    asking: str

    def given(self, text: str) -> bool:
        """Whether a folded text names this office: not a deputy's, and of no other body."""
        return any(
            self._own(text[: match.start()])
            for name in _names(self.title)
            for match in re.finditer(re.escape(name), text)
            if not _NO_HOLDER.match(text, match.end())
        )

    def _own(self, before: str) -> bool:
        if before.endswith("副"):
            return False
        run = re.search(r"[\u3400-\u9fff]*$", before)
        other = _BODY.search(run[0]) if run else None
        if not self.body or other is None:
            return True
        near = before[-_REACH:]
        return any(pair in near for pair in _pairs(self.body)) or _shortened(self.body, other[0])


def asked_office(question: str) -> Office | None:
    """The office whose holder a folded question asks for; None for any other question."""
    match = _ASKS.search(question)
    if match is None:
        return None
    whose, title = (match[name] or match[f"{name}_"] or "" for name in ("whose", "title"))
    # 「介绍成果的研究院院长」: what is told of the person before the last 的 is no body.
    body = whose.rsplit("的", 1)[-1]
    return Office(title, body, f"{body}{title}")


def _names(title: str) -> tuple[str, ...]:
    for same in _SAME:
        found = next((name for name in same if title.endswith(name)), "")
        if found:
            front = title.removesuffix(found)
            return tuple(front + name for name in same)
    return (title,)


def _pairs(body: str) -> list[str]:
    """Neighbouring characters of a body's name."""
    core = _core(body)
    return [core[i : i + 2] for i in range(len(core) - 1)] or [core]


def _shortened(one: str, other: str) -> bool:
    """Whether one name may be short for the other (工信部, 工业和信息化部)."""
    short, long = sorted((_core(one), _core(other)), key=len)
    rest = iter(long)
    return len(short) > 1 and all(character in rest for character in short)


def _core(body: str) -> str:
    """A body's name without what any other's ends in as well."""
    return (
        re.sub(r"(?:[部局委院厅署司办处市省县区州国会社]|公司|集团|大学|银行)$", "", body) or body
    )
