"""`rag bench`: checks what it is asked and becomes the light process that measures."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from rag.bench.options import Options
from rag.bench.peers import PEERS
from rag.bench.processes import with_package
from rag.config import Settings
from rag.errors import UsageError

QUESTIONS = Path("eval/seeds.jsonl")
"""Asked of the documents unless others are named."""
THREADS = "1,8,32"
LIMIT = 200


def run(args: argparse.Namespace, settings: Settings) -> NoReturn:
    """Never returns: this process has loaded the settings, and its children's peak memory would
    count what it holds. Raises UsageError."""
    told = options(args, settings).dump()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    command = [sys.executable, "-P", "-m", "rag.bench", told]
    os.execve(sys.executable, command, with_package(os.environ))


def options(args: argparse.Namespace, settings: Settings) -> Options:
    """What is asked, with absolute paths; raises UsageError where that cannot be done."""
    for name in ("corpus", "limit", "threads", "peers"):
        if getattr(args, name) is not None and not args.scale:
            raise UsageError(f"--{name} is for --scale", "add --scale 1000, or leave it out")
    if args.corpus and not args.corpus.is_dir():
        raise UsageError(f"there is no folder {args.corpus}", "name a folder of articles")
    if not args.corpus and not settings.docs.is_dir():
        raise UsageError(f"there is no folder {settings.docs}", "name the documents with --docs")
    questions = args.questions or (None if args.scale else QUESTIONS)
    if questions and not questions.is_file():
        raise UsageError(f"there is no file {questions}", "name one with --questions")
    return Options(
        docs=str(settings.docs.resolve()),
        out=str(args.out.resolve()),
        questions=str(questions.resolve()) if questions else "",
        corpus=str(args.corpus.resolve()) if args.corpus else "",
        scale=tuple(sorted(set(numbers(args.scale, "--scale")))) if args.scale else (),
        threads=tuple(sorted(set(numbers(_or(args.threads, THREADS), "--threads")))),
        peers=peers(_or(args.peers, "all")),
        limit=args.limit or LIMIT,
        repeat=args.repeat,
        json=args.json,
    )


def _or(given: str | None, usual: str) -> str:
    return usual if given is None else given


def numbers(text: str, name: str) -> list[int]:
    """``1000,10000``; raises UsageError at what is no whole number above 0."""
    found = []
    for part in text.split(","):
        part = part.strip()
        if not (part.isascii() and part.isdigit() and int(part) > 0):
            raise UsageError(f"{name} {part!r} is no whole number above 0", "such as 1000,10000")
        found.append(int(part))
    return found


def peers(text: str) -> tuple[str, ...]:
    """``all``, ``none``, or names; raises UsageError at one that is not known."""
    known = [one.name for one in PEERS]
    if text in ("all", "none"):
        return tuple(known) if text == "all" else ()
    names = [part.strip() for part in text.split(",")]
    for name in names:
        if name not in known:
            raise UsageError(f"--peers {name!r} is not known", f"all, none, {', '.join(known)}")
    return tuple(name for name in known if name in names)
