"""patron reconcile: finance's figure beside the ledger's, and where they part."""
import json
from decimal import Decimal

import pytest

from shop import Shop, patron

ROWS = ["a,2024-01-09,100,shop", "a,2024-01-31 23:59:59,50.25,web", ",2024-02-01,30,web", "b,late,7,web", "b,2024-02-02,-10,shop", "b,2024-03-01,21,"]
TOTAL = "198.25"


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Three months of money, 7.00 of it in quarantine."""
    shop = Shop(tmp_path_factory.mktemp("books") / "shop").ledger(*ROWS, header="customer,occurred_at,amount,channel")
    shop.build()
    return shop


def reconcile(shop, *words, code=0):
    run = patron("reconcile", shop.folder, *words)
    assert run.returncode == code, run.stdout + run.stderr
    return run


def lines(shop, *words, code=0):
    """The only currency's block, and whether all ties."""
    answer = json.loads(reconcile(shop, "--json", *words, code=code).stdout)
    assert len(answer["currencies"]) == 1
    return {"ties": answer["ties"], **answer["currencies"][0]}


def test_the_example_ties_to_the_penny(online_retail):
    assert "the total ties" in reconcile(online_retail, "--total", "18909744.10", "--by", "month").stdout


def test_the_example_tells_when_only_the_quarantine_is_missing(online_retail):
    run = reconcile(online_retail, "--total", "19068420.24", code=1)
    assert "the difference is exactly the quarantine" in run.stdout


def test_the_months_of_the_example_sum_to_its_total(online_retail):
    result = lines(online_retail, "--by", "month")
    assert [line["group"] for line in result["lines"]] == [f"{2009 + month // 12}-{month % 12 + 1:02}" for month in range(11, 36)]
    for part in "amount_in", "attributed", "unattributed", "quarantined", "set_aside":
        assert sum(Decimal(line[part]) for line in result["lines"]) == Decimal(result["total"][part])


def test_without_a_figure_it_shows_what_became_of_the_money(books):
    total = lines(books)["total"]
    assert total == {"group": "total", "amount_in": TOTAL, "attributed": "161.25", "unattributed": "30.00", "quarantined": "7.00",
                     "set_aside": "0.00"}


def test_without_a_figure_it_says_what_is_next(books):
    said = reconcile(books).stdout
    assert f"patron reconcile {books.folder} --total AMOUNT" in said
    assert "patron reconcile" not in reconcile(books, "--total", TOTAL).stdout


def test_columns_are_as_wide_as_what_stands_in_them(books, online_retail):
    for words in [], ["--by", "month"], ["--by", "kind", "--total", "1"]:
        for shop in books, online_retail:
            said = reconcile(shop, *words, code=1 if "1" in words else 0).stdout
            table = [line for line in said.splitlines() if not line.startswith((" ", "patron"))]
            assert max(map(len, table)) <= 80


def test_a_total_that_ties(books):
    assert "✓ the total ties" in reconcile(books, "--total", TOTAL).stdout
    assert lines(books, "--total", TOTAL)["ties"] is True


@pytest.mark.parametrize("total, reason", [("191.25", "the quarantine"), ("168.25", "money from no customer"), ("208.25", "all refund rows"),
                                           ("177.25", "the amounts of 2024-03")])
def test_a_total_that_differs_by_exactly_one_part_gets_a_hint(books, total, reason):
    run = reconcile(books, "--total", total, code=1)
    assert f"the sources have {TOTAL} GBP; finance has {total}" in run.stdout
    assert f"the difference is exactly {reason}" in run.stdout


def test_a_total_that_differs_by_something_else_gets_none(books):
    assert "exactly" not in reconcile(books, "--total", "1.23", code=1).stdout


@pytest.mark.parametrize("by, groups", [
    ("month", {"2024-01": "150.25", "2024-02": "20.00", "2024-03": "21.00", "unreadable": "7.00"}),
    ("year", {"2024": "191.25", "unreadable": "7.00"}),
    ("day", {"2024-01-09": "100.00", "2024-01-31": "50.25", "2024-02-01": "30.00", "2024-02-02": "-10.00", "2024-03-01": "21.00",
             "unreadable": "7.00"}),
    ("kind", {"refund": "-10.00", "sale": "208.25"}), ("source", {"orders": TOTAL}), ("channel", {"none": "21.00", "shop": "90.00", "web": "87.25"})])
def test_groups_sum_to_the_total(books, by, groups):
    result = lines(books, "--by", by)
    assert {line["group"]: line["amount_in"] for line in result["lines"]} == groups
    assert sum(map(Decimal, groups.values())) == Decimal(result["total"]["amount_in"])


def test_against_a_file_shows_where_they_part(books, tmp_path):
    figures = tmp_path / "finance's figures.csv"
    figures.write_text("month,amount\n2024-01,150.25\n2024-02,25\n2024-04,1\n")
    result = lines(books, "--by", "month", "--against", figures, code=1)
    assert {line["group"]: (line.get("theirs"), line["difference"]) for line in result["lines"]} == {
        "2024-01": ("150.25", "0.00"), "2024-02": ("25.00", "-5.00"), "2024-03": (None, "21.00"),
        "2024-04": ("1.00", "-1.00"), "unreadable": (None, "7.00")}
    assert result["total"]["difference"] == "22.00"


def test_against_a_file_that_ties(books, tmp_path):
    (tmp_path / "finance.csv").write_text("month,amount\n2024-01,150.25\n2024-02,20\n2024-03,21.00\nunreadable,7\n")
    run = patron("reconcile", books.folder, "--by", "month", "--against", "finance.csv", cwd=tmp_path)
    assert run.returncode == 0 and "the total ties" in run.stdout


def test_against_a_file_that_is_not_figures(books, tmp_path):
    (tmp_path / "finance.csv").write_text("month,amount\n2024-01,much\n")
    run = reconcile(books, "--by", "month", "--against", tmp_path / "finance.csv", code=1)
    assert "cannot read the figures" in run.stderr and "finance.csv" in run.stderr and "group and amount" in run.stderr


@pytest.fixture(scope="module")
def traveller(tmp_path_factory):
    """A shop in yen that also sells in euros."""
    shop = Shop(tmp_path_factory.mktemp("traveller") / "shop", "currency: JPY\nquarantine_limit: 100%\n")
    shop.ledger("a,2024-01-09,100,JPY", "a,2024-01-31,50.25,EUR", ",2024-02-01,300,JPY", "b,late,7.5,EUR", header="customer,occurred_at,amount,currency")
    shop.source("-- stream: rates\nSELECT DATE '2024-01-01' AS valid_from, 'EUR' AS currency, 160.0 AS rate", name="fx").build()
    return shop


def test_each_currency_has_its_own_books_with_its_own_decimals(traveller):
    answer = json.loads(reconcile(traveller, "--json").stdout)
    assert [(own["currency"], own["total"]["amount_in"], own["total"]["quarantined"]) for own in answer["currencies"]] == [
        ("JPY", "400", "0"), ("EUR", "57.75", "7.50")]
    assert lines(traveller, "--currency", "eur", "--total", "57.75")["total"]["difference"] == "0.00"


def test_finances_figure_is_in_one_currency(traveller):
    assert "one of JPY, EUR" in reconcile(traveller, "--total", "400", code=2).stderr
    assert "no money is in USD" in reconcile(traveller, "--currency", "USD", code=2).stderr


def test_lines_fit_a_terminal_of_100(traveller, online_retail):
    for run in reconcile(online_retail, "--by", "month", "--total", "18909744.10"), reconcile(online_retail, "--by", "kind"), reconcile(traveller):
        assert max(map(len, run.stdout.splitlines())) <= 100


@pytest.mark.parametrize("words, said", [
    (["--by", "week"], '--by cannot be \"week\"'),
    (["--total", "a lot"], '--total is not an amount: "a lot"'),
    (["--total", "18,909,744.10"], "digits with a decimal point"), (["--against", "nowhere.csv", "--by", "month"], "cannot read nowhere.csv"),
    (["--against", "nowhere.csv"], "--against needs --by"),
])
def test_wrong_use_is_said_with_exit_2(books, words, said):
    assert said in reconcile(books, *words, code=2).stderr
