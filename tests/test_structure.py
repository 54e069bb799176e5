"""The direction of the imports: fetchers -> data <- dashboard, and nothing of ours in data."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"data", "fetchers", "dashboard"}
ALLOWED = {"data": {"data"}, "fetchers": {"fetchers", "data"}, "dashboard": {"dashboard", "data"}}
UPDATE_BUTTON = "dashboard/updating.py"
HEAVY = {"openpyxl", "nbclient", "nbformat", "IPython", "statsmodels", "scipy", "matplotlib"}
HEAVY |= {"plotly.express", "requests", "requests_cache"}
SCRIPTS = {"app", "server"}  # run by streamlit, not imported


def imported(file: Path) -> set[str]:
    return names_imported(ast.parse(file.read_text(encoding="utf-8")))


def names_imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_imports_flow_one_way(package):
    for file in (ROOT / package).rglob("*.py"):
        ours = {name.split(".")[0] for name in imported(file)} & OURS
        allowed = ALLOWED[package] | ({"fetchers"} if file.relative_to(ROOT).as_posix() == UPDATE_BUTTON else set())
        assert ours <= allowed, f"{file.relative_to(ROOT)} imports {sorted(ours - allowed)}"


def test_figures_and_words_know_no_streamlit():
    for file in (ROOT / "dashboard").glob("*.py"):
        if file.name.startswith(("figures", "words", "texts", "timeline_figure")):
            assert not any(name.split(".")[0] == "streamlit" for name in imported(file)), file.name


def test_nothing_heavy_is_imported_at_start():
    """Loading every module of data and dashboard brings none of the libraries that only some actions need."""
    files = [*(ROOT / "data").rglob("*.py"), *(ROOT / "dashboard").glob("*.py")]
    modules = [file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for file in files]
    wanted = [name for name in modules if name.split(".")[-1] not in {"__init__", "__main__", *SCRIPTS}]
    code = f"import importlib, sys; [importlib.import_module(name) for name in {wanted}]; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    assert {"data.tables", "dashboard.texts"} <= set(out.stdout.split())
    assert not HEAVY & set(out.stdout.split())


def test_scripts_import_nothing_heavy_at_start():
    for file in (ROOT / "dashboard").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        at_start = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        assert not HEAVY & names_imported(at_start), file.name
