"""Does a sentence stand on its quotes? By signals that each name what does not fit.

The quotes are laid under the sentence word by word and amount by amount; what is missing, turned
round or joined otherwise is weighed together (:mod:`rag.verify.judge`), and the greatest names the
verdict. No proof of entailment: a sentence that joins words of its quotes wrongly may pass, and a
free paraphrase may be marked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.types import Verdict
from rag.verify.amounts import amounts, plain
from rag.verify.judge import doubt
from rag.verify.signals import Signal, signals

LEAST = 0.12
"""Below this share of the sentence's bigrams (and Latin words) nothing more is looked at."""
_THIN = 0.35
"""Below this share of its weight a sentence is not borne in part, but not at all."""

_FRAME = re.compile(
    r"^(?:(?:因此|所以|综上|总之|其中|此外|同时|另外)[、，,:：]?"
    r"|(?:根据|据)(?:资料|文件|报道|材料|文中)(?:显示|所述|介绍)?[、，,:：]?"
    r"|资料(?:显示|指出|提到)[、，,:：]?)"
)
_FUNCTION = set("的了是在于和与及并对为也将已则就都而其以至到从由向被把")
_TOKEN = re.compile(r"[a-z]+|[\u3400-\u9fff]+")

_VERDICTS: dict[str, Verdict] = {
    **dict.fromkeys(
        ("amount_missing", "amount_missing_small", "amount_turned", "dated", "rival", "swap",
         "rival_date", "label", "label_date", "chained", "counted", "role", "field", "listed",
         "misdated"),
        "number_mismatch"),
    **dict.fromkeys(("opposed", "negated", "undone", "balance", "trend", "replaced", "mode", "clash"), "negation_mismatch"),
    **dict.fromkeys(
        ("speaker", "elsewhere", "unknown", "renamed", "retitled", "body", "reversed",
         "foreign", "loose", "place", "doer"), "wrong_source"),
}  # fmt: skip
"""What a signal means where it speaks loudest; all others say that something is not covered."""


def verify(
    sentence: str, quotes: Sequence[str], context: Sequence[str] = ()
) -> tuple[Verdict, str]:
    """The verdict on a sentence and a short reason in Chinese ("" when supported).

    ``quotes`` are what it cites; ``context`` (titles, speaker, date of the quotes) may supply
    names and years, never a claim. "wrong_source" means that the quotes give it to another.
    """
    if not quotes:
        return "uncited", "没有引用"
    said = _FRAME.sub("", sentence.strip())
    folded, own = plain(said), [plain(quote) for quote in quotes]
    wanted = _grams(folded)
    if not wanted and not amounts(folded):
        return "unsupported", "没有可核对的内容"
    bare = folded.rstrip("。.!?;，")
    if bare and any(_stands_in(bare, quote) for quote in own):
        return "supported", ""
    held = set().union(*(_grams(quote) for quote in own))
    around = held.union(*(_grams(plain(text)) for text in context))
    share = sum(gram in around for gram in wanted) / len(wanted) if wanted else 1.0
    if share < LEAST or (wanted and not held & set(wanted)):
        return "unsupported", f"引文只含这句话的{share:.0%}"
    found = signals(said, quotes, context)
    return _verdict(found)


def _verdict(found: dict[str, Signal]) -> tuple[Verdict, str]:
    missing = found["amount_missing"]
    if missing.value > 0:
        return "number_mismatch", missing.why
    bare = found["uncovered"]
    if bare.value > 1 - _THIN:
        return "unsupported", bare.why
    excess, order = doubt({name: signal.value for name, signal in found.items()})
    if excess <= 0:
        return "supported", ""
    loudest = next((name for name in order if found[name].why), "uncovered")
    return _VERDICTS.get(loudest, "partial"), found[loudest].why


def _stands_in(part: str, text: str) -> bool:
    """Whether ``part`` is printed in ``text``, and not inside a number or behind a negation."""
    return any(_whole(part, text, match.start()) for match in re.finditer(re.escape(part), text))


def _whole(part: str, text: str, at: int) -> bool:
    before, after = text[max(0, at - 1) : at], text[at + len(part) :][:1]
    if (part[0].isdigit() and (before.isdigit() or before == ".")) or (
        part[-1].isdigit() and (after.isdigit() or after == ".")
    ):
        return False
    return not before or not re.match(r"[不未没无非]", before)


def _grams(text: str) -> list[str]:
    """Bigrams of Chinese runs (a lone character whole), and Latin words."""
    grams: list[str] = []
    for token in _TOKEN.findall("".join(char for char in text if char not in _FUNCTION)):
        if token[0].isascii() or len(token) == 1:
            grams.append(token)
        else:
            grams += [token[at : at + 2] for at in range(len(token) - 1)]
    return grams
