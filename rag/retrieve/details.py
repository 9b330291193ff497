"""Details that are printed in a form of their own (a telephone number, a price, an age): which
questions ask for one, and what one looks like.

Works on folded text. A question asks for a detail where that is all it wants: 「馆长的电话是多少」,
not 「电话是谁发明的」. Such a question is not answered by a sentence without the form, however much it
speaks of the subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = r"(?:(?:到底|究竟|具体|分别)*(?:是|为|有|叫)?(?:多少|什么|啥|几号?|哪个|哪些)?(?:来着|呀|啊|呢|吗|吧)?[?。!]*$)"
_MUCH = (
    r"(?:一共|总共|大概|大约|是|为|有|要|需|达|定|卖|的)*(?:多少(?!次|人)|几(?=[元块百千万钱]|$))"
)
_MONEY = (
    r"[元圆镑万亿]|\d块|块钱|角钱|分钱|文钱|铜钱|美金|日圆|卢布|法郎|马克|比索|卢比|泰铢|里拉|先令|便士|克朗|"
    r"白银|黄金|银[两子元]|金币|银币|[十百千万\d]两|\d盾|荷兰盾|港币|台币|人民币|免费|免收|无偿|[¥$€£￥]|\b(?:usd|rmb|cny|eur)\b"
)
_NUMBER_LIKE = (
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)(?:\+?\d{1,4}[- ])?\(?0?\d{2,4}\)?[- ]\d{6,8}(?!\d)|"
    r"(?<!\d)\d{3,4}-\d{3,4}-\d{3,4}(?!\d)|"
    r"(?:电话|热线|手机|拨打|致电|传真|专线|短信|\btel\b|phone)[^。;]{0,16}?\d{3,}"
)
_MAIL = r"[\w.+-]+@[\w-]+\.|邮箱[:：]"
_MESSENGER = r"(?:微信|wechat|qq|抖音|快手)号?码?(?:是|为)?[:：]?\s*[a-z0-9_-]{5,}"
_EDUCATED = (
    "毕业|就读|学士|硕士|博士|学位|学历|考[入上取进]|母校|校友|攻读|肄业|求学|读书|上学|入学|学成|念书|"
    "进修|留学|深造|入读|修读|升读|受教育"
)


@dataclass(frozen=True, slots=True)
class Detail:
    """``asks`` finds it in a question, ``printed`` where a text may give it: wide, for what passes
    is weighed like any other answer."""

    name: str
    asks: re.Pattern[str]
    printed: re.Pattern[str]
    personal: bool
    """Whether it is somebody's own: its form beside another name gives nothing."""


def _detail(name: str, asks: str, printed: str, personal: bool = False) -> Detail:
    return Detail(name, re.compile(asks), re.compile(printed), personal)


DETAILS = (
    _detail(
        "telephone number",
        rf"(?:(?:手机|电话|座机|热线|传真|联系)号码?|(?:联系|咨询|客服|投诉|举报|办公|预约|订票|报名|服务)(?:电话|热线)){_END}"
        r"|(?<=的)(?:电话|手机|座机|热线|传真)(?:呢)?[?]*$|(?:电话|手机|座机|热线|传真)(?:是|为)?多少[?]*$"
        r"|(?<![打接装用明个部种通是台线和的了])电话[?]*$|什么电话[?]*$|(?:[住地]址|邮箱|姓名)[和与及、]电话[?]*$"
        r"|\b(?:phone|telephone|mobile|fax|contact) numbers?\b",
        _NUMBER_LIKE,
    ),
    _detail(
        "way of contact",
        rf"联系方式{_END}|怎么联系(?:他|她|你们?|您)?[?]*$|\bcontact details\b",
        f"{_NUMBER_LIKE}|{_MAIL}|{_MESSENGER}",
    ),
    _detail(
        "e-mail address",
        rf"(?:邮箱|电子邮件|e-?mail)(?:地址|账号){_END}|(?<=的)(?:电子)?(?:邮箱|e-?mail)[?]*$"
        r"|(?:邮箱|e-?mail)(?:是|为)?(?:多少|什么|啥)|\be-?mail (?:address|of)\b",
        _MAIL,
    ),
    _detail(
        "web address",
        rf"(?:网址|(?:官网|网站|主页)的?(?:地址|链接|域名)){_END}|(?<=的)官网(?:是|为)?(?:多少|什么|啥|哪个)?[?]*$"
        r"|\b(?:url|web address|website address)\b",
        r"https?:|\bwww\.|[a-z0-9-]+\.(?:com|cn|org|net|gov|edu|io|tv|top|info|hk|tw|jp|uk|de)\b",
    ),
    _detail(
        "account of a messenger",
        rf"(?:微信号|微信账号|qq号码?|抖音号|快手号){_END}|(?<=的)(?:微信|qq)(?:是|为)?(?:多少|几号)?[?]*$|\bwechat id\b",
        _MESSENGER,
    ),
    _detail(
        "home address",
        rf"(?:(?:家庭)?住址|家庭地址){_END}|家(?:住|在)(?:哪里|哪儿|哪条|什么地方)|(?:家庭)?住址[和与及、]\w{{2,4}}[?]*$",
        r"住址|家住|住在|居住|寓所|[路街巷弄里]\d+[号弄]|小区|公寓",
        personal=True,
    ),
    _detail(
        "postcode",
        rf"(?:邮编|邮政编码|邮递区号){_END}|\b(?:postal|zip) ?codes?\b",
        r"邮编|邮政编码|邮递区号|(?<!\d)\d{6}(?!\d)",
    ),
    _detail(
        "secret",
        rf"(?:密码|口令|验证码|身份证号码?|银行卡号码?|车牌号码?)(?<!什么密码)(?<!哪些密码){_END}|\bpasswords?\b[?]*$",
        r"密码|口令|验证码|身份证|卡号|车牌|password",
    ),
    _detail(
        "price",
        rf"多少钱|(?:门票|票价|入场费|参会费|注册费|报名费|学费|会费|房租|租金|售价|定价|单价|价格){_MUCH}"
        rf"|(?:票价|门票价格|售价|定价){_END}|\bhow much (?:does|do|did|is|are) .*(?:cost|tickets?)\b|\bticket prices?\b",
        _MONEY,
    ),
    _detail(
        "salary",
        rf"(?:月薪|年薪|工资|薪水|薪资|薪酬|片酬){_MUCH}|(?:月薪|年薪|薪水|片酬)(?:呢)?[?]*$",
        rf"薪|工资|片酬|{_MONEY}",
    ),
    _detail(
        "age",
        r"多大(?:年纪|岁数|年龄)|(?:年纪|岁数|高寿)(?:是|有)?多[少大]|(?<![均的休])年龄(?:是|有)?多[少大]|几岁|多少岁"
        r"|^(?:[^的]{1,8}(?<![失响模额量积幅]))?今年多大[?]*$"
        r"|\bhow old (?:is|was) (?!the\b|this\b|that\b|it\b|its\b|an?\b)\w+(?: [\w-]+)?[?]*$",
        r"岁|年龄|\d后|出生|生于|诞生|生日|年生|诞辰|花甲|古稀|耄耋|而立|享[年寿]|(?:1[5-9]|20)\d\d[^)）。]{0,12}[-—–~～至]",
        personal=True,
    ),
    _detail(
        "birth",
        rf"(?:出生年月日?|出生日期|生日|生辰){_END}|生日(?:是|在)?(?:哪|几)|(?:哪一?年|何年|何时|什么时候|哪一?天)出生|(?<!发)(?:出生|生)于(?:哪一?年|何年|何时)",
        r"出生|生于|诞生|诞辰|生日|年生|\d后|生[,，。]|(?:1[0-9]|20)\d\d[^)）。]{0,12}[-—–~～至]",
        personal=True,
    ),
    _detail(
        "school",
        r"(?:哪|什么)一?[所个间家]?(?:大学|学校|高校|院校|学院|中学|高中|小学)(?:毕业|念书|读书|就读|上学|[念读]的)"
        rf"|毕业[于自](?:哪|什么)|(?:毕业院校|毕业学校){_END}|(?<=的)母校{_END}|\bgraduated? from (?:which|what)\b"
        r"|\b(?:which|what) (?:university|college|school) did .* graduate\b",
        rf"{_EDUCATED}|graduat|alma mater",
        personal=True,
    ),
    _detail(
        "origin",
        r"(?:哪里|哪儿|什么地方)的?人[?]*$|(?:籍贯|祖籍)(?:是|在)?(?:哪|什么|$)|(?:老家|家乡|故乡|出生地)(?:是|在)(?:哪|什么)",
        r"[省市县区州国村镇乡]人(?![民员口才士大工类们力均物选数次])|[\u4e00-\u9fff]{2}人[,，。(（]|出生|生于|籍|故乡|家乡|老家|[故祖旧]居|出身|生长[于在]|长大",
        personal=True,
    ),
    _detail(
        "size of a person",
        r"身高(?:是|有|为)?(?:多少|多高|几)|体重(?:是|有|为)?(?:多少|多重|几)",
        r"身高|体重|高\d|\d(?:米|公分|厘米|cm|英尺|公斤|千克|kg|斤|磅)",
        personal=True,
    ),
)


def asked_detail(question: str) -> Detail | None:
    """The detail that a folded question asks for; None for any other question."""
    return next((detail for detail in DETAILS if detail.asks.search(question)), None)
