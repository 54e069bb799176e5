"""Every word of the interface in English and Chinese: the string tables, the code that uses them, the catalogue."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from dashboard import texts
from data import catalogue, events

ROOT = Path(__file__).parent.parent
CODE = sorted((ROOT / "dashboard").rglob("*.py"))
EN, ZH = texts.strings("en"), texts.strings("zh")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z\u4e00-\u9fff]{2,}")
# What stands in a string and is not read: markup, icons, addresses, entities.
UNREAD = re.compile(r"<[^>]*>|:material/\w+:|:[a-z]+\[|https?://\S+|&\w+;|\{\w*\}")
OWN_FORMS = {"date", "period", "band"}  # each language fills in what its form of a date or a plan's name needs
NAMES = {"pandas"}  # the same in every language
SHOWN = {"label", "body", "help", "placeholder", "text", "title", "alt", "caption", "description"}
PATHS = {"page_link", "switch_page", "Page"}  # their first argument is a file
NOT_SHOWN = {"code", "component", "fragment", "cache_data", "cache_resource", "navigation", "stop", "rerun"}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def root(node):
    """The name a call starts from: `st` of st.columns(2)[0].metric, `texts` of texts.of(lang)."""
    while not isinstance(node, ast.Name):
        node = getattr(node, "func", None) or getattr(node, "value", None)
        if node is None:
            return ""
    return node.id


def is_say(function):
    """Whether this is a function that says a key: t, say, say(), link.say(), texts.of(lang)."""
    if isinstance(function, ast.Name):
        return function.id in {"t", "say"}
    if not isinstance(function, ast.Call):
        return False
    inner = function.func
    name = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
    return name == "say" or (name == "of" and root(inner) == "texts")


def said(file):
    """The calls that say a key: (line, key or pattern, names of the values)."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and is_say(node.func):
            values = {one.arg for one in node.keywords}
            for key in alternatives(node.args[0]):
                yield node.lineno, key, values


def alternatives(node):
    """The keys an argument may be: a string, either side of `a if … else b`, a pattern where parts are filled in."""
    if isinstance(node, ast.Constant):
        return [re.escape(str(node.value))]
    if isinstance(node, ast.IfExp):
        return [*alternatives(node.body), *alternatives(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(one.value) if isinstance(one, ast.Constant) else ".+" for one in node.values]
        return ["".join(parts)]
    return []


def strings_of(node):
    """The literal text in an expression: strings, the fixed parts of f-strings, both sides of + and of conditions."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*strings_of(node.left), *strings_of(node.right)]
    if isinstance(node, ast.IfExp):
        return [*strings_of(node.body), *strings_of(node.orelse)]
    if isinstance(node, ast.List | ast.Tuple):
        return [text for one in node.elts for text in strings_of(one)]
    return []


def test_both_languages_have_the_same_keys():
    assert set(EN) == set(ZH)
    english, chinese = (
        {file.name.split(".")[0] for file in texts.FOLDER.glob(f"*.{lang}.toml")} for lang in ("en", "zh")
    )
    assert english == chinese


def test_a_string_is_the_same_in_both_languages():
    """Both are there, take the same values, and the Chinese one is Chinese where the English one has words."""
    wrong = []
    for key in EN:
        if not (EN[key].strip() and ZH[key].strip()):
            wrong.append(f"{key} is empty")
        if placeholders(EN[key]) != placeholders(ZH[key]) and key.split(".")[0] not in OWN_FORMS:
            wrong.append(
                f"{key}: {sorted(placeholders(EN[key]))} in English, {sorted(placeholders(ZH[key]))} in Chinese"
            )
        words = re.search(r"[a-z]{3,}", UNREAD.sub("", EN[key]))
        if words and EN[key] not in NAMES and not CHINESE.search(ZH[key]):
            wrong.append(f"{key}: {ZH[key]!r} is not Chinese")
    assert wrong == []


@pytest.mark.parametrize("file", CODE, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_the_code_says_is_in_the_table(file):
    wrong = []
    for line, key, values in said(file):
        found = [one for one in EN if re.fullmatch(key, one)]
        wanted = {one: placeholders(EN[one]) | placeholders(ZH[one]) for one in found}
        missing = [one for one in found if None not in values and not wanted[one] <= values]
        if not found:
            wrong.append(f"line {line}: no string {key}")
        if missing and (len(found) == 1 or len(missing) == len(found)):
            wrong.append(f"line {line}: {missing[0]} wants {sorted(wanted[missing[0]])}, not {sorted(values)}")
    assert wrong == []


def test_no_string_is_left_over():
    """Every string is said somewhere: as it is, or by a pattern such as `page.{name}`."""
    patterns = set()
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                patterns |= set(alternatives(node))
            elif isinstance(node, ast.Constant) and re.fullmatch(r"[a-z_]+\.[\w.{}]+", str(node.value)):
                patterns.add(re.sub(r"\\\{\w*\\\}", ".+", re.escape(node.value)))
    patterns = {one for one in patterns if re.match(r"\w+\\\.", one)}
    assert [key for key in EN if not any(re.fullmatch(one, key) for one in patterns)] == []


@pytest.mark.parametrize("file", CODE, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_word_stands_in_the_code(file):
    """What st.* shows comes from the string table: no label, text or help is written in a page."""
    wrong = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or root(node.func) != "st":
            continue
        if node.func.attr in NOT_SHOWN or re.search("session_state|query_params", ast.unparse(node.func)):
            continue
        shown = [] if node.func.attr in PATHS else node.args[:1]
        shown += [one.value for one in node.keywords if one.arg in SHOWN]
        for text in (text for one in shown for text in strings_of(one)):
            if WORD.search(UNREAD.sub("", text)):
                wrong.append(f"line {node.lineno}: {text!r}")
    assert wrong == []


def tables(value, where):
    """Every table in a TOML document, with its place."""
    if isinstance(value, dict):
        yield where, value
        for name, inner in value.items():
            yield from tables(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from tables(inner, f"{where} {number}")


def is_name(text):
    """Nothing, or the name of a licence that is the same in every language."""
    return not text or text.startswith("CC BY")


BOTH = (
    "title", "publisher", "licence", "note", "counts", "excludes", "definition", "words", "reason", "short",
    "question", "scope", "summary",
)  # fmt: skip
OTHERS = [ROOT / "data" / "corrections.toml", *(ROOT / "dashboard").glob("*.toml")]
OTHERS += [file for file in texts.FOLDER.glob("*.toml") if not file.stem.endswith(texts.LANGUAGES)]
FILES = [*sorted(catalogue.FOLDER.glob("*.toml")), *OTHERS]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_the_catalogue_says_is_in_both_languages(file):
    wrong = []
    for where, table in tables(tomllib.loads(file.read_text(encoding="utf-8")), file.name):
        for field in {*BOTH, *(name.removesuffix("_native") for name in table if name.endswith("_native"))}:
            if bool(table.get(field)) != bool(table.get(f"{field}_native")):
                wrong.append(f"{where}, {field}: only one language")
        native = [table[name] for name in table if name.endswith("_native") and name != "publisher_native"]
        wrong += [f"{where}: {text!r} is not Chinese" for text in native if not (CHINESE.search(text) or is_name(text))]
    assert wrong == []


def test_who_took_a_step_has_a_chinese_name():
    named = {one for text in events.load()["body"] for one in text.split("; ") if one}
    assert [one for one in sorted(named) if not CHINESE.search(texts.bodies(one, "zh"))] == []
    assert texts.bodies("MOF; STA", "zh") == "财政部、国家税务总局" and texts.bodies("MOF; STA", "en") == "MOF; STA"
