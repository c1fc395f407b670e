/* Scores of every model: identities between the numbers it gives of one future. */
#include "check.h"
#include "math/quadrature.h"
#include "worlds.h"

enum { CUSTOMERS = 100, COUNTS = 4096 };

/* States of all kinds: from a shop, and the corners. Ages in days, on the grid or off it. */
static customers mixed_states(const patron_model *model, double grid)
{
    customers c = simulate(model, CUSTOMERS, 0, grid, 5);
    const double corner[][3] = {{0, 0, 0},       {0, 0, 1},       {0, 0, 3000},   {1, 1, 1},
                                {1, 1, 3000},    {1, 2999, 3000}, {40, 250, 260}, {40, 30, 260},
                                {150, 250, 250}, {150, 200, 3000}};
    for (size_t k = 0; k < sizeof corner / sizeof *corner; k++) {
        c.frequency[k] = corner[k][0];
        c.recency[k] = corner[k][1];
        c.age[k] = corner[k][2];
    }
    return c;
}

typedef struct columns {
    double p_alive[CUSTOMERS], p_buys[CUSTOMERS], purchases[CUSTOMERS], residual[CUSTOMERS], low[CUSTOMERS],
        high[CUSTOMERS];
} columns;

static patron_scores all_of(columns *c)
{
    return (patron_scores){c->p_alive, c->p_buys, c->purchases, c->residual, c->low, c->high};
}

static columns score(const patron_model *model, const patron_states *states, patron_score_options options)
{
    static columns out;
    patron_scores scores = all_of(&out);
    CHECK_OK(patron_model_score(model, plausible(model), states, &options, &scores, &err));
    return out;
}

static const patron_score_options quarter = {.horizon = 90, .discount = 0.0003};

/* ---- the law of counts ---- */

/* The law of customer k, with as many counts as leave nothing worth mentioning (1e-10) in the tail. */
static size_t law_of(const patron_model *model, const customers *c, size_t k, double *pmf, double *tail)
{
    size_t count = 32;
    for (*tail = 1; *tail > 1e-10 && count < COUNTS;) {
        count *= 2;
        CHECK_OK(patron_model_pmf(model, plausible(model), c->frequency[k], c->recency[k], c->age[k],
                                  quarter.horizon, pmf, count, tail, &err));
    }
    return count;
}

TEST(laws_sum_to_one_and_their_mean_is_the_expectation)
{
    static double pmf[COUNTS];
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = mixed_states(model, 1);
        const columns scored = score(model, &c.states, quarter);
        for (size_t k = 0; k < CUSTOMERS; k++) {
            double tail, sum = 0, mean = 0;
            for (size_t j = law_of(model, &c, k, pmf, &tail); j-- > 0;) {
                CHECK(pmf[j] >= 0 && pmf[j] <= 1);
                sum += pmf[j];
                mean += (double)j * pmf[j];
            }
            CHECK_NEAR(sum + tail, 1, 1e-12);
            CHECK_NEAR(tail, 0, 1e-10);
            CHECK_REL(scored.purchases[k], mean, 1e-8);
            CHECK_NEAR(scored.p_buys[k], 1 - pmf[0], 1e-12);
            CHECK(pmf[0] >= 1 - scored.p_alive[k] - 1e-15);
        }
        free_customers(&c);
    }
}

TEST(a_short_law_ends_in_its_tail)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        double pmf[50], part[3], tail, rest, none;
        CHECK_OK(patron_model_pmf(model, plausible(model), 6, 150, 170, 90, pmf, 50, &tail, &err));
        CHECK_OK(patron_model_pmf(model, plausible(model), 6, 150, 170, 90, part, 3, &rest, &err));
        CHECK_OK(patron_model_pmf(model, plausible(model), 6, 150, 170, 90, NULL, 0, &none, &err));
        CHECK_OK(patron_model_pmf(model, plausible(model), 6, 150, 170, 90, part, 3, NULL, &err));
        for (int k = 0; k < 3; k++)
            CHECK_REL(part[k], pmf[k], 1e-12);
        CHECK_NEAR(rest, 1 - part[0] - part[1] - part[2], 1e-12);
        CHECK_NEAR(none, 1, 0);
    }
}

/* The smallest counts whose cumulative probability reaches the chances, said again by the law. */
TEST(intervals_bracket_their_chance)
{
    static double pmf[COUNTS];
    const double chances[] = {0, 0.5, 0.8, 0.95, 0.999};
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = mixed_states(model, 1);
        static columns scored[5];
        for (unsigned j = 0; j < 5; j++) {
            patron_score_options options = quarter;
            options.chance = chances[j];
            scored[j] = score(model, &c.states, options);
        }
        for (size_t k = 0; k < CUSTOMERS; k++) {
            double tail;
            const size_t counts = law_of(model, &c, k, pmf, &tail);
            for (unsigned j = 0; j < 5; j++) {
                const double outside = (1 - (chances[j] == 0 ? 0.8 : chances[j])) / 2;
                const double ends[2] = {scored[j].low[k], scored[j].high[k]};
                double below[2] = {0}, reached[2] = {0};
                for (int e = 0; e < 2; e++) {
                    CHECK(ends[e] >= 0 && ends[e] == floor(ends[e]) && ends[e] < (double)counts);
                    for (size_t count = 0; count < (size_t)ends[e]; count++)
                        below[e] += pmf[count];
                    reached[e] = below[e] + pmf[(size_t)ends[e]];
                }
                CHECK(below[0] < outside + 1e-12 && reached[0] > outside - 1e-12);
                CHECK(below[1] < 1 - outside + 1e-12 && reached[1] > 1 - outside - 1e-12);
                CHECK(ends[0] <= ends[1]);
            }
        }
        free_customers(&c);
    }
}

/* ---- the numbers among themselves ---- */

TEST(chances_are_chances)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = mixed_states(model, 0.25);
        const columns s = score(model, &c.states, quarter);
        for (size_t k = 0; k < CUSTOMERS; k++) {
            CHECK(s.p_alive[k] >= 0 && s.p_alive[k] <= 1);
            CHECK(s.p_buys[k] >= 0 && s.p_buys[k] <= s.p_alive[k]);
            CHECK(s.purchases[k]
                  >= s.p_buys[k] * (1 - 1e-12)); /* a mean of counts is at least the chance of one */
            CHECK(s.residual[k] >= 0);
        }
        free_customers(&c);
    }
}

TEST(a_longer_horizon_brings_more)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = mixed_states(model, 1);
        columns before = {0};
        for (double horizon = 0.01; horizon < 1e4; horizon *= 10) {
            const columns s =
                score(model, &c.states, (patron_score_options){.horizon = horizon, .discount = 0.001});
            for (size_t k = 0; k < CUSTOMERS; k++) {
                CHECK(s.purchases[k] >= before.purchases[k] && s.p_buys[k] >= before.p_buys[k] - 1e-14);
                CHECK(s.low[k] >= before.low[k] && s.high[k] >= before.high[k]);
                CHECK(s.p_alive[k] == before.p_alive[k] || horizon < 0.1);
            }
            before = s;
        }
        free_customers(&c);
    }
}

/* By parts: the discounted purchases are the mean of E(t) over an exponential t at rate `discount`. */
TEST(residual_is_the_discounted_stream_of_purchases)
{
    double node[64], weight[64];
    ptn_gauss_gamma(64, 1, node, weight);
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        const double discount = 0.01;
        double sum[CUSTOMERS] = {0};
        customers c = mixed_states(model, 1);
        const columns s = score(model, &c.states, (patron_score_options){.horizon = 1, .discount = discount});
        for (unsigned j = 0; j < 64; j++) {
            double purchases[CUSTOMERS];
            patron_scores want = {.purchases = purchases};
            CHECK_OK(patron_model_score(model, plausible(model), &c.states,
                                        &(patron_score_options){.horizon = node[j] / discount}, &want, &err));
            for (size_t k = 0; k < CUSTOMERS; k++)
                sum[k] += weight[j] * purchases[k];
        }
        for (size_t k = 0; k < CUSTOMERS; k++)
            CHECK_REL(s.residual[k], sum[k], 2e-5); /* of the quadrature, where buyers leave within days */
        free_customers(&c);
    }
}

TEST(a_new_customer_is_the_state_of_nothing)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        const double zero = 0;
        const patron_states fresh = {.n = 1, .frequency = &zero, .recency = &zero, .age = &zero};
        double last = 0;
        for (double time = 0.5; time < 2000; time *= 3) {
            double expected = -1, scored = -1;
            patron_scores want = {.purchases = &scored};
            CHECK_OK(patron_model_new_purchases(model, plausible(model), time, &expected, &err));
            CHECK_OK(patron_model_score(model, plausible(model), &fresh,
                                        &(patron_score_options){.horizon = time}, &want, &err));
            CHECK_REL(expected, scored, 1e-12);
            CHECK(expected > last);
            last = expected;
        }
        double none = -1;
        CHECK_OK(patron_model_new_purchases(model, plausible(model), 0, &none, &err));
        CHECK(none == 0);
    }
}

/* What was expected at the start = what is known by T + what is expected from there, over all states: in law. */
TEST(expectations_add_up_over_time)
{
    enum { MANY = 20000 };
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        double *x = malloc(MANY * sizeof *x), *t_x = malloc(MANY * sizeof *t_x),
               *T = malloc(MANY * sizeof *T);
        double *purchases = malloc(MANY * sizeof *purchases);
        for (size_t k = 0; k < MANY; k++)
            T[k] = 100;
        CHECK_OK(patron_model_simulate(model, plausible(model), MANY, T, 0, 0, 6, x, t_x, NULL, &err));
        const patron_states states = {MANY, x, t_x, T, NULL};
        patron_scores want = {.purchases = purchases};
        double all = 0, until = 0, sum = 0, squares = 0;
        CHECK_OK(patron_model_score(model, plausible(model), &states, &(patron_score_options){.horizon = 200},
                                    &want, &err));
        CHECK_OK(patron_model_new_purchases(model, plausible(model), 300, &all, &err));
        CHECK_OK(patron_model_new_purchases(model, plausible(model), 100, &until, &err));
        for (size_t k = 0; k < MANY; k++) {
            sum += purchases[k];
            squares += purchases[k] * purchases[k];
        }
        const double mean = sum / MANY, error = sqrt((squares / MANY - mean * mean) / MANY);
        CHECK_NEAR(mean, all - until, 4 * error);
        free(x);
        free(t_x);
        free(T);
        free(purchases);
    }
}

/* ---- tables ---- */

static void check_columns(const columns *a, size_t i, const columns *b, size_t j, double tolerance)
{
    CHECK_REL(a->p_alive[i], b->p_alive[j], tolerance);
    CHECK_REL(a->p_buys[i], b->p_buys[j], tolerance);
    CHECK_REL(a->purchases[i], b->purchases[j], tolerance);
    CHECK_REL(a->residual[i], b->residual[j], tolerance);
    CHECK(a->low[i] == b->low[j] && a->high[i] == b->high[j]);
}

TEST(scores_of_a_row_do_not_depend_on_its_table)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = mixed_states(model, 0.5), turned = mixed_states(model, 0.5);
        const columns all = score(model, &c.states, quarter);
        for (size_t k = 0; k < CUSTOMERS; k++) {
            turned.frequency[k] = c.frequency[CUSTOMERS - 1 - k];
            turned.recency[k] = c.recency[CUSTOMERS - 1 - k];
            turned.age[k] = c.age[CUSTOMERS - 1 - k];
        }
        const columns backwards = score(model, &turned.states, quarter);
        for (size_t k = 0; k < CUSTOMERS; k++) {
            check_columns(&backwards, CUSTOMERS - 1 - k, &all, k, 0);
            const patron_states one = {1, &c.frequency[k], &c.recency[k], &c.age[k], NULL};
            const columns alone = score(model, &one, quarter);
            check_columns(&alone, 0, &all, k, 1e-9);
        }
        free_customers(&c);
        free_customers(&turned);
    }
}

TEST(scores_in_days_and_weeks_agree)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        const patron_model_info *info = patron_model_describe(model);
        customers c = mixed_states(model, 1);
        const columns days = score(model, &c.states, quarter);
        double p[PATRON_PARAMETERS_MAX];
        for (unsigned k = 0; k < info->parameter_count; k++)
            p[k] = plausible(model)[k] / pow(7, info->time_power[k]);
        for (size_t k = 0; k < CUSTOMERS; k++) {
            c.recency[k] /= 7;
            c.age[k] /= 7;
        }
        static columns weeks;
        patron_scores want = all_of(&weeks);
        const patron_score_options options = {.horizon = quarter.horizon / 7,
                                              .discount = 7 * quarter.discount};
        CHECK_OK(patron_model_score(model, p, &c.states, &options, &want, &err));
        for (size_t k = 0; k < CUSTOMERS; k++)
            check_columns(&weeks, k, &days, k, 1e-9);
        free_customers(&c);
    }
}

TEST(outputs_that_are_not_wanted_may_be_missing)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = mixed_states(model, 1);
        const columns all = score(model, &c.states, quarter);
        for (unsigned wanted = 0; wanted < 64; wanted++) {
            static columns out;
            const patron_scores every = all_of(&out);
            patron_scores want = {wanted & 1 ? every.p_alive : NULL,   wanted & 2 ? every.p_buys : NULL,
                                  wanted & 4 ? every.purchases : NULL, wanted & 8 ? every.residual : NULL,
                                  wanted & 16 ? every.low : NULL,      wanted & 32 ? every.high : NULL};
            out = all;
            CHECK_OK(patron_model_score(model, plausible(model), &c.states, &quarter, &want, &err));
            for (size_t k = 0; k < CUSTOMERS; k++)
                check_columns(&out, k, &all, k,
                              1e-15); /* p_buys with and without an interval: one sum less */
        }
        double p_alive[CUSTOMERS];
        patron_scores alive = {.p_alive = p_alive};
        CHECK_OK(patron_model_score(model, plausible(model), &c.states, NULL, &alive,
                                    &err)); /* needs no options */
        CHECK_OK(patron_model_score(model, plausible(model), &(patron_states){0}, &quarter, &alive, &err));
        free_customers(&c);
    }
}

/* ---- what cannot be scored ---- */

TEST(options_outside_their_domain_are_named)
{
    const double x = 1, t_x = 2, T = 3;
    const patron_states one = {1, &x, &t_x, &T, NULL};
    static const struct {
        patron_score_options options;
        const char *says;
    } bad[] = {{{.horizon = 0}, "horizon"},
               {{.horizon = NAN}, "horizon"},
               {{.horizon = INFINITY}, "horizon"},
               {{.horizon = 1, .discount = -1}, "discount"},
               {{.horizon = 1, .discount = NAN}, "discount"},
               {{.horizon = 1, .discount = 1, .chance = 1}, "chance"},
               {{.horizon = 1, .discount = 1, .chance = NAN}, "chance"}};
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        static columns out;
        patron_scores want = all_of(&out);
        patron_error err = {0};
        for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
            CHECK_EQ_INT(patron_model_score(model, plausible(model), &one, &bad[k].options, &want, &err),
                         PATRON_EINVAL);
            CHECK(strstr(err.message, bad[k].says) != NULL);
        }
        CHECK_EQ_INT(patron_model_score(model, plausible(model), &one, NULL, &want, &err), PATRON_EINVAL);
        const double old = 1;
        CHECK_EQ_INT(patron_model_score(model, plausible(model), &(patron_states){1, &x, &t_x, &old, NULL},
                                        &quarter, &want, &err),
                     PATRON_EDATA);
        CHECK(strstr(err.message, "row 1 (frequency 1, recency 2, age 1)") != NULL);
        double pmf[2], tail, purchases;
        CHECK_EQ_INT(patron_model_pmf(model, plausible(model), 1, 2, 1, 10, pmf, 2, &tail, &err),
                     PATRON_EDATA);
        CHECK_EQ_INT(patron_model_pmf(model, plausible(model), 1, 2, 3, 0, pmf, 2, &tail, &err),
                     PATRON_EINVAL);
        CHECK_EQ_INT(patron_model_new_purchases(model, plausible(model), -1, &purchases, &err),
                     PATRON_EINVAL);
        const double zeros[PATRON_PARAMETERS_MAX] = {0};
        CHECK_EQ_INT(patron_model_score(model, zeros, &one, &quarter, &want, &err), PATRON_EINVAL);
        CHECK_EQ_INT(patron_model_new_purchases(model, zeros, 1, &purchases, &err), PATRON_EINVAL);
    }
}

TEST(an_infinite_residual_is_an_error)
{
    const double x = 1, t_x = 2, T = 3;
    double residual = 7;
    patron_scores want = {.residual = &residual};
    patron_error err = {0};
    CHECK_EQ_INT(patron_model_score(&nbd, plausible(&nbd), &(patron_states){1, &x, &t_x, &T, NULL},
                                    &(patron_score_options){.horizon = 1}, &want, &err),
                 PATRON_ENUMERIC);
    CHECK(strstr(err.message, "residual of frequency 1, recency 2, age 3 is not finite: without a discount")
          != NULL);
    CHECK(residual == 7);
}

/* ---- simulated customers ---- */

TEST(simulated_customers_depend_on_seed_and_number_only)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers all = simulate(model, 50, 90, 1, 7), fewer = simulate(model, 20, 90, 1, 7);
        for (size_t k = 0; k < 20; k++)
            CHECK(all.frequency[k] == fewer.frequency[k] && all.recency[k] == fewer.recency[k]
                  && all.later[k] == fewer.later[k]);
        free_customers(&all);
        free_customers(&fewer);
        for (double grid = 0; grid <= 7; grid += 3.5) {
            customers c = simulate(model, 2000, 90, grid, 8);
            for (size_t k = 0; k < c.states.n; k++) {
                CHECK((c.frequency[k] == 0) == (c.recency[k] == 0));
                CHECK(c.recency[k] <= c.age[k]);
                if (grid > 0) {
                    CHECK(c.recency[k] == grid * round(c.recency[k] / grid));
                    CHECK(c.frequency[k] <= c.recency[k] / grid); /* one a step */
                    CHECK(c.later[k] <= ceil(90 / grid));
                }
            }
            free_customers(&c);
        }
    }
    const double age[] = {10, -1};
    double x[2], t_x[2];
    patron_error err = {0};
    CHECK_EQ_INT(patron_model_simulate(&nbd, plausible(&nbd), 2, age, 0, 0, 1, x, t_x, NULL, &err),
                 PATRON_EINVAL);
    CHECK(strstr(err.message, "row 2: age -1") != NULL);
    CHECK_EQ_INT(patron_model_simulate(&nbd, plausible(&nbd), 1, age, -1, 0, 1, x, t_x, NULL, &err),
                 PATRON_EINVAL);
    CHECK_EQ_INT(patron_model_simulate(&nbd, plausible(&nbd), 1, age, 0, NAN, 1, x, t_x, NULL, &err),
                 PATRON_EINVAL);
}
