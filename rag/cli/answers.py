"""An answer on the command line: JSON for programs, lines of text for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.citing import shown_citations
from rag.cli.output import citation_json, citation_text, colours, line, shown
from rag.types import Answer, AnswerSentence, Conflict, Usage
from rag.verify.verdicts import ZH

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def answer_json(id: object, answer: Answer) -> dict[str, Any]:
    """An answer; ``usage`` is null where no language model was asked."""
    return {
        "id": id,
        "question": answer.question,
        "standalone": answer.standalone,
        "answer": answer.answer,
        "mode": answer.mode,
        "refused": answer.refused,
        "reason": answer.reason,
        "citations": [citation_json(citation) for citation in answer.citations],
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "verdict": sentence.verdict,
                "why": sentence.why,
            }
            for sentence in answer.sentences
        ],
        "passages": [
            {"doc": p.doc, "start": p.start, "end": p.end, "score": round(float(p.score), 6)}
            for p in answer.passages
        ],
        "unknown_terms": list(answer.unknown_terms),
        "timings_ms": {name: round(float(ms), 2) for name, ms in answer.timings_ms.items()},
        "confidence": round(float(answer.confidence), 4),
        "conflicts": [_conflict_json(conflict) for conflict in answer.conflicts],
        "model": answer.model,
        "usage": _usage_json(answer.usage),
        "dropped": answer.dropped,
        "left_out": answer.left_out,
        "cut_off": answer.cut_off,
    }


def _conflict_json(conflict: Conflict) -> dict[str, Any]:
    return {
        "subject": conflict.subject,
        "stated": [
            {"value": s.value, "date": s.date, "citation": citation_json(s.citation)}
            for s in conflict.stated
        ],
    }


def _usage_json(usage: Usage | None) -> dict[str, Any] | None:
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "first_ms": round(float(usage.first_ms), 2),
        "cost": round(float(usage.cost), 8),
    }


def answer_text(answer: Answer) -> Iterator[str]:
    """The lines of an answer for people."""
    if answer.standalone != answer.question:
        yield f"（理解为：{line(answer.standalone)}）"
    yield shown(answer.answer) if answer.refused else _body(answer)
    if answer.refused:
        if answer.unknown_terms:
            yield "文件里没有出现的词：" + "、".join(line(t) for t in answer.unknown_terms)
        if answer.passages:
            yield "\n最接近的段落："
            for passage in answer.passages[:3]:
                yield f"  · {line(passage.doc)} {line(passage.source)}".rstrip()
                yield f"    {_cut(line(passage.text), 120)}"
    else:
        cited = shown_citations(answer)
        if cited:
            yield ""
        for citation in cited:
            yield from citation_text(citation)
        if answer.conflicts:
            yield ""
        for conflict in answer.conflicts:
            yield _differing(conflict)
    yield "\n" + _footer(answer)
    yield from _unverified(answer)


def _differing(conflict: Conflict) -> str:
    values = [
        f"{line(s.value)} [{s.citation.n}]" + (f"（{line(s.date)}）" if s.date else "")
        for s in conflict.stated
    ]
    return f"来源说法不一：{line(conflict.subject)}：{' · '.join(values)}"


def _unverified(answer: Answer) -> Iterator[str]:
    """The sentences of a model that nothing bears out, each with the reason."""
    doubtful = [s for s in answer.sentences if s.verdict != "supported"]
    if answer.mode != "llm" or answer.refused or not doubtful:
        return
    yield "未能核实："
    for sentence in doubtful:
        why = f"（{line(sentence.why)}）" if sentence.why else ""
        yield f"  · {line(sentence.text)}"
        yield f"    {ZH[sentence.verdict]}{why}"


def _body(answer: Answer) -> str:
    doubtful = answer.mode == "llm" and any(s.verdict != "supported" for s in answer.sentences)
    if not answer.sentences or not (colours() or doubtful):
        return shown(answer.answer)
    parts = []
    for sentence in answer.sentences:
        marks = "".join(f"[{n}]" for n in sentence.citations)
        marks += "" if sentence.verdict == "supported" else "（未能核实）"
        said = _bold(sentence) if colours() else shown(sentence.text)
        parts.append(f"{said} {marks}".rstrip())
    return ("\n" if len(parts) > 2 else " ").join(parts)


def _bold(sentence: AnswerSentence) -> str:
    text, at = "", 0
    for start, end in sorted(sentence.key):
        if start >= at:
            text += shown(sentence.text[at:start]) + _BOLD + shown(sentence.text[start:end])
            text, at = text + _PLAIN, end
    return text + shown(sentence.text[at:])


def _footer(answer: Answer) -> str:
    mode = "抽取式回答"
    if answer.mode == "llm":
        mode = "模型回答" + (f" {line(answer.model)}" if answer.model else "")
    parts = ["未找到答案" if answer.refused else mode]
    if answer.mode == "llm" and answer.sentences:
        good = sum(sentence.verdict == "supported" for sentence in answer.sentences)
        parts.append(f"{len(answer.sentences)} 句中 {good} 句可核实")
    parts += _taken(answer.usage)
    if total := answer.timings_ms.get("total"):
        parts.append(f"{total:.0f} 毫秒")
    footer = "（" + " · ".join(parts) + "）"
    if answer.dropped:
        footer += f"\n{answer.dropped} 处引用指向不存在的句子，已去掉"
    if answer.left_out:
        footer += f"\n{answer.left_out} 句证据放不下"
    if answer.reason and not (answer.refused and answer.unknown_terms):
        footer += f"\n说明：{line(answer.reason)}"
    return footer


def _taken(usage: Usage | None) -> list[str]:
    """What a model's reply took, as far as it is known."""
    if usage is None:
        return []
    parts = [f"首字 {usage.first_ms:.0f} 毫秒"] if usage.first_ms else []
    if usage.prompt_tokens or usage.completion_tokens:
        parts.append(f"{usage.prompt_tokens:,} + {usage.completion_tokens:,} 词元")
    return [*parts, f"费用 {usage.cost:.4g}"] if usage.cost else parts


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
