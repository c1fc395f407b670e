"""Writes tests/oracle/gamma_gamma.csv: best fits to small tables, and expected spends, by mpmath.

    pip install mpmath && python tests/oracle/make_gamma_gamma.py        (a few minutes)

A line is: what, arguments, values; the latter two separated by spaces.

    row    table x z customers                      a row of a table
    fit    table prior limit     p q gamma LL       best fit to it; prior none or weak; limit none or its name
    mean   p q gamma x z         expected spend     of someone with x purchases of mean z

The likelihood is the textbook's product of gamma functions, or the density that is left at a limit; its maximum is where the
gradient, by numerical differentiation with 50 digits, is zero. Expected spends are the mean of p / nu over the posterior of nu, by
quadrature. -1 stands for a parameter that is infinite (p, q, gamma) or 0 (gamma at same_each_time); then c = gamma / q or
p gamma is given in place of gamma.
"""
import os
import random

import mpmath as m
from mpmath import mp, mpf

mp.dps = 30


def density(x, z, p, q, gamma):
    """ln of it: Fader, Hardie & Lee (2005), the mean of x purchases."""
    px = p * x
    return (m.loggamma(px + q) - m.loggamma(px) - m.loggamma(q) + q * m.log(gamma) + (px - 1) * m.log(z)
            + px * m.log(x) - (px + q) * m.log(gamma + x * z))


def alike(x, z, p, c):
    """q, gamma to infinity, gamma / q = c: nu = 1 / c for all, z ~ Gamma(p x, x / c)."""
    return p * x * m.log(x / c) + (p * x - 1) * m.log(z) - x * z / c - m.loggamma(p * x)


def same(x, z, q, c):
    """p to infinity, p gamma = c: z = p / nu, inverse gamma."""
    return q * m.log(c) - (q + 1) * m.log(z) - c / z - m.loggamma(q)


FORMS = {  # limit: parameters from logs, density, start, and what the file says
    "none": (lambda v: (m.exp(v[0]), 1 + m.exp(v[1]), m.exp(v[2])), density, (0.7, 1, 0.7), lambda a: a),
    "heavy_tail": (lambda v: (m.exp(v[0]), mpf(1), m.exp(v[1])), density, (0.7, 0.7), lambda a: a),
    "all_alike": (lambda v: (m.exp(v[0]), m.exp(v[1])), alike, (0.7, -0.7), lambda a: (a[0], mpf(-1), a[1])),
    "same_each_time": (lambda v: (1 + m.exp(v[0]), m.exp(v[1])), same, (1, 1), lambda a: (mpf(-1), a[0], a[1])),
}
PRIOR_SD = (3, 3, 4)


def best(rows, prior, limit):
    parameters, log_density, start, spelled = FORMS[limit]
    customers = sum(w for _, _, w in rows)
    unit = m.exp(sum(w * m.log(z) for _, z, w in rows) / customers)

    def log_likelihood(v):
        return sum(w * log_density(x, z / unit, *parameters(v)) for x, z, w in rows)

    def value(*v):
        pull = sum((a / sd) ** 2 / 2 for a, sd in zip(v, PRIOR_SD)) if prior == "weak" else 0
        return log_likelihood(v) - pull

    def gradient(*v):
        h = mpf(10) ** -10  # error h^2
        out = []
        for k in range(len(v)):
            up = [a + h * (i == k) for i, a in enumerate(v)]
            down = [a - h * (i == k) for i, a in enumerate(v)]
            out.append((value(*up) - value(*down)) / (2 * h))
        return out

    v = climb(value, gradient, [mpf(a) for a in start])
    v = list(m.findroot(gradient, v, tol=1e-30, maxsteps=30))
    assert all(value(*v) > value(*[a + d * (i == k) for i, a in enumerate(v)])
               for k in range(len(v)) for d in (mpf("1e-3"), mpf("-1e-3")))
    a = spelled(parameters(v))
    return [a[0], a[1], a[2] * unit, log_likelihood(v) - customers * m.log(unit)]


def climb(value, gradient, v):
    """Steepest ascent with a memory of one step (Barzilai & Borwein), good for a start; 15 digits."""
    with mp.workdps(25):
        g, step = gradient(*v), mpf("0.01")
        for _ in range(400):
            if max(abs(a) for a in g) < 1e-4:
                break
            new = [a + step * b for a, b in zip(v, g)]
            while value(*new) < value(*v) - 1:
                step /= 4
                new = [a + step * b for a, b in zip(v, g)]
            slope = gradient(*new)
            moved, turned = [a - b for a, b in zip(new, v)], [a - b for a, b in zip(slope, g)]
            curve = -sum(a * b for a, b in zip(moved, turned))
            step = min(sum(a * a for a in moved) / curve, mpf(10)) if curve > 0 else 2 * step
            v, g = new, slope
    return v


def mean(p, q, gamma, x, z):
    shape, rate = p * x + q, gamma + x * z
    width = 1 / m.sqrt(shape)

    def posterior(nu):
        return m.exp((shape - 1) * m.log(nu) - rate * nu)

    ends = [0] + [shape / rate * m.exp(k * width) for k in range(-20, 21)] + [m.inf]
    with mp.workdps(40):
        return m.quad(lambda nu: p / nu * posterior(nu), ends) / m.quad(posterior, ends)


def customers(seed, n, p, q, gamma, counts):
    """Spends to the cent; the counts are drawn from a list."""
    chance = random.Random(seed)
    rows = []
    for _ in range(n):
        nu = chance.gammavariate(q, 1 / gamma) if q else 1 / gamma
        x = chance.choice(counts)
        spend = chance.gammavariate(p * x, 1 / nu) if p else x / nu
        rows.append((x, mpf(max(1, round(100 * spend / x))) / 100, chance.choice((1, 1, 2, 5))))
    return rows


TABLES = {
    "few": (customers(1, 6, 3, 4, 30, (1, 2, 3)), [("weak", "none")]),
    "shop": (customers(2, 40, 6, 4, 15, (1, 1, 2, 3, 8)), [("weak", "none"), ("none", "none")]),
    "large": (customers(3, 30, 2, 3, 4e5, (1, 10, 1000, 50000)), [("weak", "none"), ("none", "none")]),
    "wide": (customers(4, 40, 0.4, 1.6, 200, (1, 2, 5)), [("weak", "none"), ("none", "none")]),
    "heavy": (customers(5, 60, 5, 0.5, 20, (1, 2, 5)), [("none", "heavy_tail")]),
    "alike": (customers(4, 60, 4, 0, 20, (1, 2, 5, 20)), [("none", "all_alike")]),
    "same": (customers(7, 60, 0, 3, 50, (1, 2, 5, 20)), [("none", "same_each_time")]),
}
MEANS = [(6.25, 3.74, 15.44, 0, 0), (6.25, 3.74, 15.44, 2, 22.35), (6.25, 3.74, 15.44, 7, 73.74), (0.3, 1.05, 4, 1, 1000),
         (40, 1.5, 2, 30, 0.01), (1, 200, 1e4, 3, 60)]


def number(value):
    return m.nstr(value, 17)


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "gamma_gamma.csv"), "w") as out:
    for name, (rows, fits) in TABLES.items():
        for row in rows:
            out.write("row,%s %s,\n" % (name, " ".join(m.nstr(mpf(v), 15, strip_zeros=True) for v in row)))
        for prior, limit in fits:
            out.write("fit,%s %s %s,%s\n" % (name, prior, limit, " ".join(number(v) for v in best(rows, prior, limit))))
    for arguments in MEANS:
        value = mean(*(mpf(a) for a in arguments))
        out.write("mean,%s,%s\n" % (" ".join(repr(float(a)) for a in arguments), number(value)))
