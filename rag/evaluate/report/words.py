"""The report's own words, and figures as people read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from rag.evaluate.report.faults import Fault

KINDS: Mapping[str, str] = {
    "fact_number": "数字",
    "fact_what": "什么",
    "fact_who": "谁",
    "fact_when_where": "何时何地",
    "list": "列举",
    "paraphrase": "换了说法",
    "qa_pair": "问答实录",
    "multi_doc": "跨文件",
    "followup": "追问",
    "conflict": "说法不一",
    "broken_layout": "版面断裂",
    "english": "英文提问",
    "traditional": "繁体提问",
    "typo": "错别字",
    "false_premise": "前提有误",
    "unanswerable": "文件没有答案",
    "feedback_good": "用户：有用",
    "feedback_wrong_citation": "用户：引用不对",
    "feedback_should_refuse": "用户：该拒未拒",
    "feedback_incomplete": "用户：漏答",
    "feedback_wrong": "用户：答错",
}
"""The kinds of this project's own sets; others are shown by the name that the set gives them."""

FAULTS: Mapping[Fault, tuple[str, str]] = {
    "error": ("出错", "no answer came"),
    "answered": ("该拒未拒", "answered what the documents do not hold"),
    "refused": ("误拒", "refused what they do hold"),
    "wrong": ("答错", "does not say what it must"),
    "miscited": ("引错", "says it, but cites another place"),
}


SETTINGS: Mapping[tuple[str, str], str] = {
    ("retrieval", "lexical"): "仅关键词",
    ("retrieval", "dense"): "仅向量",
    ("retrieval", "hybrid"): "关键词＋向量",
    ("rerank", "True"): "重排",
    ("rerank", "False"): "不重排",
    ("title_context", "True"): "带标题",
    ("title_context", "False"): "不带标题",
}
"""Settings of an ablation in words, in the order in which they are named."""


def settings(changed: Mapping[str, str]) -> str:
    """Settings that differ, in words where they have some; "" for none."""
    known = [words for (name, value), words in SETTINGS.items() if changed.get(name) == value]
    named = {name for name, value in SETTINGS if changed.get(name) == value}
    for name, value in changed.items():
        if name not in named:
            known.append(f"段长 {value}" if name == "chunk_size" else f"{name} = {value}")
    return "，".join(known)


MEANINGS: Mapping[str, str] = {
    "right": "可回答的：说出了每个要点，并引到了每处原句（题集没有的不问，作答即可）；不可回答的：拒答了。",
    "right_answerable": "说出了每个要点，并且引到了每处原句；不问要点也不问原句的题不算。",
    "said": "归一化以后，回答里含有每个要点。回答越长越容易含有，所以旁边列出长度。",
    "key_facts": "一题的要点里，说出了几成。",
    "exact": "去掉标点以后，回答与参考答案逐字相同。抽取整句作答时通常为零。",
    "f1": "回答与参考答案最长公共片段的 F1。",
    "length": "作答的题，回答的平均字数，不含引用编号。",
    "length_median": "作答的题，回答字数的中位数，不含引用编号。",
    "cited": "引用到达了每处应引的原句：两者相同的一段，至少占较短者的一半。",
    "citation_precision": "一题的引用里，到达应引原句的有几成。",
    "citation_recall": "一题应引的原句里，引到了几成。",
    "evidence_f1": "引文与应引原句按字计算的 F1。",
    "verbatim": "引文与文件中该处逐字相同。必须是 100%。",
    "hit@1": "第一段里就有应引的原句。",
    "hit@5": "前五段里有应引的原句。",
    "recall@5": "应引的原句里，前五段含有几成。",
    "mrr@10": "第一处原句名次的倒数，十名以外记零。",
    "ndcg@10": "前十段的折损累计增益，与最好的次序相比。",
    "refused": "拒答的占全部题。",
    "refusal_precision": "拒答的题里，确实不可回答的有几成。",
    "refusal_recall": "不可回答的题里，拒答了几成。",
    "false_refusals": "可回答的题里，却拒答了几成。",
    "refusal_auc": "任取可回答与不可回答各一题，前者把握更高的概率；0.5 是瞎猜。",
    "aurc": "按把握从高到低逐题作答，错误率曲线下的面积。",
    "ms": "一题从提问到答完。",
    "p50_ms": "半数的题在此时间内答完。",
    "p95_ms": "九成五的题在此时间内答完。",
    "right_model": "模型自己作答或拒答的题里，通过的有几成；改用抽取式的题不算。",
    "supported": "模型的回答里，逐句核对后可核实的句子占几成（按题平均）。这不证明引文蕴含该句。",
    "unsupported": "模型的回答里，至少一句未能核实的占几成。",
    "dropped": "模型的回答里，引了并不存在的编号的占几成；那些编号已去掉。",
    "cut_off": "模型的回答里，没有写完就断的占几成。",
    "fallbacks": "问了模型却没有得到回答、改用抽取式的题，占所问的几成。",
    "first_ms": "一题从请求到模型的第一个字。",
    "first_p50_ms": "半数的题在此时间内有第一个字。",
    "first_p95_ms": "九成五的题在此时间内有第一个字。",
}
"""What a measure says, in a sentence."""

COSTS: Mapping[str, tuple[str, str]] = {
    "seconds": ("全程用时", "秒"),
    "peak_mb": ("内存峰值", "MB"),
    "index_mb": ("索引大小", "MB"),
    "build_s": ("建索引用时", "秒"),
    "asked": ("问模型", "次"),
    "fallbacks": ("其中改用抽取式", "次"),
    "prompt_tokens": ("输入", "词元"),
    "completion_tokens": ("输出", "词元"),
    "cost": ("费用", ""),
    "first_p50_ms": ("首字用时 p50", "ms"),
    "first_p95_ms": ("首字用时 p95", "ms"),
}
"""A run's costs and their units."""


def cost(name: str, value: float) -> str:
    """A cost with its unit: counts whole, a price to four digits, else one decimal."""
    unit = COSTS.get(name, (name, ""))[1]
    number = f"{value:.4g}" if name == "cost" else f"{value:.1f}"
    if unit in ("次", "词元"):
        number = f"{value:,.0f}"
    return f"{number} {unit}".rstrip()


def kind_of(name: str) -> str:
    """A kind in Chinese."""
    return KINDS.get(name, name)


def percent(share: float, digits: int = 0) -> str:
    """0.733 as 73%."""
    return f"{share:.{digits}%}"


def shown(value: float, unit: str) -> str:
    """A figure with its unit: a share with one decimal, a score with three."""
    if unit == "share":
        return percent(value, 1)
    if unit == "characters":
        return f"{value:.0f} 字"
    if unit == "ms":
        return milliseconds(value)
    return f"{value:.3f}"


def difference(value: float, unit: str) -> str:
    """A difference of two figures with its sign; shares in percentage points, without a unit.

    What rounds to nothing is "0".
    """
    text = f"{abs(value) * 100:.1f}" if unit == "share" else shown(abs(value), unit)
    if not text.strip("0. 字ms"):
        return "0"
    return ("+" if value > 0 else "−") + text


def milliseconds(value: float) -> str:
    """29.3 ms, 1.2 s."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


def moment(created: str) -> str:
    """2026-04-02T08:15:00+00:00 as 2026-04-02 08:15 UTC; what is no such moment as it is."""
    try:
        at = datetime.fromisoformat(created)
    except ValueError:
        return created
    return f"{at.astimezone(UTC) if at.tzinfo else at:%Y-%m-%d %H:%M} UTC"
