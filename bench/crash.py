#!/usr/bin/env python3
"""crash.py [KILLS]: builds a shop whose files change all the time and kills the build at random moments.

After every kill the last good store must still answer, whole; at the end the next build must equal a clean one.
Prints how many builds were killed, at which stage they stood, how many were carried on, and the verdict.
"""
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATRON = os.environ.get("PATRON") or ROOT / "build" / "patron"
SAME = {
    "ledger": "SELECT source, key, occurred_at, kind, amount, source_row FROM ledger",
    "returns": "SELECT key, product, occurred_at, sold_at, sum(paired_quantity) FROM returns GROUP BY ALL",
    "money": "SELECT * EXCLUDE (run_id) FROM money",
    "states": "SELECT * EXCLUDE (run_id) FROM states",
    "customers": "SELECT key, c.* EXCLUDE (run_id, person_id, person) FROM customers c JOIN person_keys USING (person_id)",
    "model_scores": "SELECT * EXCLUDE (run_id) FROM model_scores",
}


def ask(shop, sql):
    run = subprocess.run([PATRON, "sql", shop, sql, "--json"], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"the store does not answer: {run.stderr}")
    return json.loads(run.stdout)


def make(shop):
    (shop / "sources").mkdir(parents=True)
    (shop / "data").mkdir()
    (shop / "patron.yaml").write_text("name: crash\ncurrency: EUR\nhorizons: [30d, 90d]\n")
    (shop / "sources" / "orders.sql").write_text("-- stream: ledger\nSELECT * FROM 'data/*.csv'\n")


def write(shop, rng, name):
    days = ["customer,occurred_at,amount,quantity,product"]
    for _ in range(rng.randint(200, 3000)):
        quantity = rng.choice((1, 1, 2, 3, 5, -1)) # below 0: a return, to be paired with a sale
        days.append(f"c{int(rng.paretovariate(1.2))},{2023 + rng.randint(0, 1)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02},"
                    f"{quantity * rng.randint(1, 30)},{quantity},P{rng.randint(1, 3)}")
    temporary = shop / "data" / ".writing"
    temporary.write_text("\n".join(days) + "\n")
    temporary.rename(shop / "data" / name)


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rng = random.Random(7)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patron-crash-"))
    shop = folder / "shop"
    make(shop)
    write(shop, rng, "day1.csv")
    started = time.monotonic()
    subprocess.run([PATRON, "build", shop, "--quiet"], check=True)
    longest = 1.3 * (time.monotonic() - started)
    stood, carried_on, killed, finished = collections.Counter(), 0, 0, 0
    rows = ask(shop, "SELECT count(*) AS n FROM ledger")[0]["n"]
    while killed < kills:
        if rng.random() < 0.5: # otherwise the next build has the chance to carry on
            write(shop, rng, f"day{rng.randint(1, 5)}.csv")
        started, undisturbed = time.monotonic(), rng.random() < 0.2
        process = subprocess.Popen([PATRON, "build", shop], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            process.wait(None if undisturbed else rng.uniform(0, longest))
        except subprocess.TimeoutExpired:
            pass
        if undisturbed: # files come and the machine is slower or faster: every moment of a build shall have its turn
            longest = max(1.1 * (time.monotonic() - started), 0.8 * longest)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
            said = process.communicate()[1].splitlines()
            stood[said[-1].split()[1] if said else "nothing yet"] += 1
        else:
            out, err = process.communicate()
            if process.returncode != 0:
                sys.exit(f"a build failed: {err}")
            finished += 1
            rows = ask(shop, "SELECT count(*) AS n FROM ledger")[0]["n"]
        answer = ask(shop, "SELECT (SELECT count(*) FROM ledger) AS n, (SELECT count(*) FROM customers) AS c, (SELECT count(*) FROM person_keys) AS k")[0]
        if answer["n"] != rows and process.returncode != 0:
            # it may have been killed after it had published
            rows = answer["n"]
        if answer["c"] != answer["k"]:
            sys.exit(f"half a build is published: {answer}")
    last = json.loads(subprocess.run([PATRON, "build", shop, "--json"], capture_output=True, text=True, check=True).stdout)
    clean = folder / "clean"
    shutil.copytree(shop, clean, ignore=shutil.ignore_patterns(".patron"))
    subprocess.run([PATRON, "build", clean, "--quiet"], check=True)
    different = [name for name, sql in SAME.items() if sorted(map(str, ask(shop, sql))) != sorted(map(str, ask(clean, sql)))]
    shutil.rmtree(folder)
    print(f"{killed} builds killed, {finished} let finish; last stage told before the kill: {dict(stood)}; last build {last['status']}")
    print("pass: the last good store always answered and the next build equals a clean one" if not different
          else f"FAIL: tables differ: {different}")
    sys.exit(bool(different))


main()
