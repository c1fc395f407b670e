"""patron new: what it takes columns for, what it says of that, and that the project it drafts builds."""
import csv
import io
import json
import os
import random
import re
import resource
import select
import stat
import subprocess
import time
from decimal import Decimal

import pytest

from shop import PATRON, ROOT, Shop, patron
from terminal import terminal


def day(i):
    return f"2023-{1 + i % 12:02d}-{1 + i % 28:02d}"


def lines(n, row):
    return "".join(row(i) + "\n" for i in range(n))


def write(folder, name, content, encoding="utf-8"):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


class Draft:
    """A drafted project: .said is its JSON, .sql the text of its only source, .shop the project."""

    def __init__(self, *given, cwd, out="drafted", options=("--currency", "EUR")):
        run = patron("new", *given, "--out", out, "--json", *options, cwd=cwd)
        assert run.returncode == 0, run.stderr
        assert run.stderr == ""
        self.said = json.loads(run.stdout)
        self.shop = Shop(cwd / out, yaml=None)
        self.parts = {part["part"]: part for table in self.said["tables"] for part in table["parts"]}
        self.notes = "\n".join(self.said["warnings"])
        sources = sorted((cwd / out / "sources").iterdir())
        self.sql = sources[0].read_text() if len(sources) == 1 else None

    def taken(self, part):
        return self.parts[part]["taken_from"]

    def ledger(self):
        """What a build makes of it: (key, day, amount), in order."""
        self.shop.build()
        return [(row["key"], row["day"], Decimal(row["amount"])) for row in self.shop.rows(
            "SELECT key, occurred_at::DATE::VARCHAR AS day, amount::VARCHAR AS amount FROM ledger ORDER BY source_row")]

    def quarantined(self):
        return int(self.shop.value("SELECT count(*)::VARCHAR FROM quarantine"))


def refuses(*words, cwd, code=1):
    before = sorted(path for path in cwd.rglob("*"))
    run = patron("new", *words, cwd=cwd)
    assert run.returncode == code, f"exit {run.returncode}\n{run.stdout}{run.stderr}"
    assert sorted(path for path in cwd.rglob("*")) == before, "something was written"
    return run.stderr


PLAIN = "customer,date,amount\n" + lines(60, lambda i: f"c{i % 9},{day(i)},{i}.50")


# ---- the demo ----

def test_the_demo_gives_the_money_of_the_example(tmp_path, online_retail):
    """Its files overlap by nine days, which the example cuts away and a build sets aside: the same is left."""
    draft = Draft(ROOT / "examples" / "online-retail" / "data", cwd=tmp_path, options=("--name", "retail"))
    report, example = draft.shop.build()["money"], online_retail.report["money"]
    for name in "attributed", "unattributed", "quarantined":
        assert report[name] == example[name]
    assert Decimal(report["amount_in"]) - Decimal(report["set_aside"]) == Decimal(example["amount_in"])
    assert report["set_aside"] == "377488.45" and draft.said["tables"][0]["counts"]["in_two_files"] == 22523
    assert draft.said["currency"] == "GBP" and "United Kingdom" in draft.said["currency_because"]
    assert draft.taken("customer") == '"Customer ID"' and draft.taken("occurred_at") == "InvoiceDate"
    assert draft.taken("amount") == "Quantity × Price" and draft.parts["amount"]["sure"] == "please look"
    assert "5,942 values" in draft.parts["customer"]["because"] and "starts with C" in draft.parts["kind"]["because"]
    assert "stand in two files or more (GBP 377,488.45)" in draft.notes and "11,812 rows repeat another exactly (GBP 54,228.42)" in draft.notes
    for column in "customers", "ledger":
        assert draft.shop.value(f"SELECT count(*)::VARCHAR FROM {column}") == online_retail.value(f"SELECT count(*)::VARCHAR FROM {column}")


def test_codes_of_which_most_are_numbers_are_products(tmp_path):
    row = lambda i: f"c{i % 9},{day(i)},{10000 + i % 40}{'A' if i % 12 == 0 else ''},{i}.50" # 22423, 85123A
    write(tmp_path, "orders.csv", "customer,date,StockCode,amount\n" + lines(240, row))
    assert Draft("orders.csv", cwd=tmp_path).taken("product") == "StockCode"


def test_what_is_said_and_that_it_fits_80_columns(tmp_path):
    write(tmp_path, "orders.csv", PLAIN)
    run = patron("new", "orders.csv", "--currency", "GBP", cwd=tmp_path)
    said = run.stdout.splitlines()
    assert run.returncode == 0 and run.stderr == ""
    assert " ".join(said[:2]) == "Looked at orders.csv: CSV, comma, UTF-8; 60 rows, 3 columns; 1 Jan 2023 to 24 Dec 2023"
    assert said[2].split() == ["needed", "taken", "from", "because", "sure?"]
    assert said[-1].startswith("Next: cd orders && patron build")
    assert "Wrote orders/patron.yaml (9 lines), orders/sources/orders.sql (7 lines). No data was copied." in " ".join(said)
    assert all(len(line) <= 80 for line in said)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "orders.csv", "orders/patron.yaml", "orders/sources/orders.sql"]
    build = patron("build", cwd=tmp_path / "orders")
    assert build.returncode == 0, build.stderr


def test_plain_words_where_the_terminal_has_no_more(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,qty,price\n" + lines(60, lambda i: f"c{i % 9},{day(i)},{1 + i % 3},2.50"))
    run = patron("new", "orders.csv", "--currency", "GBP", cwd=tmp_path, LC_ALL="C", LANG="C")
    assert run.returncode == 0 and run.stdout.isascii() and "qty x price" in run.stdout


# ---- how values are written ----

def test_semicolons_decimal_commas_and_latin_1(tmp_path):
    text = "Bestellnr;Kundennummer;Datum;Artikel;Betrag\n"
    for i in range(80):
        amount = f"{1000 + i},50" if i % 3 == 1 else f"{i}.{i % 10}00,25" if i % 3 == 2 and i > 9 else f"{i},25"
        text += f"{i:05d};{i % 9:03d};{1 + i % 28:02d}.{1 + i % 12:02d}.2023;Ärmel;{amount}\n"
    write(tmp_path, "umsatz.csv", text, "latin-1")
    draft = Draft("umsatz.csv", cwd=tmp_path)
    assert draft.taken("customer") == "Kundennummer" and draft.taken("amount") == "Betrag" and "decimal comma" in draft.parts["amount"]["because"]
    rows = draft.ledger()
    assert rows[0] == ("000", "2023-01-01", Decimal("0.25")) and rows[1] == ("001", "2023-02-02", Decimal("1001.50"))
    assert rows[11] == ("002", "2023-12-12", Decimal("11100.25")) and draft.quarantined() == 0
    assert draft.shop.value("SELECT DISTINCT product FROM ledger") == "Ärmel"


@pytest.mark.parametrize("written, order", [("%d/%m/%Y", "day/month/year"), ("%m/%d/%Y", "month/day/year")])
def test_a_thirteenth_month_tells_day_from_month(tmp_path, written, order):
    import datetime
    days = [datetime.date(2023, 1 + i % 12, 1 + i % 28) for i in range(60)]
    write(tmp_path, "orders.csv", "customer,date,amount\n" + lines(60, lambda i: f"{i % 9},{days[i].strftime(written)},{i}.5"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert order in draft.parts["occurred_at"]["because"] and f"'{written}'" in draft.sql
    assert [row[1] for row in draft.ledger()] == [str(d) for d in days]


def test_dates_that_can_be_read_two_ways_are_not_guessed(tmp_path):
    draw = random.Random(1)
    write(tmp_path, "orders.csv", "customer,date,amount\n" + lines(90, lambda i: f"{i % 9},{draw.randint(1, 12):02d}/{draw.randint(1, 12):02d}/2023,{i}.5"))
    said = refuses("orders.csv", "--currency", "EUR", cwd=tmp_path)
    assert "error E522" in said and "--dates dmy" in said and "--dates mdy" in said
    draft = Draft("orders.csv", cwd=tmp_path, options=("--currency", "EUR", "--dates", "mdy"))
    assert "'%m/%d/%Y'" in draft.sql and "--dates mdy" in draft.parts["occurred_at"]["because"]


def test_the_order_of_the_rows_tells_day_from_month(tmp_path):
    text = "customer,date,amount\n" + "".join(f"{d},{d:02d}/{m:02d}/2023,{m}.5\n" for m in range(1, 13) for d in range(1, 13))
    write(tmp_path, "orders.csv", text)
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "'%d/%m/%Y'" in draft.sql and "in order" in draft.parts["occurred_at"]["because"] and draft.parts["occurred_at"]["sure"] == "please look"


@pytest.mark.parametrize("written, first", [
    ("2023-01-01T23:30:00-05:00", "2023-01-02 04:30:00"), ("2023-01-01 10:00:00 +0000", "2023-01-01 10:00:00"), ("1672567200", "2023-01-01 10:00:00"),
    ("1672567200000", "2023-01-01 10:00:00"), ("01-Jan-2023", "2023-01-01 00:00:00"), ("January 1, 2023", "2023-01-01 00:00:00"),
    ("13/01/23 2:05 PM", "2023-01-13 14:05:00"), ("20230101", "2023-01-01 00:00:00"), ("2023/01/01", "2023-01-01 00:00:00"),
])
def test_moments_in_many_forms(tmp_path, written, first):
    write(tmp_path, "orders.csv", "customer,date,amount\n" + lines(40, lambda i: f'{i % 9},"{written}",{i}.5'))
    draft = Draft("orders.csv", cwd=tmp_path)
    draft.shop.build()
    assert draft.shop.value("SELECT DISTINCT occurred_at::VARCHAR FROM ledger") == first


@pytest.mark.parametrize("written, amount", [
    ("£1,234.50", "1234.50"), ("1.234,50 €", "1234.50"), ("(12.50)", "-12.50"), ("12.50-", "-12.50"), ("EUR 7.00", "7.00"), ("1 234,50", "1234.50"),
    ("−3.25", "-3.25"), ("1'234.50", "1234.50"), ("1234.5", "1234.50"),
])
def test_amounts_in_many_forms(tmp_path, written, amount):
    write(tmp_path, "orders.csv", "customer,date,total\n" + lines(40, lambda i: f'{i % 9},{day(i)},"{written}"'))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert {row[2] for row in draft.ledger()} == {Decimal(amount)}


def test_dates_written_in_two_ways(tmp_path):
    write(tmp_path, "orders.csv", "client,placed,total\n" + lines(40, lambda i: f"{i % 9},{'13/04/2026' if i % 4 == 0 else '2026-03-02 09:14'},{i}.5"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert {row[1] for row in draft.ledger()} == {"2026-04-13", "2026-03-02"} and draft.quarantined() == 0


def test_a_column_that_is_named_may_have_many_faults(tmp_path):
    write(tmp_path, "orders.csv", "client,placed,total\n" + lines(40, lambda i: f"{i % 9},{'soon' if i % 4 == 0 else day(i)},{i}.5"))
    assert "E521" in refuses("orders.csv", "--currency", "EUR", cwd=tmp_path)
    draft = Draft("orders.csv", cwd=tmp_path, options=("--currency", "EUR", "--occurred-at", "placed"))
    assert '10 rows have no date that can be read, such as "soon"' in draft.notes


def test_utf_16(tmp_path):
    write(tmp_path, "orders.csv", PLAIN.replace("c1", "é1"), "utf-16")
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "é1" in {row[0] for row in draft.ledger()}


def test_a_line_of_three_million_letters(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,amount,note\n" + lines(50, lambda i: f"c{i % 7},{day(i)},1.50,{'x' * (3000000 if i == 30 else 5)}"))
    assert len(Draft("orders.csv", cwd=tmp_path).ledger()) == 50


def test_lines_of_different_length(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,amount,note\n" + lines(90, lambda i: f"{i % 9},{day(i)},{i}.25" + (",x" if i % 2 else "")))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "different numbers of fields" in draft.notes and len(draft.ledger()) == 90


def test_values_that_cannot_be_read_are_counted_and_told(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,amount\n" + lines(200, lambda i: f"{i % 9},{'soon' if i == 30 else day(i)},{'lots' if i == 40 else i}"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert 'no date that can be read, such as "soon"' in draft.notes and 'no amount that can be read, such as "lots"' in draft.notes
    assert draft.parts["occurred_at"]["because"].startswith("all rows but 1 parse")
    draft.shop.build()
    assert draft.quarantined() == 2 and draft.said["tables"][0]["counts"]["no_date"] == 1


# ---- which column ----

def test_without_a_header_what_stands_there_tells(tmp_path):
    draw = random.Random(2)

    def row(i):
        units, price = draw.randint(1, 9), draw.choice([1.5, 2.25, 3.1])
        return f"{1000 + i},k{i % 30},{day(i)} 10:{i % 60:02d}:00,{units},{price},{units * price:.2f}"
    write(tmp_path, "orders.csv", lines(300, row))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert draft.taken("customer") == "column1" and draft.taken("occurred_at") == "column2" and draft.taken("amount") == "column5"
    assert "column3 × column4 gives it" in draft.parts["amount"]["because"] and "no line of column names" in draft.notes
    assert len(draft.ledger()) == 300


def test_a_total_beside_quantity_and_price(tmp_path):
    write(tmp_path, "orders.csv", "order,client,date,qty,unit_price,line\n" + lines(90, lambda i: f"{i},{i % 9},{day(i)},{1 + i % 4},{i % 7 + 0.5},{(1 + i % 4) * (i % 7 + 0.5)}"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert draft.taken("amount") == "line" and "qty × unit_price gives it in 100 of 100 rows" in draft.parts["amount"]["because"]


def test_an_order_total_on_every_line_counts_once(tmp_path):
    write(tmp_path, "orders.csv", "order_id,customer,date,item,order_total\n" + lines(120, lambda i: f"{i // 3},{i // 3 % 11},{day(i // 3)},p{i % 5},{10 + i // 3}.00"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "counted once an order" in draft.parts["amount"]["because"]
    assert sum(row[2] for row in draft.ledger()) == sum(10 + k for k in range(40))


def test_an_order_total_is_not_taken_where_lines_have_prices(tmp_path):
    write(tmp_path, "orders.csv", "order_id,customer,date,item,qty,price,total\n" + lines(120, lambda i: f"{i // 3},{i // 3 % 11},{day(i // 3)},p{i % 5},{1 + i % 3},5.00,30.00"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert draft.taken("amount") == "qty × price" and "order's total" in draft.notes
    assert sum(row[2] for row in draft.ledger()) == 40 * 30


def test_negative_quantities_are_returns(tmp_path):
    write(tmp_path, "orders.csv", "customer_id,sale_date,qty,unit_price\n" + lines(90, lambda i: f"{i % 9},{day(i)},{-1 if i % 10 == 0 else 2},{i % 7 + .5}"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "9 rows below 0: refund" in draft.parts["kind"]["because"]
    draft.shop.build()
    assert draft.shop.value("SELECT count(*)::VARCHAR FROM ledger WHERE kind = 'refund'") == "9" and draft.quarantined() == 0


def test_a_quantity_that_is_never_negative_takes_the_sign_of_the_amount(tmp_path):
    write(tmp_path, "orders.csv", "customer_id,sale_date,qty,total\n" + lines(90, lambda i: f"{i % 9},{day(i)},2,{-5.25 if i % 10 == 0 else 5.25}"))
    draft = Draft("orders.csv", cwd=tmp_path)
    draft.shop.build()
    assert draft.quarantined() == 0 and draft.shop.value("SELECT sum(quantity)::INTEGER::VARCHAR FROM ledger") == str(81 * 2 - 9 * 2)


@pytest.mark.parametrize("word, other", [("refund", "sale"), ("Gutschrift", "Rechnung"), ("Return", "Order")])
def test_a_flag_makes_amounts_negative(tmp_path, word, other):
    write(tmp_path, "orders.csv", "date,customer,type,amount\n" + lines(90, lambda i: f"{day(i)},{i % 9},{word if i % 9 == 0 else other},10.00"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert draft.taken("kind") == "type" and "10 rows say" in draft.parts["kind"]["because"] and draft.parts["kind"]["sure"] == "please look"
    assert sum(row[2] for row in draft.ledger()) == 80 * 10 - 10 * 10


def test_a_true_and_false_flag(tmp_path):
    write(tmp_path, "orders.csv", "date,customer,is_refund,amount\n" + lines(90, lambda i: f"{day(i)},{i % 9},{'true' if i % 9 == 0 else 'false'},10.00"))
    assert sum(row[2] for row in Draft("orders.csv", cwd=tmp_path).ledger()) == 700


def test_cancelled_orders_are_told_and_not_dropped(tmp_path):
    write(tmp_path, "orders.csv", "date,customer,status,amount\n" + lines(90, lambda i: f"{day(i)},{i % 9},{'cancelled' if i % 9 == 0 else 'paid'},10.00"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "cancelled" in draft.notes and "WHERE status <> 'cancelled'" in draft.notes and len(draft.ledger()) == 90


def test_cents(tmp_path):
    write(tmp_path, "orders.csv", "date,user_id,amount_cents\n" + lines(90, lambda i: f"{day(i)},{i % 9},{i * 100 + 99}"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "cents" in draft.parts["amount"]["because"] and draft.ledger()[1][2] == Decimal("1.99")


def test_rows_without_an_amount_are_left_out_and_told(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,total\n" + lines(90, lambda i: f"{i % 9},{day(i)},{'' if i % 2 else i + 0.5}"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "45 rows have no total: left out" in draft.notes and "WHERE total IS NOT NULL" in draft.sql and len(draft.ledger()) == 45


def test_leading_zeros_of_a_key_stay(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,amount\n" + lines(60, lambda i: f"{i % 9:05d},{day(i)},{i}.5"))
    assert Draft("orders.csv", cwd=tmp_path).ledger()[3][0] == "00003"


def test_names_in_other_languages(tmp_path):
    for i, header in enumerate(["client,date_commande,montant", "kunde,bestelldatum,umsatz", "cliente,fecha,importe", "klant,datum,bedrag", "cliente,data,valor"]):
        write(tmp_path, f"a{i}.csv", header + "\n" + lines(60, lambda k: f"{k % 9},{day(k)},{k}.5"))
        draft = Draft(f"a{i}.csv", cwd=tmp_path, out=f"out{i}")
        assert [draft.taken(part) for part in ("customer", "occurred_at", "amount")] == header.split(",")
        assert draft.parts["customer"]["sure"] == "yes"


# ---- awkward names ----

def test_names_that_need_quotes(tmp_path):
    header = '"select","from","Order","we ird\nname","q""x","customer","customer","ä b"\n'
    write(tmp_path, "orders.csv", header + lines(50, lambda i: f"s{i},{day(i)},{i},w,x,c{i % 7},d,{i}.5"))
    draft = Draft("orders.csv", cwd=tmp_path, options=("--currency", "EUR", "--amount", "ä b"))
    assert draft.taken("customer") == "customer" and "customer_1" in draft.notes
    assert draft.ledger()[3] == ("c3", "2023-04-04", Decimal("3.50"))


@pytest.mark.parametrize("name", ["it's (1).csv", "orders[1].csv", "a b.csv", "-orders.csv", "bestellungen für märz.csv"])
def test_names_of_files(tmp_path, name):
    write(tmp_path, name, PLAIN)
    assert len(Draft("./" + name, cwd=tmp_path).ledger()) == 60


def test_paths_hold_from_elsewhere(tmp_path):
    write(tmp_path, "in/orders.csv", PLAIN)
    draft = Draft(tmp_path / "in" / "orders.csv", cwd=tmp_path, out="deep/er/project")
    assert len(draft.ledger()) == 60
    draft = Draft(tmp_path / "in", cwd=tmp_path, out="in") # the folder of the data becomes the project
    assert "FROM 'orders.csv'" in draft.sql and len(draft.ledger()) == 60


# ---- other files ----

def test_json_and_parquet(tmp_path):
    rows = [{"user": f"u{i % 9}", "ts": day(i), "value": i * 1.5, "tags": ["a"], "nest": {"a": 1}} for i in range(60)]
    write(tmp_path, "x.json", json.dumps(rows))
    write(tmp_path, "y.jsonl", "\n".join(map(json.dumps, rows)))
    for name in "x.json", "y.jsonl":
        draft = Draft(name, cwd=tmp_path, out=name + ".d")
        assert [draft.taken(part) for part in ("customer", "occurred_at", "amount")] == ["user", "ts", "value"]
        assert sum(row[2] for row in draft.ledger()) == sum(Decimal(str(row["value"])) for row in rows)


def test_people_alone(tmp_path):
    write(tmp_path, "clients.csv", "id,first_name,last_name,email,zip,created_at\n" + lines(60, lambda i: f"{i:05d},Ann,Bee{i},a{i}@b.org,BA{i},2021-01-{1 + i % 28:02d}"))
    draft = Draft("clients.csv", cwd=tmp_path)
    assert draft.said["tables"][0]["stream"] == "people" and draft.taken("customer") == "id"
    assert draft.sql.startswith("-- stream: people\n") and "no money was seen" in draft.notes
    draft.shop.build()
    assert draft.shop.value("SELECT count(*)::VARCHAR FROM person_keys") == "60"


def test_a_folder_of_orders_people_and_other_things(tmp_path):
    write(tmp_path, "shop/orders_2023.csv", PLAIN)
    write(tmp_path, "shop/orders_2024.csv", PLAIN.replace("2023-", "2024-"))
    write(tmp_path, "shop/people.csv", "no,login,full_name,email\n" + lines(9, lambda i: f"{i},c{i},Ann {i},a{i}@b.org"))
    write(tmp_path, "shop/notes.csv", "a,b\n" + lines(9, lambda i: f"x,y{i}"))
    write(tmp_path, "shop/broken.parquet", b"\x00\x01")
    write(tmp_path, "shop/readme.md", "hello")
    draft = Draft("shop", cwd=tmp_path)
    streams = {table["source"]: table["stream"] for table in draft.said["tables"] if table["stream"]}
    assert streams == {"orders": "ledger", "people": "people"}
    assert "shop/notes.csv is left out" in draft.notes and "shop/broken.parquet is left out" in draft.notes
    assert "'../shop/orders_*.csv'" in (draft.shop.folder / "sources" / "orders.sql").read_text()
    people = next(table for table in draft.said["tables"] if table["stream"] == "people")
    assert people["parts"][0]["taken_from"] == "login" and people["parts"][0]["sure"] == "yes" # the ledger's customers stand there
    draft.shop.build()
    assert draft.shop.value("SELECT count(*)::VARCHAR FROM ledger") == "120"
    assert draft.shop.value("SELECT count(*)::VARCHAR FROM customers WHERE name LIKE 'Ann%'") == "9"


def test_what_is_left_out_for_one_reason_stands_in_one_note(tmp_path):
    write(tmp_path, "shop/orders.csv", PLAIN)
    write(tmp_path, "shop/colours.csv", "a,b\n" + lines(9, lambda i: f"x,y{i}"))
    write(tmp_path, "shop/notes.csv", "c,d\n" + lines(9, lambda i: f"x,y{i}"))
    write(tmp_path, "shop/payments.csv", "order_id,payment_value\n" + lines(9, lambda i: f"o{i},{i}.25"))
    draft = Draft("shop", cwd=tmp_path)
    assert "2 are left out: no money, no people and no rates were seen: colours.csv, notes.csv" in draft.notes
    assert "payments.csv is left out: payment_value looks like money, but no column is a day" in draft.notes
    assert len([note for note in draft.said["warnings"] if "left out" in note]) == 2


@pytest.mark.parametrize("number, name, sure", [
    (lambda i: i % 40, lambda i: f"Ann {i % 40}", "yes"),          # a number has one name
    (lambda i: i % 40, lambda i: f"Ann {i % 20}", "yes"),          # and two may share it
    (lambda i: i % 40, lambda i: f"Ann {i * 7 % 37}", "please look")])  # which of them is the customer?
def test_a_column_that_the_customer_tells_is_no_rival(tmp_path, number, name, sure):
    write(tmp_path, "orders.csv", "Customer ID,Customer Name,date,amount\n" + lines(400, lambda i: f"k{number(i)},{name(i)},{day(i)},{i}.50"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert draft.taken("customer") == '"Customer ID"' and draft.parts["customer"]["sure"] == sure
    assert ("Customer Name" in draft.parts["customer"]["because"]) == (sure != "yes")


def test_an_order_that_was_paid_back_came_and_went(tmp_path):
    """A state of the order, not a row of its own: made negative it would count twice."""
    state = ["paid", "refunded", "partially_refunded", "paid", ""]
    write(tmp_path, "orders.csv", "Email,Paid at,Total,Financial Status\n" + lines(200, lambda i: f"c{i % 9}@b.org,{day(i)},10.00,{state[i % 5]}"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert draft.parts["kind"]["because"] == "40 rows say 'refunded': paid back, so left out by the WHERE; rest: sale"
    assert draft.parts["kind"]["sure"] == "please look"
    assert {row[2] for row in draft.ledger()} == {Decimal("10.00")} and len(draft.ledger()) == 160
    assert draft.quarantined() == 0


def test_a_row_that_pays_back_takes_money_out(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,amount,status\n" + lines(200, lambda i: f"c{i % 9},{day(i)},10.00,{'refund' if i % 5 == 0 else 'sale'}"))
    draft = Draft("orders.csv", cwd=tmp_path)
    assert "refund, so made negative" in draft.parts["kind"]["because"]
    assert sum(row[2] for row in draft.ledger()) == 160 * 10 - 40 * 10


def test_rates_beside_orders_in_two_currencies(tmp_path):
    write(tmp_path, "d/orders.csv", "customer,date,amount,currency\n" + lines(60, lambda i: f"c{i % 9},{day(i)},10.00,{'USD' if i % 6 == 0 else 'EUR'}"))
    write(tmp_path, "d/fx.csv", "day,currency,rate\n2022-01-01,USD,0.9\n2022-01-01,GBP,1.1\n")
    draft = Draft("d", cwd=tmp_path, options=())
    assert draft.said["currency"] == "EUR" and {table["stream"] for table in draft.said["tables"]} == {"ledger", "rates"}
    draft.shop.build()
    assert draft.quarantined() == 0 and Decimal(draft.shop.value("SELECT sum(project_amount)::VARCHAR FROM ledger")) == 50 * 10 + 10 * 9


def test_without_rates_the_build_would_stop_and_that_is_said(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,amount,currency\n" + lines(300, lambda i: f"c{i % 9},{day(i)},10.00,{'USD' if i % 6 == 0 else 'EUR'}"))
    run = patron("new", "orders.csv", cwd=tmp_path)
    assert run.returncode == 0 and "50 rows are in another currency than EUR" in run.stdout and "Next: mend what would go to quarantine" in run.stdout
    assert patron("build", tmp_path / "orders").returncode == 1


@pytest.mark.parametrize("name, content, parts", [
    ("empty.csv", b"", ["E520", "it is empty"]), ("header.csv", b"customer,date,amount\n", ["E521", "no rows"]),
    ("binary.csv", random.Random(5).randbytes(4000), ["E520"]), ("nul.csv", b"a,b\n\0\0\0,1\n", ["E520", "bytes"]),
    ("one.csv", b"x\n" + b"1\n" * 20, ["E521", "occurred_at"]), ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 99, ["E520", "save the sheet as CSV"]),
    ("blanks.txt", b" id  day  cds  paid\n" + b" 0001 19970101  1   11.77\n" * 30, ["E521", "apart by blanks", "sed 's/^ *//; s/  */,/g'"]),
    ("price.csv", b"customer,date,price\n" + b"a,2023-01-01,4.50\nb,2023-01-02,7.25\n" * 20, ["E521", "no column counts units", "--amount price"]),
    ("no_date.csv", b"customer,amount\n" + b"a,1.5\n" * 20, ["E521", "occurred_at", "--occurred-at"]),
    ("no_amount.csv", b"customer,date,colour\n" + b"a,2023-01-01,red\nb,2023-01-02,red\n" * 20, ["E521", "amount"]),
    ("broken.json", b'{"a": 1, "b"', ["E520"]), ("broken.parquet", b"PAR1" + b"\0" * 50, ["E520"]),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_cannot_be_used_is_told_in_one_message(tmp_path, name, content, parts):
    write(tmp_path, name, content)
    said = refuses(name, "--currency", "EUR", cwd=tmp_path)
    assert said.count("error ") == 1
    for part in parts:
        assert part in said


# ---- databases and addresses ----

def test_tables_of_a_database(tmp_path):
    """A published store is a database like any other."""
    other = Shop(tmp_path / "other").ledger(*(f"a{i % 5},{day(i)},{i}.5" for i in range(60)))
    other.build()
    store = (other.folder / ".patron" / "store.duckdb").resolve()
    data = tmp_path / "crm.duckdb"
    data.write_bytes(store.read_bytes())
    run = patron("new", "crm.duckdb", "--currency", "GBP", "--out", "crm", "--json", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert "crm.ledger" in {table["table"] for table in said["tables"] if table["stream"] == "ledger"}
    yaml = (tmp_path / "crm" / "patron.yaml").read_text()
    assert "attach:" in yaml and 'type: duckdb, dsn: "../crm.duckdb"' in yaml
    for source in (tmp_path / "crm" / "sources").iterdir(): # keep the one that is a ledger
        if source.name != "ledger.sql":
            source.unlink()
    project = Shop(tmp_path / "crm", yaml=None)
    project.build()
    assert project.value("SELECT count(*)::VARCHAR FROM ledger") == "60"


def test_an_address_of_the_web(tmp_path):
    assert "download it" in refuses("https://example.org/orders.csv?key=secret", cwd=tmp_path)


# ---- options ----

def test_a_column_that_there_is_not(tmp_path):
    write(tmp_path, "orders.csv", PLAIN)
    said = refuses("orders.csv", "--currency", "EUR", "--customer", "custmer", cwd=tmp_path, code=2)
    assert "E523" in said and 'did you mean "customer"?' in said and "customer, date, amount" in said
    assert 'did you mean "amount"?' in refuses("orders.csv", "--currency", "EUR", "--amount", "amont", cwd=tmp_path, code=2)
    assert "E521" in refuses("orders.csv", "--currency", "EUR", "--occurred-at", "customer", cwd=tmp_path)


def test_options_decide(tmp_path):
    write(tmp_path, "orders.csv", "customer,payer,date,shipped,net,gross\n" + lines(60, lambda i: f"a{i % 9},b{i % 7},{day(i)},{day(i + 1)},{i}.5,{i + 1}.5"))
    draft = Draft("orders.csv", cwd=tmp_path, options=("--currency", "EUR", "--customer", "payer", "--occurred-at", "SHIPPED", "--amount", "net + 1"))
    assert draft.ledger()[3] == ("b3", "2023-05-05", Decimal("4.50"))
    assert draft.parts["customer"]["because"].startswith("7 values") and draft.parts["amount"]["because"] == "as you said"


@pytest.mark.parametrize("words, part", [
    ((), "which data"), (("nothing.csv",), "E520"), (("ordrs.csv",), 'did you mean "orders.csv"?'), (("orders.csv", "--dates", "ymd"), "dmy"),
    (("orders.csv", "--currency", "EURO"), "EURO"), (("orders.csv", "--curency", "EUR"), 'did you mean "--currency"?'),
    (("orders.csv", "--currency", "EUR", "--name", "a/b"), "E503"), (("empty",), "no data"),
])
def test_wrong_use(tmp_path, words, part):
    write(tmp_path, "orders.csv", PLAIN)
    (tmp_path / "empty").mkdir()
    run = patron("new", *words, cwd=tmp_path)
    assert run.returncode in (1, 2) and part in run.stderr and run.stdout == ""


# ---- the currency ----

def test_a_script_must_say_the_currency_where_nothing_does(tmp_path):
    write(tmp_path, "orders.csv", PLAIN)
    run = patron("new", "orders.csv", cwd=tmp_path)
    assert run.returncode == 2 and "--currency" in run.stderr and not (tmp_path / "orders").exists()


@pytest.mark.parametrize("header, value, code", [
    ("amount_usd", "5.50", "USD"), ("Total (£)", "5.50", "GBP"), ("amount", "€5.50", "EUR"), ("amount", "5.50 CHF", "CHF"),
])
def test_clear_evidence_of_the_currency(tmp_path, header, value, code):
    write(tmp_path, "orders.csv", f"customer,date,{header}\n" + lines(60, lambda i: f"c{i % 9},{day(i)},{value}"))
    draft = Draft("orders.csv", cwd=tmp_path, options=())
    assert draft.said["currency"] == code and f"currency: {code}" in (draft.shop.folder / "patron.yaml").read_text()
    assert {row[2] for row in draft.ledger()} == {Decimal("5.50")}


def answer(folder, words, typed):
    """Runs patron on a terminal and types; gives the exit code and what stood there."""
    main, side = terminal()
    process = subprocess.Popen([PATRON, *words], cwd=folder, stdin=side, stdout=side, stderr=side, env={**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm", "NO_COLOR": "1"})
    os.close(side)
    said, asked, ends = b"", False, time.monotonic() + 60
    while time.monotonic() < ends:
        if select.select([main], [], [], 0.2)[0]:
            try:
                part = os.read(main, 65536)
            except OSError:
                break
            if not part:
                break
            said += part
            if not asked and re.search(rb"Currency\?[^\n]*[:)] $", said): # the question as a whole
                os.write(main, typed)
                asked = True
    os.close(main)
    return process.wait(10), said.decode(errors="replace")


def test_the_only_question_is_the_currency(tmp_path):
    write(tmp_path, "orders.csv", "customer,date,amount,country\n" + lines(60, lambda i: f"c{i % 9},{day(i)},{i}.5,{'Germany' if i % 10 else 'France'}"))
    code, said = answer(tmp_path, ["new", "orders.csv"], b"\n")
    assert code == 0 and "9 of 10 rows say Germany. [EUR]" in said and said.count("?") - said.count("sure?") == 1
    assert "currency: EUR" in (tmp_path / "orders" / "patron.yaml").read_text()
    code, said = answer(tmp_path, ["new", "orders.csv", "--out", "second"], b"pounds\ngbp\n")
    assert code == 0 and "currency: GBP" in (tmp_path / "second" / "patron.yaml").read_text()
    code, said = answer(tmp_path, ["new", "orders.csv", "--out", "third"], b"\x04")
    assert code == 2 and not (tmp_path / "third").exists()


# ---- what is written ----

def test_a_project_is_never_overwritten(tmp_path):
    write(tmp_path, "orders.csv", PLAIN)
    Draft("orders.csv", cwd=tmp_path, out="orders")
    said = refuses("orders.csv", "--currency", "EUR", cwd=tmp_path, code=2)
    assert "E524" in said and "nothing is overwritten" in said and "--out" in said
    write(tmp_path, "full/thing.txt", "x")
    assert "E524" in refuses("orders.csv", "--currency", "EUR", "--out", "full", cwd=tmp_path, code=2)


def test_an_empty_folder_keeps_its_permissions(tmp_path):
    write(tmp_path, "orders.csv", PLAIN)
    (tmp_path / "mine").mkdir(mode=0o700)
    Draft("orders.csv", cwd=tmp_path, out="mine")
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o700
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["patron.yaml", "sources"]


@pytest.mark.parametrize("there", [True, False])
def test_what_cannot_be_written_leaves_the_folder_as_it_was(tmp_path, there):
    write(tmp_path, "orders.csv", PLAIN)
    if there:
        (tmp_path / "mine").mkdir(mode=0o700)
    run = subprocess.run([PATRON, "new", "orders.csv", "--currency", "EUR", "--out", "mine"], cwd=tmp_path, capture_output=True, text=True, timeout=60,
                         restore_signals=False, check=False, # a file that may not grow is an error then, and no signal
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    assert run.returncode == 1 and "cannot write" in run.stderr, run.stderr
    assert (tmp_path / "mine").is_dir() is there
    if there:
        assert not list((tmp_path / "mine").iterdir())


def test_it_says_the_same_twice(tmp_path):
    write(tmp_path, "orders.csv", PLAIN)
    a, b = Draft("orders.csv", cwd=tmp_path, out="a"), Draft("orders.csv", cwd=tmp_path, out="b")
    assert a.sql == b.sql and a.said["tables"] == b.said["tables"]


def test_what_is_counted_is_what_a_build_finds(tmp_path):
    draw = random.Random(11)
    text = "customer,date,total\n" + lines(400, lambda i: ",".join([
        draw.choice(["", "a", "b", "c", "d"]), "x" if i % 50 == 0 else day(i), "?" if i % 40 == 1 else draw.choice(["5.5", "-5.5", "7"])]))
    write(tmp_path, "more.csv", text)
    draft = Draft("more.csv", cwd=tmp_path)
    yaml = draft.shop.folder / "patron.yaml"
    yaml.write_text(yaml.read_text().replace("quarantine_limit: 1%", "quarantine_limit: 100%"))
    report, counts = draft.shop.build(), draft.said["tables"][0]["counts"]
    assert report["record"]["rows"] == counts["rows"] == 400
    assert report["record"]["quarantined"] == counts["no_date"] + counts["no_amount"] > 0
    assert report["record"]["repeats"] == counts["repeated"]
    assert draft.shop.value("SELECT count(*)::VARCHAR FROM ledger WHERE key IS NULL") == str(counts["no_customer"])


# ---- anything at all ----

def awkward(draw):
    """A CSV of a random kind: names, separators, quotes and values that files may have."""
    words = ["", "x", "12", "-3.5", "1.234,50", "£9.99", "2023-01-05", "31/12/2023", "05/06/2023", "a@b.org", "C123", "00042", "true", "naïve", "NULL", "1e400",
             "'", '"', ";", "\\", "\t", "'; DROP TABLE x; --", "-", "%s%n", "999999999999999999999", "2023-02-30", "\u202e", "()"]
    names = ["customer", "date", "amount", "total", "qty", "price", "order", "select", "", " ", "a b", 'q"', "ä", "date", "column0", "x" * 300, "currency"]
    rows, columns = draw.randint(0, 60), draw.randint(1, 9)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=draw.choice(",;\t|"), lineterminator=draw.choice(["\n", "\r\n"]),
                        quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    if draw.random() < 0.8:
        writer.writerow([draw.choice(names) for _ in range(columns)])
    kinds = [draw.choice([words, ["2023-01-05", "2023-02-06", "2023-03-07"], ["a", "b", "c"], ["1.50", "2.50", "-3"], [str(n) for n in range(20)]]) for _ in range(columns)]
    for _ in range(rows):
        writer.writerow([draw.choice(kind) for kind in kinds][:columns if draw.random() < 0.97 else draw.randint(1, columns)])
    data = out.getvalue().encode(draw.choice(["utf-8", "utf-8", "latin-1", "utf-16"]), "replace")
    if draw.random() < 0.15:
        data = data[:draw.randint(0, len(data))] + draw.randbytes(draw.randint(0, 5)) + data[draw.randint(0, len(data)):]
    return data


@pytest.mark.parametrize("seed", range(60))
def test_random_files_never_break_it(tmp_path, seed):
    write(tmp_path, "orders.csv", awkward(random.Random(seed)))
    run = patron("new", "orders.csv", "--currency", "EUR", "--dates", "dmy", cwd=tmp_path)
    assert run.returncode in (0, 1, 2), run.stderr
    assert "E301" not in run.stderr and "E002" not in run.stderr and "Sanitizer" not in run.stderr
    if run.returncode:
        assert run.stderr.count("error E") == 1 and not (tmp_path / "orders").exists()
        return
    build = patron("build", tmp_path / "orders")
    stops = "Next: mend" in run.stdout
    assert build.returncode == (1 if stops else 0) or "quarantine" in build.stderr or "limit" in build.stderr, run.stdout + build.stderr
