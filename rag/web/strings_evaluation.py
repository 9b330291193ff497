"""The words of the 评测 tab, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvaluationWords:
    """Every string of the tab in one language; ``{x}`` are places for ``str.format``."""

    set_label: str
    start: str
    stop: str
    preparing: str
    asking: str
    stopping: str
    stopped: str
    failed: str
    finished: str
    another: str
    no_sets: str
    no_run: str
    unreadable: str
    open_report: str
    about: str
    settings: str
    measure: str
    value: str
    interval: str
    cases: str
    characters: str
    by_kind: str
    kind: str
    failures: str
    none_failed: str
    more: str
    question: str
    answer: str
    no_answer: str
    cited: str
    wanted: str
    wanted_refusal: str
    wanted_answer: str
    evidence: str
    why: str
    either: str


ZH_EVALUATION = EvaluationWords(
    set_label="题集",
    start="开始评测",
    stop="停止",
    preparing="正在准备 {set}，{seconds} 秒",
    asking="正在评测 {set}：第 {done}/{total} 题，{seconds} 秒",
    stopping="正在停止……",
    stopped="已停止。答过的 {done} 题留着，再点“开始评测”会接着做。",
    failed="评测没有完成：{why}",
    finished="评测完成：{set}，{total} 题，{seconds} 秒。结果已保存，见下。",
    another="已有一次评测在进行，一次只做一个：",
    no_sets="没有找到题集：请把题集（.jsonl）放进 eval 文件夹。",
    no_run="还没有评测记录。选一个题集，点“开始评测”。",
    unreadable="上次的评测读不出来：{why}",
    open_report="打开完整报告",
    about="{set} · {time} · 版本 {commit} · {documents} 份文件，{chunks} 段 · 用时 {seconds} 秒",
    settings="设置与环境",
    measure="指标",
    value="数值",
    interval="95% 区间",
    cases="题数",
    characters="{count} 字",
    by_kind="按题型看通过率",
    kind="题型",
    failures="没有通过的 {count} 题",
    none_failed="全部通过。",
    more="其余 {count} 题见完整报告。",
    question="问",
    answer="答",
    no_answer="（拒答）",
    cited="引用",
    wanted="应说到",
    wanted_refusal="应当拒答",
    wanted_answer="应当作答",
    evidence="依据",
    why="错在",
    either=" 或 ",
)

EN_EVALUATION = EvaluationWords(
    set_label="Question set",
    start="Run it",
    stop="Stop",
    preparing="Preparing {set}, {seconds} s",
    asking="Running {set}: question {done} of {total}, {seconds} s",
    stopping="Stopping…",
    stopped="Stopped. The {done} answered questions are kept; “Run it” goes on from there.",
    failed="The run was not finished: {why}",
    finished="Finished: {set}, {total} questions, {seconds} s. The result is saved and shown below.",
    another="A run is under way already; one at a time: ",
    no_sets="No question set was found: put one (.jsonl) into the folder eval.",
    no_run="No run is saved yet. Choose a question set and run it.",
    unreadable="The last run cannot be read: {why}",
    open_report="Open the whole report",
    about="{set} · {time} · version {commit} · {documents} documents, {chunks} passages · took {seconds} s",
    settings="Settings and machine",
    measure="Measure",
    value="Value",
    interval="95% interval",
    cases="Cases",
    characters="{count} characters",
    by_kind="Share right by kind",
    kind="Kind",
    failures="{count} cases that are not right",
    none_failed="All are right.",
    more="The other {count} are in the whole report.",
    question="Asked",
    answer="Answered",
    no_answer="(refused)",
    cited="Cited",
    wanted="Has to say",
    wanted_refusal="Has to refuse",
    wanted_answer="Has to answer",
    evidence="Evidence",
    why="What is wrong",
    either=" or ",
)
