/* The error of parts: weeks and months of a horizon. */
#include "check.h"

#include "base/random.h"
#include "math/gamma.h"
#include "patron/track_record.h"
#include "worlds.h"

enum { PARTS = 26, WORLDS = 400 };

/* One stretch: parts of `size` purchases each, growing by the week, whose errors have this spread; the whole misses too. */
static void draw(ptn_random *random, double size, double spread, double world, double *forecast, double *came)
{
    const double common = exp(world * ptn_draw_normal(random));
    for (int k = 0; k < PARTS; k++) {
        forecast[k] = size * (1 + 0.05 * k);
        const double mean = forecast[k] * common * fmax(0, 1 + spread * ptn_draw_normal(random));
        came[k] = fmax(0, round(mean + sqrt(mean) * ptn_draw_normal(random)));
    }
}

static double learn(size_t n, const patron_stretch *stretches)
{
    double spread;
    CHECK_OK(patron_parts_learn(n, stretches, &spread, &err));
    return spread;
}

TEST(before_any_part_there_is_the_prior)
{
    const double one[1] = {4}, none[3] = {0};
    const patron_stretch whole = {1, one, one}, nothing = {3, none, none};
    CHECK_REL(learn(0, NULL), 0.25, 1e-15);
    CHECK_REL(learn(1, &whole), 0.25, 1e-15);
    CHECK_REL(learn(1, &nothing), 0.25, 1e-15);
}

/* Whatever its whole missed by, and however few purchases a part has. */
TEST(a_planted_spread_is_found)
{
    const double sizes[] = {3, 30, 3000}, spreads[] = {0, 0.1, 0.3};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            double forecast[WORLDS][PARTS], came[WORLDS][PARTS];
            patron_stretch stretches[WORLDS];
            for (uint64_t w = 0; w < WORLDS; w++) {
                ptn_random random = ptn_random_open(31, w);
                draw(&random, sizes[i], spreads[j], 0.3, forecast[w], came[w]);
                stretches[w] = (patron_stretch){PARTS, forecast[w], came[w]};
            }
            CHECK_NEAR(learn(WORLDS, stretches), spreads[j], sizes[i] < 10 ? 0.05 : 0.02);
        }
}

TEST(one_exact_stretch_pulls_it_down_and_no_further)
{
    double forecast[PARTS], came[PARTS];
    for (int k = 0; k < PARTS; k++)
        came[k] = 2 * (forecast[k] = 100);
    const patron_stretch exact = {PARTS, forecast, came};
    CHECK_REL(learn(1, &exact), 0.25 * sqrt(4.0 / (4 + PARTS - 1)), 1e-14);
}

/* By drawing: errors of parts, less the error of their whole. */
TEST(the_spread_of_several_parts_is_that_of_their_sum)
{
    const double forecast[] = {5, 1, 3, 8, 2};
    const struct {
        size_t from, to;
    } some[] = {{0, 1}, {3, 4}, {0, 2}, {1, 4}, {0, 4}, {0, 5}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        double squares = 0;
        const int draws = 40000;
        ptn_random random = ptn_random_open(32, i);
        for (int d = 0; d < draws; d++) {
            double all = 0, own = 0, whole = 0, part = 0;
            for (size_t k = 0; k < 5; k++) {
                const double error = forecast[k] * 0.2 * ptn_draw_normal(&random);
                all += forecast[k];
                whole += error;
                if (k >= some[i].from && k < some[i].to) {
                    own += forecast[k];
                    part += error;
                }
            }
            squares += (part / own - whole / all) * (part / own - whole / all) / draws;
        }
        CHECK_NEAR(patron_parts_spread(0.2, 5, forecast, some[i].from, some[i].to), sqrt(squares), 0.003);
    }
    CHECK(patron_parts_spread(0.2, 5, forecast, 0, 5) == 0);
}

TEST(counts_that_are_none_are_named)
{
    const double good[] = {1, 2}, bad[] = {1, -2};
    double spread = 7;
    patron_error err = {0};
    const patron_stretch stretch = {2, good, bad};
    CHECK_EQ_INT(patron_parts_learn(1, &stretch, &spread, &err), PATRON_EDATA);
    CHECK(strstr(err.message, "part 2 (forecast 2, came -2)") != NULL);
    CHECK(spread == 7);
}
