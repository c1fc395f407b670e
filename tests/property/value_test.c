/* Discounting: closed forms where buyers never leave, sums over small steps where they do. */
#include "check.h"

#include "patron/value.h"
#include "worlds.h"

enum { STATES = 6 };
static const double frequency[STATES] = {0, 0, 1, 5, 40, 40}, recency[STATES] = {0, 0, 20, 300, 250, 30}, age[STATES] = {1, 900, 30, 310, 260, 260};
static const patron_states states = {.n = STATES, .frequency = frequency, .recency = recency, .age = age};

static double force_of(double yearly)
{
    return log1p(yearly) / 365.25;
}

static double at[STATES];

/* The nbd buys at this rate for ever. */
static double rate(unsigned i)
{
    return (plausible(&nbd)[0] + frequency[i]) / (plausible(&nbd)[1] + age[i]);
}

TEST(a_year_at_ten_percent_leaves_one_in_1_1)
{
    const patron_discount_stretch one = {INFINITY, force_of(0.1)}, two[] = {{365.25, force_of(0.1)}, {INFINITY, force_of(0.5)}};
    CHECK_REL(patron_discount_factor(&(patron_discount){1, &one}, 365.25), 1 / 1.1, 1e-14);
    CHECK_REL(patron_discount_factor(&(patron_discount){2, two}, 365.25), 1 / 1.1, 1e-14);
    CHECK_REL(patron_discount_factor(&(patron_discount){2, two}, 3 * 365.25), 1 / 1.1 / 1.5 / 1.5, 1e-14);
    CHECK_NEAR(patron_discount_factor(&(patron_discount){2, two}, 0), 1, 0);
    CHECK_NEAR(patron_discount_factor(&(patron_discount){0, NULL}, 1000), 1, 0);
}

TEST(a_steady_buyer_is_an_annuity)
{
    const double f = force_of(0.12), g = force_of(0.03), b = 200, h = 730;
    const patron_discount_stretch one = {INFINITY, f}, two[] = {{b, f}, {INFINITY, g}};
    CHECK_OK(patron_discounted_purchases(&nbd, plausible(&nbd), &states, NULL, &(patron_discount){1, &one}, h, at, &err));
    for (unsigned i = 0; i < STATES; i++)
        CHECK_REL(at[i], rate(i) * -expm1(-f * h) / f, 1e-10);
    CHECK_OK(patron_discounted_purchases(&nbd, plausible(&nbd), &states, NULL, &(patron_discount){2, two}, h, at, &err));
    for (unsigned i = 0; i < STATES; i++)
        CHECK_REL(at[i], rate(i) * (-expm1(-f * b) / f + exp(-f * b) * -expm1(-g * (h - b)) / g), 1e-10);
    CHECK_OK(patron_discounted_purchases(&nbd, plausible(&nbd), &states, NULL, &(patron_discount){0, NULL}, h, at, &err));
    for (unsigned i = 0; i < STATES; i++)
        CHECK_REL(at[i], rate(i) * h, 1e-14);
}

TEST(a_perpetuity_by_two_rates)
{
    const double f = force_of(0.12), g = force_of(0.03), b = 200;
    const patron_discount_stretch two[] = {{b, f}, {INFINITY, g}};
    CHECK_OK(patron_discounted_residual(&nbd, plausible(&nbd), &states, NULL, &(patron_discount){2, two}, at, &err));
    for (unsigned i = 0; i < STATES; i++)
        CHECK_REL(at[i], rate(i) * (-expm1(-f * b) / f + exp(-f * b) / g), 1e-9);
}

/* The sum over steps of a quarter day of what is bought in each, discounted from its middle. */
static void check_small_steps(const patron_model *model, const patron_discount *discount, int days, double tolerance)
{
    double sum[STATES] = {0}, before[STATES] = {0}, now[STATES];
    for (int k = 1; k <= 4 * days; k++) {
        patron_scores scores = {.purchases = now};
        CHECK_OK(patron_model_score(model, plausible(model), &states, &(patron_score_options){.horizon = k / 4.0}, &scores, &err));
        for (unsigned i = 0; i < STATES; i++) {
            sum[i] += (now[i] - before[i]) * patron_discount_factor(discount, (k - 0.5) / 4);
            before[i] = now[i];
        }
    }
    CHECK_OK(patron_discounted_purchases(model, plausible(model), &states, NULL, discount, days, at, &err));
    for (unsigned i = 0; i < STATES; i++)
        CHECK_REL(at[i], sum[i], tolerance);
}

TEST(whoever_may_leave_is_the_sum_of_small_steps)
{
    const patron_discount_stretch two[] = {{300, force_of(0.2)}, {INFINITY, force_of(0.05)}};
    const patron_model *model;
    for (unsigned m = 0; (model = patron_model_at(m)); m++)
        check_small_steps(model, &(patron_discount){2, two}, 730, 1e-4);
}

/* The largest rate that a project may have, a steep one, and one below 0, over five years. */
TEST(steep_rates_over_years_are_sums_of_small_steps)
{
    static const double yearly[] = {10, 0.5, -0.3};
    const patron_model *model;
    for (unsigned m = 0; (model = patron_model_at(m)); m++)
        for (unsigned k = 0; k < 3; k++) {
            const patron_discount_stretch one = {INFINITY, force_of(yearly[k])};
            check_small_steps(model, &(patron_discount){1, &one}, 5 * 365, 3e-4);
        }
}

TEST(one_rate_in_two_stretches_is_one_rate)
{
    const double f = force_of(0.1);
    const patron_discount_stretch one = {INFINITY, f}, two[] = {{400, f}, {INFINITY, f}};
    const patron_model *model;
    for (unsigned m = 0; (model = patron_model_at(m)); m++) {
        double own[STATES];
        patron_scores scores = {.residual = own};
        CHECK_OK(patron_model_score(model, plausible(model), &states, &(patron_score_options){.discount = f}, &scores, &err));
        CHECK_OK(patron_discounted_residual(model, plausible(model), &states, NULL, &(patron_discount){1, &one}, at, &err));
        for (unsigned i = 0; i < STATES; i++)
            CHECK_REL(at[i], own[i], 1e-14);
        CHECK_OK(patron_discounted_residual(model, plausible(model), &states, NULL, &(patron_discount){2, two}, at, &err));
        for (unsigned i = 0; i < STATES; i++)
            CHECK_REL(at[i], own[i], 1e-9);
    }
}

static double twice(const void *context, double ahead)
{
    (void)context;
    return 2 * ahead;
}

TEST(time_that_runs_twice_as_fast_brings_twice_as_much)
{
    const double f = force_of(0.1), h = 365;
    const patron_discount_stretch one = {INFINITY, f};
    CHECK_OK(patron_discounted_purchases(&nbd, plausible(&nbd), &states, &(patron_clock){twice, NULL}, &(patron_discount){1, &one}, h, at, &err));
    for (unsigned i = 0; i < STATES; i++)
        CHECK_REL(at[i], 2 * rate(i) * -expm1(-f * h) / f, 1e-10);
}

TEST(a_discount_that_is_none_is_refused)
{
    static const struct {
        patron_discount_stretch stretch[2];
        size_t n;
    } wrong[] = {{{{INFINITY, INFINITY}}, 1}, {{{INFINITY, NAN}}, 1}, {{{100, 0.1}}, 1}, {{{100, 0.1}, {100, 0.1}}, 2}, {{{INFINITY, 0.1}, {INFINITY, 0.1}}, 2},
                 {{{-1, 0.1}, {INFINITY, 0.1}}, 2}};
    patron_error err = {0};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        CHECK_EQ_INT(patron_discounted_purchases(&nbd, plausible(&nbd), &states, NULL, &(patron_discount){wrong[k].n, wrong[k].stretch}, 90, at, &err),
                     PATRON_EINVAL);
    const patron_discount_stretch free_money = {INFINITY, 0};
    CHECK_EQ_INT(patron_discounted_residual(&nbd, plausible(&nbd), &states, NULL, &(patron_discount){1, &free_money}, at, &err), PATRON_EINVAL);
    CHECK_EQ_INT(patron_discounted_purchases(&nbd, plausible(&nbd), &states, NULL, &(patron_discount){1, &free_money}, -1, at, &err), PATRON_EINVAL);
}
