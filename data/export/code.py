"""Code that rebuilds a view elsewhere: a few lines of pandas, and a notebook that is ready to run."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from data.codes import Label
from data.export.citations import cite_table

_TITLE = Label("# A view of the NQPF dashboard", "# 新质生产力数据看板：当前视图")
_ABOUT = Label(
    "Data version {version}. The cell below asks the data API for the rows of the view; `path` may also be a CSV file "
    "downloaded from the page.",
    "数据版本{version}。下一单元格向数据接口读取本视图的数据；`path`也可改为从页面下载的CSV文件。",
)
_ROWS = Label("## The rows", "## 数据")
_CHART = Label("## The chart: one panel a unit", "## 图：每种单位一幅")
_CITE = Label("## How to cite", "## 引用")
READ = """import pandas as pd

path = {address}
rows = pd.read_csv(path, keep_default_na=False, na_values={{"value": [""], "value_std": [""]}},
                   parse_dates=["period_start", "period_end"])
"""
WIDE = """wide = rows.pivot_table(index="period", columns="series", values="value_std", aggfunc="last")
wide"""
CHART = """import plotly.express as px

for unit, of_unit in rows.groupby("unit_std", sort=False):
    px.line(of_unit, x="period_end", y="value_std", color="series", symbol="basis", markers=True,
            labels={"value_std": unit, "period_end": ""}).show()"""


def snippet(address: str) -> str:
    """pandas code that reads the slice at this address, or a CSV file, and lays its series side by side."""
    return READ.format(address=json.dumps(address)) + WIDE + "\n"


def notebook_bytes(table: pd.DataFrame, address: str, lang: str = "en", link: str = "") -> bytes:
    """A Jupyter notebook (nbformat 4.5) of the view: reads the rows at `address`, shows, draws and cites them.

    `table` is the view's exported rows; they are cited, not stored in the notebook.
    """
    zh = int(lang == "zh")
    version = str(table["data_version"].iloc[0]) if len(table) else ""
    cited = cite_table(table, lang, link)
    cells = [
        _markdown(f"{_TITLE[zh]}\n\n{_ABOUT[zh].format(version=version)}\n\n{link}".strip()),
        _code(READ.format(address=json.dumps(address)) + "rows"),
        _markdown(_ROWS[zh]),
        _code(WIDE),
        _markdown(_CHART[zh]),
        _code(CHART),
        _markdown(f"{_CITE[zh]}\n\n{cited.full}\n\n```\n{cited.bibtex}```"),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    book = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, ensure_ascii=False, indent=1).encode("utf-8")


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    source = text.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
