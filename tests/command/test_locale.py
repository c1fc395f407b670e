"""`locale` of patron.yaml: how people see numbers, dates and money. What programs read never changes."""
import json
import re

import pytest

from shop import Shop, patron
from traders import ledger, trading


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = Shop(tmp_path_factory.mktemp("locale") / "shop", "currency: EUR\n")
    shop.ledger(*ledger(trading(200, 800)), *[",2023-01-09,1.25"] * 1234)
    shop.build()
    return shop


def said(shop, locale, *words, **environment):
    yaml = "name: shop\ncurrency: EUR\n" + (f"locale: {locale}\n" if locale else "")
    before = (shop.folder / "patron.yaml").read_bytes()
    try:
        shop.write("patron.yaml", yaml)
        run = patron(words[0], shop.folder, *words[1:], **environment)
    finally:
        shop.write("patron.yaml", before)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("locale, lines", [
    (None, "1,234 lines name"), ("en_GB", "1,234 lines name"), ("en_US", "1,234 lines name"), ("de_DE", "1.234 lines name"),
    ("de_AT", "1.234 lines name"), ("fr_FR", "1\u202f234 lines name"), ("fr", "1\u202f234 lines name"), ("sv_SE", "1,234 lines name")])
def test_counts_in_words(shop, locale, lines):
    assert lines in said(shop, locale, "build", "--warnings")


def test_without_utf8_a_plain_space_stands_between_thousands(shop):
    text = said(shop, "fr_FR", "build", "--warnings", LC_ALL="C")
    assert "1 234 lines name" in text and text.isascii()


@pytest.mark.parametrize("locale, amount, share", [
    ("en_GB", r"1,542\.50", r"\d\.\d %"), ("de_DE", r"1\.542,50", r"\d,\d %"), ("fr_FR", "1\u202f542,50", r"\d,\d %")])
def test_books_and_shares(shop, locale, amount, share):
    assert re.search(amount, said(shop, locale, "reconcile", "--by", "year"))
    assert re.search(share, said(shop, locale, "check"))


def test_columns_stay_in_line(shop):
    for locale in "en_GB", "de_DE", "fr_FR":
        lines = said(shop, locale, "reconcile", "--by", "month").splitlines()
        table = lines[:next(i for i, line in enumerate(lines) if line.startswith("total")) + 1]
        assert len(table) > 2 and len({len(line) for line in table}) == 1


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "fr_FR"])
def test_what_programs_read_does_not_change(shop, locale):
    for words in (["check", "--json"], ["reconcile", "--by", "year", "--json"], ["sql", "FROM warnings", "--csv"], ["sql", "FROM customers", "--json"],
                  ["show", "c007", "--json"], ["build", "--warnings", "--json"]):
        assert said(shop, locale, *words) == said(shop, "en_GB", *words)


def test_a_build_says_it_as_the_locale_does_and_names_one_that_is_not_known(tmp_path):
    shop = Shop(tmp_path / "shop", "currency: EUR\nlocale: de_DE\n").ledger(*ledger(trading(200, 800)))
    run = patron("build", shop.folder)
    assert re.search(r"Next year +\S+ (Tsd\. |Mio\. )?€ sales", run.stdout.replace("\u202f", " "))
    assert "locale" not in run.stderr
    shop.write("patron.yaml", "name: shop\ncurrency: EUR\nlocale: sv_SE\n")
    assert "locale sv_SE is not known: numbers are as in en_GB" in patron("build", shop.folder).stderr


def test_a_locale_is_known_while_the_rest_of_patron_yaml_is_not(shop):
    before = (shop.folder / "patron.yaml").read_bytes()
    try:
        shop.write("patron.yaml", "locale: de_DE\nattach: [{name: crm, type: postgres, dsn: 'password=${NOT_SET_ANYWHERE}'}]\n")
        run = patron("build", shop.folder, "--warnings")
    finally:
        shop.write("patron.yaml", before)
    assert run.returncode == 0 and "1.234 lines name" in run.stdout
    assert json.loads(patron("check", shop.folder, "--json").stdout)["currency"] == "EUR"
