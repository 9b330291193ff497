"""What people type that no passage can answer: greetings, abuse, orders to the program itself, wishes for
something to be written or done, a summary of everything. Extracts of the documents beside it would be beside the point.

By rule, on folded text, and narrow: whatever asks (谁, 多少, 吗) is left to the evidence, unless it
asks of the program itself.
"""

from __future__ import annotations

import re

from rag.retrieve.coordination import ASKS
from rag.text.normalise import fold_text

_CLAUSE = re.compile(r"[,;。!?:\n]+|\band\b|\bthen\b")
_ALSO_ASKS = re.compile(
    r"[吗呢]$|是否|是不是|有没有|能不能|会不会|\b(?:what|who|which|when|where|why|how)\b"
)
_POLITE = (
    r"(?:请|麻烦|你|您|能不能|可不可以|可以|能|帮我|帮忙|给我|替我|为我们?|我想让|我要|现在|立即|马上|接下来|"
    r"从现在(?:开始|起)|please |now |can you |could you )*"
)
_RULES = (
    r"(?:指示|指令|规则|提示词?|设定|要求|限制|约束|命令|身份|对话|prompts?|instructions?|rules?)"
)
_PROMPT = (
    r"(?:系统(?:的)?(?:提示词?|指令|prompt)|(?:你|您)的?(?:系统|初始|内部|隐藏|全部|所有|完整)*的?(?:提示词?|指令|设定|prompt)|"
    r"(?:初始|隐藏|内部|开发者)(?:提示词?|指令|设定)|(?:your|the) (?:\w+ )?(?:prompt|instructions)|system prompt)"
)
_TELL = (
    r"(?:输出|打印|显示|告诉|说出|复述|重复|泄露|透露|展示|公开|列出|交出|写出|念出|发[给出]|给我|原样|"
    r"reveal|print|show|output|repeat|tell|give|display|leak)"
)
_WHOLE = (
    r"(?:的?(?:全部|全文|所有|完整|原文)*(?:内容|全文|原文)?(?:给我|出来|看看|听听|吧|呀)*)(?:$| )"
)
_ORDER = re.compile(
    rf"^{_POLITE}(?:把|将)?(?:忽略|忽视|无视|忘记|忘掉|忘了|抛开|跳过|绕过|清除|不要?理会|不要?管|不要?遵守|别理会|别管|别遵守|停止遵守)"
    rf"[^,]{{0,8}}?(?:之前|以上|上面|前面|先前|此前|上述|刚才|你|您|所有|一切|全部|原来)[^,]{{0,10}}?{_RULES}"
    rf"|^{_POLITE}(?:ignore|disregard|forget|override|bypass) (?:\w+ ){{0,4}}?{_RULES}"
    rf"|^{_POLITE}(?:[把将].{{0,8}}?)?{_TELL}.{{0,10}}?{_PROMPT}{_WHOLE}"
    rf"|^{_POLITE}[把将].{{0,4}}?{_PROMPT}.{{0,6}}?{_TELL}"
    r"|^(?:请|现在|从现在(?:开始|起)|接下来)*(?:假装|假设|扮演)你?是?(?:一[个名位只]|我的|成)"
    r"|^(?:请|现在|从现在(?:开始|起)|接下来)*(?:你(?:现在|将|要|必须|来)*(?:扮演|充当)|你(?:现在|将|从现在起)是)"
    r"|^(?:从现在(?:开始|起)|接下来)你(?:就|便)?是"
    r"|^(?:进入|开启|切换到?).{0,6}(?:开发者|越狱|dan|管理员|调试)模式"
    r"|^(?:you are now|act as|pretend (?:to be|you)|from now on you)\b"
)
"""An order to the program: to drop its rules, to show them, to be somebody else."""
_OF_ITSELF = re.compile(
    r"^(?:(?:你|您|你们)(?:到底|究竟)?(?:是谁|叫(?:什么|啥)(?:名字)?|是(?:什么|啥|哪)(?:个?(?:东西|模型|程序|公司的?))?|"
    r"(?:能|会|可以)(?:做|干|帮|回答)?(?:我做|我干)?(?:什么|啥|哪些)(?:事情?|忙|问题)?|"
    r"有(?:什么|哪些)(?:功能|用|能力)|多大|几岁|是(?:机器人|人|ai|真人|程序)|好|吃饭?|喜欢(?:我|什么)|爱我|怎么样|"
    r"的(?:系统)?(?:提示词?|名字|规则|指令|主人|开发者|设定)(?:是(?:什么|啥|谁))?)"
    r"|(?:今天|现在|明天|此刻)(?:是)?(?:几号|几月几[号日]|星期几|周几|礼拜几|几点|天气(?:怎么样|如何|好)?|会下雨))"
    r"(?:了|啊|呀|呢|吗|吧|钟)*$"
    r"|^(?:(?:who|what) are you|what can you do|how are you|what(?:'s| is) your (?:name|system prompt|prompt))"
    r"(?: today| now| for me)?[?]*$"
)
"""Asked of the program, the clock or the sky."""
_MADE = (
    r"(?:诗歌?|词|歌词?|歌曲|曲子|笑话|段子|童话|小说|散文|作文|情书|对联|检讨书?|请假条|假条|谜语|绕口令|日记|简历|"
    r"祝福语?|俳句|顺口溜|小品|剧本|画|代码|程序|脚本|函数|情诗)"
)
_MAKE = re.compile(
    rf"^{_POLITE}(?:写|作|创作|编写?|画|唱|讲|说|来|生成|起草|拟|背)(?:出|上)?"
    rf"(?:一?[首篇段封份张则支副幅个道点]|两[首个])[^,]{{0,20}}?(?<![的]){_MADE}(?:吧|呗|呀|啊|好吗|可以吗|行吗|[听看]{{1,2}}|来[听看]{{1,2}}|给我[听看])*$"
    rf"|^{_POLITE}(?:讲|说|写|编)一?[个段篇则][^,的]{{0,6}}故事(?:吧|呗|呀|好吗|听听?|来听听?)*$"
    rf"|^{_POLITE}(?:写|作|创作|画|唱|生成)(?:一?[首篇段封份张则支副幅个])[^,]{{0,20}}?的(?:诗歌?|词|歌词?|歌曲|小说|散文|作文|情书|对联|画|代码|程序|脚本)$"
    r"|^(?:please |can you |could you )*(?:write|compose|draw|sing|tell)(?: me| us)? (?:a|an|some) (?:\w+ ){0,3}?"
    r"(?:poem|song|story|joke|essay|letter|code|script|haiku|picture)\b"
)
_DO = re.compile(
    r"^(?:请|麻烦|你|您|能不能|可不可以|可以|能)*(?:帮我|帮忙|替我|给我|为我)(?:预?订|预约|购?买|点|叫|播放|打开|关闭|设置?|定|下载|删除|发送?|打电话|"
    r"推荐|安排|充值|转账)"
    rf"|^{_POLITE}(?:写|编)(?:一?[个段份])?(?:代码|程序|脚本|函数)"
    r"|^(?:不要?管|不用管|抛开|忽略)(?:这些|那些|所有|你的)*(?:文件|文档|资料)了?$|^(?:随便|陪我|我们|咱们)*聊聊?天?(?:吧|呗|别的)?$"
)
_WHOLE_FOLDER = re.compile(
    r"^(?:请|麻烦|帮我|给我)*(?:总结|概括|归纳|介绍|说说|讲讲|概述)(?:一下|下)?(?:这[些几][份篇个]?|所有|全部|你的|整个)*的?"
    r"(?:文件|文档|资料|材料|文件夹)的?(?:内容|要点|重点|主要内容|大意)?$"
    r"|^(?:这[些几][份篇个]?|所有|全部|你的)*的?(?:文件|文档|资料|材料|文件夹)[里中]?(?:都|主要|到底)*(?:讲|说|写|是关于|有)的?了?(?:些|哪些)?(?:什么|啥|内容)(?:内容)?$"
    r"|^(?:summari[sz]e|what (?:is|are) in) (?:the|these|all|your) (?:documents|files)"
)
"""Of all documents at once: no few sentences of them say it."""
_TRANSLATE = re.compile(
    rf"^{_POLITE}(?:[把将].+)?(?:翻译|译)成?(?:为)?(?:英|中|日|法|德|俄|韩|西班牙|葡萄牙)(?:文|语)"
)
_SUM = re.compile(r"^[\d\s.+\-*/×÷()=]*\d\s*[+\-*/×÷乘除加减]\s*以?\d[\d\s.+\-*/×÷()]*(?:=|等于)")
_TALK = re.compile(
    r"^(?:(?:你|您|大家|各位|早上|上午|中午|下午|晚上)好|早安?|晚安|嗨+|哈[喽啰]|hi|hello|hey|good (?:morning|afternoon|evening)|"
    r"在[吗不]在?|在么|谢+谢?(?:你|您|了|大家)?|多谢|感谢|辛苦了?|再见|拜+|bye(?:-?bye)?|thanks?(?: you)?(?: very much)?|"
    r"好的?|ok(?:ay)?|嗯+|哦+|收到|明白了?|知道了|哈+|测试|test|你真[好棒行]|对|是的|没事了?|不用了)(?:啊|呀|呢|吧|哦|了|吗)?$"
)

_RUDE = re.compile(
    r"^(?:(?:你|您|你们|这个?|真是?|就是|是|个|一个|的|太|好|大|什么|破|烂)*)"
    r"(?:傻[逼比叉子瓜]|煞笔|沙比|脑残|智障|弱智|白痴|笨蛋|蠢货|废物|混蛋|王八蛋|滚蛋?|去死|闭嘴|[操草日]你妈?|他妈的?|妈的|垃圾|"
    r"sb|fuck(?: you| off)?|shit|idiot|stupid|shut up)"
    r"(?:的|个|这|破|烂|程序|软件|系统|机器人?|东西|玩意儿?|ai|you|吧|啊|呀|了|!)*$"
)
"""Abuse of whoever reads it, and nothing else: 垃圾分类 is a thing that documents speak of."""


def beside_documents(question: str) -> bool:
    """Whether every clause of a question is a greeting, abuse, an order to the program, a wish for
    something new or for all documents at once; 「你好，大桥全长多少」 is not."""
    text = fold_text(question).strip()
    if _SUM.search(text):
        return True
    clauses = [part.strip() for part in _CLAUSE.split(text) if part.strip()]
    return bool(clauses) and all(_is_beside(clause) for clause in clauses)


def _is_beside(clause: str) -> bool:
    if (
        _TALK.fullmatch(clause)
        or _RUDE.search(clause)
        or _OF_ITSELF.search(clause)
        or _WHOLE_FOLDER.search(clause)
    ):
        return True
    if ASKS.search(clause) or _ALSO_ASKS.search(clause.removesuffix("好吗").removesuffix("可以吗")):
        return False
    return any(pattern.search(clause) for pattern in (_ORDER, _MAKE, _DO, _TRANSLATE))
