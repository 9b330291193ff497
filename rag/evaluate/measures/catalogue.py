"""The measures as people see them: names, units, direction, cases and whose definition each is.

A name of :data:`MEASURES` is a key of a record's scores, of :func:`rag.evaluate.statistics.figures`,
or of both.
"""

from __future__ import annotations

from rag.errors import EvaluationError
from rag.evaluate.types import Measure

YINJU = "Yinju"
CONTAINMENT = "Chen et al. 2023, arXiv:2309.01431"
SQUAD = "Rajpurkar et al. 2016, EMNLP"
SQUAD2 = "after Rajpurkar et al. 2018, ACL"
CMRC = "Cui et al. 2019, EMNLP (CMRC 2018)"
EXPMRC = f"Cui et al. 2022, Heliyon (ExpMRC); {SQUAD}"
ALCE = "after Gao et al. 2023, EMNLP (ALCE)"
TREC = "trec_eval, through ir-measures (MacAvaney et al. 2022, ECIR)"
NDCG = f"Järvelin and Kekäläinen 2002, TOIS; {TREC}"
AUC = "Hanley and McNeil 1982, Radiology"
SELECTIVE = "El-Yaniv and Wiener 2010, JMLR"
AURC = f"Geifman and El-Yaniv 2017, NeurIPS; {SELECTIVE}"

MEASURES: tuple[Measure, ...] = (
    Measure("right", "通过", "right", "share", 1, "all", YINJU),
    Measure(
        "right_answerable", "答对且引对", "right where answerable", "share", 1, "answerable", YINJU
    ),
    # ---- what is said
    Measure("said", "答对", "answer said", "share", 1, "answerable", CONTAINMENT),
    Measure("key_facts", "要点覆盖", "key facts said", "share", 1, "answerable", YINJU),
    Measure("exact", "完全一致", "exact match", "share", 1, "answerable", f"{CMRC}; {SQUAD}"),
    Measure("f1", "答案 F1", "answer F1", "share", 1, "answerable", f"{CMRC}; {SQUAD}"),
    Measure("length", "答案平均字数", "mean answer length", "characters", -1, "answered", YINJU),
    Measure(
        "length_median", "答案字数中位", "median answer length", "characters", -1, "answered", YINJU
    ),
    # ---- what is cited
    Measure("cited", "引对", "gold cited", "share", 1, "answerable", YINJU),
    Measure("citation_precision", "引用精确率", "citation precision", "share", 1, "answered", ALCE),
    Measure("citation_recall", "引用召回率", "citation recall", "share", 1, "answerable", ALCE),
    Measure("evidence_f1", "证据 F1", "evidence F1", "share", 1, "answered", EXPMRC),
    Measure("verbatim", "引文逐字相同", "verbatim quotes", "share", 1, "all", YINJU),
    # ---- what is found
    Measure("hit@1", "检索 hit@1", "hit@1", "share", 1, "answerable", TREC),
    Measure("hit@5", "检索 hit@5", "hit@5", "share", 1, "answerable", TREC),
    Measure("recall@5", "检索 recall@5", "recall@5", "share", 1, "answerable", TREC),
    Measure("mrr@10", "检索 MRR@10", "MRR@10", "score", 1, "answerable", TREC),
    Measure("ndcg@10", "检索 nDCG@10", "nDCG@10", "score", 1, "answerable", NDCG),
    # ---- what is refused
    Measure("refused", "拒答", "refused", "share", 0, "all", YINJU),
    Measure("refusal_precision", "拒答精确率", "refusal precision", "share", 1, "all", SQUAD2),
    Measure(
        "refusal_recall", "该拒即拒", "unanswerable refused", "share", 1, "unanswerable", SQUAD2
    ),
    Measure("false_refusals", "误拒", "false refusals", "share", -1, "answerable", SQUAD2),
    Measure("refusal_auc", "拒答 AUC", "refusal AUC", "score", 1, "all", AUC),
    Measure("aurc", "风险覆盖面积", "area under risk-coverage", "score", -1, "all", AURC),
    # ---- what a language model wrote
    Measure("right_model", "模型所答通过", "right, of the model's own", "share", 1, "all", YINJU),
    Measure("supported", "句子可核实", "sentences verified", "share", 1, "all", YINJU),
    Measure(
        "unsupported", "含未能核实的句子", "with unverified sentences", "share", -1, "all", YINJU
    ),
    Measure(
        "dropped", "引了不存在的编号", "answers with a dropped citation", "share", -1, "all", YINJU
    ),
    Measure("cut_off", "回答被截断", "answers cut off", "share", -1, "all", YINJU),
    Measure("fallbacks", "改用抽取式", "extractive fallbacks", "share", -1, "all", YINJU),
    # ---- what it costs
    Measure("ms", "平均用时", "mean time", "ms", -1, "all", YINJU),
    Measure("p50_ms", "用时 p50", "time p50", "ms", -1, "all", YINJU),
    Measure("p95_ms", "用时 p95", "time p95", "ms", -1, "all", YINJU),
    Measure("first_ms", "平均首字用时", "mean time to first text", "ms", -1, "all", YINJU),
    Measure("first_p50_ms", "首字用时 p50", "time to first text p50", "ms", -1, "all", YINJU),
    Measure("first_p95_ms", "首字用时 p95", "time to first text p95", "ms", -1, "all", YINJU),
)
"""Every figure, in the order in which they are shown."""

_BY_NAME = {one.name: one for one in MEASURES}


def measure(name: str) -> Measure:
    """The measure of that name; raises EvaluationError where there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise EvaluationError(
            f"there is no measure {name!r}", f"use one of {', '.join(_BY_NAME)}"
        ) from None
