"""patron build while it runs: on a terminal, in a log, stopped by Ctrl-C; and what it would do."""
import json
import re

import pytest

from shop import ORDERS, Shop, patron
from terminal import on_terminal

SLOW = ("SELECT 'c' || i % 20000 AS customer, TIMESTAMP '2024-01-01' + INTERVAL (i * 7 % 300) DAY AS occurred_at, 1 + i % 100 AS amount"
        " FROM range(600000) AS r(i)")


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    return Shop(tmp_path_factory.mktemp("slow") / "shop").source(SLOW)


@pytest.fixture(scope="module")
def seen(slow):
    """A build of a second or more, on a terminal of 90 columns, with colours."""
    return on_terminal("build", slow.folder, columns=90)


# ---- live ----

def test_live_progress_makes_way_for_what_follows(seen):
    assert seen.code == 0, seen.text
    lines = seen.text.splitlines()
    assert re.fullmatch(r"shop · as of 26 Oct 2024 · run [0-9a-f]{4,8}", lines[0])
    assert [line.split()[:2] for line in lines[1:7]] == [["✓", stage] for stage in
                                                         ("record", "identify", "history", "forecast", "value", "share")]
    assert lines[7].startswith("Money in")
    assert "waiting" not in seen.text and "Ctrl-C" not in seen.text


def test_while_a_stage_runs_it_says_which_and_what_waits(seen):
    live = [text for text in seen.frames if "waiting" in text]
    assert live and any(re.search(r"[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] record     orders", text) for text in live)
    assert any("identify · history · forecast · value · share  waiting" in text for text in live)
    assert all(len(line) <= 90 for text in seen.frames for line in text.splitlines())


def seconds_shown(run):
    """{stage: [seconds at each redraw]}, as the lines themselves say."""
    shown = {}
    for stage, seconds in re.findall(r"[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (\w+) .*?(\d+\.\d)s", run.raw):
        shown.setdefault(stage, []).append(float(seconds))
    return shown


def test_redraws_are_at_most_ten_a_second_and_none_at_first(seen):
    shown = seconds_shown(seen)
    assert shown
    for drawn in shown.values():
        assert drawn == sorted(drawn) and drawn[0] >= 0.2
        assert len(drawn) <= 10 * (drawn[-1] - drawn[0]) + 2.001


def test_nothing_is_shown_for_what_takes_less_than_a_fifth_of_a_second(shop):
    run = on_terminal("build", shop.ledger("a,2024-01-09,10").folder)
    assert run.code == 0
    assert all(min(drawn) >= 0.2 for drawn in seconds_shown(run).values()) # on a quiet machine there are none


@pytest.mark.parametrize("columns", [20, 90])
def test_progress_fits_any_width(slow, columns):
    run = on_terminal("build", slow.folder, "--from", "value", columns=columns)
    assert run.code == 0
    for text in run.frames:
        for line in text.splitlines():
            if "waiting" in line or re.match("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", line):
                assert len(line) < max(columns, 1)


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(slow):
    run = on_terminal("build", slow.folder, "--from", "share", TERM="dumb")
    assert run.code == 0 and "\033" not in run.raw and "\r" not in run.raw.replace("\r\n", "\n")
    assert "✓ record" in run.text


def test_without_utf8_the_marks_are_plain(slow):
    run = on_terminal("build", slow.folder, "--from", "share", LC_ALL="C")
    assert run.code == 0 and run.raw.isascii() and "ok" in run.text


# ---- Ctrl-C ----

def test_ctrl_c_keeps_the_last_good_build_and_the_next_goes_on(built):
    run_before = built.value("SELECT max(run_id) FROM runs")
    built.source(SLOW)
    run = on_terminal("build", built.folder, interrupt_after="✓ record")
    assert run.code == 130
    assert f"Stopped. Run {run_before} stays published; patron build {built.folder} goes on" in run.text
    assert "waiting" not in run.text
    assert built.column("SELECT key FROM ledger") == ["a"]
    again = on_terminal("build", built.folder)
    assert again.code == 0 and "carried on from where it was stopped" in again.text
    assert built.value("SELECT count(*) FROM ledger") == 600_000


def test_ctrl_c_before_anything_was_published_says_so(shop):
    run = on_terminal("build", shop.source(SLOW).folder, interrupt_after="waiting")
    assert run.code == 130 and "Nothing is published yet" in run.text
    assert "store.duckdb" not in shop.published()


# ---- the log ----

def log(run):
    """[(event, words)] of a log, whose every line begins with the time."""
    lines = [re.fullmatch(r"\d\d:\d\d:\d\dZ (\w+) +(.*)", line) for line in run.stderr.splitlines()]
    assert all(lines), run.stderr
    return [line.groups() for line in lines]


def test_without_a_terminal_there_is_a_line_an_event(shop):
    events = log(patron("build", shop.ledger("a,2024-01-09,1234.5", ",2024-01-10,-2").folder))
    assert [event for event, _ in events if event != "warning"] == [
        "start", "record", "identify", "history", "forecast", "value", "share", "money", "done"]
    words = dict(events)
    run = shop.value("SELECT run_id FROM runs")
    assert re.fullmatch(rf"shop run={run} need_mb=7 free_mb=\d+", words["start"])
    assert re.fullmatch(r"ok \d+\.\ds as_of=2024-01-10 sources=1 rows=2 new=2 quarantined=0", words["record"])
    assert words["money"] == "ok in=1232.50 attributed=1234.50 unattributed=-2.00 quarantined=0.00 set_aside=0.00 GBP"
    assert words["done"].endswith(f"published={run}")
    assert any(words.startswith("W202 1 line names no customer") and "next: patron sql" in words for event, words in events if event == "warning")
    assert [event for event, _ in log(patron("build", shop.folder))] == ["done"]


def test_a_log_says_what_failed_and_which_run_stays(built):
    run_before = built.value("SELECT run_id FROM runs")
    built.source("FROM 'data/nothing.csv'")
    said = patron("build", built.folder).stderr
    assert re.search(rf"Z failed   E209 there is no file data/nothing.csv; stays published: {run_before}\n", said)
    assert "\nerror E209" in said


def test_quiet_is_quiet(shop):
    run = patron("build", shop.ledger("a,2024-01-09,10").folder, "--quiet")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


# ---- what it would do ----

def dry(shop, *options):
    run = patron("build", shop.folder, "--dry-run", "--json", *options)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_a_dry_run_counts_rows_and_writes_nothing(shop):
    shop.ledger("a,2024-01-09,10", "b,2024-01-10,5")
    plan = dry(shop)
    assert shop.published() == []
    assert (plan["would"], plan["published"], [source["rows_to_read"] for source in plan["sources"]]) == ("read_all", "", [2])
    assert plan["stages"] == ["record", "identify", "history", "forecast", "value", "share"]


def test_a_dry_run_knows_what_has_changed(shop):
    shop.source("-- stream: ledger\nFROM 'data/*.csv'")
    shop.ledger("a,2024-01-09,10", file="data/one.csv").ledger("b,2024-01-10,5", "c,2024-01-10,5", file="data/two.csv")
    run = shop.build()["run_id"]
    assert (dry(shop)["would"], dry(shop)["stages"]) == ("nothing", [])
    assert "nothing would be done" in patron("build", shop.folder, "--dry-run").stdout
    shop.ledger("d,2024-01-11,7", file="data/three.csv")
    plan = dry(shop)
    assert (plan["would"], plan["published"]) == ("carry_on", run)
    assert [(source["files"], source["files_to_read"], source["rows_to_read"]) for source in plan["sources"]] == [(3, 1, 1)]
    (shop.folder / "data" / "two.csv").unlink()
    assert [source["files_gone"] for source in dry(shop)["sources"]] == [1]
    shop.write("patron.yaml", "name: shop\ncurrency: GBP\nduplicates: drop\n")
    assert dry(shop)["would"] == "read_all"
    assert dry(shop)["sources"][0]["rows_to_read"] == 2
    assert shop.build()["previous_run_id"] == run


# ---- from a stage ----

@pytest.mark.parametrize("stage", ["record", "identify", "history", "forecast", "value", "share"])
def test_a_stage_runs_again_though_nothing_changed_and_says_the_same(shop, stage):
    shop.ledger(*(f"c{i},2024-0{1 + m}-{1 + i % 28:02},{5 + i}" for i in range(60) for m in range(0, 9, 1 + i % 4)))
    before = shop.build()
    forecast = shop.rows("SELECT * EXCLUDE (run_id) FROM forecast ORDER BY ALL")
    after = shop.build("--from", stage)
    assert after["status"] == "ok" and after["previous_run_id"] == before["run_id"] != after["run_id"]
    assert shop.rows("SELECT * EXCLUDE (run_id) FROM forecast ORDER BY ALL") == forecast
    for table in "customers", "forecast", "models", "model_scores", "money", "states":
        assert shop.column(f"SELECT DISTINCT run_id FROM {table}") == [after["run_id"]]
    assert shop.column("SELECT DISTINCT run_id FROM value_history ORDER BY ALL") == sorted([before["run_id"], after["run_id"]])


def test_a_stage_that_is_not_one_gets_a_suggestion(shop):
    run = patron("build", shop.folder, "--from", "forcast")
    assert run.returncode == 2 and 'did you mean "forecast"?' in run.stderr


# ---- warnings and the JSON of the mock-up ----

def test_warnings_are_listed_with_what_to_do(shop):
    shop.ledger("a,2024-01-09,10", ",2024-01-10,5", "b,late,5", "a,2024-01-09,10", *(f"k{i},2024-01-09,1" for i in range(300)))
    built = shop.build()
    listed = patron("build", shop.folder, "--warnings")
    assert listed.returncode == 0 and listed.stderr == ""
    assert [line.split()[1] for line in listed.stdout.splitlines() if line.startswith("!")] == [w["code"] for w in built["warnings"]]
    assert f'next: patron sql {shop.folder} "FROM quarantine"' in listed.stdout
    as_json = json.loads(patron("build", shop.folder, "--warnings", "--json").stdout)
    assert as_json["warnings"] == built["warnings"] == shop.build()["warnings"]
    assert [(w["code"], w["count"]) for w in built["warnings"]] == [("W202", 1), ("W203", 1), ("W206", 1), ("W301", 301), ("W401", 304)]
    assert shop.column("SELECT code FROM warnings ORDER BY code") == [w["code"] for w in built["warnings"]]
    for warning in built["warnings"]: # a command that works
        if warning["next"].startswith("patron sql "):
            assert shop.rows(warning["next"].removeprefix("patron sql ").strip('"'))


def test_no_warnings_when_there_is_nothing_to_say(shop):
    shop.write("data/costs.csv", "customer,occurred_at,amount,kind\na,2024-01-09,-3,goods\n").source("FROM 'data/costs.csv'", name="costs")
    shop.ledger(*(f"c{i},2023-{1 + (i + 2 * m) % 12:02}-{1 + i % 28:02},10" for i in range(60) for m in range(4)))
    built = shop.build()
    assert [w["code"] for w in built["warnings"] if w["code"] in ("W202", "W203", "W206", "W401")] == []


def test_the_json_of_a_build_with_nothing_to_do_has_the_published_figures(online_retail):
    again = online_retail.build()
    assert again["status"] == "unchanged"
    for key in "run_id", "as_of", "money", "record", "people", "models", "headline", "warnings":
        assert again[key] == online_retail.report[key], key
    assert again["money"]["amount_in"] == "18909744.10"


def test_the_json_of_a_build_has_what_the_schema_says(online_retail):
    report = online_retail.report
    assert report["schema"] == "patron.build/1" and report["as_of"] == "2011-12-09"
    record, identify = report["stages"][:2]
    assert (record["rows"], record["new_rows"], record["quarantined"]) == (1044847, 1044847, 5)
    assert identify["people"] == report["people"] == 5942
    value = report["headline"]["value"]
    assert float(value["p10"]) < float(value["value"]) < float(value["p90"]) and value["condition"] == "base"
    total = online_retail.rows("SELECT value FROM forecast.horizons ORDER BY rowid DESC LIMIT 1")[0]["value"]
    assert float(value["value"]) == float(total)
    model = report["models"][0]
    assert (model["part"], model["chosen"]) == ("purchases", online_retail.value("SELECT model FROM forecast.horizons ORDER BY rowid DESC LIMIT 1"))


def test_the_end_names_the_next_commands_and_they_work(shop):
    shop.ledger(*(f"c{i},2024-0{1 + m}-{1 + i % 28:02},{5 + i}" for i in range(60) for m in range(0, 9, 1 + i % 4)))
    end = patron("build", shop.folder).stdout
    assert f"Next: patron show {shop.folder} c" in " ".join(end.split())
    assert f"patron check {shop.folder}" in " ".join(end.split())
