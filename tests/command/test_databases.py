"""What else sources read: SQLite, PostgreSQL and workbooks, by DuckDB's extensions; and what is said without these."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile

import pytest

from shop import ROOT, Shop, patron

LIBRARY = ROOT / "third_party" / "duckdb" / "lib"
needs_extensions = pytest.mark.skipif(not (LIBRARY / "duckdb_extensions").exists(),
                                      reason="no extensions of DuckDB here: script/setup --databases fetches them")


def sale(i):
    """One of 60: who, when, how much."""
    return f"c{i % 9}", f"2023-{1 + i % 12:02d}-{1 + i % 28:02d}", f"{i}.50"


SUM = sum(i + 0.5 for i in range(60))


def build_what_was_drafted(folder, **environment):
    run = patron("build", folder, "--json", **environment)
    assert run.returncode == 0, run.stderr
    shop = Shop(folder, yaml=None)
    assert float(shop.value("SELECT sum(amount) FROM ledger")) == SUM and shop.value("SELECT count(*) FROM customers") == 9
    return shop


# ---- without ----

@pytest.fixture
def bare(tmp_path):
    """The environment of a machine on which nobody fetched an extension."""
    (tmp_path / "bare").mkdir()
    try:
        os.link((LIBRARY / "libduckdb.so").resolve(), tmp_path / "bare" / "libduckdb.so")
    except OSError:
        shutil.copy(LIBRARY / "libduckdb.so", tmp_path / "bare")
    return {"HOME": str(tmp_path / "bare"), "LD_LIBRARY_PATH": str(tmp_path / "bare")}


@pytest.mark.parametrize("given, extension", [
    ("postgres://user:secret@nowhere/shop", "postgres"), ("postgres:host=nowhere password=secret", "postgres"), ("sqlite:old.db", "sqlite"),
    ("mysql:host=nowhere password=secret", "mysql")])
def test_a_database_without_its_extension(tmp_path, bare, given, extension):
    (tmp_path / "old.db").write_bytes(b"SQLite format 3\0" + b"\0" * 100)
    run = patron("new", given, "--currency", "EUR", cwd=tmp_path, **bare)
    assert run.returncode == 1 and f"needs DuckDB's extension {extension}" in run.stderr and "script/setup --databases" in run.stderr
    assert "secret" not in run.stderr + run.stdout and not (tmp_path / "shop").exists()


def test_a_workbook_without_the_extension(tmp_path, bare):
    (tmp_path / "book.xlsx").write_bytes(b"PK\3\4" + b"\0" * 99)
    run = patron("new", "book.xlsx", cwd=tmp_path, **bare)
    assert run.returncode == 1 and "E520" in run.stderr and "save the sheet as CSV" in run.stderr


def test_nothing_is_fetched(built, bare):
    """DuckDB would, without a word, where the machine can reach the web."""
    for what, extension in (("read_xlsx('a.xlsx')", "excel"), ("'https://example.org/a.parquet'", "httpfs")):
        run = patron("sql", built.folder, f"SELECT * FROM {what}", **bare)
        assert run.returncode == 1 and f"extension {extension}, which is not on this machine" in run.stderr
    assert not list(pathlib.Path(bare["HOME"]).rglob("*.duckdb_extension"))


# ---- with ----

@needs_extensions
def test_sqlite(tmp_path):
    with sqlite3.connect(tmp_path / "till.db") as till:
        till.execute("CREATE TABLE orders (client TEXT, day TEXT, total NUMERIC)")
        till.executemany("INSERT INTO orders VALUES (?, ?, ?)", map(sale, range(60)))
    run = patron("new", "sqlite:till.db", "--currency", "EUR", "--out", "shop", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    build_what_was_drafted(tmp_path / "shop")


@needs_extensions
def test_a_workbook(tmp_path):
    def cell(value):
        return f"<c><v>{value}</v></c>" if value[0].isdigit() and "-" not in value else f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    rows = [("client", "day", "total"), *map(sale, range(60))]
    main, package = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/package/2006"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(tmp_path / "orders.xlsx", "w") as book:
        book.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
                      'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                      f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
                      f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>')
        book.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships">'
                      f'<Relationship Id="r1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets><sheet name="Orders" sheetId="1" r:id="r1"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">'
                      f'<Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>'
                      + "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows) + "</sheetData></worksheet>")
    run = patron("new", "orders.xlsx", "--currency", "EUR", "--out", "shop", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    build_what_was_drafted(tmp_path / "shop")


# ---- PostgreSQL, where there is one ----

@pytest.fixture
def postgres():
    """Runs SQL in a server of its own; .socket is its folder, whose name is short: a socket's is at most 107 bytes."""
    found = [*pathlib.Path("/usr/lib/postgresql").glob("*/bin"), pathlib.Path(shutil.which("initdb") or "/nowhere/initdb").parent]
    programs = next((folder for folder in found if (folder / "initdb").exists()), None)
    if not programs:
        pytest.skip("no PostgreSQL server here")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patron-pg-", dir="/tmp"))
    user = {}
    if os.getuid() == 0: # which a server refuses to run as
        user = {"user": "nobody"}
        shutil.chown(folder, "nobody")

    def call(program, *words, **options):
        return subprocess.run([programs / program, *words], check=True, cwd=folder, capture_output=True, text=True, **user, **options)

    call("initdb", "-D", folder / "data", "-A", "trust", "-U", "owner")
    call("pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", f"-k {folder} -c listen_addresses=''", "start")

    def run(sql):
        call("psql", "-q", "-h", folder, "-U", "owner", "-v", "ON_ERROR_STOP=1", "postgres", input=sql)
    run.socket = folder
    yield run
    call("pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)


@needs_extensions
def test_postgres(tmp_path, postgres):
    postgres("CREATE SCHEMA shop; CREATE TABLE shop.lines (client text, day date, total numeric(12, 2)); CREATE TABLE closed (a int, b int);"
             "CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA shop TO reader;"
             f"INSERT INTO shop.lines VALUES {', '.join(map(str, map(sale, range(60))))}; GRANT SELECT ON shop.lines TO reader")
    dsn = f"host={postgres.socket} user=reader dbname=postgres password=secret"
    run = patron("new", f"postgres:{dsn}", "--currency", "EUR", "--out", "shop", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "the database says: permission denied for table closed" in " ".join(run.stdout.split()) and "PATRON_DSN" in run.stdout
    assert "secret" not in run.stdout + run.stderr and "secret" not in (tmp_path / "shop" / "patron.yaml").read_text()
    shop = build_what_was_drafted(tmp_path / "shop", PATRON_DSN=dsn)

    postgres("INSERT INTO shop.lines VALUES ('c9', '2023-12-31', 1)")
    run = patron("build", shop.folder, PATRON_DSN=dsn)
    assert run.returncode == 0 and shop.value("SELECT count(*) FROM customers") == 10

    postgres("ALTER TABLE shop.lines RENAME COLUMN day TO booked")
    run = patron("build", shop.folder, PATRON_DSN=dsn)
    assert run.returncode == 1 and "sources/lines.sql" in run.stderr and '"day" not found' in run.stderr
    assert shop.value("SELECT count(*) FROM customers") == 10, "the last good build stays"

    run = patron("build", shop.folder, PATRON_DSN=dsn.replace("reader", "nobody_we_know"))
    assert run.returncode == 1 and "E303" in run.stderr and "secret" not in run.stderr
