/* BG/NBD on CDNOW: what the papers and its peers print. */
#include "reference/cdnow.h"

static const patron_model *model(void)
{
    return patron_model_find("bg_nbd");
}

/* Fader, Hardie & Lee (2005), Marketing Science 24(2), table 1: r .243, alpha 4.414, a .793, b 2.426, LL -9582.4. */
static const double as_printed[4] = {0.243, 4.414, 0.793, 2.426};

TEST(log_likelihood_is_as_printed)
{
    cdnow *c = read_cdnow(SAMPLE, 7);
    double log_likelihood;
    CHECK_OK(patron_model_log_likelihood(model(), as_printed, &c->states, &log_likelihood, NULL, &err));
    CHECK_PRINTED(log_likelihood, -9582.4, 1);
    free(c);
}

/* One more digit or two where several packages agree. */
TEST(sample_gives_the_published_fit)
{
    cdnow *c = read_cdnow(SAMPLE, 7);
    const patron_fit fit = fit_plainly("bg_nbd", c);
    for (unsigned k = 0; k < 4; k++)
        CHECK_PRINTED(fit.parameters[k], as_printed[k], 3);
    CHECK_PRINTED(fit.parameters[0], 0.24259, 5);
    CHECK_PRINTED(fit.parameters[1], 4.4136, 4);
    CHECK_PRINTED(fit.parameters[2], 0.79292, 5);
    CHECK_PRINTED(fit.parameters[3], 2.4259, 4);
    CHECK_PRINTED(fit.log_likelihood, -9582.43, 2);
    CHECK_EQ_INT(fit.customers, 2357);
    free(c);
}

TEST(master_gives_the_fit_of_the_packages)
{
    cdnow *c = read_cdnow(MASTER, 7);
    const patron_fit fit = fit_plainly("bg_nbd", c);
    CHECK_PRINTED(fit.parameters[0], 0.25162, 5);
    CHECK_PRINTED(fit.parameters[1], 4.7889, 4);
    CHECK_PRINTED(fit.parameters[2], 0.72343, 5);
    CHECK_PRINTED(fit.parameters[3], 2.1611, 4);
    CHECK_PRINTED(fit.log_likelihood, -95368.44, 2);
    free(c);
}

/* The spreadsheet that comes with the paper: x = 2, t_x = 30.43, T = 38.86 is expected to buy 1.226 times in 39 weeks. */
TEST(customer_of_the_spreadsheet_is_as_printed)
{
    const double x = 2, t_x = 30.43, age = 38.86;
    const patron_states one = {.n = 1, .frequency = &x, .recency = &t_x, .age = &age};
    const patron_score_options weeks = {.horizon = 39};
    double purchases;
    patron_scores scores = {.purchases = &purchases};
    CHECK_OK(patron_model_score(model(), as_printed, &one, &weeks, &scores, &err));
    CHECK_PRINTED(purchases, 1.226, 3);
}

/* Fader & Hardie (2013), note 027, on Γ(r + x) beyond double: x = 200 in 40 weeks. */
TEST(heavy_buyer_does_not_overflow)
{
    static const double parameters[4] = {0.25, 4, 0.8, 2.5};
    const double x = 200, t_x = 38, age = 40;
    const patron_states one = {.n = 1, .frequency = &x, .recency = &t_x, .age = &age};
    double log_likelihood;
    CHECK_OK(patron_model_log_likelihood(model(), parameters, &one, &log_likelihood, NULL, &err));
    CHECK_PRINTED(log_likelihood, 100.79569, 5);
}

/* What every peer forecasts for the next 39 weeks, judged by one code for all of them. */
TEST(sample_forecast_is_that_of_every_peer)
{
    cdnow *c = read_cdnow(SAMPLE, 7);
    const patron_fit fit = fit_plainly("bg_nbd", c);
    const holdout h = forecast_39_weeks(c, &fit);
    CHECK_PRINTED(h.predicted, 1653.4, 1);
    CHECK_EQ_INT(h.happened, 1882);
    CHECK_PRINTED(h.mean_absolute, 0.7855, 4);
    CHECK_PRINTED(h.root_mean_square, 1.6080, 4);
    free(c);
}

TEST(master_forecast_is_that_of_every_peer)
{
    cdnow *c = read_cdnow(MASTER, 7);
    const patron_fit fit = fit_plainly("bg_nbd", c);
    const holdout h = forecast_39_weeks(c, &fit);
    CHECK_EQ_INT(h.happened, 19684);
    CHECK_PRINTED(100 * (h.predicted / h.happened - 1), -14.3, 1);
    CHECK_PRINTED(h.mean_absolute, 0.8187, 4);
    CHECK_PRINTED(h.root_mean_square, 1.7329, 4);
    free(c);
}
