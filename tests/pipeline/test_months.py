"""forecast.months, the year to come month by month, and track_record.weeks, the last test week by week."""
import datetime
from decimal import Decimal

import pytest

from shop import Shop
from traders import START, edges, ledger, on, purchase_days, trading

LINES = trading()


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = Shop(tmp_path_factory.mktemp("months") / "shop", "horizons: [1m, 90d, 6m, 1y]\n").ledger(*ledger(LINES))
    shop.build()
    return shop


def months(shop):
    return shop.rows("SELECT *, to_day - from_day + 1 AS days, to_day - (SELECT max(as_of) FROM runs) AS ahead FROM forecast.months ORDER BY month")


def horizons(shop):
    return {row["horizon_days"]: row for row in shop.rows("FROM forecast.horizons")}


def day(text):
    return datetime.date.fromisoformat(text)


def test_months_follow_each_other_by_the_calendar(shop):
    rows, as_of = months(shop), START + datetime.timedelta(729)
    assert [row["month"] for row in rows] == list(range(1, 13))
    assert day(rows[0]["from_day"]) == as_of + datetime.timedelta(1)
    for before, after in zip(rows, rows[1:]):
        assert day(after["from_day"]) == day(before["to_day"]) + datetime.timedelta(1)
    assert {day(row["to_day"]).day for row in rows} <= {as_of.day, 28, 29, 30}  # no 31 February
    assert rows[-1]["ahead"] == max(horizons(shop))


def test_months_add_up_to_the_value_of_their_horizon(shop):
    rows, known = months(shop), horizons(shop)
    ends = {row["ahead"]: row for row in rows}
    shared = [days for days in known if days in ends]
    assert len(shared) == 3  # a month, six, and a year: 90 days end within one
    for days in shared:
        within = [row for row in rows if row["ahead"] <= days]
        assert sum(row["value"] for row in within) == known[days]["value"] == ends[days]["to_date"]
        assert sum(row["purchases"] for row in within) == pytest.approx(known[days]["purchases"], rel=Decimal("1e-9"))


def test_and_so_do_their_ranges(shop):
    rows, known = months(shop), horizons(shop)
    for row in rows:
        assert row["p10"] <= row["p25"] <= row["value"] <= row["p75"] <= row["p90"] and row["p10"] < row["p90"]
        assert row["to_date_p10"] < row["to_date"] < row["to_date_p90"]
        if row["ahead"] in known:
            assert (row["to_date_p10"], row["to_date_p90"]) == (known[row["ahead"]]["value_low"], known[row["ahead"]]["value_high"])
    first = rows[0]
    assert (first["p10"], first["p90"]) == (first["to_date_p10"], first["to_date_p90"])
    last = rows[-1]  # a month is harder to tell than the year
    assert all((row["p90"] - row["p10"]) / row["value"] > (last["to_date_p90"] - last["to_date_p10"]) / last["to_date"]
               for row in rows if row["horizon_days"] == last["horizon_days"])


def test_money_to_come_is_worth_less_the_later_it_comes(shop):
    rate = Decimal("1.1")
    for row in months(shop):
        middle = row["ahead"] - row["days"] / Decimal(2)
        assert row["value"] / row["undiscounted"] == pytest.approx(rate ** (-middle / Decimal("365.25")), rel=Decimal("0.001"))


def test_months_end_with_the_longest_horizon_and_pass_90_days(tmp_path):
    shop = Shop(tmp_path / "shop", "horizons: [90d, 40d]\n").ledger(*ledger(LINES))
    shop.build()
    rows, known = months(shop), horizons(shop)
    assert [row["ahead"] for row in rows][-1] == 90 and len(rows) == 3
    assert sum(row["value"] for row in rows) == known[90]["value"]
    assert rows[-1]["to_date_p90"] == known[90]["value_high"]


# ---- weeks ----

def test_weeks_add_up_to_the_test(shop):
    scores = {(row["horizon_days"], row["metric"]): row["value"] for row in shop.rows(
        "SELECT horizon_days, metric, value FROM model_scores WHERE \"last\" AND chosen AND metric IN ('forecast', 'came')")}
    weeks = shop.rows("SELECT horizon_days, sum(forecast) AS forecast, sum(came) AS came, sum(days) AS days FROM track_record.weeks GROUP BY ALL")
    assert {row["horizon_days"] for row in weeks} == {days for days, _ in scores}
    for row in weeks:
        days = row["horizon_days"]
        assert row["days"] == days and row["came"] == scores[days, "came"]
        assert row["forecast"] == pytest.approx(scores[days, "forecast"], rel=Decimal("1e-12"))


def test_weeks_are_counted_by_hand(shop):
    made_on = {row["horizon_days"]: day(row["made_on"]) for row in shop.rows("SELECT DISTINCT horizon_days, made_on FROM track_record.weeks")}
    bought = purchase_days(LINES)
    for horizon, origin in made_on.items():
        assert origin == START + datetime.timedelta(729 - horizon)
        came = [0] * ((horizon + 6) // 7)
        for days in bought.values():
            for when in days if days[0] <= origin else []:
                if when > origin:
                    came[((when - origin).days - 1) // 7] += 1
        rows = shop.rows(f"FROM track_record.weeks WHERE horizon_days = {horizon} ORDER BY week")
        assert [row["came"] for row in rows] == came
        assert [day(row["from_day"]) for row in rows] == [origin + datetime.timedelta(1 + 7 * k) for k in range(len(came))]
        assert [row["days"] for row in rows[:-1]] == [7] * (len(rows) - 1) and sum(row["days"] for row in rows) == horizon
        for row in rows:
            assert 0 <= row["p10"] <= row["p25"] <= row["forecast"] <= row["p75"] <= row["p90"]


def test_eight_weeks_in_ten_come_within_their_range(tmp_path):
    """In shops where the models are true the range is wide enough; that it could be narrower, nobody could know then."""
    inside = weeks = 0
    for seed in range(3):
        shop = Shop(tmp_path / str(seed), "horizons: [182d]\n").ledger(*ledger(trading(seed=100 + seed)))
        shop.build()
        for row in shop.rows("FROM track_record.weeks"):
            inside += row["p10"] <= row["came"] <= row["p90"]
            weeks += 1
    assert weeks == 78 and inside >= 60


# ---- little to go by ----

@pytest.mark.parametrize("name", edges())
def test_with_little_to_go_by(tmp_path, name):
    shop = Shop(tmp_path / "shop").ledger(*edges()[name])
    shop.build()
    rows, known = months(shop), horizons(shop)
    valued = [days for days in known if known[days]["value"] is not None and known[days]["purchases"] > 0]
    assert bool(rows) == bool(valued)
    if rows:
        assert sum(row["value"] for row in rows) == known[max(valued)]["value"]
        assert all(row["p10"] <= row["value"] <= row["p90"] for row in rows)


def test_customers_who_cost_more_than_they_bring(tmp_path):
    """Costs of twice the sales: values are below 0, and so are their ranges."""
    lines = [f"{who},{when},{amount},{'sale' if amount > 0 else 'refund'}" for who, when, amount in LINES]
    lines += [f"{who},{when},{-2 * amount:.2f},goods" for who, when, amount in LINES if amount > 0]
    shop = Shop(tmp_path / "shop", "horizons: [90d, 1y]\n").ledger(*lines, header="customer,occurred_at,amount,kind")
    shop.build()
    rows, known = months(shop), horizons(shop)
    year = known[max(known)]
    assert year["value"] < 0 and sum(row["value"] for row in rows) == year["value"]
    for row in rows:
        assert row["p10"] < row["p25"] < row["value"] < row["p75"] <= row["p90"]
    assert (rows[-1]["to_date_p10"], rows[-1]["to_date_p90"]) == (year["value_low"], year["value_high"])


def test_a_season_known_at_a_shorter_horizon_shapes_the_year(tmp_path):
    """Half the year everyone buys, the other half hardly anybody; the year's own history is too short to try a season at it."""
    lines = [line for i, line in enumerate(trading(400, 730, seed=3, returns=False)) if line[1].month >= 7 or i % 5 == 0]
    shop = Shop(tmp_path / "shop", "horizons: [60d, 1y]\n").ledger(*ledger(lines))
    shop.build()
    models = {row["horizon_days"]: row["model"] for row in shop.rows("SELECT horizon_days, model FROM forecast.horizons")}
    assert models[60].endswith("+season") and not models[max(models)].endswith("+season")
    rows = months(shop)
    spring = sum(row["purchases"] for row in rows if day(row["to_day"]).month in (4, 5, 6))
    autumn = sum(row["purchases"] for row in rows if day(row["to_day"]).month in (10, 11, 12))
    assert autumn > 2 * spring
    assert day(on(730)) == day(rows[0]["from_day"])
