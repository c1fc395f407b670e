/* The regularised incomplete gamma and beta functions. Whichever of the two complements is the smaller is
 * computed without subtracting it from 1. */
#include "math/gamma.h"

#include <float.h>
#include <math.h>

#include "math/logspace.h"

/* A continued fraction b0 + a1 / (b1 + a2 / (b2 + …)) from the front: Lentz's method, Thompson & Barnett
 * (1986). */
typedef struct fraction {
    double value, c, d;
} fraction;

static double not_zero(double x)
{
    return fabs(x) < 1e-300 ? 1e-300 : x;
}

static fraction fraction_start(double b0)
{
    return (fraction){.value = not_zero(b0), .c = not_zero(b0), .d = 0};
}

/* Takes the next a and b; true once the value no longer changes. */
static int fraction_step(fraction *f, double a, double b)
{
    f->d = 1 / not_zero(b + a * f->d);
    f->c = not_zero(b + a / f->c);
    const double change = f->c * f->d;
    f->value *= change;
    return fabs(change - 1) < DBL_EPSILON / 2;
}

enum { STEPS_MAX = 10000000 };

/* ---- gamma ---- */

/* x^a e^-x / Γ(a + 1). */
static double gamma_front(double a, double x)
{
    if (a < 10 && x > 100)
        return exp(a * log(x) - x - ptn_lgamma1p(a));
    if (a < 10)
        return pow(x, a) * exp(-x - ptn_lgamma1p(a));
    const double change = (x - a) / a; /* a (ln(x/a) + 1 - x/a) is a (ln(1 + change) - change) */
    const double exponent = change > -0.5 ? a * ptn_log1p_minus(change) : a * (log(x / a) - change);
    return exp(exponent - ptn_stirling_error(a)) / sqrt(2 * M_PI * a);
}

/* P for x < a or so: DLMF 8.11.4. */
static double gamma_series(double a, double x)
{
    double term = 1, sum = 1;
    for (double n = 1; term > sum * (DBL_EPSILON / 8); n++) {
        term *= x / (a + n);
        sum += term;
    }
    return gamma_front(a, x) * sum;
}

/* Q for x > a or so: DLMF 8.9.2, contracted. */
static double gamma_fraction(double a, double x)
{
    fraction f = fraction_start(x + 1 - a);
    for (double n = 1; n < STEPS_MAX; n++)
        if (fraction_step(&f, n * (a - n), x + 1 - a + 2 * n))
            break;
    return gamma_front(a, x) * a / f.value;
}

/* Q for a < 1, x about 1 at most: P = (1 + e)(1 - j) with both e and j small when a is. */
static double gamma_q_small(double a, double x)
{
    const double e = expm1(a * log(x) - ptn_lgamma1p(a));
    double power = 1, sum = 0;
    for (int n = 1; n < 40; n++) { /* x^40 / 40! is below 1e-44 */
        power *= -x / n;
        sum += power / (a + n);
    }
    const double j = -a * sum;
    return (1 + e) * j - e;
}

enum { UNIFORM_FROM = 10000 };

/* For a >= 10000, where the series need √a terms: Temme (1979), The asymptotic expansion of the incomplete
 * gamma functions, SIAM J. Math. Anal. 10(4); DLMF 8.12.7-12. η²/2 = x/a - 1 - ln(x/a), η has the sign of x -
 * a. Coefficients of η^n / a^k by the recurrence DLMF 8.12.12. Beyond |η| = 0.4 the smaller of P and Q is
 * below 1e-340. */
static double gamma_uniform(double a, double x, int upper)
{
    static const double c0[] = {
        -0.333333333333333333,    0.0833333333333333333,    -0.0148148148148148148,
        0.00115740740740740741,   0.0003527336860670194,    -0.000178755144032921811,
        0.0000391926317852243778, -2.18544851067999216e-6,  -1.85406221071515996e-6,
        8.29671134095308601e-7,   -1.76659527368260793e-7,  6.70785354340149858e-9,
        1.0261809784240308e-8,    -4.38203601845335319e-9,  9.14769958223679023e-10,
        -2.55141939949462498e-11, -5.83077213255042507e-11, 2.43619480206674162e-11,
    };
    static const double c1[] = {
        -0.00185185185185185185, -0.00347222222222222222, 0.0026455026455026455,     -0.000990226337448559671,
        0.000205761316872427984, -4.01877572016460905e-7, -0.0000180985503344899778, 7.64916091608111008e-6,
        -1.6120900894563446e-6,  4.64712780280743434e-9,  1.37863344691572096e-7,    -5.75254560351770496e-8,
        1.19516285997781473e-8,
    };
    static const double c2[] = {
        0.0041335978835978836,     -0.00268132716049382716,  0.000771604938271604938,
        2.00938786008230453e-6,    -0.000107366532263651605, 0.0000529234488291201254,
        -0.0000127606351886187277, 3.42357873409613807e-8,   1.37219573090629332e-6,
    };
    static const double c3[] = {0.000649434156378600823, 0.000229472093621399177, -0.000469189494395255712,
                                0.000267720632062838853, -0.0000756180167188397641};
    static const struct {
        const double *c;
        int n;
    } series[] = {{c3, 5}, {c2, 9}, {c1, 13}, {c0, 18}};

    const double change = (x - a) / a;
    const double half_square = change > -0.5 && change < 0.5 ? -ptn_log1p_minus(change) : 1; /* η²/2 */
    const double side = upper ? 1 : -1;
    if (half_square > 0.08)
        return side * change < 0;
    const double eta = copysign(sqrt(2 * half_square), change);
    double sum = 0;
    for (int k = 0; k < 4; k++) {
        double at_eta = 0;
        for (int n = series[k].n - 1; n >= 0; n--)
            at_eta = at_eta * eta + series[k].c[n];
        sum = sum / a + at_eta;
    }
    const double rest = exp(-a * half_square) / sqrt(2 * M_PI * a) * sum;
    return 0.5 * erfc(side * eta * sqrt(a / 2)) + side * rest;
}

static double gamma_part(double a, double x, int upper)
{
    if (!(a > 0 && x >= 0) || isinf(a))
        return NAN;
    if (x == 0 || isinf(x))
        return (x > 0) != upper;
    if (a >= UNIFORM_FROM)
        return gamma_uniform(a, x, upper);
    if (a < 1 && x < 1.1)
        return upper ? gamma_q_small(a, x) : gamma_series(a, x);
    if (x < a)
        return upper ? 1 - gamma_series(a, x) : gamma_series(a, x);
    return upper ? gamma_fraction(a, x) : 1 - gamma_fraction(a, x);
}

double ptn_gamma_p(double a, double x)
{
    return gamma_part(a, x, 0);
}

double ptn_gamma_q(double a, double x)
{
    return gamma_part(a, x, 1);
}

/* ---- beta: Didonato & Morris (1992), ACM TOMS 18(3), "Algorithm 708" ---- */

/* a y - b x, which is 0 at the mean, where its digits decide. The smaller of x and y is right to its last
 * digit, the larger only to its own, so the remainder of 1 that the larger has lost is added. */
static double beta_lambda(double a, double b, double x, double y)
{
    const double bx = b * x, bx_rest = fma(b, x, -bx), main_part = fma(a, y, -bx) - bx_rest;
    return x < y ? main_part + a * ((1 - y) - x) : main_part - b * ((1 - x) - y);
}

static double log_of(double x, double y)
{
    return x > 0.5 ? log1p(-y) : log(x);
}

/* x^a y^b / B(a, b). */
static double beta_front(double a, double b, double x, double y, double lambda)
{
    if (a < 10 || b < 10)
        return exp(a * log_of(x, y) + b * log_of(y, x) - ptn_lbeta(a, b));
    /* x / mean = 1 - λ/a, y / (1 - mean) = 1 + λ/b */
    const double s = -lambda / a, t = lambda / b;
    const double from_x = s > -0.5 ? ptn_log1p_minus(s) : log(x) + log1p(b / a) - s;
    const double from_y = t > -0.5 ? ptn_log1p_minus(t) : log(y) + log1p(a / b) - t;
    const double errors = ptn_stirling_error(a) + ptn_stirling_error(b) - ptn_stirling_error(a + b);
    return exp(a * from_x + b * from_y - errors) * sqrt(a / (a + b) * (b / (2 * M_PI)));
}

/* I for x below the mean or so: their equation 9. */
static double beta_fraction(double a, double b, double x, double y, double lambda)
{
    fraction f = fraction_start(a / (a + 1) * (lambda + 1));
    for (double n = 1; n < STEPS_MAX; n++) {
        const double m = a + 2 * n - 1, w = n * (b - n) * x / m;
        const double alpha = (a + (n - 1)) / m * (a + b + (n - 1)) * x * w;
        const double beta = n + w + (a + n) / (m + 2) * (lambda + 1 + n * (1 + y));
        if (fraction_step(&f, alpha, beta))
            break;
    }
    return beta_front(a, b, x, y, lambda) / f.value;
}

/* 1 - I_y(b, a) for b < 1 and a y small: I_y = (1 + e)(1 + j), both small when b is. */
static double beta_complement_small(double a, double b, double y)
{
    const double e = expm1(b * log(y) + ptn_lgamma_ratio(a, b) - ptn_lgamma1p(b));
    double term = 1, sum = 0;
    for (int n = 1; n < 1000; n++) {
        term *= (n - a) / n * y;
        const double part = term / (b + n);
        sum += part;
        if (fabs(part) < fabs(sum) * (DBL_EPSILON / 8))
            break;
    }
    const double j = b * sum;
    return -e - (1 + e) * j;
}

double ptn_beta_i_pair(double a, double b, double x, double y)
{
    if (!(a > 0 && b > 0 && x >= 0 && y >= 0) || isinf(a) || isinf(b))
        return NAN;
    if (x == 0 || y == 0)
        return x > 0;
    const double lambda = beta_lambda(a, b, x, y);
    const int below = a < 1 || b < 1 ? x <= (a + 1) / (a + b + 2) : lambda >= 0;
    if (below)
        return beta_fraction(a, b, x, y, lambda);
    if (b < 1)
        return beta_complement_small(a, b, y);
    return 1 - beta_fraction(b, a, y, x, -lambda);
}

double ptn_beta_i(double a, double b, double x)
{
    if (!(x >= 0 && x <= 1))
        return NAN;
    return ptn_beta_i_pair(a, b, x, 1 - x);
}
