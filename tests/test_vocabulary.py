"""The vocabularies: sectors, areas, concepts, signals, targets, synonyms, glossary, and the words of every series."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from data import catalogue, codes, concepts, search, tables, targets

ROOT = Path(__file__).parents[1]
LIGHT, DARK = "#ffffff", "#14181f"
Colour = tuple[float, float, float]
# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB. doi:10.1109/TVCG.2009.113
SIGHT = {
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)


def linear(colour: str) -> Colour:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return curve(red), curve(green), curve(blue)


def curve(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def times(matrix: tuple[Colour, ...], vector: Colour) -> Colour:
    one, two, three = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three


def contrast(one: str, other: str) -> float:
    """Contrast as WCAG 2.2 defines it."""
    low, high = sorted(times(XYZ, linear(colour))[1] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, sight: str) -> Colour:
    """CIE L*a*b* of the colour as it is seen."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in times(SIGHT[sight], linear(colour)))
    parts = (part / white for part, white in zip(times(XYZ, (red, green, blue)), WHITE, strict=True))
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in parts)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: str, other: str, sight: str) -> float:
    """Delta E of 1976: about 2 is just noticeable, 20 is plainly another colour."""
    return sum((a - b) ** 2 for a, b in zip(lab(one, sight), lab(other, sight), strict=True)) ** 0.5


def chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def test_the_measure_of_difference_knows_what_the_colour_blind_confuse() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert difference("#d62728", "#7a6a00", "full") > 40
    assert difference("#d62728", "#7a6a00", "deuteranopia") < 20


def test_sector_colours_stand_out_from_the_page() -> None:
    sectors = [s for s in catalogue.load().sectors.values() if not s.theme]
    weak = [s.id for s in sectors if contrast(s.colour, LIGHT) < 3 or contrast(s.colour_dark, DARK) < 3]
    assert weak == []
    assert len(sectors) == 12


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("field", ["colour", "colour_dark"])
def test_founding_sectors_stay_apart_for_every_eye(sight: str, field: str) -> None:
    founding = [s for s in catalogue.load().sectors.values() if s.founding]
    assert [s.id for s in founding] == ["nev", "solar", "robots", "rd"]
    alike = [
        (one.id, other.id)
        for one, other in itertools.combinations(founding, 2)
        if difference(getattr(one, field), getattr(other, field), sight) < 20
    ]
    assert alike == []


def test_sectors_differ_without_colour() -> None:
    sectors = [s for s in catalogue.load().sectors.values() if not s.theme]
    assert len({s.marker for s in sectors}) == len(sectors)
    assert len({s.dash for s in sectors if s.founding}) == 4


def test_every_series_has_a_real_sector_and_every_sector_a_series() -> None:
    loaded = catalogue.load()
    assert {s.sector for s in loaded.series.values()} == {s.id for s in loaded.sectors.values() if not s.theme}


def test_every_area_is_used_and_the_provinces_fill_a_grid() -> None:
    loaded = catalogue.load()
    assert {s.ref_area for s in loaded.series.values()} == set(loaded.areas)
    provinces = [a for a in loaded.areas.values() if a.kind == "province"]
    assert len(provinces) == 31
    assert len({(a.tile_row, a.tile_column) for a in provinces}) == 31
    assert all(a.tile_row and a.tile_column and a.iso == a.id for a in provinces)
    assert all(chinese(a.title_native) for a in loaded.areas.values())


def test_every_series_speaks_both_languages() -> None:
    one_of_each = {(s.source, s.indicator): s for s in catalogue.load().series.values()}
    mute = [
        (s.id, field)
        for s in one_of_each.values()
        for field in ("title", "counts", "excludes")
        if not getattr(s, field).strip() or not chinese(getattr(s, f"{field}_native"))
    ]
    assert mute == []
    halved = [
        (s.id, field)
        for s in one_of_each.values()
        for field in ("definition", "words")
        if bool(getattr(s, field)) != bool(getattr(s, f"{field}_native"))
    ]
    assert halved == []
    assert [s.id for s in one_of_each.values() for b in s.breaks if not b.reason or not chinese(b.reason_native)] == []


def test_every_series_says_what_is_plausible() -> None:
    for series in catalogue.load().series.values():
        bounds = series.expect
        pair = (bounds.growth_min, bounds.growth_max) if series.measure == "growth" else (bounds.min, bounds.max)
        assert any(bound is not None for bound in pair), f"{series.id}: no bounds"


def test_every_source_names_its_licence_in_both_languages() -> None:
    for source in catalogue.load().sources.values():
        assert source.licence and chinese(source.licence_native + source.note_native) or "CC BY" in source.licence
        assert source.attribution and source.url.startswith("http"), source.id
    kept = {s.id for s in catalogue.load().sources.values() if not s.redistributable}
    assert {"ifr", "bnef", "caam", "cpca"} <= kept


def test_editions_that_must_not_be_joined_are_different_indicators() -> None:
    loaded = catalogue.load()
    assert loaded.series["pwt/tfp_national_prices_pwt1001.CHN.A.index.period"].unit_measure == "index_2017_1"
    assert loaded.series["pwt/tfp_national_prices_pwt110.CHN.A.index.period"].unit_measure == "index_2021_1"
    old = tables.select(series="ifr/robot_density.CHN.A.level.period", start="2024")
    new = tables.select(series="ifr/robot_density_2026method.CHN.A.level.period", start="2024")
    assert old["value"].tolist() == [567.0]
    assert new["value"].tolist() == [166.0]


def test_concepts_and_signals_have_figures() -> None:
    shown = concepts.concepts() + concepts.signals()
    have = set(tables.select(series=[s for item in shown for s in item.series])["series"])
    fetched = {one.id for one in catalogue.load().series.values() if one.locators}
    assert [s for item in shown for s in item.series if s not in have | fetched] == []
    assert all(have & set(item.series) for item in shown)
    for item in shown:
        assert chinese(item.title_native) and len(item.series) == len(set(item.series)) > 0, item.id
    assert len({item.id for item in shown}) == len(shown)


def test_a_concept_sets_like_beside_like() -> None:
    loaded = catalogue.load().series
    for concept in concepts.concepts():
        assert len({loaded[s].measure for s in concept.series}) == 1, concept.id
        assert len({loaded[s].source for s in concept.series}) > 1, concept.id
        assert {loaded[s].ref_area for s in concept.series} == {"CHN"}, concept.id


def test_robots_of_2021_are_three_different_numbers() -> None:
    robots = next(c for c in concepts.concepts() if c.id == "industrial_robots")
    found = tables.select(series=robots.series, freq="A", start="2021", end="2021")
    base = {row.source: codes.convert(row.value, row.unit_mult, 0) for row in found.itertuples()}
    assert base["nbs"] > base["ifr"] > 200_000


def test_every_target_of_the_tables_is_told_and_every_told_target_has_a_figure() -> None:
    told = {(t.series, t.time_period) for t in targets.targets()}
    held = tables.select(source="npc", vintages="all")
    held = held[held["indicator"].str.startswith("target_")]
    assert told == set(zip(held["series"], held["time_period"], strict=True))
    assert len({t.id for t in targets.targets()}) == len(targets.targets())


def test_targets_are_sound() -> None:
    loaded = catalogue.load().series
    for target in targets.targets():
        assert target.start <= target.end == target.time_period, target.id
        assert target.direction in {"at_least", "at_most", "about"}, target.id
        assert target.kind in {
            "growth_per_year", "level_by_end", "share_by_end", "reduction_over_period", "ratio_to_base",
        }, target.id  # fmt: skip
        assert chinese(target.title_native) and bool(target.note) == bool(target.note_native), target.id
        if target.of:
            assert not tables.select(series=target.of).empty, target.id
            units = {loaded[target.of].unit_measure, loaded[target.series].unit_measure}
            assert (
                len(units) == 1
                or units <= {"percent", "percent_per_year", "percent_cumulative"}
                or (target.kind == "ratio_to_base")
            ), target.id


def test_one_thing_is_found_by_any_of_its_names() -> None:
    found = {name: {s.id for s in search.find(name)} for name in ("新能源汽车", "NEV", "EV", "电动车")}
    assert found["NEV"] == found["新能源汽车"] == found["EV"] == found["电动车"]
    assert "nbs/nev_output.CHN.M.level.ytd" in found["NEV"]
    assert {s.id for s in search.find("TFP")} == {s.id for s in search.find("全要素生产率")}
    assert {s.id for s in search.find("chips")} == {s.id for s in search.find("芯片")}


def test_a_search_term_stands_in_one_group() -> None:
    terms = Counter(term for group in search.groups() for term in group)
    assert [term for term, times_seen in terms.items() if times_seen > 1] == []


def test_glossary_is_bilingual_and_sourced() -> None:
    text = (ROOT / "dashboard/locale/glossary.toml").read_text(encoding="utf-8")
    terms = tomllib.loads(text)["term"]
    assert len(terms) >= 40
    assert len({t["id"] for t in terms}) == len(terms)
    for term in terms:
        assert term["term"] and chinese(term["term_native"]) and chinese(term["text_native"]), term["id"]
        assert len(term["text"]) > 20, term["id"]
        own = term["source_title"] == "Method of this dashboard"
        assert own or term["source_url"].startswith("http"), term["id"]


def test_distance_is_told_as_the_target_is() -> None:
    by_id = {t.id: t for t in targets.targets()}
    density = targets.distance(by_id["robot_density_2025"]).set_index("time_period")["distance"]
    assert density["2020"] == pytest.approx(1 - 2)
    assert density["2023"] == pytest.approx(470 / 246 - 2)
    share = targets.distance(by_id["nev_share_2025"]).set_index("time_period")["distance"]
    assert share["2025"] == pytest.approx(47.9 - 20)
    assert targets.distance(by_id["bev_consumption_2025"]).empty
