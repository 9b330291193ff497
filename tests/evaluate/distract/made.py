"""A small world: three paragraphs with questions, and news."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from rag.evaluate.distract import Recipe

PARAGRAPHS = {
    "大桥": "青江大桥全长3.6公里，2019年建成通车，由林远设计。",
    "水库": "白石水库最深处有87米，水面面积12平方公里，1975年蓄水。",
    "铁路": "云岭铁路全线设站17座，2008年动工，时速160公里。",
}
ASKED = {
    "大桥": [("大桥全长多少？", "3.6公里"), ("大桥由谁设计？", "林远")],
    "水库": [("水库最深处有多少米？", "87米"), ("水库的水面面积是多少？", "12平方公里")],
    "铁路": [("铁路全线设站多少座？", "17座"), ("铁路哪一年动工？", "2008年")],
}
NEWS = {
    "n1": "记者昨日看到，青江大桥全长3.6公里，由林远设计，车流如织。",
    "n2": "青江大桥今晚亮灯，市民前来观看。大桥夜景很美。",
    "n3": "白石水库开闸放水，下游群众已经转移。",
    "n4": "乒乓球公开赛昨日在东港市开幕，共有120名选手参赛。",
    "n5": "东港市新建公园18座，市民称好。",
    "n6": "超市里的鸡蛋价格下降。",
}
NEWS_ASKED = [
    ("乒乓球公开赛有多少名选手参赛？", "120名"),
    ("东港市新建公园多少座？", "18座"),
    ("鸡蛋价格是否上涨？", "上涨"),  # printed nowhere
    ("车流量最大的桥在哪里？", "全长3.6公里"),  # printed, in a sentence about something else
    ("大桥怎样？", "美"),  # too short
]


def write_world(folder: Path) -> None:
    """squad.json, asked.jsonl and news/ in ``folder``."""
    paragraphs: list[dict[str, Any]] = [
        {
            "context": text,
            "id": name,
            "qas": [
                {
                    "id": f"{name}-{i}",
                    "question": question,
                    "answers": [{"text": answer, "answer_start": text.index(answer)}],
                }
                for i, (question, answer) in enumerate(ASKED[name])
            ],
        }
        for name, text in PARAGRAPHS.items()
    ]
    data = {"data": [{"title": "工程", "paragraphs": paragraphs}]}
    (folder / "squad.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    (folder / "asked.jsonl").write_bytes(
        _lines({"question": q, "answer": a} for q, a in NEWS_ASKED)
    )
    (folder / "news").mkdir()
    rows = [{"id": id, "text": text, "date": "2023-08-01"} for id, text in NEWS.items()]
    (folder / "news" / "b.jsonl").write_bytes(_lines(rows[:2]))
    (folder / "news" / "a.jsonl.gz").write_bytes(gzip.compress(_lines(rows[2:])))


def recipe(world: Path, **changes: Any) -> Recipe:
    fields: dict[str, Any] = {
        "squad": (world / "squad.json",), "news_questions": None, "news": world / "news",
        "questions": 5, "articles": 8, "unanswerable": 0.4, "seed": 7,
    }  # fmt: skip
    return Recipe(**fields | changes)


def _lines(rows: Any) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
