/* CDNOW's customers (cdnow_*_states.csv, made by make_cdnow_states.py beside them), and a model's fit and forecast of them.
 * Weeks are days / 7, as in the papers; 39 weeks are observed and 39 more forecast. */
#ifndef PTN_CDNOW_H
#define PTN_CDNOW_H

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "patron/forecast.h"

#define SAMPLE "tests/reference/cdnow_sample_states.csv"
#define MASTER "tests/reference/cdnow_master_states.csv"

enum { STATES_MAX = 10000 };

typedef struct cdnow {
    patron_states states;
    double frequency[STATES_MAX], recency[STATES_MAX], age[STATES_MAX], later[STATES_MAX],
        customers[STATES_MAX];
} cdnow;

/* Times in units of so many days. free() it. */
static inline cdnow *read_cdnow(const char *path, double days)
{
    cdnow *c = calloc(1, sizeof *c);
    FILE *csv = fopen(path, "r");
    CHECK(c != NULL && csv != NULL);
    char line[128];
    size_t n = 0;
    CHECK(fgets(line, sizeof line, csv) != NULL); /* the header */
    for (; fgets(line, sizeof line, csv); n++) {
        CHECK(n < STATES_MAX);
        CHECK(sscanf(line, "%lf,%lf,%lf,%lf,%lf", &c->frequency[n], &c->recency[n], &c->age[n], &c->later[n],
                     &c->customers[n])
              == 5);
        c->recency[n] /= days;
        c->age[n] /= days;
    }
    fclose(csv);
    c->states = (patron_states){n, c->frequency, c->recency, c->age, c->customers};
    return c;
}

#define CHECK_OK(call)                                                                                       \
    do {                                                                                                     \
        patron_error err = {0};                                                                              \
        if ((call) != PATRON_OK)                                                                             \
            fail_msg("%s", err.message);                                                                     \
    } while (0)

/* By plain maximum likelihood, in the interior. */
static inline patron_fit fit_plainly(const char *model, const cdnow *c)
{
    const patron_fit_options plain = {.prior = PATRON_PRIOR_NONE};
    patron_fit fit;
    CHECK_OK(patron_model_fit(patron_model_find(model), &c->states, &plain, &fit, &err));
    CHECK_EQ_INT(fit.status, PATRON_FIT_INTERIOR);
    return fit;
}

typedef struct holdout {
    double predicted, happened, mean_absolute, root_mean_square;
} holdout;

static inline holdout forecast_39_weeks(const cdnow *in_weeks, const patron_fit *fit)
{
    const size_t n = in_weeks->states.n;
    const patron_score_options weeks = {.horizon = 39};
    double *purchases = malloc(n * sizeof *purchases), customers = 0;
    CHECK(purchases != NULL);
    patron_scores scores = {.purchases = purchases};
    CHECK_OK(patron_model_score(fit->model, fit->parameters, &in_weeks->states, &weeks, &scores, &err));
    holdout h = {0};
    for (size_t i = 0; i < n; i++) {
        const double count = in_weeks->customers[i], error = purchases[i] - in_weeks->later[i];
        customers += count;
        h.predicted += count * purchases[i];
        h.happened += count * in_weeks->later[i];
        h.mean_absolute += count * fabs(error);
        h.root_mean_square += count * error * error;
    }
    h.mean_absolute /= customers;
    h.root_mean_square = sqrt(h.root_mean_square / customers);
    free(purchases);
    return h;
}

#endif
