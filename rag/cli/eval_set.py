"""`rag eval-set`: builds a question set with distractors, or pins a set's documents."""

from __future__ import annotations

import argparse

from rag.cli.output import emit, emit_json, progress
from rag.config import Settings
from rag.errors import UsageError
from rag.evaluate.distract import Recipe, build
from rag.evaluate.pins import pin
from rag.evaluate.sets import own_questions
from rag.evaluate.source import read
from rag.index.interrupts import sigterm_interrupts
from rag.index.reader import open_index


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Runs the action; raises YinjuError."""
    return _build(args) if args.action == "build" else _pin(args, settings)


def _build(args: argparse.Namespace) -> int:
    if args.passages and args.articles is not None:
        raise UsageError("--articles says nothing with --passages", "leave one of them out")
    if not args.passages and args.articles is None:
        raise UsageError("how many documents?", "name --articles N, or --passages")
    recipe = Recipe(
        squad=tuple(args.squad),
        news_questions=args.news_questions,
        news=args.news,
        questions=args.questions,
        articles=args.articles or 0,
        unanswerable=args.unanswerable,
        seed=args.seed,
        passages=args.passages,
    )
    with progress() as show, sigterm_interrupts():
        built = build(recipe, args.out, show)
    if args.json:
        emit_json({"out": str(built.folder), "already": built.already, **built.counts})
        return 0
    counts = built.counts
    state = "已建好，未改动（already built）" if built.already else "已建好"
    over = f"，{counts['documents']} 份文件" if "documents" in counts else ""
    emit(f"{built.folder}：{state}")
    emit(f"{counts['questions']} 题，其中不可回答 {counts['unanswerable']} 题{over}")
    emit(f"运行：rag eval --set {built.folder}")
    return 0


def _pin(args: argparse.Namespace, settings: Settings) -> int:
    """A set is pinned only to documents in which all of its quotes stand."""
    with open_index(settings.index) as index:
        documents = {id: index.corpus.document(id).text for id in index.corpus.ids()}
    questions = own_questions(read(args.set), documents)
    target = pin(args.set, documents)
    if args.json:
        emit_json(
            {"set": str(args.set), "pins": str(target), "documents": len(documents),
             "questions": len(questions)}
        )  # fmt: skip
        return 0
    emit(f"{target}：记下 {len(documents)} 份文件的版本，{len(questions)} 题的引文均已核对")
    return 0
