/* Pareto/NBD on CDNOW (cdnow_*_states.csv, made by make_cdnow_states.py beside them): what the papers,
 * their package and its peers print. Weeks are days / 7, as in the papers. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "patron/forecast.h"

enum { STATES_MAX = 10000 };

typedef struct cdnow {
    size_t n;
    double frequency[STATES_MAX], recency[STATES_MAX], age[STATES_MAX], later[STATES_MAX],
        customers[STATES_MAX];
} cdnow;

/* Times in units of so many days. */
static cdnow *read_cdnow(const char *path, double days)
{
    cdnow *c = calloc(1, sizeof *c);
    FILE *csv = fopen(path, "r");
    CHECK(c != NULL && csv != NULL);
    char line[128];
    CHECK(fgets(line, sizeof line, csv) != NULL); /* the header */
    while (fgets(line, sizeof line, csv)) {
        CHECK(c->n < STATES_MAX);
        double recency_days, age_days;
        CHECK(sscanf(line, "%lf,%lf,%lf,%lf,%lf", &c->frequency[c->n], &recency_days, &age_days,
                     &c->later[c->n], &c->customers[c->n])
              == 5);
        c->recency[c->n] = recency_days / days;
        c->age[c->n++] = age_days / days;
    }
    fclose(csv);
    return c;
}

static cdnow *sample_in(double days)
{
    return read_cdnow("tests/reference/cdnow_sample_states.csv", days);
}

static cdnow *master_in(double days)
{
    return read_cdnow("tests/reference/cdnow_master_states.csv", days);
}

static patron_states states_of(const cdnow *c)
{
    return (patron_states){c->n, c->frequency, c->recency, c->age, c->customers};
}

#define CHECK_OK(call)                                                                                       \
    do {                                                                                                     \
        patron_error err = {0};                                                                              \
        if ((call) != PATRON_OK)                                                                             \
            fail_msg("%s", err.message);                                                                     \
    } while (0)

static const patron_model *model(void)
{
    return patron_model_find("pareto_nbd");
}

static patron_fit fit_to(const cdnow *c)
{
    const patron_states states = states_of(c);
    const patron_fit_options plain = {.prior = PATRON_PRIOR_NONE};
    patron_fit fit;
    CHECK_OK(patron_model_fit(model(), &states, &plain, &fit, &err));
    CHECK_EQ_INT(fit.status, PATRON_FIT_INTERIOR);
    return fit;
}

/* Fader, Hardie & Lee (2005), Marketing Science 24(2), table 2: r .553, alpha 10.578, s .606, beta 11.669,
 * LL -9595.0; one more digit or two where several packages agree. */
TEST(sample_gives_the_published_fit)
{
    cdnow *c = sample_in(7);
    const patron_fit fit = fit_to(c);
    CHECK_PRINTED(fit.parameters[0], 0.55328, 5);
    CHECK_PRINTED(fit.parameters[1], 10.57768, 5);
    CHECK_PRINTED(fit.parameters[2], 0.60624, 5);
    CHECK_PRINTED(fit.parameters[3], 11.66874, 5);
    CHECK_PRINTED(fit.log_likelihood, -9594.9762, 4);
    CHECK_EQ_INT(fit.customers, 2357);
    CHECK_EQ_INT(fit.states, 1016);
    free(c);
}

TEST(master_gives_the_fit_of_the_packages)
{
    cdnow *c = master_in(7);
    const patron_fit fit = fit_to(c);
    CHECK_PRINTED(fit.parameters[0], 0.59742, 5);
    CHECK_PRINTED(fit.parameters[1], 11.58566, 5);
    CHECK_PRINTED(fit.parameters[2], 0.52219, 5);
    CHECK_PRINTED(fit.parameters[3], 8.82776, 5);
    CHECK_PRINTED(fit.log_likelihood, -95415.1186, 4);
    free(c);
}

/* The unit of time changes alpha and beta in proportion, the density of x purchase times by unit^x, and
 * nothing else. */
TEST(fit_is_the_same_in_days_weeks_and_years)
{
    cdnow *in_weeks = sample_in(7);
    const patron_fit weeks = fit_to(in_weeks);
    double purchases = 0;
    for (size_t i = 0; i < in_weeks->n; i++)
        purchases += in_weeks->customers[i] * in_weeks->frequency[i];
    static const double unit[] = {1, 30, 365.25};
    for (unsigned k = 0; k < 3; k++) {
        cdnow *c = sample_in(unit[k]);
        const patron_fit fit = fit_to(c);
        CHECK_REL(fit.parameters[0], weeks.parameters[0], 1e-9);
        CHECK_REL(fit.parameters[1] * unit[k] / 7, weeks.parameters[1], 1e-9);
        CHECK_REL(fit.parameters[2], weeks.parameters[2], 1e-9);
        CHECK_REL(fit.parameters[3] * unit[k] / 7, weeks.parameters[3], 1e-9);
        CHECK_REL(fit.log_likelihood, weeks.log_likelihood + purchases * log(unit[k] / 7), 1e-12);
        free(c);
    }
    free(in_weeks);
}

/* BTYD's walkthrough of CDNOW, whose parameters are fitted again and again until they stay: customer 1516
 * (x 26, t_x 30.86, T 31) buys 25.46 times in 52 weeks and is alive with probability .9979; a new customer
 * buys 1.473 times. */
TEST(customer_1516_is_as_in_the_walkthrough)
{
    cdnow *c = sample_in(7);
    const patron_fit fit = fit_to(c);
    const double x = 26, t_x = 30.857142857142858, age = 31;
    const patron_states one = {.n = 1, .frequency = &x, .recency = &t_x, .age = &age};
    const patron_score_options year = {.horizon = 52};
    double p_alive, purchases, fresh;
    patron_scores scores = {.p_alive = &p_alive, .purchases = &purchases};
    CHECK_OK(patron_model_score(model(), fit.parameters, &one, &year, &scores, &err));
    CHECK_PRINTED(p_alive, 0.9979, 4);
    CHECK_PRINTED(purchases, 25.46, 2);
    CHECK_OK(patron_model_new_purchases(model(), fit.parameters, 52, &fresh, &err));
    CHECK_PRINTED(fresh, 1.473, 3);
    free(c);
}

typedef struct holdout {
    double predicted, happened, mean_absolute, root_mean_square, buys_predicted, buys_happened;
} holdout;

static holdout forecast_39_weeks(const cdnow *c)
{
    const patron_fit fit = fit_to(c);
    const patron_states states = states_of(c);
    const patron_score_options weeks = {.horizon = 39};
    double *purchases = malloc(c->n * sizeof *purchases), *p_buys = malloc(c->n * sizeof *p_buys);
    CHECK(purchases != NULL && p_buys != NULL);
    patron_scores scores = {.purchases = purchases, .p_buys = p_buys};
    CHECK_OK(patron_model_score(model(), fit.parameters, &states, &weeks, &scores, &err));
    holdout h = {0};
    for (size_t i = 0; i < c->n; i++) {
        const double n = c->customers[i], error = purchases[i] - c->later[i];
        h.predicted += n * purchases[i];
        h.happened += n * c->later[i];
        h.mean_absolute += n * fabs(error) / fit.customers;
        h.root_mean_square += n * error * error / fit.customers;
        h.buys_predicted += n * p_buys[i] / fit.customers;
        h.buys_happened += n * (c->later[i] > 0) / fit.customers;
    }
    h.root_mean_square = sqrt(h.root_mean_square);
    free(purchases);
    free(p_buys);
    return h;
}

/* What lifetimes, CLVTools and BTYD forecast for the next 39 weeks, judged by one code for all of them. */
TEST(sample_forecast_is_that_of_every_peer)
{
    cdnow *c = sample_in(7);
    const holdout h = forecast_39_weeks(c);
    CHECK_PRINTED(h.predicted, 1665.5, 1);
    CHECK_EQ_INT(h.happened, 1882);
    CHECK_PRINTED(h.mean_absolute, 0.7545, 4);
    CHECK_PRINTED(h.root_mean_square, 1.6028, 4);
    CHECK_PRINTED(h.buys_predicted, 0.222, 3);
    CHECK_PRINTED(h.buys_happened, 0.290, 3);
    free(c);
}

TEST(master_forecast_is_that_of_every_peer)
{
    cdnow *c = master_in(7);
    const holdout h = forecast_39_weeks(c);
    CHECK_NEAR(h.predicted, 17153.2, 1); /* the peer stopped short of the optimum: beta 8.8274 */
    CHECK_EQ_INT(h.happened, 19684);
    CHECK_PRINTED(h.mean_absolute, 0.7938, 4);
    CHECK_PRINTED(h.root_mean_square, 1.7262, 4);
    free(c);
}
