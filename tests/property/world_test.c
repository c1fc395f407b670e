/* The common error of totals. */
#include "check.h"

#include "math/gamma.h"
#include "patron/track_record.h"
#include "worlds.h"

static patron_world learn(size_t n, const double *errors)
{
    patron_world world;
    CHECK_OK(patron_world_learn(n, errors, &world, &err));
    CHECK_EQ_INT(world.origins, n);
    return world;
}

TEST(before_any_forecast_there_is_the_prior)
{
    const patron_world world = learn(0, NULL);
    CHECK(world.scale == 0.25 && world.degrees == 4);
}

/* Scaled inverse chi-squared: degrees add up, and squares weighted by them. */
TEST(errors_are_learned_from)
{
    const double errors[] = {0.1, -0.2, 0.05, 0.4, -0.15, 0.02};
    double squares = 4 * 0.0625;
    for (size_t n = 1; n <= 6; n++) {
        squares += errors[n - 1] * errors[n - 1];
        const patron_world world = learn(n, errors);
        CHECK_REL(world.degrees, 4.0 + (double)n, 1e-15);
        CHECK_REL(world.scale * world.scale, squares / (4 + (double)n), 1e-14);
    }
    double many[2000];
    ptn_random random = ptn_random_open(1, 1);
    for (size_t i = 0; i < 2000; i++)
        many[i] = 0.07 * ptn_draw_normal(&random);
    CHECK_REL(learn(2000, many).scale, 0.07, 4 / sqrt(2 * 2000.0));
    const double none[8] = {0};
    CHECK_REL(learn(8, none).scale, 0.25 * sqrt(4.0 / 12), 1e-14); /* good luck is not trusted at once */
}

TEST(intervals_are_students)
{
    const patron_world world = learn(0, NULL);
    const struct {
        double chance, t; /* of four degrees, from tables */
    } student[] = {{0.8, 1.533}, {0.9, 2.132}, {0.95, 2.776}, {0.99, 4.604}};
    for (int k = 0; k < 4; k++) {
        double low, high;
        CHECK_OK(patron_world_interval(&world, 1000, 0, student[k].chance, &low, &high, &err));
        CHECK_NEAR(log(high / 1000) / 0.25, student[k].t, 6e-4);
        CHECK_REL(low * high, 1e6, 1e-13);
    }
}

TEST(luck_widens_them_as_its_share_of_the_total)
{
    const double errors[] = {0.1, -0.2, 0.05};
    const patron_world world = learn(3, errors);
    double before_low = INFINITY, before_high = 0;
    for (double deviation = 0; deviation < 400; deviation += 50) {
        double low, high;
        CHECK_OK(patron_world_interval(&world, 200, deviation, 0.8, &low, &high, &err));
        const double scale = hypot(world.scale, deviation / 200);
        CHECK_REL(high, 200 * exp(scale * ptn_student_quantile(0.9, 7)), 1e-12);
        CHECK_REL(low, 200 * exp(scale * ptn_student_quantile(0.1, 7)), 1e-12);
        CHECK(low > 0 && low < 200 && high > 200);
        CHECK(low < before_low && high > before_high);
        before_low = low;
        before_high = high;
    }
    double low, high, wider_low, wider_high; /* any unit */
    CHECK_OK(patron_world_interval(&world, 200, 30, 0.8, &low, &high, &err));
    CHECK_OK(patron_world_interval(&world, 2e8, 3e7, 0.8, &wider_low, &wider_high, &err));
    CHECK_REL(wider_low, 1e6 * low, 1e-13);
    CHECK_REL(wider_high, 1e6 * high, 1e-13);
}

TEST(totals_below_zero_mirror_those_above)
{
    const double errors[] = {0.1, -0.2, 0.05};
    const patron_world world = learn(3, errors);
    double low, high, own_low, own_high;
    CHECK_OK(patron_total_interval(&world, 200, 0, 0.8, &low, &high, &err));
    CHECK_OK(patron_world_interval(&world, 200, 0, 0.8, &own_low, &own_high, &err));
    CHECK_REL(low, own_low, 1e-13);
    CHECK_REL(high, own_high, 1e-13);
    CHECK_OK(patron_total_interval(&world, 200, 90, 0.5, &low, &high, &err));
    CHECK_OK(patron_total_interval(&world, -200, 90, 0.5, &own_low, &own_high, &err));
    CHECK_REL(own_low, -high, 1e-13);
    CHECK_REL(own_high, -low, 1e-13);
    CHECK_OK(patron_total_interval(&world, 0, 90, 0.8, &low, &high, &err)); /* luck alone */
    CHECK_REL(high, 90 * 1.2815515655446004, 1e-12);
    CHECK_REL(low, -high, 1e-13);
    CHECK_EQ_INT(patron_total_interval(&world, NAN, 1, 0.8, &low, &high, NULL), PATRON_EINVAL);
    CHECK_EQ_INT(patron_total_interval(&world, 1, -1, 0.8, &low, &high, NULL), PATRON_EINVAL);
    CHECK_EQ_INT(patron_total_interval(&world, 1, 1, 1, &low, &high, NULL), PATRON_EINVAL);
}

/* A share and the rest of it are one question. */
TEST(the_range_of_a_share_mirrors_that_of_the_rest)
{
    const double errors[] = {0.1, -0.2, 0.05};
    const patron_world world = learn(3, errors);
    for (double share = 0.05; share < 1; share += 0.1) {
        double low, high, rest_low, rest_high, wider_low, wider_high;
        CHECK_OK(patron_part_interval(&world, share, 0, 0.8, &low, &high, &err));
        CHECK_OK(patron_part_interval(&world, 1 - share, 0, 0.8, &rest_low, &rest_high, &err));
        CHECK_REL(low, 1 - rest_high, 1e-13);
        CHECK_REL(high, 1 - rest_low, 1e-13);
        CHECK_REL(log(high / (1 - high)) - log(share / (1 - share)), world.scale * ptn_student_quantile(0.9, 7), 1e-12);
        CHECK_OK(patron_part_interval(&world, share, 0.03, 0.8, &wider_low, &wider_high, &err));
        CHECK(0 < wider_low && wider_low < low && low < share && share < high && high < wider_high && wider_high < 1);
    }
    double low, high; /* luck alone where there are no odds; and a world that never missed leaves luck */
    CHECK_OK(patron_part_interval(&world, 1.2, 0.1, 0.8, &low, &high, &err));
    CHECK_REL(high - 1.2, 0.12815515655446004, 1e-12);
    CHECK_OK(patron_part_interval(&(patron_world){.scale = 0, .degrees = 1e9}, 0.5, 0.001, 0.8, &low, &high, &err));
    CHECK_REL(high - low, 2 * 0.0012815515655446004, 1e-5);
    CHECK_EQ_INT(patron_part_interval(&world, NAN, 0, 0.8, &low, &high, NULL), PATRON_EINVAL);
    CHECK_EQ_INT(patron_part_interval(&world, 0.5, -1, 0.8, &low, &high, NULL), PATRON_EINVAL);
    CHECK_EQ_INT(patron_part_interval(&world, 0.5, 0, 0, &low, &high, NULL), PATRON_EINVAL);
}

/* 400 worlds whose error is drawn from the prior, with seven past forecasts each: the next total is covered as often as said.
 * METHODS: 320 ± 26 of 400 (99.8 %). */
TEST(the_next_total_is_covered_as_often_as_said)
{
    unsigned covered = 0;
    for (uint64_t w = 0; w < 400; w++) {
        ptn_random random = ptn_random_open(2, w);
        const double sd = 0.25 * sqrt(4 / (2 * ptn_draw_gamma(&random, 2))); /* chi-squared of 4 */
        double errors[8], low, high;
        for (int i = 0; i < 8; i++)
            errors[i] = sd * ptn_draw_normal(&random);
        const patron_world world = learn(7, errors);
        CHECK_OK(patron_world_interval(&world, 500, 0, 0.8, &low, &high, &err));
        const double came = 500 * exp(errors[7]);
        covered += low <= came && came <= high;
    }
    if (getenv("PATRON_SHOW"))
        print_message("covered %u of 400\n", covered);
    CHECK(covered >= 294 && covered <= 344);
}

TEST(faults_are_named)
{
    const double errors[] = {0.1, NAN};
    patron_world world = {.scale = 7};
    patron_error err = {0};
    double low = 7, high = 7;
    CHECK_EQ_INT(patron_world_learn(2, errors, &world, &err), PATRON_EDATA);
    CHECK(strstr(err.message, "error 2 of past totals is nan") != NULL);
    CHECK(world.scale == 7);
    world = learn(0, NULL);
    const double bad[][3] = {{0, 1, 0.8},   {-3, 1, 0.8},   {NAN, 1, 0.8},       {INFINITY, 1, 0.8},
                             {10, -1, 0.8}, {10, NAN, 0.8}, {10, INFINITY, 0.8}, {10, 1, 0},
                             {10, 1, 1},    {10, 1, NAN}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        CHECK_EQ_INT(patron_world_interval(&world, bad[k][0], bad[k][1], bad[k][2], &low, &high, &err),
                     PATRON_EINVAL);
    const patron_world wild = {.scale = 1000, .degrees = 1};
    CHECK_EQ_INT(patron_world_interval(&wild, 100, 0, 0.99999, &low, &high, &err), PATRON_ENUMERIC);
    CHECK_EQ_INT(patron_total_interval(&wild, -100, 0, 0.99999, &low, &high, &err), PATRON_ENUMERIC);
    CHECK_EQ_INT(patron_total_interval(&world, 1e308, 1e308, 0.99999, &low, &high, &err), PATRON_ENUMERIC);
    CHECK(low == 7 && high == 7);
}
