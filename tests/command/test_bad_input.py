"""Input that cannot be used: one clear message, or rows in quarantine with their reason; and nothing is lost."""
import gzip
import os
import random

import pytest

from shop import patron

GOOD = "a,2024-01-09,10"


def assert_says(text, *parts):
    for part in parts:
        assert part in text, f"{part!r} is not said in:\n{text}"


def assert_refuses(built, *parts, code=1):
    """The build fails with such a message, and the last good build stays as it was."""
    before = built.published()
    assert_says(built.refuses(code=code), *parts)
    assert built.published() == before
    assert built.column("SELECT key FROM ledger") == ["a"]


# ---- files ----

def test_missing_file(built):
    built.source("FROM 'data/nothing.csv'")
    assert_refuses(built, "error E209: there is no file data/nothing.csv", "sources/orders.sql", str(built.folder), "data/orders.csv")


def test_no_file_matches_a_pattern(built):
    built.source("FROM 'data/2031-*.csv'")
    assert_refuses(built, "E209", "there is no file data/2031-*.csv")


def test_empty_file(built):
    built.write("data/orders.csv", "")
    assert_refuses(built, "error E210: data/orders.csv is empty", "sources/orders.sql")


def test_file_with_a_header_only_is_an_empty_ledger(shop):
    shop.ledger()
    run = patron("build", shop.folder)
    assert run.returncode == 0 and "no lines yet" in run.stderr and "no lines" in run.stdout
    assert shop.column("FROM ledger") == []


@pytest.mark.parametrize("content", [random.Random(5).randbytes(3000), gzip.compress(b"customer,occurred_at,amount\na,2024-01-09,10\n"),
                                     "customer,occurred_at,amount\na,2024-01-09,10\n".encode("utf-16")], ids=["noise", "gzip", "utf-16"])
def test_binary_file(built, content):
    built.write("data/orders.csv", content)
    assert_refuses(built, "error E210: data/orders.csv cannot be read as CSV", "sources/orders.sql", "encoding")


def test_file_of_another_kind(built):
    built.source("FROM read_parquet('data/orders.csv')")
    assert_refuses(built, "error E301: DuckDB cannot run sources/orders.sql", "data/orders.csv")


# ---- columns ----

def test_missing_column_offers_the_only_one_that_fits(built):
    built.ledger(GOOD, header="customer,order_date,amount")
    assert_refuses(built, 'error E203: stream ledger needs "occurred_at"', "sources/orders.sql: customer, order_date, amount",
                   "fix  order_date AS occurred_at", "patron help streams ledger")


def test_missing_column_without_a_candidate(built):
    built.ledger(GOOD, header="client,occurred_at,amount")
    assert_refuses(built, 'error E203: stream ledger needs "customer"', "sources/orders.sql: client, occurred_at, amount", "fix  ... AS customer")


def test_column_of_another_type(built):
    built.source("SELECT 'a' AS customer, 1234567890 AS occurred_at, 1 AS amount")
    assert_refuses(built, 'error E204: "occurred_at" is a INTEGER; a date or a timestamp was expected', "to_timestamp(occurred_at)")


# ---- statements ----

def test_syntax_error_shows_where(built):
    built.source("SELECT customer, occurred_at,\n  amount FRM 'data/orders.csv'")
    assert_refuses(built, "error E301", "sources/orders.sql:3:14", "3 |   amount FRM 'data/orders.csv'\n", " " * 19 + "^", 'near "')


def test_unknown_column_shows_where_and_the_nearest(built):
    built.source("SELECT customer,\n  occured_at AS occurred_at, amount\nFROM 'data/orders.csv'")
    assert_refuses(built, "error E301: DuckDB cannot run sources/orders.sql", "sources/orders.sql:3:3", "3 |   occured_at AS occurred_at, amount\n",
                   " " * 8 + "^^^^^^^^^^\n", 'nearest: "occurred_at"')


@pytest.mark.parametrize("statement", [
    "DROP TABLE ledger", "COPY (SELECT 1) TO 'data/stolen.csv'", "ATTACH 'data/other.duckdb'", "CREATE TABLE mine AS SELECT 1", "SET threads = 1",
    "SELECT 1; DROP TABLE ledger", "SHOW TABLES",
], ids=lambda statement: statement.split()[0].lower())
def test_a_source_is_one_select(shop, statement):
    shop.ledger(GOOD).source(statement)
    assert_says(shop.refuses(), "error E302", "sources/orders.sql", "SELECT")
    assert os.listdir(shop.folder / "data") == ["orders.csv"]


@pytest.mark.parametrize("text, parts", [
    ("SELECT 1", ["E202", "sources/orders.sql:1", "-- stream: ledger"]),
    ("-- stream: leger\nSELECT 1", ["E205", "sources/orders.sql:1:12", "did you mean ledger?"]),
    ("-- stream: ledger\n", ["E207", "sources/orders.sql"]),
    (b"-- stream: ledger\nSELECT '\xff'", ["E206", "sources/orders.sql:2", "UTF-8"]),
], ids=["no stream", "unknown stream", "no statement", "not text"])
def test_a_source_that_is_none(built, text, parts):
    built.write("sources/orders.sql", text)
    assert_refuses(built, *parts)


def test_sources_that_differ_in_capitals_only(built):
    built.write("sources/Orders.sql", "-- stream: ledger\nFROM 'data/orders.csv'")
    assert_refuses(built, "E208", "sources/Orders.sql", "sources/orders.sql")


def test_source_with_a_very_long_name(built):
    built.source("FROM 'data/orders.csv'", name="x" * 61)
    assert_refuses(built, "E208", "60 letters")


def test_a_value_that_a_filter_cannot_convert_does_not_drop_its_row_unseen(built):
    built.ledger("a,2024-01-09,10", "b,2024-01-10,ten")
    built.source("SELECT * FROM 'data/orders.csv' WHERE amount::DOUBLE > 1")
    assert_refuses(built, "error E224", "sources/orders.sql", "'ten'", "TRY_CAST")


# ---- patron.yaml ----

def test_unknown_key_in_patron_yaml(built):
    built.write("patron.yaml", "name: shop\ncurency: GBP\n")
    assert_refuses(built, 'error E102: unknown key "curency"', "patron.yaml:2:1", "2 | curency: GBP\n", " " * 6 + "^^^^^^^",
                   'did you mean "currency"?')


# ---- values: the row is quarantined, the build goes on ----

def test_each_bad_value_is_told_with_its_place_and_the_rest_is_read(shop):
    digits = "not an amount: digits with a decimal point were expected"
    bad = [("b,13/02/2026,1", "E211", "occurred_at", "13/02/2026", "not a date: year-month-day was expected"),
           ("b,,1", "E212", "occurred_at", None, "no date: every cash flow needs its moment"),
           ("b,9999-01-01,1", "E213", "occurred_at", "9999-01-01", "more than one day after today"),
           ("b,2024-01-09,", "E214", "amount", None, "no amount"),
           ('b,2024-01-09,"1,50"', "E214", "amount", "1,50", digits), ('b,2024-01-09,"1,234,50"', "E214", "amount", "1,234,50", digits),
           ("b,2024-01-09,NaN", "E214", "amount", "NaN", digits), ("b,2024-01-09,-Infinity", "E214", "amount", "-Infinity", digits),
           ("b,2024-01-09,ten", "E214", "amount", "ten", digits)]
    report = shop.ledger(GOOD, *(row for row, *_ in bad), "c,2024-01-10,5").build()
    assert report["record"]["rows"] == len(bad) + 2 and report["record"]["quarantined"] == len(bad)
    assert shop.column("SELECT key FROM ledger ORDER BY key") == ["a", "c"]
    told = shop.rows("SELECT source, file, source_row, code, column_name, value, reason FROM quarantine ORDER BY source_row")
    for line, (*_, reason) in zip(told, bad, strict=True):
        assert line.pop("reason").startswith(reason)
    assert told == [{"source": "orders", "file": "data/orders.csv", "source_row": row, "code": code, "column_name": column, "value": value}
                    for row, (_, code, column, value, _) in enumerate(bad, 2)]
    assert shop.column("SELECT key FROM record.refused") == ["b"] * len(bad) # the rows are kept, and the money they name is counted
    assert (report["money"]["attributed"], report["money"]["quarantined"]) == ("15.00", "3.00")


def test_nan_and_infinity_among_numbers(shop):
    shop.ledger(GOOD, "b,2024-01-09,NaN", "c,2024-01-09,inf", "d,2024-01-09,-inf").build()
    assert shop.quarantine() == [(2, "E214", "amount"), (3, "E214", "amount"), (4, "E214", "amount")]
    assert shop.column("SELECT value FROM quarantine ORDER BY source_row") == ["nan", "inf", "-inf"]


def test_unknown_currency(shop):
    shop.ledger(GOOD + ",GBP", "b,2024-01-09,5,XXX", "c,2024-01-09,5,pounds", header="customer,occurred_at,amount,currency").build()
    assert shop.quarantine() == [(2, "E216", "currency"), (3, "E215", "currency")]
    none, word = shop.column("SELECT reason FROM quarantine ORDER BY source_row")
    assert none.startswith("no rate to GBP for that day: add it to a source") and word.startswith("not a currency: three letters were expected")


def test_negative_quantity_without_a_sale_is_kept_and_said(shop):
    shop.ledger("a,2024-01-09,-5,-2,x", header="customer,occurred_at,amount,quantity,product")
    assert "1 of 1 returns have no earlier sale" in patron("build", shop.folder).stderr
    assert shop.column("SELECT amount FROM ledger") == [-5]


@pytest.mark.parametrize("expression", ["strptime(day, '%d/%m/%Y')",
                                        "CAST(substr(day, 7) || '-' || substr(day, 4, 2) || '-' || left(day, 2) AS DATE)"],
                         ids=["strptime", "cast"])
def test_a_conversion_in_the_select_that_fails_on_one_row(shop, expression):
    shop.source(f"SELECT customer, {expression} AS occurred_at, amount FROM 'data/orders.csv'")
    shop.ledger("a,13/01/2024,1", "b,31/02/2024,2", "c,14/01/2024,4", header="customer,day,amount").build()
    (bad,) = shop.rows("SELECT source_row, code, value, amount FROM quarantine")
    assert bad == {"source_row": 2, "code": "E211", "value": "31/02/2024", "amount": 2}
    assert shop.column("SELECT occurred_at::DATE FROM ledger ORDER BY key") == ["2024-01-13", "2024-01-14"]


LATE = [f"c{i % 50},2024-{1 + i // 28 % 12:02}-{1 + i % 28:02},1.00" for i in range(30_000)]


def test_one_bad_date_far_past_the_sample(shop):
    shop.ledger(*LATE[:24_999], "c1,31/31/2024,7.00", *LATE[25_000:])
    report = shop.build()
    assert report["record"]["rows"] == 30_000 and report["money"]["amount_in"] == "30006.00"
    assert shop.quarantine() == [(25_000, "E211", "occurred_at")]


def test_one_bad_date_far_past_the_sample_in_a_computed_column(shop):
    shop.source("SELECT customer, date_trunc('day', occurred_at) AS occurred_at, amount FROM 'data/orders.csv'")
    shop.ledger(*LATE[:24_999], "c1,31/31/2024,7.00", *LATE[25_000:])
    report = shop.build()
    assert report["record"] == {"rows": 30_000, "quarantined": 1, "set_aside": 0, "repeats": report["record"]["repeats"]}
    (line,) = shop.rows("SELECT code, column_name, value, reason FROM quarantine")
    assert (line["code"], line["column_name"], line["value"]) == ("E223", "occurred_at", "c1,31/31/2024,7.00")
    assert_says(line["reason"], "line 25001", '"31/31/2024"')


# ---- lines that cannot be split into columns ----

@pytest.mark.parametrize("rows", [LATE[:5], LATE], ids=["in the first lines", "far past the sample"])
def test_lines_that_do_not_fit_are_quarantined_and_the_rest_is_read(shop, rows):
    bad = [b"b,2024-01-10,1,2,3", b"b,2024-01-10", b"Jos\xe9,2024-01-10,5"]
    shop.ledger().write("data/orders.csv", b"\n".join([b"customer,occurred_at,amount", *(row.encode() for row in rows), *bad, b"z,2024-01-10,1\n"]))
    report = shop.build()
    assert report["record"]["rows"] == len(rows) + 4 and report["record"]["quarantined"] == 3
    told = shop.rows("SELECT file, source_row, code, reason FROM quarantine ORDER BY source_row")
    assert [line["reason"] for line in told] == [
        f"line {len(rows) + 2}: more values than there are columns", f"line {len(rows) + 3}: fewer values than there are columns",
        f"line {len(rows) + 4}: not UTF-8: give read_csv the encoding of the file"]
    assert {(line["file"], line["code"]) for line in told} == {("data/orders.csv", "E223")}
    assert [line["source_row"] for line in told] == [len(rows) + 2, len(rows) + 3, len(rows) + 4] # lines of the file
    assert "z" in shop.column("SELECT DISTINCT key FROM ledger")


@pytest.mark.parametrize("place, megabytes", [("early", 2.1), ("late", 10)])
def test_a_very_long_line(shop, place, megabytes):
    rows = LATE if place == "late" else LATE[:4]
    shop.ledger(*rows, "b,2024-01-10," + "x" * int(megabytes * 1_000_000), "c,2024-01-11,5")
    report = shop.build()
    assert (report["record"]["rows"], report["record"]["quarantined"]) == (len(rows) + 2, 1)
    (bad,) = shop.rows("SELECT source_row, code, length(value) AS kept FROM quarantine")
    assert bad == {"source_row": len(rows) + 1, "code": "E214", "kept": 200}


# ---- how much is too much ----

def test_past_the_limit_nothing_is_published(built):
    built.ledger(*[GOOD] * 100, *["b,soon,2"] * 21)
    assert_refuses(built, "error E211: 21 rows of source orders cannot be used", 'data/orders.csv:101, column occurred_at: "soon"',
                   "not a date", "21 of 121 rows", "the limit is 1 %", "Nothing was published", "quarantine_limit")


def test_twenty_rows_are_never_too_much(built):
    built.ledger(GOOD, *["b,soon,2"] * 20).build()
    assert len(built.quarantine()) == 20


def test_one_percent_is_not_too_much_until_it_is_much_money(built):
    rows = [f"c{i},2024-01-09,10" for i in range(2_500)]
    built.ledger(*rows, *["b,soon,1"] * 25).build()
    built.ledger(*rows, *["b,soon,90"] * 25)
    assert_says(built.refuses(), "25 of 2525 rows, 2250.00 GBP")


def test_the_limit_can_be_raised(built):
    built.write("patron.yaml", "name: shop\ncurrency: GBP\nquarantine_limit: 100%\n")
    built.ledger(GOOD, *["b,soon,2"] * 30).build()
    assert len(built.quarantine()) == 30


# ---- small worlds ----

@pytest.mark.parametrize("rows", [[GOOD], [GOOD, "a,2024-02-09,5"], [f"c{i},2024-01-09,5" for i in range(5)], [",2024-01-09,5"], ["a,2024-01-09,-5"]],
                         ids=["one line", "one customer", "one purchase each", "nobody", "one return"])
def test_a_small_ledger_is_a_ledger(shop, rows):
    assert shop.ledger(*rows).build()["record"]["rows"] == len(rows)
