/* core/math/vector against libm. */
#include "check.h"

#include <float.h>

#include "base/random.h"
#include "math/vector.h"

enum { MANY = 4001 };

/* One number at a time, so that each logarithm is seen. */
static double log_of(double x)
{
    const double weight[4] = {1, 0, 0, 0}, value[4] = {x, 1, 1, 1};
    return ptn_weighted_log_sum(4, weight, value);
}

TEST(each_logarithm_is_right_to_two_units_in_the_last_place)
{
    ptn_random random = ptn_random_open(1, 0);
    for (int i = 0; i < 200000; i++) {
        const double x = exp(1400 * (ptn_draw_uniform(&random) - 0.5)), near_1 = exp(ptn_draw_uniform(&random) - 0.5);
        CHECK_REL(log_of(x), log(x), 5e-16);
        CHECK_REL(log_of(near_1), log(near_1), 5e-16);
    }
    CHECK_NEAR(log_of(1), 0, 0);
    for (double step = DBL_EPSILON; step < 0.1; step *= 1.7) {
        CHECK_REL(log_of(1 + step), log(1 + step), 5e-16);
        CHECK_REL(log_of(1 - step), log(1 - step), 5e-16);
    }
    CHECK_REL(log_of(DBL_MIN), log(DBL_MIN), 5e-16);
    CHECK_REL(log_of(DBL_MAX), log(DBL_MAX), 5e-16);
}

TEST(values_that_are_not_ordinary_count_as_in_libm)
{
    CHECK_REL(log_of(4.9e-324), log(4.9e-324), 5e-16);
    CHECK(log_of(0) == -INFINITY);
    CHECK(log_of(INFINITY) == INFINITY);
    CHECK(isnan(log_of(-1)));
    CHECK(isnan(log_of(NAN)));
}

TEST(sums_are_weighted_and_of_any_length)
{
    static double weight[MANY], value[MANY];
    ptn_random random = ptn_random_open(2, 0);
    double sum = 0, size = 0;
    for (size_t n = 0; n < MANY; n++) {
        if (n < 20 || n == MANY - 1)
            CHECK_NEAR(ptn_weighted_log_sum(n, weight, value), sum, 1e-15 * size);
        weight[n] = floor(10 * ptn_draw_uniform(&random));
        value[n] = exp(300 * (ptn_draw_uniform(&random) - 0.5));
        sum += weight[n] * log(value[n]);
        size += fabs(weight[n] * log(value[n]));
    }
}
