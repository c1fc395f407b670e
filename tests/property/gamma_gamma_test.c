/* Gamma-Gamma: what must hold whatever the numbers are. */
#include "check.h"
#include "spenders.h"

static const patron_fit_options plain = {.prior = PATRON_PRIOR_NONE};
static const patron_gamma_gamma shop = {6, 4, 15};

static patron_spend_fit fit(const patron_spends *spends, const patron_fit_options *options)
{
    patron_spend_fit found;
    CHECK_OK(patron_gamma_gamma_fit(spends, options, &found, &err));
    CHECK(found.parameters.p > 0 && isfinite(found.parameters.p));
    CHECK(found.parameters.q > 1 && isfinite(found.parameters.q));
    CHECK(found.parameters.gamma > 0 && isfinite(found.parameters.gamma));
    CHECK((found.status == PATRON_FIT_BOUNDARY) == (*found.limit != '\0'));
    CHECK(found.prior_weight <= 0);
    return found;
}

static void show(const char *what, const patron_spend_fit *found)
{
    if (getenv("PATRON_SHOW"))
        print_message("%s: p %.6g q %.6g gamma %.6g %s, %u evaluations\n", what, found->parameters.p,
                      found->parameters.q, found->parameters.gamma, found->limit, found->evaluations);
}

/* ---- the table ---- */

TEST(the_order_of_rows_is_irrelevant)
{
    spenders s = draw_spenders(shop, 500, 2, 1), turned = draw_spenders(shop, 500, 2, 1);
    for (size_t i = 0; i < 500; i++) {
        turned.purchases[i] = s.purchases[499 - i];
        turned.mean[i] = s.mean[499 - i];
    }
    const patron_spend_fit a = fit(&s.spends, NULL), b = fit(&turned.spends, NULL);
    CHECK(memcmp(&a.parameters, &b.parameters, sizeof a.parameters) == 0);
    CHECK(a.log_likelihood == b.log_likelihood && a.evaluations == b.evaluations);
    free_spenders(&s);
    free_spenders(&turned);
}

TEST(weights_equal_repeated_rows)
{
    spenders s = draw_spenders(shop, 300, 2, 2), twice = draw_spenders(shop, 600, 2, 2);
    double weight[300];
    for (size_t i = 0; i < 300; i++) {
        weight[i] = 2;
        twice.purchases[300 + i] = s.purchases[i];
        twice.mean[300 + i] = s.mean[i];
    }
    s.spends.weight = weight;
    const patron_spend_fit a = fit(&s.spends, NULL), b = fit(&twice.spends, NULL);
    CHECK(a.customers == 600 && b.customers == 600);
    CHECK_REL(a.parameters.p, b.parameters.p, 1e-6);
    CHECK_REL(a.parameters.q, b.parameters.q, 1e-6);
    CHECK_REL(a.parameters.gamma, b.parameters.gamma, 1e-6);
    CHECK_REL(a.standard_error[0], b.standard_error[0], 1e-5);
    CHECK_REL(a.log_likelihood, b.log_likelihood, 1e-12);
    free_spenders(&s);
    free_spenders(&twice);
}

TEST(pounds_and_pence_agree)
{
    spenders s = draw_spenders(shop, 400, 2, 3);
    const patron_spend_fit pounds = fit(&s.spends, NULL);
    for (size_t i = 0; i < 400; i++)
        s.mean[i] *= 100;
    const patron_spend_fit pence = fit(&s.spends, NULL);
    CHECK_REL(pence.parameters.p, pounds.parameters.p, 1e-7);
    CHECK_REL(pence.parameters.q, pounds.parameters.q, 1e-7);
    CHECK_REL(pence.parameters.gamma, 100 * pounds.parameters.gamma, 1e-7);
    CHECK_REL(patron_gamma_gamma_mean(&pence.parameters, 3, 1200),
              100 * patron_gamma_gamma_mean(&pounds.parameters, 3, 12), 1e-7);
    CHECK_REL(pence.log_likelihood, pounds.log_likelihood - 400 * log(100), 1e-10);
    free_spenders(&s);
}

/* ---- the ends of the model ---- */

/* The flag is up, and customers are scored all the same. */
TEST(means_without_a_mean_are_a_heavy_tail)
{
    const double qs[] = {0.75, 0.9, 0.98};
    for (int k = 0; k < 3; k++)
        for (int prior = PATRON_PRIOR_WEAK; prior <= PATRON_PRIOR_NONE; prior++) {
            spenders s = draw_spenders((patron_gamma_gamma){6, qs[k], 15}, 2000, 2, 4);
            const patron_spend_fit found =
                fit(&s.spends, &(patron_fit_options){.prior = (patron_prior)prior});
            show("q of 1 or less", &found);
            CHECK_EQ_INT(found.status, PATRON_FIT_BOUNDARY);
            CHECK_STR(found.limit, "heavy_tail");
            CHECK_NEAR(found.parameters.q, 1, 1e-8);
            CHECK(isnan(found.standard_error[1]) && found.standard_error[0] > 0
                  && found.standard_error[2] > 0);
            CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 5, 100), 100, 15);
            CHECK(patron_gamma_gamma_mean(&found.parameters, 0, 0) > 1e6);
            free_spenders(&s);
        }
}

TEST(a_q_just_above_1_is_found)
{
    spenders s = draw_spenders((patron_gamma_gamma){6, 1.2, 15}, 10000, 2, 5);
    const patron_spend_fit found = fit(&s.spends, NULL);
    show("q of 1.2", &found);
    CHECK_EQ_INT(found.status, PATRON_FIT_INTERIOR);
    CHECK_NEAR(found.parameters.q, 1.2, 4 * found.standard_error[1]);
    free_spenders(&s);
}

/* Everyone has the mean p × 3 = 12: whether the fit stops at a large q or at the limit, it says so of everyone. */
TEST(customers_who_are_all_alike_have_one_mean)
{
    unsigned limits = 0;
    for (uint64_t seed = 0; seed < 6; seed++)
        for (int prior = PATRON_PRIOR_WEAK; prior <= PATRON_PRIOR_NONE; prior++) {
            spenders s = draw_spenders((patron_gamma_gamma){4, INFINITY, 3}, 3000, 2, 10 + seed);
            const patron_spend_fit found =
                fit(&s.spends, &(patron_fit_options){.prior = (patron_prior)prior});
            show("all alike", &found);
            if (found.status == PATRON_FIT_BOUNDARY) {
                limits++;
                CHECK_STR(found.limit, "all_alike");
                CHECK_NEAR(found.parameters.p, 4, 4 * found.standard_error[0]);
                CHECK(isnan(found.standard_error[1]) && isnan(found.standard_error[2]));
            }
            CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 1, 30), 12, 1);
            CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 0, 0), 12, 0.5);
            free_spenders(&s);
        }
    CHECK(limits > 0);
}

/* The means alone show it but dimly: those of many purchases vary as much over people as those of one. */
TEST(customers_who_spend_the_same_each_time_are_known_at_once)
{
    unsigned limits = 0;
    for (uint64_t seed = 0; seed < 4; seed++)
        for (int prior = PATRON_PRIOR_WEAK; prior <= PATRON_PRIOR_NONE; prior++) {
            spenders s = draw_spenders((patron_gamma_gamma){INFINITY, 3, 20}, 2000, 2, 20 + seed);
            const patron_spend_fit found =
                fit(&s.spends, &(patron_fit_options){.prior = (patron_prior)prior});
            show("same each time", &found);
            if (found.status == PATRON_FIT_BOUNDARY) {
                limits++;
                CHECK_STR(found.limit, "same_each_time");
                CHECK_NEAR(found.parameters.q, 3, 4 * found.standard_error[1]);
                CHECK(isnan(found.standard_error[0]) && isnan(found.standard_error[2]));
                CHECK_REL(patron_gamma_gamma_mean(&found.parameters, 1, 7), 7.0, 1e-9);
            }
            CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 1, 7), 7, 0.3);
            CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 0, 0), 10, 0.6); /* gamma / (q - 1) */
            free_spenders(&s);
        }
    CHECK(limits > 0);
}

TEST(one_price_is_everyone_s)
{
    const double purchases[] = {1, 2, 7}, mean[] = {9.99, 9.99 * (1 + 1e-15), 9.995};
    const patron_spend_fit found = fit(&(patron_spends){3, purchases, mean, NULL}, NULL);
    CHECK_EQ_INT(found.status, PATRON_FIT_BOUNDARY);
    CHECK_STR(found.limit, "one_price");
    CHECK(found.log_likelihood == INFINITY && found.prior_weight == 0);
    CHECK(isnan(found.standard_error[0]) && isnan(found.standard_error[1]) && isnan(found.standard_error[2]));
    CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 0, 0), 9.99, 0.003);
    CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 4, 9.99), 9.99, 0.003);
}

TEST(the_weak_prior_holds_any_small_base)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        spenders s = draw_spenders(shop, 2 + seed, 1, 30 + seed);
        const patron_spend_fit found = fit(&s.spends, NULL);
        CHECK_EQ_INT(found.status, PATRON_FIT_INTERIOR);
        CHECK(patron_gamma_gamma_mean(&found.parameters, 0, 0) < 1000);
        free_spenders(&s);
    }
}

TEST(extreme_counts_and_spends_have_a_fit)
{
    const double purchases[] = {1, 1, 3, 1e6, 1e6, 40};
    const double mean[] = {1e-300, 5, 1e300, 3, 1e-5, 0.01};
    const patron_spend_fit found = fit(&(patron_spends){6, purchases, mean, NULL}, NULL);
    show("extremes", &found);
    CHECK(isfinite(found.log_likelihood));
    const double few[] = {1e6, 1e6, 1e6}, near[] = {10, 10.05, 9.98};
    const patron_spend_fit close = fit(&(patron_spends){3, few, near, NULL}, NULL);
    show("near", &close);
    CHECK_NEAR(patron_gamma_gamma_mean(&close.parameters, 1e6, 10), 10, 0.01);
}

/* ---- what it says of a customer ---- */

/* p (gamma + x z) / (px + q - 1) is a weighted mean of theirs and everyone's. */
TEST(expected_spends_lie_between_one_s_own_and_everyone_s)
{
    const patron_gamma_gamma shops[] = {shop, {0.3, 1.05, 4}, {40, 1.5, 2}, {1, 200, 1e4}};
    for (int k = 0; k < 4; k++) {
        const patron_gamma_gamma *g = &shops[k];
        const double everyone = patron_gamma_gamma_mean(g, 0, 0);
        CHECK_REL(everyone, g->p * g->gamma / (g->q - 1), 1e-14);
        CHECK(patron_gamma_gamma_scale(g, 0, 77) == g->gamma);
        for (double x = 1; x < 2e6; x *= 10)
            for (double z = 1e-3; z < 1e7; z *= 10) {
                const double total = g->p * x + g->q - 1, mean = patron_gamma_gamma_mean(g, x, z);
                CHECK_REL(mean, g->p * x / total * z + (g->q - 1) / total * everyone, 1e-12);
                CHECK(mean > 0);
                CHECK_REL(mean, patron_gamma_gamma_scale(g, x, z) * g->p / (g->q + g->p * x - 1), 1e-12);
            }
    }
}

/* Over customers who spent about as much in as many purchases, the mean of what they spend later is the forecast. */
TEST(forecasts_are_right_on_average)
{
    enum { N = 20000 };
    spenders s = draw_spenders(shop, N, 2, 40);
    double off[3] = {0}, squares[3] = {0}, count[3] = {0};
    for (size_t i = 0; i < N; i++) {
        ptn_random random = ptn_random_open(41, i);
        const double later = draw_spend(shop.p, s.nu[i], 1, &random);
        const double miss = later - patron_gamma_gamma_mean(&shop, s.purchases[i], s.mean[i]);
        const int group = s.mean[i] < 20 ? 0 : s.mean[i] < 40 ? 1 : 2;
        off[group] += miss;
        squares[group] += miss * miss;
        count[group]++;
    }
    for (int group = 0; group < 3; group++) {
        CHECK(count[group] > 1000);
        CHECK_NEAR(off[group] / sqrt(squares[group]), 0, 4);
    }
    free_spenders(&s);
}

/* ---- what cannot be fitted ---- */

static bool stop(void *context, unsigned evaluations, double log_likelihood)
{
    CHECK(isfinite(log_likelihood));
    return evaluations < *(unsigned *)context;
}

TEST(faults_are_named)
{
    const double fine[] = {1, 2, 3}, money[] = {5, 6, 9};
    const double nan_mean[] = {5, NAN, 9}, none[] = {5, 6, 0}, half[] = {1, 2.5, 3}, zero[] = {0, 1, 1};
    const double far[] = {1, 1, INFINITY}, no_weight[] = {1, 0, 1};
    const struct {
        patron_spends spends;
        const char *says;
    } bad[] = {{{3, fine, nan_mean, NULL}, "row 2 (purchases 2, mean nan"},
               {{3, fine, none, NULL}, "row 3"},
               {{3, half, money, NULL}, "row 2 (purchases 2.5"},
               {{3, zero, money, NULL}, "row 1 (purchases 0"},
               {{3, far, money, NULL}, "row 3 (purchases inf"},
               {{3, fine, money, no_weight}, "row 2"},
               {{1, fine, money, NULL}, "spends of 1 customers: two"},
               {{0, NULL, NULL, NULL}, "spends of 0 customers"}};
    patron_spend_fit found;
    patron_error err = {0};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        CHECK_EQ_INT(patron_gamma_gamma_fit(&bad[k].spends, NULL, &found, &err), PATRON_EDATA);
        CHECK_EQ_INT(err.status, PATRON_EDATA);
        if (!strstr(err.message, bad[k].says))
            fail_msg("\"%s\" does not say \"%s\"", err.message, bad[k].says);
        CHECK_EQ_INT(found.status, PATRON_FIT_FAILED);
        CHECK(isnan(found.parameters.p) && isnan(found.log_likelihood) && isnan(found.standard_error[2]));
    }
    CHECK_EQ_INT(patron_gamma_gamma_fit(&(patron_spends){3, fine, money, NULL},
                                        &(patron_fit_options){.prior = 7}, &found, &err),
                 PATRON_EINVAL);
    for (unsigned most = 1; most < 10; most += 4) {
        const patron_fit_options options = {.progress = stop, .context = &most};
        CHECK_EQ_INT(patron_gamma_gamma_fit(&(patron_spends){3, fine, money, NULL}, &options, &found, &err),
                     PATRON_ECANCELLED);
        CHECK(isnan(found.parameters.p));
    }
}

/* Two customers of two means: without the prior the best is whatever it is, or there is none, but never a wrong number. */
TEST(tiny_bases_without_a_prior_end_well_or_say_why)
{
    for (uint64_t seed = 0; seed < 30; seed++) {
        spenders s = draw_spenders(shop, 2 + seed / 5, 1, 50 + seed);
        patron_spend_fit found;
        patron_error err = {0};
        const patron_status status = patron_gamma_gamma_fit(&s.spends, &plain, &found, &err);
        if (status == PATRON_OK) {
            CHECK(patron_gamma_gamma_mean(&found.parameters, 1, s.mean[0]) > 0);
        } else {
            CHECK_EQ_INT(status, PATRON_ENUMERIC);
            CHECK(strstr(err.message, "the weak prior may help") != NULL);
            CHECK(isnan(found.parameters.p));
        }
        free_spenders(&s);
    }
}
