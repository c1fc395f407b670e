"""patron report: one file with everything in it, whose numbers are those of the tables; and nobody's name unless asked for."""
import datetime
import json
import os
import re
import shutil
import subprocess
from decimal import Decimal

import pytest

from shop import PATRON, ROOT, Shop, patron
from traders import START, edges, ledger, on, purchase_days, trading

LINES = trading()
MOST_BYTES = 1536 * 1024
PLACE = '"__PATRON_REPORT__"'
CHARTS = "who_makes_it", "coming", "keeping", "actual_and_forecast", "calibration", "cohorts"


def data(shop, *options, **environment):
    run = patron("report", shop.folder, "--json", *options, **environment)
    assert run.returncode == 0 and run.stderr == "", run.stderr
    return json.loads(run.stdout, parse_float=Decimal)


def page_of(file):
    """What stands before its data, the data, and what stands after."""
    text = file.read_text(encoding="utf-8")
    found = re.fullmatch(r'(.*<script type="application/json" id="patron-report">)(.*?)(</script>.*)', text, re.DOTALL)
    assert found, text[:300]
    return found.groups()


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Two years of 240 customers who have names; tests only read it."""
    shop = Shop(tmp_path_factory.mktemp("report") / "shop", "horizons: [90d, 182d, 1y]\n").ledger(*ledger(LINES))
    shop.write("data/people.csv", "customer,name,email\n" + "".join(f"c{i:03},Ada <b>Né{i}</b>,ada{i}@example.org\n" for i in range(240)))
    shop.source("-- stream: people\nFROM 'data/people.csv'", name="people")
    shop.build()
    return shop


@pytest.fixture(scope="module")
def found(shop):
    return data(shop)


# ---- the file ----

def test_it_writes_one_file_and_says_where(shop):
    run = patron("report", shop.folder)
    file = shop.folder / "report.html"
    assert run.returncode == 0 and run.stderr == "" and str(file) in run.stdout and "No name and no key" in " ".join(run.stdout.split())
    assert 0 < file.stat().st_size <= MOST_BYTES
    assert f"({-(-file.stat().st_size // 1000)} kB)" in run.stdout
    assert all(len(line) <= 80 for line in run.stdout.splitlines()[1:])


def test_the_page_is_the_template_with_its_data_in_place(shop, tmp_path, found):
    assert patron("report", shop.folder, "--out", tmp_path / "board.html").returncode == 0
    before, json_text, after = page_of(tmp_path / "board.html")
    assert before + PLACE + after == (ROOT / "web/dist/report.html").read_text(encoding="utf-8")
    assert "<" not in json_text and json.loads(json_text, parse_float=Decimal) == found


def test_names_cannot_end_the_script(shop, tmp_path):
    assert patron("report", shop.folder, "--with-names", "--out", tmp_path / "named.html").returncode == 0
    _, json_text, _ = page_of(tmp_path / "named.html")
    names = [customer["name"] for customer in json.loads(json_text)["customers"]]
    assert "<" not in json_text and any(re.fullmatch(r"Ada <b>Né\d+</b>", name) for name in names)


def test_it_asks_no_network(shop):
    patron("report", shop.folder)
    text = (shop.folder / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", text) and "@import" not in text


def test_it_says_the_same_twice_and_changes_nothing(shop, tmp_path):
    before = shop.published()
    for name in "once", "twice":
        assert patron("report", shop.folder, "--out", tmp_path / name).returncode == 0
    assert (tmp_path / "once").read_bytes() == (tmp_path / "twice").read_bytes()
    assert shop.published() == before and sorted(path.name for path in tmp_path.iterdir()) == ["once", "twice"]


def test_the_terminal_does_not_change_it(shop, found):
    assert data(shop, LC_ALL="C", LANG="C") == found and "£" in found["customers"][0]["reasons"][-1]
    plain = patron("report", shop.folder, LC_ALL="C", LANG="C")
    assert plain.stdout.isascii() and plain.stdout.startswith("ok Wrote ")


def test_inside_a_project_the_folder_may_be_left_out(shop):
    run = patron("report", cwd=shop.folder / "sources")
    assert run.returncode == 0 and str(shop.folder / "report.html") in run.stdout


def test_a_link_stays_a_link(shop, tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web/index.html").write_text("old")
    (tmp_path / "link.html").symlink_to("web/index.html")
    assert patron("report", shop.folder, "--out", tmp_path / "link.html").returncode == 0
    assert (tmp_path / "link.html").is_symlink() and page_of(tmp_path / "web/index.html")


def test_into_a_pipe(shop):
    run = patron("report", shop.folder, "--out", "/dev/stdout")
    assert run.returncode == 0 and run.stdout.lower().startswith("<!doctype html>") and run.stdout.rstrip().endswith("</html>")


# ---- names ----

def test_masked_no_name_and_no_key_is_in_the_file(shop):
    patron("report", shop.folder)
    text = (shop.folder / "report.html").read_text(encoding="utf-8").replace(data(shop)["run_id"], "")  # which may be c087, as a key is
    keys = shop.column("SELECT DISTINCT key FROM person_keys")
    assert len(keys) == 240
    for secret in [*keys, "Né", "example.org"]:
        assert not re.search(rf"\b{re.escape(secret)}", text), secret


def test_masked_what_stood_in_a_refused_row_is_not_there(tmp_path):
    shop = Shop(tmp_path / "shop", "quarantine_limit: 100%\n").ledger(
        *ledger(LINES), "Grace,2022-02-01,Hopper 12", "Grace,Hopper,12", 'Grace,2022-02-01,12,"Hop', "Grace,2022-02-01,12,Hopper,7")
    shop.build()
    run = patron("report", shop.folder, "--json")
    assert "Hop" not in run.stdout and "Grace" not in run.stdout
    refused = json.loads(run.stdout)["money"]
    assert sum(reason["rows"] for reason in refused["reasons"]) == shop.value("SELECT count(*) FROM quarantine") == len(refused["largest_refused"])
    assert all(row["value"] is None and row["source_row"] for row in refused["largest_refused"])
    assert "Hopper" in patron("report", shop.folder, "--json", "--with-names").stdout


def test_with_names_they_are_and_the_file_is_its_owners(shop, tmp_path):
    run = patron("report", shop.folder, "--with-names", "--out", tmp_path / "named.html")
    assert run.returncode == 0 and "keep it as" in " ".join(run.stdout.split())
    assert (tmp_path / "named.html").stat().st_mode & 0o077 == 0
    named = data(shop, "--with-names")
    assert not named["names_masked"] and all(customer["key"] and customer["name"] for customer in named["customers"])
    keys = {row["person_id"]: row["key"] for row in shop.rows("SELECT person_id, key FROM person_keys")}
    assert all(keys[customer["person_id"]] == customer["key"] for customer in named["customers"])


def test_refused_amounts_have_the_decimals_of_their_own_currency(tmp_path):
    shop = Shop(tmp_path / "shop", "quarantine_limit: 100%\n").ledger("a,2024-01-01,5,GBP", "a,9999-01-01,5.125,KWD", "b,9999-01-02,700,JPY",
                                                                      header="customer,occurred_at,amount,currency")
    shop.source("-- stream: rates\nSELECT * FROM (VALUES (DATE '2023-01-01', 'KWD', 2.6), (DATE '2023-01-01', 'JPY', 0.005))"
                " t(valid_from, currency, rate)", name="rates").build()
    money = json.loads(patron("report", shop.folder, "--json").stdout)["money"]
    assert [(row["amount"], row["currency"]) for row in money["largest_refused"]] == [("700", "JPY"), ("5.125", "KWD")]
    assert [(reason["amount"], reason["currency"]) for reason in money["reasons"]] == [("700", "JPY"), ("5.125", "KWD")]


# ---- its numbers are those of the tables ----

def test_the_headline_is_that_of_check(shop, found):
    check = json.loads(patron("check", shop.folder, "--json").stdout, parse_float=Decimal)
    headline = found["headline"]
    for name, of_check in (("value", "value"), ("p10", "value_p10"), ("p90", "value_p90"), ("luck_p10", "luck_alone_p10"),
                           ("luck_p90", "luck_alone_p90"), ("purchases", "purchases"), ("horizon_days", "horizon_days")):
        assert headline[name] == check["forecast"][of_check]
    for part in "mark", "verdict", "why", "tests", "models", "season":
        assert found["trust"][part] == check[part]
    assert headline["kind"] == "sales after returns"
    assert headline["before"] == shop.value("SELECT value_before FROM share.headline")
    year_ago = START + datetime.timedelta(729 - int(headline["horizon_days"]))
    assert headline["before_purchases"] == sum(day > year_ago for days in purchase_days(LINES).values() for day in days)


def test_the_last_tests_are_told_in_a_sentence(found):
    said, tests = found["trust"]["last"]["says"], found["trust"]["tests"]
    for test in tests:
        miss = test["purchases"]["forecast"] / test["purchases"]["came"] - 1
        assert abs(miss) < Decimal("0.005") or f"{abs(100 * miss):.0f} % too {'high' if miss > 0 else 'low'}" in said
    assert said.endswith(".") and said.count("ago") == len(tests) and said[0].isupper() or said[0].isdigit()


def test_money_ties_to_the_ledger_to_the_cent(shop, found):
    money = found["money"]
    parts = [Decimal(money[part]) for part in ("attributed", "unattributed", "quarantined", "set_aside")]
    assert money["conserved"] and sum(parts) == Decimal(money["amount_in"])
    ledger_sum = shop.value("SELECT sum(amount) FROM ledger")
    assert sum(Decimal(kind["amount"]) for kind in money["kinds"]) == ledger_sum == parts[0] + parts[1]
    assert sum(kind["rows"] for kind in money["kinds"]) == shop.value("SELECT count(*) FROM ledger")
    for column in "amount_in", "attributed", "unattributed", "quarantined":
        assert sum(Decimal(source[column]) for source in money["sources"]) == Decimal(money[column])
    for source in money["sources"]:
        assert source["rows_read"] == source["rows_typed"] + source["rows_quarantined"] + source["rows_set_aside"]


def test_customers_are_those_of_the_table(shop, found):
    rows = {row["person_id"]: row for row in shop.rows("FROM customers WHERE frequency IS NOT NULL")}
    assert [customer["person_id"] for customer in found["customers"]] == [
        row["person_id"] for row in sorted(rows.values(), key=lambda row: (-row["value"], -row["revenue"], int(row["person_id"][2:])))]
    for customer in found["customers"]:
        row = rows[customer["person_id"]]
        assert Decimal(customer["revenue"]) == row["revenue"] and customer["value"] == row["value"]
        assert (customer["p10"], customer["p90"], customer["frequency"]) == (row["value_p10"], row["value_p90"], row["frequency"])
        assert customer["name"] is None and customer["key"] is None and 2 <= len(customer["reasons"]) <= 3
    totals = found["totals"]
    assert totals["customers"] == totals["in_list"] == len(rows) and totals["value"] == sum(row["value"] for row in rows.values())


def test_reasons_are_facts_with_numbers(found):
    by_days = {}
    for customer in found["customers"]:
        by_days.setdefault(min(customer["frequency"], 2), customer)
    assert set(by_days) == {0, 1, 2}
    once, twice, often = by_days[0]["reasons"], by_days[1]["reasons"], by_days[2]["reasons"]
    assert once[0].startswith("bought once, ") and re.search(r"(\d+ days|a day) ago, on \d+ \w{3} 202\d$", once[0])
    assert twice[0] == f"bought twice, {by_days[1]['recency_days']} days apart" or by_days[1]["recency_days"] == 1
    assert re.fullmatch(r"bought \d+ times, about every (\d+ )?days?", often[0]) and often[1].startswith("last bought ")
    assert re.fullmatch(r"−?£[\d,.]+k? a purchase, after returns", often[2])


def test_who_makes_it(shop, found):
    who, values = found["who_makes_it"], sorted(shop.column("SELECT value FROM customers WHERE value IS NOT NULL"), reverse=True)
    spent = sorted(shop.column("SELECT revenue FROM customers WHERE frequency IS NOT NULL"), reverse=True)
    for curve, of in ("expected", values), ("observed", spent):
        assert [x for x, _ in who[curve]] == [Decimal(k) / 100 for k in range(101)]
        for k, (_, y) in enumerate(who[curve]):
            assert y == pytest.approx(sum(of[:len(of) * k // 100]) / sum(of), abs=Decimal("1e-9"))
    headline = shop.rows("FROM share.headline")[0]
    assert who["best_fifth"]["expected"] == pytest.approx(headline["best_fifth_expected"], abs=Decimal("1e-9"))
    assert who["best_fifth"]["observed"] == pytest.approx(headline["best_fifth_observed"], abs=Decimal("1e-9"))
    assert who["best_fifth"]["value"] == sum(values[:len(values) // 5]) and who["best_fifth"]["customers"] == len(values) // 5
    for (_, low), (_, middle), (_, high) in zip(who["low"], who["expected"], who["high"]):
        assert 0 <= low <= middle <= high <= 1
    assert who["low"][20][1] < who["expected"][20][1] < who["high"][20][1]
    assert who["low"][0] == who["high"][0] and who["low"][100] == who["high"][100]


def test_months_to_come_and_months_that_came(shop, found):
    coming, headline = found["coming"], found["headline"]
    assert len(coming["forecast"]) == 12 and sum(month["value"] for month in coming["forecast"]) == headline["value"]
    last = coming["forecast"][-1]
    assert (last["to_date"], last["to_date_p10"], last["to_date_p90"]) == (headline["value"], headline["p10"], headline["p90"])
    as_of = datetime.date.fromisoformat(found["as_of"])
    assert coming["actual"][-1]["to"] == found["as_of"] and coming["forecast"][0]["from"] == (as_of + datetime.timedelta(1)).isoformat()
    assert len(coming["actual"]) >= 12
    for month in coming["actual"]:
        came = sum(Decimal(str(amount)) for _, when, amount in LINES if month["from"] <= when.isoformat() <= month["to"])
        assert month["value"] == pytest.approx(came, abs=Decimal("0.005"))


def test_weeks_are_those_of_the_test(shop, found):
    part, test = found["actual_and_forecast"], found["trust"]["tests"][0]
    assert (part["made_on"], part["horizon_days"]) == (test["made_on"], test["horizon_days"])
    assert part["total"]["came"] == test["purchases"]["came"] == sum(week["came"] for week in part["weeks"])
    assert part["total"]["forecast"] == pytest.approx(test["purchases"]["forecast"], rel=Decimal("1e-6"))
    made_on = datetime.date.fromisoformat(part["made_on"])
    assert len(part["before"]) == 26
    for week in part["before"]:
        first = datetime.date.fromisoformat(week["from"])
        days = {first + datetime.timedelta(k) for k in range(7)}
        assert max(days) <= made_on and week["came"] == sum(len(days & set(own)) for own in purchase_days(LINES).values())
    assert datetime.date.fromisoformat(part["before"][-1]["from"]) + datetime.timedelta(6) == made_on


def test_tenths_are_those_of_check(found):
    tenths, test = found["calibration"]["tenths"], found["trust"]["tests"][0]
    for k, tenth in enumerate(tenths):
        assert tenth["tenth"] == k + 1
        assert tenth["forecast"] == pytest.approx(test["tenths"]["forecast"][k], rel=Decimal("1e-6"))
        assert tenth["came"] == pytest.approx(test["tenths"]["came"][k], rel=Decimal("1e-6"), abs=Decimal("1e-9"))
        assert 0 <= tenth["p10"] < tenth["luck_p10"] + Decimal("1e-9") and tenth["luck_p90"] < tenth["p90"]
        assert tenth["luck_p10"] <= tenth["forecast"] <= tenth["luck_p90"]


def test_cohorts_are_counted_by_hand(found):
    def quarter(day):
        return day.year * 4 + (day.month - 1) // 3

    won, came = {}, {}
    for who, days in purchase_days(LINES).items():
        won.setdefault(quarter(days[0]), set()).add(who)
        for day in days:
            came.setdefault((quarter(days[0]), quarter(day) - quarter(days[0])), set()).add(who)
    rows = found["cohorts"]["rows"]
    assert len(rows) == len(won)
    last = quarter(START + datetime.timedelta(729))
    for row in rows:
        first = quarter(datetime.date.fromisoformat(row["cohort"]))
        assert row["customers"] == len(won[first]) and row["label"] == f"Q{first % 4 + 1} {first // 4}"
        assert [cell["quarter"] for cell in row["cells"]] == list(range(1, last - first + 1))
        for cell in row["cells"]:
            assert cell["customers"] == len(came.get((first, cell["quarter"]), ()))
            assert 0 <= cell["low"] <= cell["share"] <= cell["high"] <= 1 and cell["low"] < cell["high"]
            assert cell["complete"] == (first + cell["quarter"] < last or on(729).endswith(("03-31", "06-30", "09-30", "12-31")))


def test_gone_quiet_is_what_its_rule_says(shop, found):
    keeping = found["keeping"]
    rows = shop.rows(found["made"]["keeping"]["sql"])
    assert [one["person_id"] for one in keeping["list"]] == [row["person_id"] for row in rows[:20]] and keeping["customers"] == len(rows)
    assert keeping["value"] == sum(row["value"] for row in rows) and len(rows) > 0
    for one in keeping["list"]:
        assert one["purchases"] >= 4 and one["idle_days"] > 3 * one["usual_gap_days"] and one["p_alive"] < Decimal("0.9")
    for chance, value, place in keeping["points"]:
        assert (chance, value) == (found["customers"][place]["p_alive"], found["customers"][place]["value"])


def test_gone_quiet_together_have_a_range(tmp_path):
    """Less sure than the total of all, and surer than if all of them fared alike."""
    quiet = [(f"q{i}", START + datetime.timedelta(400 + i + 20 * k), 150.0) for i in range(8) for k in range(13)]
    shop = Shop(tmp_path / "shop").ledger(*ledger(trading(seed=1) + quiet))
    shop.build()
    found = data(shop)
    keeping, headline = found["keeping"], found["headline"]
    assert 8 <= keeping["customers"] == len(keeping["list"])
    assert 0 <= keeping["p10"] < keeping["value"] < keeping["p90"] < sum(one["p90"] for one in keeping["list"])
    assert (keeping["p90"] - keeping["p10"]) / keeping["value"] > (headline["p90"] - headline["p10"]) / headline["value"]


def test_one_gone_quiet_has_their_own_range(found):
    keeping = found["keeping"]
    assert keeping["customers"] == 1
    assert (keeping["p10"], keeping["p90"]) == (keeping["list"][0]["p10"], keeping["list"][0]["p90"])


def test_nobody_gone_quiet_has_no_range(tmp_path):
    shop = Shop(tmp_path / "shop").ledger(*(f"c{i},{on(d)},20" for i in range(40) for d in (i, 200 + i, 240)))
    shop.build()
    keeping = data(shop)["keeping"]
    assert keeping["customers"] == 0 and keeping["p10"] is None and keeping["p90"] is None


def test_every_statement_it_shows_runs(shop, found):
    assert set(found["made"]) == set(CHARTS)
    for part in found["made"].values():
        assert '"' not in part["sql"]  # they stand in quotes in a shell
        assert shop.rows(part["sql"]) and shop.value(f"SELECT count(*) FROM {part['table']}") > 0


def test_where_it_comes_from(shop, found):
    assert [(source["source"], source["stream"], source["files"]) for source in found["sources"]] == [
        ("orders", "ledger", ["data/orders.csv"]), ("people", "people", ["data/people.csv"])]
    assert found["sources"][0]["first_day"] == min(when for _, when, _ in LINES).isoformat()
    for table in found["tables"]:
        assert table["rows"] == shop.value(f"SELECT count(*) FROM {table['table']}") and table["comment"]
    assert {table["table"] for table in found["tables"]} >= {"customers", "forecast", "ledger", "money", "forecast.months", "track_record.weeks"}
    assert found["settings"] == {"discount_rate": Decimal("0.1"), "margin": None, "season": "auto", "prior": "weak"}
    assert [warning["code"] for warning in found["warnings"]] == shop.column("SELECT code FROM warnings ORDER BY code")
    assert found["missing"]["costs"]["add"].startswith("margin:")


def test_the_example(online_retail):
    """The demo: 500 of 5,878 customers in the list, all of them in the totals, within the size."""
    found = data(online_retail)
    assert len(found["customers"]) == 500 and found["totals"]["customers"] == 5878
    assert found["totals"]["value"] == found["headline"]["value"] == online_retail.value("SELECT sum(value) FROM customers")
    assert found["totals"]["value_in_list"] == sum(customer["value"] for customer in found["customers"])
    money = found["money"]
    assert (money["amount_in"], money["attributed"], money["unattributed"], money["quarantined"]) == (
        "18909744.10", "16343651.02", "2724769.22", "-158676.14")
    assert sum(Decimal(kind["amount"]) for kind in money["kinds"]) == Decimal("16343651.02") + Decimal("2724769.22")
    patron("report", online_retail.folder, "--with-names")
    assert (online_retail.folder / "report.html").stat().st_size <= MOST_BYTES
    patron("report", online_retail.folder)
    text = (online_retail.folder / "report.html").read_text(encoding="utf-8")
    (online_retail.folder / "report.html").unlink()
    for key in [row["key"] for row in online_retail.rows(
            "SELECT key FROM customers JOIN person_keys USING (person_id) ORDER BY value DESC LIMIT 500")]:
        assert not re.search(rf'"{key}"', text), key


# ---- other measures, other currencies ----

def test_margin_and_costs_change_the_measure(tmp_path):
    shop = Shop(tmp_path / "margin", "margin: 0.4\nhorizons: [182d]\n").ledger(*ledger(LINES))
    shop.build()
    found = data(shop)
    assert found["headline"]["kind"] == "sales after returns, at the margin assumed" and "costs" not in found["missing"]
    revenue = shop.value("SELECT sum(project_amount) FROM ledger WHERE occurred_at >= (SELECT max(as_of) - 181 FROM runs)")
    assert found["headline"]["before"] == pytest.approx(revenue * Decimal("0.4"), abs=Decimal("0.01"))
    lines = [f"{line},sale" if float(line.rsplit(",", 1)[1]) > 0 else f"{line},refund" for line in ledger(LINES)]
    lines += [f"{who},{when},{-amount * 0.5:.2f},goods" for who, when, amount in LINES if amount > 0]
    shop = Shop(tmp_path / "costs", "horizons: [182d]\n").ledger(*lines, header="customer,occurred_at,amount,kind")
    shop.build()
    found = data(shop)
    assert found["headline"]["kind"] == "what is left after costs"
    after = shop.value("SELECT sum(project_amount) FROM ledger WHERE occurred_at >= (SELECT max(as_of) - 181 FROM runs)")
    assert found["headline"]["before"] == pytest.approx(after, abs=Decimal("0.01"))
    assert sum(month["value"] for month in found["coming"]["forecast"]) == found["headline"]["value"]


def test_several_currencies_have_their_own_equations(tmp_path):
    shop = Shop(tmp_path / "shop", "currency: JPY\n").source("-- stream: rates\nSELECT DATE '2020-01-01' AS valid_from, 'EUR' AS currency, 160 AS rate",
                                                            name="rates")
    shop.ledger("a,2024-01-09,1000,JPY", "a,2024-02-09,12.50,EUR", "b,2024-02-10,7,EUR", "b,2024-03-10,x,JPY", header="customer,occurred_at,amount,currency")
    shop.build()
    money = data(shop)["money"]
    assert money["currency"] == "JPY" and money["amount_in"] == "1000"
    assert [(other["currency"], other["amount_in"]) for other in money["other_currencies"]] == [("EUR", "19.50")]
    assert Decimal(money["kinds"][0]["amount"]) == 1000 + 2000 + 1120


def test_reasons_follow_the_locale(tmp_path):
    shop = Shop(tmp_path / "shop", "currency: EUR\nlocale: de_DE\n").ledger(*[f"a,{on(30 * k)},12345.50" for k in range(8)], "b,2023-01-01,3")
    shop.build()
    often, once = sorted(data(shop)["customers"], key=lambda customer: customer["person_id"])
    assert often["reasons"] == ["bought 8 times, about every 30 days", "last bought 155 days ago, on 30.7.2022", "12,3\u202fTsd. € a purchase, after returns"]
    assert once["reasons"] == ["bought once, on the last day, 1.1.2023", "3 €, after returns"]


def test_what_came_before_says_how_long_it_took(tmp_path, found):
    """A shop younger than the look ahead has nothing as long to compare with."""
    assert found["headline"]["before_days"] == found["headline"]["horizon_days"]
    shop = Shop(tmp_path / "shop").ledger(*(f"c{i},{on(d)},20" for i in range(40) for d in (i, 60 + i)))
    said = " ".join(patron("build", shop.folder).stdout.split())
    headline = data(shop)["headline"]
    assert headline["before_days"] == 100 and headline["before"] == 40 * 2 * 20 and headline["horizon_days"] >= 365
    assert "; so far, in 100 days, £1,600" in said and "last year" not in said


# ---- little to go by ----

@pytest.mark.parametrize("name", edges())
def test_with_little_to_go_by_what_is_missing_says_why(tmp_path, name):
    shop = Shop(tmp_path / "shop").ledger(*edges()[name])
    shop.build()
    found, run = data(shop), patron("report", shop.folder)
    assert run.returncode == 0 and page_of(shop.folder / "report.html")
    for part in (*CHARTS, "headline"):
        assert (found[part] is None) == (part in found["missing"]), part
        if found[part] is None:
            said = found["missing"][part]["says"]
            assert said[0].isupper() and said.endswith(".") and "nan" not in said.lower().replace("finance", "")
    assert found["customers"] or "customers" in found["missing"]
    assert found["money"]["conserved"]


def test_people_alone_and_no_lines(tmp_path):
    shop = Shop(tmp_path / "people").source("-- stream: people\nSELECT 'a' AS customer, 'Ada' AS name", name="people")
    shop.build()
    found = data(shop)
    assert found["headline"] is None and "Nobody has bought" in found["missing"]["headline"]["says"] and found["customers"] == []
    shop = Shop(tmp_path / "empty").ledger()
    shop.build()
    found = data(shop)
    assert found["headline"] is None and found["missing"]["customers"]["says"] == "Nobody has bought yet."
    assert patron("report", shop.folder).returncode == 0


# ---- what cannot be ----

def test_nothing_built_no_project_and_wrong_use(tmp_path, shop):
    bare = Shop(tmp_path / "shop").ledger("a,2024-01-09,10")
    run = patron("report", bare.folder)
    assert run.returncode == 1 and run.stdout == "" and "error E501" in run.stderr and not (bare.folder / "report.html").exists()
    run = patron("report", tmp_path)
    assert run.returncode == 1 and "error E504" in run.stderr
    for words, says in ((("--with-name",), 'did you mean "--with-names"?'), ((shop.folder, "twice"), "one word too many"),
                        (("--out",), "--out needs a FILE"), ((shop.folder, "--out="), "--out needs the name"),
                        ((shop.folder, "--json", "--out", "x.html"), "one of the two")):
        run = patron("report", *words)
        assert run.returncode == 2 and says in run.stderr and run.stdout == ""
    assert 'did you mean "report"?' in patron("reprot").stderr


def test_where_it_cannot_be_written(tmp_path, shop):
    (tmp_path / "file").write_text("here")
    for out, why in ((tmp_path, "Is a directory"), (tmp_path / "none" / "x.html", "No such file"), (tmp_path / "file" / "x.html", "Not a directory"),
                     ("/dev/full", "No space left")):
        run = patron("report", shop.folder, "--out", out)
        assert run.returncode == 1 and run.stdout == "" and "error E401: cannot write the report" in run.stderr
        assert why in run.stderr and "fix" in run.stderr and str(out) in run.stderr
    assert (tmp_path / "file").read_text() == "here" and [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path, shop):
    tmp_path.chmod(0o500)
    run = patron("report", shop.folder, "--out", tmp_path / "x.html")
    assert run.returncode == 1 and "Permission denied" in run.stderr and "--out FILE" in run.stderr


def test_a_full_disk_leaves_the_last_report(tmp_path, shop):
    out = tmp_path / "report.html"
    out.write_text("the last one")
    run = subprocess.run(["sh", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "sh", PATRON, "report", shop.folder, "--out", out], capture_output=True,
                         encoding="utf-8", timeout=60, check=False)
    assert run.returncode == 1 and "error E401: cannot write the report" in run.stderr
    assert out.read_text() == "the last one" and [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_store_of_an_older_patron(tmp_path, shop):
    old = tmp_path / "shop"
    shutil.copytree(shop.folder, old, symlinks=True)
    store = (old / ".patron" / "store.duckdb").resolve()
    store.chmod(0o600)
    subprocess.run([ROOT / "third_party/.venv-duckdb-1.5.5/bin/python", "-c",
                    f"import duckdb; duckdb.connect({str(store)!r}).execute('DROP TABLE forecast.months')"], check=True, timeout=60)
    run = patron("report", old, "--out", tmp_path / "x.html")
    assert run.returncode == 1 and "error E507: the published tables were made by an older patron" in run.stderr
    assert "patron build" in run.stderr and not (tmp_path / "x.html").exists()
