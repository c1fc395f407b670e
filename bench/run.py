#!/usr/bin/env python3
"""script/bench [--large] [--work DIR] [PART ...]: measures, prints one table and the verdicts; exit 1 when a limit is missed.

Parts (all but the last two when none is named):
  fit        every model on 10,000 to 1,000,000 simulated customers of three kinds, beside lifetimes on the same customers
  score      1,000,000 distinct states, everything that a model can say of each
  states     a ledger of 10,000,000 lines to states, beside the bare GROUP BY
  builds     whole builds: the demo, then 1,000,000 and 10,000,000 lines
  recovery   200 seeds of every model: are the parameters found again, and do their intervals hold?
  accuracy   forecasts of the past beside what came (bench/accuracy.py; needs data that is not in the repository)
  crash      200 builds killed at random moments (bench/crash.py)

--large adds 20,000,000 customers and 100,000,000 lines: an hour, 8 GiB of memory and 40 GB of disk.
--work DIR keeps the simulated data there, for the next time; otherwise it goes when the run ends.

All seconds are CPU seconds: user and system, of all threads. Fits and scores run on one thread, builds on as many as there are. Of
several runs the least counts, and how far the slowest was above it stands beside it."""
import argparse
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

from builds import bench_builds, bench_states
from measure import PATRON, ROOT, Failed, Table
from models import bench_fit, bench_score
from recovery import bench_recovery


def program(name, *arguments):
    """A part that is a program of its own, with a report of its own: its verdict is how it ends."""
    def run(table, work, large):
        del work, large
        done = subprocess.run([sys.executable, ROOT / "bench" / name, *arguments], stdout=subprocess.PIPE, text=True,
                              env=dict(os.environ, PATRON=str(PATRON)), check=False)
        print(f"```text\n{done.stdout.rstrip()}\n```\n", flush=True)
        if done.stdout.startswith("skipped: "):
            table.skip(name, done.stdout.removeprefix("skipped: ").strip())
        else:
            table.add(f"bench/{name}", "", "its own report, above", "", "every line of it passes", done.returncode == 0)
    return run


PARTS = {"fit": bench_fit, "score": bench_score, "states": bench_states, "builds": bench_builds, "recovery": bench_recovery,
         "accuracy": program("accuracy.py"), "crash": program("crash.py", "200")}
USUAL = ("fit", "score", "states", "builds", "recovery")


def machine():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    load = os.getloadavg()[0]
    return (f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release().split('-')[0]};"
            f" load {load:.1f} when it began")


def main():
    options = argparse.ArgumentParser(prog="script/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--large", action="store_true")
    options.add_argument("--work", type=pathlib.Path, metavar="DIR")
    options.add_argument("parts", nargs="*", metavar="PART")
    given = options.parse_args()
    unknown = [part for part in given.parts if part not in PARTS]
    if unknown:
        options.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    table, broken = Table(), []
    print(f"script/bench {' '.join(sys.argv[1:])}".rstrip() + f"\n{machine()}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="patron-bench-") as folder:
        work = (given.work or pathlib.Path(folder)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        for part in given.parts or USUAL:
            try:
                PARTS[part](table, work, given.large)
            except Failed as failed: # the other parts can still be measured
                broken.append(part)
                print(f"failed: {part}: {failed}\n", flush=True)
    passed = table.print()
    return 0 if passed and not broken else 1


if __name__ == "__main__":
    sys.exit(main())
