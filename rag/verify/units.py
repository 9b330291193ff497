"""Units of news language: the kind of each, and its size in the base of the kind."""

from __future__ import annotations

_LENGTH = {
    "毫米": 1e-3,
    "mm": 1e-3,
    "厘米": 1e-2,
    "cm": 1e-2,
    "公里": 1e3,
    "千米": 1e3,
    "km": 1e3,
    "nm": 1e-9,
    "英里": 1609.344,
    "海里": 1852.0,
    "英尺": 0.3048,
}
_MASS = {
    "毫克": 1e-3,
    "mg": 1e-3,
    "千克": 1e3,
    "公斤": 1e3,
    "kg": 1e3,
    "吨": 1e6,
    "克": 1.0,
    "g": 1.0,
    "斤": 500.0,
    "磅": 453.592,
}
_MONEY = {
    "美元": "dollar", "欧元": "euro", "日元": "yen", "韩元": "won", "港元": "hkd", "港币": "hkd",
    "英镑": "pound", "比索": "peso", "卢布": "rouble", "卢比": "rupee", "新台币": "twd",
    "人民币": "yuan", "元": "yuan", "块钱": "yuan",
}  # fmt: skip
_AREA = {"平方公里": 1e6, "平方千米": 1e6, "平方米": 1.0, "平米": 1.0, "公顷": 1e4, "亩": 2e3 / 3}
UNITS: dict[str, tuple[str, float]] = {
    **{name: ("length", factor) for name, factor in _LENGTH.items()},
    **{name: ("mass", factor) for name, factor in _MASS.items()},
    **{name: (kind, 1.0) for name, kind in _MONEY.items()},
    **{name: ("area", factor) for name, factor in _AREA.items()},
    "毛": ("yuan", 0.1), "角": ("yuan", 0.1), "米": ("length", 1.0), "立方米": ("volume", 1.0),
    "个百分点": ("point", 1.0), "百分点": ("point", 1.0), "pct": ("point", 1.0),
    "个点": ("point", 1.0), "个基点": ("point", 0.01), "基点": ("point", 0.01),
    "%": ("percent", 1.0), "‰": ("percent", 0.1), "倍": ("times", 1.0), "摄氏度": ("degree", 1.0),
    "°c": ("degree", 1.0), "°": ("degree", 1.0), "度": ("degree", 1.0), "年": ("year", 1.0), "月份": ("month", 1.0),
    "月": ("month", 1.0), "日": ("day", 1.0), "号": ("day", 1.0), "天": ("days", 1.0),
    "周": ("days", 7.0), "个月": ("months", 1.0), "个多月": ("months", 1.0), "时": ("hour", 1.0), "点": ("hour", 1.0),
    "小时": ("hours", 1.0), "个小时": ("hours", 1.0), "个多小时": ("hours", 1.0), "个钟头": ("hours", 1.0),
    "个星期": ("days", 7.0),
    "个多星期": ("days", 7.0), "个半月": ("months", 1.0),
    "个半小时": ("hours", 1.0), "星期": ("days", 7.0), "周年": ("years", 1.0),
    "分钟": ("minutes", 1.0), "分": ("counter", 1.0),
    "秒": ("seconds", 1.0),
    "英寸": ("inch", 1.0), "寸": ("inch", 1.0), "光年": ("lightyear", 1.0),
    "安时": ("ah", 1.0), "毫安时": ("ah", 1e-3), "mah": ("ah", 1e-3), "ah": ("ah", 1.0),
    "w": ("watt", 1.0), "kw": ("kw", 1.0), "mw": ("kw", 1e3), "瓦": ("watt", 1.0),
    "瓦时": ("wh", 1.0), "wh": ("wh", 1.0), "kwh": ("kwh", 1.0),
    "gb": ("byte", 1.0), "tb": ("byte", 1e3), "mb": ("byte", 1e-3), "hz": ("hertz", 1.0),
    "ghz": ("hertz", 1e9), "马力": ("horse", 1.0), "纳米": ("length", 1e-9), "微米": ("length", 1e-6),
    "帧": ("frame", 1.0), "像素": ("pixel", 1.0), "股": ("counter", 1.0),
    "岁": ("age", 1.0), "周岁": ("age", 1.0), "号人": ("counter", 1.0),
    "方": ("volume", 1.0), "季度": ("quarter", 1.0), "个季度": ("counter", 1.0),
    "千瓦时": ("kwh", 1.0), "度电": ("kwh", 1.0), "千瓦": ("kw", 1.0),
    "gw": ("gw", 1.0), "焦耳": ("joule", 1.0), "兆焦耳": ("mj", 1.0), "步": ("step", 1.0),
    "人次": ("counter", 1.0),
}  # fmt: skip
_COUNTERS = (
    "个 名 人 家 位 项 条 款 台 辆 座 所 件 份 场 届 国 种 类 只 艘 架 颗 支 班 次 起 例 处 票 枚 块 "
    "层 级 把 粒 股 套 金 银 铜 席 胜 负 环 校 地 城 省 市 县 区 户 批 轮 头 篇 部 本 张 球 死 伤 根 "
    "亿 社 平 队 球 组 门 箱 瓶 粒 期 节 集 站 艘 尾 匹 羽 桶 幅 句 字 间 栋 幢 株 盒 听 罐 吨级 夜 晚"
).split()
for _counter in _COUNTERS:
    UNITS.setdefault(_counter, ("counter", 1.0))
