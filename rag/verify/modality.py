"""Planned told as done, possible as certain, and the other way round.

Each word of a text stands under the last mark of its kind before it in its sentence: what follows
计划 or 将 is planned, what follows 已经 is done, what follows 可能 in its clause is only possible.
"""

from __future__ import annotations

import re

from rag.verify.homes import home, span
from rag.verify.items import Laid
from rag.verify.names import NO_DOUBT, Doubt
from rag.verify.words import View

_VERB = (
    r"于|在|会|要|是|有|由|对|从(?=[\d今本下明])|以|为|与|继续|持续|进一步|出席|出任|出台|出版|出现|出战|出售|出资|举行|举办|召开|开[展始启放业工建幕通庭设赛播]"
    r"|进行|进入|达到?|成为|成立|推[出进动行]|发[布射起行放出生展挥]|启[动用程]|实[施现行]|建[设成立造]|完成|投[入产放资]|上[市线映涨调任学]|交付|赴|前往|访问"
    r"|参[加与展赛]|迎[来接战]|不|可|能|面临|面向|受|被|给|让|使|带来|带动|提[高升供交出前]|采[取用购]|加[强快大入息]|扩大|增[加长至设持]|减少|降[至低息]|升[至级]"
    r"|超过|突破|关闭|停[止产运牌]|延[长续期]|取消|收[购取费回]|支[付持]|落[户地成实]|登[陆场]|抵达|来|去|入[驻选围]|组[织建成]|设[立置有]|打[造响破通]|依[法托]"
    r"|按|根据|陆续|逐步|全[面力程]|分[别批步享]|首次|再次?|重[新返启点]|派[出遣]|聘|担任|承[担办接]|负责|购[买置]|公[布开]|宣布|审[议理查]|讨论|研[究发制]"
    r"|制[定造]|修[建改订复]|签[署订约]|缴纳|颁[发布]|授予|获[得]|拿下|引[进领入发]|围绕|结[合束]|联[合手]|合作|共同|很|更|最|大[力幅]|小幅|如期|正式|择|另行"
    r"|尽[快力早]|严[格厉]|助力|促进|形成|呈现|保[持障留证]|维持|改[为变造]|优[化先]|转[为入]|替|影响|导致|造成|处[于罚]|起诉|扎实|积极|认真|深入|切实|着力"
    r"|努力|坚决|高度|正常|照常|准时|按时|如约|主[要持办演]|集中|统筹|仍|还|也|搭[载建]|配[备合套]|随|同|先|新[增建]|聚焦|亮相|播出|执[行导]|考虑|探[索讨]"
    r"|拥有|就|通过|接[受替管待]|针对|适|限|免[费除]|展[示开出]|运[营行]|率|对阵|角逐|争|用于|暂"
)
_PLANNED = re.compile(
    rf"计划(?!书|单|生育|经济)|规划(?!局|院|厅|和|了|师)|拟(?!合|态|人|声|定了)|预计|有望|或将|即将|将要|准备(?!了|好|会|金)|打算|考虑(?!到|了)|争取|力争|力求"
    rf"|(?<![已曾早经可])将(?=\d{{1,4}}[年月日时]|今|明|本周|下周|{_VERB})|尚待|有待|目标是|希望|期望|期待|寄望|尚未|还未|还没|未来|下一步|接下来|之后将|有意(?!思|义|见|识)|愿意"
    r"|承诺|答应|预期|酝酿|筹备|谋求|寻求|征求意见|草案|一旦|如果|若"
)
_DONE = re.compile(
    r"已经|早已|业已|均已|都已|现已|也已|就已|已于|已在|已被|已由|已将|已有|已(?![知婚成故死])|"
    r"(?<=[\u3400-\u9fff])[好完]了|了(?=[\u3400-\u9fff\d“《a-z])|做完|建成|完成(?!后)|竣工|(?<![不便])曾(?=[\u3400-\u9fff])|如愿|(?<!未)敲定|落地"
)
_NOT_DONE = re.compile(
    r"(?:计划|将|拟|预计|有望|力争|争取|准备|打算|要|待|未|才能|为|以|可|会|需|目标|确保|望|能|加快|推动|推进|努力)[^，,;。]{0,12}$"
)
_PLANNED_HERE = re.compile(
    r"计划|拟|预计|有望|将|准备|打算|考虑|争取|力争|尚|未|还没|待|要|(?:就|便|都|不|将)会|希望|预期|即将|可能|或|目标|承诺|答应|意向|料|未来|一旦|如果|若|想"
)
_MAYBE = re.compile(
    r"可能(?!性)|或许|也许|或将|或因|或为|或是|或有|疑似|疑为|疑因|大概率|不排除|恐将|恐怕|未必|不一定|似乎|有望|据信|涉嫌|怀疑|据称|估计|推测|猜测|初步判断|有机会"
)
_HEDGED = re.compile(
    r"可能|或|也许|疑|希望|大概|排除|恐|怕|未必|一定|似|有望|据信|涉嫌|估|推测|猜|判断|认为|预[计期测料]|料[想将]|应该|想必|看来|好像|倾向|潜在|风险|威胁|概率|能|有机会|据称|称|机率|担心|担忧|说不定|(?<!不)会|拟|将|指|若|如"
)
_CERTAIN = re.compile(
    r"一口咬定|咬定|肯定|(?<!不)一定(?!的|程|数|比|量|范|规|限|条)|必定|必将|必然|断定|断言|确定|确认|证实|坚称|毫无疑问|无疑|板上钉钉|铁定|势必|注定|绝对|百分之百|明确表示|确凿|坐实|查明|认定"
)
_INTENDS = re.compile(
    r"计划(?!书|单|生育|经济)|(?<!模)拟(?!合|人|定)|打算|有望|准备(?!了|好|会|金)|尚未|还未|还没|考虑(?!到|了)|即将|有意(?!思|义|见|识)|仍在|酝酿"
)
_ENDED = re.compile(
    r"(?:已经?|早已|均已|都已|业已)(?:全部|全面|基本|顺利|如期|正式|圆满)?(?:完成|建成|竣工|结束|落成|交付|投产|通车|做完|完工|收官)"
)
_ENDED_HELD = re.compile(
    r"完成|建成|竣工|结束|落成|交付|投产|通车|完工|收官|已|了|过|落幕|闭幕|做完|毕"
)
_FORWARD = re.compile(
    r"计划|规划|拟|预计|有望|将|准备|打算|考虑|争取|力争|尚|还[未没]|待|希望|预期|可能|或将|目标|承诺|答应|意向|未来|一旦|如果|想|[需正才就]要|(?<![大晚展盛年协商工学机])会(?![议长员上展场见谈计晤费所址诊师])"
    r"|筹|谋|求|方案|草案|愿|有机会|正在|仍|未|明年|今后|下一?步|下[周月季半个]"
)
_SENTENCE = re.compile(r"[;。!?]|近日|日前|昨[日天]|刚刚")
_FINISHED = re.compile(
    r"已经?(?![知婚成故死]|有望)|早就|完毕|[定签谈敲建修查弄搞]好|敲定|查清|查实|查明|拿到|成定局|板上钉钉|完成"
)
_OPEN = re.compile(
    r"(?<![大晚展盛年协商工学机社都开])会(?![议长员上展场见谈计晤费所址诊师])|(?<!在)研究(?=允许|引入|制定|出台|推出|将|把|是否)"
    r"|正研究|谈判|洽谈|商谈|理论上|盼|有机会|待(?!遇)|意向|可能|正在|加速|开始|着手|建议|初步|(?<!嫌)疑(?!犯|人|问|虑|点)|申请|试图|尝试|呼吁|目标|才能"
)
_HELD_DONE = re.compile(
    r"已|了|完成|曾|过(?![程渡去于])|成功|建成|竣工|落成|达成|签署|获得|结束|毕"
)
_NOT_SAID_DONE = re.compile(r"不|没|正在|开始|着手|启动|为了|才|在(?=[建研谈])")
_OPEN_LEAST, _OPEN_MOST, _OPEN_ALONE = 6.0, 0.5, 0.8
"""What a clause's words must weigh in the one that is still open, their share, and how much of it
another clause may hold."""
_LIKE = 0.6
_HEDGE = 0.45
"""How much it counts that 可能 is left out."""
_LE = 0.75
"""How much less a mere 了 says that it is done."""
_LEAST = 4.5
_SURE, _HALF = 0.8, 0.5
"""From this share of its weight on a claim counts as told in another mode."""


def _spans(view: View) -> list[tuple[int, int]]:
    """The clauses of a text."""
    cuts = [i for i in range(1, len(view.clause)) if view.clause[i] != view.clause[i - 1]]
    return list(zip([0, *cuts], [*cuts, len(view.clause)], strict=True))


def _modes(view: View) -> list[str]:
    """For each character "planned", "done" or "": the last mark before it in its sentence."""
    marks = [(m.start(), m.end(), "planned") for m in _PLANNED.finditer(view.text)]
    marks += [
        (m.start(), m.end(), "done")
        for m in _DONE.finditer(view.text)
        if not _NOT_DONE.search(view.text[max(0, m.start() - 14) : m.start()])
    ]
    marks += [(m.start(), m.end(), "") for m in _SENTENCE.finditer(view.text)]
    modes, now, last = [""] * len(view.text), "", 0
    for start, end, mode in sorted(marks):
        modes[last:start] = [now] * (start - last)
        now, last = mode, start
        modes[start:end] = [now] * (end - start)
        last = end
    modes[last:] = [now] * (len(view.text) - last)
    return modes


def _maybe(view: View) -> list[bool]:
    """For each character whether 可能 stands before it in its clause."""
    found = [False] * len(view.text)
    for match in _MAYBE.finditer(view.text):
        at = match.start()
        while at < len(view.text) and view.clause[at] == view.clause[match.start()]:
            found[at] = True
            at += 1
    return found


def _told(laid: Laid, items: list[int], under: list[bool]) -> float:
    """The share of these words' weight whose places in the evidence are ``under`` a mode; 0 where
    too little of them is held."""
    gain = total = 0.0
    for i in items:
        word, match = laid.claim.words[i], laid.matches[i]
        if match.share < _LIKE or not match.places:
            continue
        ties = [(laid.cohesion(word.start, place, skip=i), place) for place in match.places[:4]]
        top = max(tie for tie, _ in ties)
        meant = [under[place] for tie, place in ties if tie >= 0.8 * top]
        total += word.weight
        gain += word.weight * (sum(meant) / len(meant))
    return gain / total if total >= _LEAST else 0.0


def other_mode(laid: Laid) -> Doubt:
    """The claim's mark of a mode, and how far its words stand in another in the evidence."""
    claim, evidence = laid.claim, laid.evidence
    best = NO_DOUBT
    planned = done = None
    for start, end in _spans(claim):
        text = claim.text[start:end]
        items = [i for i, word in enumerate(claim.words) if start <= word.start < end]
        for match in _DONE.finditer(text):
            if _PLANNED_HERE.search(text):
                break
            behind = [i for i in items if claim.words[i].start >= start + match.end()]
            planned = planned or [mode == "planned" for mode in _modes(evidence)]
            share = _told(laid, behind, planned) or _told(laid, items, planned)
            best = _greater(
                best, share * (_LE if match[0] == "了" else 1.0), text, match[0], "计划"
            )
        ended = _ENDED.search(text)
        if ended and not _ENDED_HELD.search(evidence.text) and not _PLANNED_HERE.search(text):
            best = _greater(best, 1.0, text, ended[0], "")
        for match in _INTENDS.finditer(text):
            if not _FORWARD.search(evidence.text + laid.context.text):
                best = _greater(best, 0.9, text, match[0], "")
            behind = [i for i in items if claim.words[i].start >= start + match.end()]
            done = done or [mode == "done" for mode in _modes(evidence)]
            best = _greater(best, _told(laid, behind, done), text, match[0], "已经")
        best = _certain(laid, start, end, items, best)
    return max(best, _unfinished(laid), key=lambda doubt: doubt.strength)


def _unfinished(laid: Laid) -> Doubt:
    """已经 or 完毕 of what the clause of the evidence that says the same has as planned, begun or
    possible, and with no word that it is done."""
    best = NO_DOUBT
    for match in _FINISHED.finditer(laid.claim.text):
        clause = laid.claim.clause[match.start()]
        said = laid.claim.text[slice(*span(laid.claim, clause))]
        if _PLANNED_HERE.search(said) or _NOT_SAID_DONE.search(said):
            continue
        found = home(laid, clause, match.span())
        if found is None or found.weight < _OPEN_LEAST or found.share < _OPEN_MOST:
            continue
        if found.rest > _OPEN_ALONE * found.weight or found.share <= best.strength:
            continue
        text = laid.evidence.text[slice(*span(laid.evidence, found.clause))]
        open_ = _OPEN.search(text) or _PLANNED.search(text)
        if open_ and not _HELD_DONE.search(text):
            best = Doubt(found.share, match[0], open_[0])
    return best


def _greater(best: Doubt, share: float, text: str, said: str, printed: str) -> Doubt:
    strength = (share - 0.4) / 0.6
    return Doubt(min(1.0, strength), said, printed) if strength > best.strength else best


def _certain(laid: Laid, start: int, end: int, items: list[int], best: Doubt) -> Doubt:
    """A clause said for certain, whose words are only possible in the evidence."""
    under = _maybe(laid.evidence)
    text = laid.claim.text
    if not any(under) or _HEDGED.search(_CERTAIN.sub("", text)):
        return best
    sure = _CERTAIN.search(text)
    share = _told(laid, items, under)
    if share < (_HALF if sure else _SURE):
        return best
    hedge = _MAYBE.search(laid.evidence.text)
    printed = hedge[0] if hedge else "可能"
    if sure:
        return _greater(best, 1.0, text, sure[0], printed)
    return _greater(best, 0.4 + 0.6 * _HEDGE * share, text, text[start:end].rstrip("，。"), printed)
