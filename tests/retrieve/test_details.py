"""Which questions ask for a detail with a form of its own, and where a text gives one."""

from __future__ import annotations

import pytest

from rag.retrieve.details import asked_detail
from rag.text.normalise import fold_text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("林远山的手机号是多少？", "telephone number"),
        ("林遠山的聯繫電話是多少", "telephone number"),
        ("组委会电话", "telephone number"),
        ("会务组联系方式", "way of contact"),
        ("馆长邮箱是什么", "e-mail address"),
        ("博物馆的官网是什么", "web address"),
        ("厂长的微信号", "account of a messenger"),
        ("青江市的邮编是多少", "postcode"),
        ("WiFi密码是多少？", "secret"),
        ("门票多少钱一张？", "price"),
        ("林远山今年多大年纪了？", "age"),
        ("林远山是什么时候出生的", "birth"),
        ("林远山是哪所大学毕业的？", "school"),
        ("林远山是哪里人？", "origin"),
        ("林远山身高多少", "size of a person"),
        ("What is the director's phone number?", "telephone number"),
        ("How old is Lin Yuanshan?", "age"),
        ("馆长的家庭住址是什么", "home address"),
        ("市长的家庭住址和电话", "telephone number"),
    ],
)
def test_a_question_asks_for_a_detail(question: str, name: str) -> None:
    detail = asked_detail(fold_text(question))
    assert detail is not None
    assert detail.name == name


@pytest.mark.parametrize(
    "question",
    [
        "谁发明了电话",
        "电话会议什么时候开",
        "手机号实名制从何时开始",
        "世界上第一部手机是什么",
        "邮箱服务商是谁",
        "谁发明了电子邮件",
        "密码学是什么",
        "何某告知对方什么密码？",
        "价格上涨了百分之几",
        "价格为什么上涨",
        "平均年龄是多少",
        "工资增长了多少",
        "微信有多少用户",
        "官网发布了什么",
        "微信公众号叫什么",
        "大学毕业生有多少人",
        "战争发生于何时",
        "哪所大学研制了芯片",
        "大桥全长多少",
        "老家有什么特产",
        "How old is the bridge?",
        "电话用户有多少",
        "损失今年多大？",
        "退休年龄多大？",
        "学费几月交？",
        "门票几点开售？",
        "腾讯的微信是什么？",
    ],
)
def test_a_question_about_such_a_thing_asks_for_none(question: str) -> None:
    assert asked_detail(fold_text(question)) is None


@pytest.mark.parametrize(
    ("question", "given", "other"),
    [
        ("组委会的电话", "咨询电话：0571-88886666。", "林远山用三个词概括大桥。"),
        ("组委会的电话", "市民可拨打12345反映。", "大桥全长3.6公里，2024年5月通车。"),
        ("馆长的邮箱", "来稿请寄 bridge@qingjiang.cn。", "馆长林远山表示欢迎来稿。"),
        ("门票多少钱", "成人票80元，儿童免费。", "门票通过网站预约，每人限两张。"),
        ("林远山多大年纪", "今年52岁的林远山。", "林远山介绍了大桥的设计。"),
        ("林远山是哪所大学毕业的", "他毕业于青江大学。", "青江大学团队研制出新型钢缆。"),
        ("林远山是哪里人", "林远山，浙江绍兴人，高级工程师。", "大桥由青江市人民政府建设。"),
    ],
)
def test_a_text_gives_it_only_in_its_form(question: str, given: str, other: str) -> None:
    detail = asked_detail(fold_text(question))
    assert detail is not None
    assert detail.printed.search(fold_text(given))
    assert not detail.printed.search(fold_text(other))
