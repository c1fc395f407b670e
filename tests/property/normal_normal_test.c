/* Shrunken means: what must hold whatever the numbers are. */
#include "check.h"
#include "patron/spend.h"
#include "worlds.h"

enum { MAX = 4000 };

static double count[MAX], mean[MAX], squares[MAX], truth[MAX];

/* n groups of 1 to `most` observations; squares NULL unless wanted. */
static patron_means draw_groups(patron_normal_normal w, size_t n, double most, bool with_squares,
                                uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        ptn_random random = ptn_random_open(seed, i);
        double sum = 0, of_squares = 0, seen[256];
        count[i] = 1 + floor(most * ptn_draw_uniform(&random));
        truth[i] = w.centre + sqrt(w.between) * ptn_draw_normal(&random);
        for (int k = 0; k < count[i]; k++)
            sum += seen[k] = truth[i] + sqrt(w.within) * ptn_draw_normal(&random);
        mean[i] = sum / count[i];
        for (int k = 0; k < count[i]; k++)
            of_squares += (seen[k] - mean[i]) * (seen[k] - mean[i]);
        squares[i] = of_squares;
    }
    return (patron_means){n, count, mean, with_squares ? squares : NULL};
}

static patron_normal_normal fit(patron_means means)
{
    patron_normal_normal found;
    CHECK_OK(patron_normal_normal_fit(&means, &found, &err));
    CHECK(isfinite(found.centre) && found.between >= 0 && isfinite(found.between));
    CHECK(found.within >= 0 && isfinite(found.within));
    return found;
}

/* ---- the best fit ---- */

/* Plainly, as it stands in normal_normal.c. */
static double log_likelihood(const patron_means *g, double between, double within)
{
    double weights = 0, centre = 0, sum = 0;
    for (size_t i = 0; i < g->n; i++) {
        const double w = 1 / (between + within / g->count[i]);
        weights += w;
        centre += w * g->mean[i];
    }
    centre /= weights;
    for (size_t i = 0; i < g->n; i++) {
        const double variance = between + within / g->count[i], off = g->mean[i] - centre;
        sum -= 0.5 * (log(variance) + off * off / variance);
        if (g->squares)
            sum -= 0.5 * ((g->count[i] - 1) * log(within) + g->squares[i] / within);
    }
    return sum;
}

TEST(no_place_on_a_grid_is_better_than_the_fit)
{
    unsigned ends = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        const patron_normal_normal w = {-2, seed % 3 ? 1 : 0.05, seed % 4 ? 3 : 0.1};
        const patron_means g = draw_groups(w, 3 + seed % 7, 6, seed % 2, seed);
        const patron_normal_normal found = fit(g);
        const double best = log_likelihood(&g, found.between, found.within);
        ends += found.between == 0 || found.within == 0;
        for (int i = -60; i <= 60; i++)
            for (int j = -60; j <= 60; j++)
                CHECK(log_likelihood(&g, exp(0.2 * i), exp(0.2 * j)) <= best + 1e-9);
    }
    CHECK(ends > 5); /* both kinds of ending were met */
}

TEST(the_fit_recovers_its_parameters)
{
    enum { SEEDS = 12 };
    const patron_normal_normal w = {0.7, 0.04, 0.25};
    for (int with_squares = 0; with_squares <= 1; with_squares++) {
        double sum[3] = {0}, sq[3] = {0};
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            const patron_normal_normal found = fit(draw_groups(w, 2000, 8, with_squares, 100 + seed));
            const double v[3] = {found.centre, found.between, found.within};
            for (int k = 0; k < 3; k++) {
                sum[k] += v[k] / SEEDS;
                sq[k] += v[k] * v[k] / SEEDS;
            }
        }
        const double true_values[3] = {w.centre, w.between, w.within};
        for (int k = 0; k < 3; k++) {
            const double error = sqrt((sq[k] - sum[k] * sum[k]) / (SEEDS - 1));
            if (getenv("PATRON_SHOW"))
                print_message("%s squares: %.5f ± %.5f of %.5f\n", with_squares ? "with" : "without", sum[k],
                              error, true_values[k]);
            CHECK_NEAR(sum[k], true_values[k], 4 * error);
        }
    }
}

/* Balanced, with squares: the analysis of variance has the answer. */
TEST(equal_counts_have_a_closed_form)
{
    patron_means g = draw_groups((patron_normal_normal){5, 1, 4}, 30, 1, true, 200);
    double centre = 0, spread = 0, within = 0;
    for (size_t i = 0; i < g.n; i++) {
        count[i] = 6;
        squares[i] = 15 + (double)i / 10;
        centre += mean[i] / 30;
        within += squares[i] / (30 * 5);
    }
    for (size_t i = 0; i < g.n; i++)
        spread += (mean[i] - centre) * (mean[i] - centre) / 30;
    const patron_normal_normal found = fit(g);
    CHECK_REL(found.centre, centre, 1e-12);
    CHECK_REL(found.within, within, 1e-9);
    CHECK_REL(found.between, spread - within / 6, 1e-9);
}

TEST(very_alike_observations_are_told_from_equal_ones)
{
    for (double within = 1; within > 1e-20; within /= 1e4) {
        const patron_means g = draw_groups((patron_normal_normal){5, 1, within}, 50, 5, true, 210);
        const patron_normal_normal found = fit(g);
        double sum = 0, freedom = 0;
        for (size_t i = 0; i < g.n; i++) {
            sum += squares[i];
            freedom += count[i] - 1;
        }
        CHECK_REL(found.within, sum / freedom, within < 1e-3 ? 1e-2 : 0.2);
        CHECK_NEAR(found.between, 1, 0.9);
    }
    patron_means g = draw_groups((patron_normal_normal){5, 1, 0}, 50, 5, true, 211);
    memset(squares, 0, sizeof squares);
    const patron_normal_normal found = fit(g);
    CHECK(found.within == 0);
    CHECK_NEAR(found.between, 1, 0.9);
    double deviation;
    CHECK(patron_normal_normal_mean(&found, 1, 7.5, &deviation) == 7.5 && deviation == 0);
    CHECK(patron_normal_normal_mean(&found, 0, 7.5, &deviation) == found.centre && deviation > 0);
}

/* Of single observations nothing says what is luck: half and half, whatever the unit. */
TEST(equal_counts_without_squares_are_shared)
{
    const double ones[] = {1, 1, 1, 1}, seen[] = {1, 2, 4, 9};
    const patron_normal_normal found = fit((patron_means){4, ones, seen, NULL});
    CHECK_REL(found.centre, 4.0, 1e-15);
    CHECK_REL(found.between, 9.5 / 2, 1e-14);
    CHECK_REL(found.within, 9.5 / 2, 1e-14);
    const double threes[] = {3, 3, 3, 3};
    const patron_normal_normal of_three = fit((patron_means){4, threes, seen, NULL});
    CHECK_REL(of_three.between, 9.5 / 2, 1e-14);
    CHECK_REL(of_three.within, 3 * 9.5 / 2, 1e-14);
}

TEST(equal_means)
{
    const double counts[] = {1, 5, 9}, same[] = {-0.5, -0.5, -0.5}, none[] = {0, 0, 0}, some[] = {0, 3, 2};
    patron_normal_normal found = fit((patron_means){3, counts, same, NULL});
    CHECK(found.centre == -0.5 && found.between == 0 && found.within == 0);
    found = fit((patron_means){3, counts, same, none});
    CHECK(found.centre == -0.5 && found.between == 0 && found.within == 0);
    double deviation = 1;
    CHECK(patron_normal_normal_mean(&found, 4, 3, &deviation) == -0.5 && deviation == 0);
    found = fit((patron_means){3, counts, same, some});
    CHECK_NEAR(found.centre, -0.5, 1e-15);
    CHECK(found.between == 0);
    CHECK_REL(found.within, 5.0 / 15, 1e-12); /* of 12 degrees of freedom and three means */
}

/* ---- the table ---- */

TEST(order_and_unit_are_irrelevant)
{
    for (int with_squares = 0; with_squares <= 1; with_squares++) {
        patron_means g = draw_groups((patron_normal_normal){-3, 2, 9}, 60, 9, with_squares, 220);
        const patron_normal_normal a = fit(g);
        for (size_t i = 0; i < 30; i++) {
            double *columns[] = {count, mean, squares};
            for (int k = 0; k < 3; k++) {
                const double kept = columns[k][i];
                columns[k][i] = columns[k][59 - i];
                columns[k][59 - i] = kept;
            }
        }
        const patron_normal_normal b = fit(g);
        CHECK_REL(b.centre, a.centre, 1e-12);
        CHECK_REL(b.between, a.between, 1e-9);
        CHECK_REL(b.within, a.within, 1e-9);
        for (size_t i = 0; i < 60; i++) {
            mean[i] *= -1e3;
            squares[i] *= 1e6;
        }
        const patron_normal_normal c = fit(g);
        CHECK_REL(c.centre, -1e3 * a.centre, 1e-9);
        CHECK_REL(c.between, 1e6 * a.between, 1e-8);
        CHECK_REL(c.within, 1e6 * a.within, 1e-8);
    }
}

/* ---- shrinkage ---- */

TEST(a_mean_is_drawn_toward_the_centre_the_more_the_less_is_known)
{
    const patron_normal_normal w = {-0.2, 0.09, 0.5};
    double deviation, before = INFINITY, last = -1;
    CHECK(patron_normal_normal_mean(&w, 0, 40, &deviation) == w.centre);
    CHECK_REL(deviation, 0.3, 1e-15);
    CHECK(patron_normal_normal_mean(&w, 0, NAN, NULL) == w.centre); /* a mean of nothing */
    for (double n = 0.01; n < 1e12; n *= 10) {
        const double drawn = patron_normal_normal_mean(&w, n, 1, &deviation);
        CHECK_REL(drawn, (w.centre / w.between + n / w.within) / (1 / w.between + n / w.within), 1e-13);
        CHECK_REL(deviation, 1 / sqrt(1 / w.between + n / w.within), 1e-13);
        CHECK(drawn > last && drawn < 1 && deviation < before);
        last = drawn;
        before = deviation;
    }
    CHECK_REL(last, 1.0, 1e-9);
    CHECK(patron_normal_normal_mean(&w, 10, -5, NULL) < w.centre
          && patron_normal_normal_mean(&w, 10, -5, NULL) > -5);
    const patron_normal_normal alike = {3, 0, 2}, sure = {3, 2, 0};
    CHECK(patron_normal_normal_mean(&alike, 1e6, 8, &deviation) == 3 && deviation == 0);
    CHECK(patron_normal_normal_mean(&sure, 1, 8, &deviation) == 8 && deviation == 0);
}

/* The drawn mean is nearer the truth than the own one, by as much as its deviation says. */
TEST(drawn_means_are_nearer_the_truth)
{
    const patron_means g = draw_groups((patron_normal_normal){0.7, 0.04, 0.25}, MAX, 6, false, 230);
    const patron_normal_normal found = fit(g);
    double own = 0, drawn = 0, expected = 0;
    for (size_t i = 0; i < MAX; i++) {
        double deviation;
        const double m = patron_normal_normal_mean(&found, count[i], mean[i], &deviation);
        own += (mean[i] - truth[i]) * (mean[i] - truth[i]);
        drawn += (m - truth[i]) * (m - truth[i]);
        expected += deviation * deviation;
    }
    if (getenv("PATRON_SHOW"))
        print_message("mean square error: own %.4f, drawn %.4f, said %.4f\n", own / MAX, drawn / MAX,
                      expected / MAX);
    CHECK(drawn < 0.5 * own);
    CHECK_REL(drawn, expected, 0.08); /* 4 sqrt(2 / 4000), and of the fit */
}

/* ---- what cannot be fitted ---- */

TEST(faults_are_named)
{
    const double fine[] = {1, 2, 3}, zero[] = {1, 0, 3}, bad_mean[] = {1, 2, INFINITY}, less[] = {0, -1, 0};
    const struct {
        patron_means means;
        const char *says;
    } bad[] = {{{1, fine, fine, NULL}, "1 groups: two"},
               {{0, NULL, NULL, NULL}, "0 groups"},
               {{3, zero, fine, NULL}, "row 2 (count 0"},
               {{3, fine, bad_mean, NULL}, "row 3 (count 3, mean inf"},
               {{3, fine, fine, less}, "row 2 (count 2, mean 2, squares -1)"}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        patron_normal_normal found = {.centre = 77};
        patron_error err = {0};
        CHECK_EQ_INT(patron_normal_normal_fit(&bad[k].means, &found, &err), PATRON_EDATA);
        if (!strstr(err.message, bad[k].says))
            fail_msg("\"%s\" does not say \"%s\"", err.message, bad[k].says);
        CHECK(found.centre == 77);
    }
}
