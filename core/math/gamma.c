/* ln Γ and its first two derivatives. */
#include "math/gamma.h"

#include <math.h>

#include "math/stirling.h"

/* ln Γ(2 + t) / t on [-1/2, 1/2]: Chebyshev series of degree 18 in powers of t; relative error 2.3e-18
 * (mpmath). */
static double near_two(double t)
{
    static const double c[] = {
        0.42278433509846713945,     0.32246703342411323585,      -0.067352301053198139913,
        0.020580808427780335431,    -0.0073855510286680962112,   0.0028905103310367721293,
        -0.0011927539120033872876,  0.0005096695153484373136,    -0.00022315475069647702848,
        0.000099457674400967637858, -0.000044926351667703417736, 0.000020505584372896931277,
        -9.4384548840547226928e-6,  4.3847319318293745255e-6,    -2.0449353231800520522e-6,
        9.1998980756713946658e-7,   -4.3032346929567318789e-7,   2.7880013392491844941e-7,
        -1.3415702734600259796e-7,
    };
    double sum = 0;
    for (int k = (int)(sizeof c / sizeof *c) - 1; k >= 0; k--)
        sum = sum * t + c[k];
    return t * sum;
}

double ptn_stirling_error(double x)
{
    if (!(x > 0))
        return NAN;
    if (x >= 10)
        return ptn_stirling_sum(ptn_stirling_f, 1 / x / x) / x;
    return ptn_lgamma(x) - ((x - 0.5) * log(x) - x + 0.5 * log(2 * M_PI));
}

double ptn_lgamma1p(double t)
{
    if (t < 0.5)
        return t >= -0.5 ? near_two(t) - log1p(t) : ptn_lgamma(1 + t);
    return t < 1.5 ? near_two(t - 1) : ptn_lgamma(1 + t);
}

double ptn_lgamma(double x)
{
    if (!(x > 0))
        return x == 0 ? INFINITY : NAN;
    if (x < 0.5)
        return ptn_lgamma1p(x) - log(x);
    if (x < 2.5)
        return ptn_lgamma1p(x - 1);
    if (x < 10) {
        double product = 1;
        while (x >= 2.5) { /* exact: x is below 16 */
            x -= 1;
            product *= x;
        }
        return near_two(x - 2) + log(product);
    }
    const double half_log_2pi_less_half = 0.41893853320467274178;
    return (x - 0.5) * (log(x) - 1) + half_log_2pi_less_half + ptn_stirling_error(x);
}

/* Summed as a difference from ψ's root x0: every term has the sign of x - x0, so that nothing cancels. */
double ptn_digamma(double x)
{
    if (!(x > 0))
        return x == 0 ? -INFINITY : NAN;
    if (x >= 10) {
        const double v = 1 / x;
        return log(x) - v * (0.5 + v * ptn_stirling_sum(ptn_stirling_h, v * v));
    }
    const double root = 1.4616321449683622458, root_rest = 9.5499954299656977e-17;
    const double d = (x - root) - root_rest;
    double sum = 0, z = root, y = x;
    for (; z < 10; z += 1, y += 1)
        sum += d / z / y;
    const double v = 1 / y, w = 1 / z, step = -d * v * w; /* v - w */
    double at_v;
    const double slope = ptn_stirling_slope(ptn_stirling_h, v * v, w * w, &at_v);
    const double rest =
        0.5 + (v + w) * (at_v + slope * (w * w)); /* (v/2 + v²h(v²) - w/2 - w²h(w²)) / (v - w) */
    return sum + (log1p(d / z) - step * rest);
}

double ptn_trigamma(double x)
{
    static const double b[PTN_STIRLING_TERMS] = {1.0 / 6,  -1.0 / 30,     1.0 / 42, -1.0 / 30, /* B_2k */
                                                 5.0 / 66, -691.0 / 2730, 7.0 / 6,  -3617.0 / 510};
    if (!(x > 0))
        return x == 0 ? INFINITY : NAN;
    double sum = 0;
    for (; x < 10; x += 1)
        sum += 1 / x / x;
    const double v = 1 / x;
    return sum + v * (1 + v * (0.5 + v * ptn_stirling_sum(b, v * v)));
}
