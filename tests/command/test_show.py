"""patron show: one customer as a card, and why; every number ties to the tables."""
import json
import re
import shlex
from decimal import Decimal

import pytest

from shop import Shop, patron
from traders import edges, ledger, on, trading

PEOPLE = "-- stream: people\nFROM 'data/people.csv'\n"


def card(shop, asked, *options, code=0, **environment):
    run = patron("show", shop.folder, asked, *options, **environment)
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout if code == 0 else run.stderr


def as_json(shop, asked, *options):
    return json.loads(card(shop, asked, "--json", *options))


@pytest.fixture(scope="module")
def traders(tmp_path_factory):
    """Some 240 customers, with names for a few, costs, and three who never bought."""
    shop = Shop(tmp_path_factory.mktemp("traders") / "shop").ledger(*ledger(trading()), f"back,{on(3)},-7", f"c007,{on(729)},12.5")
    shop.write("data/people.csv", "customer,name,email,city\nc007,Ada Mensah,Ada.Mensah@example.org,Leeds\nc008,Kofi Mensah,,\n"
                                  "only,Ida Only,ida@example.org,York\n")
    shop.source(PEOPLE, name="people")
    shop.build()
    return shop


# ---- who ----

@pytest.mark.parametrize("asked", ["c007", "orders:c007", "people:c007", "Ada Mensah", "ada mensah", "ada.mensah@example.org", "ada", "ADA.M"])
def test_a_person_is_found_by_whatever_names_them(traders, asked):
    assert as_json(traders, asked)["person_id"] == traders.value("SELECT DISTINCT person_id FROM person_keys WHERE key = 'c007'")


def test_a_person_id_finds_its_person(traders):
    assert as_json(traders, "p_3")["person_id"] == "p_3"


def test_several_matches_are_listed_to_choose_from(traders):
    said = card(traders, "mensah", code=1)
    assert '2 people match "mensah"' in said and "Ada Mensah" in said and "Kofi Mensah" in said
    assert re.search(r"patron show \S+ p_\d+", said)
    run = patron("show", traders.folder, "mensah", "--json")
    assert run.returncode == 1 and [m["name"] for m in json.loads(run.stdout)["matches"]] and json.loads(run.stdout)["count"] == 2


def test_more_matches_than_fit_are_counted(tmp_path):
    shop = Shop(tmp_path / "shop").write("data/people.csv", "customer,name\n" + "".join(f"k{i},Sam {i}\n" for i in range(25)))
    shop.source(PEOPLE, name="people").build()
    said = card(shop, "sam", code=1)
    assert "25 people match" in said and "and 15 more" in said


@pytest.mark.parametrize("asked, near", [("c07", "c007"), ("Ada Mensa.", "Ada Mensah"), ("ida@exampel.org", "ida@example.org")])
def test_nobody_gets_the_nearest(traders, asked, near):
    said = card(traders, asked, code=1)
    assert f'nobody is known as "{asked}"' in said and "did you mean" in said and f'"{near}"' in said


@pytest.mark.parametrize("asked", ["'; DROP TABLE ledger; --", "%", "_", "\\", "ß'\"", "x" * 5000, "\t"])
def test_odd_names_find_nobody_and_harm_nothing(traders, asked):
    assert "nobody is known" in card(traders, asked, code=1)


def test_wrong_use(traders):
    for words in [], [""], ["a", "b", "c"], ["p_1", "--why", "valu"]:
        run = patron("show", *words)
        assert run.returncode == 2 and run.stdout == "" and run.stderr
    assert 'did you mean "value"?' in patron("show", "p_1", "--why", "identity,valu").stderr


# ---- the card ties to the tables ----

def test_json_has_the_columns_of_customers(traders):
    shown = as_json(traders, "c007")
    row = traders.rows("SELECT * EXCLUDE (person) FROM customers WHERE name = 'Ada Mensah'")[0]
    for column, value in row.items():
        if isinstance(value, Decimal):
            assert Decimal(repr(shown[column])) == pytest.approx(value, rel=1e-14), column
        else:
            assert shown[column] == value, column


@pytest.mark.parametrize("asked", ["c007", "back", "only"])
def test_json_has_numbers_as_numbers_and_days_as_days(traders, asked):
    """Amounts of books and estimates alike: a program adds them up without asking which are which."""
    day = re.compile(r"\d{4}-\d\d-\d\d")

    def look(at, key=""):
        for name, value in (at.items() if isinstance(at, dict) else [(key, one) for one in at]):
            if isinstance(value, (dict, list)):
                look(value, name)
            elif name in ("day", "month", "as_of", "first_seen", "last_seen"):
                assert value is None or day.fullmatch(value), (name, value)
            elif isinstance(value, str):
                assert not re.fullmatch(r"-?[\d.]+", value), (name, value)
                assert value != "", name

    shown = as_json(traders, asked, "--why", "identity,value", "--timeline")
    assert shown["schema"] == "patron.show/2"
    look(shown)
    assert isinstance(shown["so_far"]["net"], (int, float))


def test_what_was_ties_to_the_ledger_to_the_cent(traders):
    for person in traders.column("SELECT person_id FROM customers WHERE person % 20 = 7"):
        shown = as_json(traders, person)["so_far"]
        rows = traders.rows(f"SELECT kind, count(*) AS lines, sum(project_amount)::DECIMAL(18, 2) AS amount FROM ledger"
                            f" WHERE person_id = '{person}' GROUP BY kind ORDER BY kind::VARCHAR")
        assert [(k["kind"], k["lines"], Decimal(repr(k["amount"]))) for k in shown["kinds"]] == [(r["kind"], r["lines"], r["amount"]) for r in rows]
        assert Decimal(repr(shown["net"])) == sum(r["amount"] for r in rows)
        assert sum(m["purchases"] for m in shown["months"]) <= traders.value(
            f"SELECT coalesce(max(frequency) + 1, 0) FROM customers WHERE person_id = '{person}'")


def test_why_value_multiplies_to_the_value(traders):
    for person in traders.column("SELECT person_id FROM customers WHERE value > 0 AND person % 11 = 0"):
        shown = as_json(traders, person, "--why", "value")
        made = shown["why_value"]
        assert made["discounted_purchases"] * made["margin_per_purchase"] == pytest.approx(shown["value"], abs=0.0051)
        assert made["model"] == shown["worth"]["model"]
        assert made["customers_in_state"] == traders.value(
            f"SELECT customers FROM states JOIN customers c USING (frequency, recency_days, age_days) WHERE person_id = '{person}'")


def test_the_command_that_gives_the_rows_runs_and_ties_to_the_card(traders):
    said = " ".join(card(traders, "c007", "--why", "value").split())
    command = re.search(r"patron sql .*?\"FROM ledger .*?\"", said).group()
    run = patron(*shlex.split(command)[1:], "--csv")
    assert run.returncode == 0, run.stderr
    net = traders.value("SELECT sum(project_amount)::DECIMAL(18, 2)::VARCHAR FROM ledger WHERE person_id = (SELECT person_id FROM customers WHERE name = 'Ada Mensah')")
    assert f"{len(run.stdout.splitlines()) - 1} rows, £{Decimal(net):,}: ties to the card" in said
    assert "✓" in said # the factors multiply to the published value


def test_why_identity_names_every_record(traders):
    said = card(traders, "c007", "--why", "identity")
    assert "ONE PERSON from 2 records" in said and "orders:c007" in said and "people:c007" in said and "Ada.Mensah@example.org" in said
    assert [r["source"] for r in as_json(traders, "c007", "--why", "identity")["why_identity"]["records"]] == ["orders", "people"]


def test_the_timeline_has_every_event(traders):
    said = card(traders, "c007", "--timeline")
    lines = traders.value("SELECT count(DISTINCT (occurred_at::DATE, kind, order_id)) FROM timeline JOIN customers USING (person_id) WHERE name = 'Ada Mensah'")
    assert len(said.splitlines()) == lines == len(as_json(traders, "c007", "--timeline")["timeline"])
    days = [event["day"] for event in as_json(traders, "c007", "--timeline")["timeline"]]
    assert days == sorted(days, reverse=True)


# ---- how it reads ----

def test_the_card_of_a_buyer(traders):
    said = card(traders, "c007")
    assert said.startswith("Ada Mensah ") and "Leeds" in said.splitlines()[0] and "with us since" in said.splitlines()[0]
    assert [line[:9].strip() for line in said.splitlines()[3:] if line[:1] != " "] == ["WORTH", "SO FAR", "WHY", "LATELY", "NOT HERE", "MORE"]
    assert re.search(r"8 in 10 chance of £\S+ to £\S+ in the next year(,|, so it may be nothing;) about £\S+: sales after returns", " ".join(said.split()))
    assert all(len(line) <= 80 or "patron show" in line for line in said.splitlines()) # a command to copy stays whole
    assert "churn" not in said and "CLV" not in said


def test_the_card_of_who_will_most_likely_not_buy(traders):
    quiet = traders.column("SELECT person_id FROM customers WHERE value_p10 = 0 AND value_p90 = 0 AND value > 0 ORDER BY person LIMIT 3")
    assert quiet
    for person in quiet:
        said = " ".join(card(traders, person).split())
        assert re.search(r"WORTH most likely nothing in the next year; about £\S+ on average, as (under 1 in 20|1 in 10|2 in 10) such customers buys again: ", said)
        assert "8 in 10 chance of" not in said and "to buy in that time" not in said # once is enough


def test_a_mean_beyond_the_range_says_why(online_retail):
    """Money is skewed: of customers who are hardly with us the few who buy bring more than 9 in 10 will."""
    skewed = online_retail.rows("SELECT person_id, value, value_p90 FROM customers WHERE value > value_p90 AND value_p90 > 0 ORDER BY person LIMIT 3")
    assert skewed
    for person in skewed:
        said = " ".join(card(online_retail, person["person_id"]).split())
        assert re.search(r"WORTH 8 in 10 chance of £\S+ to £\S+ in the next year, so it may be nothing; about £\S+ on average, as a few such customers"
                         r" bring much more: ", said)
    inside = online_retail.value("SELECT person_id FROM customers WHERE value BETWEEN value_p10 AND value_p90 AND value_p90 > 0 LIMIT 1")
    assert "on average" not in card(online_retail, inside)


def test_only_the_upper_half_is_called_top(traders):
    for person in traders.column("SELECT person_id FROM customers WHERE value IS NOT NULL AND person % 30 = 1"):
        shown = as_json(traders, person)["worth"]
        said = card(traders, person)
        share = shown["rank"] / shown["of"]
        assert ("· top " in " ".join(said.split())) == (share <= 0.5), person
        assert share <= 0.5 or "· number " in " ".join(said.split())


def test_events_in_another_currency_have_its_decimals(tmp_path):
    shop = Shop(tmp_path / "shop").source("SELECT * FROM (VALUES ('a', DATE '2024-01-01', 5.125, 'KWD'), ('a', DATE '2024-01-02', 700, 'JPY'),"
                                          " ('a', DATE '2024-01-03', 3.5, 'GBP')) t(customer, occurred_at, amount, currency)")
    shop.source("-- stream: rates\nSELECT * FROM (VALUES (DATE '2023-01-01', 'KWD', 2.6), (DATE '2023-01-01', 'JPY', 0.005))"
                " t(valid_from, currency, rate)", name="rates").build()
    assert [e["amount"] for e in as_json(shop, "a", "--timeline")["timeline"]] == [3.5, 700, 5.125]


def test_past_and_future_never_share_a_line(traders):
    for line in card(traders, "c007").splitlines():
        assert not ("expected" in line or "chance" in line) or "sales 1" not in line


@pytest.mark.parametrize("asked, worth, so_far", [
    ("back", "nothing is forecast: no purchase by", "−£7.00: − refunds 7.00"), ("only", "nothing is forecast: no purchase by", "no cash flow by")])
def test_the_card_of_who_never_bought(traders, asked, worth, so_far):
    said = card(traders, asked)
    assert worth in said and so_far in said and "WHY " not in said
    shown = as_json(traders, asked)
    assert shown["worth"] is None and shown["frequency"] is None and shown["reasons"] == [] and shown["value"] is None
    assert "No value was made" in card(traders, asked, "--why", "value")


def test_rows_after_the_as_of_day_stand_apart(tmp_path):
    shop = Shop(tmp_path / "shop", f"as_of: {on(400)}\n").ledger(*ledger(trading(60, 400)), f"c007,{on(405)},99", f"new,{on(410)},5")
    shop.build()
    said = card(shop, "c007")
    assert re.search(r"LATER +after .*, unknown to every\s+model, 1 line: sales 99.00", said)
    assert as_json(shop, "c007")["so_far"]["after_as_of"] == [{"kind": "sale", "lines": 1, "amount": 99}]
    assert "no model knows what stands above" in card(shop, "c007", "--timeline")
    assert "nothing is forecast" in card(shop, "new")


@pytest.mark.parametrize("name", edges())
def test_little_shops_read_well(tmp_path, name):
    shop = Shop(tmp_path / "shop").ledger(*edges()[name])
    shop.build()
    key = shop.value("SELECT min(key) FROM person_keys")
    said = card(shop, key) + card(shop, key, "--why", "identity,value", "--timeline")
    assert not re.search(r"\bnan\b|\binf\b|null|%[sd.]", said)
    assert as_json(shop, key)["person_id"]
    if name == "31 customers":
        assert re.search(r"number \d+ of 31", said)


def test_costs_and_currency_without_a_sign(tmp_path):
    shop = Shop(tmp_path / "shop", "currency: CHF\n").ledger(*ledger(trading(60, 300)))
    shop.write("data/costs.csv", "customer,occurred_at,amount,kind\n" + "".join(f"c{i:03},{on(20)},-4.25,goods\n" for i in range(60)))
    shop.source("FROM 'data/costs.csv'", name="costs").build()
    said = card(shop, "c007")
    assert "CHF " in said and "net: sales" in said and "− goods 4.25" in said and "after costs" in said and "profit:" not in said


def test_what_came_back_has_a_minus(tmp_path):
    shop = Shop(tmp_path / "shop").source("SELECT 'a' AS customer, DATE '2024-01-01' + i AS occurred_at, amount, quantity, 'mug' AS product "
                                          "FROM (VALUES (0, 8, 4), (1, -4, -2)) AS v(i, amount, quantity)")
    shop.build()
    for words in ["a"], ["a", "--timeline"]:
        assert "−2 × mug" in card(shop, *words) and "4 × mug" in card(shop, *words)
        assert "-2 x mug" in card(shop, *words, LC_ALL="C") and card(shop, *words, LC_ALL="C").isascii()


def test_the_card_ends_with_a_command_that_works(traders):
    more = card(traders, "c007").splitlines()[-1]
    assert more.startswith("MORE") and more.endswith("--why value")
    words = more.split()[2:]
    assert words[0] == "show" and "in the next year = purchases" in patron(*words).stdout


def test_without_utf8_or_in_a_pipe(traders):
    assert card(traders, "c007", LC_ALL="C").isascii()
    assert "\033" not in card(traders, "c007")


@pytest.mark.parametrize("locale, money, day", [
    ("de_DE", r"\d £ in the next year", r"with us since \d+\.\d+\.2\d{3}"), ("fr_FR", r"\d £ in the next year", r"with us since \d\d/\d\d/2\d{3}"),
    ("en_US", r"£\d\S* in the next year", r"with us since [A-Z]\w\w \d+, 2\d{3}")])
def test_the_card_follows_the_locale_and_its_json_does_not(traders, locale, money, day):
    before = as_json(traders, "c007")
    yaml = (traders.folder / "patron.yaml").read_text()
    try:
        traders.write("patron.yaml", yaml + f"locale: {locale}\n")
        said = card(traders, "c007")
        assert re.search(money, said) and re.search(day, said)
        after = as_json(traders, "c007")
    finally:
        traders.write("patron.yaml", yaml)
    assert after == before


def test_the_example(online_retail):
    said = card(online_retail, "12980")
    assert "bought 21 times" in said and "£15,909.39: sales 16,245.78 − refunds 336.39" in said
