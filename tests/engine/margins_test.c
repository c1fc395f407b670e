#include "check.h"

#include "margins.h"

static void check_steps(double margin, unsigned count, double first, double second)
{
    double steps[PTN_MARGIN_STEPS];
    CHECK_EQ_INT(ptn_margin_steps(margin, steps), count);
    CHECK(steps[0] == first);
    if (count > 1)
        CHECK(steps[1] == second);
}

TEST(five_points_or_half_of_what_is_less_than_ten)
{
    check_steps(0.40, 2, 0.35, 0.45);
    check_steps(0.10, 2, 0.05, 0.15);
    check_steps(0.04, 2, 0.02, 0.06);
    check_steps(0.005, 2, 0.0025, 0.0075);
    check_steps(0, 2, -0.05, 0.05);
    check_steps(-0.20, 2, -0.25, -0.15);
}

TEST(no_margin_is_more_than_all)
{
    check_steps(1, 1, 0.95, 0);
    check_steps(0.97, 1, 0.92, 0);
    check_steps(0.95, 2, 0.90, 1);
    check_steps(-1, 1, -0.95, 0);
}
