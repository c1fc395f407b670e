/* Integrals by a rule that patron itself does not use, to check its formulas by. */
#ifndef PTN_INTEGRAL_H
#define PTN_INTEGRAL_H

#include <assert.h>
#include <float.h>
#include <math.h>

/* Takahasi & Mori (1974), Double exponential formulas for numerical integration, Publ. RIMS 9: the trapezoidal
 * rule in t after x = (tanh(π/2 sinh t) + 1) / 2 of the interval, or x = a + exp(π/2 sinh t) without an end. */
typedef struct integrand {
    double (*f)(double x, const void *context);
    const void *context;
    double a, b;
} integrand;

/* The term f(x) dx/dt at t; 0 where x rounds to an end, and where parts of f overflow on the way to
 * infinity. */
static inline double term_at(const integrand *of, double t)
{
    double x, slope;
    if (isinf(of->b)) {
        const double from_a = exp(M_PI_2 * sinh(t));
        x = of->a + from_a;
        slope = M_PI_2 * cosh(t) * from_a;
    } else {
        const double u = exp(-M_PI * sinh(fabs(t))), length = of->b - of->a,
                     from_end = length * (u / (1 + u));
        x = t < 0 ? of->a + from_end : of->b - from_end;
        slope = length * M_PI * cosh(t) * (u / (1 + u) / (1 + u));
    }
    if (x == of->a || x == of->b || slope == 0)
        return 0;
    const double value = of->f(x, of->context);
    return isnan(value) && isinf(of->b) && x > 1e30 ? 0 : value * slope;
}

/* The integral of f over (a, b), b may be INFINITY, to relative tolerance `tolerance`: tanh-sinh or exp-sinh.
 * f is not asked at the ends. An end where f is singular does no harm at 0; elsewhere x cannot come closer to
 * it than its rounding, which costs digits (half of them for an inverse root): shift such an end to 0.
 * *error, when not NULL, receives the estimate of the absolute error. Takes 100 to 400 values of f as a rule;
 * 12,000 before it gives up. */
static inline double integrate(double (*f)(double x, const void *context), const void *context, double a,
                               double b, double tolerance, double *error)
{
    assert(isfinite(a) && a <= b);
    enum { LEVELS_MAX = 11, LEVELS_WHOLE = 3 };
    const integrand of = {.f = f, .context = context, .a = a, .b = b};
    const double t_max = 6.1; /* u and exp(π/2 sinh t) stay within double */
    double from = -t_max, to = t_max, sum = 0, absolute = 0, largest = 0, value = 0, change = INFINITY,
           estimate = INFINITY;
    double first = 0, last = 0; /* the t of the outermost terms that count */
    if (a == b) {
        estimate = 0;
        goto done;
    }
    for (int level = 0; level < LEVELS_MAX; level++) {
        const double h = ldexp(1, -level);
        const int odd = level > 0; /* even multiples of h were summed before */
        for (long k = (long)ceil(from / h); k <= (long)floor(to / h); k++) {
            if (odd && k % 2 == 0)
                continue;
            const double t = (double)k * h, term = term_at(&of, t);
            sum += term;
            absolute += fabs(term);
            if (fabs(term) > 1e-20 * largest) {
                largest = fmax(largest, fabs(term));
                first = fmin(first, t);
                last = fmax(last, t);
            }
        }
        const double before = value, change_before = change;
        value = sum * h;
        change = fabs(value - before);
        if (level < LEVELS_WHOLE)
            continue;
        if (level == LEVELS_WHOLE) {
            from = fmax(from, first - 4 * h);
            to = fmin(to, last + 4 * h);
        }
        /* each level about squares the error of the one before */
        estimate = change * fmin(1, change / change_before) + 4 * DBL_EPSILON * absolute * h;
        if (change == 0 || estimate <= tolerance * fabs(value) || !isfinite(value))
            break;
    }
done:
    if (error)
        *error = estimate;
    return value;
}

#endif
