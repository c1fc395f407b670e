"""How many CDNOW customers are in each state: writes cdnow_sample_states.csv and cdnow_master_states.csv beside this file.

    python tests/reference/make_cdnow_states.py CDNOW_sample.txt CDNOW_master.txt

The files are those that Fader and Hardie publish for research (brucehardie.com, datasets). A state is what happened up to
1997-09-30: repeat purchase days, days from the first to the last of them and to the end; `later` is the number of purchase
days in the 39 weeks after. Lines of one customer on one day are one purchase. The tables are counts: no line is a person.
"""
import collections
import csv
import datetime
import os
import sys

END = datetime.date(1997, 9, 30)
HERE = os.path.dirname(os.path.abspath(__file__))


def purchase_days(path):
    """customer: set of days. A line ends with customer (the sample: and its number there), day, CDs, dollars."""
    days = collections.defaultdict(set)
    with open(path) as lines:
        for line in lines:
            words = line.split()
            if words and words[0].isdigit():  # not the header
                days[words[0]].add(datetime.datetime.strptime(words[-3], "%Y%m%d").date())
    return days


def state(days):
    seen = sorted(day for day in days if day <= END)
    return len(seen) - 1, (seen[-1] - seen[0]).days, (END - seen[0]).days, len(days) - len(seen)


for name, path in zip(("sample", "master"), sys.argv[1:]):
    customers = collections.Counter(state(days) for days in purchase_days(path).values())
    with open(os.path.join(HERE, f"cdnow_{name}_states.csv"), "w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["frequency", "recency_days", "age_days", "later", "customers"])
        table.writerows([*key, customers[key]] for key in sorted(customers))
    print(f"{name}: {sum(customers.values())} customers in {len(customers)} states")
