"""patron diff: what changed between two runs, and why; the parts add up to the last cent."""
import json
from decimal import Decimal

import pytest

from shop import Shop, patron
from traders import START, ledger, on, trading

LINES = trading(120, 500)


def lines_to(day):
    return [line for line in LINES if (line[1] - START).days <= day]


def diff(shop, *words, code=0):
    run = patron("diff", shop.folder, *words)
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout if code == 0 else run.stderr


def as_json(shop, *words):
    """The JSON of a diff, after checking that its parts add up and are the published values."""
    d = json.loads(diff(shop, *words, "--json"))
    change = Decimal(d["value"]["change"])
    assert d["value"]["ties"] is True
    assert change == Decimal(d["after"]["value"]) - Decimal(d["before"]["value"]) == sum(Decimal(c["change"]) for c in d["value"]["causes"])
    for cause in d["value"]["causes"]:
        if cause["by_purchases"] is not None:
            assert Decimal(cause["by_purchases"]) + Decimal(cause["by_worth"]) == Decimal(cause["change"])
    for run in d["before"], d["after"]:
        published = shop.rows(f"SELECT count(value) AS n, sum(value)::DECIMAL(18, 2) AS value FROM value_history WHERE run_id = '{run['run_id']}'")[0]
        assert (run["customers"], Decimal(run["value"])) == (published["n"], published["value"] or 0)
    sizes = [abs(Decimal(p["change"])) for p in d["largest"]]
    assert sizes == sorted(sizes, reverse=True) and len(sizes) <= 10
    return d


def causes(d):
    return {c["cause"]: c["customers"] for c in d["value"]["causes"]}


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """Built to day 400, then to day 430 with a new customer, a late row, one restated and one gone."""
    shop = Shop(tmp_path_factory.mktemp("grown") / "shop").ledger(*ledger(lines_to(400)), f"wrong,{on(50)},40", f"gone,{on(60)},9", f"gone,{on(90)},9")
    shop.build()
    shop.ledger(*ledger(lines_to(430)), f"wrong,{on(50)},44", f"gone,{on(60)},9", f"late,{on(70)},5", f"fresh,{on(420)},25")
    shop.build()
    return shop


def test_rows_are_told_apart(grown):
    rows = {r["change"]: (r["rows"], Decimal(r["amount"])) for r in as_json(grown)["rows"]}
    since = [line for line in LINES if 400 < (line[1] - START).days <= 430]
    assert rows == {"new": (len(since) + 1, Decimal(str(round(sum(line[2] for line in since), 2))) + 25), "late": (1, 5), "restated": (1, 4),
                    "gone": (1, -9)}


def test_customers_are_put_by_cause(grown):
    d = as_json(grown)
    counts = causes(d)
    since = [line for line in LINES if 400 < (line[1] - START).days <= 430]
    known = {who for who, _, amount in lines_to(400) if amount > 0}
    bought = {who for who, _, amount in since if amount > 0}
    assert counts["new"] == len(bought - known) + 2 # fresh, late
    assert counts["bought"] == len(bought & known)
    assert counts["restated"] == 2 # wrong, gone
    assert sum(counts.values()) == grown.value("SELECT count(value) FROM customers")
    reasons = {p["key"]: p["reason"] for p in d["largest"]}
    assert all(reasons.values())


def test_what_people_read(grown):
    said = diff(grown)
    runs = grown.column("SELECT run_id FROM runs ORDER BY started_at")
    assert said.startswith(f"run {runs[0]}, as of ") and f"→ run {runs[1]}" in said
    for part in "Rows ", "Value ", "new customers", "bought since", "nothing new in 30 days", "adds up", "Largest", "of earlier days, known only now":
        assert part in said
    assert max(map(len, said.splitlines())) <= 80


def test_runs_may_be_named_in_any_order(grown):
    runs = grown.column("SELECT run_id FROM runs ORDER BY started_at")
    assert as_json(grown, *runs) == as_json(grown) == as_json(grown, runs[0]) == as_json(grown, runs[1], runs[0])
    assert patron("diff", cwd=grown.folder).stdout == diff(grown) == patron("diff", runs[0], cwd=grown.folder).stdout


def test_the_same_rows_fitted_otherwise(tmp_path):
    shop = Shop(tmp_path / "shop").ledger(*ledger(lines_to(300)))
    shop.build()
    shop.write("patron.yaml", "name: shop\ncurrency: GBP\ndiscount_rate: 0.2\nforecast: {models: [mbg_nbd], prior: none}\n").build()
    d = as_json(shop)
    assert d["rows"] == [] and set(causes(d)) == {"model"}
    assert {s["what"]: (s["before"], s["after"]) for s in d["settings"]} == {
        "discount_rate": ("0.1", "0.2"), "models": ("auto", "mbg_nbd"), "prior": ("weak", "none")}
    assert "same rows: fitted again" in diff(shop) and "discount_rate 0.1 → 0.2" in diff(shop)


def told(shop, *words):
    return {s["what"]: (s["before"], s["after"]) for s in as_json(shop, *words)["settings"]}


def test_what_the_runs_were_told_is_named_also_when_the_older_one_is_not_kept(tmp_path):
    shop = Shop(tmp_path / "shop", "discount_rate: 0.1\n").ledger(*ledger(lines_to(300)))
    first = shop.build()["run_id"]
    shop.write("patron.yaml", "name: shop\ncurrency: GBP\ndiscount_rate: 0.12\n").build()
    assert told(shop) == {"discount_rate": ("0.1", "0.12")}
    shop.write("patron.yaml", "name: shop\ncurrency: GBP\ndiscount_curve: [{name: near, until: 1y, rate: 8%}, {rate: 0.1}]\n")
    shop.build("--as-of", on(250))
    assert told(shop) == {"as_of": (None, str(on(250))), "discount_rate": ("0.12", None),
                          "discount_curve": (None, "near 0.08 until 1y, 0.1")}
    shop.source("SELECT * FROM 'data/orders.csv'").write("patron.yaml", "name: shop\ncurrency: GBP\n").build()
    changed = told(shop, first)
    assert list(changed) == ["sources/orders.sql"] and len(set(changed["sources/orders.sql"])) == 2
    assert f"run {first} is no longer kept" in diff(shop, first) and "Settings   sources/orders.sql" in diff(shop, first)


def test_a_patron_yaml_that_says_the_same_in_other_words(tmp_path):
    shop = Shop(tmp_path / "shop").ledger(*ledger(lines_to(300)))
    shop.build()
    shop.write("patron.yaml", "name: shop\ncurrency: GBP\ndiscount_rate: 10%\n").build()
    assert told(shop) == {} and "the wording of patron.yaml or patron itself" in " ".join(diff(shop).split())


def test_an_earlier_as_of_day(tmp_path):
    shop = Shop(tmp_path / "shop").ledger(*ledger(lines_to(300)))
    shop.build()
    shop.build("--as-of", on(200))
    d = as_json(shop)
    assert [r["change"] for r in d["rows"]] == ["beyond"]
    assert set(causes(d)) <= {"gone", "time"} and "had not bought by then" in diff(shop)
    shop.build()
    assert set(causes(as_json(shop))) <= {"new", "bought", "returned", "time"}


def test_a_run_that_is_no_longer_kept_is_said_and_its_values_are_remembered(tmp_path):
    shop = Shop(tmp_path / "shop").ledger(*ledger(lines_to(300)))
    first = shop.build()["run_id"]
    shop.ledger(*ledger(lines_to(310))).build()
    shop.ledger(*ledger(lines_to(320))).build()
    d = as_json(shop, first)
    assert d["before"]["kept"] is False and d["settings"] == []
    new = [r for r in d["rows"] if r["change"] == "new"][0]
    assert new["rows"] == len([line for line in LINES if 300 < (line[1] - START).days <= 320])
    assert f"run {first} is no longer kept" in diff(shop, first)
    said = diff(shop, first, d["after"]["run_id"][:-1] + "x", code=1)
    assert "error E506" in said


def test_a_newer_run_that_is_not_kept_cannot_be_compared(tmp_path):
    shop = Shop(tmp_path / "shop").ledger("a,2024-01-09,10")
    runs = [shop.build("--full")["run_id"] for _ in range(4)]
    said = diff(shop, runs[0], runs[1], code=1)
    assert "error E506" in said and f"kept are: {runs[3]}, {runs[2]}" in said


@pytest.mark.parametrize("words, said", [(["zzzz"], "there was no such run"), (["../nowhere"], "no such folder")])
def test_what_cannot_be_compared_is_said(grown, words, said):
    run = patron("diff", *words, cwd=grown.folder)
    assert run.returncode == 1 and said in run.stderr and run.stdout == ""


def test_one_run_only(built):
    assert "there is one run only" in diff(built, code=1)


def test_nothing_built_yet(shop):
    run = patron("diff", shop.ledger("a,2024-01-09,10").folder)
    assert run.returncode == 1 and "E501" in run.stderr


def test_a_shop_without_forecasts(tmp_path):
    shop = Shop(tmp_path / "shop").ledger(f"a,{on(0)},-10")
    shop.build()
    shop.ledger(f"a,{on(0)},-10", f"b,{on(1)},-5").build()
    d = as_json(shop)
    assert d["value"]["causes"] == [] and d["largest"] == [] and Decimal(d["value"]["change"]) == 0
    assert "Rows       1 new, −5.00 GBP" in diff(shop)
