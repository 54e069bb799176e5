"""Every notebook runs from top to bottom on the shipped figures, and is stored with its outputs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
CHART = "application/vnd.plotly.v1+json"


def read(file):
    return nbformat.read(file, as_version=4)


def outputs(book):
    return [output for cell in book.cells for output in cell.get("outputs", [])]


def charts(book):
    return [output["data"][CHART] for output in outputs(book) if CHART in output.get("data", {})]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The robot notebook, run on the shipped figures alone."""
    book = read(FOLDER / "robot_growth.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NQPF_STORE", str(tmp_path_factory.mktemp("store")))
        NotebookClient(book, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    return book


def points(chart, name):
    """Period end and value of the marks of one trace."""
    trace = next(trace for trace in chart["data"] if trace["name"] == name)
    return dict(zip((end[:7] for end in trace["x"]), values(trace["y"]), strict=True))


def values(column):
    """The numbers of a trace, which plotly stores as text in base 64."""
    if not isinstance(column, dict):
        return column
    import base64

    import numpy as np

    return np.frombuffer(base64.b64decode(column["bdata"]), dtype=column["dtype"]).tolist()


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_stored_whole_small_and_clean(file):
    book, text = read(file), file.read_text(encoding="utf-8")
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert outputs(book) and charts(book) and not [one for one in outputs(book) if one.output_type == "error"]
    assert len(text) < 150_000
    assert not re.search(r"(/home/|/root/|/tmp/|/Users/|[A-Z]:\\\\)", text)


def test_from_select_to_published_against_computed_growth(executed):
    assert "select(" in "".join(cell.source for cell in executed.cells)
    (chart,) = charts(executed)
    published, computed = points(chart, "as published"), points(chart, "computed from published levels")
    assert published["2022-10"] == -3.2
    assert computed["2022-10"] == pytest.approx(21.6, abs=0.05)
    assert published["2021-10"] == 51.9 and computed["2021-10"] == pytest.approx(62.5, abs=0.05)
    assert set(published) == set(computed) and not any(end.endswith("-01") for end in published)


def test_the_stored_chart_is_that_of_the_figures(executed):
    stored = read(FOLDER / "robot_growth.ipynb")
    for name in ("as published", "computed from published levels"):
        assert points(charts(stored)[0], name) == points(charts(executed)[0], name)
