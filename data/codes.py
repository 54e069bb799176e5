"""Code lists: what a code means in both languages, and how published units are written and converted.

Observation status uses the SDMX letters (SDMX content-oriented guidelines, CL_OBS_STATUS).
"""

from __future__ import annotations

from typing import NamedTuple


class Label(NamedTuple):
    """A code in words: English and Chinese."""

    en: str
    zh: str


OBS_STATUS = {
    "A": Label("normal", "正常值"),
    "B": Label("break in the series", "口径中断"),
    "D": Label("definition differs", "定义不同"),
    "E": Label("estimated", "估计值"),
    "F": Label("forecast", "预测值"),
    "L": Label("missing, collected but not published", "缺失（已采集未发布）"),
    "M": Label("missing", "缺失"),
    "P": Label("preliminary", "初步数"),
    "U": Label("doubtful as printed", "原文存疑"),
}
CONFIDENCE = {
    "primary": Label("read in the publisher's release", "据发布机构原文"),
    "secondary": Label("quoted by press or a relay", "据媒体或转载"),
    "derived": Label("computed from published figures", "由公布数计算"),
}
CONFIDENCE_ORDER = {"primary": 0, "secondary": 1, "derived": 2}
FREQ = {"A": Label("annual", "年度"), "Q": Label("quarterly", "季度"), "M": Label("monthly", "月度")}
MEASURE = {
    "level": Label("level", "绝对量"),
    "growth": Label("growth as published", "公布增速"),
    "share": Label("share", "占比"),
    "rank": Label("rank", "位次"),
    "index": Label("index", "指数"),
}
SPAN = {"period": Label("own period", "当期"), "ytd": Label("year to date", "累计")}
MISSING = {
    "not_yet_published": Label("not yet published", "尚未发布"),
    "discontinued": Label("discontinued", "已停止发布"),
    "no_access": Label("no access", "无法获取"),
    "out_of_scope": Label("out of scope", "不在统计范围"),
    "not_published": Label("not published for this period", "该期未发布"),
}

UNITS = {
    "vehicles": Label("vehicles", "辆"),
    "sets": Label("sets", "套"),
    "units": Label("units", "台"),
    "pieces": Label("pieces", "块"),
    "cells": Label("cells", "只"),
    "items": Label("items", "个"),
    "kW": Label("kW", "千瓦"),
    "kW_ac": Label("kW (AC)", "千瓦（交流）"),
    "kW_dc": Label("kW (DC)", "千瓦（直流）"),
    "Wh": Label("Wh", "瓦时"),
    "Wh_per_100km": Label("Wh per 100 km", "瓦时/百公里"),
    "CNY": Label("yuan", "元"),
    "CNY_per_person": Label("yuan per person", "元/人"),
    "USD": Label("US dollars", "美元"),
    "EUR": Label("euros", "欧元"),
    "USD_PPP": Label("US dollars, PPP", "美元（购买力平价）"),
    "USD_PPP_2012": Label("US dollars, PPP of 2012", "美元（2012年购买力平价）"),
    "USD_PPP_2015": Label("US dollars, PPP of 2015", "美元（2015年购买力平价）"),
    "USD_per_kWh": Label("US dollars per kWh", "美元/千瓦时"),
    "USD_per_W_constant": Label("constant US dollars per watt", "不变价美元/瓦"),
    "USD_2025_per_W": Label("dollars of 2025 per watt", "2025年美元/瓦"),
    "USD_2017_PPP_per_hour": Label("dollars of 2017, PPP, per hour", "2017年购买力平价美元/小时"),
    "USD_2021_PPP_per_hour": Label("dollars of 2021, PPP, per hour", "2021年购买力平价美元/小时"),
    "USD_2017_PPP_per_person": Label("dollars of 2017, PPP, per person", "2017年购买力平价美元/人"),
    "USD_2021_PPP_per_person": Label("dollars of 2021, PPP, per person", "2021年购买力平价美元/人"),
    "kg_per_international_dollar": Label("kg per international dollar", "千克/国际元"),
    "tonnes": Label("tonnes", "吨"),
    "tce": Label("tonnes of coal equivalent", "吨标准煤"),
    "percent": Label("%", "%"),
    "percentage_points": Label("percentage points", "个百分点"),
    "percent_per_year": Label("% a year", "%/年"),
    "percent_cumulative": Label("% over the period", "%（累计）"),
    "percent_vs_2005": Label("% against 2005", "%（较2005年）"),
    "percent_vs_peak": Label("% against the peak", "%（较峰值）"),
    "times": Label("times", "倍"),
    "rank": Label("rank", "位"),
    "ratio": Label("ratio", "比率"),
    "index": Label("index", "指数"),
    "index_usa_1": Label("index, USA = 1", "指数（美国=1）"),
    "index_2017_1": Label("index, 2017 = 1", "指数（2017年=1）"),
    "index_2021_1": Label("index, 2021 = 1", "指数（2021年=1）"),
    "index_100": Label("index, start = 100", "指数（基期=100）"),
    "score": Label("score of 100", "分（满分100）"),
    "robots_per_10k_employees": Label("robots per 10,000 employees", "台/万名员工"),
    "per_million_people": Label("per million people", "人/百万人口"),
    "per_thousand_employed": Label("per thousand employed", "人/千名就业人员"),
    "pieces_per_10k_people": Label("per 10,000 people", "件/万人"),
    "applications": Label("applications", "件"),
    "articles": Label("articles", "篇"),
    "patents": Label("patents", "件"),
    "patent_families": Label("patent families", "同族专利"),
    "charging_points": Label("charging points", "个"),
    "models": Label("models", "个"),
    "companies": Label("companies", "家"),
    "clusters": Label("clusters", "个"),
    "persons": Label("persons", "人"),
}
# Units that count the same thing under two names: a set (套) of a robot is the machine with its control, a unit (台).
MEETS = {"sets": "units"}
ADDITIVE_FREE = {"percent", "percentage_points", "rank", "index", "score", "times"}

_EN_MULT = {
    0: "",
    2: "hundred ",
    3: "thousand ",
    4: "10,000 ",
    6: "million ",
    7: "10 million ",
    8: "100 million ",
    9: "billion ",
    12: "trillion ",
}
_ZH_MULT = {
    0: "",
    1: "十",
    2: "百",
    3: "千",
    4: "万",
    6: "百万",
    7: "千万",
    8: "亿",
    9: "十亿",
    11: "千亿",
    12: "万亿",
}
_SI = {
    ("kW", 3): Label("MW", "兆瓦"),
    ("kW", 6): Label("GW", "吉瓦"),
    ("kW_ac", 6): Label("GW (AC)", "吉瓦（交流）"),
    ("kW_dc", 6): Label("GW (DC)", "吉瓦（直流）"),
    ("Wh", 3): Label("kWh", "千瓦时"),
    ("Wh", 6): Label("MWh", "兆瓦时"),
    ("Wh", 9): Label("GWh", "吉瓦时"),
    ("Wh", 11): Label("100 million kWh", "亿千瓦时"),
    ("Wh", 12): Label("TWh", "太瓦时"),
    ("Wh_per_100km", 3): Label("kWh per 100 km", "千瓦时/百公里"),
}


def unit_label(unit_measure: str, unit_mult: int, lang: str = "en") -> str:
    """How a published unit is written: ("vehicles", 4) is "10,000 vehicles", 万辆."""
    label = _SI.get((unit_measure, unit_mult)) or UNITS[unit_measure]
    if (unit_measure, unit_mult) in _SI or unit_mult == 0:
        return label.zh if lang == "zh" else label.en
    if lang == "zh":
        return f"{_ZH_MULT.get(unit_mult, f'10^{unit_mult} ')}{label.zh}"
    return f"{_EN_MULT.get(unit_mult, f'10^{unit_mult} ')}{label.en}"


def convert(value: float, from_mult: int, to_mult: int) -> float:
    """The same quantity under another power of ten of one unit, free of binary dust (721.9 万 is 7.219 million)."""
    steps, value = from_mult - to_mult, float(value)
    if steps == 0 or value != value:
        return value
    return float(f"{value!r}e{steps}") if "e" not in repr(value) else value * 10.0**steps
