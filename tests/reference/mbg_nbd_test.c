/* MBG/NBD on CDNOW: what its peers print. */
#include "reference/cdnow.h"

TEST(sample_gives_the_fit_of_the_packages)
{
    cdnow *c = read_cdnow(SAMPLE, 7);
    const patron_fit fit = fit_plainly("mbg_nbd", c);
    CHECK_PRINTED(fit.parameters[0], 0.52484, 5);
    CHECK_PRINTED(fit.parameters[1], 6.1831, 4);
    CHECK_PRINTED(fit.parameters[2], 0.89136, 5);
    CHECK_PRINTED(fit.parameters[3], 1.6140, 4);
    CHECK_PRINTED(fit.log_likelihood, -9582.14, 2);
    CHECK_EQ_INT(fit.customers, 2357);
    free(c);
}

TEST(master_gives_the_fit_of_the_packages)
{
    cdnow *c = read_cdnow(MASTER, 7);
    const patron_fit fit = fit_plainly("mbg_nbd", c);
    CHECK_PRINTED(fit.parameters[0], 0.63714, 5);
    CHECK_PRINTED(fit.parameters[1], 7.3103, 4);
    CHECK_PRINTED(fit.parameters[2], 0.80747, 5);
    CHECK_PRINTED(fit.parameters[3], 1.2284, 4);
    CHECK_PRINTED(fit.log_likelihood, -95336.96, 2);
    free(c);
}

/* What every peer forecasts for the next 39 weeks, judged by one code for all of them. */
TEST(sample_forecast_is_that_of_every_peer)
{
    cdnow *c = read_cdnow(SAMPLE, 7);
    const patron_fit fit = fit_plainly("mbg_nbd", c);
    const holdout h = forecast_39_weeks(c, &fit);
    CHECK_PRINTED(h.predicted, 1576.7, 1);
    CHECK_EQ_INT(h.happened, 1882);
    CHECK_PRINTED(h.mean_absolute, 0.7648, 4);
    CHECK_PRINTED(h.root_mean_square, 1.6072, 4);
    free(c);
}
