"""What kind of answer an English question asks for; see :mod:`rag.retrieve.answer_type`."""

from __future__ import annotations

import re
from itertools import takewhile

from rag.retrieve.answer_type import AnswerType, Wanted
from rag.retrieve.english import is_past
from rag.retrieve.lexicon import english_words

_BETWEEN = (
    r"(?:(?!(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|the|that|by|in|of|to|for|on|at|with|"
    r"from|year|day|date|month|time)\b)[\w'-]+ )"
)
"""A word between which and its noun."""
_COUNTED = "two three four five six seven eight nine ten".split()
_RE_COUNT = re.compile(rf"\b(?P<count>{'|'.join(_COUNTED)}|\d\d?) (?:[a-z-]+ ){{0,3}}[a-z]+s\b")
_RE_WHY = re.compile(
    r"\bwhy\b|\bhow come\b|\bwhat (?:is|was|are|were) the (?:main )?(?:reason|cause)s?\b"
)
_RE_PERCENT = re.compile(
    r"\b(?:what|which) (?:\w+ )?(?:percentage|percent|per cent|share|proportion|ratio|fraction)\b"
    r"|\bhow many percent|\bgrowth rate|\bgrow(?:th)? forecast|\bby how much\b|\bhow fast\b.*\b(?:grow|expand|increas|ris)"
    r"|\bhow much\b.*\b(?:grow|grew|grown|increased?|rise|risen|rose|go up|went up|gone up|up|jump(?:ed)?|surged?|"
    r"climb(?:ed)?|dropp?(?:ed)?|fall|fell|fallen|declined?|decreased?|shr[iau]nk|go down|went down|higher|lower)\b"
    r"|\bwhat (?:is|was|were|are) the (?:[\w-]+ ){0,3}(?:percentage|share|proportion|rate)\b"
)
_RE_DATE = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:date|day|year|month|week|time)\b|\bhow (?:long|soon)\b|\bwhat time\b|\bsince when\b"
)
_RE_ASKS_LIST = re.compile(
    r"^(?:please )?(?:can you |could you )?(?:list|name|enumerate|give (?:me )?(?:the|all)|tell me (?:all )?the)\b"
    rf"|\b(?:what|which) {_BETWEEN}{{0,3}}?(?P<plural>[a-z]{{3,}}s)\b"
    r"|\bwhat (?:are|were)\b|\bwhat (?:kinds?|types?|sorts?) of\b|\bwho (?:are|were)\b"
)
_NO_PLURAL = re.compile(r"(?:ss|us|is|as|was|does|has|series|species|news|means|'s|percents?|s's)$")
_ORGANISATION = (
    "company|firm|enterprise|institute|institution|organi[sz]ation|university|college|ministry|department|agency|"
    "newspaper|bank|school|group|association|academy|commission|bureau|hospital|media|outlet|manufacturer|maker|"
    "lab|laboratory|think tank|body|authority|party|publisher|startup|airline|retailer|supplier"
)
_RE_ORGANISATION = re.compile(rf"\b(?:what|which) {_BETWEEN}{{0,4}}?(?:{_ORGANISATION})\b")
_RE_WHO_ACTS = re.compile(
    r"\bwho (?:organi[sz]ed|organi[sz]es|host(?:s|ed)|co-?host(?:s|ed)|published|publishes|issued|released|sponsor(?:s|ed)|"
    r"manufactures|makes|built|runs|operates|funded|funds)\b"
)
_PERSON = (
    "person|man|woman|minister|president|official|mayor|governor|professor|scientist|expert|spokes(?:person|man|woman)|"
    "director|dean|ceo|chair(?:man|woman|person)?|leader|scholar|academician|engineer|author|writer|futurist|journalist|"
    "reporter|founder|manager|secretary|doctor|ambassador|counsel+or|athlete|player|artist|actor|researcher|deputy|head"
)
_RE_PERSON = re.compile(
    rf"\b(?:who|whose|whom)\b|\b(?:what|which) {_BETWEEN}{{0,4}}?(?:{_PERSON})\b"
    rf"|\bname of the (?:[\w'-]+ ){{0,4}}?(?:{_PERSON})\b"
)
_RE_PLACE = re.compile(
    r"\bwhere\b|\b(?:what|which) (?:[\w'-]+ ){0,2}?(?:city|country|province|place|region|district|town|venue|hall|"
    r"county|state|nation|location|prefecture|village|island|airport|port)\b"
)
_RE_NUMBER = re.compile(
    r"\bhow (?:many|much|large|big|high|tall|far|deep|heavy|wide|old|thick|thin|fast)\b|\bnumber of\b"
    r"|\bwhat (?:is|was|were|are|'s|s)? ?(?:the |its |their |[\w-]+'s )?(?:[\w-]+ ){0,3}(?:total|amount|size|value|price|cost|"
    r"budget|population|scale|gdp|revenue|turnover|number|quota|salary|area|length|height|weight|speed)\b"
)
_UNITS = (
    (r"(?:companies|firms|enterprises|businesses|start-?ups|banks|hospitals|factories|think tanks|laboratories|labs|"
     r"institutions|unicorns)", "家"),
    (r"(?:people|persons|employees|workers|residents|students|visitors|tourists|participants|attendees|guests|experts|"
     r"scientists)", "人"),
    (r"years", "年"), (r"days", "天"), (r"(?:papers|articles)", "篇"), (r"times", "次"),
)  # fmt: skip
_RE_UNITS = tuple(
    (re.compile(rf"\bhow many (?:[\w'-]+ ){{0,4}}?{noun}\b"), unit) for noun, unit in _UNITS
)


def wanted_in_english(question: str) -> Wanted:
    """The answer type of a folded English question; a unit only where Chinese has one for the noun
    (companies are counted in 家, projects in 个 or 项)."""
    if _RE_WHY.search(question):
        return Wanted(AnswerType.REASON)
    for pattern, unit in _RE_UNITS:
        if pattern.search(question):
            return Wanted(AnswerType.NUMBER, unit=unit)
    if re.search(r"\bhow many\b", question) and not _RE_PERCENT.search(question):
        return Wanted(AnswerType.NUMBER)
    if _RE_PERCENT.search(question):
        return Wanted(AnswerType.PERCENT)
    if _RE_DATE.search(question):
        return Wanted(AnswerType.DATE)
    if _asks_list(question):
        count = _RE_COUNT.search(question)
        return Wanted(AnswerType.LIST, count=_number(count["count"]) if count else 0)
    for pattern, kind in (
        (_RE_WHO_ACTS, AnswerType.ORGANISATION),
        (_RE_PERSON, AnswerType.PERSON),
        (_RE_ORGANISATION, AnswerType.ORGANISATION),
        (_RE_PLACE, AnswerType.PLACE),
        (_RE_NUMBER, AnswerType.NUMBER),
    ):
        if pattern.search(question):
            return Wanted(kind)
    return Wanted(AnswerType.OTHER)


def _asks_list(question: str) -> bool:
    """Whether several things are asked for; the s of a plural is one that no verb or name ends in."""
    match = _RE_ASKS_LIST.search(question)
    if match is None:
        return False
    return not match["plural"] or not _NO_PLURAL.search(match["plural"])


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _COUNTED.index(text) + 2


_RE_NOUN = re.compile(
    r"\bhow many (?P<counted>.*)|\b(?:what|which)(?:'s| is| was| are| were) (?:the |its |their )?(?P<named>.*)"
    r"|\b(?:what|which) (?:kinds? of |types? of )?(?P<chosen>.*)|\bhow much (?P<much>.*)"
)
_NOUN_ENDS = re.compile(
    r"\b(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|the|that|which|who|by|in|of|to|for|on|at|"
    r"with|from|about|between|during|per|as|than|there|now)\b|[,?.!;]"
)
_PLURAL = re.compile(r"(?:[^su]s|people|men|women|children)$")


def asked_noun(question: str) -> str:
    """What a folded English question asks for, as :func:`english_words` gives it: companies in "how
    many companies joined", price in "what is the price of one"; "" where it does not show."""
    match = _RE_NOUN.search(question)
    if match is None:
        return ""
    kind = str(match.lastgroup)
    words = english_words(_NOUN_ENDS.split(match[kind], maxsplit=1)[0])
    if kind == "counted":
        return next((word for word in words if _PLURAL.search(word)), "")
    # No auxiliary parts a subject from its verb: which engine broke the monopoly.
    nouns = [*words[:1], *takewhile(lambda word: not is_past(word.split()[0]), words[1:])]
    return nouns[-1] if nouns else ""
