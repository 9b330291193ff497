"""The words around an answer: what of it stands, what sources disagree on, what it took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """Every string of this part in one language; ``{x}`` are places for ``str.format``."""

    unverified: str
    colon: str
    conflicts: str
    conflict: str
    dated: str
    first: str
    tokens: str
    cost: str
    dropped: str
    left_out: str


ZH_ANSWER = AnswerWords(
    unverified="未能核实",
    colon="：",
    conflicts="来源说法不一",
    conflict="{subject}：",
    dated="（{date}）",
    first="首字 {seconds} 秒",
    tokens="{prompt} + {completion} 词元",
    cost="费用 {cost}",
    dropped="{count} 处引用指向不存在的句子，已去掉",
    left_out="{count} 句证据放不下",
)

EN_ANSWER = AnswerWords(
    unverified="not verified",
    colon=": ",
    conflicts="Sources differ",
    conflict="{subject}: ",
    dated=" ({date})",
    first="first text after {seconds} s",
    tokens="{prompt} + {completion} tokens",
    cost="cost {cost}",
    dropped="{count} citation(s) of sentences that do not exist, removed",
    left_out="{count} sentence(s) of evidence without room in the prompt",
)
