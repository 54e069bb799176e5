"""Several publishers' figures for one thing."""

from data import concepts

BY_ID = {one.id: one for one in concepts.concepts()}


def test_the_robots_of_2021_meet_although_one_office_counts_sets_and_one_units():
    table = concepts.spread(BY_ID["industrial_robots"]).set_index("time_period")
    row = table.loc["2021"]
    assert row["lowest_series"].startswith("ifr/")
    assert row["highest_series"].startswith("nbs/")
    assert row["spread"] == (row["highest"] / row["lowest"] - 1) * 100
    assert 30 < row["spread"] < 50


def test_december_stands_for_the_year_only_where_no_annual_figure_is_printed():
    table = concepts.yearly(BY_ID["industrial_robots"])
    bureau = table[table["source"] == "nbs"]
    assert "2021-12" not in set(bureau["time_period"])
    assert "2022-12" in set(bureau["time_period"])
    assert not bureau["time_period"].str[:4].duplicated().any()


def test_what_was_not_known_does_not_count():
    assert len(concepts.spread(BY_ID["industrial_robots"], "2021-06-30")) < len(
        concepts.spread(BY_ID["industrial_robots"])
    )
