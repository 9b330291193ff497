"""What of a claim its evidence does not say: by clause, by word, by cause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.retrieve.lexicon import lines
from rag.verify.items import Laid
from rag.verify.paraphrase import reworded
from rag.verify.words import static

_CUT = re.compile(r"[，;:]")
_CAUSE = re.compile(
    r"因为|由于|因此|因而|所以|得益于|受益于|归功于|导致|使得|致使|以致|从而|为了|旨在|缘于|源于|原因|用来|(?<![适作])用于|造成|带动|促成|促使|助力"
    r"|借.{1,14}之机|受.{1,12}影响|才(?:能|使)|使(?![用命馆节者])|令(?!人)|意在"
)
_HELD_CAUSE = re.compile(
    r"因|由于|所以|得益|受益|归功|导致|使得?|致|从而|为了?|旨在|源于|原因|用来|用于|造成|带动|促|助|令|随着|影响|可能会?带动|以便|以|驱动|推动|让"
)
_EMPTY = frozenset(
    "是有的了在就还以来则并而且都也又很最不外从把被给让与和及对为将已则再更仅只才于这那其该等个些们着过得地后前里中上下时我他她它"
)
_RETOLD = re.compile(
    r"中间|相隔|间隔|隔了|前后|历时|将近|差不多|加起来|合起来|算下来|一共|总共|依照|按照|根据|自身|自己|各自|相应|随后|接着|当时|那时|眼下|如今|至今"
    r"|结果|原来|其实|仍然|依然|照样|同样|毕竟|未必|甚至|尤其|恰好|刚好|正好|索性|干脆|的话|来说|看来|据说|据悉|手里|身边|当中|之中|里头|方面"
)
"""A teller's own words: they claim nothing."""
_RARE = 2.0
"""The idf from which on a character tells something: 不, 要, 会 and 多 are below it."""
_HELD = 0.4
"""From this share on a word is no news."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the claim; ``share`` in [0, 1] is what the evidence holds of its weight,
    ``missing`` the heaviest words that are not held."""

    text: str
    share: float
    weight: float
    missing: tuple[str, ...]


def clauses(laid: Laid) -> list[Clause]:
    """The claim's clauses; one that weighs little is joined to its neighbour."""
    text = laid.claim.text.rstrip("。")
    cuts = [0, *(match.end() for match in _CUT.finditer(text)), len(text)]
    spans: list[tuple[int, int]] = []
    for start, end in pairwise(cuts):
        if spans and (end - start < 7 or spans[-1][1] - spans[-1][0] < 7):
            spans[-1] = (spans[-1][0], end)
        elif end > start:
            spans.append((start, end))
    return [_clause(laid, start, end) for start, end in spans]


def _clause(laid: Laid, start: int, end: int) -> Clause:
    total = held = 0.0
    missing: list[tuple[float, str]] = []
    for word, match, around in zip(laid.claim.words, laid.matches, laid.around, strict=True):
        if not start <= word.start < end:
            continue
        share = max(match.share, 0.9 * (around.share if around.share > 0.8 else 0.0))
        total += word.weight
        held += word.weight * share
        if share < 0.35:
            missing.append((-word.weight * (1 - share), word.text))
    for amount, found in zip(laid.claim.amounts, laid.held, strict=True):
        if start <= amount.start < end:
            total += 4.0
            held += 4.0 if found.places or found.how else 0.0
    if not total:
        return Clause(laid.claim.text[start:end], 1.0, 0.0, ())
    missing.sort()
    return Clause(
        laid.claim.text[start:end],
        held / total,
        total,
        tuple(word for _, word in missing[:3]),
    )


def new_cause(laid: Laid) -> str:
    """The word of cause or purpose that the claim adds; "" where the evidence has one too."""
    found = _CAUSE.search(laid.claim.text)
    if not found:
        return ""
    used = {laid.evidence.clause[p] for m in laid.matches if m.share > 0.6 for p in m.places}
    for match in _HELD_CAUSE.finditer(laid.evidence.text):
        clause = laid.evidence.clause[match.start()]
        if {clause - 1, clause, clause + 1} & used:
            return ""
    return found[0]


def strange(laid: Laid) -> tuple[int, str]:
    """The longest run of Chinese characters that occur nowhere in evidence or context."""
    held = set(laid.evidence.text) | set(laid.context.text)
    inside = {at for amount in laid.claim.amounts for at in range(amount.start, amount.end)}
    for start, end, _ in reworded(laid.claim.text, laid.evidence.text):
        inside.update(range(start, end))
    for match in _RETOLD.finditer(laid.claim.text):
        inside.update(range(*match.span()))
    marked = "".join(
        char if char not in held and at not in inside else " "
        for at, char in enumerate(laid.claim.text)
    )
    runs: list[str] = re.findall(r"[\u3400-\u9fff]+", marked)
    longest = max(runs, key=_content, default="")
    return _content(longest), longest


def _content(run: str) -> int:
    """Its characters that are neither function words nor in every second text."""
    return sum(char not in _EMPTY and _rarity(char) >= _RARE for char in run)


@lru_cache(maxsize=8192)
def _rarity(char: str) -> float:
    """The idf of a character that is a word of the static model, else a high one."""
    model = static()
    row = model.tokenizer.token_to_id(char)
    return 9.0 if row is None else float(model.idf[row])


@lru_cache(maxsize=1)
def _light() -> frozenset[str]:
    """Adverbs, light verbs and nouns that only name a kind: they say little by themselves."""
    return frozenset(word for line in lines("light.txt") for word in line.split())


def novel(laid: Laid) -> tuple[float, str]:
    """The heaviest run of words that neither evidence nor context holds: its weight, its text."""
    best, text, total, run = 0.0, "", 0.0, ""
    for word, match, around in zip(laid.claim.words, laid.matches, laid.around, strict=True):
        share = max(match.share, around.share)
        if share >= _HELD:
            total, run = 0.0, ""
            continue
        run += word.text
        total += 0.0 if word.text in _light() else word.weight * (1 - share)
        if total > best:
            best, text = total, run
    return best, text
