"""Speakers without a name: that company, both schools, the shop's owner, 张先生 for 张某.

Whoever retells a text names a speaker by what he is. That claims little, so it is doubted little.
"""

from __future__ import annotations

import re

ANYONE = 0.3
"""What it means that one without a name speaks: it may be the same."""

_GENERIC = re.compile(
    r"[这那该此同][一两三]?[家所名位些批个种群项份次]|[两三四五六七八九十几数多\d]+[家所名位国校]|双方|多方|各方|有[人的]|^有|的(?:人|受访者|专家|网友)$"
    r"|[这那]|[他她它我](?!们)|[了着过不没得被把很]|一经|眼看|开会|当场|无人|谁|天[热冷气]|眼下|怎样|情况|据说|前者|后者|[他她它其我]们?所|他人|大家|不少|许多|很多|[里内外]人$|本人|自己"
)
_NAMELESS = re.compile(
    r"(?:人员|负责人|人士|方面|声明|公告|报告|通报|报道|提醒|居民|家长|网友|市民|工具|团队|成员|受访者|的人|员工|双方|专家|媒|媒体|记者|网站|主办方|组织者|承办方|运营方|志愿者|与会者|参与者|创作者|学界|业界|外界|坊间|人们)$"
)
_ROLE = re.compile(
    r"(?:老板|店主|店员|店家|商家|卖家|买家|房东|租客|患者|病人|医生|大夫|护士|老师|教师|校长|学校|校方|院方|厂方|店方|资方|警方|警察|民警|官方|法院|检方|律师|法官"
    r"|原告|被告|当事人|嫌疑人|乘客|旅客|游客|司机|车主|用户|客服|顾客|消费者|业主|物业|村民|农户|乡亲|群众|父亲|母亲|妈妈|爸爸|父母|妻子|丈夫|老婆|老公|儿子|女儿|家属|家人"
    r"|亲属|朋友|邻居|同事|同学|男子|女子|老人|学者|教授|研究员|科学家|研究者|分析师|机构|公司|企业|厂商|厂家|平台|俱乐部|球队|球员|教练|教练组|主帅|队长|选手|部门|政府|当局"
    r"|使馆|发言人|经理|总裁|董事长|创始人|高管|作者|导演|演员|编剧|主持人|研究|调查|数据|统计|规定|办法|通知|文件|条例|方案|意见|合同|协议|判决|论文|文章|评论|消息|检察院|公诉机关"
    r"|们|市里|县里|省里|村里|校内|业内|圈内|民调|官员|议员|代表|委员|学生|店里|公司里|官网|庭上|台方|军方|中介|银行|医院|当地|家里|店长|队友|发起人|讲解员|工程师|院长|所长|站长|馆长|主任|局长|市长|省长|县长|部长|外长|总统|总理|首相|大使|书记"
    r"|主席|会长|秘书长|领导|领队|前锋|后卫|门将|新秀|歌手|博主|主播|作家|画家|摄影师|厨师|快递员|外卖员|骑手|保安|收银员|社工|农民|工人|养殖户|种植户|经销商|供应商|投资者|股东)$"
)
_CALLED = re.compile(
    r"(?:[小老](?P<after>[\u3400-\u9fff])|(?P<before>[\u3400-\u9fff])(?:先生|女士|小姐|大爷|大妈|大叔|阿姨|叔叔|师傅|老师|医生|教授|老汉|奶奶|爷爷|总|某某?|姓[^，。]{1,4}))$"
)


_BARE = frozenset(
    "预计 预测 估计 建议 分析 介绍 证实 提醒 通报 宣布 主张 警告 承认 回应 呼吁".split()
)
"""Verbs of speech that also stand without a speaker: 资金预计年底到账, 天热建议少出门."""
_PERSON = re.compile(
    r"[省市县区局部委院会司所社台报厅署队厂校行团店处科室站馆协盟联方军党府馆媒长官员师授者人家商民生某总]$"
)


def speaks(who: str, verb: str) -> float:
    """How surely ``who`` is one who speaks, in [0, 1]: by the verb, or by its own last character."""
    return 1.0 if verb not in _BARE or _PERSON.search(who) else 0.4


def generic(who: str) -> bool:
    """Whether the words before a verb of speech point at somebody and name nobody."""
    return _GENERIC.search(who) is not None


def nameless(who: str) -> bool:
    """Whether whoever speaks may be anybody, in a claim as in its evidence."""
    return _NAMELESS.search(who) is not None or generic(who)


def called(who: str, near: str) -> float:
    """What a doubt about ``who`` counts, in [0, 1], by how he is called: little for a role, nothing
    for a form of address to a surname that ``near`` has."""
    found = _CALLED.search(who)
    if found and (found["after"] or found["before"]) in near:
        return 0.0
    return ANYONE if _ROLE.search(who) or nameless(who) else 1.0
