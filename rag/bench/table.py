"""The tables of a run over several sizes, in Markdown, Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator

from rag.bench.figures import Language, amount, markdown, times
from rag.bench.peers import EXTRA, PEERS, peer
from rag.bench.result import PeerResult, Scale, Size

LABELS: dict[str, tuple[str, str, str]] = {
    "passages": ("", "段落数", "passages"),
    "build_s": ("s", "`rag index`，从零开始", "`rag index`, from nothing"),
    "build_mb": ("MB", "　内存峰值", "its peak memory"),
    "disk_mb": ("MB", "索引大小", "size of the index"),
    "update_s": (
        "s",
        "`rag index`，改动、删除、新增各 1 %",
        "`rag index`, 1 % changed, 1 % removed, 1 % added",
    ),
    "update_mb": ("MB", "　内存峰值", "its peak memory"),
    "cold_s": ("s", "`rag ask`，冷启动", "`rag ask`, cold start"),
    "cold_mb": ("MB", "　内存峰值", "its peak memory"),
    "answer_p50_ms": ("ms", "热启动回答，p50", "warm answer, p50"),
    "answer_p95_ms": ("ms", "　p95", "p95"),
    "answer_mb": ("MB", "　内存峰值（所有线程）", "its peak memory (all threads)"),
}
"""Name of a figure to its unit and what it says in Chinese and in English."""
_RATE = ("每秒回答数，{} 个线程", "answers a second, threads: {}")
_HEADS = (
    ["检索，{:,} 篇", "建索引", "检索 p50", "内存峰值", "hit@5"],
    ["search, {:,} articles", "build", "query p50", "peak memory", "hit@5"],
)
_OURS = (
    ("本项目，检索", "　不重排（`rerank = false`）", "　完整回答"),
    ("Yinju, search", "not reranked (`rerank = false`)", "the whole answer"),
)


def tables(scale: Scale, language: Language) -> str:
    """Head, how cost grows, then the peers size by size."""
    parts = [head(scale, language), growth(scale, language)]
    parts += [peers(size, language) for size in scale.sizes if size.ours and size.peers]
    if scale.sizes and scale.sizes[0].peers:
        parts.append(notes(scale, language))
    return "\n\n".join(parts) + "\n"


def head(scale: Scale, language: Language) -> str:
    """What was measured on what; that the articles are made up, where they are."""
    busy = max((max(size.load) for size in scale.sizes if size.load), default=0.0)
    asked = max((int(size.figures.get("questions", 0)) for size in scale.sizes), default=0)
    if language == "zh":
        corpus = (
            f"文章取自 {scale.corpus}" if scale.corpus
            else "文章是合成的：样例文档的句子打乱重排，换了数字、地名和公司名；用词的重复远多于真实文本"
        )  # fmt: skip
        questions = (
            f"问题取自 {scale.questions}" if scale.questions else "问题由文章的标题和分句改成"
        )
        part = "" if scale.complete else "**未完成。**"
        return (
            f"{part}{scale.machine}，yinju {scale.version}。{corpus}；{questions}，每种规模最多 "
            f"{asked} 个。期间系统负载最高 {busy:g}。"
        )
    corpus = (
        f"articles of {scale.corpus}" if scale.corpus
        else "articles made up: sentences of the first documents shuffled, with other figures, places "
        "and companies; words repeat far more than in real text"
    )  # fmt: skip
    questions = (
        f"questions of {scale.questions}" if scale.questions
        else "questions made of their titles and clauses"
    )  # fmt: skip
    part = "" if scale.complete else "**Not complete.** "
    return (
        f"{part}{scale.machine}, yinju {scale.version}; {corpus}; {questions}, at most {asked} a "
        f"size. Load average up to {busy:g}."
    )


def growth(scale: Scale, language: Language) -> str:
    """A column a size; a figure that is not measured is a dash."""
    english = language == "en"
    top = ["articles" if english else "文章数"] + [f"{size.articles:,}" for size in scale.sizes]
    rows = [top]
    for name, (unit, *label) in LABELS.items():
        rows.append([label[english], *(_figure(s, name, unit, language) for s in scale.sizes)])
    prefix = "answers_per_s_"
    threads = {name.removeprefix(prefix) for size in scale.sizes for name in size.figures
               if name.startswith(prefix)}  # fmt: skip
    for count in sorted(threads, key=int):
        figures = (_figure(size, prefix + count, "/s", language) for size in scale.sizes)
        rows.append([_RATE[english].format(count), *figures])
    return markdown(rows)


def _figure(size: Size, name: str, unit: str, language: Language) -> str:
    value = size.figures.get(name)
    return "–" if value is None else amount(value, unit, language)


def peers(size: Size, language: Language) -> str:
    """Ratios to our own search; what was measured stands beside it."""
    english = language == "en"
    top, *rest = _HEADS[english]
    search, plain, whole = _OURS[english]
    ours = size.ours
    rows = [[top.format(size.articles), *rest], _row(search, ours, ours, language)]
    rows.append(_row(plain, size.plain, ours, language))
    answer = {"p50_ms": size.figures.get("answer_p50_ms"), "mb": size.figures.get("answer_mb")}
    known = {name: value for name, value in answer.items() if value is not None}
    rows.append(_row(whole, known, ours, language))
    rows += [_peer_row(one, ours, language) for one in size.peers]
    return markdown(rows)


def _peer_row(one: PeerResult, ours: dict[str, float], language: Language) -> list[str]:
    title = peer(one.name).title
    if one.state == "ok":
        return _row(title, one.figures, ours, language)
    english = language == "en"
    why = {
        "missing": f"not installed: {EXTRA}" if english else f"未安装：{EXTRA}",
        "overdue": f"ended after {one.why} s" if english else f"超过 {one.why} 秒，已中止",
        "failed": f"failed: {one.why}" if english else f"出错：{one.why}",
    }[one.state]
    return [title, why.replace("|", "/"), "", "", ""]


def _row(
    title: str, figures: dict[str, float], ours: dict[str, float], language: Language
) -> list[str]:
    cells = [title]
    for name, unit in (("build_s", "s"), ("p50_ms", "ms"), ("mb", "MB")):
        if name not in figures:
            cells.append("")
            continue
        shown = amount(figures[name], unit, language)
        cells.append(shown if figures is ours else f"{times(figures[name] / ours[name])} ({shown})")
    hit = figures.get("hit_at_5")
    cells.append("" if hit is None else f"{hit:.0%} ({figures['gold']:.0f})")
    return cells


def notes(scale: Scale, language: Language) -> str:
    """How to read the peers' rows."""
    return "\n".join(f"- {line}" for line in _notes(scale, language))


def _notes(scale: Scale, language: Language) -> Iterator[str]:
    english = language == "en"
    if english:
        yield ("× is the ratio to our own search: below 1 it is faster or smaller. Each ran in a process of "
               "its own, over the same passages, with the same questions, k = 10.")  # fmt: skip
        yield ("Our build reads, cuts, stores and checks on disk, and its memory is the larger of building and "
               "searching; a peer is given the cut passages and keeps its index in memory.")  # fmt: skip
        yield ("hit@5: the share of questions with a passage of the article asked of, or one that holds the "
               "known answer's words, among the first five (in brackets: of how many).")  # fmt: skip
    else:
        yield "× 是与本项目检索的比值，小于 1 表示更快或更省。各自在单独的进程里，段落相同，问题相同，k = 10。"
        yield ("本项目的建索引包括读文件、切分、写盘和核对，内存取建索引与检索中较大的一个；"
               "对照程序直接拿到切好的段落，索引留在内存里。")  # fmt: skip
        yield ("hit@5：前五段中有所问文章的段落、或含已知答案原文的段落的题目比例"
               "（括号内为题数）。")  # fmt: skip
    ran = {one.name for size in scale.sizes for one in size.peers if one.state == "ok"}
    for one in PEERS:
        if one.name in ran:
            versions = ", ".join(f"{name} {scale.packages[name]}" for name in one.packages)
            yield f"{one.title} ({versions}): {one.note[english]}"
