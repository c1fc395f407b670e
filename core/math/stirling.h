#ifndef PTN_STIRLING_H
#define PTN_STIRLING_H

/* Stirling's series: for z >= 10,
 *     ln Γ(z) = (z - 1/2) ln z - z + ln(2π)/2 + S(z),   S(z) = v f(v²),   v = 1/z,
 *     ψ(z)    = ln z - v/2 - h(v²) v²,
 * f and h being power series in the Bernoulli numbers (Abramowitz & Stegun 6.1.40, 6.3.18). Cut after eight
 * terms the error is below 2e-18 at z = 10. */

enum { PTN_STIRLING_TERMS = 8 };

static const double ptn_stirling_f[PTN_STIRLING_TERMS] = {
    1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680, /* B_2k / (2k (2k - 1)) */
    1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400,
};

static const double ptn_stirling_h[PTN_STIRLING_TERMS] = {
    1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240, /* B_2k / 2k */
    1.0 / 132, -691.0 / 32760, 1.0 / 12,  -3617.0 / 8160,
};

static inline double ptn_stirling_sum(const double *c, double q)
{
    double sum = c[PTN_STIRLING_TERMS - 1];
    for (int k = PTN_STIRLING_TERMS - 2; k >= 0; k--)
        sum = sum * q + c[k];
    return sum;
}

/* (sum(p) - sum(q)) / (p - q), free of cancellation, and sum(p) in *at_p: Horner's rule with divided
 * differences. */
static inline double ptn_stirling_slope(const double *c, double p, double q, double *at_p)
{
    double sum = c[PTN_STIRLING_TERMS - 1], slope = 0;
    for (int k = PTN_STIRLING_TERMS - 2; k >= 0; k--) {
        slope = slope * q + sum;
        sum = sum * p + c[k];
    }
    *at_p = sum;
    return slope;
}

#endif
