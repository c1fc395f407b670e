#include "math/logspace.h"

#include <math.h>

double ptn_log_add_exp(double a, double b)
{
    const double high = a > b ? a : b, low = a > b ? b : a;
    if (isnan(a) || isnan(b))
        return NAN;
    if (isinf(high)) /* also both -inf, whose difference would be NaN */
        return high;
    return high + log1p(exp(low - high));
}

double ptn_log_sub_exp(double a, double b)
{
    if (b == -INFINITY)
        return a;
    if (a == b)
        return -INFINITY;
    return a + ptn_log1m_exp(b - a);
}

/* Mächler (2012), Accurately computing log(1 - exp(-|a|)): the switch at ln 2. */
double ptn_log1m_exp(double a)
{
    return a > -M_LN2 ? log(-expm1(a)) : log1p(-exp(a));
}

double ptn_log_sum_exp(const double *a, size_t n)
{
    double high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (isnan(a[i]))
            return NAN;
        high = a[i] > high ? a[i] : high;
    }
    if (isinf(high))
        return high;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += exp(a[i] - high);
    return high + log(sum);
}

/* With r = t / (2 + t): ln(1 + t) = 2 artanh r and t - 2 r = t r, so the difference is r (2 (r²/3 + r⁴/5 + …)
 * - t). */
double ptn_log1p_minus(double t)
{
    if (!(t > -0.5 && t < 1))
        return log1p(t) - t;
    const double r = t / (2 + t), q = r * r; /* q <= 1/9 */
    double sum = 0;
    for (int k = 35; k >= 3; k -= 2)
        sum = sum * q + 1.0 / k;
    return r * (2 * q * sum - t);
}

double ptn_expm1_over(double k, double z)
{
    const double kz = k * z;
    if (fabs(kz) < 1e-5) /* the next term is below 1e-16; k may be 0 or tiny */
        return z * (1 + kz * (0.5 + kz * (1.0 / 6)));
    return expm1(kz) / k;
}
