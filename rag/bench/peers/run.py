"""``python -m rag.bench.peers.run``: one peer over the passages of a folder.

One argument of JSON: {peer, folder, k, seconds}. No question is begun after ``seconds``, so that a
slow peer answers fewer.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from rag.bench.child import answer, read_lines, timed
from rag.bench.peers import Build, peer


def work(given: dict[str, Any]) -> dict[str, Any]:
    """→ the build from texts in memory to an index that answers, without the import; the questions."""
    folder, k = Path(given["folder"]), int(given["k"])
    passages = read_lines(folder / "passages.jsonl")
    ids = [int(one["id"]) for one in passages]
    texts = [str(one["text"]) for one in passages]
    del passages
    questions = [str(one["question"]) for one in read_lines(folder / "questions.jsonl")]
    build: Build = import_module(peer(given["peer"]).module).build
    began, worked = time.perf_counter(), time.process_time()
    search = build(texts)
    cost = {"build_s": time.perf_counter() - began, "build_cpu_s": time.process_time() - worked}

    def ask(text: str) -> list[int]:
        return [ids[place] for place in search(text, k)]

    return cost | timed(ask, questions, float(given["seconds"]))


if __name__ == "__main__":
    sys.exit(answer(work))
