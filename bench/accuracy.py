#!/usr/bin/env python3
"""How good are the forecasts? On data of which the future is known, forecast as of a past day and compare.

usage: bench/accuracy.py [--data DIR] [--patron FILE] [cdnow] [season] [totals] [calibration]

DIR holds cdnow/ and online-retail-ii's purchases come from examples/online-retail. Every forecast is read from the tables of a
build as of the past day (patron build --as-of), so that nothing later can be in it; what came is counted here, not by patron.
A line is a figure, its limit and its verdict; exit 1 when one fails. Without the data it says so and exits 0."""
import argparse
import csv
import datetime
import io
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
day = datetime.date.fromisoformat


# ---- projects ----

class Shop:
    """A project of one source; `days` are each customer's purchase days, all of them."""

    def __init__(self, folder, source, days, patron):
        self.folder, self.days, self.patron, self.source = pathlib.Path(folder), days, patron, source

    def build(self, as_of, horizons, forecast="{}"):
        if (self.folder / ".patron").exists(): # another setting is another project
            shutil.rmtree(self.folder / ".patron")
        (self.folder / "sources").mkdir(parents=True, exist_ok=True)
        (self.folder / "patron.yaml").write_text(f"name: shop\ncurrency: USD\nas_of: {as_of}\nhorizons: [{', '.join(horizons)}]\n"
                                                 f"forecast: {forecast}\n")
        (self.folder / "sources" / "orders.sql").write_text("-- stream: ledger\n" + self.source)
        run(self.patron, "build", self.folder, "--quiet")
        return self

    def rows(self, sql):
        return json.loads(run(self.patron, "sql", self.folder, sql, "--json"))

    def forecasts(self, horizon):
        """{customer: expected purchases}, for one of the horizons."""
        return {row["key"]: row["purchases"] for row in self.rows(
            f"SELECT k.key, f.purchases FROM forecast f JOIN person_keys k USING (person_id) WHERE horizon_days = {horizon}")}

    def came(self, as_of, horizon):
        """{customer: purchase days in the horizon after as_of}, for all who had bought by then."""
        first, last = day(as_of), day(as_of) + datetime.timedelta(horizon)
        return {who: sum(first < d <= last for d in days) for who, days in self.days.items() if days[0] <= first}

    def scores(self, where):
        return {row["metric"]: row["value"] for row in self.rows(f"SELECT metric, value FROM model_scores WHERE {where}")}


def run(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(w) for w in words)}\n{done.stderr}")
    return done.stdout


def cdnow(work, data, patron, name):
    """Fixed-width text: customer first, then somewhere date, CDs and dollars. The papers count the 80 lines of 0 dollars as
    purchases, patron does not: they are given a cent."""
    file = data / "cdnow" / f"CDNOW_{name}.txt"
    days = {}
    for line in file.read_text().splitlines():
        words = line.split()
        if len(words) >= 4 and words[-3].isdigit():
            text = words[-3]
            days.setdefault(words[0], set()).add(datetime.date(int(text[:4]), int(text[4:6]), int(text[6:])))
    source = (f"SELECT w[1] AS customer, strptime(w[-3], '%Y%m%d') AS occurred_at, greatest(0.01, w[-1]::DECIMAL(18, 2)) AS amount\n"
              f"FROM (SELECT string_split_regex(trim(line), '\\s+') AS w\n"
              f"      FROM read_csv('{file}', columns = {{'line': 'VARCHAR'}}, delim = '\\t', header = false))\n"
              f"WHERE w[-3] SIMILAR TO '[0-9]{{8}}'")
    return Shop(work / f"cdnow_{name}", source, {who: sorted(d) for who, d in days.items()}, patron)


def online_retail(work, patron):
    """Its purchase days, as the example's own build finds them; and the figures of that build's last 90 days."""
    folder = work / "online_retail_all"
    shutil.copytree(ROOT / "examples" / "online-retail", folder, ignore=shutil.ignore_patterns(".patron"))
    run(patron, "build", folder, "--quiet")
    whole = Shop(folder, None, None, patron)
    text = run(patron, "sql", folder, "SELECT key AS customer, occurred_at::DATE AS occurred_at, sum(amount) AS amount FROM ledger"
                                      " WHERE kind = 'sale' AND amount > 0 AND key IS NOT NULL GROUP BY ALL ORDER BY ALL", "--csv")
    days = {}
    for row in csv.DictReader(io.StringIO(text)):
        days.setdefault(row["customer"], []).append(day(row["occurred_at"][:10]))
    (work / "online_retail.csv").write_text(text)
    source = f"FROM read_csv('{work / 'online_retail.csv'}', types = {{'customer': 'VARCHAR'}})\n"
    return Shop(work / "online_retail", source, days, patron), whole


def simulated(work, patron, seed):
    """Three years of a shop: customers buy at Gamma rates and live exponential lives with Gamma rates (Pareto/NBD), all of them
    more before some month than after it, and by a level common to all that moves from quarter to quarter."""
    draw = random.Random(seed)
    start, length = day("2020-01-01"), 3 * 365
    lift, peak = draw.uniform(0.1, 0.6), draw.uniform(0, 365)
    level = [math.exp(draw.gauss(0, 0.15)) for _ in range(13)]
    most = math.exp(lift) * max(level)
    days = {}
    for i in range(1500):
        rate, leaving = draw.gammavariate(0.8, 1 / 40), draw.gammavariate(1.2, 1 / 500)
        at = draw.uniform(0, length)
        end = min(length, at + draw.expovariate(max(leaving, 1e-9)))
        bought = {int(at)}
        while rate > 1e-9 and (at := at + draw.expovariate(rate * most)) < end:
            if draw.random() * most < math.exp(lift * math.cos(2 * math.pi * (at - peak) / 365.25)) * level[int(at / 91.25)]:
                bought.add(int(at))
        days[f"c{i}"] = [start + datetime.timedelta(d) for d in sorted(bought)]
    file = work / f"simulated_{seed}.csv"
    with file.open("w") as out:
        out.write("customer,occurred_at,amount\n")
        out.writelines(f"{who},{d},20\n" for who, own in days.items() for d in own)
    return Shop(work / f"simulated_{seed}", f"FROM read_csv('{file}')\n", days, patron)


# ---- measures ----

def rmse(forecast, came):
    return math.sqrt(sum((forecast[who] - n) ** 2 for who, n in came.items()) / len(came))


def gini(came, key):
    """Of what came, in falling order of the key; equal keys share evenly."""
    groups = {}
    for who, n in came.items():
        group = groups.setdefault(round(key[who], 10), [0, 0])
        group[0] += 1
        group[1] += n
    customers, total, before, area = len(came), sum(came.values()), 0, 0
    for _, (many, bought) in sorted(groups.items(), reverse=True):
        area += many * before + bought * (many + 1) / 2
        before += bought
    return area / total / customers - (customers + 1) / (2 * customers)


def difference_error(pairs, draws=400):
    """Bootstrap standard error of the difference of two RMSE: pairs of squared errors, a customer each."""
    draw, n, found = random.Random(1), len(pairs), []
    for _ in range(draws):
        a = b = 0.0
        for x, y in draw.choices(pairs, k=n):
            a += x
            b += y
        found.append(math.sqrt(a / n) - math.sqrt(b / n))
    mean = sum(found) / draws
    return math.sqrt(sum((x - mean) ** 2 for x in found) / (draws - 1))


def band(n, p=0.8, tail=0.001):
    """The counts of n that hold 99.8 % of a binomial."""
    below, low, high = 0, None, None
    for k in range(n + 1):
        below += math.comb(n, k) * p ** k * (1 - p) ** (n - k)
        low = k if low is None and below > tail else low
        high = k if high is None and below >= 1 - tail else high
    return low, high


class Report:
    def __init__(self):
        self.failed = 0

    def line(self, what, figure, limit, passes):
        self.failed += not passes
        print(f"{'pass' if passes else 'FAIL'}  {what:<58} {figure:>12}   {limit}", flush=True)


# ---- the figures ----

def bench_cdnow(report, shops):
    master = shops["master"].build("1997-09-30", ["273d"])
    forecast, came = master.forecasts(273), master.came("1997-09-30", 273)
    model = master.rows("SELECT model, quiet FROM forecast.horizons")[0]
    error, order = rmse(forecast, came), gini(came, forecast) / gini(came, came)
    print(f"      CDNOW master 39/39: {len(came)} customers, {sum(came.values())} came, {sum(forecast.values()):.0f} forecast by"
          f" {model['model']}, quiet {model['quiet']:.3f}")
    report.line("CDNOW master 39/39, RMSE", f"{error:.4f}", "<= 1.730", error <= 1.730)
    report.line("CDNOW master 39/39, normalised Gini", f"{order:.4f}", ">= 0.672", order >= 0.672)
    own = master.build("1998-06-30", ["273d"]).scores("\"last\" AND chosen")
    same = abs(own["rmse"] - error) < 1e-4 and abs(own["ngini"] - order) < 1e-4
    report.line("  as the track record of nine months later has it", f"{own['rmse']:.4f}", "the same", same)


def bench_season(report, shops):
    shop, whole = shops["retail"], shops["retail_whole"]
    bias = whole.scores("\"last\" AND chosen AND horizon_days = 90")["bias"]
    report.line("Online Retail II, last 3 months, bias of the total", f"{100 * bias:+.1f} %", "within 5 %", abs(bias) <= 0.05)
    for as_of in "2010-12-09", "2011-03-09", "2011-06-09", "2011-09-09":
        found = {}
        for season in "on", "off":
            shop.build(as_of, ["3m"], f"{{season: {season}}}")
            horizon = shop.rows("SELECT horizon_days FROM forecast.horizons")[0]["horizon_days"]
            found[season] = shop.forecasts(horizon)
        came = shop.came(as_of, horizon)
        pairs = [((found["on"][who] - n) ** 2, (found["off"][who] - n) ** 2) for who, n in came.items()]
        on, off, error = rmse(found["on"], came), rmse(found["off"], came), difference_error(pairs)
        report.line(f"Online Retail II, RMSE with a season, {as_of} + {horizon} days", f"{on:.4f}",
                    f"<= {off:.4f} without + 1 s.e. of the difference ({on - off:+.4f}, s.e. {error:.4f})", on <= off + error)


def bench_totals(report, shops):
    cases = [(name, shops[key], as_of, horizon) for name, key in (("CDNOW master", "master"), ("CDNOW sample", "sample"))
             for as_of, horizon in (("1997-06-30", 92), ("1997-09-30", 273), ("1997-12-31", 181))]
    cases += [("Online Retail II", shops["retail"], *case) for case in (
        ("2010-06-09", 182), ("2010-12-09", 365), ("2011-03-09", 91), ("2011-06-09", 91), ("2011-09-09", 91))]
    cases += [(f"simulated, seed {seed}", shops[seed], "2022-06-30", 182) for seed in SEEDS]
    held = 0
    for name, shop, as_of, horizon in cases:
        row = shop.build(as_of, [f"{horizon}d"]).rows("SELECT model, purchases, purchases_low, purchases_high FROM forecast.horizons")[0]
        came = sum(shop.came(as_of, horizon).values())
        inside = row["purchases_low"] <= came <= row["purchases_high"]
        held += inside
        print(f"      {name:<18} {as_of} + {horizon:>3} days  {row['purchases']:>8.0f}  8 in 10 {row['purchases_low']:>7.0f} to"
              f" {row['purchases_high']:>7.0f}  came {came:>6}  {'in' if inside else 'OUT'}  {row['model']}", flush=True)
    low, high = band(len(cases))
    report.line("totals inside their 8-in-10 range", f"{held} of {len(cases)}", f"{low} to {high}", low <= held <= high)


def bench_calibration(report, shops):
    for name in "sample", "master":
        s = shops[name].build("1998-06-30", ["273d"]).scores("\"last\" AND chosen")
        report.line(f"CDNOW {name}, repeat buyers in the middle 8 tenths", f"{100 * s['pit_share']:.1f} %", "77 to 83 %",
                    0.77 <= s["pit_share"] <= 0.83)
        gaps = {"everyone": s["coverage_80"] - s["coverage_80_implied"],
                "repeat buyers": s["repeaters_coverage_80"] - s["repeaters_coverage_80_implied"]}
        for k in range(1, 11):
            if s[f"tenth_{k}_customers"] >= 500:
                gaps[f"tenth {k}"] = (s[f"tenth_{k}_covered"] - s[f"tenth_{k}_implied"]) / s[f"tenth_{k}_customers"]
        for what, gap in gaps.items():
            report.line(f"CDNOW {name}, coverage observed less implied, {what}", f"{100 * gap:+.1f}", "within 4 points",
                        abs(gap) <= 0.04)


SEEDS = range(1, 7)
BENCHES = {"cdnow": bench_cdnow, "season": bench_season, "totals": bench_totals, "calibration": bench_calibration}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=pathlib.Path, default=ROOT / ".." / "shared" / "data")
    options.add_argument("--patron", type=pathlib.Path, default=pathlib.Path(os.environ.get("PATRON") or ROOT / "build" / "patron"))
    options.add_argument("benches", nargs="*", metavar="|".join(BENCHES), help="all when none is named")
    given = options.parse_args()
    unknown = set(given.benches) - set(BENCHES)
    if unknown:
        options.error(f"no bench {', '.join(sorted(unknown))}")
    data, patron = given.data.resolve(), given.patron.resolve()
    if not (data / "cdnow" / "CDNOW_master.txt").exists():
        print(f"skipped: no cdnow/CDNOW_master.txt in {data}; give its folder with --data")
        return 0
    wanted, report, started = given.benches or list(BENCHES), Report(), time.time()
    with tempfile.TemporaryDirectory() as folder:
        work, shops = pathlib.Path(folder), {}
        if {"cdnow", "totals", "calibration"} & set(wanted):
            shops |= {name: cdnow(work, data, patron, name) for name in ("sample", "master")}
        if {"season", "totals"} & set(wanted):
            shops["retail"], shops["retail_whole"] = online_retail(work, patron)
        if "totals" in wanted:
            shops |= {seed: simulated(work, patron, seed) for seed in SEEDS}
        for name in wanted:
            BENCHES[name](report, shops)
    print(f"{report.failed} failed; {time.time() - started:.0f} s, {os.cpu_count()} cores")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
