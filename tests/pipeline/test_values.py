"""Values as sources give them: moments, keys, columns that no stream knows, records of people."""
from decimal import Decimal


def test_a_moment_with_a_zone_becomes_utc_and_one_without_stays(shop, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    given = {"2024-06-01 12:00:00+02:00": "10:00", "2024-06-01T12:00:00Z": "12:00", "2024-06-01 12:00:00-0530": "17:30",
             "2024-06-01 12:00:00 Europe/Berlin": "10:00", "2024-06-01 12:00:00 America/New_York": "16:00",
             "2024-06-01 12:00": "12:00", # in a row after one with a named zone
             "2024-06-01": "00:00"}
    shop.source("FROM read_csv('data/orders.csv', all_varchar = true)")
    shop.ledger(*(f"k{i},{moment},1" for i, moment in enumerate(given))).build()
    assert shop.column("SELECT strftime(occurred_at, '%H:%M') FROM ledger ORDER BY key") == list(given.values())
    assert set(shop.column("SELECT occurred_at::DATE FROM ledger")) == {"2024-06-01"}


def test_typed_moments_are_taken_in_utc(shop):
    moments = {"TIMESTAMPTZ '2024-06-01 12:00:00+02'": "2024-06-01 10:00:00", "DATE '2024-06-01'": "2024-06-01 00:00:00",
               "TIMESTAMP '2024-06-01 12:00:00' AT TIME ZONE 'America/New_York'": "2024-06-01 16:00:00",
               "TIMESTAMP '2024-06-01 12:00:00'": "2024-06-01 12:00:00"}
    for number, expression in enumerate(moments):
        shop.source(f"SELECT 'a' AS customer, {expression} AS occurred_at, 1 AS amount", name=f"source_{number}")
    shop.build()
    assert shop.column("SELECT occurred_at FROM ledger ORDER BY source") == list(moments.values())


def test_whole_keys_that_came_as_doubles_are_written_whole(shop):
    shop.source("SELECT unnest([12345.0, 12345.5, NULL]::DOUBLE[]) AS customer, DATE '2024-01-09' AS occurred_at, 1 AS amount").build()
    assert shop.column("SELECT key FROM ledger ORDER BY key NULLS LAST") == ["12345", "12345.5", None]


def test_keys_that_are_text_keep_their_zeros_and_lose_their_blanks(shop):
    shop.source("SELECT unnest(['0012', ' 0012 ', '', ' ']) AS customer, DATE '2024-01-09' AS occurred_at, 1 AS amount").build()
    assert shop.column("SELECT key FROM ledger ORDER BY source_row") == ["0012", "0012", None, None]


def test_money_from_nobody_is_kept_apart(shop):
    report = shop.ledger("a,2024-01-09,5", ",2024-01-09,7", ",2024-01-10,-2").build()
    assert (report["money"]["attributed"], report["money"]["unattributed"]) == ("5.00", "5.00")
    assert shop.column("SELECT person_id IS NULL FROM ledger ORDER BY source_row") == [False, True, True]


def test_columns_that_the_stream_does_not_know_are_kept_as_text(shop):
    shop.ledger("a,2024-01-09,5,red,007", "b,2024-01-09,5,,8", header="customer,occurred_at,amount,Colour of box,shelf")
    shop.source("SELECT customer, occurred_at, amount, clerk FROM 'data/more.csv'", name="shop")
    shop.write("data/more.csv", "customer,occurred_at,amount,clerk\nc,2024-01-09,5,Ann\n")
    shop.build()
    assert shop.column("SELECT extra FROM ledger ORDER BY key") == [
        {"Colour of box": "red", "clerk": None, "shelf": "007"}, {"Colour of box": None, "clerk": None, "shelf": "8"},
        {"Colour of box": None, "clerk": "Ann", "shelf": None}]


def test_dates_that_make_no_sense_are_quarantined(shop):
    shop.ledger("a,9999-12-31,1", "b,294247-01-10,1", "c,infinity,1", "d,1899-12-31,1", "e,,1", "f,13/02/2024,1", "g,2024-02-30,1",
                "h,2024-02-29,1").build()
    assert shop.quarantine() == [(1, "E213", "occurred_at"), (2, "E213", "occurred_at"), (3, "E211", "occurred_at"),
                                 (4, "E213", "occurred_at"), (5, "E212", "occurred_at"), (6, "E211", "occurred_at"),
                                 (7, "E211", "occurred_at")]
    assert shop.column("SELECT amount FROM quarantine") == [Decimal(1)] * 7


def test_tomorrow_is_kept_and_the_day_after_is_not(shop):
    shop.source("SELECT 'a' AS customer, unnest([current_date + 1, current_date + 2]) AS occurred_at, 1 AS amount").build()
    assert shop.quarantine() == [(2, "E213", "occurred_at")]
    assert shop.column("SELECT reason FROM quarantine") == ["more than one day after today"]


def test_as_of_is_the_last_day_of_the_ledger_that_has_come(shop):
    shop.source("SELECT 'a' AS customer, unnest([DATE '2024-03-01', DATE '2024-02-01', current_date + 1]) AS occurred_at, 1 AS amount")
    assert shop.build()["as_of"] == "2024-03-01"
    assert shop.build("--as-of", "2024-02-15")["as_of"] == "2024-02-15"


def test_records_of_people_are_typed_and_share_keys_with_the_ledger(shop):
    shop.ledger("a,2024-01-09,1", "z,2024-01-09,1")
    shop.source("-- stream: people\nFROM 'data/people.csv'", name="crm")
    shop.write("data/people.csv", "customer,name,birth_date,shoe\na,Ann,1970-01-01,42\nb,Bob,2970-01-01,1\n,Cy,,\nd,Dee,soon,9\n")
    shop.build()
    assert shop.quarantine() == [(2, "E213", "birth_date"), (3, "E218", "customer"), (4, "E211", "birth_date")]
    keys = {(row["source"], row["key"]): row["person_id"] for row in shop.rows("FROM person_keys")}
    assert sorted(keys) == [("crm", "a"), ("orders", "a"), ("orders", "z")]
    assert keys["crm", "a"] == keys["orders", "a"] != keys["orders", "z"]
    assert shop.value("SELECT extra.shoe FROM record.people WHERE key = 'a'") == "42"


def test_people_alone_make_a_project(shop):
    shop.source("-- stream: people\nSELECT unnest(['a', 'b']) AS customer", name="crm").build()
    assert shop.column("SELECT key FROM person_keys ORDER BY key") == ["a", "b"]


def test_rows_after_as_of_stay_in_the_money(shop):
    shop.ledger("a,2024-01-09,5", "a,2024-06-09,7")
    assert shop.build("--as-of", "2024-02-01")["money"]["amount_in"] == "12.00"
