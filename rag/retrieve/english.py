"""English questions: which they are, their content words, and what a word is looked up by.

Works on folded text (:func:`rag.text.normalise.fold_text`); :func:`spelt_out` alone sees capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ACRONYMS = {"US": "usa", "WHO": "world health organization", "IT": "information technology"}
"""Where folding would make a function word of a name."""
_ACRONYM = re.compile(r"(?<![A-Z] )\b(?:US|WHO|IT)\b(?! [A-Z]{2}| dollar|[$])")
_SURNAME = re.compile(r"(?<=[a-z,] )(He|You|She|An|So) (?=[A-Z][a-z])")
"""The surnames that are function words: He Yalan inside a sentence."""
STOP = frozenset(
    "what which who whom whose where when why how many much is are was were did does do done the of in at to "
    "for by on and or an a please tell me about that this these those its it has have had be been being "
    "from with there their they them he him his she her we us our you your i my will would can could should "
    "shall may might must now so as than then but if any some onto upon under "
    "between among during after before through within without against around also only just ever still "
    "already yet not no very too more most such other own same come comes came go goes went get gets got "
    "let let's anyone someone anybody something anything whether per via say says said".split()
)
"""Words that say nothing of what is asked for."""
PARTICLES = frozenset("up out off over down into".split())
"""Words of a phrase (set up, break into), else of no weight."""
_LATIN = re.compile(r"[a-z]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff〇]")
_CHINESE_ASKS = re.compile(r"什么|多少|谁|哪|几|吗|呢|怎|如何|何时|何地|啥|是否|请|的|了|是|有")
_ASIDE = re.compile(r"\([^()]*\)|《[^》]*》|“[^”]*”|\"[^\"]*\"|「[^」]*」")
_RUN = re.compile(r"[a-z0-9][a-z0-9.+#&%]*|[\u3400-\u9fff〇·]+")
_TAIL = re.compile(r"[.&#%]+$|(?<!\+)\+$")
"""What ends a word and is not of it: AI+, but C++."""
_ENDING = re.compile(r"['’](?:s|re|ve|ll|d|m|t)?(?![a-z])")
_INNER = re.compile(r"(?<=[a-z])['’](?=[a-z])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = "|".join(rf"{m}|{m[:3]}\.?" if m != "may" else m for m in _MONTHS) + r"|sept\.?"
_DATE = (
    rf"(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?(?![\d.]*\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})(?![a-z])"
)
_SCALES = {"thousand": 3, "k": 3, "million": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12}
_AMOUNT = rf"\d+(?:\.\d+)? ?(?:{'|'.join(_SCALES)})(?![a-z0-9])"
_PERCENT = r"\d+(?:\.\d+)? ?(?:%|percent|per cent)"
_ORDINAL = r"\d+(?:st|nd|rd|th)(?![a-z])"
_FIGURE = re.compile(f"(?<![a-z0-9.])(?:{_DATE}|{_AMOUNT}|{_PERCENT}|{_ORDINAL})")
_DIGIT = re.compile(r"\d")
_DIGITS = "零一二三四五六七八九"


def spelt_out(question: str) -> str:
    """A question, not folded, in which US, WHO and IT are not us, who and it, and He Yalan is one
    word."""
    if question.isupper():
        return question
    named = _SURNAME.sub(r"\1", question)
    return _ACRONYM.sub(lambda match: _ACRONYMS[match[0]], named)


def is_english(folded: str) -> bool:
    """Whether a text is English; a Chinese name inside does not make it Chinese."""
    words = _LATIN.findall(folded)
    if not words or not _HAN.search(folded):
        return bool(words)
    function = len(STOP.intersection(words))
    if not _HAN.search(bare := _ASIDE.sub(" ", folded)):
        return function > 0 and bool(_LATIN.search(bare))
    return function > 1 and not _CHINESE_ASKS.search(bare)


def plain(folded: str) -> str:
    """Without possessives, apostrophes, hyphens, and commas inside numbers."""
    text = _THOUSANDS.sub("", _INNER.sub("", _ENDING.sub(" ", folded)))
    return " ".join(re.sub("[-‐-―/]", " ", text).split())


def content_words(folded: str) -> list[str]:
    """The words that say what is asked for and particles, in order; a date, an amount and an
    ordinal are one."""
    text = plain(folded)
    found: list[str] = []
    at = 0
    figures = _FIGURE.finditer(text) if _DIGIT.search(text) else ()
    for figure in [*figures, None]:
        before = text[at : figure.start() if figure else len(text)]
        found += [_TAIL.sub("", word) for word in _RUN.findall(before)]
        if figure:
            found.append(figure[0])
            at = figure.end()
    return [word for word in found if word not in STOP]


def numbers(folded: str) -> frozenset[str]:
    """The numbers of a question as Chinese text prints them: percentages with their sign; no
    dates, ordinals or amounts, which are words (:func:`figure_names`)."""
    text = plain(folded)
    shares = [f"{float(p.split()[0].rstrip('%perc')):g}%" for p in re.findall(_PERCENT, text)]
    rest = _FIGURE.sub(" ", text)
    return frozenset([*shares, *re.findall(r"(?<![a-z0-9.])\d+(?:\.\d+)?(?![a-z0-9])", rest)])


def figure_names(word: str) -> frozenset[str]:
    """A date, an amount, a percentage or an ordinal as Chinese text prints it."""
    if not word[:1].isdigit() and word.split(" ")[0].rstrip(".")[:3] not in _MONTH_NUMBERS:
        return frozenset()
    if re.fullmatch(_DATE, word):
        day = re.search(r"\d+", word)
        month = next(w for w in word.split() if w[0].isalpha() and w[:3] in _MONTH_NUMBERS)
        assert day is not None
        return frozenset({f"{_MONTH_NUMBERS[month[:3]]}月{int(day[0])}日"})
    if re.fullmatch(_AMOUNT, word):
        scale = word.lstrip("0123456789. ")
        return _amounts(float(word[: -len(scale)]) * 10 ** _SCALES[scale])
    if re.fullmatch(_PERCENT, word):
        return frozenset({f"{float(re.split('[ %p]', word)[0]):g}%"})
    if re.fullmatch(_ORDINAL, word):
        number = int(word[:-2])
        return frozenset({f"第{number}", f"第{numeral(number)}"} - {"第"})
    if word.isdigit() and len(word) > 4:
        return _amounts(float(word))
    return frozenset()


_MONTH_NUMBERS = {month[:3]: number for number, month in enumerate(_MONTHS, 1)}


def _amounts(value: float) -> frozenset[str]:
    """2.4e12 -> 2.4万亿, 24000亿; 1e11 -> 1000亿, 千亿."""
    names = set()
    for unit, power in (("万", 4), ("亿", 8), ("万亿", 12)):
        count = value / 10**power
        if 0.1 <= count < 100_000:
            names.add(f"{count:.4f}".rstrip("0").rstrip(".") + unit)
        for word, tens in (("十", 10), ("百", 100), ("千", 1000)):
            if count == tens:
                names.add(word + unit)
    return frozenset(names)


def numeral(number: int) -> str:
    """第九, 第二十一: the Chinese numeral up to 99, "" beyond."""
    if not 0 < number < 100:
        return ""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "spoke:speak spoken:speak built:build made:make held:hold took:take taken:take gave:give given:give "
        "won:win lost:lose paid:pay sold:sell bought:buy led:lead met:meet rose:rise risen:rise fell:fall "
        "fallen:fall grew:grow grown:grow began:begin begun:begin wrote:write written:write chose:choose "
        "chosen:choose sent:send spent:spend taught:teach thought:think brought:bring found:find left:leave "
        "kept:keep shown:show seen:see saw:see drew:draw drawn:draw broke:break broken:break drove:drive "
        "driven:drive flew:fly flown:fly ran:run sang:sing set:set told:tell became:become understood:understand "
        "people:person children:child men:man women:woman lives:life wives:wife feet:foot teeth:tooth "
        "analyses:analysis crises:crisis criteria:criterion phenomena:phenomenon media:medium died:die "
        "worse:bad better:good bigger:big larger:large smaller:small higher:high lower:low faster:fast"
    ).split()
)
_PAST = frozenset(_IRREGULAR) - frozenset(
    "people children men women lives wives feet teeth analyses crises criteria phenomena media worse better bigger "
    "larger smaller higher lower faster left found set".split()
)
_BRITISH = (("isation", "ization"), ("ise", "ize"), ("yse", "yze"), ("our", "or"), ("tre", "ter"),
            ("ogue", "og"), ("programme", "program"), ("defence", "defense"), ("licence", "license"))  # fmt: skip


def base_forms(word: str) -> Iterator[str]:
    """What a word may be an inflected or British form of, likeliest first; the word itself is not
    among them. Some are no words: they are looked up, nothing else."""
    seen = {word}
    for form in _forms(word):
        for spelt in (form, *_respelt(form)):
            if len(spelt) > 1 and spelt not in seen:
                seen.add(spelt)
                yield spelt


def is_past(word: str) -> bool:
    """Whether a word looks like a past tense or participle."""
    return (word.endswith("ed") and len(word) > 4) or word in _PAST


def _forms(word: str) -> Iterator[str]:
    yield word
    if word in _IRREGULAR:
        yield _IRREGULAR[word]
    for ending, others in (
        ("ies", ("y",)), ("es", ("e", "")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")),
        ("ing", ("", "e")), ("ily", ("y",)), ("ly", ("",)), ("er", ("e", "")), ("or", ("e", "")),
        ("ment", ("",)), ("ation", ("e", "")), ("ion", ("", "e")),
    ):  # fmt: skip
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < (2 if ending in ("ies", "ied") else 3):
            continue
        yield from (stem + other for other in others)
        if ending in ("ed", "ing", "er") and stem[-1] == stem[-2]:
            yield stem[:-1]


def _respelt(word: str) -> Iterator[str]:
    for british, american in _BRITISH:
        if word.endswith(british):
            yield word.removesuffix(british) + american
