"""Money as it enters: signs and kinds, rounding to minor units, other currencies."""
from decimal import Decimal

import pytest

from shop import Shop, patron


def outcome(shop):
    """What became of each row, in order: its kind and amount, or the code of its fault."""
    rows = shop.rows("SELECT source_row, kind::VARCHAR AS kind, amount FROM ledger UNION ALL SELECT source_row, code, NULL FROM quarantine"
                     " ORDER BY source_row")
    return [row["kind"] if row["amount"] is None else (row["kind"], row["amount"]) for row in rows]


def assert_conserved(shop):
    for line in shop.rows("FROM money"):
        assert line["rows_read"] == line["rows_typed"] + line["rows_quarantined"] + line["rows_set_aside"]
        assert line["amount_in"] == line["attributed"] + line["unattributed"] + line["quarantined"] + line["set_aside"]


# ---- signs and kinds ----

def test_without_a_kind_the_sign_decides(shop):
    shop.ledger("a,2024-01-09,5", "b,2024-01-09,-5", "c,2024-01-09,0").build()
    assert outcome(shop) == [("sale", 5), ("refund", -5), ("sale", 0)]


def test_each_kind_has_its_sign(shop):
    money_in, money_out = ["sale", "fee", "penalty", "overage", "breakage"], ["refund", "goods", "serve", "retain", "acquire", "reward"]
    shop.ledger(*(f"a,2024-01-09,{amount},{kind}" for kind in money_in + money_out for amount in (3, -3)),
                header="customer,occurred_at,amount,kind").build()
    right_then_wrong = [told for kind in money_in for told in ((kind, 3), "E220")]
    wrong_then_right = [told for kind in money_out for told in ("E220", (kind, -3))]
    assert outcome(shop) == right_then_wrong + wrong_then_right
    assert_conserved(shop)


def test_kinds_are_read_in_any_case_and_unknown_ones_are_refused(shop):
    shop.ledger("a,2024-01-09,5, Sale ", "b,2024-01-09,-5,REFUND", "c,2024-01-09,-5,", "d,2024-01-09,5,gift",
                header="customer,occurred_at,amount,kind").build()
    assert outcome(shop) == [("sale", 5), ("refund", -5), ("refund", -5), "E219"]
    assert "sale, refund, goods" in shop.value("SELECT reason FROM quarantine")


def test_quantity_and_amount_must_agree_in_sign(shop):
    shop.ledger("a,2024-01-09,5,1", "b,2024-01-09,5,-1", "c,2024-01-09,-5,1", "d,2024-01-09,-5,-1", "e,2024-01-09,0,-1",
                "f,2024-01-09,5,", "g,2024-01-09,5,many", header="customer,occurred_at,amount,quantity").build()
    assert outcome(shop) == [("sale", 5), "E222", "E222", ("refund", -5), ("sale", 0), ("sale", 5), "E221"]
    assert_conserved(shop)


# ---- rounding ----

@pytest.mark.parametrize("currency, cases", [
    # 1.005 and 2.675 are below the tie as doubles (1.00499..., 2.67499...), and are ties as people wrote them
    ("GBP", {"1.005": "1.00", "2.675": "2.68", "1.015": "1.02", "-1.005": "-1.00", "-2.675": "-2.68", "0.125": "0.12", "1.0051": "1.01",
             "1.0049": "1.00", "0.30000000000000004": "0.30", "-0.004": "0.00", "8000000000.25": "8000000000.25"}),
    ("JPY", {"0.5": "0", "1.5": "2", "2.5": "2", "-0.5": "0", "-1.5": "-2", "2.4999": "2", "2.5001": "3", "1000": "1000"}),
    ("KWD", {"1.0005": "1.000", "1.0015": "1.002", "-1.0025": "-1.002", "1.00051": "1.001", "7.125": "7.125"}),
])
def test_amounts_round_half_to_even(tmp_path, currency, cases):
    shop = Shop(tmp_path / "shop", f"currency: {currency}\n")
    for kind in "decimal(18, 6)", "double":
        values = ", ".join(f"({row}, {amount}::{kind})" for row, amount in enumerate(cases))
        shop.source("SELECT 'a' AS customer, DATE '2024-01-09' AS occurred_at, amount, source_row"
                    f" FROM (VALUES {values}) AS given(source_row, amount)",
                    name=kind.split("(")[0])
    report = shop.build()
    for source in "decimal", "double":
        amounts = shop.column(f"SELECT amount FROM ledger WHERE source = '{source}' ORDER BY source_row")
        assert amounts == [Decimal(expected) for expected in cases.values()]
    took = 2 * sum(Decimal(given) - Decimal(expected) for given, expected in cases.items())
    assert Decimal(report["money"]["rounding"]) == took.quantize(Decimal("1e-6"))
    assert_conserved(shop)


def test_build_says_what_rounding_took(shop):
    shop.ledger("a,2024-01-09,10.004", "b,2024-01-09,10.005")
    assert "rounding took 0.009" in patron("build", shop.folder).stdout


def test_an_amount_beyond_a_million_millions_is_refused(shop):
    shop.ledger("a,2024-01-09,1e12", "b,2024-01-09,-999999999999.999", "c,2024-01-09,1e300",
                "d,2024-01-09,999999999999").build()
    assert outcome(shop) == ["E214", "E214", "E214", ("sale", 999_999_999_999)]


# ---- currencies ----

@pytest.fixture(scope="module")
def traveller(tmp_path_factory):
    """Cash flows in six currencies; the rates change on 10 and 20 January."""
    shop = Shop(tmp_path_factory.mktemp("currencies") / "shop")
    shop.source("-- stream: rates\nFROM 'data/rates.csv'", name="rates")
    shop.write("data/rates.csv", "valid_from,currency,rate\n2024-01-10,EUR,0.85\n2024-01-20,EUR,0.90\n2024-01-01,JPY,0.005\n2024-01-01,KWD,2.5\n")
    shop.ledger("before,2024-01-09 23:59:59,10,EUR", "first,2024-01-10,10,EUR", "last,2024-01-19 23:59:59,10,EUR", "next,2024-01-20,10,eur",
                "later,2024-06-20,-10,EUR", "yen,2024-01-20,1000.5,JPY", "dinar,2024-01-20,1.2345,KWD", "none,2024-01-20,10,USD",
                "odd,2024-01-20,10,EURO", "own,2024-01-20,10.005,GBP", "default,2024-01-20,3,", header="customer,occurred_at,amount,currency")
    shop.build()
    return shop


def test_a_rate_holds_from_its_day_until_the_next(traveller):
    converted = {row["key"]: row["project_amount"] for row in traveller.rows("SELECT key, project_amount FROM ledger WHERE currency = 'EUR'")}
    assert converted == {"first": Decimal("8.5"), "last": Decimal("8.5"), "next": Decimal("9"), "later": Decimal("-9")}


def test_before_its_first_rate_or_without_one_money_is_quarantined(traveller):
    rows = traveller.rows("SELECT value, code, amount FROM quarantine ORDER BY source_row")
    assert rows == [{"value": "EUR", "code": "E216", "amount": 10}, {"value": "USD", "code": "E216", "amount": 10},
                    {"value": "EURO", "code": "E215", "amount": 10}]


def test_each_currency_is_rounded_as_its_own_then_converted(traveller):
    rows = traveller.rows("SELECT key, amount, project_amount FROM ledger WHERE key IN ('yen', 'dinar', 'own', 'default') ORDER BY key")
    assert [(row["key"], row["amount"], row["project_amount"]) for row in rows] == [
        ("default", 3, 3), ("dinar", Decimal("1.234"), Decimal("3.08")), ("own", 10, 10), ("yen", 1000, 5)]


def test_every_currency_has_its_own_equation(traveller):
    assert_conserved(traveller)
    money = {row["currency"]: row["amount_in"] for row in traveller.rows("FROM money WHERE stage = 'identify' AND source = 'orders'")}
    assert money == {"EUR": 30, "JPY": 1000, "KWD": Decimal("1.234"), "USD": 10, "EURO": 10, "GBP": 13}


def test_a_rate_that_cannot_be_used_is_quarantined(shop):
    shop.source("-- stream: rates\nFROM 'data/rates.csv'", name="rates")
    shop.write("data/rates.csv", "valid_from,currency,rate\nsoon,EUR,1\n2024-01-01,euro,1\n2024-01-01,EUR,-1\n2024-01-01,EUR,dear\n")
    shop.ledger("a,2024-01-09,1").build()
    assert shop.quarantine() == [(1, "E211", "valid_from"), (2, "E215", "currency"), (3, "E217", "rate"), (4, "E217", "rate")]


def test_large_amounts_are_converted_exactly_and_what_is_out_of_reach_is_refused(tmp_path):
    shop = Shop(tmp_path / "shop", "currency: JPY\n")
    shop.source("-- stream: rates\nSELECT DATE '2024-01-01' AS valid_from, 'GBP' AS currency, 190.123456789 AS rate", name="rates")
    shop.ledger("a,2024-01-09,1000000.01,GBP", "b,2024-01-09,100000000000,GBP", header="customer,occurred_at,amount,currency").build()
    assert shop.column("SELECT project_amount FROM ledger") == [190_123_459]
    assert shop.rows("SELECT code, reason FROM quarantine") == [{"code": "E214", "reason": "too large in JPY: at most 10^12 was expected"}]


def test_new_rates_of_a_database_reach_rows_read_before(tmp_path):
    """Nobody can say whether a database has changed: its rates are looked at, and only new ones read everything again."""
    bank = Shop(tmp_path / "bank").ledger("EUR,2024-01-01,0.80")
    bank.build()

    def publish_rates(*lines):
        if lines:
            bank.ledger(*lines)
            bank.build()
        database = tmp_path / "shop" / "bank.duckdb"
        database.unlink(missing_ok=True)
        database.write_bytes((bank.folder / ".patron" / "store.duckdb").read_bytes())

    shop = Shop(tmp_path / "shop", yaml="quarantine_limit: 100%\nattach:\n  - {name: bank, type: duckdb, dsn: bank.duckdb}\n")
    shop.source("-- stream: rates\nSELECT occurred_at AS valid_from, key AS currency, amount AS rate FROM bank.ledger", name="rates")
    shop.ledger("a,2024-01-05,100,EUR", "b,2024-01-06,100,USD", "c,2024-01-07,100,GBP", header="customer,occurred_at,amount,currency")
    publish_rates()

    def built():
        read = shop.build()["stages"][0]["new_rows"]
        return read, {row["key"]: int(row["project_amount"]) for row in shop.rows("FROM ledger")}

    assert built() == (4, {"a": 80, "c": 100})
    known = shop.rows("SELECT key, known_at FROM ledger ORDER BY key")
    assert built() == (1, {"a": 80, "c": 100}) # the rates only: they are what they were
    publish_rates("EUR,2024-01-01,0.50")
    assert built() == (4, {"a": 50, "c": 100})
    assert shop.rows("SELECT key, known_at FROM ledger ORDER BY key") == known
    publish_rates("EUR,2024-01-01,0.50", "USD,2024-01-01,0.25") # a currency that no row had yet
    assert built() == (5, {"a": 50, "b": 25, "c": 100})
