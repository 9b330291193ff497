"""The prompt: files with placeholders, checked when loaded, and evidence as numbered data."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import rag
from rag.errors import ConfigError
from rag.types import Document, Evidence

REFUSAL = "NO_ANSWER"
"""What a model says, alone, where the evidence holds no answer: one word for prompt, code, tests.
In Latin letters, so that no Chinese document says it by chance."""

PLACEHOLDERS = frozenset({"evidence", "question", "refusal"})
LANGUAGES = ("zh", "en")

_DIVIDER = "\n=====\n"
_MARK = re.compile(r"[\[【［〔](\s*\^?\d[\d\s,，、;；–—~～-]*)[\]】］〕]")
_ANGLES = str.maketrans("<>", "＜＞")
# Carriers of text that a reader does not see: format characters (zero-width, bidi, tags), controls,
# private use, and variation selectors.
_HIDDEN = {"Cf", "Cc", "Co", "Cn"}


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt file: the part above ``=====`` is the system message, below it the user's."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages for a ChatModel; ``numbered[n - 1]`` is the evidence with number ``n``.

    ``left_out`` counts the evidence that the budget had no room for.
    """

    messages: tuple[dict[str, str], ...]
    numbered: tuple[Evidence, ...]
    left_out: int = 0


def folder() -> Path:
    """Where the prompts are: ./prompts (a checkout, or one's own), else what was installed."""
    package = Path(rag.__file__).parent
    for candidate in (Path("prompts"), package / "prompts", package.parent / "prompts"):
        if (candidate / f"answer.{LANGUAGES[0]}.md").is_file():
            return candidate
    raise ConfigError("the prompt files are missing", "install the package again")


def load(language: str, where: Path | None = None) -> Template:
    """The answer prompt of a language ("zh" or "en"), checked.

    Raises ConfigError where it cannot be read or a placeholder is unknown or missing.
    """
    path = (where or folder()) / f"answer.{language}.md"
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", "write a brace as {{ or }}") from None
    if unknown := sorted(names - PLACEHOLDERS):
        raise ConfigError(f"{path} has unknown placeholders: {', '.join(unknown)}", _known())
    if missing := sorted(PLACEHOLDERS - names):
        raise ConfigError(f"{path} lacks placeholders: {', '.join(missing)}", _known())
    system, divider, user = text.partition(_DIVIDER)
    if not divider:
        raise ConfigError(f"{path} has no line =====", "it parts the system message from the rest")
    return Template(system.strip(), user.strip())


def check() -> None:
    """Loads every prompt once; raises ConfigError. For start-up and ``rag doctor``."""
    for language in LANGUAGES:
        load(language)


def language_of(question: str) -> str:
    """ "zh" where the question has a Han character, else "en"."""
    return "zh" if re.search(r"[\u3400-\u9fff]", question) else "en"


def build(
    question: str,
    standalone: str,
    evidence: Sequence[Evidence],
    document: Callable[[str], Document],
    budget: int,
    template: Template | None = None,
) -> Prompt:
    """The prompt for a question over at most ``budget`` characters of numbered evidence.

    Evidence with the lowest score is left out first; what stays is grouped by passage, the best
    passage first, and stands in the order of its text. ``standalone`` is added where it differs.
    """
    language = language_of(question)
    template = template or load(language)
    asked = visible(question)
    if visible(standalone) and visible(standalone) != asked:
        label = "结合上文，问的是：" if language == "zh" else "in this conversation: "
        asked = f"{asked}（{label}{visible(standalone)}）"
    block, numbered = _evidence(_within(evidence, document, budget), document, budget)
    fields = {"question": asked, "evidence": block, "refusal": REFUSAL}
    messages = (
        {"role": "system", "content": template.system.format(**fields)},
        {"role": "user", "content": template.user.format(**fields)},
    )
    return Prompt(messages, numbered, len(evidence) - len(numbered))


def visible(text: str) -> str:
    """One line of what a reader sees, unable to end the evidence block or pose as a citation."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Cs":
            kept.append("\ufffd")
        elif char.isspace():
            kept.append(" ")
        elif category not in _HIDDEN and not _selector(char):
            kept.append(char)
    line = " ".join("".join(kept).translate(_ANGLES).split())
    return _MARK.sub(r"（\1）", line).replace(REFUSAL, "")


def _selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _known() -> str:
    return "known are " + ", ".join(sorted(PLACEHOLDERS))


def _passage(item: Evidence) -> tuple[str, int]:
    return item.place.doc, item.section.start


def _header(item: Evidence, document: Callable[[str], Document]) -> str:
    """Whose words a passage holds: titles, speaker, byline, date."""
    source = document(item.place.doc)
    titles = dict.fromkeys((source.title, *(item.titles or item.section.titles)))
    speaker = item.section.speaker
    parts = [" / ".join(visible(title) for title in titles if title)]
    parts += [f"说话人：{visible(speaker)}"] if speaker else []
    parts += [f"日期：{visible(source.date)}"] if source.date else []
    return "；".join(part for part in parts if part)


def _within(
    evidence: Sequence[Evidence], document: Callable[[str], Document], budget: int
) -> list[Evidence]:
    """The best evidence that fits, best first; always at least one."""
    kept: list[Evidence] = []
    passages: set[tuple[str, int]] = set()
    used = 0
    for item in sorted(evidence, key=lambda item: -item.score):
        cost = len(visible(item.text)) + 6
        if _passage(item) not in passages:
            cost += len(_header(item, document)) + 5
        if kept and used + cost > budget:
            break
        passages.add(_passage(item))
        kept.append(item)
        used += cost
    return kept


def _evidence(
    kept: Sequence[Evidence], document: Callable[[str], Document], budget: int
) -> tuple[str, tuple[Evidence, ...]]:
    """The block of text, and the evidence in the order of its numbers."""
    lines: list[str] = []
    numbered: list[Evidence] = []
    for passage in dict.fromkeys(_passage(item) for item in kept):
        items = [item for item in kept if _passage(item) == passage]
        if header := _header(items[0], document):
            lines.append(f"（{header}）")
        for item in sorted(items, key=lambda item: item.place.start):
            numbered.append(item)
            text = visible(item.text)
            lines.append(f"[{len(numbered)}] {text[:budget]}{'…' if len(text) > budget else ''}")
    return "\n".join(lines), tuple(numbered)
