/* States: from purchases, checked, on a grid of time, grouped; against plain second implementations. */
#include <stdbool.h>
#include <stdlib.h>

#include "check.h"
#include "base/random.h"
#include "history/sample.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- purchases to states ---- */

TEST(purchases_become_states)
{
    const long long who[] = {7, 7, 7, 7, 3, 9, 9, 5, 5};
    const double day[] = {10, 10, 15, 40, 20, 31, 35, 28, 30};
    const patron_purchases purchases = {.n = COUNT(day), .customer = who, .day = day};
    long long customer[9];
    double x[9], t_x[9], T[9], later[9];
    size_t count = 0;
    CHECK_EQ_INT(patron_history_summarise(&purchases, 30, customer, x, t_x, T, later, &count, NULL),
                 PATRON_OK);
    CHECK_EQ_INT(count, 3); /* 9 came after the end */
    const double expected[3][5] = {{7, 1, 5, 20, 1}, {3, 0, 0, 10, 0}, {5, 1, 2, 2, 0}};
    for (size_t i = 0; i < count; i++) {
        CHECK_EQ_INT(customer[i], expected[i][0]);
        CHECK(x[i] == expected[i][1] && t_x[i] == expected[i][2] && T[i] == expected[i][3]
              && later[i] == expected[i][4]);
    }
    CHECK_EQ_INT(patron_history_summarise(&purchases, 30, customer, x, t_x, T, NULL, &count, NULL),
                 PATRON_OK);
    CHECK_EQ_INT(
        patron_history_summarise(&(patron_purchases){0}, 30, customer, x, t_x, T, NULL, &count, NULL),
        PATRON_OK);
    CHECK_EQ_INT(count, 0);
}

TEST(days_that_fall_or_are_not_finite_are_named)
{
    const long long who[] = {1, 2, 2};
    const double falls[] = {5, 9, 8}, missing[] = {5, NAN, 8};
    long long customer[3];
    double x[3], t_x[3], T[3];
    size_t count = 0;
    patron_error err = {0};
    CHECK_EQ_INT(patron_history_summarise(&(patron_purchases){3, who, falls}, 30, customer, x, t_x, T, NULL,
                                          &count, &err),
                 PATRON_EDATA);
    CHECK_STR(err.message, "row 3: day 8 of customer 2 comes after day 9");
    CHECK_EQ_INT(patron_history_summarise(&(patron_purchases){3, who, missing}, 30, customer, x, t_x, T, NULL,
                                          &count, &err),
                 PATRON_EDATA);
    CHECK(strstr(err.message, "row 2") && strstr(err.message, "customer 2"));
    CHECK_EQ_INT(patron_history_summarise(&(patron_purchases){3, who, falls}, NAN, customer, x, t_x, T, NULL,
                                          &count, &err),
                 PATRON_EINVAL);
}

/* ---- bad rows ---- */

TEST(the_first_row_that_is_no_state_is_named)
{
    static const struct {
        double x, t_x, T, weight;
        const char *says;
    } bad[] = {
        {2, 40, 39, 1, "row 2 (frequency 2, recency 40, age 39): recency lies between 0 and age"},
        {-1, 1, 39, 1,
         "row 2 (frequency -1, recency 1, age 39): frequency is a whole number from 0 to 1000000"},
        {1.5, 1, 39, 1, "frequency is a whole number"},
        {1000001, 1, 39, 1, "frequency is a whole number"},
        {NAN, 1, 39, 1, "frequency is a whole number"},
        {1, -1, 39, 1, "recency lies between 0 and age"},
        {1, NAN, 39, 1, "recency lies between 0 and age"},
        {1, 1, NAN, 1, "age is a finite number"},
        {1, 1, INFINITY, 1, "age is a finite number"},
        {1, 1, -2, 1, "age is a finite number"},
        {0, 1, 39, 1, "recency is 0 when there was no purchase"},
        {1, 0, 39, 1, "recency is above 0 when there were purchases"},
        {1, 1, 39, 0, "row 2: the number of customers is 0"},
        {1, 1, 39, NAN, "number of customers"},
        {1, 1, 39, INFINITY, "number of customers"},
    };
    for (size_t k = 0; k < COUNT(bad); k++) {
        const double x[] = {1, bad[k].x, -5}, t_x[] = {1, bad[k].t_x, 0}, T[] = {2, bad[k].T, 0};
        const double weight[] = {1, bad[k].weight, 1};
        const patron_states states = {.n = 3, .frequency = x, .recency = t_x, .age = T, .weight = weight};
        patron_error err = {0};
        ptn_sample sample;
        CHECK_EQ_INT(ptn_sample_open(&sample, &states, true, &err), PATRON_EDATA);
        if (!strstr(err.message, bad[k].says))
            fail_msg("\"%s\" does not say \"%s\"", err.message, bad[k].says);
        CHECK(sample.x == NULL && sample.n == 0);
        CHECK_EQ_INT(ptn_sample_open(&sample, &states, true, NULL), PATRON_EDATA);
    }
}

TEST(a_table_without_rows_or_columns)
{
    ptn_sample sample;
    CHECK_EQ_INT(ptn_sample_open(&sample, &(patron_states){0}, true, NULL), PATRON_OK);
    CHECK_EQ_INT(sample.n, 0);
    ptn_sample_close(&sample);
    CHECK_EQ_INT(ptn_sample_open(&sample, &(patron_states){.n = 1}, true, NULL), PATRON_EINVAL);
}

/* ---- the grid ---- */

typedef struct table {
    size_t n;
    double *x, *t_x, *T, *weight;
    patron_states states;
} table;

/* Random customers in whole days up to `days`, in a unit of `unit` days, with an offset in (0, 1) days when `exact`. */
static table make_table(size_t n, unsigned days, double unit, bool exact, uint64_t seed)
{
    table t = {.n = n,
               .x = malloc(n * sizeof(double)),
               .t_x = malloc(n * sizeof(double)),
               .T = malloc(n * sizeof(double)),
               .weight = malloc(n * sizeof(double))};
    ptn_random random = ptn_random_open(seed, 0);
    for (size_t i = 0; i < n; i++) {
        t.T[i] = floor(days * (1 - 0.4 * ptn_draw_uniform(&random)));
        t.x[i] = floor(2 * ptn_draw_exponential(&random));
        if (t.T[i] == 0)
            t.x[i] = 0;
        t.t_x[i] = t.x[i] == 0 ? 0 : 1 + floor((t.T[i] - 1) * ptn_draw_uniform(&random));
        if (exact && t.x[i] > 0)
            t.t_x[i] -= ptn_draw_uniform(&random);
        t.T[i] /= unit;
        t.t_x[i] /= unit;
        t.weight[i] = ceil(5 * ptn_draw_uniform(&random));
    }
    t.states = (patron_states){n, t.x, t.t_x, t.T, t.weight};
    return t;
}

static void free_table(table *t)
{
    free(t->x);
    free(t->t_x);
    free(t->T);
    free(t->weight);
}

static double step_of(const patron_states *states)
{
    ptn_sample sample;
    CHECK_EQ_INT(ptn_sample_open(&sample, states, false, NULL), PATRON_OK);
    const double step = sample.step;
    ptn_sample_close(&sample);
    return step;
}

TEST(days_in_any_unit_stand_on_their_grid)
{
    const double units[] = {1, 7, 30.4375, 365.25, 365, 1.0 / 24, 1.0 / 86400};
    for (size_t k = 0; k < COUNT(units); k++) {
        table t = make_table(3000, 700, units[k], false, 1);
        const double step = step_of(&t.states);
        /* whole numbers in the unit itself are taken as they are, if they are not too many */
        CHECK_REL(step, units[k] == 1.0 / 24 ? 1 : 1 / units[k], 1e-12);
        free_table(&t);
    }
}

TEST(weeks_in_single_precision_stand_on_the_grid_of_days)
{
    table t = make_table(3000, 700, 7, false, 2);
    for (size_t i = 0; i < t.n; i++) { /* nobody came back within five days */
        if (t.t_x[i] > 0)
            t.t_x[i] = fmax(t.t_x[i], 5.0 / 7);
        t.T[i] = (double)(float)t.T[i];
        t.t_x[i] = (double)(float)t.t_x[i];
    }
    CHECK_REL(step_of(&t.states), 1.0 / 7, 1e-6);
    free_table(&t);
}

TEST(weeks_printed_to_ten_decimals_stand_on_the_grid_of_days)
{
    table t = make_table(3000, 700, 7, false, 2);
    for (size_t i = 0; i < t.n; i++) {
        t.T[i] = round(1e10 * t.T[i]) / 1e10;
        t.t_x[i] = round(1e10 * t.t_x[i]) / 1e10;
    }
    CHECK_REL(step_of(&t.states), 1.0 / 7, 1e-9);
    free_table(&t);
}

TEST(exact_moments_stand_on_no_grid)
{
    for (size_t n = 20; n < 3000; n *= 2) {
        table t = make_table(n, 700, 7, true, 3);
        CHECK(step_of(&t.states) == 0);
        free_table(&t);
    }
}

/* Two numbers are always nearly a fraction of small whole ones. */
TEST(one_exact_state_stands_on_no_grid)
{
    ptn_random random = ptn_random_open(8, 0);
    for (int trial = 0; trial < 2000; trial++) {
        const double x = 1, T = 100 * ptn_draw_uniform(&random), t_x = T * ptn_draw_uniform(&random);
        CHECK(step_of(&(patron_states){1, &x, &t_x, &T, NULL}) == 0);
    }
}

TEST(grids_of_few_rows)
{
    const double x = 2, t_x = 30.43, T = 38.86, none = 0, day = 1.0 / 7;
    CHECK_REL(step_of(&(patron_states){1, &x, &t_x, &T, NULL}), 0.01, 1e-9);
    CHECK(step_of(&(patron_states){1, &none, &none, &none, NULL}) == 1);
    CHECK(step_of(&(patron_states){1, &none, &none, &T, NULL}) == T); /* one time is a step of itself */
    CHECK_REL(step_of(&(patron_states){1, &x, &day, &T, NULL}), 0.02 / 7, 1e-9); /* 100/700 and 27202/700 */
    const double far = 3000001; /* more whole steps than a grid has, and no common divisor */
    CHECK(step_of(&(patron_states){1, &x, &t_x, &far, NULL}) == 0);
}

TEST(steps_reproduce_the_times)
{
    table t = make_table(2000, 700, 7, false, 4);
    ptn_sample sample;
    CHECK_EQ_INT(ptn_sample_open(&sample, &t.states, true, NULL), PATRON_OK);
    for (size_t i = 0; i < t.n; i++) {
        const size_t state = sample.state_of_row[i];
        CHECK(sample.x[state] == t.x[i]);
        CHECK_REL(sample.T[state], t.T[i], 1e-15);
        CHECK_REL(sample.t_x[state], t.t_x[i], 1e-15);
        CHECK_EQ_INT(sample.T_step[state], lround(7 * t.T[i]));
        CHECK_EQ_INT(sample.t_x_step[state], lround(7 * t.t_x[i]));
        CHECK(sample.T_step[state] <= sample.T_step_max);
    }
    CHECK_EQ_INT(sample.T_step_max, lround(7 * sample.T_max));
    ptn_sample_close(&sample);
    free_table(&t);
}

/* ---- grouping ---- */

static bool before(const double *x, const double *T, const double *t_x, size_t a, size_t b)
{
    return x[a] != x[b] ? x[a] < x[b] : T[a] != T[b] ? T[a] < T[b] : t_x[a] < t_x[b];
}

/* What a grouping is, said plainly: every row is in the state with its values, states rise strictly, weights add up. */
static void check_grouping(const table *t)
{
    double *x = malloc(t->n * sizeof *x), *t_x = malloc(t->n * sizeof *t_x), *T = malloc(t->n * sizeof *T);
    double *weight = malloc(t->n * sizeof *weight), *sum = calloc(t->n, sizeof *sum);
    size_t *state = malloc(t->n * sizeof *state), count = 0;
    CHECK_EQ_INT(patron_history_distinct(&t->states, x, t_x, T, weight, state, &count, NULL), PATRON_OK);
    for (size_t i = 0; i < t->n; i++) {
        CHECK(state[i] < count);
        CHECK(x[state[i]] == t->x[i]);
        CHECK_REL(t_x[state[i]], t->t_x[i], 2e-7);
        CHECK_REL(T[state[i]], t->T[i], 2e-7);
        sum[state[i]] += t->states.weight ? t->weight[i] : 1;
    }
    for (size_t k = 0; k < count; k++) {
        CHECK(sum[k] == weight[k]); /* the same order of addition */
        CHECK(k == 0 || before(x, T, t_x, k - 1, k));
    }
    free(x);
    free(t_x);
    free(T);
    free(weight);
    free(sum);
    free(state);
}

TEST(grouping_on_and_off_the_grid)
{
    for (unsigned k = 0; k < 12; k++) {
        table t = make_table(k < 6 ? 5000 : k, k % 2 ? 30 : 700, k % 3 ? 1 : 365.25, k % 4 == 3, k);
        t.weight[t.n / 2] = 0.3; /* sums that round */
        check_grouping(&t);
        t.states.weight = NULL;
        check_grouping(&t);
        free_table(&t);
    }
}

TEST(grouping_when_a_state_does_not_fit_into_a_word)
{
    table t = make_table(300, 2000000, 1, false, 5); /* 20 + 2 × 21 + 9 bits */
    for (size_t i = 0; i < t.n; i += 3) {
        t.x[i] = 1000000;
        t.t_x[i] = t.T[i];
    }
    for (size_t i = 1; i + 3 < t.n; i += 3) { /* and some equal ones */
        t.x[i] = t.x[1];
        t.t_x[i] = t.t_x[1];
        t.T[i] = t.T[1];
    }
    CHECK(step_of(&t.states) == 1);
    check_grouping(&t);
    free_table(&t);
}

TEST(weights_equal_repeated_rows_in_any_order)
{
    table t = make_table(2000, 100, 7, false, 6);
    size_t rows = 0;
    for (size_t i = 0; i < t.n; i++)
        rows += (size_t)t.weight[i];
    table repeated = {.n = rows,
                      .x = malloc(rows * sizeof(double)),
                      .t_x = malloc(rows * sizeof(double)),
                      .T = malloc(rows * sizeof(double))};
    size_t row = 0;
    for (unsigned round = 1; round <= 5; round++) /* scattered: each row again in a later round */
        for (size_t i = t.n; i-- > 0;)
            if (t.weight[i] >= round) {
                repeated.x[row] = t.x[i];
                repeated.t_x[row] = t.t_x[i];
                repeated.T[row++] = t.T[i];
            }
    repeated.states = (patron_states){rows, repeated.x, repeated.t_x, repeated.T, NULL};
    ptn_sample a, b;
    CHECK_EQ_INT(ptn_sample_open(&a, &t.states, false, NULL), PATRON_OK);
    CHECK_EQ_INT(ptn_sample_open(&b, &repeated.states, false, NULL), PATRON_OK);
    CHECK_EQ_INT(a.n, b.n);
    CHECK(a.step == b.step && a.customers == b.customers && a.purchases == b.purchases && a.time == b.time);
    const size_t bytes = a.n * sizeof(double);
    CHECK(memcmp(a.x, b.x, bytes) == 0 && memcmp(a.T, b.T, bytes) == 0 && memcmp(a.t_x, b.t_x, bytes) == 0
          && memcmp(a.weight, b.weight, bytes) == 0);
    ptn_sample_close(&a);
    ptn_sample_close(&b);
    free_table(&t);
    free_table(&repeated);
}

TEST(next_x_walks_the_runs)
{
    table t = make_table(2000, 100, 1, false, 7);
    ptn_sample sample;
    CHECK_EQ_INT(ptn_sample_open(&sample, &t.states, false, NULL), PATRON_OK);
    for (size_t i = 0; i < sample.n; i++) {
        size_t next = i + 1;
        while (next < sample.n && sample.x[next] == sample.x[i])
            next++;
        CHECK_EQ_INT(ptn_sample_next_x(&sample, i), next);
    }
    ptn_sample_close(&sample);
    free_table(&t);
}
