"""Why a derived figure is missing or doubtful, in both languages."""

from __future__ import annotations

from data.codes import Label

REASONS = {
    "no_base": Label("no published figure for {0} to compare with", "缺少可比的{0}公布数"),
    "no_level": Label("no published level for {0}", "缺少{0}公布的绝对量"),
    "zero_base": Label("the figure for {0} is zero or negative", "{0}数值为零或负数"),
    "break": Label("the definition changed in {0}", "{0}起统计口径变更"),
    "definition": Label("the definition differs from that of {0}", "与{0}口径不同"),
    "restarts": Label("a year-to-date figure restarts every year", "累计值每年重新起算"),
    "no_earlier": Label(
        "no year-to-date figure for {0}: the difference would cover several months",
        "缺少{0}累计值，差额将跨越多个月份",
    ),
    "falls": Label("the year-to-date figure is below that of {0}", "累计值低于{0}累计值"),
    "incomplete": Label("figures are missing among the {0} months to this one", "截至本月的{0}个月数据不全"),
    "other_season": Label("start and end are not the same month or quarter", "起止不是同一月份或季度"),
    "doubtful": Label("computed from a figure doubtful as printed", "所用数据原文存疑"),
    "disagrees": Label(
        "the month as published is {0}, the difference of the year-to-date figures departs by {1}: months were revised",
        "公布的当月值为{0}，累计值之差与其相差{1}：前期数据有修订",
    ),
}


def words(reason: str, lang: str = "en") -> str:
    """A reason as written in the `reason` column (`no_base@2014-03`) as a phrase in English or Chinese."""
    if not reason:
        return ""
    code, _, details = reason.partition("@")
    label = REASONS[code]
    return (label.zh if lang == "zh" else label.en).format(*details.split("@"))
