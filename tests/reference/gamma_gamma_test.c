/* Gamma-Gamma on CDNOW (cdnow_sample_spend.csv, made by make_cdnow_spend.py beside it): 946 customers with a repeat
 * purchase, the mean of their repeat days. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "math/gamma.h"
#include "patron/spend.h"
#include "worlds.h"

enum { ROWS_MAX = 1000 };

typedef struct table {
    patron_spends spends;
    double purchases[ROWS_MAX], mean[ROWS_MAX], customers[ROWS_MAX];
} table;

/* The test's own: one at a time. Money in so many units to the dollar. */
static const table *cdnow(double units)
{
    static table t;
    FILE *csv = fopen("tests/reference/cdnow_sample_spend.csv", "r");
    char line[128];
    CHECK(csv != NULL && fgets(line, sizeof line, csv) != NULL); /* the header */
    t.spends = (patron_spends){0, t.purchases, t.mean, t.customers};
    for (size_t *n = &t.spends.n; fgets(line, sizeof line, csv); ++*n) {
        double dollars;
        CHECK(*n < ROWS_MAX);
        CHECK(sscanf(line, "%lf,%lf,%lf", &t.purchases[*n], &dollars, &t.customers[*n]) == 3);
        t.mean[*n] = dollars * units / t.purchases[*n];
    }
    fclose(csv);
    return &t;
}

static const patron_fit_options plain = {.prior = PATRON_PRIOR_NONE};

static patron_spend_fit fit(const table *t, const patron_fit_options *options)
{
    patron_spend_fit found;
    CHECK_OK(patron_gamma_gamma_fit(&t->spends, options, &found, &err));
    if (getenv("PATRON_SHOW"))
        print_message(
            "gamma_gamma, CDNOW sample, %s prior: p %.4f ± %.4f  q %.4f ± %.4f  gamma %.4f ± %.4f  LL "
            "%.4f, %u evaluations\n",
            options ? "no" : "weak", found.parameters.p, found.standard_error[0], found.parameters.q,
            found.standard_error[1], found.parameters.gamma, found.standard_error[2], found.log_likelihood,
            found.evaluations);
    return found;
}

/* Fader, Hardie & Lee (2005), RFM and CLV, and note 025: 6.25, 3.74, 15.44; CLVTools' test of it: LL -4055.9177. lifetimes,
 * on the same table: 6.2496, 3.7442, 15.4435. */
TEST(the_fit_is_that_of_fhl2005_and_of_the_packages)
{
    const patron_spend_fit found = fit(cdnow(1), &plain);
    CHECK_EQ_INT(found.status, PATRON_FIT_INTERIOR);
    CHECK(found.customers == 946);
    CHECK_PRINTED(found.parameters.p, 6.25, 2);
    CHECK_PRINTED(found.parameters.q, 3.74, 2);
    CHECK_PRINTED(found.parameters.gamma, 15.44, 2);
    CHECK_PRINTED(found.log_likelihood, -4055.9177, 4);
    CHECK_PRINTED(found.parameters.p, 6.2496, 4);
    CHECK_PRINTED(found.parameters.q, 3.7442, 4);
    CHECK_PRINTED(found.parameters.gamma, 15.4435, 4);
}

/* GammaGammaFitter._negative_log_likelihood of lifetimes 0.11.3, times the customers: it has all terms of the density of the
 * mean, so its constants are ours. */
TEST(the_log_likelihood_is_normalised_as_in_lifetimes)
{
    const table *t = cdnow(1);
    const patron_spend_fit found = fit(t, &plain);
    const double p = found.parameters.p, q = found.parameters.q, v = found.parameters.gamma;
    double sum = 0;
    for (size_t i = 0; i < t->spends.n; i++) {
        const double x = t->purchases[i], m = t->mean[i];
        sum += t->customers[i]
               * (ptn_lgamma(p * x + q) - ptn_lgamma(p * x) - ptn_lgamma(q) + q * log(v)
                  + (p * x - 1) * log(m) + (p * x) * log(x) - (p * x + q) * log(x * m + v));
    }
    CHECK_REL(found.log_likelihood, sum, 1e-12);
}

/* conditional_expected_average_profit in the README of lifetimes: customers 1, 2, 3, 6 and 9 of the sample, whose means it
 * prints with two decimals. Its own fit stops at gamma 15.45, hence a cent. */
TEST(expected_spends_are_those_of_the_readme_of_lifetimes)
{
    const patron_spend_fit found = fit(cdnow(1), &plain);
    CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 2, 22.35), 24.658619, 0.01);
    CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 1, 11.77), 18.911489, 0.01);
    CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 0, 0), 35.170981, 0.01);
    CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 7, 73.74), 71.462843, 0.01);
    CHECK_NEAR(patron_gamma_gamma_mean(&found.parameters, 2, 25.55), 27.282408, 0.01);
}

TEST(the_weak_prior_hardly_moves_it)
{
    const table *t = cdnow(1);
    const patron_spend_fit with = fit(t, NULL), without = fit(t, &plain);
    CHECK_EQ_INT(with.status, PATRON_FIT_INTERIOR);
    CHECK(with.log_likelihood < without.log_likelihood && with.prior_weight < 0 && without.prior_weight == 0);
    CHECK_NEAR(with.parameters.p, without.parameters.p, 0.1 * without.standard_error[0]);
    CHECK_NEAR(with.parameters.q, without.parameters.q, 0.1 * without.standard_error[1]);
    CHECK_NEAR(with.parameters.gamma, without.parameters.gamma, 0.1 * without.standard_error[2]);
}

TEST(dollars_cents_and_millions_agree)
{
    const patron_spend_fit dollars = fit(cdnow(1), NULL);
    const double units[] = {100, 1e-6, 1e300, 1e-300};
    for (int k = 0; k < 4; k++) {
        const patron_spend_fit other = fit(cdnow(units[k]), NULL);
        CHECK_REL(other.parameters.p, dollars.parameters.p, 1e-7);
        CHECK_REL(other.parameters.q, dollars.parameters.q, 1e-7);
        CHECK_REL(other.parameters.gamma, dollars.parameters.gamma * units[k], 1e-7);
        CHECK_REL(other.standard_error[2], dollars.standard_error[2] * units[k], 1e-5);
        CHECK_REL(other.log_likelihood, dollars.log_likelihood - 946 * log(units[k]), 1e-10);
        CHECK_NEAR(other.prior_weight, dollars.prior_weight, 1e-7);
    }
}
