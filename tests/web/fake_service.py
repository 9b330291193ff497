"""An AnswerService without a pipeline: its answers are chosen by words in the question."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.errors import ModelUnreachable
from rag.types import Answer, AnswerSentence, Citation, Passage, Place

DOC = "000_发布会.txt"
TEXT = (
    "2026中关村论坛年会新闻中心新闻发布会\n素材及问答\n\n（一）伍建民院长对智库论坛及联盟成果进行推介\n"
    "各位媒体朋友，大家好！\n本届论坛以“创新引领：科技创新和产业创新深度融合新路径”为主题，"
    "邀请了来自中国、美国、德国、比利时等国的院士、科学家及智库领袖。\n"
    "2025年北京数字经济增加值达到2.5万亿元，占地区生产总值的比重为46.7%。"
    "数字经济核心产业增加值1.4万亿元，同比增长8.7%。\n"
    "本次论坛有三个鲜明特点：一是立足全球视野，二是聚焦前沿议题，三是突出成果发布。\n"
    "论坛期间将发布《2026年未来产业十大赛道》等多项成果，为全球科技与产业融合发展贡献智慧。\n"
)
QUOTES = (
    "2025年北京数字经济增加值达到2.5万亿元，占地区生产总值的比重为46.7%。",
    "数字经济核心产业增加值1.4万亿元，同比增长8.7%。",
    "本次论坛有三个鲜明特点：一是立足全球视野，二是聚焦前沿议题，三是突出成果发布。",
)


def citation(n: int, quote: str, text: str = TEXT, **changes: object) -> Citation:
    """Citation ``n`` of a quote that stands in ``text``."""
    start = text.index(quote)
    made = Citation(
        n=n,
        doc=DOC,
        title="伍建民院长对智库论坛及联盟成果进行推介",
        start=start,
        end=start + len(quote),
        quote=quote,
        source="北京市科学技术研究院院长 伍建民",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class FakeService:
    """Thread-safe; ``closed`` is set when a slow stream was closed before its end."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.closed = threading.Event()
        self.seen: list[tuple[str, ...]] = []
        self.template: Answer | None = None
        self.texts = {DOC: TEXT}

    def status(self) -> str:
        return "5 份文件 · 139 段 · 内置向量模型 · 抽取式回答"

    def context(self, place: Place, width: int = 240) -> tuple[str, str, str]:
        text = self.texts[place.doc]
        start, end = place.start, place.end
        return text[max(0, start - width) : start], text[start:end], text[end : end + width]

    def stream(self, turns: Sequence[str]) -> Iterator[Answer]:
        question = turns[-1]
        self.seen.append(tuple(turns))
        if self.template is not None:
            yield replace(self.template, question=question)
        elif "断线" in question:
            raise ModelUnreachable("模型没有应答", "请检查 RAG_BASE_URL")
        elif "故障" in question:
            raise RuntimeError("secret detail")
        elif "首都" in question or "天气" in question:
            yield self._refusal(question)
        elif "慢" in question:
            yield from self._slow(question)
        elif "模型" in question:
            yield from self._model(question)
        else:
            yield from self._extract(question)

    def _extract(self, question: str) -> Iterator[Answer]:
        chosen = (QUOTES[2],) if "特点" in question else QUOTES[:2]
        citations = tuple(citation(n, q) for n, q in enumerate(chosen, start=1))
        if "重复" not in question:
            also = (Place("003_圆桌会.txt", 120, 158),)
            citations = (replace(citations[0], also=also), *citations[1:])
        sentences = tuple(
            AnswerSentence(c.quote, (c.n,), "supported", key=_key(c.quote)) for c in citations
        )
        time.sleep(self.pause)
        yield Answer(
            question=question,
            standalone=question,
            answer="".join(chosen) + (f"编号{question}" if "编号" in question else ""),
            mode="extractive",
            refused=False,
            citations=citations,
            sentences=sentences
            if "编号" not in question
            else (*sentences, AnswerSentence(f"〔{question}〕", (1,), "supported")),
            timings_ms={"total": 42.0},
        )

    def _model(self, question: str) -> Iterator[Answer]:
        citations = tuple(citation(n, q) for n, q in enumerate(QUOTES, start=1))
        parts = (
            AnswerSentence(
                "2025年北京数字经济增加值为2.5万亿元。", (1,), "supported", key=((15, 20),)
            ),
            AnswerSentence("它占地区生产总值的46.7%。", (1,), "supported"),
            AnswerSentence("核心产业增加值1.4万亿元。", (2,), "supported"),
            AnswerSentence(
                "核心产业同比增长9.7%。", (2,), "number_mismatch", "原文为 8.7%，回答写的是 9.7%"
            ),
            AnswerSentence("论坛有三个鲜明特点。", (3,), "supported"),
        )
        written = ""
        for part in parts:
            for piece in (part.text[:6], part.text[6:], f"[{part.citations[0]}]"):
                written += piece
                time.sleep(self.pause)
                yield Answer(question, question, written, "llm", False, citations=citations)
        yield Answer(
            question, question, written, "llm", False, citations=citations, sentences=parts,
            timings_ms={"total": 2310.0},
        )  # fmt: skip

    def _slow(self, question: str) -> Iterator[Answer]:
        written = ""
        try:
            for second in range(600):
                written += f"第{second}片。"
                yield Answer(question, question, written, "llm", False)
                time.sleep(0.05)
        except GeneratorExit:
            self.closed.set()
            raise

    def _refusal(self, question: str) -> Answer:
        passage = Passage(DOC, 0, 60, 0.31, TEXT[:60], "新闻发布会素材及问答")
        return Answer(
            question, question, "", "extractive", True, passages=(passage, replace(passage, start=60,
            end=140, text=TEXT[60:140])), unknown_terms=("火星", "首都"), timings_ms={"total": 20.0},
        )  # fmt: skip


def _key(quote: str) -> tuple[tuple[int, int], ...]:
    for part in ("2.5万亿元", "1.4万亿元", "三个鲜明特点"):
        if part in quote:
            return ((quote.index(part), quote.index(part) + len(part)),)
    return ()
