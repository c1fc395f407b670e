"""Writes tests/oracle/normal_normal.csv: best fits of shrunken means to small tables, by mpmath.

    pip install mpmath && python tests/oracle/make_normal_normal.py        (a few minutes)

A line is: what, arguments, values; the latter two separated by spaces.

    row    table count mean squares      a group; squares -1: not known
    fit    table                         centre between within log-likelihood

The log-likelihood, all constants but those of the squares included, is climbed in its three parameters (the variances on a log
scale), from many starts, to where its gradient is zero with 50 digits; and with either variance 0. The best of all is written.
"""
import os
import random

import mpmath as m
from mpmath import mp, mpf

mp.dps = 50


def log_likelihood(rows, mu, tau2, sigma2):
    total = mpf(0)
    for n, mean, squares in rows:
        variance = tau2 + sigma2 / n
        total -= (m.log(2 * m.pi * variance) + (mean - mu) ** 2 / variance) / 2
        if squares is not None and n > 1:
            total -= ((n - 1) * m.log(sigma2) + squares / sigma2) / 2
    return total


def centre(rows, tau2, sigma2):
    weights = [1 / (tau2 + sigma2 / n) for n, _, _ in rows]
    return sum(w * mean for w, (_, mean, _) in zip(weights, rows)) / sum(weights)


def variances(free, v):
    """free: which of the two is not zero."""
    if free == "both":
        return m.exp(v[0]), m.exp(v[1])
    return (m.exp(v[0]), mpf(0)) if free == "between" else (mpf(0), m.exp(v[0]))


def best(rows):
    known = any(squares is not None and n > 1 for n, _, squares in rows)
    spread = sum((mean - rows[0][1]) ** 2 for _, mean, _ in rows) / len(rows)
    found = []
    for free in ("both", "within") if known else ("both", "between", "within"):
        def value(*v):
            tau2, sigma2 = variances(free, v)
            return log_likelihood(rows, centre(rows, tau2, sigma2), tau2, sigma2)

        def slope(*v):
            h = mpf(10) ** -17
            return [(value(*[a + h * (i == k) for i, a in enumerate(v)]) - value(*[a - h * (i == k) for i, a in enumerate(v)]))
                    / (2 * h) for k in range(len(v))]

        size = 2 if free == "both" else 1
        for offset in (-6, -3, 0, 3):
            for other in (-3, 0, 3) if size == 2 else (0,):
                start = [m.log(spread) + offset, m.log(spread) + other][:size]
                try:
                    v = list(m.findroot(slope, start if size == 2 else start[0], solver="mdnewton" if size == 2 else "secant",
                                        tol=1e-40, maxsteps=60))
                except (ValueError, ZeroDivisionError, OverflowError):
                    continue
                if max(abs(a) for a in v) > 40:
                    continue
                tau2, sigma2 = variances(free, v)
                found.append((value(*v), centre(rows, tau2, sigma2), tau2, sigma2))
    return max(found)


def groups(seed, n, mu, tau, sigma, counts, squares=True):
    chance = random.Random(seed)
    rows = []
    for _ in range(n):
        theta, count = chance.gauss(mu, tau), chance.choice(counts)
        seen = [chance.gauss(theta, sigma) for _ in range(count)]
        mean = sum(seen) / count
        rest = sum((a - mean) ** 2 for a in seen)
        rows.append((count, mpf("%.4f" % mean), mpf("%.4f" % rest) if squares else None))
    return rows


TABLES = {
    "rates": groups(1, 12, 0.7, 0.1, 0.3, (1, 2, 5, 20)),
    "losses": groups(2, 20, -3, 2, 4, (1, 1, 3, 10)),  # negative means
    "means": groups(3, 40, 0.7, 0.1, 0.3, (1, 2, 5, 50), squares=False),
    "chance": groups(4, 15, 10, 0, 5, (1, 2, 5, 20)),  # nothing between
    "sure": groups(5, 15, 10, 2, 0.0001, (2, 5, 20), squares=False),  # nothing within
    "equal": groups(6, 10, 5, 1, 2, (4,)),  # equal counts
    "two": [(3, mpf(1), mpf(2)), (7, mpf(2), mpf(5))],
    "weights": [(mpf("0.5"), mpf(3), None), (mpf("2.25"), mpf(-1), None), (mpf(40), mpf(1), None), (mpf("7.5"), mpf(4), None)],
}


def number(value):
    return m.nstr(value, 17)


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "normal_normal.csv"), "w") as out:
    for name, rows in TABLES.items():
        for n, mean, squares in rows:
            words = [m.nstr(mpf(a), 15) for a in (n, mean, -1 if squares is None else squares)]
            out.write("row,%s %s,\n" % (name, " ".join(words)))
        value, mu, tau2, sigma2 = best(rows)
        out.write("fit,%s,%s\n" % (name, " ".join(number(a) for a in (mu, tau2, sigma2, value))))
