"""Made-up news, questions about it, and small networks, for the tests of the reader's training."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from rag.text.normalise import fold_text
from rag.train.reader.batches import Table
from rag.train.reader.examples import Example, example
from rag.train.reader.neighbours import neighbours
from rag.train.reader.network import Network
from rag.train.reader.passages import Asked, Passage
from rag.train.reader.synthetic import Material
from tests.read.tiny import TINY, model, tiny_context

NAMES = ("青江", "白石", "南岭", "东湖", "西山", "北原", "金沙", "云台", "龙泉", "平川")
THINGS = ("大桥", "水库", "机场", "论坛", "港口", "铁路")


def article(i: int) -> str:
    """One of sixty, with a number, a date, a person, a work and a reason."""
    name = NAMES[i % 10] + THINGS[i // 10 % 6]
    return (
        f"{name}2024年{1 + i % 12}月{1 + i % 28}日正式启用，全长{3 + i}公里。"
        f"项目总经理林远山表示，{name}采用双塔结构，总投资{40 + i}亿元。"
        f"由于当地连续下了大雨，工期推迟了{2 + i}个月。"
        f"《青江日报》报道，共有{300 + i}家企业参与了{name}的建设。"
    )


def question(i: int) -> dict[str, object]:
    """In the form of `rag eval-set build --passages`."""
    name = NAMES[i % 10] + THINGS[i // 10 % 6]
    return {
        "id": f"q{i}",
        "query": f"{name}的总投资是多少？",
        "answer": [f"{40 + i}亿元"],
        "positive": [article(i)],
        "negative": [article((i + 1) % 60), article((i + 7) % 60)],
    }


def write_corpus(folder: Path, count: int = 60) -> Path:
    """A folder for --corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"id": i, "text": article(i)}) for i in range(count))
    (folder / "news.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_questions(path: Path, count: int = 40) -> Path:
    """A file for --passages."""
    lines = (json.dumps(question(i), ensure_ascii=False) for i in range(count))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def asked(i: int) -> dict[str, object]:
    """What was asked of one article; the last question is not answered there."""
    name, text = NAMES[i % 10] + THINGS[i // 10 % 6], article(i)
    said = [(f"{name}2024年的总投资是多少？", f"{40 + i}亿元"), (f"{name}有多长？", f"{3 + i}公里")]
    spans = [[put, text.index(answer), text.index(answer) + len(answer)] for put, answer in said]
    questions = [*spans, [f"{name}的设计师是谁？"]]
    return {"source": f"news/{i}", "passage": [0, len(text)], "questions": questions}


def write_asked(path: Path, count: int = 40) -> Path:
    """A file for --asked."""
    lines = (json.dumps(asked(i), ensure_ascii=False) for i in range(count))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@lru_cache(maxsize=1)
def material() -> Material:
    """Twelve articles."""
    articles = [fold_text(article(i)) for i in range(12)]
    return Material(articles, neighbours(articles, model()), model(), {"启用": ["开通"]})


@lru_cache(maxsize=1)
def table() -> Table:
    return Table(model(), tiny_context())


def examples(count: int = 20) -> list[Example]:
    """Windows of two sentences; every fourth question is answered by none."""
    made = []
    for i in range(count):
        text = fold_text(article(i))
        asked = fold_text(str(question(i)["query"]))
        answer = f"{40 + i}亿元"
        first = text.index("。") + 1
        second = text.index("。", first) + 1
        window = text[:second]
        at = window.index(answer)
        span, sentence = (at, at + len(answer)), (first, second)
        known = i % 4 != 3
        found = example(
            model().tokenizer, asked, window if known else text[second:],
            span if known else None, sentence if known else None, 10 if known else 11,
        )  # fmt: skip
        assert found is not None
        made.append(found)
    return made


def network(seed: int = 1) -> Network:
    import torch

    torch.manual_seed(seed)
    return Network(TINY)


def text_of(ids: np.ndarray[tuple[int], np.dtype[np.uint16]]) -> str:
    """Tokens as text."""
    return "".join(model().token(int(i)) for i in ids)


def passage_of(i: int) -> Passage:
    """The passage of :func:`asked`."""
    text = article(i)
    questions = asked(i)["questions"]
    assert isinstance(questions, list)
    return Passage(
        f"news/{i}", text, 0, len(text),
        tuple(Asked(q, (span[0], span[1]) if span else None) for q, *span in questions),
    )  # fmt: skip
