"""What of a model's text claims nothing: lead-ins, headings, courtesies, and that nothing is there.

A lead-in is shown as the beginning of the sentence it leads to; headings and courtesies are not
shown. None of them is counted as a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.cite import CitedSentence
from rag.text.normalise import fold_text
from rag.text.tokens import tokens

_GLUE = re.compile(
    r"^(?:(?:综上(?:所述)?|总(?:之|的来说|而言之|体(?:而言|来看|来说))|简而言之|换言之|具体(?:来说|而言|如下)|"
    r"概括(?:来说|而言|起来)|归纳(?:如下|起来)|也就是说|由此可见|可见|因此|所以|其中|此外|另外|同时|"
    r"(?:最终)?(?:答案|回答|结论|总结|小结)(?:是|为|如下)?|"
    r"(?:根?据|依据|从|按照?)(?:以上|上述|所给|提供的|所提供的|现有|这些)*(?:资料|文件|文档|材料|文中|原文|内容|信息)"
    r"(?:来看|可知|显示|所述|记载|介绍|中的内容|(?:中|里)?(?:提到|写明|指出))?)"
    r"(?:[，,:：、]|$)|"
    r"(?:in (?:summary|short|conclusion|brief)|to (?:sum up|summari[sz]e)|overall|therefore|thus|hence|"
    r"(?:the )?(?:final )?answer(?: is)?|(?:according to|based on) (?:the |these )?"
    r"(?:provided |given )?(?:sources?|documents?|texts?|information|passages?|context)(?: provided)?)"
    r"(?:\s*[,:]\s*|$))+\s*",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"主要|包括|有|以下|下列|如下|几个|几点|几项|几方面|方面|情况|内容|措施|原因|要点|具体|分别|是|为|的|了|在|和|与|这|些|"
    r"\b(?:the|are|is|of|in|as|follows?|following|main|points?|include|includes|including|these|key|facts?|reasons?)\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:希望(?:以上|这些|上述|我的)?.{0,12}(?:帮助|有用).{0,6}|以上(?:就)?是.{0,20}(?:内容|回答|答案|信息|情况)|"
    r"(?:以下|下面)(?:就)?是.{0,20}(?:内容|回答|答案|信息|情况)?|(?:如|若)(?:有|需|果).{0,24}(?:请|告诉|随时|欢迎).{0,16}|"
    r"(?:因此)?(?:建议|请)您?(?:查阅|咨询|参考|查看|访问|查询|联系)(?:相关|有关|官方|其他|更多|最新).{0,30}|"
    r"好的|当然(?:可以)?|感谢.{0,12}(?:提问|问题)|"
    r"(?:i )?hope (?:this|that) helps.{0,12}|(?:let me know|feel free).{0,60}|sure|of course|"
    r"here (?:is|are) .{0,40})[。.!！,，:：\s]*$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_SOURCES = "(?:资料|文件|文档|材料|文中|文章|文本|原文|段落|内容|信息|上下文|语料)"
_SORRY = "(?:(?:很|非常)?(?:抱歉|遗憾|对不起|不好意思),?)?(?:因此|所以|故)?,?(?:我|目前)*"
_GIVEN = (
    "(?:根?据|从|在|以|就|由于|依据|按照?)?(?:[你您我])?"
    "(?:所?(?:提供|给出|给|引用|检索到)|现有|已有|目前|当前|以上|上述|上面|这些|该|本)*的?"
)
_WITHIN = "(?:中|里|内|来看|本身|部分|的内容)*,?(?:我|您|你|均|都|并|也|尚|暂|完全|似乎|可能)*"
_TELL = "(?:提到|提及|提供|说明|给出|涉及|包含|包括|找到|查到|写明|披露|显示|介绍|交代|记载|含有|回答|足以)"
_MISS = (
    rf"(?:没有?(?:明确|直接|具体|足够|任何|有关|相关|能够?)*(?:{_TELL}|答案|信息|内容|资料|依据|说法|描述)"
    rf"|(?:并?未能?|不)(?:明确|直接|具体|曾)*{_TELL}|无答案|无相关(?:信息|内容|资料))"
)
_CANNOT = (
    "(?:(?:无法|不能|难以|不足以|没法)(?:从(?:中|资料中?|文中)|据此|由此|直接|准确|确切|给出|用来|对此|为您)*"
    "(?:回答|得知|确定|判断|得出|找到|提供|作答|给出|解答|推断|知道)(?!的)"
    "|(?:没有?|未能?)(?:找到|查到)(?:答案|相关|有关|任何|与)|找不到(?:答案|相关|有关)"
    "|没有(?:答案|相关(?:信息|内容|资料))|无答案|我?不(?:知道|清楚)$|未知$|未提及$)"
)
_TAIL = r"(?:(?!但|不过|只|仅|为\d)[^.。!?;;]){0,40}[.。!]*$"
_NOTHING = re.compile(
    rf"{_SORRY}(?:{_GIVEN}{_SOURCES}{_WITHIN}(?:{_MISS}|{_CANNOT})|{_CANNOT}){_TAIL}"
)
_NOT = "(?:(?:do|does|did|is|are|was|were|has|have)(?: not|n't)|cannot|can't|could not|couldn't)"
_NOTHING_EN = re.compile(
    r"(?:(?:i(?:'m| am) )?(?:sorry|afraid)[, ]*(?:but )?|unfortunately, )?(?:"
    r"(?:none of )?(?:the |these |this |your )?(?:provided |given |available |above )*"
    r"(?:documents?|sources?|texts?|passages?|context|information|materials?|excerpts?|answer)"
    rf"(?: provided| given| above)? (?:{_NOT} (?:\w+ )?(?:mention|say|state|contain|provide|answer|include|specify"
    r"|specified|give|given|hold|address|cover|indicate|disclose|tell|found|stated|mentioned|provided|have)"
    r"|(?:contain|provide|mention|give|hold|say)s? (?:no|nothing))"
    r"|there(?: is|'s| are) (?:no|not enough|insufficient) (?:information|answer|mention|evidence|data|indication)"
    rf"|i (?:{_NOT}|am unable to) (?:answer|find|determine|know|tell)"
    r"|(?:not|nothing) (?:mentioned|stated|given|specified|found) in the"
    r"|no (?:answer|information|mention|relevant information)|unable to (?:answer|find|determine)"
    r"|cannot (?:answer|be (?:answered|determined|found)))\b(?:(?! but | however)[^.!?;]){0,120}[.!]*$"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as it is shown, ``said`` being what of it is checked; ``numbers`` count from 1 by
    first use."""

    text: str
    said: str
    numbers: tuple[int, ...]


def claims(sentences: Sequence[CitedSentence], question: str) -> list[Claim]:
    """The sentences that say something, each with the lead-in before it."""
    found: list[Claim] = []
    lead = CitedSentence("", ())
    asked = set(tokens(question))
    # The answer itself may be written like a heading: **48.5亿元**.
    titled = all(s.heading for s in sentences if not courteous(s.text))
    for sentence in sentences:
        if (not sentence.numbers and courteous(sentence.text)) or (sentence.heading and not titled):
            continue
        if sentence.text.endswith((":", "：")):
            lead = CitedSentence(_joined(lead.text, sentence.text), lead.numbers + sentence.numbers)
            continue
        bare = _claimed(lead.text, asked)
        found.append(
            Claim(
                _joined(lead.text, sentence.text),
                _joined(bare, sentence.text if bare else _without_glue(sentence.text)),
                tuple(dict.fromkeys(lead.numbers + sentence.numbers)),
            )
        )
        lead = CitedSentence("", ())
    if lead.numbers:  # it cites, so it claims; with nothing to lead to it stands alone
        found.append(Claim(lead.text, lead.text, lead.numbers))
    return found


def courteous(text: str) -> bool:
    """Whether a sentence only greets, hopes to have helped, or sends the reader elsewhere."""
    return _COURTESY.match(text) is not None and not _DIGIT.search(text)


def denies(text: str) -> bool:
    """Whether a sentence says that the documents do not tell: "文中没有提到", "The documents do not
    say". A document's own "没有规定" is no such sentence."""
    folded = fold_text(text.replace("’", "'")).rstrip("。.! ")
    return bool(_NOTHING.match(folded) or _NOTHING_EN.match(folded))


def _claimed(lead: str, asked: set[str]) -> str:
    """The lead-in where it says what the question does not: it is checked with its sentence."""
    content = _FORMAL.sub("。", _GLUE.sub("", lead))
    return lead if set(tokens(content)) - asked else ""


def _without_glue(text: str) -> str:
    return _GLUE.sub("", text) or text


def _joined(lead: str, text: str) -> str:
    space = " " if lead and lead.isascii() else ""
    return f"{lead}{space}{text}"
