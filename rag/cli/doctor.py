"""`rag doctor`: what must hold on this machine, a line each; exits 1 on a fault."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

from rag.cli.output import emit, emit_json, line
from rag.config import Settings
from rag.errors import YinjuError

LEAST_FREE = 200 << 20
"""Bytes on the disk under which a build is likely to fail."""
ENDPOINT_S = 15.0
"""Seconds that the endpoint is given."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ``do`` says how to mend a fault."""

    name: str
    ok: bool
    detail: str
    do: str = ""


class _Fault(Exception):
    """What is wrong, and what to do."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Runs every check, whatever the others found."""
    found = list(findings(settings))
    ok = all(one.ok for one in found)
    if args.json:
        checks = [
            {"name": one.name, "ok": one.ok, "detail": one.detail, "do": one.do} for one in found
        ]
        emit_json({"ok": ok, "checks": checks})
    else:
        for one in found:
            do = f"；{line(one.do)}" if one.do else ""
            emit(f"{'ok   ' if one.ok else 'fault'} {one.name}：{line(one.detail)}{do}")
    return 0 if ok else 1


def findings(settings: Settings) -> Iterator[Finding]:
    """All checks in order."""
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("Python", _python),
        ("程序库", _libraries),
        ("设置", _settings),
        ("内置模型", _model),
        ("证据权重", _weights),
        ("重排模型", _reranker),
        ("阅读模型", _reader),
        ("核对模型", _verifier),
        ("提示词", _prompts),
        ("文件夹", _docs),
        ("索引", _index),
        ("拒答校准", _calibration),
        ("磁盘", _disk),
        ("语言模型", _endpoint),
    )
    for name, check in checks:
        try:
            yield Finding(name, True, check(settings))
        except YinjuError as error:
            yield Finding(name, False, error.what, error.do)
        except _Fault as fault:
            what, _, do = str(fault).partition("; ")
            yield Finding(name, False, what, do)
        except Exception as error:
            yield Finding(name, False, f"{type(error).__name__}: {error}")


def _python(settings: Settings) -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _libraries(settings: Settings) -> str:
    """Versions are read from their metadata: nothing is imported."""
    try:
        wanted = metadata.requires("yinju") or []
    except metadata.PackageNotFoundError:
        raise _Fault("the package is not installed; run `make setup`") from None
    found = []
    for requirement in wanted:
        match = re.match(r"([\w.-]+)(?:\[.*?\])?>=([\d.]+)(?!.*extra)", requirement)
        if match is None:
            continue
        name, least = match.groups()
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            raise _Fault(f"{name} is missing; run `make setup`") from None
        if _numbers(version) < _numbers(least):
            raise _Fault(f"{name} {version} is older than {least}; run `make setup`")
        found.append(f"{name} {version}")
    return "，".join(found)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


def _settings(settings: Settings) -> str:
    """Secrets are masked by their type."""
    changed = [f"{name}={getattr(settings, name)}" for name in sorted(settings.model_fields_set)]
    return "，".join(changed) or "全部为默认值"


def _model(settings: Settings) -> str:
    from rag.embed.static import BUILTIN, FILES, StaticEmbedder

    model = StaticEmbedder()
    said = json.loads((BUILTIN / "model.json").read_text(encoding="utf-8"))["sha256"]
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((BUILTIN / name).read_bytes())
    if digest.hexdigest() != said:
        raise _Fault(f"the files in {BUILTIN} are not those of model.json; install again")
    return f"{model.identity}，{model.dimension} 维，校验和相符"


def _weights(settings: Settings) -> str:
    from rag.pipeline import build_ranker

    weights = build_ranker().weights
    if weights is None:
        raise _Fault("there are no ranking weights; install the package again")
    return f"适配 {weights.embedder}，拒答阈值 {weights.threshold(settings.false_refusals):.3f}"


def _reranker(settings: Settings) -> str:
    """Loads it and scores one pair."""
    from rag.embed import load_reranker

    reranker = load_reranker(settings)
    if reranker is None:
        return "未启用"
    reranker.score("北京的天气怎么样？", ["北京今天晴。"])
    return f"{reranker.identity}，可以打分"


def _reader(settings: Settings) -> str:
    """Loads it with its weights and reads one window."""
    from rag.embed.static import StaticEmbedder
    from rag.read.load import load_stage

    stage = load_stage(settings.reader, StaticEmbedder())
    if stage is None:
        return "未启用"
    stage.reader.read("北京的天气怎么样？", [["北京今天晴。", "上海有雨。"]])
    return f"{stage.reader.identity}，可以阅读"


def _verifier(settings: Settings) -> str:
    """Loads it and lays one claim on one premise."""
    from rag.embed import load_entailment

    verifier = load_entailment(settings)
    if verifier is None:
        return "未启用，按规则核对"
    verifier.entails(["北京今天晴。"], ["北京今天天晴。"])
    return f"{verifier.identity}，可以核对"


def _prompts(settings: Settings) -> str:
    from rag.answer import prompt

    prompt.check()
    return str(prompt.folder())


def _docs(settings: Settings) -> str:
    if not settings.docs.is_dir():
        raise _Fault(f"there is no docs folder {settings.docs}; make it, or give --docs DIR")
    return str(settings.docs)


def _index(settings: Settings) -> str:
    """Opening checks every checksum and count; here every span is tried as well."""
    from rag.embed import load_embedder
    from rag.index.reader import check_ids
    from rag.recipe import open_for

    with open_for(settings, load_embedder(settings).identity) as index:
        check_ids(index)
        sentences = 0
        for doc in index.corpus.ids():
            parsed = index.corpus.parsed(doc)
            end = 0
            for sentence in parsed.sentences:
                if not end <= sentence.start < sentence.end <= len(parsed.document.text):
                    raise _Fault(f"a sentence of {doc} is out of range; run `rag index --rebuild`")
                end = sentence.end
            sentences += len(parsed.sentences)
        counts = index.manifest.counts
        return (
            f"{index.name}：{counts.documents} 份文件，{counts.chunks} 段，"
            f"{sentences} 句的位置全部有效，校验和相符"
        )


def _calibration(settings: Settings) -> str:
    """One that no longer fits is not used, and nobody may have read the warning."""
    from rag.pipeline import Pipeline
    from rag.retrieve.calibration_file import read

    if read(settings.index) is None:
        return "没有，用随附的拒答阈值"
    pipeline = Pipeline(settings)
    if fault := pipeline.judge.calibration_fault():
        raise fault
    own = pipeline.judge.calibration()
    assert own is not None
    return (
        f"按 {own.set_name}（可回答 {len(own.answerable)} 题，不可回答 {own.unanswerable} 题），"
        f"拒答阈值 {own.threshold(settings.false_refusals):.3f}"
    )


def _disk(settings: Settings) -> str:
    folder = settings.index.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise _Fault(f"{free >> 20} MB are free on the disk of {folder}; make room")
    return f"{free / (1 << 30):.1f} GB 可用"


def _endpoint(settings: Settings) -> str:
    """One short request, closed at its first word."""
    if settings.mode == "extractive" or not settings.llm_configured:
        return "未配置，答案由原文摘出"
    from rag.chat.client import OpenAIChat

    short = ("llm_idle_s", "llm_total_s")
    limits = {name: min(getattr(settings, name), ENDPOINT_S) for name in short}
    chat = OpenAIChat(settings.model_copy(update=limits))
    stream = chat.stream([{"role": "user", "content": "Reply with the word: ok"}])
    try:
        for piece in stream:
            if piece:
                break
    finally:
        if close := getattr(stream, "close", None):
            close()
    return f"{chat.name} 有应答"


__all__ = ["Finding", "findings", "run"]
