"""Writes tests/oracle/bg_nbd.csv and mbg_nbd.csv: the models' numbers at points in double precision, by mpmath.

    pip install mpmath && python tests/oracle/make_bg_nbd.py        (half an hour)

A line is: what, arguments, values; the latter two separated by spaces. Arguments are exact, the shortest decimals that
read back as the same doubles; values have 20 digits.

    state      r alpha a b x t_x T            log-likelihood, its gradient by the logs of the parameters, p_alive
    purchases  r alpha a b x T horizon        mean purchases of someone alive
    residual   r alpha a b x T discount       discounted, for ever
    pmf        r alpha a b x T horizon n      P(N = n) of someone alive

Purchases and residual purchases share no formula with core/forecast/geometric_future.c: they are the Gauss
hypergeometric function of Fader, Hardie & Lee (2005) and an integral over time of another. The tail of the negative
binomial law is summed in high precision. The future of someone alive is the same for MBG/NBD with b + 1 for b.
"""

import os
import random

import mpmath as m
from mpmath import mp, mpf

mp.dps = 60


def state(first, r, alpha, a, b, x, t_x, T):
    """Digits enough for a, b, r, alpha of 1e16 with x of 20000."""
    with mp.workdps(100):
        chances = x + first

        def log_ratio(z, k):  # ln Γ(z + k) - ln Γ(z)
            return m.loggamma(z + k) - m.loggamma(z)

        def slope(z, k):
            return m.digamma(z + k) - m.digamma(z)

        stays = log_ratio(b, chances) - log_ratio(a + b, chances)
        common = log_ratio(r, x) + r * m.log(alpha)
        alive = m.exp(common + stays - (r + x) * m.log(alpha + T))
        left = mpf(0)
        if chances > 0:
            left = m.exp(common + stays + m.log(a / (b + chances - 1)) - (r + x) * m.log(alpha + t_x))
        p_alive = alive / (alive + left)
        gone = left / (alive + left)
        by_r = r * (slope(r, x) + m.log(alpha) - p_alive * m.log(alpha + T) - gone * m.log(alpha + t_x))
        by_alpha = r - alpha * (r + x) * (p_alive / (alpha + T) + gone / (alpha + t_x))
        by_a = -a * slope(a + b, chances) + gone
        by_b = b * (slope(b, chances) - slope(a + b, chances))
        if chances > 0:
            by_b -= gone * b / (b + chances - 1)
        return [m.log(alive + left), by_r, by_alpha, by_a, by_b, p_alive]


def over_chances(a, b, f):
    """The mean of f(p) over a narrow law p ~ Beta(a, b), by quadrature in ln(p / (1 - p))."""
    centre, width = m.log(a / b), m.sqrt(1 / a + 1 / b)
    constant = m.loggamma(a + b) - m.loggamma(a) - m.loggamma(b)

    def integrand(v):
        log_p, log_q = -m.log(1 + m.exp(-v)), -m.log(1 + m.exp(v))
        return m.exp(a * log_p + b * log_q + constant) * f(m.exp(log_p))

    return m.quad(integrand, [centre + k * width for k in range(-14, 15, 2)], method="gauss-legendre")


def purchases(first, r, alpha, a, b, x, T, horizon):
    """(a + b' - 1) / (a - 1) [1 - ((alpha + T) / (alpha + T + t))^r' 2F1(r', b'; a + b' - 1; z)] with r' = r + x,
    b' = b + chances; where that takes too long, the mean of (1 - (1 + p t / (alpha + T))^-r') / p over p."""
    shape, rate, stay = r + x, alpha + T, b + x + first
    if a >= 10**6 and r < 10**6:
        with mp.workdps(40):
            return [over_chances(a, stay, lambda p: (1 - (1 + p * horizon / rate) ** -shape) / p)]
    with mp.workdps(150):
        nudge = mpf(10) ** -40  # off the removable singularities; changes the 40th digit
        if a == 1:
            a = a + nudge
        if a + stay == 1:
            stay = stay + nudge
        z = horizon / (rate + horizon)
        f = m.hyp2f1(shape, stay, a + stay - 1, z, maxterms=10**6)
        return [(a + stay - 1) / (a - 1) * (1 - (1 - z) ** shape * f)]


def residual(first, r, alpha, a, b, x, T, discount):
    """The integral over t of e^(-discount t) times the rate of purchases, E[λ e^(-λ p t)] = r' / alpha'
    2F1(r' + 1, a; a + b'; -t / alpha'), brought to an argument in (0, 1) by Pfaff's transformation; for a narrow law
    of p the mean over p of the mean over λ of λ / (discount + λ p), which is r' / p e^c E_(r' + 1)(c) with
    c = discount (alpha + T) / p."""
    shape, rate, stay = r + x, alpha + T, b + x + first
    if discount == 0:
        return [(a + stay - 1) / (a - 1)]

    def over_rates(p):
        c = discount * rate / p
        return shape / p * m.exp(c) * m.expint(shape + 1, c)

    if a >= 10**6 and r < 10**6:
        with mp.workdps(40):
            return [over_chances(a, stay, over_rates)]

    def integrand(t):
        tau = t / rate
        with mp.workdps(40):
            if shape > 10**5 and tau < mpf(1) / 10:
                f = m.hyp2f1(shape + 1, a, a + stay, -tau, maxterms=10**6)
            else:
                f = (1 + tau) ** -a * m.hyp2f1(a, a + stay - shape - 1, a + stay, tau / (1 + tau), maxterms=10**6)
            return m.exp(-discount * t) * f

    ends, last = [mpf(0), rate / (shape + 1) / 8], 80 / discount
    while ends[-1] < last:
        ends.append(ends[-1] * 4)
    with mp.workdps(20):
        return [shape / rate * m.quad(integrand, ends, method="gauss-legendre")]


def pmf(first, r, alpha, a, b, x, T, horizon, n):
    with mp.workdps(80):
        shape, rate, stay = r + x, alpha + T, b + x + first
        z = horizon / (rate + horizon)
        log_ways = m.loggamma(shape + n) - m.loggamma(shape) - m.loggamma(n + 1)
        term = m.exp(log_ways + n * m.log(z) + shape * m.log(1 - z))

        def passes(k):
            return m.exp(m.loggamma(stay + k) - m.loggamma(stay) - m.loggamma(a + stay + k) + m.loggamma(a + stay))

        if n == 0:
            return [term]
        at_least, k, exact = mpf(0), n, term
        while term > at_least * mpf(10) ** -40 or k < shape * z / (1 - z):
            at_least += term
            term *= z * (shape + k) / (k + 1)
            k += 1
        return [passes(n) * exact + (passes(n - 1) - passes(n)) * at_least]


# the population: r alpha a b
SHOPS = [
    (0.243, 4.414, 0.793, 2.426),  # CDNOW in weeks
    (0.525, 43.3, 0.891, 1.614),  # in days
    (0.25, 4.0, 1.0, 2.5),  # the removable singularity
    (0.25, 4.0, 1.0000000001, 2.5),
    (0.25, 4.0, 0.99999, 2.5),
    (1.7, 12.0, 0.3, 0.2),  # a + b < 1
    (1.7, 12.0, 0.7, 0.3),  # a + b = 1
    (0.05, 0.3, 0.01, 0.02),
    (0.9, 60.0, 2.0, 9.0),
    (3.0, 20.0, 40.0, 300.0),
    (0.6, 30.0, 1e8, 1e8),  # one chance to leave for all
    (0.6, 30.0, 1.3e10, 4.1e10),
    (0.6, 30.0, 1e-4, 3.0),  # hardly anybody leaves
    (2e6, 3e7, 0.8, 2.4),  # one rate for all
    (1e10, 1e12, 1e10, 1e11),
]

# the customer: x t_x T
CUSTOMERS = [
    (0, 0.0, 0.0),
    (0, 0.0, 38.857142857142854),
    (1, 1.7142857142857142, 38.857142857142854),
    (2, 30.43, 38.86),
    (7, 12.0, 700.0),
    (30, 690.0, 700.0),
    (200, 38.0, 40.0),
    (20000, 700.0, 730.0),
    (20000, 300.0, 730.0),
]

RUNAWAY = [  # steps that a search may take
    (1e-8, 1e8, 1e-8, 1e8),
    (1e13, 1e-5, 1e13, 1e13),
    (1e13, 1e13, 1e-13, 1e13),
    (1e-10, 1e-10, 1e13, 1e-10),
    (1e16, 1e18, 1e16, 3e16),
]


def number(value):
    return repr(value) if isinstance(value, float) and value != int(value) or abs(value) >= 1e15 else str(int(value))


def write(name, first):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".csv")
    chance = random.Random(20050424)
    points = []
    for shop in SHOPS + RUNAWAY:
        points += [(state, shop + customer) for customer in CUSTOMERS]
    for shop in SHOPS:
        for x, _, T in CUSTOMERS[:-1]:
            longer = 39.0 if x < 20000 else 2.0
            points += [(purchases, shop + (x, T, horizon)) for horizon in (0.001, longer)]
            last = round(longer * (shop[0] + x) / (shop[1] + T))
            points += [(pmf, shop + (x, T, longer, n)) for n in sorted({0, 1, 2, last // 3 + 3, last + 25})]
        points += [(residual, shop + (x, T, 0.0018)) for x, T in ((0, 0.0), (2, 38.86), (200, 40.0))]
    for shop in SHOPS[:2] + SHOPS[5:9]:
        points += [(purchases, shop + (0, 0.0, horizon)) for horizon in (1e3, 1e5, 1e7)]
        points += [(residual, shop + (1, 5.0, discount)) for discount in (1e-7, 10.0)]
    for shop in SHOPS[:10]:
        points += [(purchases, shop + (200, 40.0, 1e3)), (pmf, shop + (20000, 730.0, 1e3, 30))]
    points.append((residual, SHOPS[0] + (20000, 730.0, 0.0018)))
    points += [(residual, (0.25, 4.0, a, 2.5, 3, 20.0, 0.0)) for a in (1.0001, 2.0, 50.0)]
    for i in range(150):
        spread = ((-1, 1.5), (2, 2), (0, 2), (0.5, 2))
        shop = tuple(float("%.4g" % chance.lognormvariate(centre, sd)) for centre, sd in spread)
        x = int(chance.lognormvariate(1, 2))
        T = float("%.4g" % chance.uniform(5, 400))
        t_x = float("%.4g" % chance.uniform(0, T)) if x > 0 else 0.0
        horizon = float("%.4g" % chance.lognormvariate(4, 2))
        n = int(chance.expovariate(0.3 / (1 + horizon * (shop[0] + x) / (shop[1] + T))))
        points.append((state, shop + (x, t_x, T)))
        points.append((purchases, shop + (x, T, horizon)))
        points.append((pmf, shop + (x, T, horizon, n)))
        if i < 40:
            points.append((residual, shop + (x, T, float("%.4g" % chance.lognormvariate(-6, 1.5)))))
    with open(path, "w") as out:
        for what, arguments in points:
            values = what(first, *(mpf(argument) for argument in arguments))
            if what is pmf and values[0] < 1e-290:
                continue
            words = " ".join(number(argument) for argument in arguments)
            out.write("%s,%s,%s\n" % (what.__name__, words, " ".join(m.nstr(value, 20) for value in values)))


if __name__ == "__main__":
    write("bg_nbd", 0)
    write("mbg_nbd", 1)
