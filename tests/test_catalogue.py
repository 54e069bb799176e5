"""The catalogue is read whole, and a broken file says where it is broken."""

import re
import shutil
from pathlib import Path

import pytest

from data import catalogue, search, targets
from data.catalogue import CatalogueError
from data.checks import entries

FOLDER = Path(__file__).parent.parent / "data" / "catalogue"


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "catalogue")
    return tmp_path / "catalogue"


def test_the_shipped_catalogue_loads():
    loaded = catalogue.load()
    assert {"nbs", "caam", "ifr", "iea", "worldbank", "oecd"} <= set(loaded.sources)
    assert "nbs/nev_output.CHN.M.level.ytd" in loaded.series
    assert all(one.id == series_id for series_id, one in loaded.series.items())
    assert [s.id for s in loaded.sectors.values() if s.founding] == ["nev", "solar", "robots", "rd"]
    assert sum(area.kind == "province" for area in loaded.areas.values()) == 31


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('sector = "nev"', 'sector = "tea"', ["nbs.toml", "'nev_output'", "sector", "'tea'"]),
        ("unit_mult = 4", 'unit_mult = "4"', ["nbs.toml", "'nev_output'", "unit_mult", "int"]),
        ('sector = "nev"', 'sector = "nev"\ncolour = "red"', ["nbs.toml", "'nev_output'", "colour"]),
        ('indicator = "nev_output"', 'indicatr = "nev_output"', ["nbs.toml", "indicat"]),
        ("M.level.ytd", "M.level.cumulative", ["nbs.toml", "lines", "M.level.cumulative"]),
        ('id = "nbs"', 'id = "nsb"', ["nbs.toml", "[source]", "id", "'nsb'"]),
        ("[source]", "[source", ["nbs.toml", "TOML"]),
        ('unit_measure = "vehicles"', 'unit_measure = "cars"', ["nbs.toml", "'nev_output'", "unit_measure", "'cars'"]),
        ('indicator = "nev_output"', 'indicator = "nev/out.put"', ["nbs.toml", "'nev/out.put'", "indicator"]),
        (
            'sector = "nev"',
            'sector = "nev"\nbreaks = [{ period = "soon", reason = "r", reason_native = "r" }]',
            ["nbs.toml", "'nev_output'", "breaks[0].period", "'soon'"],
        ),
        ('lines = ["M.level.period"', "lines = [] #", ["nbs.toml", "'nev_output'", "`lines`: is empty"]),
        ('url = "https:', 'url = "javascript:', ["nbs.toml", "[source]", "url", "is not an address"]),
    ],
)
def test_a_broken_file_says_file_entry_and_field(copy, old, new, words):
    file = copy / "nbs.toml"
    text = file.read_text(encoding="utf-8")
    start = 0 if old in ("[source]", 'id = "nbs"', 'url = "https:') else text.index('indicator = "nev_output"')
    broken = text[:start] + text[start:].replace(old, new, 1)
    assert broken != text
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        catalogue.load(copy)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("caam.toml", 'series = ["a"]', "caam.toml: series is no list of tables"),
        ("caam.toml", '[series]\nindicator = "x"', "caam.toml: series is no list of tables"),
        ("caam.toml", 'defaults = ["a"]', "caam.toml: defaults is no table"),
        ("areas.toml", "area = 5", "areas.toml: area is no list of tables"),
        ("caam.toml", '[sries]\nindicator = "x"', "caam.toml: unknown table .sries.; known are"),
        ("caam.toml", "deep = " + "[" * 3000, "caam.toml: not valid TOML"),
    ],
)
def test_an_entry_of_another_shape_is_named(copy, file, text, words):
    source = re.split(r"\n\[\[series|\n\[defaults", (copy / "caam.toml").read_text(encoding="utf-8"))[0]
    written = text if file == "areas.toml" else f"{source}\n{text}" if text[0] == "[" else f"{text}\n{source}"
    (copy / file).write_text(written, encoding="utf-8")
    with pytest.raises(CatalogueError, match=words):
        catalogue.load(copy)


def test_a_vocabulary_of_another_shape_is_named(copy, monkeypatch):
    monkeypatch.setenv("NQPF_CATALOGUE", str(copy))
    (copy / "synonyms.toml").write_text('[[group]]\nterms = "NEV"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match="synonyms.toml, group 1, field `terms`"):
        search.find("NEV")
    (copy / "targets.toml").unlink()
    with pytest.raises(CatalogueError, match="targets.toml is missing"):
        targets.targets()


@pytest.mark.parametrize("file", ["sectors", "areas"])
def test_a_sector_or_area_twice_is_refused(copy, file):
    text = (copy / f"{file}.toml").read_text(encoding="utf-8")
    first, second = re.findall(r'^id = "(.+)"', text, re.MULTILINE)[:2]
    (copy / f"{file}.toml").write_text(text.replace(f'id = "{second}"', f'id = "{first}"'), encoding="utf-8")
    with pytest.raises(CatalogueError, match=f"{file}.toml, {file[:-1]} '{first}', field `id`: stands twice"):
        catalogue.load(copy)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("targets", 'kind = "growth_per_year"', 'kind = "hope"', "'rd_growth_plan_14'.*'hope', field `kind`"),
        ("targets", 'direction = "at_least"', 'direction = "up"', "'up', field `direction`"),
        ("targets", 'start = "2021"', 'start = "soon"', "field `start`"),
        ("targets", 'start = "2021"', 'start = "2031"', "field `start`: 2031 is after the end, 2025"),
        ("targets", 'of = "nbs/rd_exp', 'of = "nbs/tea_exp', "field `of`: 'nbs/tea_exp.*' is not in the catalogue"),
        ("targets", 'id = "rd_growth_plan_15"', 'id = "rd_growth_plan_14"', "field `id`: stands twice"),
        ("targets", "[[target]]", "[[targt]]", r"unknown table \[targt\]"),
        ("concepts", 'id = "nev"', 'id = "industrial_robots"', "concept 'industrial_robots', field `id`: stands twice"),
        ("concepts", "series = [\n", 'series = [\n"nbs/tea",\n', "field `series`: series 'nbs/tea' is not in the cat"),
        ("concepts", "[[signal]]", "[[sgnal]]", r"unknown table \[sgnal\]"),
        ("synonyms", "terms = ", "words = ", "synonyms.toml, group 1, field `terms`"),
    ],
)
def test_a_wrong_entry_of_a_vocabulary_is_named(copy, monkeypatch, file, old, new, words):
    text = (copy / f"{file}.toml").read_text(encoding="utf-8")
    assert old in text
    (copy / f"{file}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setenv("NQPF_CATALOGUE", str(copy))
    found = [one for one in entries.vocabularies() if one.where == f"{file}.toml"]
    assert len(found) == 1 and re.search(words, found[0].message)


def test_a_file_that_is_no_file_is_named(copy):
    (copy / "zz.toml").mkdir()
    with pytest.raises(CatalogueError, match="zz.toml: cannot be read"):
        catalogue.load(copy)


def test_a_route_to_nowhere_is_refused(copy):
    with (copy / "owid.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[route]]\nsource = "nbs"\nindicator = "tea_output"\nlocator = {series = "x"}\n')
    with pytest.raises(CatalogueError, match="nbs/tea_output is not in the catalogue"):
        catalogue.load(copy)


def test_a_file_not_in_utf8_is_named(copy):
    (copy / "caam.toml").write_bytes("[source]\nid = '中国'".encode("gb18030"))
    with pytest.raises(CatalogueError, match="caam.toml"):
        catalogue.load(copy)
