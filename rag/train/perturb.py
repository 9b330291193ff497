"""Questions turned unanswerable: one detail is changed so that the text no longer answers.

Near misses teach refusal where far-off questions do not: another year, another ordinal, another
place, another attribute of the same thing (contrast sets, Gardner et al. 2020, arXiv:2004.02709).
"""

from __future__ import annotations

import re

import numpy as np

from rag.retrieve.question import ORDINAL, PLACES, YEAR

_DIGITS = "一二三四五六七八九十"
ATTRIBUTES = (
    "总投资 占地面积 建筑面积 员工人数 注册资本 联系电话 电子邮箱 门票价格 报名费 "
    "参会费 注册用户 参数规模 最大功率 射程 净利润 亏损额 市值 负债率 股价 票房 "
    "收视率 点击量 下载量 死亡人数 受伤人数 获奖人数 平均年龄 身高 体重 出生日期 "
    "毕业院校 籍贯 家庭住址 平均工资 学费 奖金 罚款金额 贷款利率 保修期 续航里程 "
    "售价 成本 产能 库存 容积 海拔 温度 湿度 长度 宽度 深度 营业时间 放假安排 "
    "开工日期 竣工日期 有效期 审批文号 总编辑 主持人 翻译 赞助商 供应商 承建单位 "
    "设计师 监理单位 投诉电话 满意度 出勤率 合格率 失业率 离婚率 出生率 死亡率 "
    "准点率 市场占有率 第六章 附录 英文名称 副标题 会徽 吉祥物 主题曲 口号"
).split()


def near_misses(question: str, focus: str, rng: np.random.Generator) -> list[tuple[str, str]]:
    """(kind, question) pairs, each with one detail changed; [] where nothing can be changed.

    ``focus`` is the word of the question that names the asked attribute, "" if there is none.
    """
    made: list[tuple[str, str]] = []
    year = YEAR.search(question)
    if year:
        other = str(int(year[0]) + int(rng.choice([-3, -2, -1, 1, 2])))
        made.append(("year", question.replace(year[0], other, 1)))
    ordinal = ORDINAL.search(question)
    if ordinal:
        changed = re.sub(
            rf"[{_DIGITS[:9]}]$|\d$", lambda m: _other_digit(m[0], rng), ordinal[0], count=1
        )
        if changed != ordinal[0]:
            made.append(("ordinal", question.replace(ordinal[0], changed, 1)))
    place = next((p for p in PLACES if p in question), None)
    if place:
        other = place
        while other in question:
            other = str(rng.choice(PLACES))
        made.append(("place", question.replace(place, other, 1)))
    if attribute := _attribute(question, focus, rng):
        made.append(("attribute", attribute))
    return made


def _other_digit(digit: str, rng: np.random.Generator) -> str:
    row = "123456789" if digit.isdigit() else _DIGITS[:9]
    return str(rng.choice([d for d in row if d != digit]))


_MEASURED = re.compile(r"(?:是|有|为|达到?|共有?|约)?(?:多少|多大|多高|什么[？?]?$|几)")


def _attribute(question: str, focus: str, rng: np.random.Generator) -> str:
    """The asked attribute replaced by one that the text hardly gives; only where it stands right
    before its asking word, so that the new question still reads like one."""
    match = _MEASURED.search(question)
    if not match or not focus or not question[: match.start()].endswith(focus):
        return ""
    start = match.start() - len(focus)
    if start < 6:
        return ""
    other = str(rng.choice([a for a in ATTRIBUTES if a not in question]))
    return f"{question[:start]}{other}{question[match.start() :]}"
