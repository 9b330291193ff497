"""Follow-up questions made to stand alone by rule: what is missing is taken from earlier turns.

Two ways: the new words take the place of their like (a year for a year, a place for a place) in
the earlier question, or they are asked of the earlier question's subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieve.question import take_apart
from rag.types import Query

_OPENING = re.compile(
    r"^(?:那么|那|然后|还有|再问|另外|接着|继续|and\b|what about|how about|then\b)[，,、 ]*"
)
_ELLIPTIC = re.compile(r"呢[？?。!！]*$|^(?:what|how) about", re.I)
# A short question that opens with its verb or its asking word has left its subject behind.
_ELLIPSIS = re.compile(
    r"^(?:占|其中|用到|用了|组织了?|增长|提高|提升|下降|减少|同比|环比|有|是|在|由|比|为|共|一共|总共|涨|达|具体|主要|分别|"
    r"什么时候|什么|谁|哪|为什么|为何|怎么|如何|多少|几|覆盖|包括|需要|要|又|还|也|都|何时)"
)
_PRONOUN = re.compile(
    r"它们?|他们?|她们?|这(?:个|些|家|项|次|份|种|里|位|座|款)?(?!一|年|月)|其(?!中|他|它|实|余|次)|该(?:公司|企业|机构|单位|项目|论坛|报告|平台|大桥|计划|产品|会议|活动|人|校|院|市|省|县|国|馆|书|片|赛事|工程|系统)|"
    r"上述|前者|后者|此(?:事|项|次)|\b(?:it|its|they|their|he|she|his|her|that|those|this)\b",
    re.I,
)
# A follow-up's new words replace a word of the same class in the question before.
_CLASSES = (
    re.compile(r"(?:19|20)\d{2}年?(?:底|初|末)?"),
    re.compile(r"第[一二三四五六七八九十百\d]+(?:届|期|批|季度|章|条|名)"),
    re.compile(r"“?[一二三四五六七八九十]{2,3}五”?(?:时期)?"),
    re.compile(
        r"北京|天津|河北|上海|重庆|广东|深圳|广州|浙江|江苏|山东|陕西|四川|云南|黑龙江|长三角|京津冀|粤港澳大湾区|"
        r"中国|美国|日本|德国|法国|英国|俄罗斯|韩国|印度|西安|成都|杭州|南京|武汉"
    ),
)


def standalone(turns: Sequence[str]) -> Query:
    """The last of ``turns`` with what it lacks from those before; the others are only read."""
    question = turns[-1].strip()
    earlier = _earlier(turns)
    if not earlier or not needs_context(question):
        return Query(question, question)
    return Query(question, _complete(question, earlier[-1]))


def _earlier(turns: Sequence[str]) -> list[str]:
    """Earlier turns, each made to stand alone itself, in order."""
    done: list[str] = []
    for turn in turns[:-1]:
        turn = turn.strip()
        if not turn:
            continue
        if done and needs_context(turn):
            turn = _complete(turn, done[-1])
        done.append(turn)
    return done


def needs_context(question: str) -> bool:
    """Whether a question leans on an earlier one: it opens with 那, ends in 呢, points back with a
    pronoun, or has too few content words to search for."""
    bare = without_opening(question)
    runs = take_apart(question).runs
    content = sum(len(run) for run in runs)
    if content <= 4 and not _names_something(runs):
        return True
    if bare != question or _ELLIPTIC.search(question):
        return content <= 14
    if _PRONOUN.search(question) and not re.search(r"[《“\"]", question):
        return content <= 16
    return content <= 9 and not _names_something(runs) and bool(_ELLIPSIS.search(question))


def without_opening(question: str) -> str:
    """The question without the 那 or "and" that ties it to what came before."""
    return _OPENING.sub("", question)


def points_back(question: str) -> bool:
    """Whether a question opens with 那, ends in 呢 or holds a pronoun: no question that stands alone
    should."""
    return bool(
        without_opening(question) != question
        or _ELLIPTIC.search(question)
        or _PRONOUN.search(question)
    )


def _names_something(runs: Sequence[str]) -> bool:
    """Whether the runs carry a name of their own: Latin letters, a year, four or more characters
    with a place or a title."""
    text = "".join(runs)
    return bool(re.search(r"[a-z]{2,}|(?:19|20)\d{2}", text)) or any(
        pattern.search(text) for pattern in _CLASSES
    )


def _complete(question: str, earlier: str) -> str:
    """One question out of a follow-up and the question before it."""
    bare = _OPENING.sub("", question).strip() or question
    if question.isascii():
        return _complete_english(bare, earlier)
    rest = re.sub(r"(?:的话)?呢?[？?。!！]*$", "", bare)
    for pattern in _CLASSES:
        new, old = pattern.search(rest), pattern.search(earlier)
        left = re.sub(r"^[的年月]|[的年]$", "", rest.replace(new[0], "", 1)) if new else ""
        if new and old and new[0] != old[0] and (len(left) <= 2 or left in earlier):
            return earlier.replace(old[0], new[0])
    if _ELLIPTIC.search(question) and (swapped := _swap_like(rest, earlier)):
        return swapped
    subject = subject_of(earlier)
    pronoun = _PRONOUN.search(bare)
    if pronoun and subject:
        return bare[: pronoun.start()] + subject + bare[pronoun.end() :]
    return f"{subject}，{bare}" if subject and subject not in bare else bare


_NOUN_PHRASE = re.compile(
    r"\bthe (?!(?:first|last|next)\b)[\w' -]+?(?=[?.,]|$| in | of | at | on )", re.I
)


_HELPED = re.compile(r"\b(?:did|does|do|will|can|could|would) $", re.I)


def _complete_english(question: str, earlier: str) -> str:
    """The pronoun replaced by what the earlier question names; its content words as a last resort."""
    phrases = [
        # "When did the bridge open?": behind a helping verb the last word is the verb.
        match[0].rsplit(" ", 1)[0]
        if match[0].count(" ") > 1 and _HELPED.search(earlier[: match.start()])
        else match[0]
        for match in _NOUN_PHRASE.finditer(earlier)
    ]
    pronoun = _PRONOUN.search(question)
    if phrases and pronoun:
        return f"{question[: pronoun.start()]}{phrases[-1]}{question[pronoun.end() :]}"
    return f"{question} {' '.join(take_apart(earlier).runs)}"


def _swap_like(rest: str, earlier: str) -> str:
    """「制造业销售收入增长多少」+「装备制造业」: a word that ends like one of the earlier question
    stands in for it; "" where there is none."""
    tail = rest[-2:]
    if len(rest) < 3 or len(rest) > 10:
        return ""
    if tail not in earlier:
        return _swap_alike(rest, earlier)
    end = earlier.index(tail) + 2
    start = end - 2
    # The whole word goes: back to where a word begins, a few characters at the most.
    while start > 0 and end - start < 7 and re.match(r"[\u4e00-\u9fff]", earlier[start - 1]):
        if earlier[start - 1] in "的日月年在市省区县和与":
            break
        start -= 1
    return earlier[:start] + rest + earlier[end:]


def _swap_alike(rest: str, earlier: str) -> str:
    """「高端装备业增长多少」+「高端服务业」: names that begin with the same two characters and end in
    the same one; "" where there is none."""
    start = earlier.find(rest[:2])
    if len(rest) < 4 or start < 0 or rest in earlier:
        return ""
    for end in range(start + len(rest) + 2, start + len(rest) - 3, -1):
        old = earlier[start:end]
        if len(old) > 3 and end <= len(earlier) and old[-1] == rest[-1]:
            return earlier[:start] + rest + earlier[end:]
    return ""


def subject_of(question: str) -> str:
    """What a question is about: it, less its asking words and what it asks for."""
    text = re.sub(r"[？?。!！]+$", "", question)
    text = re.sub(
        r"(?:分别)?(?:是|有|为|达到?了?|共|要|用|用到|做)*(?:多少|多长|多大|多高|多久|多远|几|哪|什么|谁|怎么|如何|何时|啥)[^，,]*$",
        "",
        text,
    )
    text = re.sub(r"^(?:请问|那么?|请|我想知道)[，,]?", "", text)
    if not text and (asked := _ASKED_FIRST.match(question)):
        text = asked["subject"]
    return text.strip("，, 的了要是有")


_ASKED_FIRST = re.compile(
    r"(?:请问[，,]?)?(?:是?谁|什么|哪(?:一?[个家位座所些]|里|儿)[\u4e00-\u9fff]{0,2}?)(?:是|担任|当选|叫)(?P<subject>[^，,？?。]{2,20})"
)
"""「谁是甲厂的工程师」: what is asked about stands behind the asking word."""
