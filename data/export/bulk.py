"""Everything in one file: all figures that may be passed on, with every vintage, and what is needed to use them."""

from __future__ import annotations

import io
import zipfile

import pandas as pd

from data import catalogue, tables
from data.codes import Label
from data.export import lists
from data.export.citations import cite_table
from data.export.csv_file import csv_bytes
from data.export.rows import rows, withhold

README = Label(
    """# Figures of the NQPF dashboard

Data version {version}, newest publication {date}. {count} figures, every vintage of each.

| file | content |
|---|---|
| observations.csv | one published figure a row |
| series.csv | what each series counts, and its changes of definition |
| events.csv | steps of policy and market |
| releases.csv | the documents the figures are printed in |
| sources.csv | publishers and the terms their figures come under |
| columns.csv | the meaning of every column |
| citations.txt, citations.bib | how to cite |

All files are UTF-8 and RFC 4180. A text cell that a spreadsheet would run as a formula has an apostrophe in front.
The figures stay under the terms of their sources: see `licence` in sources.csv and name the source.

## Left out

The tables of these sources may not be passed on in bulk. The dashboard quotes their headline figures one by one; the
data API gives them to a question that names the source or the indicator.

{withheld}
""",
    """# 新质生产力数据看板数据包

数据版本{version}，最近发布日期{date}。共{count}个数值，含各次公布的版本。

| 文件 | 内容 |
|---|---|
| observations.csv | 每行一个公布数 |
| series.csv | 各序列的统计范围与口径变更 |
| events.csv | 政策与市场事件 |
| releases.csv | 数据所载文件 |
| sources.csv | 发布机构与使用条款 |
| columns.csv | 各列含义 |
| citations.txt、citations.bib | 引用方式 |

所有文件均为UTF-8编码，符合RFC 4180。电子表格可能当作公式执行的文本单元格前加撇号。
数据适用各来源的条款：见sources.csv的licence_zh列，使用时请注明来源。

## 未收录

下列来源的数据不得整批转发。本网站仅逐个引用其主要数字；数据接口在查询中指明来源或指标时提供。

{withheld}
""",
)
_ROW = Label("- {publisher} ({source}): {n} figures. {licence}", "- {publisher}（{source}）：{n}个数值。{licence}")


def everything_zip(lang: str = "en", bom: bool = False) -> bytes:
    """A zip with observations, series, events, releases, sources, column dictionary, README and citations.

    Figures of sources that may not be passed on in bulk are left out, and the README says how many of whom. Dictionary,
    README and citations are in the reader's language; `bom` is for Excel.
    """
    frame, held = withhold(tables.select(vintages="all"))
    table = rows(frame)
    files = {
        "README.md": _readme(len(table), held, lang).encode("utf-8"),
        "observations.csv": csv_bytes(table, bom),
        "series.csv": csv_bytes(lists.series_list(), bom),
        "events.csv": csv_bytes(lists.event_list(), bom),
        "releases.csv": csv_bytes(lists.release_list(), bom),
        "sources.csv": csv_bytes(lists.source_list(), bom),
        "columns.csv": csv_bytes(lists.dictionary_list(lang), bom),
        "citations.txt": _citations(table, lang, "full").encode("utf-8"),
        "citations.bib": _citations(table, lang, "bibtex").encode("utf-8"),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _day()), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _day() -> tuple[int, int, int, int, int, int]:
    """The day of the data stands on the files, so that the same data give the same zip."""
    year, month, day = (int(part) for part in tables.data_version()[:10].split("-"))
    return year, month, day, 0, 0, 0


def _readme(count: int, held: dict[str, int], lang: str) -> str:
    zh, sources = int(lang == "zh"), catalogue.load().sources
    lines = [
        _ROW[zh].format(
            publisher=sources[one].publisher_native if zh else sources[one].publisher,
            source=one,
            n=n,
            licence=sources[one].licence_native if zh else sources[one].licence,
        )
        for one, n in held.items()
    ]
    version, date = tables.data_version(), tables.data_date()
    return README[zh].format(version=version, date=date, count=count, withheld="\n".join(lines))


def _citations(table: pd.DataFrame, lang: str, form: str) -> str:
    """One citation for each publisher."""
    of = table.groupby(table["series"].str.partition("/")[0], sort=True)
    return "\n".join(getattr(cite_table(its, lang), form) for _, its in of) + "\n"


def everything_name() -> str:
    """What the zip is called."""
    return f"nqpf_everything_data-{tables.data_version()}.zip"
