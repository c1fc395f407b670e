/* The distribution functions of the standard normal and of Student's t, and their inverses. */
#include "math/gamma.h"

#include <math.h>

double ptn_normal_cdf(double z)
{
    return 0.5 * erfc(-z * M_SQRT1_2);
}

/* Sum of c[i] x^i for i < 8. */
static double polynomial(const double *c, double x)
{
    return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
}

/* Wichura (1988), Algorithm AS 241, Applied Statistics 37(3), PPND16: about 1e-16 relative. */
double ptn_normal_quantile(double p)
{
    static const double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                               1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                               3.3430575583588128105e4, 2.5090809287301226727e3};
    static const double b[] = {1,
                               4.2313330701600911252e1,
                               6.8718700749205790830e2,
                               5.3941960214247511077e3,
                               2.1213794301586595867e4,
                               3.9307895800092710610e4,
                               2.8729085735721942674e4,
                               5.2264952788528545610e3};
    static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                               3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1,
                               2.05319162663775882187e0,
                               1.67638483018380384940e0,
                               6.89767334985100004550e-1,
                               1.48103976427480074590e-1,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};
    static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    if (!(p >= 0 && p <= 1))
        return NAN;
    const double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        const double s = 0.180625 - q * q;
        return q * polynomial(a, s) / polynomial(b, s);
    }
    const double tail = q < 0 ? p : 1 - p;
    if (tail == 0)
        return copysign(INFINITY, q);
    const double r = sqrt(-log(tail));
    const double z = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6)
                            : polynomial(e, r - 5) / polynomial(f, r - 5);
    return copysign(z, q);
}

/* P(|t| beyond this one, on one side) for t > 0, df finite. */
static double student_tail(double t, double df)
{
    const double r = t / sqrt(df), q = r * r;
    if (r > 1e9) /* the first term of the series; r² may be beyond double */
        return 0.5 * exp(-df * log(r) - log(df / 2) - ptn_lbeta(df / 2, 0.5));
    return 0.5 * ptn_beta_i_pair(df / 2, 0.5, 1 / (1 + q), q / (1 + q));
}

/* P(0 < this one < t). */
static double student_centre(double t, double df)
{
    const double r = t / sqrt(df), q = r * r;
    if (r > 1e9)
        return 0.5 - student_tail(t, df);
    return 0.5 * ptn_beta_i_pair(0.5, df / 2, q / (1 + q), 1 / (1 + q));
}

static double student_log_density(double t, double df)
{
    const double r = t / sqrt(df), log_square = r > 1e9 ? 2 * log(r) : log1p(r * r);
    return -0.5 * log(df) - ptn_lbeta(df / 2, 0.5) - (df + 1) / 2 * log_square;
}

double ptn_student_cdf(double t, double df)
{
    if (!(df > 0) || isnan(t))
        return NAN;
    if (isinf(df))
        return ptn_normal_cdf(t);
    if (isinf(t))
        return t > 0;
    if (t == 0)
        return 0.5;
    const double tail = student_tail(fabs(t), df);
    return t < 0 ? tail : tail < 0.25 ? 1 - tail : 0.5 + student_centre(t, df);
}

/* ln tail is concave and falls in s = ln t, ln centre is concave and rises: Newton's steps on them in s land
 * beyond the root on the flat side at most once and then approach it from one side. */
double ptn_student_quantile(double p, double df)
{
    if (!(p >= 0 && p <= 1 && df > 0))
        return NAN;
    if (isinf(df))
        return ptn_normal_quantile(p);
    if (p == 0 || p == 1)
        return p == 0 ? -INFINITY : INFINITY;
    if (p == 0.5)
        return 0;
    const double tail = p < 0.5 ? p : 1 - p;
    const int central = tail > 0.25;
    const double target = central ? fabs(p - 0.5) : tail;
    double s;
    if (central) {
        s = log(target) - student_log_density(0, df); /* as if the density were flat: not above the root */
    } else {
        const double z = ptn_normal_quantile(tail);
        const double power_law =
            0.5 * log(df) - (log(df * tail) + ptn_lbeta(df / 2, 0.5)) / df; /* not below the root */
        s = df > 3 ? fmin(power_law, 0.5 * log(df * expm1(z * z / (df - 1.5)))) : power_law;
    }
    for (int i = 0; i < 100; i++) {
        if (s > 700) /* beyond 1e304 */
            return copysign(INFINITY, p - 0.5);
        const double t = exp(s), mass = central ? student_centre(t, df) : student_tail(t, df);
        const double slope = exp(student_log_density(t, df) + s) / mass;
        const double step = log(mass / target) / (central ? -slope : slope);
        s += step;
        if (fabs(step) < 1e-14 + 1e-16 * fabs(s))
            break;
    }
    return copysign(exp(s), p - 0.5);
}
