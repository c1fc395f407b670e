"""patron build, where it runs and what it leaves: places, locks, disks, its JSON."""
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time

import pytest

from shop import ORDERS, PATRON, ROOT, Shop, patron

SLOW = ("SELECT 'c' || i % 1000 AS customer, TIMESTAMP '2024-01-01' + INTERVAL (i % 300) DAY AS occurred_at, i % 100 AS amount"
        " FROM range(500000) AS r(i)")


# ---- places ----

@pytest.mark.parametrize("name", ["my shop", "o'brien, sons & co", "Läden [1]*; 50%s {a}\\\"d"])
def test_a_folder_may_have_any_name(tmp_path, name):
    shop = Shop(tmp_path / name).ledger("a,2024-01-09,10", "b,late,5")
    shop.build()
    assert shop.column("SELECT file FROM quarantine") == ["data/orders.csv"]


@pytest.mark.parametrize("name", ["o'brien, sons & co", "$HOME `id` \"d\" \\ !x", "é日", "a" * 220 + " b"])
def test_commands_to_copy_work_whatever_the_folder_is_called(tmp_path, name):
    """Typed into a shell as they stand: those of build, its warnings, show, reconcile, doctor and errors."""
    shop = Shop(tmp_path / name).ledger(*(f"c {i},2024-0{1 + m}-{1 + i % 28:02},{5 + i}" for i in range(40) for m in range(0, 9, 1 + i % 4)), "'b $x,late,5")
    unbuilt = patron("sql", shop.folder, "FROM runs")
    said = "".join([unbuilt.stderr, patron("build", shop.folder).stdout, patron("build", shop.folder, "--warnings").stdout,
                    patron("show", shop.folder, "c 1").stdout, patron("show", shop.folder, "c 1", "--why", "value").stdout,
                    patron("show", shop.folder, "zzzz").stderr, patron("reconcile", shop.folder).stdout])
    word = r"""(?:'(?:[^']|'\\'')*'|"[^"]*"|[^\s'",;)]+)"""
    commands = [found.group() for found in re.finditer(rf"patron (?:build|show|check|report|sql|reconcile) (?='?/){word}(?: {word})*", said)]
    assert len(commands) >= 8
    for command in commands:
        told = re.sub(r" (?:lists the keys|\d+ rows).*| --total AMOUNT|[.,;]+$", "", command)
        run = subprocess.run(["sh", "-c", told.replace("patron ", f"{shlex.quote(str(PATRON))} ", 1)], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, f"{told}\n{run.stderr}"
    (shop.folder / ".patron").chmod(0o755)
    fix = next(f["fix"] for f in json.loads(patron("doctor", shop.folder, "--json").stdout)["findings"] if f["check"] == "permissions")
    assert subprocess.run(["sh", "-c", fix]).returncode == 0 and (shop.folder / ".patron").stat().st_mode & 0o777 == 0o700


def test_but_a_question_mark(tmp_path):
    said = Shop(tmp_path / "what?").ledger("a,2024-01-09,10").refuses()
    assert "E503" in said and "rename the folder" in said


def test_files_are_named_as_the_sources_name_them(shop):
    names = {"data/it''s, a b.csv": "data/it's, a b.csv", "./data/x.csv": "./data/x.csv", "../beside/x.csv": "../beside/x.csv",
             "data/**/y*.csv": "data/deep/y1.csv"}
    for number, (written, shown) in enumerate(names.items()):
        shop.source(f"FROM '{written}'", name=f"source_{number}")
        shop.write(shown, "customer,occurred_at,amount\na,2024-01-09,10\nb,late,5\n")
    shop.build()
    assert shop.column("SELECT file FROM quarantine ORDER BY source") == list(names.values())


def test_the_project_may_be_given_as_a_relative_path(shop):
    shop.ledger("a,2024-01-09,10")
    assert patron("build", "shop", cwd=shop.folder.parent).returncode == 0
    assert patron("build", "./shop/../shop/", cwd=shop.folder.parent).returncode == 0


def test_inside_a_project_it_need_not_be_given(shop):
    shop.ledger("a,2024-01-09,10")
    assert patron("build", cwd=shop.folder / "data").returncode == 0
    assert patron("sql", "SELECT 1", cwd=shop.folder / "sources").returncode == 0


def test_a_file_of_the_same_name_where_the_user_stands_is_not_read(shop, tmp_path):
    Shop(tmp_path).ledger("wrong,2024-01-09,99")
    shop.ledger("right,2024-01-09,10")
    assert patron("build", shop.folder, cwd=tmp_path).returncode == 0
    assert shop.column("SELECT key FROM ledger") == ["right"]


def test_no_project_here(tmp_path):
    for run in patron("build", tmp_path), patron("build", cwd=tmp_path), patron("sql", tmp_path, "SELECT 1"), patron("reconcile", tmp_path):
        assert run.returncode == 1 and run.stdout == ""
        assert "error E504: no project here" in run.stderr and str(tmp_path) in run.stderr and "patron.yaml" in run.stderr


def test_no_such_folder(tmp_path):
    run = patron("build", tmp_path / "nowhere")
    assert run.returncode == 1 and "error E503: no such folder" in run.stderr and "nowhere" in run.stderr


def test_no_sources(shop):
    assert "error E201" in shop.refuses()
    (shop.folder / "sources").mkdir()
    assert "sources/orders.sql" in shop.refuses()


def test_nothing_built_yet(shop):
    shop.ledger("a,2024-01-09,10")
    for run in patron("sql", shop.folder, "SELECT 1"), patron("reconcile", shop.folder):
        assert run.returncode == 1 and "error E501: nothing was built yet" in run.stderr and "patron build" in run.stderr


# ---- what is published ----

def test_the_last_two_stores_are_kept(shop):
    shop.ledger("a,2024-01-09,10")
    runs = [shop.build()]
    with open(shop.folder / ".patron" / "store.duckdb", "rb") as oldest: # whoever reads a store keeps it
        first = oldest.read(4096)
        runs += [shop.build("--full") for _ in range(3)]
        oldest.seek(0)
        assert oldest.read(4096) == first
    assert [run["previous_run_id"] for run in runs] == ["", *(run["run_id"] for run in runs[:-1])]
    assert shop.published() == sorted(["lock", "store.duckdb", *(f"store-{run['run_id']}.duckdb" for run in runs[-2:])])
    assert shop.column("SELECT run_id FROM runs ORDER BY started_at") == [run["run_id"] for run in runs]


def test_the_name_of_a_run_is_never_a_number(shop):
    """7e12 and 9782 would be, to a spreadsheet and to SQL."""
    shop.ledger("a,2024-01-09,10")
    for _ in range(8):
        shop.build("--full")
    assert all(re.fullmatch("[a-f][0-9a-f]{3,}", run) for run in shop.column("SELECT run_id FROM runs"))


def test_two_runs_never_share_a_name(built):
    """Four digits are few: here every name of four was that of an earlier run, whose store is no longer kept."""
    store = (built.folder / ".patron" / "store.duckdb").resolve()
    store.chmod(0o644)
    every_name = ("INSERT INTO runs SELECT runs.* REPLACE (printf('%s%03x', letter, digits) AS run_id) FROM runs,"
                  " unnest(['a', 'b', 'c', 'd', 'e', 'f']) AS l(letter), range(4096) AS d(digits)")
    subprocess.run([ROOT / "third_party/.venv-duckdb-1.5.5/bin/python", "-c", f"import duckdb; duckdb.connect({str(store)!r}).execute({every_name!r})"],
                   check=True, timeout=60)
    store.chmod(0o444)
    names = built.value("SELECT count(*) FROM runs")
    run = built.build("--full")["run_id"]
    assert re.fullmatch("[a-f][0-9a-f]{3}1", run)
    assert built.value("SELECT count(*) FROM runs") == names + 1
    assert built.value(f"SELECT count(*) FROM runs WHERE run_id = '{run}'") == 1
    assert built.published() == sorted(["lock", "store.duckdb", store.name, f"store-{run}.duckdb"])


def test_a_published_store_is_read_only(built):
    assert (built.folder / ".patron" / "store.duckdb").stat().st_mode & 0o222 == 0


def test_building_again_from_nothing_gives_the_same_tables(shop):
    shop.ledger("b,2024-01-09,10", ",2024-01-10,3", "a,late,5", "a,2024-01-09,-2")
    tables = []
    for _ in range(2):
        shop.build()
        tables.append([shop.rows(f"SELECT * EXCLUDE (run_id) FROM {table}") for table in ("person_keys", "quarantine", "money")]
                      + [shop.rows("SELECT * EXCLUDE (run_id, known_at) FROM ledger")])
        shutil.rmtree(shop.folder / ".patron")
    assert tables[0] == tables[1]


def test_when_nothing_changed_nothing_is_built(shop):
    run = shop.ledger("a,2024-01-09,10").build()["run_id"]
    before = shop.published()
    report = shop.build()
    assert (report["status"], report["run_id"]) == ("unchanged", run)
    assert shop.published() == before
    assert f"Nothing changed since run {run}" in patron("build", shop.folder).stdout


# ---- two at once, killed, full, read-only ----

def start(shop):
    """A build that is under way."""
    process = subprocess.Popen([PATRON, "build", shop.folder], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None:
        if "building.duckdb" in shop.published():
            return process
        time.sleep(0.01)
    raise AssertionError(process.communicate()[1])


def test_a_second_build_says_who_holds_the_lock_and_leaves_it_alone(shop):
    shop.source(SLOW)
    first = start(shop)
    first.send_signal(signal.SIGSTOP) # it shall not end before the second begins
    said = shop.refuses()
    first.send_signal(signal.SIGCONT)
    assert "error E502" in said and f"held by process {first.pid}" in said and "wait" in said
    assert first.wait(60) == 0, first.stderr.read()
    assert shop.value("SELECT count(*) FROM ledger") == 500_000


def test_a_killed_build_leaves_the_last_good_one_and_the_next_goes_on(built):
    before = built.published()
    built.source(SLOW)
    process = start(built)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert built.column("SELECT key FROM ledger") == ["a"]
    built.source(ORDERS).build()
    assert set(before) < set(built.published()) and "building.duckdb" not in built.published()


def mounted(folder, *options):
    """Mounts over a folder; skips the test where that is not allowed."""
    run = subprocess.run(["mount", *options, folder], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        pytest.skip(f"needs to mount: {run.stderr.strip()}")


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted(folder, "-t", "tmpfs", "-o", "size=16m", "none")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("option", [(), ("--full",), ("--from", "value"), ("--dry-run",)])
@pytest.mark.parametrize("damage", ["its head", "its body"])
def test_a_last_build_that_cannot_be_read_is_not_forgotten_without_a_word(built, option, damage):
    """Only it knows who has which id and what was said before: nothing is built beside it."""
    store = (built.folder / ".patron" / "store.duckdb").resolve()
    content = store.read_bytes()
    store.chmod(0o644)
    broken = content[:5000] if damage == "its head" else content[:12288] + b"\xff" * (len(content) - 12288)
    store.write_bytes(broken)
    said = built.refuses(*option)
    assert "E401" in said and "the last build cannot be read" in said and str(store) in said and "out of .patron" in said
    assert store.read_bytes() == broken and (built.folder / ".patron" / "store.duckdb").resolve() == store
    store.write_bytes(content) # from a backup
    built.build()


def test_a_last_build_that_was_moved_away_is_done_without(built):
    store = (built.folder / ".patron" / "store.duckdb").resolve()
    store.rename(built.folder / "broken.duckdb")
    built.build()
    assert built.value("SELECT count(*) FROM runs") == 1


def test_a_full_disk_is_said_and_the_last_good_build_stays(small_disk):
    shop = Shop(small_disk / "shop").ledger("a,2024-01-09,10")
    shop.build()
    before = shop.published()
    shop.source("SELECT md5(i::VARCHAR) AS customer, DATE '2024-01-09' AS occurred_at, 1 AS amount, md5((-i)::VARCHAR) AS note"
                " FROM range(200000) AS r(i)")
    said = shop.refuses()
    assert "error E401: the disk is full" in said and "free some space" in said and "last good build stays" in said
    assert shop.published() == before
    assert shop.column("SELECT key FROM ledger") == ["a"]


def shrink(folder, free):
    """Leaves so many MB on a disk of its own."""
    disk = os.statvfs(folder)
    used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
    mounted(folder, "-o", f"remount,size={used + int(free * 1e6)}")


@pytest.mark.parametrize("option, taken", [(("--full",), "the new store"), (("--from", "value"), "the copy of the last store")])
def test_a_disk_with_surely_too_little_room_is_said_before_anything_is_done(small_disk, option, taken):
    shop = Shop(small_disk / "shop").ledger("a,2024-01-09,10")
    shop.build()
    before = shop.published()
    shrink(small_disk, 2)
    said = shop.refuses(*option)
    assert "error E403: the disk has too little room for this build" in said and f"2 MB free, and {taken} alone takes " in said
    assert re.search(r"fix  free \d+ MB or more there", said) and str(shop.folder / ".patron") in said.replace("\n", "")
    assert shop.published() == before and shop.column("SELECT key FROM ledger") == ["a"]
    said = patron("build", shop.folder, "--dry-run", *option).stdout
    assert "! It needs about 7 MB of disk; 2 MB free\n" in said
    mounted(small_disk, "-o", "remount,size=64m")
    assert shop.build(*option)["status"] == "ok"


def test_a_disk_that_may_be_too_small_is_warned_of_and_tried(small_disk):
    shop = Shop(small_disk / "shop").ledger("a,2024-01-09,10")
    shrink(small_disk, 6.4) # a store of a row takes a little less, an estimate a little more
    found = json.loads(patron("build", shop.folder, "--dry-run", "--json").stdout)["disk"]
    assert found["tight"] is True and 5e6 < found["free"] < found["need"] < 8e6
    run = patron("build", shop.folder)
    assert re.search(r"Z start    shop .*need_mb=7 free_mb=6\n", run.stderr)
    assert re.search(r"Z warning  the build needs about 7 MB of disk; 6 MB free: it may not be enough\n", run.stderr)
    assert run.returncode == 0 or "error E401: the disk is full" in run.stderr


def test_what_a_build_needs_of_the_disk_is_about_what_it_takes(online_retail, tmp_path):
    """Before the first build it is known from the files alone; then from the last store."""
    shutil.copytree(online_retail.folder, tmp_path / "example", ignore=shutil.ignore_patterns(".patron"))
    first = json.loads(patron("build", tmp_path / "example", "--dry-run", "--json").stdout)["disk"]
    again = json.loads(patron("build", online_retail.folder, "--dry-run", "--full", "--json").stdout)["disk"]
    taken = (online_retail.folder / ".patron" / "store.duckdb").stat().st_size
    for disk in first, again:
        assert taken <= disk["need"] < 1.5 * taken
    assert online_retail.report["disk"]["need"] == first["need"] and first["free"] > 0
    assert json.loads(patron("build", online_retail.folder, "--dry-run", "--json").stdout)["disk"] is None # nothing to do


def test_a_source_whose_size_cannot_be_seen_is_said(shop):
    shop.source("SELECT i::VARCHAR AS customer, DATE '2024-01-09' AS occurred_at, 1 AS amount, random() AS dice FROM range(10) AS r(i)")
    assert "of disk, and what a database holds; " in patron("build", shop.folder, "--dry-run").stdout
    shop.build()
    assert "what a database holds" not in patron("build", shop.folder, "--dry-run").stdout # the last store says it


@pytest.fixture
def read_only(shop):
    """A project in which nothing can be written, not even by root."""
    shop.ledger("a,2024-01-09,10")
    if os.geteuid() != 0:
        shop.folder.chmod(0o555)
        yield shop
        shop.folder.chmod(0o755)
        return
    mounted(shop.folder, "--bind", shop.folder)
    mounted(shop.folder, "-o", "remount,ro,bind")
    yield shop
    subprocess.run(["umount", shop.folder], check=True)


def test_a_read_only_project(read_only):
    said = read_only.refuses()
    assert "error E401" in said and ".patron" in said and "let this user write there" in said


def test_a_file_in_the_place_of_the_state_folder(shop):
    said = shop.ledger("a,2024-01-09,10").write(".patron", "mine").refuses()
    assert "error E401" in said and ".patron" in said and "move it away" in said
    assert (shop.folder / ".patron").read_text() == "mine"


# ---- the command line ----

@pytest.mark.parametrize("words, said", [
    (["--asof", "2024-01-01"], 'did you mean "--as-of"?'), (["--as-of"], "--as-of needs a DATE"), (["one", "two"], '"two" is one word too many'),
    (["--as-of", "yesterday"], '"yesterday": expected a day as YYYY-MM-DD'), (["--as-of=2024-02-30"], "February 2024 has days 1 to 29"),
    (["--json=yes"], "--json takes no value"),
])
def test_wrong_use_is_said_with_exit_2(words, said):
    run = patron("build", *words)
    assert run.returncode == 2 and run.stdout == "" and said in run.stderr


def test_an_unknown_verb_gets_a_suggestion():
    run = patron("biuld")
    assert run.returncode == 2 and 'did you mean "build"?' in run.stderr


def test_results_go_to_stdout_and_progress_to_stderr(shop):
    run = patron("build", shop.ledger("a,2024-01-09,1234.5", ",2024-01-10,-2").folder)
    assert run.stdout.startswith("Money in     1,232.50 GBP\n = attributed 1,234.50 + no customer −2.00 + quarantined 0.00")
    assert "warnings" in run.stdout and "no customer" in run.stdout
    assert [line.split()[1] for line in run.stderr.splitlines()][:3] == ["start", "record", "identify"]
    assert patron("build", shop.folder, "--quiet").stderr == ""


def test_json_is_one_object_also_when_the_build_fails(shop):
    shop.source("FROM 'data/nothing.csv'")
    run = patron("build", shop.folder, "--json")
    report = json.loads(run.stdout)
    assert run.returncode == 1 and report["status"] == "failed" and report["money"] is None
    assert [(error["code"], error["where"]) for error in report["errors"]] == [("E209", "sources/orders.sql")]
    assert not [stage for stage in report["stages"] if stage["status"] == "ok"]


def test_amounts_have_the_decimals_of_their_currency(tmp_path):
    shop = Shop(tmp_path / "shop", "currency: JPY\n").ledger("a,2024-01-09,1019")
    assert patron("build", shop.folder).stdout.startswith("Money in     1,019 JPY\n")


def test_json_has_an_equation_for_each_currency_with_its_decimals(tmp_path):
    shop = Shop(tmp_path / "shop", "currency: JPY\n").source(
        "-- stream: rates\nSELECT DATE '2020-01-01' AS valid_from, unnest(['EUR', 'KWD']) AS currency, 160 AS rate", name="rates")
    lines = [f"c{i},{2023 + m // 9}-0{1 + m % 9}-{1 + i % 28:02},1019,JPY" for i in range(60) for m in range(0, 18, 1 + i % 4)]
    shop.ledger(*lines, "a,2024-02-09,12.50,EUR", "a,2024-02-09,1.125,KWD", header="customer,occurred_at,amount,currency")
    first, again = shop.build(), shop.build()
    for money in first["money"], again["money"]:
        assert (money["currency"], money["amount_in"]) == ("JPY", str(1019 * len(lines)))
        assert [(other["currency"], other["amount_in"], other["attributed"], other["conserved"]) for other in money["other_currencies"]] == [
            ("EUR", "12.50", "12.50", True), ("KWD", "1.125", "1.125", True)]
    assert all(re.fullmatch(r"\d+", first["headline"]["value"][part]) for part in ("value", "p10", "p90")) # yen have no decimals
