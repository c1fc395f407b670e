"""Rows that say exactly what another row says: kept inside one file, set aside across files."""
import pytest

from shop import Shop

A, B = "a,2024-01-09,10", "b,2024-01-09,3"


def read(folder, yaml="", **files):
    """A project that reads data/*.csv, built."""
    shop = Shop(folder, yaml).source("FROM 'data/*.csv'")
    for name, lines in files.items():
        shop.ledger(*lines, file=f"data/{name}.csv")
    shop.report = shop.build()
    return shop


def kept(shop):
    return shop.value("SELECT count(*) FROM ledger")


def test_inside_a_file_repeats_are_kept_and_counted(tmp_path):
    shop = read(tmp_path / "shop", one=[A, A, B, A])
    assert shop.report["record"] == {"rows": 4, "quarantined": 0, "set_aside": 0, "repeats": 2}
    assert shop.report["money"]["attributed"] == "33.00"
    assert "2 lines repeat another of the same file exactly: kept" in [warning["message"] for warning in shop.report["warnings"]]


def test_duplicates_drop_sets_them_aside(tmp_path):
    shop = read(tmp_path / "shop", "duplicates: drop\n", one=[A, A, B, A])
    assert shop.report["record"] == {"rows": 4, "quarantined": 0, "set_aside": 2, "repeats": 0}
    assert (shop.report["money"]["attributed"], shop.report["money"]["set_aside"]) == ("13.00", "20.00")


def test_across_files_the_most_copies_of_any_file_remain(tmp_path):
    shop = read(tmp_path / "shop", one=[A, A], two=[A, A, A], three=[A])
    assert kept(shop) == 3
    assert (shop.report["money"]["attributed"], shop.report["money"]["set_aside"]) == ("30.00", "30.00")


def test_a_later_export_that_overlaps_adds_only_what_is_new(tmp_path):
    shop = read(tmp_path / "shop", january=[A, B], february=[A, B, "c,2024-02-09,1"])
    assert shop.column("SELECT key FROM ledger ORDER BY key") == ["a", "b", "c"]


def test_rows_that_differ_anywhere_are_no_repeats(tmp_path):
    header = "customer,occurred_at,amount,order_id,note"
    shop = Shop(tmp_path / "shop").source("FROM 'data/*.csv'")
    shop.ledger("a,2024-01-09,10,1,x", "a,2024-01-09,10,2,x", header=header, file="data/one.csv")
    shop.ledger("a,2024-01-09,10,1,y", "a,2024-01-09 00:00:01,10,1,x", header=header, file="data/two.csv")
    assert shop.build()["record"] == {"rows": 4, "quarantined": 0, "set_aside": 0, "repeats": 0}


def test_rows_in_quarantine_are_not_counted_as_repeats(tmp_path):
    shop = read(tmp_path / "shop", one=["a,late,10", "a,late,10"], two=["a,late,10"])
    assert shop.report["record"] == {"rows": 3, "quarantined": 3, "set_aside": 0, "repeats": 0}


@pytest.mark.parametrize("yaml", ["", "duplicates: drop\n"], ids=["keep", "drop"])
def test_the_names_of_files_do_not_change_the_money(tmp_path, yaml):
    files = [[A, A, B], [A, B, B, B], ["c,2024-01-09,7", A]]
    there = read(tmp_path / "there", yaml, a=files[0], b=files[1], c=files[2])
    back = read(tmp_path / "back", yaml, z=files[0], y=files[1], x=files[2])
    assert there.report["money"] == back.report["money"]
    assert there.report["record"] == back.report["record"]
