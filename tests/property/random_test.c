/* Streams of random numbers, and the laws of what is drawn from them. */
#include "check.h"

#include <stdlib.h>

#include "base/random.h"
#include "math/gamma.h"

#define EACH(i, array) for (size_t i = 0; i < sizeof array / sizeof *array; i++)

enum { DRAWS = 40000 };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov's statistic is below 1.95 for 99.9 % of true samples (more when the law is discrete). */
static void check_law(double *draws, double (*cdf)(double x, double a, double b), double a, double b)
{
    qsort(draws, DRAWS, sizeof *draws, by_size);
    double gap = 0;
    for (int i = 0; i < DRAWS; i++)
        if (i + 1 == DRAWS || draws[i] != draws[i + 1])
            gap = fmax(gap, fabs((i + 1.0) / DRAWS - cdf(draws[i], a, b)));
    CHECK_NEAR(gap * sqrt(DRAWS), 0, 1.95);
}

static void check_mean(const double *draws, double mean, double variance)
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++)
        sum += draws[i] - mean;
    CHECK_NEAR(sum / sqrt(DRAWS * variance), 0, 3.5);
}

static double uniform_cdf(double x, double a, double b) { return (void)a, (void)b, x; }
static double exponential_cdf(double x, double a, double b) { return (void)a, (void)b, -expm1(-x); }
static double normal_cdf(double x, double a, double b) { return (void)a, (void)b, ptn_normal_cdf(x); }
static double gamma_cdf(double x, double a, double b) { return (void)b, ptn_gamma_p(a, x); }
static double beta_cdf(double x, double a, double b) { return ptn_beta_i(a, b, x); }

static double draws[DRAWS];

TEST(streams_repeat_and_differ)
{
    ptn_random a = ptn_random_open(7, 3), b = ptn_random_open(7, 3), c = ptn_random_open(7, 4),
               d = ptn_random_open(8, 3);
    const double first = ptn_draw_uniform(&a);
    CHECK(first == ptn_draw_uniform(&b) && first != ptn_draw_uniform(&c) && first != ptn_draw_uniform(&d));
}

TEST(streams_are_independent_of_their_neighbours)
{
    double before = 0.5, products = 0;
    for (int i = 0; i < DRAWS; i++) {
        ptn_random random = ptn_random_open(1, (uint64_t)i);
        draws[i] = ptn_draw_uniform(&random);
        products += 12 * (draws[i] - 0.5) * (before - 0.5);
        before = draws[i];
    }
    CHECK_NEAR(products / sqrt(DRAWS), 0, 3.5);
    check_law(draws, uniform_cdf, 0, 0);
}

#define FILL(seed, draw)                                                                                     \
    do {                                                                                                     \
        ptn_random random = ptn_random_open((seed), 0);                                                      \
        for (int i_ = 0; i_ < DRAWS; i_++)                                                                   \
            draws[i_] = (draw);                                                                              \
    } while (0)

TEST(uniform_draws_follow_their_law)
{
    FILL(2, ptn_draw_uniform(&random));
    check_mean(draws, 0.5, 1.0 / 12);
    check_law(draws, uniform_cdf, 0, 0);
    CHECK(draws[0] > 0 && draws[DRAWS - 1] < 1);
}

TEST(exponential_draws_follow_their_law)
{
    FILL(3, ptn_draw_exponential(&random));
    check_mean(draws, 1, 1);
    check_law(draws, exponential_cdf, 0, 0);
}

TEST(normal_draws_follow_their_law)
{
    FILL(4, ptn_draw_normal(&random));
    check_mean(draws, 0, 1);
    check_law(draws, normal_cdf, 0, 0);
}

TEST(gamma_draws_follow_their_law)
{
    static const double gamma_shapes[] = {0.01, 0.3, 0.999, 1, 1.5, 8, 300, 1e8};
    EACH (i, gamma_shapes) {
        FILL(5 + i, ptn_draw_gamma(&random, gamma_shapes[i]));
        check_mean(draws, gamma_shapes[i], gamma_shapes[i]);
        check_law(draws, gamma_cdf, gamma_shapes[i], 0);
    }
}

/* E ln X = ψ(shape), Var ln X = ψ'(shape): also where X itself underflows. */
TEST(log_gamma_draws_of_tiny_shapes_have_their_moments)
{
    static const double tiny[] = {1e-6, 0.001, 0.4, 3};
    EACH (i, tiny) {
        FILL(20 + i, ptn_draw_log_gamma(&random, tiny[i]));
        check_mean(draws, ptn_digamma(tiny[i]), ptn_trigamma(tiny[i]));
    }
}

TEST(beta_draws_follow_their_law)
{
    static const double ab[][2] = {{0.05, 0.02}, {0.8, 2.4}, {1, 1}, {30, 0.6}, {400, 900}};
    EACH (i, ab) {
        const double a = ab[i][0], b = ab[i][1], mean = a / (a + b);
        FILL(30 + i, ptn_draw_beta(&random, a, b));
        check_mean(draws, mean, mean * (1 - mean) / (a + b + 1));
        check_law(draws, beta_cdf, a, b);
    }
}

TEST(beta_draws_of_tiny_shapes_are_coins)
{
    FILL(40, ptn_draw_beta(&random, 3e-9, 1e-9));
    check_mean(draws, 0.75, 0.1875);
}

TEST(draws_outside_the_domain_are_nan)
{
    ptn_random random = ptn_random_open(1, 1);
    CHECK(isnan(ptn_draw_gamma(&random, 0)) && isnan(ptn_draw_gamma(&random, NAN)));
    CHECK(isnan(ptn_draw_beta(&random, 0, 1)));
}
