"""The example that ships with patron, against figures counted from its files by other means (examples/online-retail)."""
from decimal import Decimal

import pytest

from shop import ROOT, Shop

MONEY_IN = Decimal("18909744.10")
ATTRIBUTED = Decimal("16343651.02")
NO_CUSTOMER = Decimal("2724769.22")
QUARANTINED = Decimal("-158676.14")


def test_the_figures_of_the_readme_add_up():
    assert MONEY_IN == ATTRIBUTED + NO_CUSTOMER + QUARANTINED


def test_build_reports_every_line_and_all_the_money(online_retail):
    report = online_retail.report
    assert report["status"] == "ok" and report["as_of"] == "2011-12-09"
    assert report["record"] == {"rows": 1_044_847, "quarantined": 5, "set_aside": 0, "repeats": 11_812}
    assert report["money"] == {
        "currency": "GBP", "amount_in": str(MONEY_IN), "attributed": str(ATTRIBUTED), "unattributed": str(NO_CUSTOMER),
        "quarantined": str(QUARANTINED), "set_aside": "0.00", "rounding": "0.018", "other_currencies": [],
        "conserved": True}


@pytest.mark.parametrize("stage", ["record", "identify"])
def test_both_equations_hold_in_every_stage(online_retail, stage):
    (line,) = online_retail.rows(f"FROM money WHERE stage = '{stage}'")
    assert line["rows_read"] == 1_044_847
    assert line["rows_read"] == line["rows_typed"] + line["rows_quarantined"] + line["rows_set_aside"]
    assert (line["amount_in"], line["attributed"], line["unattributed"], line["quarantined"], line["set_aside"]) == (
        MONEY_IN, ATTRIBUTED, NO_CUSTOMER, QUARANTINED, 0)


def test_published_ledger_sums_to_the_equation(online_retail):
    (sums,) = online_retail.rows("SELECT count(*) AS lines, sum(amount) FILTER (person_id IS NOT NULL) AS attributed,"
                                 " sum(amount) FILTER (person_id IS NULL) AS no_customer FROM ledger")
    assert sums == {"lines": 1_044_842, "attributed": ATTRIBUTED, "no_customer": NO_CUSTOMER}


def test_each_key_is_one_person(online_retail):
    assert online_retail.rows("SELECT count(*) AS keys, count(DISTINCT person_id) AS persons FROM person_keys") == [
        {"keys": 5_942, "persons": 5_942}]


def test_lines_without_a_customer_are_typed_and_kept(online_retail):
    assert online_retail.value("SELECT count(*) FROM ledger WHERE person_id IS NULL") == 235_282


def test_quarantined_rows_stand_where_quarantine_says(online_retail):
    rows = online_retail.rows("SELECT file, source_row, code, amount FROM quarantine")
    assert [(row["code"], row["source_row"], row["amount"]) for row in rows] == [
        ("E222", 179_404, Decimal("-53594.36")), ("E222", 276_275, Decimal("-44031.79")), ("E222", 403_473, Decimal("-38925.87")),
        ("E222", 299_984, Decimal("-11062.06")), ("E222", 299_985, Decimal("-11062.06"))]
    for row in rows:
        said = online_retail.rows(f"SELECT Quantity AS quantity, Price AS price FROM read_parquet('{online_retail.folder / row['file']}',"
                                  f" file_row_number = true) WHERE file_row_number = {row['source_row']} - 1")
        assert said == [{"quantity": 1, "price": row["amount"]}]


def test_postage_and_fees_are_money_but_no_products(online_retail):
    rows = online_retail.rows("SELECT product, count(*) AS lines, sum(amount) AS money FROM ledger WHERE product IN ('POST', 'AMAZONFEE')"
                              " AND NOT is_product GROUP BY product ORDER BY product")
    read = online_retail.rows(f"SELECT StockCode AS product, count(*) AS lines, sum(CAST(Quantity * Price AS DECIMAL(18, 2))) AS money"
                              f" FROM '{ROOT}/examples/online-retail/data/*.parquet'"
                              f" WHERE StockCode IN ('POST', 'AMAZONFEE') AND NOT (InvoiceDate >= '2010-12-01' AND filename LIKE '%2009_2010%')"
                              f" GROUP BY product ORDER BY product")
    assert rows == read and [row["product"] for row in rows] == ["AMAZONFEE", "POST"]
    assert online_retail.value("SELECT count(*) FROM ledger WHERE product IN ('POST', 'AMAZONFEE') AND is_product") == 0


def test_returned_quantity_is_paired_or_said_to_be_unpaired(online_retail):
    assert online_retail.value("SELECT sum(paired_quantity) FROM returns") == -online_retail.value(
        "SELECT sum(quantity) FROM ledger WHERE kind = 'refund'")


def test_nothing_half_built_is_left(online_retail):
    store = f"store-{online_retail.report['run_id']}.duckdb"
    assert online_retail.published() == ["lock", store, "store.duckdb"]
    assert (online_retail.folder / ".patron" / "store.duckdb").readlink().name == store


def test_no_value_is_proven_while_the_ranges_of_a_year_missed(online_retail):
    assert online_retail.value("SELECT value FROM model_scores WHERE \"last\" AND chosen AND metric = 'pit_share' AND horizon_days = 366") < 0.72
    assert online_retail.column("SELECT DISTINCT verdict FROM value WHERE value IS NOT NULL") == ["not proven"]


def test_the_ridge_of_the_first_year_is_reported_with_its_limit(tmp_path):
    """After one year leaving cannot be told to differ between customers: likelihoods run to one rate, or one chance, for all."""
    shop = Shop(tmp_path / "first_year", "as_of: 2010-12-09\nhorizons: [30d]\nforecast: {season: off, prior: none}\n")
    example = ROOT / "examples" / "online-retail"
    shop.source((example / "sources" / "orders.sql").read_text().replace("'data/", f"'{example}/data/")).build()
    found = {row["model"]: (row["status"], row["limit"]) for row in shop.rows('SELECT DISTINCT model, status, "limit" FROM models')}
    assert found == {"pareto_nbd": ("boundary", "common_leaving_rate"), "bg_nbd": ("interior", None),
                     "mbg_nbd": ("boundary", "common_leaving_chance")}
    assert shop.value("SELECT count(*) FROM forecast WHERE NOT isfinite(purchases)") == 0
