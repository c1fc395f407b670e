/* core/math/vector against libm. */
#include "check.h"

#include <float.h>

#include "base/random.h"
#include "math/vector.h"

enum { MANY = 4001 };

typedef void (*many)(size_t n, const double *x, double *y);

static double one_of(many function, double x)
{
    const double both[2] = {x, 1};
    double y[2];
    function(2, both, y);
    return y[0];
}

/* One number at a time, so that each logarithm is seen. */
static double log_in_sum(double x)
{
    const double weight[4] = {1, 0, 0, 0}, value[4] = {x, 1, 1, 1};
    return ptn_weighted_log_sum(4, weight, value);
}

TEST(logarithms_are_right_to_two_units_in_the_last_place)
{
    ptn_random random = ptn_random_open(1, 0);
    for (int i = 0; i < 200000; i++) {
        const double x = exp(1400 * (ptn_draw_uniform(&random) - 0.5)),
                     near_1 = exp(ptn_draw_uniform(&random) - 0.5);
        CHECK_REL(log_in_sum(x), log(x), 5e-16);
        CHECK_REL(one_of(ptn_logs, x), log(x), 5e-16);
        CHECK_REL(one_of(ptn_logs, near_1), log(near_1), 5e-16);
        CHECK_REL(one_of(ptn_log1ps, x), log1p(x), 5e-16);
        CHECK_REL(one_of(ptn_log1ps, near_1), log1p(near_1), 5e-16);
    }
    for (double step = DBL_EPSILON; step < 0.1; step *= 1.7) {
        CHECK_REL(one_of(ptn_logs, 1 + step), log(1 + step), 5e-16);
        CHECK_REL(one_of(ptn_logs, 1 - step), log(1 - step), 5e-16);
        CHECK_REL(one_of(ptn_log1ps, step), log1p(step), 5e-16);
    }
    CHECK_NEAR(one_of(ptn_logs, 1), 0, 0);
    CHECK_NEAR(one_of(ptn_log1ps, 0), 0, 0);
    CHECK_REL(one_of(ptn_logs, DBL_MIN), log(DBL_MIN), 5e-16);
    CHECK_REL(one_of(ptn_logs, DBL_MAX), log(DBL_MAX), 5e-16);
}

TEST(exponentials_are_right_to_two_units_in_the_last_place)
{
    ptn_random random = ptn_random_open(1, 0);
    for (int i = 0; i < 200000; i++) {
        const double x = 1417 * ptn_draw_uniform(&random) - 708, small = 2 * ptn_draw_uniform(&random) - 1;
        CHECK_REL(one_of(ptn_exps, x), exp(x), 5e-16);
        CHECK_REL(one_of(ptn_exps, small), exp(small), 5e-16);
        CHECK_REL(one_of(ptn_expm1s, x), expm1(x), 5e-16);
        CHECK_REL(one_of(ptn_expm1s, small), expm1(small), 1e-15);
    }
    for (double x = 1e-300; x < 1; x *= 3) {
        CHECK_REL(one_of(ptn_expm1s, x), expm1(x), 1e-15);
        CHECK_REL(one_of(ptn_expm1s, -x), expm1(-x), 1e-15);
    }
    CHECK_NEAR(one_of(ptn_expm1s, 0), 0, 0);
    CHECK_NEAR(one_of(ptn_exps, 0), 1, 0);
    CHECK_REL(one_of(ptn_exps, -708), exp(-708), 5e-16);
    CHECK_REL(one_of(ptn_exps, 709), exp(709), 5e-16);
}

TEST(numbers_outside_are_as_in_libm)
{
    CHECK_REL(one_of(ptn_logs, 4.9e-324), log(4.9e-324), 5e-16);
    CHECK(one_of(ptn_logs, 0) == -INFINITY && log_in_sum(0) == -INFINITY);
    CHECK(one_of(ptn_logs, INFINITY) == INFINITY && log_in_sum(INFINITY) == INFINITY);
    CHECK(isnan(one_of(ptn_logs, -1)) && isnan(log_in_sum(-1)) && isnan(log_in_sum(NAN)));
    CHECK_REL(one_of(ptn_log1ps, -0.25), log1p(-0.25), 5e-16);
    CHECK(one_of(ptn_log1ps, INFINITY) == INFINITY && isnan(one_of(ptn_log1ps, NAN)));
    CHECK(one_of(ptn_exps, -INFINITY) == 0 && one_of(ptn_exps, -750) == 0
          && one_of(ptn_exps, 710) == INFINITY);
    CHECK(isnan(one_of(ptn_exps, NAN)) && isnan(one_of(ptn_expm1s, NAN)));
    CHECK(one_of(ptn_expm1s, -INFINITY) == -1 && one_of(ptn_expm1s, 710) == INFINITY);
}

TEST(any_number_of_numbers)
{
    static double weight[MANY], value[MANY], result[MANY];
    ptn_random random = ptn_random_open(2, 0);
    double sum = 0, size = 0;
    for (size_t n = 0; n < MANY; n++) {
        if (n < 20 || n == MANY - 1) {
            CHECK_NEAR(ptn_weighted_log_sum(n, weight, value), sum, 1e-15 * size);
            ptn_logs(n, value, result);
            for (size_t i = 0; i < n; i++)
                CHECK_REL(result[i], log(value[i]), 5e-16);
        }
        weight[n] = floor(10 * ptn_draw_uniform(&random));
        value[n] = exp(300 * (ptn_draw_uniform(&random) - 0.5));
        sum += weight[n] * log(value[n]);
        size += fabs(weight[n] * log(value[n]));
    }
}
