"""patron sql: one statement against the published tables, read-only."""
import fcntl
import json
import os
import signal
import struct
import subprocess
import termios

import pytest

from shop import PATRON, Shop, patron
from terminal import terminal


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    shop = Shop(tmp_path_factory.mktemp("store") / "shop").ledger("a,2024-01-09,10.5", '"b, c",2024-01-10,3')
    shop.build()
    return shop


def sql(shop, *words, code=0):
    run = patron("sql", shop.folder, *words)
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout if code == 0 else run.stderr


def test_a_table_for_people(store):
    assert sql(store, "SELECT key, amount FROM ledger ORDER BY key") == "key   amount\na      10.50\nb, c    3.00\n"


def on_a_terminal(columns, *words):
    """What stands on a terminal of so many columns."""
    main, side = terminal()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen([PATRON, *words], stdout=side, stderr=side, env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}) as process:
        os.close(side)
        said = b""
        try:
            while part := os.read(main, 65536):
                said += part
        except OSError:  # the other side is closed
            pass
    os.close(main)
    assert process.returncode == 0
    return said.decode().replace("\r\n", "\n")


def test_what_is_wider_than_the_terminal_stands_in_records(store):
    query = "SELECT key, amount, NULL AS nothing, repeat('x', 60) AS wide FROM ledger ORDER BY key"
    wide = "x" * 60
    records = f"key      a\namount   10.50\nnothing\nwide     {wide}\n\nkey      b, c\namount   3.00\nnothing\nwide     {wide}\n"
    assert on_a_terminal(60, "sql", store.folder, query) == records
    assert on_a_terminal(100, "sql", store.folder, query).startswith("key   amount  nothing  wide")
    assert sql(store, query).startswith("key   amount  nothing  wide")  # a pipe has no width


def test_many_rows_stay_a_table(store):
    said = on_a_terminal(40, "sql", store.folder, "SELECT i, repeat('x', 60) AS wide FROM range(3000) AS r(i)")
    assert said.startswith("i     wide") or said.split()[:2] == ["i", "wide"]
    assert said.endswith("1,000 more rows: --csv gives all\n")


def test_csv(store):
    assert sql(store, "SELECT key, amount, NULL AS nothing, '' AS empty FROM ledger ORDER BY key", "--csv") == (
        'key,amount,nothing,empty\na,10.50,,""\n"b, c",3.00,,""\n')


def test_json(store):
    assert json.loads(sql(store, "SELECT key, amount, occurred_at, NULL AS nothing FROM ledger ORDER BY key", "--json")) == [
        {"key": "a", "amount": 10.5, "occurred_at": "2024-01-09 00:00:00", "nothing": None},
        {"key": "b, c", "amount": 3, "occurred_at": "2024-01-10 00:00:00", "nothing": None}]
    assert json.loads(sql(store, "SELECT 1 WHERE false", "--json")) == []


@pytest.mark.parametrize("value, expected", [
    ("'nan'::DOUBLE", None), ("'inf'::FLOAT", None), ("'-inf'::DOUBLE", None), ("-7", -7), ("[-1, 'nan'::DOUBLE, 2, '-inf']", [-1, None, 2, None]),
    ("{'NaN': 'Infinity \"-Infinity\\', 'I': -0.5::DOUBLE}", {"NaN": 'Infinity "-Infinity\\', "I": -0.5}),
])
@pytest.mark.parametrize("to_file", [False, True])
def test_json_has_no_numbers_that_json_does_not_know(store, tmp_path, value, expected, to_file):
    def refused(word):
        raise ValueError(f"{word} is no JSON")
    statement = f"SELECT {value} AS x FROM range(30000)"  # more than a pipe takes at once
    if to_file:
        with open(tmp_path / "out", "w") as out:
            subprocess.run([PATRON, "sql", store.folder, statement, "--json"], stdout=out, check=True)
        rows = json.loads((tmp_path / "out").read_text(), parse_constant=refused)
    else:
        rows = json.loads(sql(store, statement, "--json"), parse_constant=refused)
    assert [row["x"] for row in rows] == [expected] * 30000


def test_a_reader_that_has_seen_enough_hears_of_no_error(store):
    for form in "--csv", "--json":
        with subprocess.Popen([PATRON, "sql", store.folder, "FROM range(3000000)", form], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              restore_signals=True) as run:
            assert run.stdout.readline()
            run.stdout.close()
            assert run.stderr.read() == b""
            assert run.wait(60) == -signal.SIGPIPE


@pytest.mark.parametrize("form", ["--csv", "--json"])
def test_output_can_be_appended_to_a_file(store, tmp_path, form):
    file = tmp_path / "out"
    file.write_text("before\n")
    with open(file, "a") as out:
        for _ in range(2):
            subprocess.run([PATRON, "sql", store.folder, "SELECT 7 AS x", form], stdout=out, check=True)
    once = sql(store, "SELECT 7 AS x", form)
    assert file.read_text() == "before\n" + once + once


def test_output_that_cannot_be_written_is_a_failure(store):
    for form in [], ["--csv"], ["--json"]:
        with open("/dev/full", "w") as full:
            run = subprocess.run([PATRON, "sql", store.folder, "FROM range(9)", *form], stdout=full, stderr=subprocess.PIPE, check=False)
        assert run.returncode == 1 and run.stderr


def test_order_survives_in_every_form(store):
    query = "SELECT i FROM range(5000) AS r(i) ORDER BY (i * 7919) % 5000"
    expected = sorted(range(5000), key=lambda i: i * 7919 % 5000)
    assert [int(line) for line in sql(store, query, "--csv").split()[1:]] == expected
    assert [row["i"] for row in json.loads(sql(store, query, "--json"))] == expected


@pytest.mark.parametrize("ending", [";", " ;; \n", "; -- and that is all", " -- why", " /* done */ "])
def test_what_follows_a_statement_does_not_matter(store, ending):
    for form in [], ["--csv"], ["--json"]:
        assert "7" in sql(store, "SELECT 7 AS x" + ending, *form)


@pytest.mark.parametrize("statement, part", [("DESCRIBE ledger", "person_id"), ("SHOW TABLES", "quarantine"), ("SUMMARIZE ledger", "amount"),
                                             ("WITH x AS (FROM ledger) SELECT count(*) AS n FROM x", "2"),
                                             ("FROM ledger", "10.50"), ("VALUES (42)", "42")])
def test_whatever_reads_can_be_asked(store, statement, part):
    for form in [], ["--csv"], ["--json"]:
        assert part in sql(store, statement, *form).replace("10.5,", "10.50,")


def test_the_statement_may_come_from_a_file(store, tmp_path):
    (tmp_path / "question.sql").write_text("-- how many?\nSELECT count(*) AS n\nFROM ledger;\n")
    assert sql(store, "-f", tmp_path / "question.sql", "--csv") == "n\n2\n"
    (tmp_path / "wrong.sql").write_text("SELECT\n  nme FROM ledger")
    assert f"{tmp_path}/wrong.sql:2:3" in sql(store, "-f", tmp_path / "wrong.sql", code=1)


@pytest.mark.parametrize("statement, parts", [
    ("SELEC 1", ["error E301", "statement:1:1", "1 | SELEC 1\n", "    ^^^^^\n", "syntax error"]),
    ("SELECT 'é', amuont FROM ledger", ["error E301", "statement:1:13", "1 | SELECT 'é', amuont FROM ledger\n",
                                           " " * 18 + "^^^^^^\n", 'nearest: "amount"']),
    ("SELECT *\nFROM ledgr", ["error E301", "statement:2:6", "2 | FROM ledgr\n", 'did you mean "ledger"?']),
    ("FROM 'nowhere.csv'", ["error E301", "nowhere.csv"]),
    ("SELECT CAST('x' AS INTEGER)", ["error E301", "'x'"]),
    ("SELECT 1; SELECT 2", ["error E302", "one statement"]),
    ("", ["error E302", "no statement"]),
    ("SELECT 1) TO 'stolen' --", ["error E301", "statement:1:9"]),
])
def test_a_fault_is_shown_where_it_stands(store, statement, parts):
    for form in [], ["--csv"], ["--json"]:
        said = sql(store, statement, *form, code=1)
        for part in parts:
            assert part in said, said


@pytest.mark.parametrize("statement", [
    "DROP TABLE ledger", "DELETE FROM ledger", "UPDATE ledger SET amount = 0", "INSERT INTO ledger (key) VALUES ('x')",
    "CREATE TABLE mine (x INTEGER)", "COPY ledger TO 'stolen.csv'", "ATTACH 'stolen.duckdb'", "DELETE FROM ledger RETURNING *"])
def test_the_store_cannot_be_changed(store, tmp_path, statement):
    before = sql(store, "FROM ledger", "--csv")
    for form in [], ["--csv"]:
        run = patron("sql", store.folder, statement, *form, cwd=tmp_path)
        assert run.returncode == 1 and "error E302: patron sql only reads" in run.stderr
    assert sql(store, "FROM ledger", "--csv") == before and list(tmp_path.iterdir()) == []


def test_the_store_answers_while_the_project_is_being_written(built):
    built.write("patron.yaml", "name: [").source("SELEC", name="half-done")
    assert sql(built, "SELECT key FROM ledger", "--csv") == "key\na\n"


def test_wrong_use_is_said_with_exit_2(store):
    for words in [], ["--csv"], [store.folder, "SELECT 1", "more"], ["--cvs", "SELECT 1"]:
        run = patron("sql", *words)
        assert run.returncode == 2 and "patron sql" in run.stderr


def test_a_wide_text_is_cut_with_a_mark_in_the_table_only(store):
    assert "…" in sql(store, "SELECT repeat('x', 100) AS wide")
    assert "x" * 100 in sql(store, "SELECT repeat('x', 100) AS wide", "--csv")
