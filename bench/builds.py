"""Whole builds at any size, and the step from a ledger to states beside the bare query. CPU seconds of all threads."""
import json
import shutil

from measure import PATRON, ROOT, Failed, Run, least, made

SETTINGS = "name: bench\ncurrency: GBP\nhorizons: [90d, 1y]\ndiscount_rate: 0.10\n"
DAY = "DATE '2025-01-01'"
BARE = """SELECT count(*), sum(customers) FROM (
    SELECT frequency, recency, age, count(*) AS customers FROM (
        SELECT customer, count(*) - 1 AS frequency, max(day) - min(day) AS recency, {day} - min(day) AS age FROM (
            SELECT customer, occurred_at::DATE AS day FROM '{file}' WHERE customer IS NOT NULL AND amount > 0 GROUP BY ALL)
        GROUP BY customer)
    GROUP BY ALL)"""
OURS = """SELECT count(*), sum(customers) FROM (
    SELECT s.frequency, s.recency, s.age, count(*) AS customers FROM (
        SELECT history_state(days, {day}, 0) AS s FROM (
            SELECT customer, purchase_days(occurred_at::DATE) AS days FROM '{file}'
            WHERE customer IS NOT NULL AND amount > 0 GROUP BY customer))
    GROUP BY ALL)"""


def ledger(work, lines, kind="parquet"):
    """Ten lines a customer over two years, in the order of time."""
    return made(work, f"ledger_{lines}.{kind}", "make_ledger", lines // 10, lines, 1)


def project(work, name, file):
    folder = work / name
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "sources").mkdir(parents=True)
    (folder / "patron.yaml").write_text(SETTINGS)
    (folder / "sources" / "orders.sql").write_text(f"-- stream: ledger\nSELECT * FROM '{file}'\n")
    return folder


def build(folder, runs, full=True):
    """The builds' runs, and the report of the last of them."""
    done = []
    for _ in range(runs):
        if full and (folder / ".patron").exists():
            shutil.rmtree(folder / ".patron")
        done.append(Run(PATRON, "build", folder, "--json"))
    return done, json.loads(done[-1].out)


def stages(report):
    return ", ".join(f"{s['name']} {s['cpu_seconds']:.3g}" for s in report["stages"])


def bench_states(table, work, large):
    folder = work / "empty"
    if not (folder / ".patron" / "store.duckdb").exists(): # somewhere to ask from
        file = work / "empty.csv"
        file.write_text("customer,occurred_at,amount\na,2024-01-01,1\n")
        Run(PATRON, "build", project(work, "empty", file), "--quiet")
    for lines in (10_000_000, 100_000_000) if large else (10_000_000,):
        file = ledger(work, lines)
        asked = {name: [Run(PATRON, "sql", folder, sql.format(file=file, day=DAY), "--csv") for _ in range(3)]
                 for name, sql in (("bare", BARE), ("ours", OURS))}
        bare, ours = ([run.cpu for run in asked[name]] for name in ("bare", "ours"))
        if asked["bare"][0].out.splitlines()[1] != asked["ours"][0].out.splitlines()[1]:
            raise Failed(f"ledger to states: {asked['ours'][0].out} is not {asked['bare'][0].out}")
        ratio = min(ours) / min(bare)
        table.add(f"ledger → states: {lines:,} lines", least(ours),
                  f"GROUP BY customer, day, then customer: {least(bare)}; peak {asked['ours'][0].peak_mib:,.0f} beside"
                  f" {asked['bare'][0].peak_mib:,.0f} MiB", f"{ratio:.2f} ×", "≤ 1.2 ×", ratio <= 1.2)


def bench_demo(table, work):
    folder = work / "demo"
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(ROOT / "examples" / "online-retail", folder, ignore=shutil.ignore_patterns(".patron"))
    runs, report = build(folder, 3)
    cpu, peak = min(r.cpu for r in runs), max(r.peak_mib for r in runs)
    table.add("build: the demo, 1,044,847 lines", least([r.cpu for r in runs]),
              f"{min(r.wall for r in runs):.1f} s, peak {peak:,.0f} MiB; {stages(report)}", "", "≤ 10 CPU s, ≤ 1 GiB", cpu <= 10 and peak <= 1024)
    again, report = build(folder, 3, full=False)
    if report["status"] != "unchanged":
        raise Failed(f"a second build of the demo was not a build of nothing: {report['status']}")
    idle = [run.cpu for run in again]
    table.add("build: the demo again, nothing changed", least(idle), f"{min(r.wall for r in again):.2f} s", "", "≤ 1 CPU s", min(idle) <= 1)


def bench_builds(table, work, large):
    bench_demo(table, work)
    first = None
    for lines in (1_000_000, 10_000_000, 100_000_000) if large else (1_000_000, 10_000_000):
        folder = project(work, f"build_{lines}", ledger(work, lines))
        runs, report = build(folder, 3 if lines == 1_000_000 else 1)
        cpu, peak = min(r.cpu for r in runs), max(r.peak_mib for r in runs)
        each = cpu / lines
        first = first or each
        passes = None if lines == 1_000_000 else each <= 1.3 * first and peak <= 8192
        table.add(f"build: {lines:,} lines of {lines // 10:,} customers", least([r.cpu for r in runs]),
                  f"{1e6 * each:.1f} µs a line, {min(r.wall for r in runs):,.0f} s, peak {peak:,.0f} MiB; {stages(report)}",
                  f"{each / first:.2f} ×", "" if passes is None else "time a line ≤ 1.3 × that at 1M, ≤ 8 GiB", passes)
        shutil.rmtree(folder)
    file = ledger(work, 1_000_000, "csv")
    runs, report = build(project(work, "build_csv", file), 3)
    table.add("build: the same 1,000,000 lines as CSV", least([r.cpu for r in runs]),
              f"{min(r.wall for r in runs):.1f} s, peak {max(r.peak_mib for r in runs):,.0f} MiB; {stages(report)}")
