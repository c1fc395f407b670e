/* Intervals of money: against the law they are quantiles of, against drawn futures, and against what came. */
#include "check.h"
#include "spenders.h"

enum { COUNTS = 4096, STATES = 60 };

static const patron_gamma_gamma cdnow = {6.25, 3.74, 15.44};

typedef struct interval {
    double low[STATES], high[STATES];
} interval;

static interval ask(const patron_model *model, const patron_gamma_gamma *g, const patron_states *states,
                    double first, double horizon, double chance)
{
    interval out;
    CHECK_OK(patron_spend_interval(g, model, plausible(model), states, first, horizon, chance, out.low,
                                   out.high, &err));
    return out;
}

/* Of all kinds: from a shop, and the corners. */
static customers mixed_states(const patron_model *model)
{
    customers c = simulate(model, STATES, 0, 1, 5);
    const double corner[][3] = {{0, 0, 0},        {0, 0, 3000},  {1, 1, 3000},    {1, 2999, 3000},
                                {40, 250, 260},   {40, 30, 260}, {150, 250, 250}, {150, 200, 3000},
                                {900, 990, 1000}, {300, 50, 60}};
    for (size_t k = 0; k < sizeof corner / sizeof *corner; k++) {
        c.frequency[k] = corner[k][0];
        c.recency[k] = corner[k][1];
        c.age[k] = corner[k][2];
    }
    return c;
}

/* ---- the law ---- */

typedef struct exact {
    double pmf[COUNTS], tail;
    size_t counts;
    double p, b;
} exact;

static void law_of(exact *e, const patron_model *model, const patron_gamma_gamma *g, const double state[3],
                   double first, double horizon)
{
    CHECK_OK(patron_model_pmf(model, plausible(model), state[0], state[1], state[2], horizon, e->pmf, COUNTS,
                              &e->tail, &err));
    CHECK(e->tail < 1e-9);
    for (e->counts = COUNTS; e->counts > 1 && e->pmf[e->counts - 1] < 1e-14; e->counts--)
        ;
    e->p = g->p;
    e->b = g->q + g->p * (state[0] + first);
}

/* P(money <= v), in units of the scale. */
static double at_most(const exact *e, double v)
{
    double sum = e->pmf[0];
    for (size_t n = 1; n < e->counts; n++)
        if (e->pmf[n] > 1e-9)
            sum += e->pmf[n] * ptn_beta_i_pair(e->p * (double)n, e->b, v / (1 + v), 1 / (1 + v));
    return sum;
}

/* By bisection between half and double of a guess. */
static double exact_quantile(const exact *e, double chance, double guess)
{
    double low = log(guess / 2), high = log(guess * 2);
    CHECK(at_most(e, guess / 2) < chance && at_most(e, guess * 2) > chance);
    while (high - low > 1e-5) {
        const double middle = 0.5 * (low + high);
        *(at_most(e, exp(middle)) < chance ? &low : &high) = middle;
    }
    return exp(0.5 * (low + high));
}

static double check_quantile(const exact *e, double chance, double found, double tolerance)
{
    CHECK(found >= 0 && isfinite(found));
    CHECK((found == 0) == (e->pmf[0] >= chance));
    if (found == 0)
        return 0;
    if (found < 1e-6 * e->p / e->b) /* less than a millionth of a purchase */
        return 0;
    const double is = exact_quantile(e, chance, found);
    CHECK_REL(found, is, tolerance);
    return fabs(found / is - 1);
}

TEST(quantiles_are_those_of_the_law)
{
    static exact e;
    const struct {
        patron_gamma_gamma spend;
        double tolerance;
    } worlds[] = {{{6.25, 3.74, 15.44}, 1e-3}, {{0.3, 1.5, 4}, 1e-3}, {{0.01, 1.01, 4}, 2e-3},
                  {{40, 1.5, 2}, 1e-3},        {{1, 200, 1e4}, 1e-3}, {{3000, 20, 1}, 4e-3}};
    for (size_t w = 0; w < sizeof worlds / sizeof *worlds; w++)
        for (int first = 0; first <= 1; first++) {
            const patron_model *model = model_number((unsigned)w % 4);
            const double horizon = w % 2 ? 365 : 60, chance = w % 3 ? 0.8 : 0.98;
            customers c = mixed_states(model);
            const interval found = ask(model, &worlds[w].spend, &c.states, first, horizon, chance);
            double worst = 0;
            for (size_t k = (size_t)first; k < STATES; k += 2) {
                const double state[3] = {c.frequency[k], c.recency[k], c.age[k]};
                law_of(&e, model, &worlds[w].spend, state, first, horizon);
                worst = fmax(worst, check_quantile(&e, 0.5 - chance / 2, found.low[k], worlds[w].tolerance));
                worst = fmax(worst, check_quantile(&e, 0.5 + chance / 2, found.high[k], worlds[w].tolerance));
            }
            if (getenv("PATRON_SHOW"))
                print_message("p %g q %g, %s, %g days, chance %g: worst error %.1e\n", worlds[w].spend.p,
                              worlds[w].spend.q, patron_model_describe(model)->name, horizon, chance, worst);
            free_customers(&c);
        }
}

/* Where the law of one purchase is a jump: one price, all alike, the same each time. */
TEST(laws_at_the_limits_have_intervals)
{
    static exact e;
    const struct {
        patron_gamma_gamma spend;
        double one; /* what a purchase costs a customer with 3 of mean 10 */
    } limits[] = {{{1e12, 1e12, 10}, 10}, {{1e12, 3, 20e-12}, 10}, {{5, 1e12, 2e12}, 10}};
    const double state[3] = {2, 200, 210};
    const patron_states one = {1, &state[0], &state[1], &state[2], NULL};
    for (int k = 0; k < 3; k++) {
        const patron_gamma_gamma *g = &limits[k].spend;
        const double scale = patron_gamma_gamma_scale(g, 3, 10);
        const interval found = ask(model_number(0), g, &one, 1, 365, 0.9);
        law_of(&e, model_number(0), g, state, 1, 365);
        if (k == 2) { /* sums of Gamma spends: no jump */
            check_quantile(&e, 0.05, found.low[0], 1e-3);
            check_quantile(&e, 0.95, found.high[0], 1e-3);
            continue;
        }
        double cumulative = e.pmf[0], low = 0, high = 0;
        for (size_t n = 1; n < e.counts; n++) {
            if (cumulative < 0.05)
                low = (double)n * limits[k].one;
            if (cumulative < 0.95)
                high = (double)n * limits[k].one;
            cumulative += e.pmf[n];
        }
        CHECK_REL(found.low[0] * scale, low, 0.004);
        CHECK_REL(found.high[0] * scale, high, 0.004);
    }
}

/* Drawn by hand: alive or not, how often, at what rate. */
TEST(quantiles_are_those_of_drawn_futures)
{
    enum { DRAWS = 300000 };
    static exact e;
    static double money[DRAWS];
    const patron_model *model = model_number(0);
    const double states[][3] = {{0, 0, 100}, {2, 200, 250}, {30, 240, 250}};
    for (size_t k = 0; k < 3; k++) {
        const patron_states one = {1, &states[k][0], &states[k][1], &states[k][2], NULL};
        const interval found = ask(model, &cdnow, &one, 1, 365, 0.8);
        law_of(&e, model, &cdnow, states[k], 1, 365);
        ptn_random random = ptn_random_open(7, k);
        double below_low = 0, below_high = 0, near_low = 0, near_high = 0;
        for (size_t i = 0; i < DRAWS; i++) {
            double u = ptn_draw_uniform(&random);
            size_t n = 0;
            while (n + 1 < e.counts && (u -= e.pmf[n]) > 0)
                n++;
            money[i] = n ? ptn_draw_gamma(&random, e.p * (double)n) / ptn_draw_gamma(&random, e.b) : 0;
        }
        /* 1 % less and 1 % more lie on both sides of the chance, but for the luck of the draws */
        for (size_t i = 0; i < DRAWS; i++) {
            below_low += money[i] <= found.low[0] * 0.99;
            near_low += money[i] <= found.low[0] * 1.01;
            below_high += money[i] <= found.high[0] * 0.99;
            near_high += money[i] <= found.high[0] * 1.01;
        }
        const double luck = 3.1 * sqrt(0.09 / DRAWS);
        if (getenv("PATRON_SHOW"))
            print_message(
                "frequency %g: %.4f to %.4f; drawn below 1 %% less and more: %.4f %.4f, %.4f %.4f\n",
                states[k][0], found.low[0], found.high[0], below_low / DRAWS, near_low / DRAWS,
                below_high / DRAWS, near_high / DRAWS);
        if (found.low[0] > 0)
            CHECK(below_low / DRAWS < 0.1 + luck && near_low / DRAWS > 0.1 - luck);
        CHECK(below_high / DRAWS < 0.9 + luck && near_high / DRAWS > 0.9 - luck);
    }
}

/* ---- what came ---- */

/* A tenth of those whose upper end is above 0 spend more, a tenth of those whose lower end is above 0 spend less: counts
 * within the binomial 99.8 % band. */
TEST(intervals_cover_as_often_as_they_say)
{
    enum { N = 20000 };
    static double low[N], high[N];
    for (unsigned m = 0; m < 2; m++) {
        const patron_model *model = model_number(m);
        customers c = simulate(model, N, 365, 0, 300 + m);
        CHECK_OK(
            patron_spend_interval(&cdnow, model, plausible(model), &c.states, 1, 365, 0.8, low, high, &err));
        double over = 0, could_over = 0, under = 0, could_under = 0;
        for (size_t i = 0; i < N; i++) {
            ptn_random random = ptn_random_open(400 + m, i);
            const double nu = draw_nu(cdnow.q, cdnow.gamma, &random), purchases = c.frequency[i] + 1;
            const double mean = draw_spend(cdnow.p, nu, purchases, &random) / purchases;
            const double money = draw_spend(cdnow.p, nu, c.later[i], &random);
            const double scale = patron_gamma_gamma_scale(&cdnow, purchases, mean);
            CHECK(low[i] <= high[i]);
            could_over += high[i] > 0;
            over += high[i] > 0 && money > high[i] * scale;
            could_under += low[i] > 0;
            under += low[i] > 0 && money < low[i] * scale;
        }
        if (getenv("PATRON_SHOW"))
            print_message("%s: %.0f of %.0f above, %.0f of %.0f below\n", patron_model_describe(model)->name,
                          over, could_over, under, could_under);
        CHECK(could_over > 1000 && could_under > 100);
        CHECK_NEAR(over, 0.1 * could_over, 3.09 * sqrt(0.09 * could_over) + 1);
        CHECK_NEAR(under, 0.1 * could_under, 3.09 * sqrt(0.09 * could_under) + 1);
        free_customers(&c);
    }
}

/* ---- how they move ---- */

TEST(intervals_widen_with_the_chance_and_rise_with_the_horizon)
{
    for (unsigned m = 0; model_number(m); m++) {
        const patron_model *model = model_number(m);
        customers c = mixed_states(model);
        interval narrower = ask(model, &cdnow, &c.states, 1, 90, 0.01), sooner = {{0}, {0}};
        for (double chance = 0.1; chance < 0.999; chance += 0.0999) {
            const interval wider = ask(model, &cdnow, &c.states, 1, 90, chance);
            for (size_t k = 0; k < STATES; k++)
                CHECK(wider.low[k] <= narrower.low[k] && wider.high[k] >= narrower.high[k]);
            narrower = wider;
        }
        for (double horizon = 1; horizon < 3000; horizon *= 5) {
            const interval later = ask(model, &cdnow, &c.states, 1, horizon, 0.8);
            for (size_t k = 0; k < STATES; k++)
                CHECK(later.low[k] >= sooner.low[k] * (1 - 1e-3)
                      && later.high[k] >= sooner.high[k] * (1 - 1e-3));
            sooner = later;
        }
        free_customers(&c);
    }
}

TEST(somebody_who_has_left_spends_nothing)
{
    const double x[] = {30, 30}, t_x[] = {60, 60}, T[] = {3000, 60};
    const interval found = ask(model_number(0), &cdnow, &(patron_states){2, x, t_x, T, NULL}, 1, 365, 0.8);
    CHECK(found.low[0] == 0
          && found.high[0] == 0); /* 30 purchases in 60 days, then nothing for eight years */
    CHECK(found.low[1] > 0 && found.high[1] > found.low[1]);
}

TEST(days_and_weeks_and_the_order_of_rows_agree)
{
    const patron_model *model = model_number(0);
    const patron_model_info *info = patron_model_describe(model);
    customers c = mixed_states(model), turned = mixed_states(model);
    double p[PATRON_PARAMETERS_MAX];
    for (unsigned k = 0; k < info->parameter_count; k++)
        p[k] = plausible(model)[k] / pow(7, info->time_power[k]);
    for (size_t k = 0; k < STATES; k++) {
        turned.frequency[k] = c.frequency[STATES - 1 - k];
        turned.recency[k] = c.recency[STATES - 1 - k] / 7;
        turned.age[k] = c.age[STATES - 1 - k] / 7;
    }
    const interval days = ask(model, &cdnow, &c.states, 1, 365, 0.8);
    interval weeks;
    CHECK_OK(patron_spend_interval(&cdnow, model, p, &turned.states, 1, 365.0 / 7, 0.8, weeks.low, weeks.high,
                                   &err));
    for (size_t k = 0; k < STATES; k++) {
        CHECK_REL(weeks.low[STATES - 1 - k], days.low[k], 1e-7);
        CHECK_REL(weeks.high[STATES - 1 - k], days.high[k], 1e-7);
    }
    free_customers(&c);
    free_customers(&turned);
}

/* ---- what cannot be asked ---- */

TEST(arguments_outside_their_domain_are_named)
{
    const patron_model *model = model_number(0);
    const double x = 1, t_x = 2, T = 3, old = 1;
    const patron_states one = {1, &x, &t_x, &T, NULL}, wrong = {1, &x, &t_x, &old, NULL}, nobody = {0};
    const struct {
        patron_gamma_gamma spend;
        double first, horizon, chance;
        const char *says;
    } bad[] = {{{6, 1, 15}, 1, 90, 0.8, "q 1"},
               {{NAN, 3, 15}, 1, 90, 0.8, "p nan"},
               {{6, 3, INFINITY}, 1, 90, 0.8, "gamma inf"},
               {{6, 3, 15}, 1, 0, 0.8, "horizon"},
               {{6, 3, 15}, 1, INFINITY, 0.8, "horizon"},
               {{6, 3, 15}, 1, 90, 0, "chance"},
               {{6, 3, 15}, 1, 90, 1, "chance"},
               {{6, 3, 15}, -1, 90, 0.8, "-1 purchases"}};
    double low = 7, high = 7;
    patron_error err = {0};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        CHECK_EQ_INT(patron_spend_interval(&bad[k].spend, model, plausible(model), &one, bad[k].first,
                                           bad[k].horizon, bad[k].chance, &low, &high, &err),
                     PATRON_EINVAL);
        if (!strstr(err.message, bad[k].says))
            fail_msg("\"%s\" does not say \"%s\"", err.message, bad[k].says);
    }
    const double zeros[PATRON_PARAMETERS_MAX] = {0};
    CHECK_EQ_INT(patron_spend_interval(&cdnow, model, zeros, &one, 1, 90, 0.8, &low, &high, &err),
                 PATRON_EINVAL);
    CHECK_EQ_INT(
        patron_spend_interval(&cdnow, model, plausible(model), &wrong, 1, 90, 0.8, &low, &high, &err),
        PATRON_EDATA);
    CHECK(strstr(err.message, "row 1") != NULL);
    const double many = 1e6, late = 999, short_time = 1000;
    CHECK_EQ_INT(patron_spend_interval(&cdnow, model, plausible(model),
                                       &(patron_states){1, &many, &late, &short_time, NULL}, 1, 365, 0.8,
                                       &low, &high, &err),
                 PATRON_ENUMERIC);
    CHECK(strstr(err.message, "reaches beyond 65536 purchases") != NULL);
    CHECK(low == 7 && high == 7);
    CHECK_EQ_INT(
        patron_spend_interval(&cdnow, model, plausible(model), &nobody, 1, 90, 0.8, NULL, NULL, &err),
        PATRON_OK);
}
