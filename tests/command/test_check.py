"""patron check: the verdict in words, the table below it, and the same for programs."""
import datetime
import json
import re
import shutil

import pytest

from shop import Shop, patron
from traders import START, edges, ledger, on, purchase_days, trading

MARKS = {"none", "fine", "so-so", "bad"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Two years of 240 customers; tests only read it."""
    shop = Shop(tmp_path_factory.mktemp("traders") / "shop", "horizons: [30d, 90d, 182d]\n").ledger(*ledger(trading()))
    shop.build()
    return shop


def check(shop, *options, **environment):
    """As said beside the folder: the way to it from elsewhere may be longer than a line."""
    run = patron("check", shop.folder.name, *options, cwd=shop.folder.parent, **environment)
    assert run.returncode == 0 and run.stderr == "", run.stderr
    return run.stdout


def figures(shop):
    return json.loads(check(shop, "--json"))


# ---- what a value is called ----

def steady():
    """Some who buy often and some who seldom do, and nobody leaves."""
    return [f"c{i:03},{on(day)},10" for i in range(200) for day in range(i % 40, 730, 10 + i % 150)]


def gone(lines, day):
    """Those of the lines that come before a day: after it only one customer buys, so that the calendar goes on."""
    return [line for line in lines if line.split(",")[1] < on(day)] + [f"c000,{on(729)},10"]


@pytest.mark.parametrize("called, lines", [
    ("proven", lambda: ledger(trading())), ("average", steady), ("not proven", lambda: gone(ledger(trading()), 500))])
def test_a_value_is_called_what_check_found(tmp_path, called, lines):
    own = Shop(tmp_path / "shop", "horizons: [90d, 182d]\n").ledger(*lines())
    own.build()
    tests = figures(own)["tests"]
    assert len(tests) == 2
    better = all(own.column(
        f"""SELECT m.value > r.value FROM model_scores m JOIN model_scores r USING (metric, horizon_days, calibration_end)
            WHERE m."last" AND m.chosen AND r.model = 'same_rate' AND metric IN ('log_score', 'ngini')"""))
    held = all(test["held_80"]["mark"] in ("fine", "so-so") for test in tests)
    totals = all(test[total]["mark"] in ("fine", "so-so") for test in tests for total in ("purchases", "sales_after_returns"))
    assert called == ("proven" if better and held else "average" if totals else "not proven")
    assert own.column("SELECT DISTINCT verdict FROM value WHERE value IS NOT NULL") == [called]
    assert f"· {called}\n" in patron("show", own.folder, "c001").stdout


# ---- words ----

def test_the_verdict_comes_first(shop):
    lines = check(shop).splitlines()
    found = figures(shop)
    said = " ".join(lines[:3])
    assert re.match(r"[✓!✗] ", lines[0]) and found["verdict"] in " ".join(said.split())
    assert found["verdict"].startswith(("Trust ", "Do not trust it yet")) and found["verdict"].endswith(".")


def test_the_table_below_it(shop):
    said = check(shop)
    for row in ("made, and tested on", "purchases in all", "sales after returns", "customers who bought", "8 in 10 held, ties shared",
                "same rate, as in a sheet", "purchases a customer, by tenth", "  score", "  so "):
        assert row in said
    tested = said.split("  drift ")[0]
    assert "182 days" not in said and "26 weeks" in tested and "90 days" in tested and "30 days" not in tested # the two longest
    assert "◂ chosen" in said and "8 in 10:" in said and "luck alone would say" in said


def test_it_fits_80_columns_and_ends_no_line_with_a_blank(shop):
    for environment in {}, {"LC_ALL": "C"}, {"COLUMNS": "40"}:
        for line in check(shop, **environment).splitlines():
            assert len(line) <= 80 and line == line.rstrip()


def test_without_colour_in_a_pipe_and_without_utf8(shop):
    assert "\033" not in check(shop, NO_COLOR="")
    plain = check(shop, LC_ALL="C", LANG="C")
    assert plain.isascii() and "<- chosen" in plain


def test_inside_a_project_the_folder_may_be_left_out(shop):
    run = patron("check", cwd=shop.folder / "sources")
    there, here = check(shop).split("  more "), run.stdout.split("  more ")
    assert run.returncode == 0 and here[0] == there[0] and here[1].split(":")[0].split() == ["patron", "check", "--all"]


def test_it_says_the_same_twice_and_changes_nothing(shop):
    before = shop.published()
    assert check(shop) == check(shop) and shop.published() == before


def test_help_tells_the_limits_of_the_marks():
    said = patron("check", "--help").stdout
    assert "within 5 %" in said and "4 of 100" in said and "luck" in said


# ---- figures ----

def test_its_figures_are_those_of_the_tables(shop):
    found = figures(shop)
    assert found["schema"] == "patron.check/1" and found["currency"] == "GBP"
    assert [test["horizon_days"] for test in found["tests"]] == [90, 182]
    for test in found["tests"]:
        scores = {row["metric"]: float(row["value"]) for row in shop.rows(
            f"SELECT metric, value FROM model_scores WHERE \"last\" AND chosen AND horizon_days = {test['horizon_days']}")}
        n = scores["customers"]
        for name, forecast, came in (("purchases", scores["forecast"], scores["came"]),
                                     ("sales_after_returns", scores["money_forecast"], scores["money_came"]),
                                     ("buyers", scores["buyers_forecast"] / n, scores["buyers_came"] / n),
                                     ("held_80", 0.8, scores["pit_share"])):
            assert test[name]["forecast"] == pytest.approx(forecast, rel=1e-8) and test[name]["came"] == pytest.approx(came, rel=1e-8)
            assert test[name]["miss"] == pytest.approx(forecast / came - 1, rel=1e-6, abs=1e-9) and test[name]["mark"] in MARKS
        assert sum(test["tenths"]["forecast"]) * n / 10 == pytest.approx(scores["forecast"], rel=1e-6)
        assert test["tenths"]["forecast"] == sorted(test["tenths"]["forecast"])
    ahead = shop.rows("FROM forecast.horizons")[-1]
    for name, column in (("purchases", "purchases"), ("value", "value"), ("value_p10", "value_low"), ("value_p90", "value_high")):
        assert found["forecast"][name] == pytest.approx(float(ahead[column]), rel=1e-8)


def test_marks_follow_the_limits_that_help_tells(shop):
    def mark(miss, fine, so_so):
        return "fine" if miss <= fine else "so-so" if miss <= so_so else "bad"

    for test in figures(shop)["tests"]:
        for name, luck in (("purchases", test["luck"]), ("sales_after_returns", test["sales_luck"])):
            forecast, came = test[name]["forecast"], test[name]["came"]
            assert test[name]["mark"] == mark(max(0, abs(forecast - came) - luck) / came, 0.05, 0.15)
        held = abs(test["held_80"]["came"] - 0.8) - (0.16 / test["repeaters"]) ** 0.5
        assert test["held_80"]["mark"] == mark(max(0, held), 0.04, 0.08)


def test_models_are_compared_and_one_is_chosen(shop):
    models = {model["model"]: model for model in figures(shop)["models"]}
    assert {"pareto_nbd", "bg_nbd", "mbg_nbd"} <= set(models)
    best = max((m for m in models.values() if m["without_season"] is None), key=lambda m: m["log_score"])
    assert best["chosen"] and all(model["status"] in ("interior", "boundary", "failed") for model in models.values())


# ---- every candidate, every day ----

MEASURES = ["log_score", "crps", "rmse", "mae", "bias", "ngini", "ece", "pit_share", "coverage_80", "coverage_80_implied",
            "repeaters_coverage_80", "repeaters_coverage_80_implied", "forecast", "came", "luck"]


def test_every_candidate_has_every_measure_on_every_day(shop):
    trials = figures(shop)["trials"]
    rows = shop.rows("SELECT horizon_days, calibration_end::VARCHAR AS day, model, metric, value FROM model_scores")
    stored = {(row["horizon_days"], row["day"], row["model"], row["metric"]): row["value"] for row in rows}
    assert len(trials) == len({key[:3] for key in stored}) > 20
    for trial in trials:
        key = trial["horizon_days"], trial["made_on"], trial["model"]
        assert set(MEASURES) <= set(trial["metrics"])
        for metric, value in trial["metrics"].items():
            assert value == pytest.approx(float(stored[*key, metric]), rel=1e-8), (key, metric)
        assert trial["untouched"] == ("tenths" in trial)
        for k, tenth in enumerate(trial.get("tenths", []), 1):
            for part, value in tenth.items():
                assert value == pytest.approx(float(stored[*key, f"tenth_{k}_{part}"]), rel=1e-8)
    untouched = {(trial["horizon_days"], trial["model"]) for trial in trials if trial["untouched"]}
    assert {(days, model) for days in (30, 90, 182) for model in ("pareto_nbd", "bg_nbd", "mbg_nbd", "same_rate")} <= untouched


def test_day_by_day_what_came_is_counted_by_hand(shop):
    found, bought = figures(shop), purchase_days(trading())
    assert len(found["drift"]) > 6
    for day in found["drift"]:
        made = datetime.date.fromisoformat(day["made_on"])
        until = made + datetime.timedelta(day["days"])
        came = sum(made < when <= until for own in bought.values() if own[0] <= made for when in own)
        assert day["came"] == came and day["miss"] == pytest.approx(day["forecast"] / came - 1, rel=1e-8, abs=1e-8)
        assert day["untouched"] == (until == START + datetime.timedelta(729)) and (day["p10"] is None) != day["untouched"]
    for horizon in 30, 90, 182:
        days = [day["made_on"] for day in found["drift"] if day["horizon_days"] == horizon]
        assert days == sorted(set(days)) and days, "one a day, the earliest first"
    test = found["tests"][-1]
    assert found["drift"][-1]["forecast"] == test["purchases"]["forecast"] and found["drift"][-1]["model"] == test["model"]


def test_the_range_of_that_day_is_made_of_what_was_known_then(shop):
    for day in figures(shop)["drift"]:
        if not day["untouched"]:
            continue
        earlier = shop.column(f"""SELECT ln(c.value / f.value) FROM model_scores c JOIN model_scores f USING (model, horizon_days, calibration_end)
            WHERE c.metric = 'came' AND f.metric = 'forecast' AND c.horizon_days = {day['horizon_days']} AND c.model = '{day['model']}'
            AND NOT c."last" AND c.holdout_end - c.calibration_end = {day['days']}""")
        n = len(earlier) # of a prior worth 4 with scale 0.25
        scale = ((4 * 0.25 ** 2 + sum(float(e) ** 2 for e in earlier)) / (4 + n)) ** 0.5
        luck = shop.value(f"SELECT value FROM model_scores WHERE metric = 'luck' AND \"last\" AND chosen AND horizon_days = {day['horizon_days']}")
        told = shop.rows(f"SELECT unnest(total_interval({day['forecast']}, {luck}, {scale}, {4 + n}, 0.8))")[0]
        assert day["p10"] == pytest.approx(float(told["low"]), rel=1e-6) and day["p90"] == pytest.approx(float(told["high"]), rel=1e-6)


def test_the_first_screen_has_the_misses_and_names_the_rest(shop):
    said, found = check(shop), figures(shop)
    assert re.search(r"\n  more   patron check shop --all: ", said)
    for horizon, words in (30, "30 days"), (90, "90 days"), (182, "26 weeks"):
        line = next(line for line in said.splitlines() if re.match(rf" {{9}}{words} .* from ", line))
        days = [day for day in found["drift"] if day["horizon_days"] == horizon and day["days"] == horizon]
        percents = [float(value.replace("−", "-")) for value in re.findall(r"([−+][\d.]+) %", line)]
        assert percents == [pytest.approx(100 * day["miss"], abs=0.51) for day in days]


def test_all_shows_every_candidate_and_every_day(shop):
    short, said, found = check(shop), check(shop, "--all"), figures(shop)
    assert said.startswith(short[:short.index("  more ")]) and "--all" not in said
    for head in "score", "CRPS", "RMSE", "MAE", "total", "order", "buys", "middle":
        assert re.search(rf"\n  {head} +\S", said), head # the legend
    for trial in found["trials"]:
        if trial["untouched"]:
            shown = re.escape(f"{trial['metrics']['log_score']:.3f}".replace("-", "−"))
            assert re.search(rf"\n  {re.escape(trial['model'])}(?: ◂)? +{shown} ", said)
    assert len(re.findall(r"\n  \d+ \w{3} \d{4} .*−\d", said)) == len(found["drift"])
    for words in {}, {"LC_ALL": "C", "LANG": "C"}:
        assert all(len(line) <= 80 and line == line.rstrip() for line in check(shop, "--all", **words).splitlines())


# ---- limits ----

@pytest.fixture
def limited(shop, tmp_path):
    """A copy of it, and how to set limits in its patron.yaml."""
    shutil.copytree(shop.folder, tmp_path / "shop", symlinks=True)
    own = Shop(tmp_path / "shop", yaml=None)
    yaml = (own.folder / "patron.yaml").read_text()
    own.limit = lambda text: own.write("patron.yaml", yaml + text)
    return own


def measured(shop):
    """{(of, horizon): what a limit is held to}, from the tables."""
    found = {}
    rows = shop.rows("SELECT horizon_days, model = 'same_rate' AS rule, metric, value FROM model_scores WHERE \"last\" AND (chosen OR model = 'same_rate')")
    value = {(row["horizon_days"], row["rule"], row["metric"]): row["value"] and float(row["value"]) for row in rows}
    for days in 30, 90, 182:
        of = lambda metric, rule=False: value[days, rule, metric]
        found["purchases", days] = of("forecast") / of("came") - 1
        found["sales_after_returns", days] = of("money_forecast") / of("money_came") - 1
        found["buyers", days] = of("buyers_forecast") / of("buyers_came") - 1
        found["held_80", days] = of("pit_share") - 0.8
        found["log_score", days] = of("log_score") - of("log_score", True)
    return found


def test_a_limit_is_held_to_the_figure_of_the_untouched_day(limited):
    misses = measured(limited)
    between = sorted(abs(misses[of, days]) for of in ("purchases", "sales_after_returns", "buyers") for days in (30, 90, 182))
    total, held = round((between[3] + between[4]) / 2, 6), round(sorted(abs(misses["held_80", d]) for d in (30, 90, 182))[1] * 0.999, 6)
    limited.limit(f"check: {{total_within: {total}, buyers_within: {total}, held_within: {held}, beats_same_rate: yes}}\n")
    run = patron("check", limited.folder, "--json")
    limits = json.loads(run.stdout)["limits"]
    assert len(limits) == 15 and run.stderr == ""
    for limit in limits:
        miss = misses[limit["of"], limit["horizon_days"]]
        assert limit["found"] == pytest.approx(miss, rel=1e-6, abs=1e-9)
        holds = miss > 0 if limit["of"] == "log_score" else abs(miss) <= limit["set"]
        assert limit["state"] == ("held" if holds else "missed")
        assert limit["set"] == {"held_80": held, "log_score": True}.get(limit["of"], total)
    missed = [limit for limit in limits if limit["state"] == "missed"]
    assert run.returncode == 1 and 0 < len(missed) < 15
    run = patron("check", limited.folder)
    lines = [line for line in run.stdout.splitlines() if line.startswith("✗ limit  ")]
    assert run.returncode == 1 and len(lines) == len(missed) and run.stderr == ""
    for limit, line in zip(missed, lines):
        days = {30: "30 days", 90: "90 days", 182: "26 weeks"}[limit["horizon_days"]]
        assert line.startswith(f"✗ limit  {days} ahead: ") and limit["limit"] in run.stdout
        if limit["of"] == "purchases":
            assert f"purchases in all {100 * limit['found']:+.1f} %; total_within is".replace("-", "−") in line


def test_limits_that_hold_are_one_line_and_exit_0(limited):
    limited.limit("check:\n- {total_within: 100%, horizons: [30d, 90d]}\n- {held_within: 80%, horizons: 182d}\n")
    run = patron("check", limited.folder)
    assert run.returncode == 0 and "✓ limits 5 of 5 hold\n" in run.stdout and "✗ limit" not in run.stdout
    found = json.loads(check(limited, "--json"))["limits"]
    assert [(limit["of"], limit["horizon_days"]) for limit in found] == [
        ("purchases", 30), ("sales_after_returns", 30), ("purchases", 90), ("sales_after_returns", 90), ("held_80", 182)]
    limited.limit("")
    assert json.loads(check(limited, "--json"))["limits"] == [] and "✓ limit" not in check(limited)


def test_setting_a_limit_computes_nothing_again(limited):
    run_id = limited.build()["run_id"] # where the files lie now
    runs = limited.value("SELECT count(*) FROM runs")
    limited.limit("check: {total_within: 1%}   # a comment\nlocale: de_DE\n")
    build = limited.build()
    assert build["status"] == "unchanged" and build["run_id"] == run_id and limited.value("SELECT count(*) FROM runs") == runs
    assert patron("check", limited.folder).returncode == 1 # and it counts at once
    limited.limit("margin: 0.4\n")
    assert limited.build()["status"] == "ok"


def test_a_limit_that_cannot_be_tested_is_not_missed(tmp_path):
    own = Shop(tmp_path / "shop", "horizons: [30d, 1y]\ncheck: {total_within: 100%, held_within: 100%}\n").ledger(*ledger(trading(120, 200)))
    own.build()
    run = patron("check", own.folder)
    assert run.returncode == 0 and "– limits 3 of 6 not tested yet: a year\n" in run.stdout and "✓ limits 3 of 6 hold\n" in run.stdout
    states = [limit["state"] for limit in json.loads(check(own, "--json"))["limits"]]
    assert states == 3 * ["held"] + 3 * ["not tested"]
    own.write("patron.yaml", "name: shop\ncurrency: GBP\nhorizons: [30d, 1y, 60d]\ncheck: {horizons: 60d, held_within: 8%}\n")
    assert "not tested yet: 60 days\n" in check(own) # until it is built


def test_limits_that_cannot_be_read_fail_but_hide_nothing(limited):
    for text, code, said in ("chekc: {total_within: 15%}\n", "E102", 'did you mean "check"?'), \
                            ("check: {total_within: 15}\n", "E103", "did you mean 15%?"), \
                            ("check: {horizons: [91d], total_within: 15%}\n", "E103", "there is no horizon 91d"):
        limited.limit(text)
        run = patron("check", limited.folder)
        assert run.returncode == 1 and f"error {code}" in run.stderr and said in run.stderr
        assert "purchases in all" in run.stdout and "✓ limits" not in run.stdout
        run = patron("check", limited.folder, "--json")
        assert run.returncode == 1 and json.loads(run.stdout)["limits"] is None
        assert f"error {code}" in limited.refuses()


def test_help_tells_how_to_set_a_limit():
    said = " ".join(patron("help", "check").stdout.split())
    assert "check: {total_within: 15%" in said and "1 when a limit is missed" in said and "--all" in said


def test_a_season_under_two_years_is_called_what_it_is(tmp_path):
    """Half the year everyone buys, the other half nobody: after 500 days that may be leaving, too."""
    draw = trading(400, 500, seed=3, returns=False)
    lines = [line for i, line in enumerate(draw) if line[1].month >= 7 or i % 5 == 0]
    shop = Shop(tmp_path / "shop", "horizons: [30d]\nforecast: {season: on}\n").ledger(*ledger(lines))
    shop.build()
    found = figures(shop)
    assert found["season"]["lift"] > 1.15 and not found["season"]["identifiable"] and found["season"]["taken"]
    assert "cannot tell" in found["why"]


# ---- little to go by ----

@pytest.mark.parametrize("name", edges())
def test_with_little_to_go_by_it_says_so(tmp_path, name):
    shop = Shop(tmp_path / "shop").ledger(*edges()[name])
    shop.build()
    found, said = figures(shop), check(shop)
    assert said.strip() and "nan" not in said.lower().replace("finance", "") and "inf" not in said
    if not found["tests"]:
        assert found["mark"] == "none" and said.startswith("– ") and found["verdict"].startswith(("Not tested yet", "Nothing to check"))
        assert "nobody has bought" in found["verdict"] or "needs 8 weeks" in found["why"]


def test_people_alone(tmp_path):
    shop = Shop(tmp_path / "shop").source("-- stream: people\nSELECT 'a' AS customer, 'Ada' AS name", name="people")
    shop.build()
    assert "nobody has bought yet" in check(shop) and figures(shop)["forecast"] is None


def test_nothing_built_no_project_and_wrong_use(tmp_path):
    shop = Shop(tmp_path / "shop").ledger("a,2024-01-09,10")
    run = patron("check", shop.folder)
    assert run.returncode == 1 and run.stdout == "" and "error E501" in run.stderr
    run = patron("check", tmp_path)
    assert run.returncode == 1 and "error E504" in run.stderr
    for words in ("--yes",), (shop.folder, "twice"):
        run = patron("check", *words)
        assert run.returncode == 2 and "usage" in run.stderr
