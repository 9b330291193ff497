"""The prompt: files with placeholders, checked when loaded, filled with the numbered evidence."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import rag
from rag.answer.numbered import REFUSAL as REFUSAL
from rag.answer.numbered import block, size
from rag.answer.numbered import visible as visible
from rag.errors import ConfigError
from rag.types import Document, Evidence

PLACEHOLDERS = {
    "answer": frozenset({"evidence", "question", "refusal"}),
    "standalone": frozenset({"turns", "question"}),
}
"""What each prompt has to name, and all that it may."""
LANGUAGES = ("zh", "en")

_DIVIDER = "\n=====\n"


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt file: the part above ``=====`` is the system message, below it the user's."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages for a ChatModel; ``numbered[n - 1]`` is the evidence with number ``n``.

    ``left_out`` counts the evidence that the budget had no room for; ``used`` is what the block of
    evidence takes, ``whole`` what all the messages do, as :func:`rag.answer.numbered.size` counts.
    """

    messages: tuple[dict[str, str], ...]
    numbered: tuple[Evidence, ...]
    left_out: int = 0
    used: int = 0
    whole: int = 0


def folder() -> Path:
    """Where the prompts are: ./prompts (a checkout, or one's own), else what was installed."""
    package = Path(rag.__file__).parent
    for candidate in (Path("prompts"), package / "prompts", package.parent / "prompts"):
        if (candidate / f"answer.{LANGUAGES[0]}.md").is_file():
            return candidate
    raise ConfigError("the prompt files are missing", "install the package again")


def load(language: str, where: Path | None = None, kind: str = "answer") -> Template:
    """The prompt of a kind ("answer" or "standalone") and a language ("zh" or "en"), checked.

    Raises ConfigError where it cannot be read or a placeholder is unknown or missing.
    """
    path = (where or folder()) / f"{kind}.{language}.md"
    allowed = PLACEHOLDERS[kind]
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", "write a brace as {{ or }}") from None
    known = "known are " + ", ".join(sorted(allowed))
    if unknown := sorted(names - allowed):
        raise ConfigError(f"{path} has unknown placeholders: {', '.join(unknown)}", known)
    if missing := sorted(allowed - names):
        raise ConfigError(f"{path} lacks placeholders: {', '.join(missing)}", known)
    system, divider, user = text.partition(_DIVIDER)
    if not divider:
        raise ConfigError(f"{path} has no line =====", "it parts the system message from the rest")
    return Template(system.strip(), user.strip())


def fill(template: Template, **fields: str) -> tuple[dict[str, str], ...]:
    """The messages for a ChatModel."""
    return (
        {"role": "system", "content": template.system.format(**fields)},
        {"role": "user", "content": template.user.format(**fields)},
    )


def check() -> None:
    """Loads every prompt once; raises ConfigError. For start-up and ``rag doctor``."""
    for kind in PLACEHOLDERS:
        for language in LANGUAGES:
            load(language, kind=kind)


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
    around: Sequence[Evidence] = (),
) -> Prompt:
    """The prompt for a question over at most ``budget`` of numbered evidence, as
    :func:`rag.answer.numbered.size` counts it.

    Evidence with the lowest score is left out first, ``around`` (what stands beside the evidence)
    before any of it; what stays is grouped by passage, the best passage first, and stands in the
    order of its text. ``standalone`` is added where it differs.
    """
    language = language_of(question)
    template = template or load(language)
    asked = visible(question)
    if visible(standalone) and visible(standalone) != asked:
        label = "结合上文，问的是：" if language == "zh" else "in this conversation: "
        asked = f"{asked}（{label}{visible(standalone)}）"
    text, numbered, used = block(evidence, around, document, budget)
    messages = fill(template, question=asked, evidence=text, refusal=REFUSAL)
    left_out = max(0, len(evidence) - len(numbered))  # none of ``around`` before all of it
    whole = sum(size(message["content"]) for message in messages)
    return Prompt(messages, numbered, left_out, used, whole)
