/* Identities of Pareto/NBD; values at points are in tests/oracle/pareto_nbd_test.c. */
#include "check.h"

#include <float.h>
#include <stdlib.h>

#include "base/random.h"
#include "forecast/model.h"
#include "forecast/pareto_nbd_sample.h"
#include "math/gamma.h"
#include "math/quadrature.h"
#include "models.h"

#define EACH(i, array) for (size_t i = 0; i < sizeof array / sizeof *array; i++)

static const double wide[][4] = {
    {0.553, 74, 0.606, 82}, {0.55, 10.6, 0.61, 11.7}, {3, 0.2, 1, 0.05},     {0.01, 0.001, 2, 900},
    {0.7, 5000, 0.4, 0.01}, {12, 8, 40, 3000},        {0.6, 74, 1e11, 2e13}, {1e11, 3e12, 0.7, 90},
    {1, 30, 1e-9, 50},      {0.9, 1e-6, 0.6, 1e-5},
};

/* ---- customers ---- */

enum { N = 4000 };

typedef struct table {
    size_t n;
    double frequency[N], recency[N], age[N], weight[N];
} table;

static patron_states states_of(const table *t)
{
    return (patron_states){t->n, t->frequency, t->recency, t->age, t->weight};
}

/* Any states up to so many steps, or days when step is 0 and moments are exact: most with few purchases,
 * some with many. */
static table *make_states(double oldest, double step, double most, uint64_t seed)
{
    table *t = calloc(1, sizeof *t);
    ptn_random random = ptn_random_open(seed, 0);
    CHECK(t != NULL);
    for (t->n = 0; t->n < N; t->n++) {
        const size_t i = t->n;
        t->age[i] = (oldest + 1) * pow(ptn_draw_uniform(&random), 1 + (double)(i % 3));
        t->recency[i] = ptn_draw_uniform(&random) * t->age[i];
        if (step > 0) {
            t->age[i] = floor(t->age[i]) * step;
            t->recency[i] = floor(t->recency[i]) * step;
        }
        t->frequency[i] = floor(most * pow(ptn_draw_uniform(&random), 4));
        t->weight[i] = 1 + floor(3 * ptn_draw_uniform(&random));
        if (t->frequency[i] == 0 || t->recency[i] == 0)
            t->frequency[i] = t->recency[i] = 0;
    }
    return t;
}

/* Customers as the model has them. */
static table *simulated(const double *parameters, size_t n)
{
    table *t = calloc(1, sizeof *t);
    ptn_random random = ptn_random_open(11, UINT64_MAX);
    patron_error err = {0};
    CHECK(t != NULL);
    for (t->n = 0; t->n < n; t->n++) {
        t->age[t->n] = floor(730 * ptn_draw_uniform(&random));
        t->weight[t->n] = 1;
    }
    if (patron_model_simulate(&ptn_pareto_nbd, parameters, n, t->age, 0, 1, 12, t->frequency, t->recency,
                              NULL, &err)
        != PATRON_OK)
        fail_msg("%s", err.message);
    return t;
}

static ptn_sample open_sample(const table *t)
{
    ptn_sample sample = {0};
    patron_error err = {0};
    const patron_states states = states_of(t);
    if (ptn_sample_open(&sample, &states, false, &err) != PATRON_OK)
        fail_msg("%s", err.message);
    return sample;
}

/* ---- the integrals ---- */

TEST(rules_are_those_of_gauss_legendre)
{
    for (double fall = 0.01; fall < 100; fall *= 2) {
        const ptn_rule rule = ptn_rule_for(0, fall);
        double node[PTN_GAUSS_MAX], weight[PTN_GAUSS_MAX];
        ptn_gauss_legendre(rule.n, node, weight);
        for (unsigned k = 0; k < rule.n; k++) {
            CHECK_REL(rule.node[k].at, node[k], 1e-14);
            CHECK_REL(rule.node[k].weight, weight[k], 1e-14);
        }
    }
}

TEST(rules_keep_what_they_promise)
{
    for (double fall = 0.01; fall < 1000; fall *= 1.02) {
        const ptn_rule rule = ptn_rule_for(0, fall);
        double sum = 0;
        for (unsigned piece = 0; piece < rule.pieces; piece++)
            for (unsigned k = 0; k < rule.n; k++)
                sum +=
                    rule.node[k].weight / rule.pieces * exp(-fall * (piece + rule.node[k].at) / rule.pieces);
        CHECK_REL(sum, -expm1(-fall) / fall, 1.5e-12);
    }
}

/* A table shares its nodes among states; alone each state has its own. */
static void check_tables(const double *parameters, double oldest, double step, double most, uint64_t seed)
{
    const ptn_rates p = {parameters[0], parameters[1], parameters[2], parameters[3]};
    table *t = make_states(oldest, step, most, seed);
    ptn_sample sample = open_sample(t);
    CHECK((sample.step > 0) == (step > 0));
    double value, gradient[4], sum = 0, size = 0, slope[4] = {0}, sizes[4] = {0};
    double *p_alive = malloc(sample.n * sizeof *p_alive);
    CHECK(p_alive != NULL);
    CHECK(ptn_pareto_nbd_log_likelihood(&p, &sample, &value, gradient));
    CHECK(ptn_pareto_nbd_p_alive(&p, &sample, p_alive));
    for (size_t i = 0; i < sample.n; i++) {
        const double n = sample.weight[i], x = sample.x[i];
        const ptn_silence alone = ptn_silence_of(&p, x, sample.t_x[i], sample.T[i]);
        CHECK_NEAR(p_alive[i], alone.p_alive, 1e-10 * alone.p_alive + 1e-250);
        sum += n * (ptn_lgamma_ratio(p.r, x) - x * log(p.alpha) + alone.log_chance);
        size += n * (fabs(ptn_lgamma_ratio(p.r, x) - x * log(p.alpha)) + fabs(alone.log_chance));
        slope[0] += n * p.r * ptn_digamma_difference(p.r, x);
        slope[1] -= n * x;
        for (unsigned k = 0; k < 4; k++) {
            slope[k] += n * alone.by_log[k];
            sizes[k] += n * (1 + x + fabs(alone.by_log[k]));
        }
    }
    CHECK_NEAR(value, sum, 1e-12 * size);
    for (unsigned k = 0; k < 4; k++)
        CHECK_NEAR(gradient[k], slope[k], 1e-11 * sizes[k]);
    free(p_alive);
    ptn_sample_close(&sample);
    free(t);
}

/* Few steps for many states: a table of every step. Steps are short and long against alpha and beta. */
TEST(tables_of_every_step_equal_each_state_alone)
{
    EACH(k, wide)
    {
        check_tables(wide[k], 60, 1, 30, 1 + k);
        check_tables(wide[k], 60, 1, 300, 20 + k);
        check_tables(wide[k], 25, 30, 100, 40 + k);
        check_tables(wide[k], 90, 1. / 7, 20, 60 + k);
    }
}

/* Many steps for few states: looked up between fewer times. */
TEST(tables_of_fewer_times_equal_each_state_alone)
{
    EACH(k, wide)
    {
        check_tables(wide[k], 730, 1, 30, 200 + k);
        check_tables(wide[k], 730, 1, 730, 220 + k);
        check_tables(wide[k], 730, 1. / 7, 8000, 240 + k);
    }
}

TEST(tables_on_no_grid_equal_each_state_alone)
{
    EACH(k, wide)
    {
        check_tables(wide[k], 730, 0, 6, 80 + k);
        check_tables(wide[k], 730, 0, 100, 100 + k);
        check_tables(wide[k], 730, 0, 1500, 120 + k);
    }
}

TEST(off_the_grid_equals_on_it)
{
    table *t = make_states(60, 1, 60, 5);
    ptn_sample on = open_sample(t);
    ptn_sample off = open_sample(t);
    CHECK(on.step > 0);
    off.step = 0; /* the same moments, looked up as any others */
    double value[2], gradient[2][4];
    CHECK(ptn_pareto_nbd.log_likelihood(wide[0], &on, &value[0], gradient[0]));
    CHECK(ptn_pareto_nbd.log_likelihood(wide[0], &off, &value[1], gradient[1]));
    CHECK_REL(value[1], value[0], 1e-11);
    for (unsigned k = 0; k < 4; k++)
        CHECK_NEAR(gradient[1][k], gradient[0][k], 1e-7);
    ptn_sample_close(&on);
    ptn_sample_close(&off);
    free(t);
}

static void check_gradient(const table *t)
{
    ptn_sample sample = open_sample(t);
    EACH(k, wide)
    {
        double value, gradient[4];
        CHECK(ptn_pareto_nbd.log_likelihood(wide[k], &sample, &value, gradient));
        for (unsigned j = 0; j < 4; j++) {
            const double h = 1e-4;
            double moved[4], at[4]; /* at -2h, -h, h, 2h */
            for (int i = 0; i < 4; i++) {
                memcpy(moved, wide[k], sizeof moved);
                moved[j] *= exp(h * (i < 2 ? i - 2 : i - 1));
                CHECK(ptn_pareto_nbd.log_likelihood(moved, &sample, &at[i], NULL));
            }
            const double slope = (8 * (at[2] - at[1]) - (at[3] - at[0])) / (12 * h);
            CHECK_NEAR(gradient[j], slope, 1e-7 * fabs(slope) + 1e-10 * fabs(value));
        }
    }
    ptn_sample_close(&sample);
}

TEST(gradient_is_that_of_differences)
{
    table *at_steps = make_states(60, 1, 100, 9), *between = make_states(730, 0, 100, 10);
    check_gradient(at_steps);
    check_gradient(between);
    free(at_steps);
    free(between);
}

TEST(weights_are_repeated_rows)
{
    table *t = make_states(730, 1, 40, 3), *repeated = calloc(1, sizeof *repeated);
    size_t n = 0;
    CHECK(repeated != NULL);
    t->n = 1000;
    ptn_sample once = open_sample(t);
    for (size_t i = 0; i < t->n; i++)
        for (double w = 0; w < t->weight[i]; w++, n++) {
            repeated->frequency[n] = t->frequency[i];
            repeated->recency[n] = t->recency[i];
            repeated->age[n] = t->age[i];
            repeated->weight[n] = 1;
        }
    repeated->n = n;
    ptn_sample rows = open_sample(repeated);
    double value[2], gradient[2][4];
    CHECK(ptn_pareto_nbd.log_likelihood(wide[0], &once, &value[0], gradient[0]));
    CHECK(ptn_pareto_nbd.log_likelihood(wide[0], &rows, &value[1], gradient[1]));
    CHECK_REL(value[1], value[0], 1e-15);
    ptn_sample_close(&once);
    ptn_sample_close(&rows);
    free(repeated);
    free(t);
}

/* Parameters that no fit should visit, but a line search does. */
TEST(far_out_parameters_give_numbers)
{
    static const double extremes[] = {1e-12, 1e-4, 1, 1e5, 1e13};
    table *t = make_states(730, 1, 300, 4);
    t->n = 300;
    ptn_sample sample = open_sample(t);
    EACH(i, extremes)
    EACH(j, extremes)
    EACH(k, extremes)
    EACH(l, extremes)
    {
        const double p[4] = {extremes[i], extremes[j], extremes[k], extremes[l]};
        double value, gradient[4];
        CHECK(ptn_pareto_nbd.log_likelihood(p, &sample, &value, gradient));
        CHECK(isfinite(value));
        for (unsigned m = 0; m < 4; m++)
            CHECK(isfinite(gradient[m]));
    }
    ptn_sample_close(&sample);
    free(t);
}

/* ---- the chance to be a customer still ---- */

TEST(who_has_just_bought_is_a_customer)
{
    static const double x[] = {0, 1, 5, 200, 20000};
    EACH(k, wide)
    EACH(i, x)
    {
        const ptn_rates p = {wide[k][0], wide[k][1], wide[k][2], wide[k][3]};
        const double age = x[i] > 0 ? 400 : 0;
        CHECK_NEAR(ptn_silence_of(&p, x[i], age, age).p_alive, 1, 0);
    }
}

/* With one rate each, lambda and mu, for all: survival is exponential in lambda + mu. */
TEST(common_rates_have_closed_forms)
{
    const double lambda = 0.03, mu = 0.004;
    for (const ptn_limit *limit = ptn_pareto_nbd.limits; limit->name; limit++) {
        if (strcmp(limit->name, "common_rates") != 0)
            continue;
        const double free_values[2] = {log(lambda), log(mu)};
        double p[4], jacobian[8] = {0};
        limit->expand(free_values, p, jacobian);
        const ptn_rates rates = {p[0], p[1], p[2], p[3]};
        const double x = 6, t_x = 100, T = 300, kept = exp(-(lambda + mu) * (T - t_x));
        const double left = mu / (lambda + mu) * (1 - kept);
        const ptn_silence silence = ptn_silence_of(&rates, x, t_x, T);
        CHECK_REL(silence.log_chance, log(kept + left) - (lambda + mu) * t_x, 1e-12);
        CHECK_REL(silence.p_alive, kept / (kept + left), 1e-12);
        CHECK_REL(ptn_pareto_nbd.alive_purchases(p, x, T, 90), lambda / mu * -expm1(-mu * 90), 1e-12);
        CHECK_REL(ptn_pareto_nbd.alive_residual(p, x, T, 0.001), lambda / (mu + 0.001), 1e-11);
        CHECK_REL(ptn_pareto_nbd.alive_residual(p, x, T, 0), lambda / mu, 1e-12);
    }
}

/* ---- limits ---- */

static double log_likelihood_at(const double *p, const ptn_sample *sample)
{
    double value;
    CHECK(ptn_pareto_nbd.log_likelihood(p, sample, &value, NULL));
    return value;
}

static bool sent_away(double value)
{
    return value < 1e-9 || value > 1e9;
}

/* Coming nearer to a limit by a factor of 100 brings the likelihood nearer by as much. */
TEST(limits_are_approached)
{
    table *t = simulated(wide[0], 1000);
    ptn_sample sample = open_sample(t);
    for (const ptn_limit *limit = ptn_pareto_nbd.limits; limit->name; limit++) {
        double free_values[4], p[4], jacobian[16] = {0}, distance[2];
        limit->start(&sample, free_values);
        limit->expand(free_values, p, jacobian);
        const double at_limit = log_likelihood_at(p, &sample);
        for (int i = 0; i < 2; i++) {
            double near[4];
            memcpy(near, p, sizeof near);
            for (unsigned k = 0; k < 4; k += 2) /* the shape to a modest size, its time in proportion */
                if (sent_away(near[k])) {
                    const double shape = near[k] < 1 ? (i ? 1e-11 : 1e-9) : (i ? 1e8 : 1e6);
                    near[k + 1] *= near[k] < 1 ? near[k] / shape : shape / near[k];
                    near[k] = shape;
                }
            distance[i] = fabs(log_likelihood_at(near, &sample) - at_limit);
        }
        CHECK(distance[0] < 1e-3 * fabs(at_limit));
        CHECK(distance[1] < 0.011 * distance[0] + 1e-12 * fabs(at_limit));
    }
    ptn_sample_close(&sample);
    free(t);
}

TEST(jacobians_of_limits_are_those_of_differences)
{
    table *t = make_states(730, 1, 20, 8);
    ptn_sample sample = open_sample(t);
    for (const ptn_limit *limit = ptn_pareto_nbd.limits; limit->name; limit++) {
        double free_values[4], p[4], jacobian[16] = {0}, gradient[4], value;
        limit->start(&sample, free_values);
        limit->expand(free_values, p, jacobian);
        CHECK(ptn_pareto_nbd.log_likelihood(p, &sample, &value, gradient));
        for (unsigned i = 0; i < limit->free_count; i++) {
            const double h = 1e-5, at = free_values[i];
            double low[4], high[4], unused[16] = {0}, slope = 0;
            free_values[i] = at - h;
            limit->expand(free_values, low, unused);
            free_values[i] = at + h;
            limit->expand(free_values, high, unused);
            free_values[i] = at;
            for (unsigned k = 0; k < 4; k++)
                slope += jacobian[4 * i + k] * gradient[k];
            CHECK_NEAR(slope, (log_likelihood_at(high, &sample) - log_likelihood_at(low, &sample)) / (2 * h),
                       1e-6 * fabs(slope) + 1e-9 * fabs(value));
        }
    }
    ptn_sample_close(&sample);
    free(t);
}

/* s / beta -> 0 is the NBD of Ehrenberg (1959). */
TEST(nobody_leaves_is_the_nbd)
{
    table *t = make_states(730, 1, 20, 8);
    ptn_sample sample = open_sample(t);
    const ptn_limit *limit = ptn_pareto_nbd.limits;
    while (strcmp(limit->name, "nobody_leaves") != 0)
        limit++;
    const double r = 0.7, alpha = 44, free_values[2] = {log(r), log(alpha)};
    double p[4], jacobian[8] = {0}, expected = 0;
    limit->expand(free_values, p, jacobian);
    for (size_t i = 0; i < sample.n; i++)
        expected += sample.weight[i]
                    * (ptn_lgamma_ratio(r, sample.x[i]) - sample.x[i] * log(alpha)
                       - (r + sample.x[i]) * log1p(sample.T[i] / alpha));
    CHECK_REL(log_likelihood_at(p, &sample), expected, 1e-11);
    CHECK_REL(ptn_pareto_nbd.alive_purchases(p, 3, 100, 50), (r + 3) / (alpha + 100) * 50, 1e-12);
    ptn_sample_close(&sample);
    free(t);
}

/* ---- the future ---- */

TEST(law_of_counts_sums_to_one_and_its_mean_is_the_expectation)
{
    enum { COUNTS = 400000 };
    static const double state[][2] = {{0, 0}, {0, 300}, {2, 90}, {40, 200}, {700, 900}, {20000, 800}};
    double *pmf = malloc(COUNTS * sizeof *pmf);
    CHECK(pmf != NULL);
    EACH(k, wide)
    EACH(i, state)
    {
        const double x = state[i][0], T = state[i][1], horizon = 180;
        const double expected = ptn_pareto_nbd.alive_purchases(wide[k], x, T, horizon);
        if (expected > 1e4)
            continue;
        const size_t n = ptn_pareto_nbd.alive_pmf(wide[k], x, T, horizon, 1 - 1e-13, pmf, COUNTS);
        double sum = 0, mean = 0;
        for (size_t c = 0; c < n; c++) {
            CHECK(pmf[c] >= 0);
            sum += pmf[c];
            mean += (double)c * pmf[c];
        }
        CHECK_NEAR(sum, 1, n < COUNTS ? 1e-12 : 1e-3); /* alpha = 0.001: some buy every minute */
        CHECK_REL(mean, expected, n < COUNTS ? 1e-9 : 0.2);
    }
    free(pmf);
}

TEST(law_of_counts_stops_when_it_has_enough)
{
    double all[100], some[100], sum = 0;
    const size_t n = ptn_pareto_nbd.alive_pmf(wide[0], 5, 200, 365, 0.9, some, 100);
    CHECK(n > 1 && n < 100);
    CHECK_EQ_INT(ptn_pareto_nbd.alive_pmf(wide[0], 5, 200, 365, INFINITY, all, 100), 100);
    for (size_t c = 0; c < n; c++) {
        CHECK(sum < 0.9);
        CHECK_NEAR(some[c], all[c], 0);
        sum += some[c];
    }
    CHECK(sum >= 0.9);
}

TEST(residual_is_what_many_horizons_add_up_to)
{
    EACH(k, wide)
    {
        const double discount = 0.002, step = 4;
        double sum = 0, before = 0;
        for (double t = 0; t < 20000;
             t += step) { /* the sum by parts of the discounted increments, by the midpoint */
            const double next = ptn_pareto_nbd.alive_purchases(wide[k], 4, 100, t + step);
            sum += exp(-discount * (t + step / 2)) * (next - before);
            before = next;
        }
        CHECK_REL(ptn_pareto_nbd.alive_residual(wide[k], 4, 100, discount), sum, 1e-4);
    }
}

TEST(residual_without_discount_is_the_limit_of_small_ones)
{
    const double mortal[4] = {0.8, 50, 3, 120}, immortal[4] = {0.8, 50, 1, 120};
    const double forever = ptn_pareto_nbd.alive_residual(mortal, 4, 100, 0);
    CHECK_REL(forever, 4.8 / 150 * 220 / 2, 1e-14);
    CHECK_REL(ptn_pareto_nbd.alive_residual(mortal, 4, 100, 1e-12), forever, 1e-8);
    CHECK(isinf(ptn_pareto_nbd.alive_residual(immortal, 4, 100, 0)));
    CHECK(isfinite(ptn_pareto_nbd.alive_residual(immortal, 4, 100, 1e-9)));
}

/* ---- simulation ---- */

static void count(void *context, double time)
{
    (void)time;
    ++*(double *)context;
}

TEST(simulated_customers_buy_as_expected)
{
    enum { CUSTOMERS = 200000 };
    double sum = 0, squares = 0;
    for (uint64_t i = 0; i < CUSTOMERS; i++) {
        double purchases = 0;
        ptn_random random = ptn_random_open(7, i);
        ptn_pareto_nbd.draw(wide[0], 365, &random, count, &purchases);
        sum += purchases;
        squares += purchases * purchases;
    }
    const double mean = sum / CUSTOMERS, error = sqrt((squares / CUSTOMERS - mean * mean) / CUSTOMERS);
    CHECK_NEAR(mean, ptn_pareto_nbd.alive_purchases(wide[0], 0, 0, 365), 4 * error);
}
