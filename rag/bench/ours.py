"""``python -m rag.bench.ours``: what this program does with an index, warm, in one process.

One argument of JSON: {task: search | answers | passages, index, folder, k, rerank, threads}. ``folder``
holds ``questions.jsonl``; ``passages`` writes ``passages.jsonl``, {id, text} a line, and
``gold.json``: for each question the passages that hold its answer, or that are of its article.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from rag.bench.child import answer, read_lines, timed
from rag.config import load
from rag.indexing import passage
from rag.pipeline import Pipeline


def work(given: dict[str, Any]) -> dict[str, Any]:
    """Does the task that the argument names."""
    settings = load(index=Path(given["index"]), mode="extractive", rerank=given.get("rerank"))
    pipeline = Pipeline(settings)
    folder = Path(given["folder"])
    questions = read_lines(folder / "questions.jsonl")
    if given["task"] == "passages":
        return _passages(pipeline, questions, folder)
    texts = [str(one["question"]) for one in questions]
    if given["task"] == "search":
        return timed(lambda text: _search(pipeline, text, int(given["k"])), texts)
    found = timed(lambda text: _ask(pipeline, text), texts)
    rates = {str(n): _rate(pipeline, texts, int(n)) for n in given["threads"]}
    return found | {"answers_per_s": rates}


def _search(pipeline: Pipeline, text: str, k: int) -> list[int]:
    """The ids of the passages found, their texts read as `rag search` reads them."""
    hits, corpus = pipeline.search(text, k)
    for hit in hits:
        corpus.document(hit.doc)
    return [hit.chunk_id for hit in hits]


def _ask(pipeline: Pipeline, text: str) -> list[int]:
    pipeline.ask([text])
    return []


def _rate(pipeline: Pipeline, texts: Sequence[str], threads: int) -> float:
    """Answers a second, every question asked once by one of the threads."""
    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        for _ in pool.map(lambda text: _ask(pipeline, text), texts):
            pass
        return len(texts) / (time.perf_counter() - began)


def _passages(
    pipeline: Pipeline, questions: Sequence[dict[str, str]], folder: Path
) -> dict[str, Any]:
    """Every passage as this program indexed it, for others to index; which of them are gold."""
    corpus = pipeline.index().corpus
    gold: list[list[int]] = [[] for _ in questions]
    by_document = {one.get("doc"): at for at, one in enumerate(questions) if "doc" in one}
    answers = [(at, one["answer"]) for at, one in enumerate(questions) if "answer" in one]
    passages = 0
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
        for doc, group in groupby(corpus.chunk_ids(), key=itemgetter(0)):
            parsed = corpus.parsed(doc)
            for (_, chunk_id), chunk in zip(group, parsed.chunks, strict=True):
                text = passage(parsed, chunk)
                file.write(json.dumps({"id": chunk_id, "text": text}, ensure_ascii=False) + "\n")
                passages += 1
                if doc in by_document:
                    gold[by_document[doc]].append(chunk_id)
                for at, said in answers:
                    if said in text:
                        gold[at].append(chunk_id)
    (folder / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    return {"passages": passages}


if __name__ == "__main__":
    sys.exit(answer(work))
