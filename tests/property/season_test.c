/* The season: the index as a function, the clock it makes, and the fit from daily counts. */
#include "check.h"

#include "integral.h"
#include "patron/season.h"
#include "worlds.h"

static const double year = 365.25;

static patron_season season(unsigned harmonics, const double *cosine, const double *sine)
{
    patron_season s = {.harmonics = harmonics};
    memcpy(s.cosine, cosine, harmonics * sizeof *cosine);
    memcpy(s.sine, sine, harmonics * sizeof *sine);
    patron_season_normalise(&s);
    return s;
}

static patron_season flat(void)
{
    return (patron_season){0};
}

static patron_season mild(void)
{
    return season(2, (const double[]){0.2, -0.05}, (const double[]){-0.1, 0.08});
}

/* Christmas: more than ten times the summer. */
static patron_season steep(void)
{
    return season(4, (const double[]){0.9, 0.5, 0.3, 0.2}, (const double[]){-0.2, -0.2, -0.15, -0.1});
}

static double index_at(double day, const void *context)
{
    return patron_season_index(context, day);
}

/* By a rule that the code does not use, in pieces of a fortnight. */
static double integral(const patron_season *s, double from, double to)
{
    if (to < from)
        return -integral(s, to, from);
    double sum = 0;
    const int pieces = 1 + (int)((to - from) / 14);
    for (int i = 0; i < pieces; i++)
        sum += integrate(index_at, s, from + (to - from) * i / pieces,
                             from + (to - from) * (i + 1) / pieces, 1e-13, NULL);
    return sum;
}

/* ---- the index ---- */

TEST(the_mean_over_a_year_is_1)
{
    const patron_season all[] = {flat(), mild(), steep()};
    for (int k = 0; k < 3; k++)
        for (double from = -400; from < 20000; from += 3333.3) {
            CHECK_NEAR(integral(&all[k], from, from + year) / year, 1, 1e-9);
            CHECK_NEAR(patron_season_between(&all[k], from, from + year), year, 1e-9);
        }
}

TEST(the_index_is_the_curve_it_is_said_to_be)
{
    const patron_season s = mild();
    for (double day = -1000; day < 40000; day += 777.7) {
        const double a = 2 * M_PI * day / year;
        const double curve =
            exp(0.2 * cos(a) - 0.1 * sin(a) - 0.05 * cos(2 * a) + 0.08 * sin(2 * a)) / s.norm;
        CHECK_REL(patron_season_index(&s, day), curve, 1e-10);
        CHECK_REL(patron_season_index(&s, day + 4 * year), curve, 1e-10);
    }
    const patron_season none = flat();
    CHECK(patron_season_index(&none, 17) == 1);
}

/* ---- season days ---- */

TEST(season_days_are_the_integral_of_the_index)
{
    const patron_season all[] = {mild(), steep()};
    const double spans[][2] = {{0, 1},         {100, 100.5}, {17, 340}, {-50, 800},
                               {19000, 19364}, {5, 5},       {200, 10}, {900, 12}};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
            const double from = spans[i][0], to = spans[i][1];
            CHECK_NEAR(patron_season_between(&all[k], from, to), integral(&all[k], from, to), 1e-8);
            CHECK_NEAR(patron_season_between(&all[k], to, from), -patron_season_between(&all[k], from, to),
                       1e-8);
        }
}

TEST(season_days_add_up)
{
    const patron_season s = steep();
    ptn_random random = ptn_random_open(1, 1);
    for (int i = 0; i < 200; i++) {
        const double a = 3000 * ptn_draw_uniform(&random), b = 3000 * ptn_draw_uniform(&random),
                     c = 3000 * ptn_draw_uniform(&random);
        CHECK_NEAR(patron_season_between(&s, a, b) + patron_season_between(&s, b, c),
                   patron_season_between(&s, a, c), 1e-8);
    }
    const patron_season none = flat();
    CHECK(patron_season_between(&none, 3.5, 1000) == 996.5);
    CHECK(patron_season_between(&none, 10, 3) == -7);
    CHECK(isnan(patron_season_between(&s, NAN, 3)));
    CHECK(patron_season_between(&s, 3, INFINITY) == INFINITY);
}

/* ---- the clock ---- */

TEST(the_clock_is_the_integral_of_the_index)
{
    enum { N = 300 };
    double recency[N], age[N], season_recency[N], season_age[N];
    const patron_season s = steep();
    const double end = 19876;
    ptn_random random = ptn_random_open(2, 1);
    for (int i = 0; i < N; i++) {
        age[i] = 900 * ptn_draw_uniform(&random);
        recency[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? age[i] : age[i] * ptn_draw_uniform(&random);
        if (i % 2) { /* whole days */
            age[i] = ceil(age[i]);
            recency[i] = i % 3 == 1 ? age[i] : floor(recency[i]);
        }
    }
    age[0] = recency[0] = 0;
    CHECK_OK(patron_season_clock(&s, end, N, recency, age, season_recency, season_age, &err));
    for (int i = 0; i < N; i++) {
        const double first = end - age[i];
        CHECK_NEAR(season_age[i], patron_season_between(&s, first, end), 1e-8);
        CHECK_NEAR(season_recency[i], patron_season_between(&s, first, first + recency[i]), 1e-8);
        CHECK((season_recency[i] == 0) == (recency[i] == 0));
        CHECK((season_recency[i] == season_age[i]) == (recency[i] == age[i]));
        CHECK(season_recency[i] <= season_age[i]);
    }
    double again[2 * N]; /* in place, and one history as of many */
    memcpy(again, recency, sizeof recency);
    memcpy(again + N, age, sizeof age);
    CHECK_OK(patron_season_clock(&s, end, N, again, again + N, again, again + N, &err));
    CHECK(memcmp(again, season_recency, sizeof recency) == 0);
    CHECK(memcmp(again + N, season_age, sizeof age) == 0);
    CHECK_OK(patron_season_clock(&s, end, 1, &recency[7], &age[7], &again[0], &again[1], &err));
    CHECK(again[0] == season_recency[7] && again[1] == season_age[7]);
}

TEST(a_flat_clock_keeps_histories_as_they_are)
{
    const double recency[] = {0, 5, 7.25}, age[] = {3, 5, 10.5};
    double season_recency[3], season_age[3];
    const patron_season none = flat();
    CHECK_OK(patron_season_clock(&none, 100, 3, recency, age, season_recency, season_age, &err));
    for (int i = 0; i < 3; i++)
        CHECK(season_recency[i] == recency[i] && season_age[i] == age[i]);
    CHECK_OK(patron_season_clock(&none, 100, 0, NULL, NULL, NULL, NULL, &err));
}

TEST(histories_that_cannot_be_are_named)
{
    const double bad[][2] = {{-1, 3}, {4, 3}, {NAN, 3}, {1, NAN}, {1, 2e7}};
    const patron_season s = mild();
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        const double recency[] = {0, bad[k][0]}, age[] = {1, bad[k][1]};
        double a[2], b[2];
        patron_error err = {0};
        CHECK_EQ_INT(patron_season_clock(&s, 0, 2, recency, age, a, b, &err), PATRON_EDATA);
        CHECK(strstr(err.message, "row 2 (") != NULL);
    }
}

/* ---- the fit ---- */

enum { DAYS = 1095 };

static double day[DAYS], expected[DAYS], came[DAYS];

/* How many arrivals at rate 1 there are within `mean`. */
static double draw_poisson(ptn_random *random, double mean)
{
    double count = -1;
    for (double left = mean; left >= 0; count++)
        left -= ptn_draw_exponential(random);
    return count;
}

/* `spread` times as much variance as mean, from a gamma that the Poisson mean is drawn from; it grows `growth` times a year. */
static void draw_days(const patron_season *s, double a_day, double growth, double spread, uint64_t seed)
{
    ptn_random random = ptn_random_open(seed, 0);
    for (size_t d = 0; d < DAYS; d++) {
        day[d] = 18000 + (double)d;
        expected[d] = a_day;
        const double mean = a_day * patron_season_index(s, day[d]) * pow(growth, (double)d / year);
        const double drawn = spread > 1 ? ptn_draw_gamma(&random, mean / (spread - 1)) * (spread - 1) : mean;
        came[d] = draw_poisson(&random, drawn);
    }
}

/* The error of a coefficient is about sqrt(2 × dispersion / purchases); with the mean over seeds the z are judged. */
static void check_recovery(const patron_season *truth, double a_day, double growth, double spread,
                           const char *what)
{
    enum { SEEDS = 30 };
    double mean[4] = {0}, square = 0, found_spread = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        patron_season found;
        double dispersion, total = 0;
        draw_days(truth, a_day, growth, spread, 100 + seed);
        for (size_t d = 0; d < DAYS; d++)
            total += came[d];
        CHECK_OK(patron_season_fit(DAYS, day, expected, came, 2, 0.5, &found, &dispersion, &err));
        CHECK_EQ_INT(found.harmonics, 2);
        found_spread += dispersion / SEEDS;
        const double error = sqrt(2 * spread / total);
        for (int k = 0; k < 2; k++) {
            const double z[2] = {(found.cosine[k] - truth->cosine[k]) / error,
                                 (found.sine[k] - truth->sine[k]) / error};
            for (int j = 0; j < 2; j++) {
                mean[2 * k + j] += z[j] / SEEDS;
                square += z[j] * z[j] / (4 * SEEDS);
            }
        }
    }
    if (getenv("PATRON_SHOW"))
        print_message("%s: mean z %.2f %.2f %.2f %.2f, root mean square %.2f, dispersion %.2f\n", what,
                      mean[0], mean[2], mean[1], mean[3], sqrt(square), found_spread);
    for (int k = 0; k < 4; k++)
        CHECK_NEAR(mean[k], 0, 4 / sqrt(SEEDS));
    CHECK(sqrt(square) > 0.8
          && sqrt(square) < 1.3); /* the slope takes some, a season some more where it is low */
    CHECK_NEAR(found_spread, spread, 0.1 * spread);
}

TEST(planted_harmonics_are_found_within_their_errors)
{
    const patron_season truth = mild(), none = season(2, (const double[]){0, 0}, (const double[]){0, 0});
    check_recovery(&truth, 50, 1, 1, "Poisson");
    check_recovery(&truth, 50, 1.5, 1, "Poisson, growing");
    check_recovery(&truth, 50, 1, 4, "four times the variance");
    check_recovery(&truth, 2, 1, 1, "few");
    check_recovery(&none, 50, 1, 1, "no season");
}

/* A model expects more as customers are won: the offset, not the season, takes it. */
TEST(what_was_expected_is_allowed_for)
{
    const patron_season truth = mild();
    patron_season plain, rising;
    draw_days(&truth, 50, 1, 1, 7);
    CHECK_OK(patron_season_fit(DAYS, day, expected, came, 2, 0.5, &plain, NULL, &err));
    for (size_t d = 0; d < DAYS; d++) {
        came[d] *= (double)(1 + d % 5);
        expected[d] *= 30 * (double)(1 + d % 5);
    }
    CHECK_OK(patron_season_fit(DAYS, day, expected, came, 2, 0.5, &rising, NULL, &err));
    for (int k = 0; k < 2; k++) {
        CHECK_NEAR(rising.cosine[k], plain.cosine[k], 0.02);
        CHECK_NEAR(rising.sine[k], plain.sine[k], 0.02);
    }
}

static double largest(const patron_season *s)
{
    double most = 0;
    for (unsigned k = 0; k < s->harmonics; k++)
        most = fmax(most, fmax(fabs(s->cosine[k]), fabs(s->sine[k])));
    return most;
}

/* Without noise: what is left is the shape of the trend that the slope cannot take. */
TEST(a_trend_does_not_become_a_season)
{
    const size_t spans[] = {DAYS, 730, 400, 200, 90};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        const size_t n = spans[i];
        patron_season found;
        for (size_t d = 0; d < n; d++) {
            day[d] = 18000 + (double)d;
            expected[d] = 100;
            came[d] = 100 * exp(0.8 * (double)d / year);
        }
        CHECK_OK(patron_season_fit(n, day, expected, came, 2, 0.5, &found, NULL, &err));
        CHECK_NEAR(largest(&found), 0, 2e-3);
        for (size_t d = 0; d < n; d++)
            came[d] = 100 * (1 + 0.8 * (double)d / year);
        CHECK_OK(patron_season_fit(n, day, expected, came, 2, 0.2, &found, NULL, &err));
        if (getenv("PATRON_SHOW"))
            print_message("%zu days rising by a straight line: largest coefficient %.4f\n", n,
                          largest(&found));
        CHECK_NEAR(largest(&found), 0, 0.03);
        for (size_t d = 0; d < n; d++)
            came[d] = 40;
        CHECK_OK(patron_season_fit(n, day, expected, came, 4, 0.5, &found, NULL, &err));
        CHECK_NEAR(largest(&found), 0, 1e-9); /* flat is flat, be the level what it may */
    }
}

TEST(a_prior_draws_toward_flat)
{
    const patron_season truth = mild();
    double before = INFINITY;
    draw_days(&truth, 5, 1, 1, 9);
    for (double sd = 1; sd > 1e-4; sd /= 4) {
        patron_season found;
        CHECK_OK(patron_season_fit(DAYS, day, expected, came, 2, sd, &found, NULL, &err));
        CHECK(largest(&found) < before);
        before = largest(&found);
    }
    CHECK(before < 1e-3);
}

/* What is seen of a peak in the days that are there; a year is hardly ever whole. */
TEST(part_of_a_year_is_enough_for_that_part)
{
    const patron_season truth = mild();
    patron_season found;
    draw_days(&truth, 2000, 1, 1, 11);
    CHECK_OK(patron_season_fit(200, day, expected, came, 2, 0.5, &found, NULL, &err));
    double off = 0, mean = 0; /* of the logs of the ratio: the level is not known */
    for (int pass = 0; pass < 2; pass++)
        for (size_t d = 0; d < 200; d++) {
            const double ratio =
                log(patron_season_index(&found, day[d]) / patron_season_index(&truth, day[d]));
            if (pass == 0)
                mean += ratio / 200;
            else
                off += (ratio - mean) * (ratio - mean) / 200;
        }
    if (getenv("PATRON_SHOW"))
        print_message("200 days: off by %.4f (root mean square)\n", sqrt(off));
    CHECK(sqrt(off) < 0.2);
}

TEST(days_of_all_kinds_have_an_answer)
{
    patron_season found;
    double dispersion;
    for (size_t d = 0; d < 60; d++) { /* all on one day, and that the last, the first, one in the middle */
        day[d] = (double)d;
        expected[d] = 1;
    }
    const size_t only[] = {59, 0, 31};
    for (int k = 0; k < 3; k++) {
        memset(came, 0, sizeof came);
        came[only[k]] = 25;
        CHECK_OK(patron_season_fit(60, day, expected, came, 4, 0.5, &found, &dispersion, &err));
        CHECK(isfinite(largest(&found)) && dispersion >= 1 && isfinite(dispersion));
    }
    for (size_t d = 0; d < 60; d++) { /* a purchase where next to nobody was expected */
        expected[d] = d == 0 ? 1e-9 : 1e6;
        came[d] = d == 0 ? 1 : 1e6;
    }
    CHECK_OK(patron_season_fit(60, day, expected, came, 2, 0.5, &found, &dispersion, &err));
    if (getenv("PATRON_SHOW"))
        print_message("a purchase nobody expected: dispersion %.3f, largest coefficient %.5f\n", dispersion,
                      largest(&found));
    CHECK(dispersion < 2 && largest(&found) < 1e-3);
}

TEST(days_that_cannot_be_used_are_named)
{
    const patron_season truth = mild();
    patron_season found = {.harmonics = 77};
    patron_error err = {0};
    draw_days(&truth, 5, 1, 1, 12);
    CHECK_EQ_INT(patron_season_fit(29, day, expected, came, 2, 0.5, &found, NULL, &err), PATRON_EDATA);
    CHECK(strstr(err.message, "29 days are too few") != NULL);
    CHECK_EQ_INT(patron_season_fit(DAYS, day, expected, came, 0, 0.5, &found, NULL, &err), PATRON_EINVAL);
    CHECK_EQ_INT(
        patron_season_fit(DAYS, day, expected, came, PATRON_HARMONICS_MAX + 1, 0.5, &found, NULL, &err),
        PATRON_EINVAL);
    CHECK_EQ_INT(patron_season_fit(DAYS, day, expected, came, 1, 0, &found, NULL, &err), PATRON_EINVAL);
    CHECK_EQ_INT(patron_season_fit(DAYS, day, expected, came, 1, NAN, &found, NULL, &err), PATRON_EINVAL);
    const double bad[] = {0, -1, NAN, INFINITY};
    for (int k = 0; k < 4; k++) {
        const double kept = expected[40];
        expected[40] = bad[k];
        CHECK_EQ_INT(patron_season_fit(DAYS, day, expected, came, 2, 0.5, &found, NULL, &err), PATRON_EDATA);
        CHECK(strstr(err.message, "row 41 (day 18040") != NULL);
        expected[40] = kept;
    }
    came[3] = -1;
    CHECK_EQ_INT(patron_season_fit(DAYS, day, expected, came, 2, 0.5, &found, NULL, &err), PATRON_EDATA);
    memset(came, 0, sizeof came);
    CHECK_EQ_INT(patron_season_fit(DAYS, day, expected, came, 2, 0.5, &found, NULL, &err), PATRON_EDATA);
    CHECK(strstr(err.message, "nothing was bought") != NULL);
    CHECK_EQ_INT(found.harmonics, 77);
}
