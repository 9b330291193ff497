"""The page's own words, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from rag.types import Verdict
from rag.verify.verdicts import EN as EN_VERDICTS
from rag.verify.verdicts import ZH as ZH_VERDICTS
from rag.web.strings_answer import EN_ANSWER, ZH_ANSWER, AnswerWords
from rag.web.strings_draft import EN_DRAFT, ZH_DRAFT, DraftWords
from rag.web.strings_evaluation import EN_EVALUATION, ZH_EVALUATION, EvaluationWords


@dataclass(frozen=True, slots=True)
class Words:
    """Every string of the page in one language; ``{x}`` are places for ``str.format``."""

    lang: str
    title: str
    tagline: str
    ask: str
    stop: str
    retry: str
    clear: str
    placeholder: str
    box_label: str
    chat_label: str
    welcome: str
    welcome_more: str
    searching: str
    queued: str
    stopped: str
    failed: str
    busy: str
    wait: str
    empty: str
    too_long: str
    extractive: str
    llm: str
    refused: str
    refused_more: str
    unknown: str
    supported: str
    verdicts: Mapping[Verdict, str]
    cite: str
    cut: str
    seconds: str
    show: str
    show_nearest: str
    copy: str
    copied: str
    sources: str
    nearest: str
    for_question: str
    panel_empty: str
    also: str
    back: str
    unavailable: str
    copy_sources: str
    chat_tab: str
    evaluation_tab: str
    draft_tab: str
    useful: str
    vote_up: str
    vote_down: str
    vote_why: str
    vote_note: str
    vote_note_label: str
    reasons: Mapping[str, str]
    voted_up: str
    voted_down: str
    vote_gone: str
    vote_full: str
    vote_long: str
    vote_failed: str
    evaluation: EvaluationWords
    draft: DraftWords
    told: AnswerWords


ZH = Words(
    lang="zh-CN",
    title="引据",
    tagline="每一句回答，都有原文为证",
    ask="提问",
    stop="停止",
    retry="重新回答",
    clear="清空对话",
    placeholder="就这些文件提一个问题…",
    box_label="问题",
    chat_label="对话",
    welcome="问问这些文件",
    welcome_more="回答只用文件里的话；点句末的编号，可看到它在原文中的位置。",
    searching="正在查找",
    queued="提问的人较多，正在排队",
    stopped="已停止，以上回答不完整。",
    failed="出了问题，这次没有答完；请点“重新回答”再试。",
    busy="现在提问的人太多，请过几秒再试；你的问题还留在输入框里。",
    wait="上一个问题还在回答；请等它答完，或先按“停止”。",
    empty="请先输入问题。",
    too_long="问题太长：{length} 个字，最多 {limit} 个字。",
    extractive="抽取式回答",
    llm="模型回答",
    refused="文件中没有找到答案",
    refused_more="为免误导，这里不作推测。最接近的段落列在引文栏，供你判断。",
    unknown="所有文件都没有出现的词：",
    supported="{total} 句中 {good} 句可核实",
    verdicts=ZH_VERDICTS,
    cite="查看出处 {n}",
    cut="说明",
    seconds="{seconds} 秒",
    show="引文 {count} 处",
    show_nearest="最接近的段落",
    copy="复制（含出处）",
    copied="已复制",
    sources="引文",
    nearest="最接近的段落",
    for_question="问：",
    panel_empty="回答引用的原文会列在这里：引文高亮，前后文可读，逐条可核。",
    also="同样的话还见于 {count} 处",
    back="回到回答",
    unavailable="（前后文暂时读不到）",
    copy_sources="出处：",
    chat_tab="问答",
    evaluation_tab="评测",
    draft_tab="文稿核对",
    useful="这个回答有用吗？",
    vote_up="有用",
    vote_down="有问题",
    vote_why="问题在哪？点一项即记下：",
    vote_note="可先补充一句（可不填）",
    vote_note_label="补充说明",
    reasons={"引用不对": "引用不对", "该拒未拒": "该拒未拒", "漏答": "漏答", "答错": "答错"},
    voted_up="已记下：有用。存于本机 {file}",
    voted_down="已记下：{reason}。存于本机 {file}",
    vote_gone="没有记下：这条回答已不在这里，请重新提问。",
    vote_full="没有记下：{file} 已达 {limit} MB 上限，请先移走旧的。",
    vote_long="没有记下：这段对话太长，请清空对话后再问再评。",
    vote_failed="没有记下：{file} 写不进去（{why}），请检查磁盘空间和文件夹权限。",
    evaluation=ZH_EVALUATION,
    draft=ZH_DRAFT,
    told=ZH_ANSWER,
)

EN = Words(
    lang="en",
    title="Yinju 引据",
    tagline="Every sentence stands on a quote you can check",
    ask="Ask",
    stop="Stop",
    retry="Answer again",
    clear="Clear",
    placeholder="Ask something about these documents…",
    box_label="Question",
    chat_label="Conversation",
    welcome="Ask these documents",
    welcome_more="Answers use the documents' own words; click a number to see where they stand.",
    searching="Searching",
    queued="Many people are asking; you are in the queue",
    stopped="Stopped; the answer above is not complete.",
    failed="Something went wrong and the answer was not finished; try “Answer again”.",
    busy="Too many people are asking; try again in a few seconds. Your question is kept.",
    wait="The last question is still being answered; wait for it or press Stop.",
    empty="Type a question first.",
    too_long="The question is too long: {length} characters, at most {limit}.",
    extractive="Extracted answer",
    llm="Model answer",
    refused="The documents do not answer this",
    refused_more="Nothing is guessed here. The nearest passages are in the sources panel.",
    unknown="Not in any document: ",
    supported="{good} of {total} sentences verified",
    verdicts=EN_VERDICTS,
    cite="Show source {n}",
    cut="Note",
    seconds="{seconds} s",
    show="Sources: {count}",
    show_nearest="Nearest passages",
    copy="Copy with sources",
    copied="Copied",
    sources="Sources",
    nearest="Nearest passages",
    for_question="Q: ",
    panel_empty="Quoted passages appear here: the quote highlighted, the text around it to read.",
    also="The same words also stand in {count} other place(s)",
    back="Back to the answer",
    unavailable="(the text around it cannot be read now)",
    copy_sources="Sources:",
    chat_tab="Ask",
    evaluation_tab="Evaluation",
    draft_tab="Check a draft",
    useful="Was this answer useful?",
    vote_up="Useful",
    vote_down="Not right",
    vote_why="What is wrong? One click keeps it:",
    vote_note="Add a note first, if you like",
    vote_note_label="Note",
    reasons={
        "引用不对": "Wrong citation",
        "该拒未拒": "Should have refused",
        "漏答": "Missed an answer",
        "答错": "Wrong answer",
    },
    voted_up="Kept: useful; in {file} on this machine",
    voted_down="Kept: {reason}; in {file} on this machine",
    vote_gone="Not kept: this answer is no longer here; ask again.",
    vote_full="Not kept: {file} has reached its limit of {limit} MB; move the old one away.",
    vote_long="Not kept: the conversation is too long; clear it and ask again.",
    vote_failed="Not kept: {file} cannot be written ({why}); check the disk and the folder's rights.",
    evaluation=EN_EVALUATION,
    draft=EN_DRAFT,
    told=EN_ANSWER,
)


def pick(accept_language: str | None) -> Words:
    """The words for a browser's ``Accept-Language``: Chinese unless it prefers another language."""
    first = (accept_language or "").split(",")[0].split(";")[0].strip().lower()
    return ZH if first in ("", "*") or first.startswith("zh") else EN


def translations() -> dict[str, dict[str, str]]:
    """The strings by locale, for components whose text the browser chooses."""
    chinese, english = _flat(ZH), _flat(EN)
    locales = ("zh", "zh-CN", "zh-TW", "zh-HK", "zh-SG", "zh-Hans", "zh-Hant")
    return {"en": english, **dict.fromkeys(locales, chinese)}


def _flat(words: Words) -> dict[str, str]:
    texts = {f"yj_{name}": text for name, text in asdict(words).items() if isinstance(text, str)}
    texts |= {f"yj_eval_{name}": text for name, text in asdict(words.evaluation).items()}
    draft = asdict(words.draft).items()
    texts |= {f"yj_draft_{name}": text for name, text in draft if isinstance(text, str)}
    return texts | {f"yj_reason_{n}": text for n, text in enumerate(words.reasons.values())}
