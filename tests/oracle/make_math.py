"""Writes tests/oracle/math.csv: the functions of core/math at exact points, valued by mpmath to 20 digits.

    pip install mpmath && python tests/oracle/make_math.py

Arguments are separated by spaces and exact: the shortest decimals that read back as the same doubles.
"""

import os

import mpmath as m
from mpmath import mp, mpf

mp.dps = 50
HALF = mpf(1) / 2


def lgamma(x):
    return m.loggamma(x)


def digamma(x):
    return m.digamma(x)


def trigamma(x):
    return m.polygamma(1, x)


def lgamma_ratio(a, x):
    with mp.workdps(120):
        return m.loggamma(a + x) - m.loggamma(a)


def digamma_difference(a, x):
    with mp.workdps(120):
        return m.digamma(a + x) - m.digamma(a)


def lbeta(a, b):
    with mp.workdps(120):
        return m.loggamma(a) + m.loggamma(b) - m.loggamma(a + b)


def lbeta_ratio(a, b, u, v):
    with mp.workdps(120):
        return lbeta(a + u, b + v) - lbeta(a, b)


def lower_gamma(a, x, digits):
    """P by its series of positive terms, DLMF 8.11.4."""
    with mp.workdps(digits):
        term = total = n = mpf(1)
        while term > total * mpf(10) ** -digits:
            term *= x / (a + n)
            total += term
            n += 1
        return total * m.exp(a * m.log(x) - x - m.loggamma(a + 1))


def less_from_one(complement):
    """1 - complement(digits), with digits until 30 are left."""
    digits = 60
    while True:
        with mp.workdps(digits):
            rest = 1 - complement(digits)
            if rest > mpf(10) ** (30 - digits):
                return rest
        digits *= 2


def gamma_p(a, x):
    return lower_gamma(a, x, 50)


def gamma_q(a, x):
    return less_from_one(lambda digits: lower_gamma(a, x, digits))


def lower_beta(a, b, x, y, digits):
    """I_x(a, b) by its series of positive terms, DLMF 8.17.8; x + y = 1."""
    with mp.workdps(digits):
        term = total = mpf(1)
        n = 0
        while term > total * mpf(10) ** -digits * y:
            term *= (a + b + n) / (a + 1 + n) * x
            total += term
            n += 1
        over_a_beta = m.loggamma(a + b) - m.loggamma(a + 1) - m.loggamma(b)
        return total * m.exp(a * m.log(x) + b * m.log(y) + over_a_beta)


def beta_pair(a, b, x, y):
    if x < 0.7:
        return lower_beta(a, b, x, y, 50)
    return less_from_one(lambda digits: lower_beta(b, a, y, x, digits))


def beta_i(a, b, x):
    with mp.workdps(100):
        y = 1 - x
    return beta_pair(a, b, x, y)


def normal_cdf(z):
    return m.erfc(-z / m.sqrt(2)) / 2


def normal_quantile(p):
    if p > 0.5:
        return -normal_quantile(1 - p)
    z = -m.sqrt(-2 * m.log(p)) if p < 0.1 else mpf(0)
    for _ in range(100):
        step = (normal_cdf(z) - p) * m.sqrt(2 * m.pi) * m.exp(z * z / 2)
        z -= step / (1 + z * step / 2)
        if abs(step) < mpf(10) ** -40:
            return z
    raise ArithmeticError(p)


def student_cdf(t, df):
    with mp.workdps(80):
        x, y = df / (df + t * t), t * t / (df + t * t)
        tail = beta_pair(df / 2, HALF, x, y) / 2
        return tail if t < 0 else 1 - tail


def student_quantile(p, df):
    if p > 0.5:
        return -student_quantile(1 - p, df)
    low, high = mpf(-60), mpf(2)  # of ln |t|
    excess = lambda s: m.log(student_cdf(-m.exp(s), df) / p)
    while excess(high) > 0:
        high *= 2
    return -m.exp(m.findroot(excess, (low, high), solver="illinois", tol=1e-35, maxsteps=400, verify=False))


def log1p_minus(t):
    with mp.workdps(100):
        return m.log(1 + t) - t


def expm1_over(k, z):
    with mp.workdps(700):
        return (m.exp(k * z) - 1) / k if k else z


def grid(*axes):
    points = [()]
    for axis in axes:
        points = [point + (value,) for point in points for value in axis]
    return points


SPREAD = [1e-300, 1e-100, 1e-20, 1e-8, 3e-5, 0.001, 0.02, 0.243, 0.4999, 0.5, 0.77, 0.999, 0.9999999, 1.0,
          1.0000001, 1.01, 1.25, 1.4616321449683622, 1.47, 1.5, 1.9999, 2.0, 2.00001, 2.4999, 2.5, 3.0, 3.7, 5.5,
          7.25, 9.5, 9.9999, 10.0, 10.3, 14.0, 33.3, 100.5, 1234.5, 1e5, 1e7, 1.5e9, 1e12, 1e15]
A = [1e-300, 1e-8, 1e-3, 0.243, 0.55, 1.0, 1.7, 4.4, 9.99, 10.0, 33.0, 1e3, 1e6, 1e9, 1e12]
X = [1e-9, 1e-3, 0.5, 1.0, 2.0, 3.0, 7.0, 11.5, 16.0, 17.0, 200.0, 12345.0, 1e7]
P = [1e-300, 1e-100, 1e-20, 1e-11, 1e-5, 0.01, 0.0749, 0.0751, 0.2, 0.4, 0.499999, 0.51, 0.75, 0.9249, 0.95, 0.999,
     0.9999999]

CASES = [
    (lgamma, grid(SPREAD)),
    (digamma, grid(SPREAD)),
    (trigamma, grid(SPREAD[1:])),
    (lgamma_ratio, grid(A, X)),
    (digamma_difference, grid(A, X)),
    (lbeta, [(a, b) for a, b in grid(A, A) if a <= b]),
    (lbeta_ratio, grid([1e-8, 0.4, 1.0, 7.5, 1e3, 1e10], [1e-8, 0.79, 2.4, 1e4, 1e10],
                       [0.0, 1.0, 30.0], [0.0, 1.0, 2.5, 1e4])),
    (gamma_p, [(a, a * k) for a, k in grid([1e-8, 0.01, 0.5, 1.0, 3.3, 9.9, 10.0, 80.0, 1e3, 9999.0],
                                           [1e-6, 0.1, 0.7, 0.97, 1.0, 1.01, 1.5, 4.0])
               if a * k > a - 30 * a ** 0.5]
     + [(1e4, 9400.0), (1e4, 1e4), (1e4, 10123.0), (2e4, 17000.0), (1e6, 999000.0), (1e6, 1002000.0)]),
    (gamma_q, grid([1e-8, 0.01, 0.5, 0.99], [1e-9, 0.2, 1.0, 1.09, 1.1, 3.0, 40.0, 600.0])
     + [(a, a * k) for a, k in grid([1.0, 3.3, 9.9, 10.0, 80.0, 1e3, 9999.0], [0.1, 0.9, 1.0, 1.1, 1.4, 8.0])
        if a * (k - 1 - m.log(k)) < 660]
     + [(1e4, 10500.0), (1e4, 13000.0), (1e6, 1002000.0), (1e6, 1012000.0)]),
    (beta_i, grid([1e-8, 0.3, 1.0, 2.5, 9.0, 11.0, 100.0], [1e-8, 0.2, 1.0, 3.0, 12.0, 100.0],
                  [0.002, 0.01, 0.3, 0.5, 0.9, 0.9999])
     + [(1e4, 1e4, 0.49), (1e4, 1e4, 0.5), (1e4, 3e4, 0.26), (5.0, 1e6, 6e-6), (1e6, 5.0, 0.999999),
        (0.5, 1e6, 1e-6)]),
    (normal_cdf, grid([-36.0, -20.0, -8.0, -3.0, -1.0, -0.1, 0.0, 1e-9, 0.5, 2.0, 6.0, 9.0])),
    (normal_quantile, grid(P)),
    (student_cdf, grid([-1e6, -30.0, -4.0, -1.0, -1e-3, 0.3, 2.0, 25.0], [0.1, 1.0, 2.0, 3.5, 30.0, 1e3])),
    (student_quantile, grid([1e-12, 0.001, 0.1, 0.24, 0.26, 0.4, 0.499999, 0.6, 0.9, 0.995],
                            [0.3, 1.0, 2.0, 4.0, 17.5, 1e3])),
    (log1p_minus, grid([-0.999, -0.51, -0.49, -0.1, -1e-9, 1e-12, 1e-5, 0.3, 0.99, 1.01, 50.0, 1e9])),
    (expm1_over, grid([-3.0, -1e-4, -1e-7, -1e-300, 0.0, 1e-12, 1e-5, 0.2], [1e-8, 0.5, 1.0, 90.0])),
]


def write(path, cases):
    with open(path, "w") as out:
        out.write("function,arguments,value\n")
        for function, points in cases:
            for point in points:
                value = function(*map(mpf, point))
                out.write(f"{function.__name__},{' '.join(map(repr, point))},{m.nstr(value, 20)}\n")


if __name__ == "__main__":
    write(os.path.join(os.path.dirname(os.path.abspath(__file__)), "math.csv"), CASES)
