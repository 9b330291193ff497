"""The arguments of every command. argparse: it starts in a hundredth of a second."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

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

    def command(name: str, module: str, about: str, among: Any = commands) -> _Parser:
        sub: _Parser = among.add_parser(name, help=about, description=about, allow_abbrev=False)
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
        "--set", type=Path, default=Path("eval/seeds.jsonl"), metavar="PATH",
        help="question set, a file or a BEIR folder (default eval/seeds.jsonl)",
    )  # fmt: skip
    sub.add_argument("--limit", type=_positive, metavar="N", help="N questions spread over the set")
    sub.add_argument(
        "--passages", type=_positive, default=5, metavar="N",
        help="passages shown with a question that brings its own (default 5)",
    )  # fmt: skip
    sub.add_argument(
        "--noise", type=float, default=0.8, metavar="SHARE",
        help="share of them that is irrelevant (default 0.8)",
    )  # fmt: skip
    sub.add_argument("--failures", action="store_true", help="list the cases that failed")
    sub.add_argument(
        "--mode", choices=("auto", "extractive", "llm"), help="what answers (see the settings)"
    )
    sub.add_argument(
        "--workers", type=_positive, metavar="N",
        help="questions asked at once (default 1; 4 where a language model answers)",
    )  # fmt: skip
    sub.add_argument("--no-save", action="store_true", help="keep nothing of the run")
    sub.add_argument("--resume", action="store_true", help="go on with an interrupted run")
    sub.add_argument(
        "--report", type=Path, nargs="?", const=Path(), metavar="FILE",
        help="write an HTML report (default: beside the saved run)",
    )  # fmt: skip
    sub.add_argument("--plots", type=Path, metavar="DIR", help="write the plots as PNG files")
    sub.add_argument(
        "--compare", nargs=2, metavar=("A", "B"),
        help="two runs: files, how their names begin, last, last~1; exits 1 on a regression",
    )  # fmt: skip
    sub.add_argument(
        "--ablate", action="store_true", help="without each part of the retrieval, side by side"
    )
    sub.add_argument(
        "--chunk-sizes", type=_positives, metavar="N,N",
        help="sizes that --ablate tries (default 160,320,640)",
    )  # fmt: skip
    sub.add_argument(
        "--gate", type=Path, nargs="?", const=Path(), metavar="FLOORS",
        help="exit 1 below a floor of the file (default eval/floors.toml)",
    )  # fmt: skip
    sub.add_argument("--rebase", action="store_true", help="with --gate: write a new baseline")
    sub.add_argument(
        "--calibrate", action="store_true",
        help="fit probability and refusal threshold to --set, questions of your own over these "
        "documents, so that at most the share false_refusals of such questions is refused wrongly; "
        "kept in INDEX/calibration.json until the program, the embedder, the weights or the retrieval "
        "settings change (with --no-save: only show the figures)",
    )  # fmt: skip
    sub.add_argument(
        "--force", action="store_true",
        help="with --calibrate: even by a set whose name is one that the weights were fitted on",
    )  # fmt: skip
    sub.add_argument(
        "--forget-calibration", action="store_true", help="back to the thresholds as shipped"
    )

    actions = commands.add_parser(
        "eval-set", help="build a question set, or pin the documents of one", allow_abbrev=False
    ).add_subparsers(metavar="ACTION", dest="action", required=True)
    _eval_set(command("build", "eval_set", "build a set with news as distractors", actions))
    sub = command("pin", "eval_set", "note which version of the documents a set is for", actions)
    sub.add_argument("set", type=Path, metavar="SET", help="question set, a .jsonl file")

    sub = command("bench", "bench", "measure time and memory of the commands")
    sub.add_argument(
        "--scale", nargs="?", const="1000,10000,60000", metavar="N,N",
        help="over so many articles instead, beside other programs (default 1000,10000,60000)",
    )  # fmt: skip
    sub.add_argument(
        "--corpus", type=Path, metavar="DIR",
        help="articles for --scale, .jsonl(.gz) of {id, text}; else they are made up",
    )  # fmt: skip
    sub.add_argument("--questions", type=Path, metavar="FILE", help="questions to ask, .jsonl")
    sub.add_argument(
        "--limit", type=_positive, metavar="N", help="of them, for --scale, a size (default 200)"
    )
    sub.add_argument("--threads", metavar="N,N", help="for --scale (default 1,8,32)")
    sub.add_argument(
        "--peers", metavar="NAMES",
        help="for --scale: bm25s, faiss, haystack, llama-index, all or none (default all)",
    )  # fmt: skip
    sub.add_argument(
        "--repeat", type=_positive, default=3, metavar="N", help="cold starts (default 3)"
    )
    sub.add_argument(
        "--out", type=Path, default=Path("eval/bench"), metavar="DIR",
        help="tables, JSON and plot (default eval/bench)",
    )  # fmt: skip

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

    sub = command("train-reader", "train_reader", "train a reader on a corpus and questions")
    sub.add_argument(
        "--corpus", type=Path, required=True, metavar="DIR", help="folder of .jsonl(.gz): {text}"
    )
    sub.add_argument(
        "--passages", type=Path, nargs="+", default=[], metavar="FILE",
        help="questions with passages, as `rag eval-set build --passages` makes them",
    )  # fmt: skip
    sub.add_argument(
        "--squad", type=Path, nargs="*", default=[], metavar="FILE",
        help="the SQuAD files among their sources: other paragraphs of an article do not answer; "
        "answers are bounded as in the first",
    )  # fmt: skip
    _asked(sub)
    sub.add_argument(
        "--out", type=Path, default=Path("reader"), metavar="DIR", help="where to write it"
    )
    sub.add_argument("--steps", type=_positive, metavar="N", help="steps on the corpus alone")
    sub.add_argument("--tune-steps", type=_positive, metavar="N", help="steps on the questions")
    sub.add_argument("--seed", type=int, metavar="N", help="of all that is random")

    sub = command("train-ranker", "train_ranker", "fit the evidence weights on questions")
    sub.add_argument(
        "--questions", type=Path, nargs="+", default=[Path("eval/seeds.jsonl")], metavar="FILE",
        help="question sets over the documents (default eval/seeds.jsonl)",
    )  # fmt: skip
    sub.add_argument(
        "--squad", type=Path, nargs="*", default=[], metavar="FILE",
        help="reading-comprehension files in SQuAD form",
    )  # fmt: skip
    sub.add_argument(
        "--passages", type=Path, nargs="*", default=[], metavar="FILE",
        help="questions with passages of their own, as `rag eval-set build --passages` makes them",
    )  # fmt: skip
    sub.add_argument(
        "--sets", type=Path, nargs="*", default=[], metavar="DIR",
        help="question sets with a corpus, as `rag eval-set build` makes them",
    )  # fmt: skip
    _asked(sub)
    sub.add_argument("--corpus", type=Path, metavar="DIR", help="where the articles of --asked are")
    sub.add_argument(
        "--reader", type=Path, metavar="DIR",
        help="fit the weights over what this reader finds",
    )  # fmt: skip
    sub.add_argument(
        "--jobs", type=_positive, default=1, metavar="N", help="processes that gather the cases"
    )
    sub.add_argument(
        "--out", type=Path, default=Path("evidence.json"), metavar="FILE", help="where to write"
    )
    return parser


def _question(sub: argparse.ArgumentParser, lines: str) -> None:
    sub.add_argument("question", nargs="*", metavar="QUESTION", help="the question, - for stdin")
    sub.add_argument("--batch", metavar="FILE", help=f"many, - for stdin; {lines}")


def _asked(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--asked", type=Path, nargs="*", default=[], metavar="FILE",
        help="questions asked of printed passages, as those of eval/questions",
    )  # fmt: skip


def _eval_set(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--squad", type=Path, nargs="+", default=[], metavar="FILE", help="files in SQuAD form"
    )
    sub.add_argument(
        "--news-questions", type=Path, metavar="FILE", help="about the news: {question, answer}"
    )
    sub.add_argument(
        "--news", type=Path, required=True, metavar="DIR", help="folder of .jsonl(.gz): {id, text}"
    )
    sub.add_argument(
        "--questions", type=_positive, required=True, metavar="N", help="questions in the set"
    )
    sub.add_argument(
        "--articles", type=_positive, metavar="N", help="documents in its corpus, most of them news"
    )
    sub.add_argument(
        "--unanswerable", type=float, default=0.25, metavar="SHARE",
        help="share whose answer is left out (default 0.25)",
    )  # fmt: skip
    sub.add_argument("--seed", type=int, default=0, metavar="N", help="of what is picked")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write it")
    sub.add_argument(
        "--passages", action="store_true",
        help="questions with passages of their own instead of a corpus",
    )  # fmt: skip


def _positive(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return value


def _positives(text: str) -> list[int]:
    return [_positive(part) for part in text.split(",")]
