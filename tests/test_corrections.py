"""Corrections are applied visibly, end by themselves, and a broken one is named."""

import pandas as pd
import pytest

from data import corrections, snapshot
from data.corrections import Correction, CorrectionError

SOLAR = "nbs/solar_cell_output.CHN.M.level.ytd"
NEV = "nbs/nev_output.CHN.M.level.ytd"
MAY = {"series": SOLAR, "time_period": "2020-05", "was": 8538.5}
WHY = {"reason": "June is 6743.5", "reason_native": "6月为6743.5", "source": "https://www.stats.gov.cn"}


def stored():
    """Two months of solar cells as printed, May in two vintages, and one month of NEVs."""
    table = [
        (SOLAR, "2020-05", 8538.5, 4, "A", "2020-06-15", "r1", "primary", ""),
        (SOLAR, "2020-05", 8539.0, 4, "A", "2020-07-06", "r2", "secondary", "rounded"),
        (SOLAR, "2020-06", 6743.5, 4, "A", "2020-07-16", "r3", "primary", ""),
        (NEV, "2016-10", 34.7, 4, "A", "2016-11-14", "r4", "primary", "as printed"),
    ]
    return pd.DataFrame(table, columns=list(snapshot.OBSERVATION_COLUMNS))


def test_a_flag_is_seen_and_says_why():
    out = corrections.apply(stored(), [Correction(action="flag", **MAY, **WHY)])
    assert out["obs_status"].tolist() == ["U", "A", "A", "A"]
    assert out["note"].iloc[0] == "doubtful as printed: June is 6743.5"
    assert out["value"].iloc[0] == 8538.5


def test_a_replacement_says_what_was_printed():
    one = Correction(action="replace", value=53.39, unit_mult=6, obs_status="E", **MAY, **WHY)
    out = corrections.apply(stored(), [one])
    assert out.iloc[0][["value", "unit_mult", "obs_status"]].tolist() == [53.39, 6, "E"]
    assert out["note"].iloc[0] == "corrected, printed as 8538.5: June is 6743.5"


def test_a_note_that_was_there_stays():
    one = Correction(series=NEV, time_period="2016-10", was=34.7, action="flag", **WHY)
    assert corrections.apply(stored(), [one])["note"].iloc[3] == "doubtful as printed: June is 6743.5 (as printed)"


def test_a_dropped_row_is_gone_and_the_table_given_is_untouched():
    rows = stored()
    out = corrections.apply(rows, [Correction(action="drop", **MAY, **WHY)])
    assert out["vintage"].tolist() == ["2020-07-06", "2020-07-16", "2016-11-14"]
    pd.testing.assert_frame_equal(rows, stored())


def test_a_vintage_narrows_a_correction():
    one = Correction(action="flag", vintage="2020-07-06", **MAY, **WHY)
    assert corrections.apply(stored(), [one])["obs_status"].tolist() == ["A"] * 4
    with pytest.raises(CorrectionError, match="the stored value is 8539"):
        corrections.verify(stored(), [one])


def test_a_correction_ends_when_the_publisher_has_mended_the_figure():
    one = Correction(action="flag", **MAY, **WHY)
    corrections.verify(stored(), [one])
    mended = stored().replace({"value": {8538.5: 5339.0}})
    pd.testing.assert_frame_equal(corrections.apply(mended, [one]), mended)
    with pytest.raises(CorrectionError, match=rf"{SOLAR}@2020-05 no longer applies: the stored value is 5339, 8539"):
        corrections.verify(mended, [one])
    with pytest.raises(CorrectionError, match="no such row is stored"):
        corrections.verify(mended[mended["series"] == NEV], [one])


GOOD = f"""
[[correction]]
series = "{SOLAR}"
time_period = "2020-05"
action = "flag"
was = 8538.5
reason = "June is 6743.5"
reason_native = "6月为6743.5"
source = "https://www.stats.gov.cn"
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('action = "flag"', 'action = "mend"', ["correction 1", "action"]),
        ("was = 8538.5", "", ["correction 1", "was"]),
        ("was = 8538.5", 'was = "8538.5"', ["correction 1", "was", "float"]),
        ('time_period = "2020-05"', 'time_period = "2020-5"', ["time_period", "'2020-5'"]),
        (SOLAR, "nbs/tea.CHN.M.level.ytd", ["series", "nbs/tea"]),
        ('action = "flag"', 'action = "replace"', ["value", "replace"]),
        ('action = "flag"', 'action = "flag"\nvalue = 3.0', ["value"]),
        ('action = "flag"', 'action = "flag"\ncolour = "red"', ["colour"]),
        ('reason_native = "6月为6743.5"', 'reason_native = ""', ["reason_native", "empty"]),
        ("[[correction]]", "[[corection]]", ["corection"]),
        ("was = 8538.5", "was = ", ["TOML"]),
        ("was = 8538.5", 'was = 8538.5\nvintage = "soon"', ["correction 1", "vintage", "'soon' is not a day"]),
        (GOOD, f"{GOOD}{GOOD}", ["correction 2", f"{SOLAR}@2020-05 stands twice"]),
    ],
)
def test_a_broken_file_says_entry_and_field(tmp_path, old, new, words):
    file = tmp_path / "corrections.toml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorrectionError) as caught:
        corrections.load(file)
    for word in ["corrections.toml", *words]:
        assert word in str(caught.value)


def test_a_sound_file_is_read(tmp_path, monkeypatch):
    (tmp_path / "corrections.toml").write_text(GOOD, encoding="utf-8")
    assert [one.name for one in corrections.load(tmp_path / "corrections.toml")] == [f"{SOLAR}@2020-05"]
    assert corrections.load(tmp_path / "nothing.toml") == []
    monkeypatch.setattr(snapshot, "FOLDER", tmp_path)
    found = corrections.of(SOLAR, "2020-05", "2020-06-15")
    assert found is not None
    assert found.reason_native == "6月为6743.5"
    assert corrections.of(SOLAR, "2020-06", "2020-07-16") is None
