"""Oracle values for Pareto/NBD: writes pareto_nbd.csv beside this file.  Needs mpmath.

Every number is an integral over the leaving time, as the model is defined (Schmittlein, Morrison & Colombo 1987), in 30
digits: no hypergeometric function, no closed form, no integration by parts, so nothing is shared with the C code but the
definition. Derivatives are by the logs of the parameters. An empty field: too small (below 1e-60) or infinite.
"""
import os

import mpmath as mp

mp.mp.dps = 30
HERE = os.path.dirname(os.path.abspath(__file__))

PARAMETERS = [  # r, alpha, s, beta
    ("0.55328", "10.57768", "0.60624", "11.66874"),  # CDNOW, weeks
    ("0.553", "74", "0.606", "82"),  # the same in days
    ("2", "6", "1", "400"),  # s = 1
    ("1.5", "40", "1.000000001", "30"),  # next to it
    ("0.001", "3", "0.5", "200"),  # tiny r
    ("0.4", "1000", "0.3", "0.01"),  # leaving at once, or late
    ("0.7", "0.02", "3", "5000"),  # buying at once
    ("30", "2", "50", "3"),
    ("1.2", "20", "1e-9", "100"),  # next to nobody leaves
    ("0.8", "50", "1e10", "2e12"),  # everybody leaves at the same rate
    ("1e10", "4e11", "0.7", "60"),  # everybody buys at the same rate
    ("1e12", "1e13", "1e11", "3e13"),  # both
    ("1.3", "60", "1e10", "1e9"),  # leaving almost at once
]
STATES = [  # x, t_x, T
    ("0", "0", "0"),
    ("0", "0", "39"),
    ("0", "0", "730"),
    ("1", "1", "1"),
    ("1", "0.001", "500"),
    ("2", "30.43", "38.86"),
    ("7", "12.5", "400"),
    ("50", "300", "365"),
    ("200", "38", "40"),
    ("127", "365", "730"),
    ("1000", "700", "730"),
    ("20000", "100", "100.5"),
    ("20000", "700", "1400"),
    ("500000", "3000", "3650"),
]
HORIZON, DISCOUNT = "365", "0.00026"


def pieces(fall, end, peak=None, width=None):
    """Where to cut 0..end so that mpmath's rule sees a smooth function in each piece."""
    cuts = [mp.mpf(0)]
    for level in (0.25, 1, 4, 12, 40, 95):
        low, high = mp.mpf(0), end
        if fall(end) <= level:
            break
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if fall(middle) < level else (low, middle)
        cuts.append(high)
    if fall(end) <= 95 or peak is not None:
        cuts.append(end)
    if peak is not None:
        cuts = [mp.mpf(0), end] + [peak + k * width for k in (-60, -28, -14, -7, -3.5, -1.5, 0, 1.5, 3.5, 7, 14, 28, 60, 130)]
    cuts = sorted({c for c in cuts if 0 <= c <= end})
    widest = mp.mpf(2)  # by the logarithmic clock
    fine = [cuts[0]]
    for c in cuts[1:]:
        parts = int(mp.ceil((c - fine[-1]) / widest))
        start = fine[-1]
        fine += [start + (c - start) * (k + 1) / parts for k in range(parts)]
    return fine


def integral(f, cuts):
    return mp.fsum(mp.quad(f, [a, b], method="gauss-legendre") for a, b in zip(cuts, cuts[1:]))


class Clock:
    """Time u since `start`, by v = ln(1 + u / near)."""

    def __init__(self, p, x, start):
        self.r, self.alpha, self.s, self.beta = p
        self.buy, self.a, self.b = self.r + x, self.alpha + start, self.beta + start
        self.near = min(self.a, self.b)

    def u(self, v):
        return self.near * mp.expm1(v)

    def v(self, u):
        return mp.log1p(u / self.near)

    def fall(self, u):
        return self.buy * mp.log1p(u / self.a) + self.s * mp.log1p(u / self.b)

    def density(self, v):
        """Chance to have neither bought nor left, × leaving rate, by v."""
        u = self.u(v)
        return mp.exp(-self.fall(u)) * self.s / (self.b + u) * (self.near + u)


def past(p, x, t_x, T):
    """ln likelihood, its derivatives by log parameters, chance to be a customer still."""
    r, alpha, s, beta = p
    c = Clock(p, x, t_x)
    cuts = pieces(lambda v: c.fall(c.u(v)), c.v(T - t_x)) if T > t_x else [mp.mpf(0)]
    kept = mp.exp(-c.fall(T - t_x))
    left = integral(c.density, cuts)
    either = kept + left

    def mean(of, of_leaving=None):
        """Mean of a function of the time of the end of the silence: T, or when they left."""
        under = integral(lambda v: c.density(v) * (of(t_x + c.u(v)) + (of_leaving(t_x + c.u(v)) if of_leaving else 0)), cuts)
        return (kept * of(T) + under) / either

    log_rising = mp.loggamma(r + x) - mp.loggamma(r)
    value = log_rising - x * mp.log(alpha) - (r + x) * mp.log1p(t_x / alpha) - s * mp.log1p(t_x / beta) + mp.log(either)
    by_r = r * (mp.digamma(r + x) - mp.digamma(r) - mean(lambda y: mp.log1p(y / alpha)))
    by_alpha = -x + (r + x) * mean(lambda y: y / (alpha + y))
    by_s = s * mean(lambda y: -mp.log1p(y / beta), lambda y: 1 / s)
    by_beta = mean(lambda y: s * y / (beta + y), lambda y: -beta / (beta + y))
    return [value, by_r, by_alpha, by_s, by_beta, kept / either]


def purchases(p, x, T, horizon):
    c = Clock(p, x, T)
    end = c.v(horizon)
    cuts = [end * k / 16 for k in range(17)]
    alive = lambda v: (c.near + c.u(v)) * mp.exp(-c.s * mp.log1p(c.u(v) / c.b))
    if c.s * mp.log1p(horizon / c.b) > 90:
        cuts = pieces(lambda v: c.s * mp.log1p(c.u(v) / c.b), end)
    return c.buy / c.a * integral(alive, cuts)


def residual(p, x, T, discount):
    c = Clock(p, x, T)
    fall = lambda v: c.s * mp.log1p(c.u(v) / c.b) + discount * c.u(v)
    end = c.v(200 / discount)
    cuts = pieces(fall, end)
    return c.buy / c.a * integral(lambda v: (c.near + c.u(v)) * mp.exp(-fall(v)), cuts)


def chance(p, x, T, horizon, n):
    """P(n purchases within the horizon | a customer at T)."""
    c = Clock(p, x, T)
    ways = mp.loggamma(c.buy + n) - mp.loggamma(c.buy) - mp.loggamma(n + 1)
    term = lambda u: mp.exp(ways - c.fall(u) + (n * mp.log(u / (c.a + u)) if n else 0)) if u > 0 or n == 0 else mp.mpf(0)
    end = c.v(horizon)
    if n == 0:
        cuts = pieces(lambda v: c.fall(c.u(v)), end)
    else:  # the peak of the integrand in v, and its width there
        log_term = lambda v: n * mp.log(c.u(v) / (c.a + c.u(v))) - c.fall(c.u(v)) + mp.log(c.near + c.u(v)) - mp.log(c.b + c.u(v))
        low, high = mp.mpf("1e-30") * end, end
        for _ in range(130):  # rising below, falling above
            middle = (low + high) / 2
            h = middle * mp.mpf("1e-15")
            low, high = (middle, high) if log_term(middle + h) > log_term(middle - h) else (low, middle)
        h = low * mp.mpf("1e-10")
        curvature = -(log_term(low + h) - 2 * log_term(low) + log_term(low - h)) / h**2
        slope = abs(log_term(end) - log_term(end * (1 - mp.mpf("1e-12")))) / (end * mp.mpf("1e-12"))
        width = 1 / mp.sqrt(max(curvature, mp.mpf("1e-30"))) if high < end * (1 - mp.mpf("1e-20")) else 4 / max(slope, 1 / end)
        cuts = pieces(lambda v: mp.mpf(0), end, low, min(width, end / 3))
    density = lambda v: term(c.u(v)) * c.s / (c.b + c.u(v)) * (c.near + c.u(v))
    return term(horizon) + integral(density, cuts)


def show(value, small=mp.mpf("1e-60")):
    return "" if value is None or abs(value) < small else mp.nstr(value, 17)


def main():
    horizon, discount = mp.mpf(HORIZON), mp.mpf(DISCOUNT)
    with open(os.path.join(HERE, "pareto_nbd.csv"), "w") as out:
        out.write("r,alpha,s,beta,x,t_x,T,log_likelihood,by_r,by_alpha,by_s,by_beta,p_alive,horizon,discount,"
                  "purchases,residual,n1,pmf1,n2,pmf2,n3,pmf3\n")
        for parameters in PARAMETERS:
            p = [mp.mpf(v) for v in parameters]
            for state in STATES:
                x, t_x, T = [mp.mpf(v) for v in state]
                values = past(p, x, t_x, T)
                expected = purchases(p, x, T, horizon)
                counts = sorted({0, max(1, int(expected / 2)), int(min(expected * 2 + 3, 40000))})
                counts += [counts[-1]] * (3 - len(counts))
                row = list(parameters) + list(state) + [mp.nstr(v, 17) for v in values[:5]] + [show(values[5], mp.mpf("1e-300"))]
                row += [HORIZON, DISCOUNT, show(expected), show(residual(p, x, T, discount))]
                for n in counts:
                    row += [str(n), show(chance(p, x, T, horizon, n))]
                out.write(",".join(row) + "\n")
                out.flush()


if __name__ == "__main__":
    main()
