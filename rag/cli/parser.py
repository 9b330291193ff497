"""The arguments of every command. argparse: it starts in a hundredth of a second."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rag import __version__
from rag.errors import UsageError


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Wrong usage is one line as well."""
        raise UsageError(message, f"see `{self.prog} --help`")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, with ``module`` naming the command's module. Raises UsageError."""
    return _parser().parse_args(argv)


def _parser() -> _Parser:
    parser = _Parser(
        prog="rag",
        description="Ask a folder of documents; every sentence of the answer stands on a quote.",
        epilog="Settings are also read from rag.toml and RAG_* variables; see the README.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"rag {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, module: str, about: str) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = commands.add_parser(
            name, help=about, description=about, allow_abbrev=False
        )
        sub.set_defaults(module=f"rag.cli.{module}")
        sub.add_argument("--docs", type=Path, metavar="DIR", help="documents (default seeds)")
        sub.add_argument("--index", type=Path, metavar="DIR", help="index (default index)")
        sub.add_argument("--json", action="store_true", help="JSON instead of text for people")
        sub.add_argument("--debug", action="store_true", help="show where a fault came from")
        return sub

    sub = command("index", "indexing", "build or update the index of the documents")
    sub.add_argument("--rebuild", action="store_true", help="do all again, changed or not")

    sub = command("search", "search", "find passages")
    _question(sub, "a line each: {id, question}")
    sub.add_argument("--k", type=_positive, default=10, metavar="N", help="passages (default 10)")

    sub = command("ask", "ask", "answer a question with citations, or refuse")
    _question(sub, "a line each: {id, turns: […]} or {id, question}, and optionally passages: […]")

    sub = command("verify", "verify", "check a text or a quote against the documents")
    sub.add_argument("--file", type=Path, metavar="DRAFT", help="a text to check, - for stdin")
    sub.add_argument("--quote", metavar="TEXT", help="a quote to find word for word")
    sub.add_argument("--doc", metavar="ID", help="the document that --quote is said to stand in")

    sub = command("chat", "chat", "serve the page")
    sub.add_argument("--host", metavar="ADDRESS", help="address (default 127.0.0.1)")
    sub.add_argument("--port", type=int, metavar="N", help="port (default 7860)")

    sub = command("eval", "evaluation", "run a question set and print the figures")
    sub.add_argument(
        "--set", type=Path, default=Path("eval/seeds.jsonl"), metavar="FILE",
        help="question set (default eval/seeds.jsonl)",
    )  # fmt: skip
    sub.add_argument("--failures", action="store_true", help="list the cases that failed")

    command("doctor", "doctor", "check the machine, the settings, the model and the index")

    sub = command("train-embedder", "train_embedder", "train a static embedder on a corpus")
    sub.add_argument(
        "--corpus", type=Path, required=True, metavar="DIR", help="folder of .jsonl(.gz): {text}"
    )
    sub.add_argument(
        "--out", type=Path, default=Path("model"), metavar="DIR", help="where to write it"
    )
    sub.add_argument("--steps", type=_positive, metavar="N", help="training steps")
    sub.add_argument("--vocab", type=_positive, metavar="N", help="tokens")
    sub.add_argument("--dimension", type=_positive, metavar="N", help="dimensions")
    sub.add_argument("--seed", type=int, metavar="N", help="of all that is random")
    sub.add_argument(
        "--tokenizer", type=Path, metavar="FILE",
        help="use this tokenizer.json: makes a model again exactly",
    )  # fmt: skip

    sub = command("train-ranker", "train_ranker", "fit the evidence weights on questions")
    sub.add_argument(
        "--questions", type=Path, default=Path("eval/seeds.jsonl"), metavar="FILE",
        help="question set over the documents (default eval/seeds.jsonl)",
    )  # fmt: skip
    sub.add_argument(
        "--squad", type=Path, nargs="*", default=[], metavar="FILE",
        help="reading-comprehension files in SQuAD form",
    )  # fmt: skip
    sub.add_argument(
        "--out", type=Path, default=Path("evidence.json"), metavar="FILE", help="where to write"
    )
    return parser


def _question(sub: argparse.ArgumentParser, lines: str) -> None:
    sub.add_argument("question", nargs="*", metavar="QUESTION", help="the question, - for stdin")
    sub.add_argument("--batch", metavar="FILE", help=f"many, - for stdin; {lines}")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value
