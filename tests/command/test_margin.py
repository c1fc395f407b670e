"""A margin that is assumed: what another one would make of the value, wherever values of all are told."""
import json

import pytest

from shop import Shop, patron
from traders import ledger, trading

LINES = ledger(trading(120, 500, seed=4))
SETTINGS = "horizons: [90d, 182d]\ndiscount_rate: 0.2\nforecast: {{models: [mbg_nbd], season: off}}\nmargin: {}\n"


def shop_of(folder, margin, kind="acquire"):
    """With returns, a discount, and what winning customers cost, which no margin touches."""
    shop = Shop(folder, SETTINGS.format(margin)).ledger(*LINES)
    shop.source(f"SELECT DISTINCT customer, DATE '2022-06-01' AS occurred_at, -7 AS amount, '{kind}' AS kind FROM 'data/orders.csv'", name="won")
    shop.report = shop.build()
    return shop


@pytest.fixture(scope="module")
def assumed(tmp_path_factory):
    return shop_of(tmp_path_factory.mktemp("margin") / "shop", "40%")


def test_another_margin_is_worth_what_a_build_with_it_says(assumed, tmp_path):
    told = assumed.rows("FROM value.margins")
    assert [(float(row["assumed"]), float(row["margin"])) for row in told] == [(0.4, 0.35), (0.4, 0.45)]
    for row, margin in zip(told, ("0.35", "0.45")):
        other = shop_of(tmp_path / margin, margin)
        assert row["value"] == other.value("SELECT sum(value) FROM customers") > 0 # to the cent


@pytest.mark.parametrize("margin, beside", [("100%", [0.95]), ("4%", [0.02, 0.06]), ("0", [-0.05, 0.05]), ("-20%", [-0.25, -0.15])])
def test_margins_at_the_ends(tmp_path, margin, beside):
    shop = shop_of(tmp_path / "shop", margin)
    rows, value = shop.rows("FROM value.margins"), float(shop.value("SELECT sum(value) FROM customers"))
    assert [float(row["margin"]) for row in rows] == pytest.approx(beside)
    for row in rows:
        assert row["value"] != 0 and (row["value"] > 0) == (row["margin"] > 0)
        if value:
            assert float(row["value"]) == pytest.approx(value * float(row["margin"] / row["assumed"]), abs=1)
    assert "margin assumed " in patron("check", shop.folder).stdout
    card = patron("show", shop.folder, "c001")
    assert card.returncode == 0 and "nan" not in card.stdout and ("margin assumed 0" in card.stdout) is False


def test_it_is_said_where_values_of_all_are(assumed):
    low, high = (float(value) for value in assumed.column("SELECT value FROM value.margins ORDER BY margin"))
    run = patron("build", assumed.folder, "--full")
    for said in run.stdout, patron("check", assumed.folder).stdout:
        words = " ".join(said.split())
        assert "argin assumed 40 %: at 35 % £" in words and ", at 45 % £" in words
    found = {"build": json.loads(patron("build", assumed.folder, "--json").stdout)["headline"]["value"],
             "check": json.loads(patron("check", assumed.folder, "--json").stdout)["forecast"],
             "report": json.loads(patron("report", assumed.folder, "--json").stdout)["headline"]}
    for verb, of in found.items():
        assert of["margin"]["assumed"] == pytest.approx(0.4), verb
        assert [at["margin"] for at in of["margin"]["at"]] == [0.35, 0.45]
        assert [float(at["value"]) for at in of["margin"]["at"]] == pytest.approx([low, high])
        assert low < float(of["value"]) < high


def test_of_one_customer_it_is_in_proportion(assumed):
    who = assumed.value("SELECT key FROM customers JOIN person_keys USING (person_id) ORDER BY value DESC LIMIT 1")
    worth = json.loads(patron("show", assumed.folder, who, "--json").stdout)["worth"]
    assert [at["value"] for at in worth["margin"]["at"]] == pytest.approx([worth["value"] * 0.35 / 0.4, worth["value"] * 0.45 / 0.4])
    assert "margin assumed 40 %: at 35 % £" in " ".join(patron("show", assumed.folder, who).stdout.split())


@pytest.mark.parametrize("yaml, costs", [("", False), ("margin: 0.4\n", True)])
def test_nothing_is_said_where_none_is_assumed(tmp_path, yaml, costs):
    shop = shop_of(tmp_path / "shop", 0.4, "goods") if costs else Shop(tmp_path / "shop", "horizons: [90d]\n").ledger(*LINES)
    if not costs:
        shop.build()
    assert shop.rows("FROM value.margins") == []
    for verb, path in ("check", "forecast"), ("report", "headline"):
        assert "margin assumed" not in patron(verb, shop.folder).stdout if verb == "check" else True
        assert json.loads(patron(verb, shop.folder, "--json").stdout)[path]["margin"] is None
    assert "argin assumed" not in patron("build", shop.folder, "--full").stdout
