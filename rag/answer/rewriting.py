"""A follow-up made to stand alone by the language model, checked; by rule where that fails.

The model's line is only used where it is one question that holds nothing new: every number and
every name in it must stand in the conversation, and what the follow-up itself asks must stay.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Sequence

from rag.answer import prompt
from rag.answer.cite import MARK
from rag.answer.understood import Rewritten
from rag.chat.thinking import CLOSE
from rag.errors import ModelError
from rag.retrieve.english import STOP, is_english
from rag.retrieve.followup import needs_context, points_back, standalone, without_opening
from rag.retrieve.question import take_apart
from rag.seams import ChatModel
from rag.text.normalise import fold_text
from rag.text.sentences import split_sentences
from rag.types import Query, Usage
from rag.verify.amounts import amounts, plain

LIMIT_S = 2.5
"""Seconds the model has: the reader waits, and the rules answer at once."""
LONGEST = 200
"""Characters of a question; a reply of more is not read to its end."""
_TURNS = 4
_TURN = 300

_LABEL = re.compile(
    r"^(?:(?:改写后?的?|独立的?|完整的?)?(?:问题|追问|提问)(?:是|为)?|(?:rewritten |standalone )?question)\s*[:：]\s*",
    re.IGNORECASE,
)
_QUOTES = "“”\"'‘’「」『』`* "
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9'’+#&-]*")
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百千万亿]")
_ASKING = re.compile(
    r"请问|分别|是多少|有多少|多少|什么时候|什么时间|什么地方|什么|哪一?[年天月日家个些位种里儿次]|哪|几|谁|怎么样|怎么|怎样|如何|"
    r"为什么|为何|何时|何地|多长时间|多[长大高久远少宽重]|是否|有没有|能否|吗|呢|具体|情况|时间|地点|地方|原因|数量|金额|数额|"
    r"人数|名称|名字|内容|结果|[的了是在于和与及并对为有被把由从到向中将会上下里内之其以及个年月日家位项次达共约市省县]"
)
"""What a rewritten question may add: it asks, or joins."""


def rewrite(
    turns: Sequence[str],
    chat: ChatModel,
    template: prompt.Template | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[None, None, Rewritten]:
    """The last of the user's ``turns`` standing alone; yields while the model is silent or writes.

    No call where the question stands alone or there is nothing before it. Never raises a
    ModelError; closing the generator stops the model.
    """
    ruled = standalone(turns)
    question = ruled.question
    earlier = [turn.strip() for turn in turns[:-1] if turn.strip()]
    if not earlier or not needs_context(question):
        return Rewritten(ruled)
    english = is_english(fold_text(question))
    try:
        line, usage = yield from _asked(question, earlier, chat, template, clock)
    except ModelError as error:
        why = f"the model did not ({error})" if english else f"模型没有补全（{error}）"
        return Rewritten(ruled, _by_rule(why, english), error=error)
    line = bare(line)
    if fault := unusable(line, question, earlier, english):
        return Rewritten(ruled, _by_rule(fault, english), usage)
    return Rewritten(Query(question, line), usage=usage)


def bare(reply: str) -> str:
    """The reply without thinking, a label before it and quotation marks around it."""
    line = CLOSE.split(reply)[-1].strip().strip("*` ")
    return _LABEL.sub("", line).strip(_QUOTES)


def unusable(line: str, question: str, earlier: Sequence[str], english: bool = False) -> str:
    """Why the model's line cannot be searched for; "" where it can."""

    def say(chinese: str, latin: str) -> str:
        return latin if english else chinese

    if not line:
        return say("模型没有写出问题", "the model wrote none")
    if len(line) > LONGEST:
        return say("模型写得太长", "the model wrote too much")
    spans = split_sentences(line)
    if len(line.splitlines()) > 1 or len(spans) > 1 or MARK.search(line) or prompt.REFUSAL in line:
        return say("模型写的不只是问题", "the model wrote more than a question")
    other = say("模型写的不是这个问题", "the model wrote another question")
    if points_back(line) or fold_text(line).rstrip("?。") == fold_text(question).rstrip("?。"):
        return other
    if new := added(line, [*earlier, question]):
        return say(f"模型添了对话里没有的“{new}”", f'the model added "{new}"')
    if not _keeps(line, question):
        return other
    return ""


def added(line: str, said: Sequence[str]) -> str:
    """The first number or name of ``line`` that the conversation does not hold; "" if none."""
    held = plain("\n".join(said))
    values = {(amount.value, amount.unit) for amount in amounts(held)}
    bare_values = {value for value, _ in values}
    for amount in amounts(plain(line)):
        if amount.value not in bare_values:
            return amount.text
    folded = fold_text("\n".join(said))
    words = {word.lower().removesuffix("'s") for word in _LATIN.findall(folded)}
    chinese = bool(_HAN_RUN.search(line))
    for at, match in enumerate(_LATIN.finditer(line.replace("’", "'"))):
        word = match[0].removesuffix("'s")
        # An English question may add words, but no name; the first word is always a capital.
        name = chinese or (at > 0 and word[0].isupper())
        if name and word.lower() not in words and word.lower() not in STOP:
            return word
    for run in _HAN_RUN.findall(fold_text(line)):
        if new := _unsaid(run, folded):
            return new
    return ""


def _unsaid(run: str, folded: str) -> str:
    """What of a run of Chinese is in no pair of characters of the conversation, nor a word that any
    question may have; a lone character between two known words is let pass."""
    known = [False] * len(run)
    for at in range(len(run) - 1):
        if run[at : at + 2] in folded:
            known[at] = known[at + 1] = True
    for match in _ASKING.finditer(run):
        for at in range(*match.span()):
            known[at] = True
    at = 0
    while at < len(run):
        end = at
        while end < len(run) and not known[end]:
            end += 1
        if end - at >= 2 or (end - at == 1 and run[at] not in folded):
            return run[at:end]
        at = end + 1
    return ""


def _keeps(line: str, question: str) -> bool:
    """Whether the line asks for what the follow-up asks for: its numbers, most of its words."""
    own = without_opening(question)
    theirs = {amount.value for amount in amounts(plain(line))}
    if any(amount.value not in theirs for amount in amounts(plain(own))):
        return False
    folded = fold_text(line)
    pairs = [
        pair
        for run in take_apart(own).runs
        for pair in ([run] if run.isascii() else [run[i : i + 2] for i in range(len(run) - 1)])
    ]
    pairs = [pair for pair in pairs if not _NUMERAL.search(pair)]
    return not pairs or sum(pair in folded for pair in pairs) * 2 >= len(pairs)


def _asked(
    question: str,
    earlier: Sequence[str],
    chat: ChatModel,
    template: prompt.Template | None,
    clock: Callable[[], float],
) -> Generator[None, None, tuple[str, Usage | None]]:
    """The model's reply, read no further than a question can be long."""
    language = prompt.language_of(question)
    lines = [f"- {prompt.visible(turn)[:_TURN]}" for turn in earlier[-_TURNS:]]
    messages = prompt.fill(
        template or prompt.load(language, kind="standalone"),
        turns="\n".join(lines),
        question=prompt.visible(question),
    )
    began = clock()
    reply = ""
    pieces = chat.stream(messages)
    try:
        while len(bare(reply)) <= LONGEST:
            try:
                reply += next(pieces)
            except StopIteration as end:
                return reply, end.value if isinstance(end.value, Usage) else None
            if clock() - began > LIMIT_S:
                raise ModelError(f"no question after {LIMIT_S:g} s")
            yield
        return reply, None
    finally:
        if close := getattr(pieces, "close", None):
            close()


def _by_rule(why: str, english: bool) -> str:
    return f"follow-up completed by rule: {why}" if english else f"追问按规则补全：{why}"
