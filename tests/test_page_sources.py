"""The sources page and what it says about updates: rates, reports, errors, in both languages, with real documents."""

import datetime as dt
import re
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from streamlit.testing.v1 import AppTest

import fetchers
from dashboard import closing, progress, updating
from data import select, status
from fetchers._report import Step
from tests.browser.narrow import hold, narrowed
from tests.upstream import shapes

APP = Path(__file__).parent.parent / "dashboard" / "app.py"
SHARE = "eurostat/rd_gdp_share.EU27.A.share.period"
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def services(upstream, hasty_catalogue, tmp_path, monkeypatch):
    """The local upstream; Eurostat and OECD are all that is asked; no update has run in this process."""
    narrow = narrowed(hasty_catalogue, tmp_path / "narrow", {"eurostat", "oecd"})
    monkeypatch.setenv("NQPF_CATALOGUE", str(narrow))
    monkeypatch.setattr(updating, "_LAST", [])
    yield upstream
    wait()


def wait() -> updating.Update | None:
    """Until the update of this process has ended."""
    for thread in threading.enumerate():
        if thread.name == "update":
            thread.join(60)
    return updating.last()


def page(**link: str) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    for parameter, value in link.items():
        at.query_params[parameter] = value
    at.switch_page("views/sources.py").run()
    assert not at.exception
    return at


def button(at: AppTest):
    return at.button(key="update")


def said(at: AppTest) -> str:
    kinds = ("markdown", "caption", "info", "warning", "success", "error", "html")
    texts = [str(getattr(one, "value", "") or one.proto.body) for kind in kinds for one in at.get(kind)]
    return re.sub(r"\\(.)", r"\1", "\n".join(texts))


def updated(lang: str = "en") -> AppTest:
    button(page(lang=lang)).click().run()
    wait()
    return page(lang=lang)


def test_every_publisher_with_terms_age_and_next_release(services):
    table = page().dataframe[0].value.set_index("Publisher")
    row = table.loc["National Bureau of Statistics of China"]
    newest = select(source="nbs", freq="M", measure="level")
    newest = newest[newest["obs_status"] != "F"]
    assert row["Newest period"] == newest["time_period"].max()
    assert row["Days old"] == (dt.date.today() - dt.date.fromisoformat(select(source="nbs")["vintage"].max())).days
    assert re.match(r"\d{4}-\d\d-\d\d", row["Next expected"])
    assert row["Licence"]
    assert row["Terms"].startswith("http")
    assert (table["State"].str.contains("stale")).sum() == table["State"].eq("▲ stale").sum() > 0
    late = table[table["State"] == "▲ stale"]["Next expected"]
    assert late.str.endswith("(overdue)").all()


def test_who_is_asked_and_who_is_not(services):
    table = page().dataframe[0].value.set_index("Publisher")
    assert table.loc["Eurostat", "Last success (UTC)"] == "not asked from here yet"
    by_hand = table.loc["China Association of Automobile Manufacturers (CAAM)", "Last success (UTC)"]
    assert by_hand == "kept by hand from its documents"


def test_the_day_looked_from_moves_age_and_expectation(services):
    table = page(as_of="2024-03-20").dataframe[0].value.set_index("Publisher")
    row = table.loc["National Bureau of Statistics of China"]
    assert (row["Newest period"], row["Next expected"], row["State"]) == ("2024-02", "2024-04-17", "● fresh")


DAMAGED = {
    "nothing": b"",
    "cut": b'[{"fetcher": "eurostat", "last_run": "2026-11-24T08:2',
    "a bad byte": b'[{"fetcher": "\xff", "last_run": ""}]',
    "another shape": b'{"eurostat": 1}',
    "no time": b'[{"fetcher": "eurostat", "last_run": "yesterday"}]',
    "too deep": b'[{"more": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_status_counts_as_none(services, body):
    status.file().parent.mkdir(parents=True)
    status.file().write_bytes(body)
    assert status.read() == {}
    table = page().dataframe[0].value.set_index("Publisher")
    assert table.loc["Eurostat", "Last success (UTC)"] == "not asked from here yet"
    assert fetchers.update(["eurostat"]).ok
    assert status.read()["eurostat"].last_success


def test_the_button_brings_figures_and_closes_with_a_report_about_them(services):
    at = updated()
    report = updating.last().report
    assert report["totals"]["revised"] == 2
    counted = f"{report['totals']['new']} figures new, 2 revised, {report['totals']['unchanged']} unchanged"
    assert re.search(rf"ended after \d+ s: {counted}, 0 rejected", said(at))
    revised, by_service, by_series = (one.value for one in at.dataframe[:3])
    assert list(revised["period"]) == ["2024", "2015"]
    assert revised.iloc[0][["old", "now"]].tolist() == ["403.1 billion euros", "403,100 million euros"]
    assert revised.iloc[0][["status", "new_date"]].tolist() == ["normal → preliminary", "12 November 2026"]
    assert revised.iloc[1]["change"] == "−0.04 percentage points"
    by_service = by_service.set_index("service")
    assert by_service["new"].sum() == report["totals"]["new"]
    assert by_service.loc["Eurostat: R&D expenditure (rd_e_gerdtot)", "ended"] == "✓ answered"
    assert by_service.loc["World Bank: World Development Indicators", "ended"].startswith("– not asked: services asked")
    counts = by_series.set_index("title").loc["R&D expenditure as a share of GDP · European Union (27) · annual, share"]
    assert (
        counts["new"].sum() == len(select(source=["eurostat", "oecd"], indicator="rd_gdp_share", ref_area="EU27")) - 1
    )


def test_what_an_update_changed_stands_on_the_page_at_once(services):
    at = updated()
    table = next(one.value for one in at.dataframe if "Publisher" in one.value.columns).set_index("Publisher")
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d$", table.loc["Eurostat", "Last success (UTC)"])
    assert table.loc["Eurostat", "Published"] == select(source="eurostat")["vintage"].max()
    assert {"403,100 million euros", "3.29%"} <= set(at.dataframe[-1].value["old"])


def test_an_open_page_has_the_new_revision_on_its_next_run(services):
    """What a page keeps is kept for one state of the data."""
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.switch_page("views/revisions.py").run()
    offered = at.selectbox(key="revised").options
    assert not any("Eurostat" in one for one in offered)
    assert fetchers.update(["eurostat"]).ok
    at.run()
    assert any("R&D expenditure · European Union (27)" in one for one in at.selectbox(key="revised").options)
    latest = page().dataframe[-1].value
    assert "403,100 million euros" in set(latest["old"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_failures_name_class_series_and_address_and_the_last_good_figures_stand(services, lang):
    known = select(series=SHARE)
    services.fault("firewall", host="ec.europa.eu")
    services.fault("other_unit", host="sdmx.oecd.org", shape=shapes()["oecd"])
    at = updated(lang)
    text = said(at)
    assert {"en": "2 of the 2 services asked had failures", "zh": "所请求的2个服务中有2个出错"}[lang] in text
    assert {"en": "Not reachable now", "zh": "暂时无法访问"}[lang] in text
    assert {"en": "Answer of an unknown shape", "zh": "应答格式与已知格式不符"}[lang] in text
    assert "a firewall page came in place of the data" in text
    assert "https://ec.europa.eu/eurostat/" in text
    assert select(series=SHARE).equals(known)
    table = next(one.value for one in at.dataframe if len(one.value) > 30)
    errors = [one for one in table.iloc[:, 8] if "eurostat" in str(one)]
    assert len(errors) == 1
    assert errors[0].startswith({"en": "eurostat: Not reachable now: ", "zh": "eurostat: 暂时无法访问："}[lang])


def test_what_failed_on_the_command_line_is_told_too(services):
    services.fault("server_error", host="ec.europa.eu")
    assert not fetchers.update(["eurostat"]).ok
    text = said(page(lang="zh"))
    assert "1个服务最近一次请求失败" in text
    assert "暂时无法访问：the service answers 500" in text


def test_every_kind_of_failure_in_both_languages():
    plain = {
        "source": "eurostat",
        "failures": [
            {
                "kind": kind, "series": SHARE, "period": "2023", "value": "9.1", "address": "https://ec.europa.eu/x",
                "message": f"eurostat: it is so (series {SHARE}, period 2023, value 9.1, address https://ec.europa.eu/x)",
            }
            for kind in closing.KINDS
        ],
    }  # fmt: skip
    for lang in ("en", "zh"):
        found = closing.failures(plain, lang)
        assert len({one.kind for one in found}) == 4
        assert {bool(CHINESE.search(one.kind)) for one in found} == {lang == "zh"}
        assert {one.said for one in found} == {"it is so"}
        assert {one.address for one in found} == {"https://ec.europa.eu/x"}
        assert all("2023" in one.about and "9.1" in one.about for one in found)
        assert ("欧盟" in found[0].about) == (lang == "zh")


def test_a_period_nobody_knows_is_shown_as_it_came():
    one = {"kind": "unexpected", "series": "", "period": "2023-13", "value": "", "address": "", "message": "what"}
    (failure,) = closing.failures({"source": "eurostat", "failures": [one]}, "en")
    assert "2023-13" in failure.about
    assert failure.said == "what"


def test_pressing_twice_starts_one(services):
    go = hold(services, "sdmx.oecd.org")
    try:
        updating.start()
        first = updating.last()
        updating.start()
        assert updating.last() is first
        assert first.running
        assert not updating.elsewhere()
        assert (button(page()).label, button(page()).disabled) == ("Update running", True)
    finally:
        go.set()
    wait()
    assert first.report["ok"]
    assert [one.host for one in services.requests].count("sdmx.oecd.org") == 1


def test_an_update_from_elsewhere_makes_the_button_wait_and_say_so(services):
    status.lock().parent.mkdir(parents=True)
    with FileLock(status.lock()):
        at = page(lang="zh")
        assert button(at).disabled
        assert "命令行" in at.info[0].value
        updating.PATIENCE, patience = 0.0, updating.PATIENCE
        try:
            updating.start()
            assert wait().trouble == "busy"
        finally:
            updating.PATIENCE = patience
        assert "没有启动更新" in said(page(lang="zh"))
    assert not button(page()).disabled
    assert not services.requests


def test_a_store_that_cannot_be_written_is_said_in_words(services, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("NQPF_STORE", str(tmp_path / "file" / "store"))
    at = updated()
    assert updating.last().trouble == "broken"
    assert "The update could not run" in said(at)


def test_rate_and_time_left_follow_the_documents(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(updating.time, "monotonic", lambda: clock[0])
    update = updating.Update("2026-11-24T08:20:00Z", 100.0, ["eurostat", "nbs", "oecd"])
    for second, done in ((110, 2), (120, 4), (130, 6)):
        clock[0] = second
        updating._note(update, Step("nbs", "asking", "新能源汽车产量", done, 10))
    one = update.sources["nbs"]
    assert (one.documents, one.rate, one.left) == (3, 0.2, 20.0)
    clock[0] = 135
    assert update.left == 15.0
    assert update.done == pytest.approx(0.2)
    updating._note(update, Step("oecd", "skipped", "needs a key: set COMTRADE_API_KEY", 0, 4))
    assert (update.ended, update.unheard()) == (1, ["eurostat"])
    line = progress.running(update, "en")
    assert line == "1 of 3 services have ended · 3 documents read, 5 a minute · about 15 s left"
    html = progress.steps(update, "zh")
    assert "10个指标中的6个 · 每分钟12个 · 约剩15秒 · 请求中" in html
    assert "<em>新能源汽车产量</em>" in html
    assert "需要自备密钥，设置于COMTRADE_API_KEY" in html
    assert "尚无回应" in html


def test_what_a_service_says_cannot_become_markup(monkeypatch):
    update = updating.Update("2026-11-24T08:20:00Z", 0.0, ["nbs"])
    updating._note(update, Step("nbs", "asking", "<script>alert(1)</script>", 1, 10))
    assert "<script>" not in progress.steps(update, "en")
