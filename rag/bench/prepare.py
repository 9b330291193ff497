"""``python -m rag.bench.prepare``: the articles of one size, before and after a change; questions.

Writes below ``out``: ``docs/`` with ``size`` articles; ``after/``, the same with one article in a
hundred changed, one removed and one added; ``questions.jsonl``, {question, doc?, answer?} a line.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import count, islice
from pathlib import Path
from typing import Any

from rag.bench.child import answer
from rag.bench.questions import read
from rag.bench.synthetic import Article, make
from rag.config import load
from rag.errors import EvaluationError
from rag.load import load_folder
from rag.text import parse, reading
from rag.types import Document

SEED = 20260
PER_FILE = 1_000
"""Articles of a .jsonl file."""
CHANGED_EVERY = 100
"""One article in so many is changed, one is removed and one is added."""
CORRECTION = "\n更正：本文有一处数字已经改过。"
MIN_ANSWER = 8
"""A shorter answer stands in many articles by chance."""
_CLAUSE = re.compile(r"[^，。！？；：,;!?\n]{10,40}")
_MAX_BYTES = 1 << 30


def prepare(given: dict[str, Any]) -> dict[str, Any]:
    """{size, docs, corpus, questions, limit, out} → {articles, questions, answerable}.

    Raises EvaluationError where the corpus is too small or a file cannot be used.
    """
    size, out = int(given["size"]), Path(given["out"])
    more = -(-size // CHANGED_EVERY)
    source = _read(Path(given["corpus"])) if given["corpus"] else _made(Path(given["docs"]))
    articles = list(islice(source, size + more))
    if len(articles) < size + more:
        raise EvaluationError(
            f"{given['corpus']} holds {len(articles):,} articles; a size of {size:,} needs "
            f"{size + more:,} ({more:,} are added by the update)",
            "give a smaller --scale",
        )
    now, added = articles[:size], articles[size:]
    _write(out / "docs", now)
    _write(out / "after", _changed(now), added)
    if given["questions"]:
        asked = _given(Path(given["questions"]), now, int(given["limit"]))
    else:
        asked = list(_asked(now, int(given["limit"])))
    with (out / "questions.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(_line(question) for question in asked)
    answerable = sum("doc" in one or "answer" in one for one in asked)
    return {"articles": len(now), "questions": len(asked), "answerable": answerable}


# ---- articles ------------------------------------------------------------------------------
def _read(folder: Path) -> Iterator[Article]:
    """The documents of a folder, by id. Raises EvaluationError at the first that is none."""
    for item in _documents(folder):
        yield Article(item.id.rpartition("#")[2], item.text, item.title, item.date)


def _documents(folder: Path) -> Iterator[Document]:
    for item in load_folder(folder, max_bytes=_MAX_BYTES):
        if isinstance(item, Document):
            yield item
        elif item.status == "failed":
            raise EvaluationError(f"{folder}: {item.path}: {item.reason}", "mend or remove it")


def _made(folder: Path) -> Iterator[Article]:
    """Articles without end, of the sentences of a folder's documents."""
    size = load().chunk_size
    sentences = [
        reading(parsed.document.text[one.start : one.end])
        for parsed in (parse(document, size) for document in _documents(folder))
        for one in parsed.sentences
        if not one.heading
    ]
    if not sentences:
        raise EvaluationError(f"{folder} holds no sentence", "give --docs, or a --corpus")
    return (make(number, sentences, SEED) for number in count())


def _changed(articles: Sequence[Article]) -> list[Article | None]:
    """None in the place of an article that is gone."""
    kept: list[Article | None] = list(articles)
    for at in range(0, len(articles), CHANGED_EVERY):
        kept[at] = replace(articles[at], text=articles[at].text + CORRECTION)
        if at + 1 < len(articles):
            kept[at + 1] = None
    return kept


def _write(folder: Path, articles: Sequence[Article | None], more: Sequence[Article] = ()) -> None:
    """An article's file follows from its place in the corpus: what is added is a file of its own."""
    folder.mkdir(parents=True)
    for at in range(0, len(articles), PER_FILE):
        name = _file(at)
        with (folder / name).open("w", encoding="utf-8") as file:
            file.writelines(_line(asdict(one)) for one in articles[at : at + PER_FILE] if one)
    if more:
        with (folder / "more.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(_line(asdict(one)) for one in more)


def _file(place: int) -> str:
    return f"articles-{place // PER_FILE:04}.jsonl"


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


# ---- questions -----------------------------------------------------------------------------
def _asked(articles: Sequence[Article], limit: int) -> Iterator[dict[str, str]]:
    """A title or a clause of articles spread over the corpus; the article is the one to find."""
    rng = random.Random(SEED)
    for at in _spread(len(articles), limit):
        article = articles[at]
        clauses = _CLAUSE.findall(article.text)
        words = rng.choice(clauses) if clauses else article.title or article.text[:40]
        if article.title and article.title not in words:
            words = f"{article.title}：{words}"
        if words.strip():
            yield {"question": f"{words.strip()}？", "doc": f"{_file(at)}#{article.id}"}


def _given(path: Path, articles: Sequence[Article], limit: int) -> list[dict[str, str]]:
    """Questions drawn from a file; before others those whose answer stands in an article."""
    drawn = read(path)
    random.Random(SEED).shuffle(drawn)
    text = "\n".join(article.text for article in articles)
    known: list[dict[str, str]] = []
    others: list[dict[str, str]] = []
    for one in drawn:
        if len(known) == limit:
            break
        if len(one.answer) >= MIN_ANSWER and one.answer in text:
            known.append({"question": one.turns[-1], "answer": one.answer})
        else:
            others.append({"question": one.turns[-1]})
    return (known + others)[:limit]


def _spread(size: int, limit: int) -> list[int]:
    """At most ``limit`` places, evenly spread."""
    wanted = min(size, limit)
    return [at * size // wanted for at in range(wanted)]


if __name__ == "__main__":
    sys.exit(answer(prepare))
