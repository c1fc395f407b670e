"""Building slice by slice (new, late, corrected and vanished files) equals building once."""
import datetime
import json
import random
import shutil
import subprocess

import pytest

from shop import Shop, patron

# what may differ between equal builds: runs, moments, numbers given to files and persons
TABLES = {
    "ledger": "SELECT source, key, occurred_at, kind, amount, currency, quantity, product, source_row FROM ledger",
    "quarantine": "SELECT source, file, source_row, column_name, value, code, reason, amount FROM quarantine",
    "money": "SELECT * EXCLUDE (run_id) FROM money",
    "returns": "SELECT key, product, occurred_at, amount, quantity, sold_at, paired_quantity FROM returns",
    "person_keys": "SELECT source, key FROM person_keys",
    "states": "SELECT * EXCLUDE (run_id) FROM states",
    "customers": "SELECT key, c.* EXCLUDE (run_id, person_id, person) FROM customers c JOIN person_keys USING (person_id)",
    "forecast": "SELECT key, f.* EXCLUDE (run_id, person_id, person) FROM forecast f JOIN person_keys USING (person_id)",
    "months": "FROM forecast.months",
    "weeks": "FROM track_record.weeks",
    "models": "SELECT * EXCLUDE (run_id) FROM models",
    "model_scores": "SELECT * EXCLUDE (run_id) FROM model_scores",
}


def a_file(rng, rows):
    """Sales, returns, rows of nobody, rows that cannot be read, and rows that other files may have too."""
    lines = ["customer,occurred_at,amount,quantity,product"]
    for _ in range(rows):
        day = f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        kind = rng.random()
        customer = "" if kind > 0.95 else f"c{rng.randint(1, 25)}"
        quantity = rng.choice([1, 2, 3]) * (-1 if rng.random() < 0.2 else 1)
        amount = f"{quantity * rng.randint(1, 4)}.50"
        if kind < 0.03:
            amount = "a lot"
        lines.append(f"{customer},{day},{amount},{quantity},p{rng.randint(1, 3)}")
    return "\n".join(lines) + "\n"


def a_shop(folder):
    return Shop(folder, yaml="quarantine_limit: 100%\n").source("SELECT * FROM 'data/*.csv'")


def contents(shop):
    return {name: sorted(map(str, shop.rows(sql))) for name, sql in TABLES.items()}


@pytest.mark.parametrize("seed", range(4))
def test_slices_equal_one_build(tmp_path, seed):
    rng = random.Random(seed)
    shop = a_shop(tmp_path / "slices")
    files = {}
    for _ in range(5):
        for _ in range(rng.randint(1, 2)):  # a new file, a corrected one, one gone
            name = f"day{rng.randint(1, 6)}.csv"
            if name in files and rng.random() < 0.3 and len(files) > 1:
                del files[name]
                (shop.folder / "data" / name).unlink()
            else:
                files[name] = a_file(rng, rng.randint(5, 60))
                shop.write(f"data/{name}", files[name])
        shop.build()
    once = a_shop(tmp_path / "once")
    for name, text in files.items():
        once.write(f"data/{name}", text)
    once.build()
    sliced, whole = contents(shop), contents(once)
    for name in TABLES:
        assert sliced[name] == whole[name], name


ROWS_THAT_LEAN_ON_OTHERS = {
    "a join with a lookup": "SELECT o.customer, o.occurred_at, o.amount * p.factor AS amount, o.quantity, o.product"
                            " FROM 'data/*.csv' o LEFT JOIN 'lookups/products.csv' p USING (product)",
    "a lookup of whom to leave out": "FROM 'data/*.csv' WHERE customer NOT IN (SELECT customer FROM 'lookups/staff.csv')",
    "a window": "FROM 'data/*.csv' QUALIFY row_number() OVER (PARTITION BY customer ORDER BY occurred_at, amount, quantity, product) <= 2",
    "a share of the whole": "SELECT customer, occurred_at, amount, count(*) OVER () AS quantity FROM 'data/*.csv'",
    "a limit": "FROM 'data/*.csv' ORDER BY occurred_at, customer, amount, quantity, product LIMIT 30",
    "an average": "WITH mean AS (SELECT avg(quantity) AS quantity FROM 'data/*.csv')"
                  " FROM 'data/*.csv' WHERE quantity < (SELECT quantity FROM mean)",
    "an average that is joined": "WITH mean AS (SELECT product, avg(quantity) AS usual FROM 'data/*.csv' GROUP BY product)"
                                 " SELECT o.* FROM 'data/*.csv' o JOIN mean USING (product) WHERE o.quantity < usual",
    "one half of a union": "SELECT *, 'all' AS channel FROM 'data/*.csv' UNION ALL"
                           " SELECT *, 'rest' FROM 'data/*.csv' WHERE customer NOT IN (SELECT customer FROM 'lookups/staff.csv')",
    "different rows": "SELECT DISTINCT * FROM 'data/*.csv'",
    "sums": "SELECT customer, occurred_at, sum(amount) AS amount FROM 'data/*.csv' GROUP BY ALL",
}


@pytest.mark.parametrize("what", ROWS_THAT_LEAN_ON_OTHERS)
def test_rows_that_lean_on_others_are_read_with_them(tmp_path, what):
    """A file comes and one changes; then lookups change alone."""
    rng = random.Random(what)
    sql = ROWS_THAT_LEAN_ON_OTHERS[what]
    files = {f"data/day{i}.csv": "\n".join(["customer,occurred_at,amount,quantity,product"] + [
        f"c{rng.randint(1, 9)},2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02},{rng.randint(1, 40)},{rng.randint(1, 5)},p{rng.randint(1, 3)}"
        for _ in range(20)]) + "\n" for i in range(4)}
    now = {"data/day0.csv": files["data/day0.csv"], "data/day1.csv": files["data/day1.csv"],
           "lookups/products.csv": "product,factor\np1,1\np2,2\np3,3\n", "lookups/staff.csv": "customer\nc1\nc2\n"}
    shop = Shop(tmp_path / "slices").source(sql)

    def ledger(folder):
        return sorted(map(str, folder.rows("SELECT key, occurred_at, kind, amount, quantity, product, channel FROM ledger")))

    def build_equals_one_build(**change):
        for name, text in change.items():
            shop.write(name, text)
        shop.build()
        now.update(change)
        once = Shop(tmp_path / f"once{len(list(tmp_path.iterdir()))}").source(sql)
        for name, text in now.items():
            once.write(name, text)
        once.build()
        assert ledger(shop) == ledger(once)

    for name, text in now.items():
        shop.write(name, text)
    shop.build()
    build_equals_one_build(**{"data/day2.csv": files["data/day2.csv"], "data/day1.csv": files["data/day3.csv"]})
    if "lookups/" in sql:
        before = ledger(shop)
        build_equals_one_build(**{"lookups/products.csv": "product,factor\np1,10\np2,20\np3,3\n", "lookups/staff.csv": "customer\nc3\nc4\n"})
        assert ledger(shop) != before


def test_rows_that_stand_alone_are_read_file_by_file(tmp_path):
    """UNION ALL, globs, filters, lists of values and lists inside a row: a new file is read without the others."""
    shop = Shop(tmp_path).source(
        "WITH web AS (SELECT customer, occurred_at::DATE AS occurred_at, unnest(amounts) AS amount FROM 'web/*.json' WHERE customer <> 'test')"
        " FROM web UNION ALL (SELECT o.customer, o.occurred_at, amount * f.factor FROM 'data/*.csv' o"
        " JOIN (VALUES ('p1', 1), ('p2', 2)) f(product, factor) USING (product) ORDER BY 1)")
    shop.write("web/1.json", '{"customer": "a", "occurred_at": "2024-01-01", "amounts": [1, 2]}\n')
    shop.write("data/1.csv", "customer,occurred_at,amount,product\nb,2024-01-02,3,p1\nc,2024-01-02,4,p2\n")
    assert shop.build()["stages"][0]["new_rows"] == 4
    shop.write("data/2.csv", "customer,occurred_at,amount,product\nd,2024-01-03,5,p2\n")
    assert shop.build()["stages"][0]["new_rows"] == 1
    shop.write("web/2.json", '{"customer": "e", "occurred_at": "2024-01-04", "amounts": [6, 7, 8]}\n')
    assert shop.build()["stages"][0]["new_rows"] == 3
    assert sorted(shop.column("SELECT amount::INTEGER FROM ledger")) == [1, 2, 3, 6, 7, 8, 8, 10]


def test_who_is_drawn_to_choose_a_model_by_does_not_hang_on_who_came_first(tmp_path):
    """Above a hundred thousand buyers some are drawn: the same of slices in either order as of one build."""
    buyers, rng = 100_100, random.Random(3)
    lines = [[], []]
    for i in range(buyers):
        first = rng.randint(0, 120)
        days = [first, *(rng.randint(first, 120) for _ in range(rng.choice([0, 0, 1, 3])))]
        lines[i % 2] += [f"c{i},{datetime.date(2024, 1, 1) + datetime.timedelta(day)},{rng.randint(1, 40)}" for day in days]
    files = {f"half{n}.csv": "\n".join(["customer,occurred_at,amount", *half, ""]) for n, half in enumerate(lines)}
    said = []
    for name, order in {"once": [("half0.csv", "half1.csv")], "slices": [("half1.csv",), ("half0.csv",)]}.items():
        shop = Shop(tmp_path / name, "horizons: [30d]\nforecast: {models: [mbg_nbd], season: off}\n").source("SELECT * FROM 'data/*.csv'")
        for part in order:
            for file in part:
                shop.write(f"data/{file}", files[file])
            shop.build()
        said.append(shop.rows("SELECT * EXCLUDE (run_id) FROM model_scores ORDER BY ALL") + shop.rows("FROM forecast.horizons"))
    assert said[0] == said[1]
    assert max(row["value"] for row in said[0] if row.get("metric") == "customers" and not row["last"]) < buyers * 2 / 3 # some were drawn


@pytest.mark.parametrize("yaml, option", [("quarantine_limit: 100%\nhorizons: [30d]\nmargin: 0.4\n", ()),
                                          ("quarantine_limit: 100%\n", ("--as-of", "2024-06-30"))])
def test_other_settings_read_nothing_and_equal_one_build(tmp_path, yaml, option):
    text = a_file(random.Random(9), 200)
    shop, once = a_shop(tmp_path / "shop").write("data/day1.csv", text), a_shop(tmp_path / "once").write("data/day1.csv", text)
    shop.build()
    for other in shop, once:
        other.write("patron.yaml", "name: shop\ncurrency: GBP\n" + yaml)
    record = shop.build(*option)["stages"][0]
    assert record["name"] == "record" and record["new_rows"] == 0
    once.build(*option)
    changed, clean = contents(shop), contents(once)
    for name in TABLES:
        assert changed[name] == clean[name], name


def test_when_a_row_was_first_known_outlives_a_build_from_nothing(tmp_path):
    shop = Shop(tmp_path / "shop").ledger("a,2024-01-01,10", "b,2024-01-02,20")
    shop.build()
    first = shop.rows("SELECT key, known_at, run_id FROM ledger ORDER BY key")
    shop.ledger("a,2024-01-01,10", "b,2024-01-02,20", "a,2024-01-03,5")
    shop.build("--full")
    assert shop.rows("SELECT key, known_at, run_id FROM ledger WHERE occurred_at < '2024-01-03' ORDER BY key") == first
    assert shop.value("SELECT count(DISTINCT known_at) FROM ledger") == 2
    shop.source("SELECT customer, occurred_at, amount, 'shop' AS channel FROM 'data/orders.csv'").build() # they say more now
    assert shop.value("SELECT count(*) FROM ledger l JOIN runs r USING (run_id) WHERE r.started_at < l.known_at") == 0
    assert shop.value("SELECT min(known_at) FROM ledger") > first[0]["known_at"]


def test_every_event_is_on_the_timeline_and_every_person_has_a_value(tmp_path):
    shop = Shop(tmp_path / "shop").ledger("a,2024-01-01,10", "b,2024-01-02,20", ",2024-01-02,7", "a,2024-02-03,-5")
    shop.build()
    assert shop.rows("SELECT person_id, stream, kind, amount, source, source_row FROM timeline ORDER BY source_row") == shop.rows(
        "SELECT person_id, 'ledger' AS stream, kind, amount, source, source_row FROM ledger WHERE key IS NOT NULL ORDER BY source_row")
    assert shop.rows("SELECT person_id, condition, component, value FROM value ORDER BY 1") == shop.rows(
        "SELECT person_id, 'base' AS condition, 'current' AS component, value FROM customers ORDER BY 1")
    assert shop.column("SELECT DISTINCT verdict FROM value") == ["not proven"] # too short a history to have been tried


@pytest.fixture
def days_ahead(tmp_path, monkeypatch):
    """Sets the clock of the command some days on."""
    if not shutil.which("cc"):
        pytest.skip("no C compiler to set the clock with")
    source, clock = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text("""
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static long ahead(void) { const char *days = getenv("DAYS_AHEAD"); return days ? 86400 * atol(days) : 0; }
        int clock_gettime(clockid_t clock, struct timespec *t)
        {
            const long status = syscall(SYS_clock_gettime, clock, t);
            t->tv_sec += clock == CLOCK_REALTIME ? ahead() : 0;
            return (int)status;
        }
        int gettimeofday(struct timeval *restrict t, void *restrict zone)
        {
            struct timespec now;
            (void)zone;
            clock_gettime(CLOCK_REALTIME, &now);
            *t = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
            return 0;
        }
        time_t time(time_t *out)
        {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            return out ? *out = now.tv_sec : now.tv_sec;
        }
    """)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", clock, source], check=True)

    def set_clock(days):
        monkeypatch.setenv("LD_PRELOAD", str(clock))
        monkeypatch.setenv("DAYS_AHEAD", str(days))
        monkeypatch.setenv("ASAN_OPTIONS", "verify_asan_link_order=0") # a build with sanitizers wants to be loaded first

    return set_clock


@pytest.mark.parametrize("sql", ["FROM 'data/*.csv'",
                                 "SELECT customer, occurred_at, sum(amount) AS amount FROM 'data/*.csv' GROUP BY ALL"])
def test_a_row_that_was_too_far_ahead_is_taken_when_its_day_comes(tmp_path, days_ahead, sql):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    shop = Shop(tmp_path / "shop", yaml="quarantine_limit: 100%\n").source(sql)
    shop.ledger("a,2024-01-01,10", file="data/old.csv")
    shop.ledger("a,2024-02-01,20", f"b,{today + datetime.timedelta(5)},30", "c,1850-01-01,40", file="data/new.csv")
    shop.build()
    assert shop.column("SELECT amount::INTEGER FROM quarantine ORDER BY 1") == [30, 40]
    days_ahead(2)
    assert shop.build()["status"] == "unchanged"
    days_ahead(4)
    would = json.loads(patron("build", shop.folder, "--dry-run", "--json").stdout)
    assert would["sources"][0]["files_to_read"] == (1 if "sum" not in sql else 2), would
    built = shop.build()
    assert built["status"] == "ok" and built["stages"][0]["new_rows"] == (3 if "sum" not in sql else 4)
    assert shop.column("SELECT amount::INTEGER FROM quarantine") == [40]
    assert sorted(shop.column("SELECT amount::INTEGER FROM ledger")) == [10, 20, 30]
    assert shop.build()["status"] == "unchanged"


def test_a_birth_date_to_come_is_wrong_also_when_its_day_comes(tmp_path, days_ahead):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    shop = Shop(tmp_path / "shop", yaml="quarantine_limit: 100%\n").ledger("a,2024-01-01,10").source("-- stream: people\nFROM 'data/people.csv'", "people")

    def people(birth):
        return shop.write("data/people.csv", f"customer,birth_date\na,1970-04-21\nb,{birth}\nc,{today + datetime.timedelta(1)}\n")

    people(today + datetime.timedelta(3)).build()
    refused = [{"value": str(today + datetime.timedelta(3)), "code": "E213", "reason": "no birth date: later than the day it was read"}]
    assert shop.rows("SELECT value, code, reason FROM quarantine") == refused
    days_ahead(5)
    assert shop.build()["status"] == "unchanged" and shop.rows("SELECT value, code, reason FROM quarantine") == refused
    people("1969-07-20").build()
    assert shop.rows("FROM quarantine") == []


def test_the_day_looked_from_goes_on_to_days_that_have_come(tmp_path, days_ahead):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    tomorrow = str(today + datetime.timedelta(1))
    shop = Shop(tmp_path / "shop").ledger("a,2024-01-01,10", "b,2024-02-01,20", f"a,{tomorrow},30")
    assert shop.build()["as_of"] == "2024-02-01"
    assert shop.build()["status"] == "unchanged"
    days_ahead(1)
    built = shop.build()
    assert (built["status"], built["as_of"], built["stages"][0]["new_rows"]) == ("ok", tomorrow, 0)
    assert shop.build()["status"] == "unchanged"
    assert shop.build("--as-of", "2024-02-01")["as_of"] == "2024-02-01"
    assert shop.build("--as-of", "2024-02-01")["status"] == "unchanged" # it is the day that was asked for
