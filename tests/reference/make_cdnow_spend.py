"""What CDNOW's customers spent when they came back: writes cdnow_sample_spend.csv beside this file.

    python tests/reference/make_cdnow_spend.py CDNOW_sample.txt

The file is the one that Fader and Hardie publish for research (brucehardie.com, datasets). Up to 1997-09-30, lines of one
customer on one day are one purchase, and the first day does not count. A line of the table is: repeat days, US dollars spent
on all of them, and how many customers have that pair. The mean of the papers is the second over the first.
"""
import collections
import csv
import datetime
import os
import sys
from decimal import Decimal

END = datetime.date(1997, 9, 30)
HERE = os.path.dirname(os.path.abspath(__file__))

spent = collections.defaultdict(lambda: collections.defaultdict(Decimal))  # customer: day: dollars
with open(sys.argv[1]) as lines:
    for line in lines:
        words = line.split()  # customer, number in the sample, day, CDs, dollars
        if words:
            day = datetime.datetime.strptime(words[-3], "%Y%m%d").date()
            spent[words[0]][day] += Decimal(words[-1])

table = collections.Counter()
for days in spent.values():
    repeats = [dollars for day, dollars in days.items() if min(days) < day <= END]
    if repeats:
        table[len(repeats), sum(repeats)] += 1

with open(os.path.join(HERE, "cdnow_sample_spend.csv"), "w", newline="") as out:
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["repeat_days", "dollars", "customers"])
    rows.writerows([*pair, table[pair]] for pair in sorted(table))
