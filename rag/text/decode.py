"""Bytes to text: which encoding a file is in, decided by its content and always the same way.

Byte order mark, strict UTF-8, UTF-16 where the NULs say so, then the Chinese encodings by how much
of the text they make common characters of. Pure; newlines are left as they are.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from rag.errors import UnsupportedInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),  # before UTF-16: its mark begins the same
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
# Equal scores go to the first: GB 18030 is the likelier file. The last two hold what plain Big5
# lacks. UTF-8 is here for a file of it with a few damaged bytes.
_CANDIDATES = ("gb18030", "big5", "cp950", "big5hkscs", "utf-8")
_SAMPLE = 1 << 16
_DAMAGE = 0.01  # share of characters that may be lost before a decoding is refused
_CONTROLS = 0.02  # share of control characters from which content is binary
_FOREIGN = 50  # so many characters beyond ASCII with no common one: not Chinese in this encoding

_FREQUENT = frozenset(
    "，。、；：？！“”‘’《》（）【】—…·　％"
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产"
    "种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业"
    "本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利"
    "比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文"
    "总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干"
    "做必战先回则任取完据京市技创科融合论坛金企服务项领域际球智会议北村关中东海省县院委书记者报"
    "這為個國時來們對會發動過說產種後學經進著等電裡現實體機當點從業應開還與關樣無軍條沒結解問題黨員總設長"
    "頭資邊級圖統較將組見計別論運農幾區強決戰則據術創務項領際議東縣書報聞號萬億讓給認識話該歲華灣臺灣師"
    "請選車門馬風飛龍愛親聽買賣錢銀錄響須顯類歷曆廣廠處網絡線約紀紅終維繼續壓屬價優傳備衛衝複單參雙變"
)
_CONTROL = re.compile("[\x00-\x06\x0e-\x19\x1c-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the Python name of the encoding it was in.

    ``damaged`` counts the characters that could not be read and stand as U+FFFD.
    """

    text: str
    encoding: str
    damaged: int = 0


def decode(data: bytes) -> Decoded:
    """The text of ``data`` less its byte order mark; lone surrogates become U+FFFD.

    Raises UnsupportedInput where the content is binary (NUL bytes, control characters) or in an
    encoding that is not known here.
    """
    decoded = refuse_binary(_decode(data))
    if decoded.damaged > _allowed(decoded.text):
        raise _unknown()
    return decoded


def refuse_binary(decoded: Decoded) -> Decoded:
    """``decoded``. Raises UnsupportedInput where it holds NULs or many control characters."""
    text = decoded.text
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if "\0" in text or controls > _CONTROLS * len(text):
        raise _binary()
    return decoded


def mend_surrogates(text: str) -> str:
    """``text`` with surrogate pairs joined and lone surrogates as U+FFFD."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _decode(data: bytes) -> Decoded:
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _tolerant(data[len(mark) :], codec, name)
    if b"\0" in data:
        return _utf16(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return Decoded(mend_surrogates(data.decode("utf-8", "surrogatepass")), "utf-8")
    except UnicodeDecodeError:
        return _legacy(data)


def _tolerant(data: bytes, codec: str, name: str) -> Decoded:
    """Decoded as ``codec``, what cannot be read as U+FFFD."""
    try:
        return Decoded(data.decode(codec), name)
    except UnicodeDecodeError:
        pass
    if codec.startswith("utf"):
        try:
            return Decoded(mend_surrogates(data.decode(codec, "surrogatepass")), name)
        except UnicodeDecodeError:
            pass
    text = data.decode(codec, "replace")
    return Decoded(text, name, text.count("\ufffd"))


def _utf16(data: bytes) -> Decoded:
    """UTF-16 without a mark: the byte order that makes ASCII and common characters, or binary."""
    if len(data) % 2:
        raise _binary()
    best, order = max((_plausible(data, order), order) for order in ("utf-16-be", "utf-16-le"))
    if best < 0.5:
        raise _binary()
    return _tolerant(data, order, order)


def _plausible(data: bytes, codec: str) -> float:
    """Share of the sample, read as ``codec``, that is usual text: 1 at best, 0 if any NUL."""
    sample = data[:_SAMPLE].decode(codec, "replace")
    if "\0" in sample:
        return 0.0
    score = 0.0
    for character in sample:
        if " " <= character <= "~" or character in "\t\r\n" or character in _FREQUENT:
            score += 1.0
        elif "\u3000" <= character <= "\u9fff":
            score += 0.6
        elif character == "\ufffd" or "\ue000" <= character <= "\uf8ff":
            score -= 1.0
    return score / len(sample)


def _legacy(data: bytes) -> Decoded:
    """A file that is not Unicode, or is UTF-8 with damage."""
    high = sum(1 for _ in _HIGH.finditer(data[:_SAMPLE]))
    if high * 10 <= len(data[:_SAMPLE]) and _HIGH_PAIR.search(data) is None:
        try:  # lone accents and curly quotes among ASCII: no Chinese encoding writes that
            return Decoded(data.decode("cp1252"), "cp1252")
        except UnicodeDecodeError:
            pass
    ranked = sorted(_CANDIDATES, key=lambda codec: -_quality(data, codec))
    for codec in ranked:
        decoded = _tolerant(data, codec, codec)
        share = _common_share(decoded.text[:_SAMPLE])
        if decoded.damaged and (share < 0.3 or decoded.damaged > _allowed(decoded.text)):
            continue
        beyond = sum(1 for _ in _BEYOND_ASCII.finditer(decoded.text[:_SAMPLE]))
        if share < 0.02 and beyond > _FOREIGN:
            continue
        return decoded
    raise _unknown()


def _quality(data: bytes, codec: str) -> float:
    """How Chinese the sample reads as ``codec``; higher is better, at most 1."""
    sample = data[:_SAMPLE].decode(codec, "replace")
    beyond = len(_BEYOND_ASCII.findall(sample)) or 1
    bad = 5 * sample.count("\ufffd") + len(_PRIVATE.findall(sample))
    return _common_share(sample) - bad / beyond


def _common_share(text: str) -> float:
    """Share of the characters beyond ASCII that are frequent in Chinese, in [0, 1]."""
    beyond = _BEYOND_ASCII.findall(text)
    return sum(character in _FREQUENT for character in beyond) / len(beyond) if beyond else 0.0


def _allowed(text: str) -> float:
    return max(1.0, _DAMAGE * len(text))


def _binary() -> UnsupportedInput:
    return UnsupportedInput("its content is binary, not text")


def _unknown() -> UnsupportedInput:
    return UnsupportedInput("its encoding is not known", "save it as UTF-8")
