"""The questions within a question: clauses that ask, and what each leaves unsaid, which is taken
from the first.

By rule, on folded text. A split costs the answer a sentence of its own for each part, so that a
question is left whole where it does not plainly ask twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieve.coordination import AND, ASKS, EACH, MOST, of_each, outside
from rag.retrieve.english import is_english
from rag.retrieve.followup import standalone
from rag.retrieve.question import take_apart
from rag.text.normalise import fold_text

OWN_NAME = 7
"""Characters of content from which a part is taken to name its own subject."""
_MARK = re.compile(r"(?<!\d),|,(?!\d)|[、;?。!]|以及|并且|还有(?=,)")
_OPENING = re.compile(
    r"^(?:[,、;?。!\s]|以及|并且|而且|同时(?=,)|此外(?=,)|另外|还有(?=,)|和|与(?!会)|及|又|还(?!有|是))+"
)
_CLOSING = re.compile(r"[,、;?。!\s]+$")
_PRONOUN = re.compile(
    r"^(?:它们?|他们?|她们?|其(?!中|他|它|实|余|次)|该(?:公司|企业|机构|单位|项目|论坛|报告|平台|产品|会议|活动|人|校|院|市|省|县|国|馆|书|工程)|"
    r"这(?:个|些|家|项|次|份|种|位|座|款)[^,]{0,2}?(?=的|在|是|有|由))的?"
)
_TAIL = re.compile(
    r"(?:一共|总共|大概|大约|目前|现在|到底|究竟|主要|分别|预计|位于|建于|需要|超过|高达|可以|"
    r"是|有|(?<![行作认成因])为|达到?|了|共|在|由|于|自|从|到|至|向|被|将|(?<=[将也都又才])会|要|能|对|把|与|和|约|的|都|又|,)+$"
)
_OF_CHANGE = re.compile(
    r"^(?:其中)?(?:同比|环比|比|较|相比|增长|增加|增幅|增速|下降|减少|降幅|上升|提高|提升|占|涨|跌|多(?!少)|少)"
)
"""A part that says how a figure changed is about the first part's attribute, not its subject only."""
_ADJUNCT = re.compile(
    r"^(?:通过|透过|为了?(?!什么|何)|从|自|对于|随着|根据|按照|由于|经过|经)[^是]*$|^在.*(?:时|内|中|后|前|下|里|期间)$|(?:之?[中内后前]|时)$"
)
"""A clause that only says how, when or among what: 「为了应对什么风险，……」."""
_AND_WHAT = re.compile(r"(?<=.)(?:又|的话)?呢$")
"""「上海呢」."""
_JOINT = re.compile(
    r"(?:[?;,]\s*and|[?;]|\band)\s+(?=(?:how|what|who|when|where|which|why)\b)|,\s+(?=(?:how|what|why)\b)",
    re.IGNORECASE,
)
"""Where the next English question begins; a bare comma before who and which is a relative clause."""
_OBJECTION = re.compile(r"^(?:而不|而非|即(?!将))")
_PHRASE = re.compile(
    r"(?:谁|怎么?样?|如何|多少|几|哪|什么|何)(?:[一些个家位里儿年天月类种项条座届场名次]|时候|时间|地方|样)*"
    r"(?:城市|国家|省份|地区|公司|企业|机构|部门|单位|学校|大学)?"
)


def split_parts(question: str) -> list[str]:
    """The questions within a question, at most :data:`MOST`, each with the first one's subject (a
    Chinese one folded); [] where there is one."""
    text = _CLOSING.sub("", fold_text(question))
    if is_english(text):
        return _in_english(question)
    if not ASKS.search(text):
        # 「甲的数量，以及乙的规模」: nothing asks, two things are named.
        named = [_trimmed(piece) for piece in text.split("以及")]
        whole = len(named) > 1 and min(map(len, named)) > 3 and not text.endswith("的")
        return named[:MOST] if whole else []
    parts = [
        part for whole in _completed(_clauses(text)[:MOST]) for part in of_each(whole) or [whole]
    ]
    return parts[:MOST] if len(parts) > 1 else []


def _in_english(question: str) -> list[str]:
    """「How long is the bridge and who built it?」 as two, the pronoun replaced."""
    first, *others = (piece.strip(" ?.!,;") for piece in _JOINT.split(question))
    others = [other for other in others if len(other.split()) > 2]
    parts = [first, *(standalone((first, other)).standalone for other in others)]
    return parts[:MOST] if len(parts) > 1 and len(first.split()) > 2 else []


def _clauses(text: str) -> list[str]:
    """The clauses that ask, each with those before it that do not, in order; at least one where
    anything asks."""
    found: list[str] = []
    pending = ""
    pieces = _pieces(text)
    for piece, after in zip(pieces, [*pieces[1:], ""], strict=True):
        pending += piece
        clause = _trimmed(pending)
        leans = after.startswith(",") and _ADJUNCT.search(clause)
        if found and _OBJECTION.match(clause):
            found[-1] += f",{clause}"
        elif (ASKS.search(clause) or (found and _AND_WHAT.search(clause))) and not leans:
            found += [_trimmed(half) for half in _halves(clause)]
        else:
            continue
        pending = ""
    if found and _trimmed(pending):
        found[-1] += f",{_trimmed(pending)}"
    return found


def _trimmed(piece: str) -> str:
    return _OPENING.sub("", _CLOSING.sub("", piece))


def _pieces(text: str) -> list[str]:
    """The text cut before its marks, none of them inside quotation marks or brackets."""
    cuts = [m.start() for m in _MARK.finditer(text) if outside(text, m.start())]
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if text[a:b]]


def _halves(clause: str) -> list[str]:
    """「馆长是谁和地址在哪里」 as two; a clause that asks once stays whole."""
    found: list[str] = []
    start = 0
    for joint in AND.finditer(clause):
        left, right = clause[start : joint.start()], clause[joint.end() :]
        if outside(clause, joint.start()) and ASKS.search(right) and _is_whole(left):
            found.append(left)
            start = joint.end()
    return [*found, clause[start:]]


def _is_whole(clause: str) -> bool:
    """Whether a clause asks of something and ends soon after: 馆长是谁, not 谁, nor 什么机构负责实施."""
    asked = ASKS.search(clause)
    if asked is None or clause.endswith(("如何", "怎么", "怎样")):
        return False
    after = _PHRASE.sub("", clause[asked.start() :])
    return len(_before_asking(clause)) > 1 and len(after) < 8


# ---- what a part leaves unsaid -------------------------------------------------------------------
def _completed(clauses: Sequence[str]) -> list[str]:
    """The clauses, those after the first with its subject where they name none."""
    first, *others = clauses
    return [first, *(_with_subject(first, other) for other in others)]


def _with_subject(first: str, part: str) -> str:
    if _AND_WHAT.search(part):
        return _asked_again(first, part)
    changed = bool(_OF_CHANGE.match(part))
    each = EACH.fullmatch(first)
    subject = f"{each['left']}分别" if each else _subject(first, whole=changed)
    pronoun = _PRONOUN.match(part)
    if pronoun:
        return f"{subject}，{part[pronoun.end() :]}"
    subject = _in_place_of(first, part) or subject
    content = sum(map(len, take_apart(part).runs))
    named = (content >= OWN_NAME and not changed) or part[:2] in _before_asking(first)
    return part if named or not subject or subject in part else f"{subject}，{part}"


def _in_place_of(first: str, part: str) -> str:
    """「大桥东段工期|多少，西段工期|多少」: the first part's subject without what the other's stands
    in place of, where both end alike; "" where they do not."""
    before, own = _before_asking(first), _before_asking(part)
    last = re.split("[,的]", before)[-1]
    alike = before.endswith(own[-2:]) or (len(last) == len(own) and last[-1] == own[-1])
    if len(own) < 3 or not alike:
        return ""
    return _TAIL.sub("", before[: -len(own)])


def _before_asking(clause: str) -> str:
    asked = ASKS.search(clause)
    return _TAIL.sub("", clause[: asked.start()] if asked else clause)


def _asked_again(first: str, part: str) -> str:
    """「甲的票价是多少，乙呢」: the first part's question, of another thing."""
    swapped = standalone((first, part)).standalone
    if ASKS.search(swapped):
        return swapped
    asked = first[len(_before_asking(first)) :]
    return f"{_subject(first, whole=False)}，{_AND_WHAT.sub('', part)}{asked}"


def _subject(first: str, whole: bool) -> str:
    """What the first part is about: what stands before its asking word, without the attribute that
    it asks for unless ``whole``; what follows where it opens with the asking word."""
    before = _before_asking(first)
    if len(before) < 2:
        asking = _PHRASE.search(first)
        return _TAIL.sub("", first[asking.end() :].removeprefix("的") if asking else first)
    owner, _, attribute = before.rpartition("的")
    named = len(owner) > 2 and 1 < len(attribute) <= 8 and not attribute.endswith("叫")
    if named and not whole:
        return owner
    return before
