/* Differences of log-gammas, formed before the large parts that cancel are. Three devices serve throughout:
 * arguments are raised to 10 or more by Γ(z + 1) = z Γ(z), all factors under one logarithm; logarithms of
 * quotients are log1p of the exact relative change; Stirling's series are subtracted term by term
 * (stirling.h). */
#include "math/gamma.h"

#include <math.h>
#include <stdbool.h>

#include "math/stirling.h"

enum { LARGE = 10, FEW = 16 };

static bool is_few(double x)
{
    return x <= FEW && x == floor(x);
}

/* For z >= 10, b = z + d: S(b) - S(z). */
static double stirling_difference(double z, double b, double d)
{
    const double v = 1 / b, w = 1 / z;
    double at_v;
    const double slope = ptn_stirling_slope(ptn_stirling_f, v * v, w * w, &at_v);
    return -(d * w) * v * (at_v + w * (v + w) * slope);
}

/* Same, z >= 10: ln Γ(z + x) - ln Γ(z) = (z - 1/2) ln(1 + x/z) + x (ln(z + x) - 1) + S(z + x) - S(z). */
static double large_ratio(double z, double x)
{
    return (z - 0.5) * log1p(x / z) + x * (log(z + x) - 1) + stirling_difference(z, z + x, x);
}

double ptn_lgamma_ratio(double a, double x)
{
    if (!(a > 0 && x >= 0))
        return NAN;
    if (x == 0)
        return 0;
    if (is_few(x) && a < 1e15) {
        double product = a;
        for (int j = 1; j < (int)x; j++)
            product *= a + j;
        return log(product);
    }
    if (a >= LARGE)
        return large_ratio(a, x);
    /* down from the large one by Π (1 + x / (a + j)) = 1 + excess; the first factor apart when it may
     * overflow */
    double excess = 0, z = a, first = 0;
    if (z < 1) {
        first = x / z < 1e300 ? log1p(x / z) : log(z + x) - log(z);
        z += 1;
    }
    for (; z < LARGE; z += 1) {
        const double step = x / z;
        excess += step + excess * step;
    }
    return (large_ratio(z, x) - log1p(excess)) - first;
}

double ptn_digamma_difference(double a, double x)
{
    if (!(a > 0 && x >= 0))
        return NAN;
    double sum = 0;
    if (is_few(x)) {
        for (int j = 0; j < (int)x; j++)
            sum += 1 / (a + j);
        return sum;
    }
    double z = a, b = a + x;
    for (; z < LARGE; z += 1, b += 1)
        sum += x / b / z;
    const double v = 1 / b, w = 1 / z;
    double at_v;
    const double slope = ptn_stirling_slope(ptn_stirling_h, v * v, w * w, &at_v);
    return sum + (log1p(x / z) + (x * w) * v * (0.5 + (v + w) * (at_v + slope * (w * w))));
}

/* Both large: Didonato & Morris (1992), ACM TOMS 18(3), section on ln B. */
static double large_lbeta(double a, double b)
{
    const double h = a / b, half_log_2pi = 0.91893853320467274178;
    const double errors = ptn_stirling_error(a) - stirling_difference(b, a + b, a);
    return (half_log_2pi - 0.5 * log(b) + errors) - (a - 0.5) * log1p(b / a) - b * log1p(h);
}

double ptn_lbeta(double a, double b)
{
    if (!(a > 0 && b > 0))
        return NAN;
    const double low = a < b ? a : b, high = a < b ? b : a;
    if (low >= LARGE)
        return large_lbeta(low, high);
    return ptn_lgamma(low) - ptn_lgamma_ratio(high, low);
}

/* ln [Γ(z) Γ(z + h + k) / (Γ(z + h) Γ(z + k))] >= 0 for h, k >= 0, with nothing that cancels: Γ is
 * log-convex. The recurrence's factors are 1 + hk / (z (z + h + k)); the large rest is, with L(t) = ln(1 +
 * t),
 *     h L(k / (z + h)) + k L(h / (z + k)) - (z - 1/2) L(hk / (z (z + h + k))) + the same difference of S. */
static double convexity(double z, double h, double k)
{
    if (h == 0 || k == 0)
        return 0;
    double excess = 0, first = 0;
    if (z < 1) {
        first = log1p(h / (z + h + k) * k / z);
        z += 1;
    }
    for (; z < LARGE; z += 1) {
        const double step = h / (z + h + k) * k / z;
        excess += step + excess * step;
    }
    const double zh = z + h, zk = z + k, zhk = z + h + k;
    const double main_part = h * log1p(k / zh) + k * log1p(h / zk) - (z - 0.5) * log1p(h / zhk * (k / z));
    /* S's first term in closed form, as it is the largest; the others from the side of the smaller step */
    const double first_term = h / zk * (k / zh) * ((z + zhk) / zhk) / z / 12;
    const double low = h < k ? h : k, base = h < k ? zk : zh;
    const double others = (stirling_difference(base, zhk, low) + low / base / zhk / 12)
                          - (stirling_difference(z, z + low, low) + low / z / (z + low) / 12);
    return first + log1p(excess) + (main_part + (first_term + others));
}

/* First u, then v: both steps lower B, so their sum does not cancel. */
double ptn_lbeta_ratio(double a, double b, double u, double v)
{
    if (!(a > 0 && b > 0 && u >= 0 && v >= 0))
        return NAN;
    return -convexity(a, b, u) - convexity(b, a + u, v);
}
