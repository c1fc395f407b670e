"""Customers who buy, stay and leave as Pareto/NBD says: ledgers to forecast from. The same seed is the same shop."""
import datetime
import random

START = datetime.date(2022, 1, 1)


def trading(customers=240, days=730, seed=7, returns=True):
    """Lines of a ledger, (customer, date, amount), by date: sales, and now and then a return of the last one."""
    draw, lines = random.Random(seed), []
    for i in range(customers):
        rate, leaving, spend = draw.gammavariate(0.9, 1 / 30), draw.gammavariate(1, 1 / 300), draw.gammavariate(3, 10)
        at = draw.uniform(0, days)
        end = min(days, at + draw.expovariate(leaving))
        while at < end:
            amount = round(draw.gammavariate(4, spend / 4) + 1, 2)
            lines.append((f"c{i:03}", START + datetime.timedelta(int(at)), amount))
            if returns and draw.random() < 0.1:
                lines.append((f"c{i:03}", START + datetime.timedelta(min(int(at) + 5, days - 1)), -amount))
            at += draw.expovariate(rate)
    return sorted(lines, key=lambda line: (line[1], line))


def ledger(lines):
    return [f"{who},{when},{amount}" for who, when, amount in lines]


def purchase_days(lines):
    """{customer: days on which something was bought, rising}"""
    days = {}
    for who, when, amount in lines:
        if amount > 0:
            days.setdefault(who, set()).add(when)
    return {who: sorted(own) for who, own in days.items()}


def on(day):
    return (START + datetime.timedelta(day)).isoformat()


def edges():
    """{name: lines of a ledger} of shops with little or nothing to forecast from."""
    return {
        "one customer": [f"a,{on(0)},10", f"a,{on(30)},5"],
        "one customer, once": [f"a,{on(0)},10"],
        "all on one day": [f"c{i},{on(0)},{10 + i}" for i in range(50)],
        "nobody comes back": [f"c{i},{on(i % 400)},10" for i in range(200)],
        "everyone every day": [f"c{i},{on(d)},3" for i in range(35) for d in range(150)],
        "only returns": [f"c{i},{on(i)},-3" for i in range(40)],
        "31 customers": [f"c{i},{on(d)},{3 + i}" for i in range(31) for d in (i, 2 * i + 10, 200 + i)],
        "five weeks": ledger(trading(60, 35)),
        "free": [f"c{i},{on(d)},0" for i in range(40) for d in (i, i + 50)],
    }
