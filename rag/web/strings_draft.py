"""The words of the 核对 tab, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Verdict
from rag.verify.verdicts import EN as EN_VERDICTS
from rag.verify.verdicts import ZH as ZH_VERDICTS


@dataclass(frozen=True, slots=True)
class DraftWords:
    """Every string of the tab in one language; ``{x}`` are places for ``str.format``."""

    placeholder: str
    box_label: str
    check: str
    stop: str
    about: str
    only: str
    reading: str
    queued: str
    checking: str
    stopped: str
    failed: str
    empty: str
    too_long: str
    busy: str
    wait: str
    nothing: str
    summary: str
    none_left: str
    verdicts: Mapping[Verdict, str]
    see: str
    sources: str
    sentence: str
    panel_empty: str
    back: str
    copy: str
    save_markdown: str
    save_json: str
    title: str
    source: str


ZH_DRAFT = DraftWords(
    placeholder="把别人写的文稿粘贴到这里，最多 {limit} 字…",
    box_label="文稿",
    check="核对",
    stop="停止",
    about="逐句与文件核对：标题、问句、表格和代码不核对。“可核实”是说文件里有这样的话，不是说它一定对。",
    only="只看未能核实的",
    reading="正在读文稿",
    queued="核对的人较多，正在排队",
    checking="第 {done} / {total} 句",
    stopped="已停止：核对了 {total} 句中的前 {done} 句。",
    failed="出了问题，没有核对完；请再点“核对”。",
    empty="请先粘贴文稿。",
    too_long="文稿太长：{length} 字，最多 {limit} 字；请分几次核对。",
    busy="现在使用的人太多，请过几秒再试；文稿还留在输入框里。",
    wait="上一份文稿还在核对；请等它核对完，或先按“停止”。",
    nothing="这份文稿里没有可核对的句子。",
    summary="{total} 句中 {good} 句可核实",
    none_left="核对过的句子都可核实。",
    verdicts=ZH_VERDICTS,
    see="看原文 {n}",
    sources="原文",
    sentence="稿中：",
    panel_empty="点句后的“看原文”，这里显示文件里的原话：引文高亮，前后文可读。",
    back="回到文稿",
    copy="复制结果",
    save_markdown="下载 Markdown",
    save_json="下载 JSON",
    title="文稿核对",
    source="原文",
)

EN_DRAFT = DraftWords(
    placeholder="Paste a text that somebody else wrote, at most {limit} characters…",
    box_label="Draft",
    check="Check",
    stop="Stop",
    about="Checked sentence by sentence; headings, questions, tables and code are left out. "
    "“Verified” means that the documents say so, not that it is true.",
    only="Only what is not verified",
    reading="Reading the draft",
    queued="Many people are checking; you are in the queue",
    checking="Sentence {done} of {total}",
    stopped="Stopped: the first {done} of {total} sentences were checked.",
    failed="Something went wrong and the draft was not checked to its end; try “Check” again.",
    empty="Paste a text first.",
    too_long="The draft is too long: {length} characters, at most {limit}; check it in parts.",
    busy="Too many people are using this; try again in a few seconds. Your draft is kept.",
    wait="The last draft is still being checked; wait for it or press Stop.",
    nothing="The draft holds no sentence that could be checked.",
    summary="{good} of {total} sentences verified",
    none_left="All sentences checked so far are verified.",
    verdicts=EN_VERDICTS,
    see="Source {n}",
    sources="Source",
    sentence="In the draft: ",
    panel_empty="Click a source to see the documents' own words here, with the text around them.",
    back="Back to the draft",
    copy="Copy the result",
    save_markdown="Save as Markdown",
    save_json="Save as JSON",
    title="Draft checked",
    source="Source",
)
