/* Identities of BG/NBD and MBG/NBD, which share all but when people may leave first; values at points are in
 * tests/oracle/bg_nbd_test.c and mbg_nbd_test.c. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "forecast/model.h"
#include "integral.h"
#include "math/gamma.h"
#include "models.h"

#define EACH(i, array) for (size_t i = 0; i < sizeof array / sizeof *array; i++)

static const patron_model *const models[] = {&ptn_bg_nbd, &ptn_mbg_nbd};

static double chances_met(const patron_model *model, double x)
{
    return model == &ptn_mbg_nbd ? x + 1 : x;
}

static const double shops[][4] = {
    {0.243, 30.9, 0.793, 2.426}, {0.525, 43.3, 0.891, 1.614}, {0.25, 4, 1, 2.5},
    {1.7, 12, 0.3, 0.2},         {0.05, 0.3, 0.01, 0.02},     {3, 20, 40, 300},
    {0.6, 30, 1e10, 3e10},       {0.6, 30, 1e-4, 3},          {2e6, 3e7, 0.8, 2.4},
    {1e10, 1e12, 1e10, 1e11},    {0.01, 0.001, 200, 0.1},
};

/* x, t_x, T */
static const double states[][3] = {
    {0, 0, 0},    {0, 0, 272},    {1, 12, 272},  {2, 213, 272},
    {7, 12, 700}, {30, 690, 700}, {200, 38, 40}, {1500, 300, 360},
};

typedef struct row {
    double x, t_x, T;
} row;

/* One state, laid on its grid or, with step = 0, on none. */
static ptn_sample one_state(row *at)
{
    ptn_sample sample = {0};
    patron_error err = {0};
    const patron_states one = {.n = 1, .frequency = &at->x, .recency = &at->t_x, .age = &at->T};
    if (ptn_sample_open(&sample, &one, false, &err) != PATRON_OK)
        fail_msg("%s", err.message);
    return sample;
}

static double log_likelihood_of(const patron_model *model, const double *parameters, const double *state,
                                double *gradient)
{
    row at = {state[0], state[1], state[2]};
    ptn_sample sample = one_state(&at);
    double value;
    CHECK(model->log_likelihood(parameters, &sample, &value, gradient));
    ptn_sample_close(&sample);
    return value;
}

static double p_alive_of(const patron_model *model, const double *parameters, const double *state)
{
    row at = {state[0], state[1], state[2]};
    ptn_sample sample = one_state(&at);
    double value;
    CHECK(model->p_alive(parameters, &sample, &value));
    ptn_sample_close(&sample);
    return value;
}

/* ---- likelihood ---- */

/* Richardson's differences over logs, of error h^6. */
TEST(gradient_is_that_of_differences)
{
    EACH(j, models) EACH(i, shops) EACH(n, states)
    {
        double gradient[4];
        const double value = log_likelihood_of(models[j], shops[i], states[n], gradient);
        for (unsigned k = 0; k < 4; k++) {
            const double h = 0.02;
            double slope[3];
            for (int m = 1; m <= 3; m++) {
                double up[4], down[4];
                memcpy(up, shops[i], sizeof up);
                memcpy(down, shops[i], sizeof down);
                up[k] *= exp(m * h);
                down[k] /= exp(m * h);
                slope[m - 1] = (log_likelihood_of(models[j], up, states[n], NULL)
                                - log_likelihood_of(models[j], down, states[n], NULL))
                               / (2 * m * h);
            }
            const double difference = 1.5 * slope[0] - 0.6 * slope[1] + 0.1 * slope[2];
            const double scale = fmax(fabs(value), shops[i][0] * log1p(states[n][2] / shops[i][1]));
            CHECK_NEAR(gradient[k], difference, 1e-7 * (1 + states[n][0]) + 1e-12 * scale);
        }
    }
}

/* What a search may try: everything stays finite, and no likelihood exceeds the best that one rate and one life could give,
 * (x / t_x)^x e^-x. A peer returned +2.1e10 here. */
TEST(runaway_steps_stay_finite_and_below_the_bound)
{
    static const double sizes[] = {1e-13, 1e-6, 1, 1e6, 1e13};
    static const double heavy[] = {20000, 700, 730}, light[] = {0, 0, 730}, some[] = {3, 200, 210};
    static const double *const of[] = {heavy, light, some};
    EACH(j, models) EACH(r, sizes) EACH(alpha, sizes) EACH(a, sizes) EACH(b, sizes) EACH(n, of)
    {
        const double parameters[] = {sizes[r], sizes[alpha], sizes[a], sizes[b]}, x = of[n][0];
        double gradient[4];
        const double value = log_likelihood_of(models[j], parameters, of[n], gradient);
        const double most = x > 0 ? x * (log(x / of[n][1]) - 1) : 0;
        CHECK(isfinite(value) && value <= most + 1e-12 * (1 + x));
        for (unsigned k = 0; k < 4; k++)
            CHECK(isfinite(gradient[k]));
        const double p = p_alive_of(models[j], parameters, of[n]);
        CHECK(p >= 0 && p <= 1);
    }
}

/* A million purchases in a year. */
TEST(the_heaviest_buyer_is_fine)
{
    static const double state[] = {1e6, 364, 365}, parameters[] = {0.25, 30, 0.8, 2.5};
    EACH(j, models)
    {
        const double value = log_likelihood_of(models[j], parameters, state, NULL);
        CHECK(isfinite(value) && value > 0);
        CHECK(isfinite(models[j]->alive_purchases(parameters, state[0], state[2], 365)));
    }
}

TEST(states_on_a_grid_and_alone_agree)
{
    enum { N = 3000 };
    static double frequency[N], recency[N], age[N], weight[N], on_grid[N], alone[N];
    ptn_random random = ptn_random_open(3, 0);
    for (size_t i = 0; i < N; i++) {
        age[i] = 1 + floor(700 * ptn_draw_uniform(&random));
        frequency[i] = floor(30 * pow(ptn_draw_uniform(&random), 3));
        recency[i] = frequency[i] > 0 ? ceil(age[i] * ptn_draw_uniform(&random)) : 0;
        weight[i] = 1 + floor(3 * ptn_draw_uniform(&random));
    }
    const patron_states table = {N, frequency, recency, age, weight};
    ptn_sample sample = {0};
    CHECK(ptn_sample_open(&sample, &table, false, NULL) == PATRON_OK && sample.step > 0);
    EACH(j, models)
    {
        double value, other, gradient[4], others[4];
        CHECK(models[j]->log_likelihood(shops[0], &sample, &value, gradient));
        CHECK(models[j]->p_alive(shops[0], &sample, on_grid));
        const double step = sample.step;
        sample.step = 0;
        CHECK(models[j]->log_likelihood(shops[0], &sample, &other, others));
        CHECK(models[j]->p_alive(shops[0], &sample, alone));
        sample.step = step;
        CHECK_REL(value, other, 1e-13);
        for (unsigned k = 0; k < 4; k++)
            CHECK_NEAR(gradient[k], others[k], 1e-12 * sample.purchases);
        for (size_t i = 0; i < sample.n; i++)
            CHECK_REL(on_grid[i], alone[i], 1e-12);
    }
    ptn_sample_close(&sample);
}

/* ---- the future ---- */

TEST(law_of_counts_sums_to_one_and_has_the_mean)
{
    enum { COUNTS = 20000 };
    double *pmf = malloc(COUNTS * sizeof *pmf);
    CHECK(pmf != NULL);
    static const double horizons[] = {0.5, 30, 365};
    EACH(j, models) EACH(i, shops) EACH(n, states) EACH(t, horizons)
    {
        const double x = states[n][0], T = states[n][2], horizon = horizons[t];
        const double s = horizon / (shops[i][1] + T), shape = shops[i][0] + x;
        if (shape * s + 40 * sqrt(shape * s * (1 + s)) + 60 * (1 + s) > COUNTS)
            continue;
        const size_t count = models[j]->alive_pmf(shops[i], x, T, horizon, INFINITY, pmf, COUNTS);
        double sum = 0, mean = 0;
        for (size_t k = count; k-- > 0;) {
            CHECK(pmf[k] >= 0);
            sum += pmf[k];
            mean += (double)k * pmf[k];
        }
        CHECK_NEAR(sum, 1, 1e-11);
        CHECK_REL(models[j]->alive_purchases(shops[i], x, T, horizon), mean, 2e-11);
    }
    free(pmf);
}

TEST(law_of_counts_stops_when_it_is_enough)
{
    double all[300], some[300];
    EACH(j, models) EACH(n, states)
    {
        CHECK_EQ_INT(models[j]->alive_pmf(shops[1], states[n][0], states[n][2], 90, INFINITY, all, 300), 300);
        for (double enough = 0; enough < 1; enough += 0.0999) {
            const size_t count =
                models[j]->alive_pmf(shops[1], states[n][0], states[n][2], 90, enough, some, 300);
            double sum = 0;
            CHECK(count >= 1 && count <= 300);
            for (size_t k = 0; k < count; k++) {
                CHECK(some[k] == all[k]);
                CHECK(k == 0 || sum < enough);
                sum += some[k];
            }
            CHECK(sum >= enough || count == 300);
        }
        CHECK_EQ_INT(models[j]->alive_pmf(shops[1], states[n][0], states[n][2], 90, 1, all, 0), 0);
    }
}

typedef struct discounted {
    const patron_model *model;
    const double *parameters, *state;
    double discount;
} discounted;

static double discounted_purchases(double t, const void *context)
{
    const discounted *d = context;
    return t > 0
               ? exp(-d->discount * t) * d->model->alive_purchases(d->parameters, d->state[0], d->state[2], t)
               : 0;
}

/* By parts: the integral of e^(-dt) over E[N(t)]'s increase is d times the integral of e^(-dt) E[N(t)]. */
TEST(residual_purchases_are_those_of_all_horizons)
{
    EACH(j, models) EACH(i, shops) EACH(n, states)
    {
        if (states[n][0] > 100 || (i == 4 && n == 0))
            continue; /* slow */
        const discounted d = {models[j], shops[i], states[n], 0.01};
        const double integral = integrate(discounted_purchases, &d, 0, INFINITY, 1e-11, NULL);
        CHECK_REL(models[j]->alive_residual(shops[i], states[n][0], states[n][2], d.discount),
                  d.discount * integral, 1e-9);
    }
}

/* Without a discount E[1 / p], which is infinite when leaving is too rare; a faint discount comes close to it. */
TEST(residual_purchases_without_a_discount)
{
    static const double leaving[4] = {0.6, 30, 3, 9}, staying[4] = {0.6, 30, 1, 9};
    EACH(j, models)
    {
        const double m = chances_met(models[j], 2);
        CHECK_REL(models[j]->alive_residual(leaving, 2, 100, 0), (3 + 9 + m - 1) / (3 - 1), 1e-15);
        CHECK_REL(models[j]->alive_residual(leaving, 2, 100, 1e-12), (3 + 9 + m - 1) / (3 - 1), 1e-8);
        CHECK(models[j]->alive_residual(staying, 2, 100, 0) == INFINITY);
        CHECK_REL(models[j]->alive_residual(leaving, 2, 100, 1e30), 2.6 / 130 / 1e30, 1e-12);
    }
}

/* Over short times nobody has left, over long ones only p counts. */
TEST(purchases_at_both_ends_of_the_horizon)
{
    static const double leaving[4] = {0.6, 30, 3, 9};
    EACH(j, models)
    {
        CHECK_REL(models[j]->alive_purchases(leaving, 2, 100, 1e-9), 2.6 / 130 * 1e-9, 1e-10);
        CHECK_REL(models[j]->alive_purchases(leaving, 2, 100, 1e-200), 2.6 / 130 * 1e-200, 1e-14);
        CHECK_REL(models[j]->alive_purchases(leaving, 2, 100, 1e15),
                  (3 + 9 + chances_met(models[j], 2) - 1) / (3 - 1), 1e-10);
    }
}

/* What comes within a horizon grows like its logarithm at a = 1: up to where it is no longer computed, and never a wrong number. */
TEST(horizons_and_discounts_that_nobody_means_are_right_or_no_number)
{
    static const double slow[4] = {1, 1, 1, 1}, slower[4] = {1, 1, 1.0001, 1}, huge[4] = {1e300, 1, 1, 1};
    EACH(j, models)
    {
        const double m = chances_met(models[j], 1), tenfold = models[j]->alive_purchases(slow, 1, 2, 1e31)
                                                              - models[j]->alive_purchases(slow, 1, 2, 1e30);
        CHECK_REL(tenfold, (1 + m) * log(10), 1e-9);
        for (double power = 31; power < 300; power++) {
            const double purchases = models[j]->alive_purchases(slow, 1, 2, pow(10, power));
            const double residual = models[j]->alive_residual(slower, 1, 2, pow(10, -power));
            if (power < 100 || !isnan(purchases))
                CHECK_REL(purchases, models[j]->alive_purchases(slow, 1, 2, 1e30) + (power - 30) * tenfold,
                          1e-9);
            if (power < 100 || !isnan(residual))
                CHECK(residual < (1 + (power + 2) * log(10)) * (1 + m));
        }
        CHECK(isnan(models[j]->alive_purchases(slow, 1, 2, 1e300)));
        CHECK(isnan(models[j]->alive_residual(huge, 1, 2, 1e-3)));
    }
}

/* The mean of a convex function of p lies between its value at the mean of p and the chord. Laws of every width. */
TEST(purchases_lie_between_the_bounds_of_convexity)
{
    static const double sizes[] = {1e-18, 1e-9, 1e-3, 0.3, 4, 1e3, 1e9, 1e18},
                        horizons[] = {1e-9, 10, 1e4, 1e12};
    EACH(r, sizes) EACH(a, sizes) EACH(b, sizes) EACH(t, horizons)
    {
        const double parameters[] = {sizes[r], 30, sizes[a], sizes[b]}, s = horizons[t] / 30;
        const double p = sizes[a] / (sizes[a] + sizes[b]), q = sizes[b] / (sizes[a] + sizes[b]);
        const double at_mean = -expm1(-sizes[r] * log1p(p * s)) / p;
        const double at_zero = sizes[r] * s, at_one = -expm1(-sizes[r] * log1p(s));
        const double purchases = ptn_bg_nbd.alive_purchases(parameters, 0, 0, horizons[t]);
        CHECK(purchases >= (1 - 1e-10) * at_mean);
        CHECK(purchases <= (1 + 1e-10) * (q * at_zero + p * at_one));
    }
}

/* ---- who is a customer still ---- */

TEST(only_mbg_lets_people_leave_at_once)
{
    static const double fresh[] = {0, 0, 0}, idle[] = {0, 0, 500}, back[] = {1, 500, 500};
    EACH(i, shops)
    {
        const double a = shops[i][2], b = shops[i][3];
        CHECK(p_alive_of(&ptn_bg_nbd, shops[i], fresh) == 1);
        CHECK(p_alive_of(&ptn_bg_nbd, shops[i], idle) == 1);
        CHECK_REL(p_alive_of(&ptn_mbg_nbd, shops[i], fresh), b / (a + b), 1e-13);
        CHECK(p_alive_of(&ptn_mbg_nbd, shops[i], idle) <= b / (a + b));
        CHECK_REL(p_alive_of(&ptn_bg_nbd, shops[i], back), b / (a + b), 1e-13);
        CHECK_REL(p_alive_of(&ptn_mbg_nbd, shops[i], back), (b + 1) / (a + b + 1), 1e-13);
    }
}

static void count_purchase(void *context, double time)
{
    double *count = context;
    (void)time;
    ++*count;
}

/* Both the mean of the draws and, over a life, how many never came back. */
TEST(draws_have_the_mean_of_the_model)
{
    enum { N = 40000 };
    static const double shop[4] = {0.9, 20, 1.5, 3};
    EACH(j, models)
    {
        double sum = 0, squares = 0, never = 0;
        for (uint64_t i = 0; i < N; i++) {
            ptn_random random = ptn_random_open(5, i);
            double count = 0, in_life = 0;
            models[j]->draw(shop, 100, &random, count_purchase, &count);
            random = ptn_random_open(6, i);
            models[j]->draw(shop, 1e300, &random, count_purchase, &in_life);
            sum += count;
            squares += count * count;
            never += in_life == 0;
        }
        static const double fresh[3] = {0};
        const double mean = sum / N, error = sqrt((squares / N - mean * mean) / N);
        const double stays = p_alive_of(models[j], shop, fresh);
        CHECK_NEAR(mean, stays * models[j]->alive_purchases(shop, 0, 0, 100), 4 * error);
        CHECK_NEAR(never / N, 1 - stays, 4 * sqrt(0.25 / N));
        CHECK(stays < 1 || never == 0);
    }
}

/* ---- limits ---- */

static void check_log_likelihood(const patron_model *model, const double *parameters, const double *state,
                                 double expected, double tolerance)
{
    CHECK_NEAR(log_likelihood_of(model, parameters, state, NULL), expected,
               tolerance * fmax(1, fabs(expected)));
}

static const ptn_limit *limit_of(const patron_model *model, const char *name)
{
    const ptn_limit *limit = model->limits;
    while (limit->name && strcmp(limit->name, name) != 0)
        limit++;
    CHECK(limit->name != NULL);
    return limit;
}

TEST(jacobians_of_limits_are_those_of_differences)
{
    EACH(j, models)
    for (const ptn_limit *limit = models[j]->limits; limit->name; limit++) {
        const double at[3] = {-0.7, 1.9, -0.4}, h = 1e-3;
        double parameters[4], jacobian[12] = {0}, up[4], down[4];
        limit->expand(at, parameters, jacobian);
        for (unsigned i = 0; i < limit->free_count; i++) {
            double free[3];
            memcpy(free, at, sizeof free);
            free[i] = at[i] + h;
            limit->expand(free, up, NULL);
            free[i] = at[i] - h;
            limit->expand(free, down, NULL);
            for (unsigned k = 0; k < 4; k++)
                CHECK_NEAR(jacobian[4 * i + k], log(up[k] / down[k]) / (2 * h), 1e-7);
        }
    }
}

/* The limits as models of their own: rates ~ Gamma(r, alpha) or all `rate`; chances all `p`. */
static double log_rates(double r, double alpha, const double *state)
{
    return ptn_lgamma_ratio(r, state[0]) - state[0] * log(alpha + state[2]) - r * log1p(state[2] / alpha);
}

/* ln(e^a + e^b); b may be ln 0. */
static double log_add_exp(double a, double b)
{
    return fmax(a, b) + log1p(exp(-fabs(a - b)));
}

TEST(nobody_leaves_is_the_negative_binomial_law)
{
    const double free[] = {log(0.6), log(30)};
    double p[4];
    EACH(j, models) EACH(n, states)
    {
        limit_of(models[j], "nobody_leaves")->expand(free, p, NULL);
        const double x = states[n][0], T = states[n][2], rate = (0.6 + x) / (30 + T);
        check_log_likelihood(models[j], p, states[n], log_rates(0.6, 30, states[n]), 1e-12);
        CHECK_REL(p_alive_of(models[j], p, states[n]), 1.0, 1e-9);
        CHECK_REL(models[j]->alive_purchases(p, x, T, 365), rate * 365, 1e-12);
        CHECK_REL(models[j]->alive_residual(p, x, T, 1e-3), rate / 1e-3, 1e-11);
        CHECK(models[j]->alive_residual(p, x, T, 0) == INFINITY);
    }
}

TEST(common_leaving_chance_is_one_p)
{
    static const double odds[] = {1e-3, 0.3, 5};
    EACH(j, models) EACH(i, odds) EACH(n, states)
    {
        const double free[] = {log(0.6), log(30), log(odds[i])}, chance = odds[i] / (1 + odds[i]);
        double p[4];
        limit_of(models[j], "common_leaving_chance")->expand(free, p, NULL);
        const double x = states[n][0], T = states[n][2], m = chances_met(models[j], x);
        const double growth = log((30 + T) / (30 + states[n][1]));
        const double still = log_rates(0.6, 30, states[n]) + m * log1p(-chance);
        const double left = m > 0 ? still + log(odds[i]) + (0.6 + x) * growth : -INFINITY;
        check_log_likelihood(models[j], p, states[n], log_add_exp(still, left), 1e-11);
        const double expected = -expm1(-(0.6 + x) * log1p(chance * 365 / (30 + T))) / chance;
        CHECK_REL(models[j]->alive_purchases(p, x, T, 365), expected, 1e-11);
        CHECK_REL(models[j]->alive_residual(p, x, T, 0), 1 / chance, 1e-12);
    }
}

TEST(common_buying_rate_is_one_rate)
{
    const double rate = 0.07, a = 0.8, b = 2.4, free[] = {log(rate), log(a), log(b)};
    EACH(j, models) EACH(n, states)
    {
        double p[4];
        limit_of(models[j], "common_buying_rate")->expand(free, p, NULL);
        const double x = states[n][0], T = states[n][2], m = chances_met(models[j], x);
        const double still = x * log(rate) - rate * T + ptn_lbeta(a, b + m) - ptn_lbeta(a, b);
        const double left = m > 0 ? still + log(a / (b + m - 1)) + rate * (T - states[n][1]) : -INFINITY;
        check_log_likelihood(models[j], p, states[n], log_add_exp(still, left), 1e-9);
        double nothing;
        CHECK_EQ_INT(models[j]->alive_pmf(p, x, T, 30, 0, &nothing, 1), 1);
        CHECK_REL(nothing, exp(-rate * 30), 1e-12);
    }
}

TEST(leaving_at_once_or_never_is_two_kinds_of_people)
{
    const double odds = 0.7, free[] = {log(0.6), log(30), log(odds)};
    EACH(j, models) EACH(n, states)
    {
        double p[4];
        limit_of(models[j], "leaves_at_once_or_never")->expand(free, p, NULL);
        const double x = states[n][0], T = states[n][2], m = chances_met(models[j], x);
        const double growth = log((30 + T) / (30 + states[n][1]));
        const double still = log_rates(0.6, 30, states[n]) - (m > 0 ? log1p(odds) : 0);
        const double left = m == 1 ? still + log(odds) + (0.6 + x) * growth : -INFINITY;
        check_log_likelihood(models[j], p, states[n], log_add_exp(still, left), 1e-11);
    }
}

/* On the way to a limit the likelihood comes near it in proportion. */
TEST(likelihood_comes_near_its_limits_steadily)
{
    static const char *const names[] = {"nobody_leaves", "common_leaving_chance", "common_buying_rate"};
    static const double state[] = {7, 150, 200};
    EACH(j, models) EACH(i, names)
    {
        const double free[3] = {i == 2 ? log(0.03) : log(0.6), i == 2 ? log(0.8) : log(30),
                                i == 2 ? log(2.4) : log(0.3)};
        double at[4];
        limit_of(models[j], names[i])->expand(free, at, NULL);
        const double limit = log_likelihood_of(models[j], at, state, NULL);
        double last = INFINITY;
        for (double size = 1e2; size < 1e10; size *= 10) {
            const double near[3][4] = {
                {0.6, 30, 1, size}, {0.6, 30, 0.3 * size, size}, {size, size / 0.03, 0.8, 2.4}};
            const double off = fabs(log_likelihood_of(models[j], near[i], state, NULL) - limit);
            CHECK(off < 0.2 * last + 1e-13 * fabs(limit) && off < 200 / size + 1e-12);
            last = off;
        }
    }
}

TEST(limits_begin_where_models_begin)
{
    static double frequency[] = {0, 3}, recency[] = {0, 20}, age[] = {30, 40};
    const patron_states table = {2, frequency, recency, age, NULL};
    ptn_sample sample = {0};
    CHECK(ptn_sample_open(&sample, &table, false, NULL) == PATRON_OK);
    EACH(j, models)
    {
        double whole[4], value;
        models[j]->start(&sample, whole);
        for (const ptn_limit *limit = models[j]->limits; limit->name; limit++) {
            double free[3], parameters[4];
            limit->start(&sample, free);
            limit->expand(free, parameters, NULL);
            CHECK_REL(parameters[0] / parameters[1], whole[0] / whole[1], 1e-12);
            CHECK(models[j]->log_likelihood(parameters, &sample, &value, NULL) && isfinite(value));
        }
    }
    ptn_sample_close(&sample);
}
