"""What is asked of a series becomes the right lines; what cannot be had is refused with its reason."""

import pandas as pd
import pytest

from dashboard import missing, number, parameters, presets, rows, selection, texts, transforms
from dashboard.transforms import Asked, Tables
from data import derive

NEV = "nbs/nev_output.CHN.M.level.ytd"
ROBOTS = "nbs/industrial_robot_output.CHN.M.level.ytd"
RD = "nbs/rd_expenditure.CHN.A.level.period"
SHARE = "nbs/rd_gdp_share.CHN.A.share.period"
RANK = "wipo/gii_rank.CHN.A.rank.period"
TABLES = Tables(rows.known, number.whole)
DAY = "2023-09-07"


def ids(series, measure, **more):
    return transforms.lines_of(series, Asked(measure, **more), TABLES)


def view(**changes):
    """The view of a first visit with these changes."""
    known = {name: one.default() for name, one in parameters.PARAMETERS.items()}
    known |= {"as_of": "", "start": known.pop("from"), "end": known.pop("to")} | changes
    return parameters.View(**{name: tuple(v) if isinstance(v, list) else v for name, v in known.items()})


@pytest.mark.parametrize(
    ("series", "measure", "lines"),
    [
        (NEV, "level", [NEV]),
        (NEV, "ytd", [NEV]),
        ("nbs/nev_output.CHN.M.level.period", "ytd", [NEV]),
        (NEV, "month", ["nbs/nev_output.CHN.M.level.period~difference", "nbs/nev_output.CHN.M.level.period"]),
        (NEV, "growth", ["nbs/nev_output.CHN.M.growth.ytd"]),
        (NEV, "computed", ["nbs/nev_output.CHN.M.growth.ytd~computed"]),
        ("nbs/nev_output.CHN.M.growth.ytd", "both", [
            "nbs/nev_output.CHN.M.growth.ytd", "nbs/nev_output.CHN.M.growth.ytd~computed",
            "nbs/nev_output.CHN.M.growth.ytd~gap",
        ]),
        (NEV, "two_year_average", [
            "nbs/nev_output.CHN.M.growth.ytd~two_year_average",
            "nbs/nev_output.CHN.M.growth.ytd~computed~two_year_average",
        ]),
        (SHARE, "change", [f"{SHARE}~change"]),
        (RD, "index", [f"nbs/rd_expenditure.CHN.A.index.period~index={DAY}"]),
        (RD, "cagr", ["nbs/rd_expenditure.CHN.A.growth.period~cagr=2015"]),
        (NEV, "share", ["nbs/nev_output.CHN.M.share.ytd~share=nbs/vehicle_output"]),
    ],
)  # fmt: skip
def test_what_is_asked_becomes_lines(series, measure, lines):
    assert ids(series, measure, base=DAY, since="2015", until="2024", whole="nbs/vehicle_output") == (lines, "")


@pytest.mark.parametrize(
    ("series", "measure", "reason"),
    [
        (RD, "month", "annual"), (RD, "ytd", "no_ytd"), (SHARE, "growth", "no_growth"), (RANK, "computed", "no_level"),
        ("nbs/capacity_utilisation_industry.CHN.Q.level.period", "computed", "percent"), (NEV, "change", "not_percent"),
        (RD, "rolling", "not_monthly"), (NEV, "cagr", "no_dates"), (NEV, "share", "no_whole"),
        ("nbs/capacity_utilisation_industry.CHN.Q.level.period", "index", "percent"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_refused_in_both_languages(series, measure, reason):
    lines, why = ids(series, measure, base=DAY)
    assert (lines, why) == ([], reason)
    for lang in texts.LANGUAGES:
        assert texts.of(lang)(f"explore.refused_{why}", measure="", message="")


def test_a_share_needs_another_series_in_the_same_unit():
    assert ids(NEV, "share", whole="nbs/nev_output")[1] == "itself"
    assert ids(ROBOTS, "share", whole="nbs/vehicle_output")[1] == "other_unit"
    assert ids(RD, "share", whole="nbs/vehicle_output")[1] == "no_such_whole"
    offered = transforms.wholes([NEV], rows.with_figures())
    assert "nbs/vehicle_output" in offered
    assert "nbs/nev_output" not in offered and "nbs/integrated_circuit_output" not in offered


def test_year_to_date_figures_are_indexed_as_sums_of_twelve_months():
    (line,), reason = ids(NEV, "index", base=DAY)
    assert reason == "" and "~rolling=12~index=2023-09-07" in line
    at = number.whole(line).set_index("time_period")["value"]
    assert at["2023-09"] == pytest.approx(100)


def test_two_truths_about_robots_side_by_side_with_the_gap():
    made = transforms.make([ROBOTS], Asked("both"), TABLES)
    at = made.frame[made.frame["time_period"] == "2022-10"].set_index("series")["value"]
    stem = "nbs/industrial_robot_output.CHN.M.growth.ytd"
    assert at[stem] == -3.2
    assert at[f"{stem}~computed"] == pytest.approx(21.6, abs=0.05)
    assert at[f"{stem}~gap"] == pytest.approx(24.8, abs=0.05)
    keys = [one.key for one in transforms.panels(made.frame)]
    assert len(keys) == 2, "growth and the gap have different units, so they have panels of their own"


def test_compound_growth_stands_at_its_end_only():
    made = transforms.make([RD], Asked("cagr", since="2015", until="2024"), TABLES)
    levels = rows.of([RD]).set_index("time_period")["value"]
    assert made.frame["time_period"].tolist() == ["2024"]
    assert made.frame["value"].iloc[0] == pytest.approx(((levels["2024"] / levels["2015"]) ** (1 / 9) - 1) * 100)


@pytest.mark.parametrize(
    ("since", "until", "reason"),
    [("2020", "2018", "backwards"), ("2019-06", "2023-05", "other_season"), ("2019", "2050", "no_end")],
)
def test_why_compound_growth_has_no_end(since, until, reason):
    made = transforms.make([NEV], Asked("cagr", since=since, until=until), TABLES)
    assert made.frame.empty and [one.reason for one in made.refused] == [reason]
    for lang in texts.LANGUAGES:
        assert texts.of(lang)(f"explore.refused_{reason}", measure="", message="")


def test_no_january_is_invented():
    made = transforms.make([NEV], Asked("month"), TABLES)
    computed = made.frame[made.frame["series"].str.endswith("~difference")]
    assert not computed["time_period"].str.endswith("-01").any()
    february = computed[computed["time_period"].str.endswith("-02")]
    assert set(february["span"]) == {"ytd"}
    december = computed[computed["time_period"] == "2023-12"].iloc[0]
    assert december["value"] == pytest.approx(139.4) and december["reason"].startswith("disagrees@114.1")


def test_a_panel_has_one_unit():
    made = transforms.make([NEV, ROBOTS, SHARE, RD], Asked("level"), TABLES)
    for one in transforms.panels(made.frame):
        assert one.frame["unit_measure"].nunique() == 1
    assert len(transforms.panels(made.frame)) == 4
    apart = transforms.panels(transforms.make([NEV, ROBOTS], Asked("growth"), TABLES).frame, apart=True)
    assert [one.frame["indicator"].unique().tolist() for one in apart] == [["nev_output"], ["industrial_robot_output"]]


def test_every_derived_row_has_a_formula_and_published_inputs():
    for measure in parameters.MEASURES:
        asked = Asked(measure, DAY, "nbs/vehicle_output", "2019-12", "2024-12")
        frame = transforms.make([NEV, RD, SHARE], asked, TABLES).frame
        derived = frame[frame["series"].str.contains("~")]
        assert (derived["derivation"] != "").all() and (derived["inputs"] != "").all()
        assert not derived["inputs"].str.contains("~").any()


def test_quality_of_a_computed_row_is_that_of_its_inputs():
    made = transforms.make([NEV], Asked("computed"), TABLES).frame
    kept = selection.filtered(made, view(quality=["primary"]))
    known = rows.confidence()
    assert 0 < len(kept) < len(made)
    assert all(known[one] == "primary" for text in kept["inputs"] for one in text.split(" ; "))


def test_without_series_the_headlines_of_the_sectors_that_the_publisher_leaves():
    assert selection.of(view(sector=["nev"])) == [NEV]
    assert selection.of(view(sector=["nev"], publisher=["caam"])) == ["caam/nev_production.CHN.M.level.ytd"]


def test_the_filter_that_empties_a_view_is_named():
    asked = view(series=[NEV], sector=["nev"], areas=["DEU"])
    assert selection.of(asked) == []
    assert selection.emptying(asked, pd.DataFrame()) == ["areas"]
    made = transforms.make([NEV], Asked("level"), TABLES).frame
    early = view(series=[NEV], sector=["nev"], start=1995, end=1996)
    assert selection.filtered(made, early).empty
    assert selection.emptying(early, made) == ["years"]
    assert selection.emptying(early._replace(as_of="2005-01-01"), made) == ["years", "as_of"]
    assert selection.emptying(view(sector=["nev"], publisher=["ifr"]), pd.DataFrame()) == ["publisher"]


@pytest.mark.parametrize("text", ["NEV", "EV", "新能源汽车", "电动车"])
def test_one_thing_by_four_names(text):
    found = [one.id for one in selection.found(text, view())]
    assert set(found) == {one.id for one in selection.found("NEV", view())}
    assert NEV in found


def test_why_a_period_has_no_figure():
    said = {(one.reason, one.first): one for one in missing.of([NEV], pd.DataFrame(), view(start=2010, end=2026))}
    reasons = {reason for reason, _ in said}
    assert "combined" in reasons and "out_of_scope" in reasons
    single = {one.reason for one in missing.of(["nbs/nev_output.CHN.M.level.period"], pd.DataFrame(), view())}
    assert "combined" in single
    assert number.absence("ifr/robot_density.CHN.A.level.period", "2025") == "discontinued"
    assert number.absence(NEV, "2030-02") == "not_yet_published"
    assert number.absence(SHARE, "2024", as_of="2024-03-05") == "not_yet_published"


def test_reasons_of_computed_figures_are_gathered():
    frame = transforms.make([NEV], Asked("computed"), TABLES).frame
    found = [one for one in missing.of([], frame, view()) if one.computed]
    assert {one.reason.partition("@")[0] for one in found} <= {"no_base", "break", "definition", "zero_base"}
    assert sum(one.size for one in found) == int(frame["value"].isna().sum())
    assert all(derive.words(one.reason, lang) for one in found for lang in texts.LANGUAGES)


@pytest.mark.parametrize("name", presets.views())
def test_a_named_view_says_what_the_tables_have(name):
    """Every code of a named view is one a link may give, and something is drawn."""
    given = presets.views()[name]
    for key, values in given.items():
        parameter = parameters.PARAMETERS[key]
        assert all(parameter.read(value) in parameter.allowed() for value in values), key
    assert all(texts.of(lang)(f"explore.view_{name}") for lang in texts.LANGUAGES)
    asked = Asked(
        given.get("measure", ["level"])[0], DAY, *(given.get(k, [""])[0] for k in ("whole", "since", "until"))
    )
    made = transforms.make(given["series"], asked, TABLES)
    assert made.frame["value"].notna().any() and not made.refused
