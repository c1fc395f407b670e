/* The curve of all customers against the sum of each one's score. */
#include "check.h"

#include "worlds.h"

enum { N = 300, TIMES = 53 };

static double directly(const patron_model *model, const patron_states *states, const double *weight, double time)
{
    double purchases[N + 1], sum = 0;
    patron_scores scores = {.purchases = purchases};
    if (time == 0)
        return 0;
    CHECK_OK(patron_model_score(model, plausible(model), states, &(patron_score_options){.horizon = time}, &scores, &err));
    for (size_t i = 0; i < states->n; i++)
        sum += weight[i] * purchases[i];
    return sum;
}

TEST(curves_are_sums_of_scores)
{
    const patron_model *model;
    for (unsigned m = 0; (model = model_number(m)); m++) {
        customers c = simulate(model, N, 100, 1, 11);
        double ones[N], money[N], time[TIMES], sums[2][TIMES];
        for (size_t i = 0; i < N; i++) {
            ones[i] = 1;
            money[i] = i % 7 == 0 ? -20 : 3.0 * (double)i; /* some cost more than they bring */
        }
        c.age[0] = c.recency[0] = c.frequency[0] = 0; /* came today: the sharpest bend */
        for (int horizon = 7; horizon <= 3650; horizon = horizon < 364 ? 364 : horizon + 3286) {
            for (int k = 0; k < TIMES; k++)
                time[k] = horizon * k / (TIMES - 1.0);
            CHECK_OK(patron_model_curve(model, plausible(model), &c.states, 2, (const double *[]){ones, money}, TIMES, time,
                                        (double *[]){sums[0], sums[1]}, &err));
            for (int s = 0; s < 2; s++) {
                const double *weight = s ? money : ones, all = directly(model, &c.states, weight, horizon);
                CHECK_REL(sums[s][TIMES - 1], all, 1e-12);
                for (int k = 0; k < TIMES; k++) {
                    CHECK_NEAR(sums[s][k], directly(model, &c.states, weight, time[k]), 1e-5 * fabs(all));
                    CHECK(k == 0 || sums[0][k] > sums[0][k - 1]);
                }
            }
        }
        free_customers(&c);
    }
}

/* A base of customers won today, which no season has smoothed: the worst there is. */
TEST(a_base_of_new_customers)
{
    const patron_model *model;
    double zero[1] = {0}, one[1] = {1}, time[TIMES], sum[TIMES];
    const patron_states states = {.n = 1, .frequency = zero, .recency = zero, .age = zero};
    for (unsigned m = 0; (model = model_number(m)); m++) {
        for (int k = 0; k < TIMES; k++)
            time[k] = 7.0 * (k + 1);
        CHECK_OK(patron_model_curve(model, plausible(model), &states, 1, (const double *[]){one}, TIMES, time, (double *[]){sum}, &err));
        for (int k = 0; k < TIMES; k++) {
            double expected;
            CHECK_OK(patron_model_new_purchases(model, plausible(model), time[k], &expected, &err));
            CHECK_NEAR(sum[k], expected, 1e-5 * sum[TIMES - 1]);
        }
    }
}

TEST(times_that_do_not_rise_are_refused)
{
    const patron_model *model = patron_model_find("bg_nbd");
    double x[1] = {0}, one[1] = {1}, sum[3];
    const patron_states states = {.n = 1, .frequency = x, .recency = x, .age = one};
    const double bad[][3] = {{1, 3, 2}, {-1, 2, 3}, {0, 0, 0}, {1, NAN, 3}, {1, 2, INFINITY}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQ_INT(patron_model_curve(model, plausible(model), &states, 1, (const double *[]){one}, 3, bad[i], (double *[]){sum}, NULL),
                     PATRON_EINVAL);
    CHECK_EQ_INT(patron_model_curve(model, plausible(model), &states, 1, (const double *[]){one}, 0, NULL, (double *[]){sum}, NULL),
                 PATRON_EINVAL);
}
