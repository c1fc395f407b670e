#include "math/logspace.h"

#include <math.h>

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
