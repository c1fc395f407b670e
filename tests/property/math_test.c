/* Identities of core/math; the search and the draws have a file each; values at points are in tests/oracle/math_test.c. */
#include "check.h"

#include <stdlib.h>

#include "base/fault.h"
#include "integral.h"
#include "math/gamma.h"
#include "math/linear.h"
#include "math/logspace.h"
#include "math/quadrature.h"

#define EACH(i, array) for (size_t i = 0; i < sizeof array / sizeof *array; i++)

static const double shapes[] = {1e-8, 0.003, 0.243, 0.55, 1, 1.46, 2, 4.4, 9.9, 10, 37.5, 1e3, 1e6, 1e10};
static const double steps[] = {1e-6, 0.25, 1, 2, 7.5, 16, 17, 300, 1e6};
static const double probabilities[] = {1e-200, 1e-15, 1e-4, 0.02,  0.25,    0.4999,
                                       0.5,    0.6,   0.9,  0.999, 0.999999};

/* ---- the gamma function's family ---- */

TEST(lgamma_steps_by_the_logarithm)
{
    EACH (i, shapes)
        CHECK_REL(ptn_lgamma_ratio(shapes[i], 1), log(shapes[i]), 2e-16);
    for (double x = 0.05; x < 30; x += 0.05)
        CHECK_NEAR(ptn_lgamma(x + 1) - ptn_lgamma(x), log(x), 1e-14 + 4e-16 * ptn_lgamma(x + 1));
}

TEST(gamma_of_a_half_is_root_pi) { CHECK_REL(ptn_lgamma(0.5), 0.5 * log(M_PI), 4e-16); }
TEST(lgamma_is_zero_at_one_and_two)
{
    CHECK(ptn_lgamma(1) == 0 && ptn_lgamma(2) == 0 && ptn_lbeta(1, 1) == 0);
}
TEST(digamma_at_one_is_minus_euler) { CHECK_REL(ptn_digamma(1), -0.57721566490153286061, 2e-16); }
TEST(trigamma_at_one_is_pi_squared_over_six) { CHECK_REL(ptn_trigamma(1), M_PI * M_PI / 6, 4e-16); }

TEST(lgamma_outside_its_domain_is_nan)
{
    CHECK(isnan(ptn_lgamma(-1)) && isnan(ptn_lgamma(NAN)) && isnan(ptn_digamma(-0.5))
          && isnan(ptn_trigamma(NAN)));
    CHECK(isnan(ptn_lgamma_ratio(0, 1)) && isnan(ptn_lgamma_ratio(1, -1)) && isnan(ptn_lbeta(0, 1)));
    CHECK(isnan(ptn_gamma_p(0, 1)) && isnan(ptn_beta_i(1, 1, 1.5)) && isnan(ptn_student_cdf(1, 0)));
    CHECK(ptn_lgamma(INFINITY) == INFINITY && ptn_lgamma(0) == INFINITY);
}

/* ratio(a, x + y) = ratio(a, x) + ratio(a + x, y): the paths for few and many, small and large meet. */
TEST(lgamma_ratio_adds_up)
{
    EACH (i, shapes)
        EACH (j, steps)
            EACH (k, steps) {
                const double a = shapes[i], x = steps[j], y = steps[k];
                const double whole = ptn_lgamma_ratio(a, x + y),
                             parts = ptn_lgamma_ratio(a, x) + ptn_lgamma_ratio(a + x, y);
                const double rounding = (x + y) * fabs(ptn_digamma(a + x + y))
                                        + fabs(ptn_lgamma_ratio(a, x)); /* of a + x, x + y */
                CHECK_NEAR(whole, parts, 4e-15 * (rounding + 0.1));
            }
}

TEST(digamma_difference_adds_up)
{
    EACH (i, shapes)
        EACH (j, steps)
            EACH (k, steps) {
                const double a = shapes[i], x = steps[j], y = steps[k];
                CHECK_REL(ptn_digamma_difference(a, x) + ptn_digamma_difference(a + x, y),
                          ptn_digamma_difference(a, x + y), 4e-15);
            }
}

TEST(digamma_difference_is_the_slope_of_lgamma_ratio)
{
    EACH (j, steps)
        for (double a = 0.3; a < 300; a *= 1.7) {
            const double h = 1e-4 * a, x = steps[j];
            const double slope = (ptn_lgamma_ratio(a + h, x) - ptn_lgamma_ratio(a - h, x)) / (2 * h);
            CHECK_NEAR(slope, ptn_digamma_difference(a, x),
                       1e-7 * fabs(slope) + 1e-15 / h * fabs(ptn_lgamma_ratio(a, x)));
        }
}

TEST(lbeta_is_symmetric_and_is_gammas)
{
    EACH (i, shapes)
        EACH (j, shapes) {
            const double a = shapes[i], b = shapes[j];
            CHECK(ptn_lbeta(a, b) == ptn_lbeta(b, a));
            const double gammas = ptn_lgamma(a) + ptn_lgamma(b) - ptn_lgamma(a + b);
            CHECK_NEAR(ptn_lbeta(a, b), gammas,
                       1e-15 * (1 + fabs(ptn_lgamma(a)) + fabs(ptn_lgamma(b)) + 2 * fabs(ptn_lgamma(a + b))));
        }
}

/* E[p^u (1 - p)^v] for p ~ Beta(a, b), and the step B(a + 1, b) / B(a, b) = a / (a + b). */
TEST(lbeta_ratio_is_symmetric_and_steps_by_the_mean)
{
    EACH (i, shapes)
        EACH (j, shapes) {
            const double a = shapes[i], b = shapes[j];
            CHECK_REL(ptn_lbeta_ratio(a, b, 1, 0), -log1p(b / a), 2e-15);
            CHECK_REL(ptn_lbeta_ratio(a, b, 3, 40), ptn_lbeta_ratio(b, a, 40, 3), 2e-15);
            CHECK(ptn_lbeta_ratio(a, b, 0, 0) == 0);
            CHECK_REL(exp(ptn_lbeta_ratio(a, b, 1, 2.5)) + exp(ptn_lbeta_ratio(a, b, 0, 3.5)),
                      exp(ptn_lbeta_ratio(a, b, 0, 2.5)), 1e-14);
        }
}

TEST(incomplete_gamma_parts_add_to_one)
{
    EACH (i, shapes)
        for (double z = -6; z <= 6; z += 0.5) {
            const double a = shapes[i], x = a * exp(z / sqrt(a + 0.1));
            CHECK_NEAR(ptn_gamma_p(a, x) + ptn_gamma_q(a, x), 1, 1e-14);
        }
}

/* Q(a + 1, x) - Q(a, x) = x^a e^-x / Γ(a + 1), also across the seams between methods. */
TEST(incomplete_gamma_steps_by_the_poisson_probability)
{
    for (double a = 0.01; a < 3e4; a *= 1.31)
        for (double z = -4; z <= 4; z += 0.8) {
            const double x = a * exp(z / sqrt(a + 0.1)), step = exp(a * log(x) - x - ptn_lgamma(a + 1));
            CHECK_NEAR(ptn_gamma_q(a + 1, x) - ptn_gamma_q(a, x), step,
                       1e-15 + step * 1e-15 * (a * fabs(log(x)) + 20));
        }
}

TEST(incomplete_gamma_of_one_is_exponential)
{
    for (double x = 1e-9; x < 600; x *= 2.7) {
        CHECK_REL(ptn_gamma_q(1, x), exp(-x), 5e-14);
        CHECK_REL(ptn_gamma_p(1, x), -expm1(-x), 1e-15);
    }
}

TEST(incomplete_beta_is_symmetric_and_falls_with_a)
{
    EACH (i, shapes)
        EACH (j, shapes)
            for (double x = 1.0 / 64; x < 1; x += 1.0 / 64) {
                const double a = shapes[i], b = shapes[j];
                if (a + b > 1e7) /* the exact mean decides */
                    continue;
                CHECK_NEAR(ptn_beta_i(a, b, x) + ptn_beta_i(b, a, 1 - x), 1, 2e-13);
                CHECK(ptn_beta_i(a + 1, b, x) <= ptn_beta_i(a, b, x) * (1 + 1e-12));
            }
}

TEST(incomplete_beta_of_large_parameters_is_normal)
{
    const double a = 4e10, b = 1e10, mean = 0.8, sd = sqrt(0.16 / (a + b + 1));
    for (double z = -5; z <= 5; z += 0.5) /* the skewness is 7e-6 */
        CHECK_NEAR(ptn_beta_i(a, b, mean + z * sd), ptn_normal_cdf(z), 2e-6);
}

TEST(incomplete_beta_with_one_is_a_power)
{
    EACH (i, shapes)
        for (double x = 1.0 / 32; x < 1; x += 1.0 / 32) {
            const double a = shapes[i];
            if (a > 1e3)
                continue;
            CHECK_REL(ptn_beta_i(a, 1, x), pow(x, a), 3e-13);
            CHECK_REL(ptn_beta_i(1, a, x), -expm1(a * log1p(-x)), 1e-13);
        }
}

TEST(normal_quantile_undoes_the_cdf)
{
    EACH (i, probabilities)
        CHECK_REL(ptn_normal_cdf(ptn_normal_quantile(probabilities[i])), probabilities[i], 2e-13);
    CHECK(ptn_normal_quantile(0) == -INFINITY && ptn_normal_quantile(1) == INFINITY
          && ptn_normal_quantile(0.5) == 0);
}

TEST(student_quantile_undoes_the_cdf)
{
    static const double df[] = {0.02, 0.4, 1, 1.7, 2, 3, 3.01, 4, 12, 100, 1e4, 1e8, 1e15};
    EACH (i, probabilities)
        EACH (j, df) {
            const double t = ptn_student_quantile(probabilities[i], df[j]);
            if (isfinite(t)) /* 1e-200 at 0.4 degrees is beyond double */
                CHECK_REL(ptn_student_cdf(t, df[j]), probabilities[i], 3e-13);
        }
}

TEST(student_has_closed_forms_for_one_and_two)
{
    for (double t = -40; t <= 40; t += 0.37) {
        CHECK_REL(ptn_student_cdf(t, 1), t < 0 ? atan(-1 / t) / M_PI : 1 - atan2(1, t) / M_PI, 1e-14);
        CHECK_REL(ptn_student_cdf(t, 2),
                  t < 0 ? 1 / (2 + t * t - t * sqrt(2 + t * t)) : 1 - 1 / (2 + t * t + t * sqrt(2 + t * t)),
                  1e-14);
    }
}

TEST(student_of_many_degrees_is_normal)
{
    for (double t = -9; t <= 9; t += 0.5)
        CHECK_REL(ptn_student_cdf(t, 1e14), ptn_normal_cdf(t), 1e-10);
    CHECK(ptn_student_cdf(1, INFINITY) == ptn_normal_cdf(1));
}

/* ---- logarithms ---- */

TEST(expm1_over_zero_is_the_length)
{
    CHECK(ptn_expm1_over(0, 7.5) == 7.5 && ptn_expm1_over(1e-300, 7.5) == 7.5);
}

TEST(expm1_over_adds_up)
{
    for (double k = -2; k <= 2; k += 0.013) /* integrals over 0..3 and 3..5 */
        CHECK_REL(ptn_expm1_over(k, 3) + exp(3 * k) * ptn_expm1_over(k, 2), ptn_expm1_over(k, 5), 2e-15);
}

/* ---- quadrature ---- */

/* Every moment up to 2n - 1, against E[x^m] = exp(log_moment(m)). */
static void check_moments(unsigned n, const double *node, const double *weight,
                          double (*log_moment)(double m, double a, double b), double a, double b)
{
    for (unsigned m = 0; m < 2 * n && m < 60; m++) {
        double sum = 0;
        for (unsigned i = 0; i < n; i++)
            sum += weight[i] * pow(node[i], m);
        CHECK_REL(sum, exp(log_moment(m, a, b)), 1e-13 * (1 + 0.02 * fabs(log_moment(m, a, b))));
    }
    for (unsigned i = 0; i < n; i++)
        CHECK(weight[i] >= 0 && node[i] > (i ? node[i - 1] : 0));
}

static double beta_log_moment(double m, double a, double b) { return ptn_lbeta_ratio(a, b, m, 0); }
static double gamma_log_moment(double m, double a, double b) { return (void)b, ptn_lgamma_ratio(a, m); }

TEST(gauss_beta_has_exact_moments)
{
    static const double ab[][2] = {{1, 1}, {1e-8, 1}, {1, 1e-8}, {0.3, 0.7}, {5, 900}, {1e10, 3e10}};
    double node[PTN_GAUSS_MAX], weight[PTN_GAUSS_MAX];
    EACH (i, ab)
        for (unsigned n = 1; n <= PTN_GAUSS_MAX; n += n < 8 ? 1 : 7) {
            ptn_gauss_beta(n, ab[i][0], ab[i][1], node, weight);
            check_moments(n, node, weight, beta_log_moment, ab[i][0], ab[i][1]);
            CHECK(node[n - 1] < 1);
        }
}

TEST(gauss_gamma_has_exact_moments)
{
    static const double gamma_shapes[] = {1e-8, 0.5, 1, 7, 1e6};
    double node[PTN_GAUSS_MAX], weight[PTN_GAUSS_MAX];
    EACH (i, gamma_shapes)
        for (unsigned n = 1; n <= PTN_GAUSS_MAX; n += n < 8 ? 1 : 7) {
            ptn_gauss_gamma(n, gamma_shapes[i], node, weight);
            check_moments(n, node, weight, gamma_log_moment, gamma_shapes[i], 0);
        }
}

/* Abramowitz & Stegun, table 25.4, n = 5, on (-1, 1). */
TEST(gauss_legendre_matches_the_table)
{
    double node[5], weight[5];
    ptn_gauss_legendre(5, node, weight);
    CHECK_PRINTED(2 * node[4] - 1, 0.906179845938664, 15);
    CHECK_PRINTED(2 * node[3] - 1, 0.538469310105683, 15);
    CHECK(node[2] == 0.5 && node[0] + node[4] == 1);
    CHECK_PRINTED(2 * weight[0], 0.236926885056189, 15);
    CHECK_PRINTED(2 * weight[2], 0.568888888888889, 15);
}

/* The arcsine law's rule has equal weights and nodes sin². */
TEST(gauss_beta_of_two_halves_is_chebyshev)
{
    double node[20], weight[20];
    ptn_gauss_beta(20, 0.5, 0.5, node, weight);
    for (int i = 0; i < 20; i++) {
        CHECK_REL(node[i], pow(sin(M_PI * (2 * i + 1) / 80), 2), 1e-14);
        CHECK_REL(weight[i], 0.05, 1e-13);
    }
}

static double power(double x, const void *p) { return pow(x, *(const double *)p); }
static double log_over_root(double x, const void *p) { return (void)p, log(x) / sqrt(x); }
static double gamma_density(double x, const void *a) { return pow(x, *(const double *)a - 1) * exp(-x); }
static double bell(double x, const void *width) { return exp(-pow(x / *(const double *)width, 2)); }
static double cauchy(double x, const void *p) { return (void)p, 1 / (1 + x * x); }

static void check_integral(double (*f)(double, const void *), double parameter, double a, double b,
                           double expected)
{
    double error;
    CHECK_REL(integrate(f, &parameter, a, b, 1e-12, &error), expected, 1e-12);
    CHECK(error <= 1e-11 * fabs(expected));
}

TEST(integral_of_a_power) { check_integral(power, 2.5, 0, 3, pow(3, 3.5) / 3.5); }
TEST(integral_with_a_singular_end) { check_integral(power, -0.95, 0, 1, 20); }
TEST(integral_with_a_logarithmic_end) { check_integral(log_over_root, 0, 0, 1, -4); }
TEST(integral_of_a_gamma_density) { check_integral(gamma_density, 4.5, 0, INFINITY, exp(ptn_lgamma(4.5))); }
TEST(integral_of_a_gamma_density_with_a_singular_end)
{
    check_integral(gamma_density, 0.1, 0, INFINITY, exp(ptn_lgamma(0.1)));
}
TEST(integral_of_a_wide_bell) { check_integral(bell, 1e6, 0, INFINITY, 5e5 * sqrt(M_PI)); }
TEST(integral_of_a_narrow_bell) { check_integral(bell, 1e-3, 0, 1, 5e-4 * sqrt(M_PI)); }
TEST(integral_of_a_slow_tail) { check_integral(cauchy, 0, 1, INFINITY, M_PI / 4); }
TEST(integral_over_nothing_is_zero) { CHECK(integrate(cauchy, NULL, 2, 2, 1e-12, NULL) == 0); }

/* ---- linear algebra ---- */

/* A symmetric positive definite matrix with graded rows: 1 / (i + j + 1), scaled. */
static void graded(unsigned n, double *a, double ratio)
{
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < n; j++)
            a[i * n + j] = (1.0 / (i + j + 1) + (i == j)) * pow(ratio, (double)i + j);
}

TEST(cholesky_factors_and_solves)
{
    enum { N = 16 };
    double a[N * N], factor[N * N], inverse[N * N], b[N];
    graded(N, a, 0.5);
    memcpy(factor, a, sizeof a);
    CHECK(ptn_cholesky(N, factor));
    ptn_cholesky_inverse(N, factor, inverse);
    for (unsigned i = 0; i < N; i++) {
        for (unsigned j = 0; j < N; j++) {
            double product = 0, identity = 0;
            for (unsigned k = 0; k < N; k++) {
                product += factor[i * N + k] * factor[j * N + k];
                identity += a[i * N + k] * inverse[k * N + j];
            }
            CHECK_REL(product, a[i * N + j], 1e-14);
            CHECK_NEAR(identity, i == j, 1e-10);
            CHECK(inverse[i * N + j] == inverse[j * N + i] && (j <= i || factor[i * N + j] == 0));
        }
        b[i] = a[i * N + 3];
    }
    ptn_cholesky_solve(N, factor, b);
    for (unsigned i = 0; i < N; i++)
        CHECK_NEAR(b[i], i == 3, 1e-11);
}

TEST(cholesky_refuses_what_is_not_positive_definite)
{
    double saddle[] = {1, 2, 2, 1}, singular[] = {1, 1, 1, 1}, broken[] = {NAN};
    CHECK(!ptn_cholesky(2, saddle) && !ptn_cholesky(2, singular) && !ptn_cholesky(1, broken));
}

TEST(eigenvectors_turn_the_matrix_into_its_values)
{
    enum { N = 16 };
    double a[N * N], kept[N * N], values[N], vectors[N * N];
    graded(N, a, 0.3);
    memcpy(kept, a, sizeof a);
    ptn_eigen_symmetric(N, a, values, vectors);
    for (unsigned p = 0; p < N; p++) {
        CHECK(p == 0 || values[p] >= values[p - 1]);
        for (unsigned q = 0; q < N; q++) {
            double inner = 0, form = 0;
            for (unsigned i = 0; i < N; i++) {
                inner += vectors[i * N + p] * vectors[i * N + q];
                for (unsigned j = 0; j < N; j++)
                    form += vectors[i * N + p] * kept[i * N + j] * vectors[j * N + q];
            }
            CHECK_NEAR(inner, p == q, 1e-14);
            CHECK_NEAR(form, p == q ? values[p] : 0, 1e-14);
        }
    }
}

/* A graded matrix with eigenvalues 1 +- 1/2 and 1e-20: QR would lose the small one. */
TEST(eigenvalues_of_a_graded_matrix_keep_their_digits)
{
    double a[] = {1, 0.5, 1e-11, 0.5, 1, 0, 1e-11, 0, 1e-20}, values[3];
    ptn_eigen_symmetric(3, a, values, NULL);
    CHECK_NEAR(values[0], 1e-20 - 1e-22 * 4 / 3, 1e-25);
    CHECK_REL(values[1], 0.5, 1e-15);
    CHECK_REL(values[2], 1.5, 1e-15);
}

/* ---- faults ---- */

TEST(fail_writes_the_message_and_passes_the_status)
{
    patron_error err;
    CHECK_EQ_INT(ptn_fail(&err, PATRON_EDATA, "row %d: recency %g exceeds age %g", 3, 9.5, 8.0),
                 PATRON_EDATA);
    CHECK_EQ_INT(err.status, PATRON_EDATA);
    CHECK_STR(err.message, "row 3: recency 9.5 exceeds age 8");
    CHECK_EQ_INT(ptn_fail(NULL, PATRON_ENOMEM, "no room"), PATRON_ENOMEM);
}
