"""forecast and value: what the tables promise, and what small shops do to them."""
import collections
import datetime
import json
import math
import re

import pytest

from shop import Shop, patron
from traders import START, edges, ledger, purchase_days, trading

COLUMNS = {
    "customers": "person_id name first_seen last_seen frequency recency_days age_days idle_days revenue margin p_alive value value_p10"
                 " value_p90 residual_value class",
    "forecast": "person_id horizon_days p_alive p_buys purchases purchases_p10 purchases_p90 margin_per_purchase value value_p10"
                " value_p90 model",
    "states": "frequency recency_days age_days customers",
    "models": "model status parameter value standard_error chosen",
    "model_scores": "model calibration_end holdout_end metric value chosen",
    "person_keys": "source key person_id",
    "ledger": "person_id source key occurred_at kind amount currency quantity product channel order_id source_row known_at",
    "timeline": "person_id occurred_at stream kind channel amount what source source_row",
    "value": "person_id condition component value value_p10 value_p90 verdict",
    "quarantine": "source file source_row column_name value code reason amount",
    "money": "stage source currency rows_read rows_typed rows_quarantined rows_set_aside amount_in rounding attributed unattributed"
             " quarantined set_aside",
    "runs": "as_of started_at finished_at status version settings",
}
METRICS = ("log_score crps rmse mae bias ngini ece pit_share coverage_80 coverage_80_implied forecast came buyers_forecast buyers_came"
           " customers repeaters luck").split()
END = START + datetime.timedelta(729)


def shop_of(folder, lines, yaml="horizons: [90d, 182d]\n"):
    shop = Shop(folder, yaml).ledger(*lines)
    shop.build()
    return shop


@pytest.fixture(scope="module")
def lines():
    return trading()


@pytest.fixture(scope="module")
def shop(tmp_path_factory, lines):
    """Two years of 240 customers; tests only read it."""
    return shop_of(tmp_path_factory.mktemp("traders") / "shop", ledger(lines), f"horizons: [90d, 182d]\nas_of: {END}\n")


# ---- the contract ----

@pytest.mark.parametrize("table", COLUMNS)
def test_columns_that_programs_rely_on(shop, table):
    found = shop.column(f"SELECT column_name FROM (DESCRIBE {table})")
    assert set(COLUMNS[table].split()) <= set(found) and "run_id" in found
    kind = "views" if table in ("timeline", "value") else "tables"
    assert shop.value(f"SELECT comment FROM duckdb_{kind}() WHERE {kind[:-1]}_name = '{table}' AND schema_name = 'main'").startswith("a row: ")


def test_a_buyer_has_a_row_a_horizon_and_the_state_that_the_ledger_says(shop, lines):
    days = purchase_days(lines)
    for row in shop.rows("SELECT k.key, c.* FROM customers c JOIN person_keys k USING (person_id)"):
        own = days.get(row["key"])
        assert (row["frequency"], row["recency_days"], row["age_days"]) == (len(own) - 1, (own[-1] - own[0]).days, (END - own[0]).days)
        assert row["idle_days"] == row["age_days"] - row["recency_days"]
    assert shop.value("SELECT count(*) FROM forecast") == 2 * len(days)
    assert sorted(set(shop.column("SELECT horizon_days FROM forecast"))) == [90, 182]


def test_chances_and_ranges_are_such(shop):
    assert shop.value("SELECT count(*) FROM forecast WHERE NOT coalesce(p_alive BETWEEN 0 AND 1 AND p_buys BETWEEN 0 AND p_alive"
                      " AND purchases >= p_buys * (1 - 1e-9) AND purchases_p10 <= purchases_p90 AND value_p10 <= value_p90, false)") == 0
    # who surely buys has the centre inside; of the others 8 in 10 may well hold nothing at all
    assert shop.value("SELECT count(*) FROM forecast WHERE p_buys > 0.95 AND NOT (purchases BETWEEN purchases_p10 AND purchases_p90"
                      " AND value BETWEEN value_p10 AND value_p90)") == 0
    assert shop.value("SELECT count(*) FROM forecast WHERE p_buys > 0.95") > 5


def test_farther_ahead_is_more(shop):
    assert shop.value("SELECT count(*) FROM forecast a JOIN forecast b USING (person_id) WHERE a.horizon_days = 90 AND b.horizon_days = 182"
                      " AND (a.purchases > b.purchases OR a.p_buys > b.p_buys OR a.value > b.value)") == 0


def test_people_in_the_same_state_have_the_same_forecast_and_states_add_up(shop):
    assert shop.value("SELECT max(n) FROM (SELECT count(DISTINCT f.purchases) AS n FROM forecast f JOIN customers c USING (person_id)"
                      " GROUP BY horizon_days, frequency, recency_days, age_days)") == 1
    assert shop.value("SELECT sum(customers) FROM states") == shop.value("SELECT count(*) FROM customers WHERE frequency IS NOT NULL")
    assert shop.value("SELECT count(*) FROM states") < shop.value("SELECT sum(customers) FROM states") + 1
    for row in shop.rows("SELECT horizon_days, h.purchases AS said, sum(s.purchases * customers) AS states, (SELECT sum(purchases) FROM"
                         " forecast f WHERE f.horizon_days = h.horizon_days) AS persons FROM forecast.horizons h JOIN forecast.state_scores s"
                         " USING (horizon_days) JOIN states t ON (t.frequency, t.recency_days, t.age_days) = (s.frequency, s.recency, s.age)"
                         " GROUP BY ALL"):
        assert math.isclose(row["said"], row["states"], rel_tol=1e-9) and math.isclose(row["said"], row["persons"], rel_tol=1e-9)


def test_the_total_is_the_sum_of_persons_to_the_penny_with_a_range_around_it(shop):
    for row in shop.rows("SELECT *, (SELECT sum(value) FROM forecast f WHERE f.horizon_days = h.horizon_days) AS persons"
                         " FROM forecast.horizons h"):
        assert row["value"] == row["persons"] and row["currency"] == "GBP"
        assert 0 < row["value_low"] < row["value"] < row["value_high"]
        assert 0 < row["purchases_low"] < row["purchases"] < row["purchases_high"]
        assert row["value_deviation"] < row["value_high"] - row["value"] # luck alone is never the whole of it
    assert shop.value("SELECT sum(value) FROM customers") == shop.value("SELECT value FROM forecast.horizons WHERE horizon_days = 182")


def test_the_quiet_ones_are_in_p_alive(shop):
    """p_alive = quiet + (1 - quiet) times that of the model, whose parameters `models` has."""
    quiet = "(SELECT quiet FROM forecast.horizons WHERE horizon_days = 90)"
    name = shop.value("SELECT model FROM forecast.horizons WHERE horizon_days = 90")
    if "season" in name:
        pytest.skip("by another clock")
    assert shop.value(f"SELECT max(abs(f.p_alive - {quiet} - (1 - {quiet}) * {name}_p_alive(m, frequency, recency_days, age_days))) FROM"
                      f" forecast f JOIN customers USING (person_id), (SELECT {name}_model_of('states') AS m) WHERE horizon_days = 90"
                      ) < 1e-9 if shop.value(f"SELECT count(*) FROM duckdb_functions() WHERE function_name = '{name}_model_of'"
                                             " AND function_type = 'scalar'") else True


def test_people_who_never_bought_have_no_forecast(tmp_path):
    shop = Shop(tmp_path / "shop").ledger(*ledger(trading(60, 200)), "asked,2022-03-01,-5", "free,2022-03-02,0")
    shop.source("-- stream: people\nSELECT 'known' AS customer, 'Ada' AS name", name="people").build()
    rows = {row["key"]: row for row in shop.rows("SELECT k.key, c.* FROM customers c JOIN person_keys k USING (person_id)"
                                                 " WHERE k.key IN ('asked', 'free', 'known')")}
    assert set(rows) == {"asked", "free", "known"}
    for row in rows.values():
        assert [row[name] for name in ("frequency", "recency_days", "age_days", "idle_days", "p_alive", "value", "residual_value")] == [None] * 7
    assert shop.value("SELECT count(*) FROM forecast JOIN person_keys USING (person_id) WHERE key IN ('asked', 'free', 'known')") == 0


# ---- the past ----

def tables(shop, *but):
    skip = ", ".join(("run_id", *but))
    return [shop.rows(f"SELECT * EXCLUDE ({skip}) FROM {table} ORDER BY ALL") for table in ("forecast", "customers", "states", "models",
                                                                                            "model_scores", "forecast.horizons")
            if table != "forecast.horizons"] + [shop.rows("FROM forecast.horizons")]


def test_as_of_the_past_nothing_later_is_known(tmp_path, lines):
    past = START + datetime.timedelta(500)
    then = shop_of(tmp_path / "then", ledger([line for line in lines if line[1] <= past]), f"horizons: [90d, 182d]\nas_of: {past}\n")
    now = Shop(tmp_path / "now", "horizons: [90d, 182d]\n").ledger(*ledger(lines))
    assert now.build("--as-of", past)["as_of"] == past.isoformat()
    keyed = "SELECT k.key, f.* EXCLUDE (run_id, person_id, person) FROM {} f JOIN person_keys k USING (person_id) WHERE {} ORDER BY ALL"
    for table, where in ("forecast", "true"), ("customers", "frequency IS NOT NULL"):
        assert now.rows(keyed.format(table, where)) == then.rows(keyed.format(table, where))
    assert now.rows("SELECT * EXCLUDE (run_id) FROM model_scores ORDER BY ALL") == then.rows("SELECT * EXCLUDE (run_id) FROM model_scores ORDER BY ALL")
    assert now.rows("FROM forecast.horizons") == then.rows("FROM forecast.horizons")


def test_building_twice_is_equal_to_the_last_bit(tmp_path, lines):
    shop = shop_of(tmp_path / "shop", ledger(lines))
    first = tables(shop)
    shop.build("--full")
    assert tables(shop) == first


# ---- the track record ----

def test_every_metric_of_every_candidate_and_the_rule_beside_them(shop):
    for row in shop.rows("SELECT model, calibration_end, horizon_days, list(metric) AS metrics FROM model_scores GROUP BY ALL"):
        assert set(METRICS) <= set(row["metrics"]) and len(set(row["metrics"])) == len(row["metrics"])
    assert {"pareto_nbd", "bg_nbd", "mbg_nbd", "same_rate"} <= set(shop.column("SELECT DISTINCT model FROM model_scores"))
    assert shop.value("SELECT count(*) FROM model_scores WHERE model = 'same_rate' AND chosen") == 0


def test_no_choice_saw_the_untouched_stretch(shop):
    for row in shop.rows("SELECT horizon_days, min(calibration_end) FILTER (\"last\") AS made, max(holdout_end) FILTER (\"last\") AS tested,"
                         " max(holdout_end) FILTER (NOT \"last\") AS chosen_by FROM model_scores GROUP BY ALL"):
        made = END - datetime.timedelta(row["horizon_days"])
        assert row["made"] == made.isoformat() and row["tested"] == END.isoformat() and row["chosen_by"] <= row["made"]


def test_the_best_log_score_on_the_earlier_days_is_chosen(shop):
    for horizon, chosen in ((row["horizon_days"], row["model"]) for row in shop.rows("FROM forecast.horizons")):
        scores = shop.rows(f"SELECT model, avg(value) AS score FROM model_scores WHERE metric = 'log_score' AND NOT \"last\" AND model <>"
                           f" 'same_rate' AND model NOT LIKE '%season' AND horizon_days = {horizon} GROUP BY model ORDER BY score DESC")
        assert chosen.removesuffix("+season") == scores[0]["model"]


def test_what_came_is_what_the_ledger_has(shop, lines):
    days = purchase_days(lines)
    for row in shop.rows("SELECT horizon_days, calibration_end, holdout_end, max(value) FILTER (metric = 'came') AS came, max(value) FILTER"
                         " (metric = 'customers') AS customers, max(value) FILTER (metric = 'money_came') AS money"
                         " FROM model_scores WHERE chosen GROUP BY ALL"):
        made, until = (datetime.date.fromisoformat(row[name]) for name in ("calibration_end", "holdout_end"))
        known = {who for who, own in days.items() if own[0] <= made}
        assert row["customers"] == len(known)
        assert row["came"] == sum(made < d <= until for who in known for d in days[who])
        if row["money"] is not None:
            money = sum(round(100 * amount) for who, when, amount in lines if who in known and made < when <= until)
            assert math.isclose(row["money"], money / 100, abs_tol=0.005)


def test_money_is_recorded_of_the_model_chosen(shop):
    assert shop.value("SELECT count(*) FROM model_scores WHERE metric LIKE 'money%' AND NOT chosen") == 0
    for row in shop.rows("SELECT horizon_days, max(value) FILTER (metric = 'money_forecast') AS forecast, max(value) FILTER (metric ="
                         " 'money_came') AS came FROM model_scores WHERE \"last\" GROUP BY ALL"):
        assert 0.4 < row["forecast"] / row["came"] < 2.5


def test_tenths_add_up(shop):
    for row in shop.rows("SELECT model, sum(value) FILTER (metric LIKE 'tenth%customers') AS tenths, max(value) FILTER (metric = 'customers')"
                         " AS customers, sum(value) FILTER (metric LIKE 'tenth%came') AS came, max(value) FILTER (metric = 'came') AS total"
                         " FROM model_scores WHERE \"last\" GROUP BY horizon_days, model"):
        assert math.isclose(row["tenths"], row["customers"]) and math.isclose(row["came"], row["total"])


# ---- settings ----

def test_models_and_seasons_that_are_asked_for(tmp_path, lines):
    shop = shop_of(tmp_path / "shop", ledger(lines), "horizons: [90d]\nforecast: {models: [mbg_nbd], season: on}\n")
    assert shop.column("SELECT DISTINCT model FROM models ORDER BY 1") == ["mbg_nbd", "mbg_nbd+season"]
    assert shop.column("SELECT model FROM forecast.horizons") == ["mbg_nbd+season"]
    shop.write("patron.yaml", "name: shop\ncurrency: GBP\nhorizons: [90d]\nforecast: {models: [mbg_nbd], season: off}\n").build()
    assert shop.column("SELECT DISTINCT model FROM models") == ["mbg_nbd"]


def test_a_season_needs_a_year_and_until_then_there_is_none(tmp_path):
    shop = shop_of(tmp_path / "shop", ledger(trading(80, 250)), "horizons: [60d]\nforecast: {season: on}\n")
    assert "season" not in shop.value("SELECT model FROM forecast.horizons")


def test_a_model_that_there_is_not_is_named(tmp_path):
    said = Shop(tmp_path / "shop", "forecast: {models: [pareto_nbs]}\n").ledger(*ledger(trading(40, 100))).refuses()
    assert "E103" in said and "pareto_nbs" in said and "patron.yaml:3:" in said and "pareto_nbd" in said


def test_the_margin_scales_value_and_costs_replace_it(tmp_path, lines):
    plain = shop_of(tmp_path / "plain", ledger(lines))
    half = shop_of(tmp_path / "half", ledger(lines), "horizons: [90d, 182d]\nmargin: 0.5\n")
    whole, part = (dict(collections.OrderedDict((row["person_id"], row["value"]) for row in shop.rows("SELECT person_id, value FROM customers")))
                   for shop in (plain, half))
    assert all(abs(part[who] - whole[who] / 2) <= 0.01 for who in whole)
    assert plain.value("SELECT count(margin) FROM customers") == 0 and half.value("SELECT count(margin) FROM customers") > 0
    costly = Shop(tmp_path / "costly", "horizons: [90d, 182d]\n").ledger(*ledger(lines))
    costly.source("SELECT customer, occurred_at, -1.5 * abs(amount) AS amount, 'goods' AS kind FROM 'data/orders.csv'", name="goods").build()
    row = costly.rows("SELECT value, value_low, value_high FROM forecast.horizons")[-1]
    assert row["value_low"] < row["value"] < row["value_high"] < 0 # more goes out with every sale than comes in


def test_two_horizons_that_come_to_the_same_day_are_one(tmp_path, lines):
    shop = shop_of(tmp_path / "shop", ledger(lines), "horizons: [365d, 30d, 1y]\nas_of: 2023-12-31\n")
    assert shop.column("SELECT horizon_days FROM forecast.horizons ORDER BY 1") == [30, 365, 366] # a leap year
    same = shop_of(tmp_path / "same", ledger(lines), "horizons: [30d, 1m]\nas_of: 2023-11-30\n")
    assert same.column("SELECT horizon_days FROM forecast.horizons") == [30]
    assert same.value("SELECT count(*) FROM customers") == same.value("SELECT count(DISTINCT person_id) FROM customers")
    assert same.value("SELECT count(*) FROM forecast") == same.value("SELECT count(DISTINCT person_id) FROM forecast")


@pytest.mark.parametrize("discount", ["discount_rate: 0", "discount_rate: -0.05", "discount_curve: [{name: near, until: 1y, rate: 0.08}, {rate: 0}]"])
def test_without_a_discount_there_is_a_value_and_no_residual(tmp_path, lines, discount):
    shop = shop_of(tmp_path / "shop", ledger(lines), f"horizons: [90d]\n{discount}\n")
    assert shop.value("SELECT count(value) > 0 AND count(residual_value) = 0 FROM customers") is True


def with_costs(folder, lines, yaml="horizons: [90d, 182d]\n", **costs):
    """A shop with one more row for each kind and customer: its own amount on its own day."""
    shop = Shop(folder, yaml).ledger(*ledger(lines))
    for kind, (amount, day) in costs.items():
        shop.source(f"SELECT DISTINCT customer, DATE '{day}' AS occurred_at, {amount} AS amount, '{kind}' AS kind FROM 'data/orders.csv'", name=kind)
    shop.build()
    return shop


@pytest.mark.parametrize("yaml", ["", "margin: 0.5\n"])
@pytest.mark.parametrize("costs", [{}, {"serve": (-3, END)}])
def test_winning_a_customer_is_paid_once_and_in_no_value_to_come(tmp_path, lines, yaml, costs):
    settings = "horizons: [90d]\nforecast: {models: [mbg_nbd], season: off}\n" + yaml
    without = with_costs(tmp_path / "without", lines, settings, **costs)
    won = with_costs(tmp_path / "won", lines, settings, acquire=(-20, END), **costs)
    values = "SELECT k.key, c.value, c.value_p10, c.value_p90, c.residual_value FROM customers c JOIN person_keys k USING (person_id)" \
             " GROUP BY ALL ORDER BY key"
    assert won.rows(values) == without.rows(values)
    assert won.value("SELECT value_before FROM share.headline") == without.value("SELECT value_before FROM share.headline")
    paid = "SELECT sum(margin)::DOUBLE FROM customers"
    if yaml or costs:
        people = won.value("SELECT count(*) FROM customers")
        assert won.value(paid) == pytest.approx(without.value(paid) - 20 * people)
    else:
        assert won.value(paid) is None # what things cost is not known


@pytest.mark.parametrize("day, known", [(END, True), (END + datetime.timedelta(1), False)])
def test_costs_are_known_from_the_day_there_are_any(tmp_path, lines, day, known):
    shop = with_costs(tmp_path / "shop", lines, f"horizons: [90d]\nmargin: 0.3\nas_of: {END}\n", goods=(-5, day))
    assert shop.rows("SELECT has_costs, margin_assumed FROM share.headline") == [{"has_costs": known, "margin_assumed": not known}]


def test_a_margin_of_one_is_a_margin(tmp_path, lines):
    shop = shop_of(tmp_path / "shop", ledger(lines), "horizons: [90d]\nmargin: 1\n")
    assert shop.value("SELECT margin_assumed FROM share.headline") is True
    assert shop.value("SELECT bool_and(margin = revenue) FROM customers WHERE margin IS NOT NULL") is True
    assert shop.value("SELECT count(margin) FROM customers") == shop.value("SELECT count(*) FROM customers")
    codes = shop.column("SELECT code FROM warnings")
    assert "W402" in codes and "W401" not in codes


def test_a_dated_record_of_a_person_comes_after_an_undated_one(tmp_path):
    own = Shop(tmp_path / "shop").ledger("a,2024-01-09,10", "b,2024-01-09,10", "c,2024-01-09,10")
    own.write("data/people.csv", "customer,name,city,updated_at\na,Old,York,\na,New,Leeds,2024-01-01\na,Older,Hull,2023-01-01\n"
                                 "b,First,York,\nb,Second,Hull,\nc,Kept,Bath,2024-01-01\nc,,,2024-02-01\n")
    own.source("-- stream: people\nFROM 'data/people.csv'", name="people").build()
    assert own.column("SELECT name FROM customers ORDER BY person") == ["New", "Second", "Kept"]
    for key, city in zip("abc", ["Leeds", "Hull", "Bath"]):
        assert f" {city} " in patron("show", own.folder, key).stdout.splitlines()[0]


# ---- little to go by ----

@pytest.mark.parametrize("name", edges())
def test_a_build_succeeds_and_its_tables_stand(tmp_path, name):
    shop = shop_of(tmp_path / "shop", edges()[name], "horizons: [90d, 1y]\n")
    for table in COLUMNS:
        shop.rows(f"FROM {table} LIMIT 1")
    assert shop.value("SELECT count(*) FROM forecast WHERE isnan(purchases) OR isnan(p_alive) OR isnan(p_buys) OR purchases < 0") == 0
    for row in shop.rows("SELECT * FROM forecast.horizons WHERE purchases IS NOT NULL"):
        assert 0 <= row["purchases_low"] <= row["purchases"] <= row["purchases_high"] < 1e6
        assert row["value"] is None or 0 <= row["value_low"] <= row["value"] <= row["value_high"]
    assert shop.value("SELECT count(*) FROM customers WHERE (p_alive IS NULL) <> (purchases IS NULL)"
                      .replace("(purchases IS NULL)", "(NOT EXISTS (SELECT 1 FROM forecast f WHERE f.person_id = customers.person_id))")) == 0


def test_everyone_every_day_goes_on(tmp_path):
    shop = shop_of(tmp_path / "shop", edges()["everyone every day"], "horizons: [30d]\n")
    assert shop.value("SELECT count(*) FROM forecast WHERE abs(purchases - 30) > 1") == 0


def test_nobody_who_never_came_back_is_expected(tmp_path):
    shop = shop_of(tmp_path / "shop", edges()["nobody comes back"], "horizons: [90d]\n")
    row = shop.rows("FROM forecast.horizons")[0]
    assert row["purchases"] < 1 and row["chosen_on_days"] is None


def test_one_customer_is_forecast_and_not_valued(tmp_path):
    """The same words everywhere: what comes is known, roughly; what it is worth is not."""
    shop = Shop(tmp_path / "shop").ledger(*(f"c1,2024-{month:02}-09,10" for month in range(1, 13)))
    said = patron("build", shop.folder).stdout
    assert re.search(r"^Next year    8 in 10: \d+ to \d+ purchases; too little is known to say what one is\s+worth$", said, re.M)
    assert "the next year brings" in patron("check", shop.folder).stdout
    missing = json.loads(patron("report", shop.folder, "--json").stdout)["missing"]["headline"]["says"]
    assert re.fullmatch(r"Within a year, 8 in 10: \d+ to \d+ purchases; too little is known to say what one is worth\.", missing)
    card = patron("show", shop.folder, "c1").stdout
    assert "not valued: too little is known to say what a purchase is worth" in card
    assert re.search(r"over 19 in 20 still with us, over 19 in 20 to buy in the next year", card) and "bought 12 times" in card


def test_a_forecast_that_was_right_is_said_to_be(tmp_path):
    shop = Shop(tmp_path / "shop").ledger(*edges()["everyone every day"])
    said = " ".join(patron("build", shop.folder).stdout.split())
    assert "ago this would have been right to 1 %: see the range" in said and "part of that was luck" not in said


def test_people_alone_have_no_forecast(tmp_path):
    shop = Shop(tmp_path / "shop").source("-- stream: people\nSELECT 'a' AS customer, 'Ada' AS name", name="people")
    shop.build()
    assert shop.rows("FROM forecast") == shop.rows("FROM states") == shop.rows("FROM forecast.horizons") == []
