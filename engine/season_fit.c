/* Letters: f the day of a first purchase, n_f customers won then, d a day, E(t) expected repeat purchases of a new customer
 * after t days. On day d the customers won on f buy E(d - f) - E(d - f - 1) times. A second round, with the model by the clock of
 * the season found, changes nothing to speak of. */
#include "season_fit.h"

#include <stdio.h>
#include <stdlib.h>

#include "candidates.h"

enum { HARMONICS = 4 }; /* the fourth is needed where a peak lasts six weeks, as before Christmas */
static const double prior_sd = 0.3; /* of a coefficient: a month may well run a third above the mean */

/* What the model expects on each of n days in a row of the customers won on the days before. */
static patron_status expect(const patron_model *model, const double *parameters, size_t n, const double *won, double *expected,
                            ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    double *daily = malloc(n * sizeof *daily), before = 0; /* daily[k]: on the k-th day after the first purchase */
    if (!daily)
        return ptn_out_of_memory(problem);
    for (size_t k = 1; k < n; k++) {
        double now;
        status = patron_model_new_purchases(model, parameters, (double)k, &now, &err);
        if (status != PATRON_OK) {
            ptn_core_problem(problem, status, &err);
            goto done;
        }
        daily[k] = now - before;
        before = now;
    }
    for (size_t d = 0; d < n; d++)
        expected[d] = 0;
    for (size_t f = 0; f < n; f++)
        for (size_t d = f + 1; won[f] > 0 && d < n; d++)
            expected[d] += won[f] * daily[d - f];

done:
    free(daily);
    return status;
}

patron_status ptn_season_learn(const patron_model *model, const double *parameters, int64_t day, const ptn_columns *days,
                               patron_season *season, ptn_problem *problem)
{
    patron_error err = {0};
    size_t n = 0;
    while (n < days->n && days->at[0][n] <= (double)day)
        n++;
    if (n < PTN_SEASON_HISTORY)
        return ptn_problem_set(problem, PATRON_EDATA, "E602", "%zu days are too few for a season", n);
    double *expected = malloc(n * sizeof *expected);
    if (!expected)
        return ptn_out_of_memory(problem);
    patron_status status = expect(model, parameters, n, days->at[1], expected, problem);
    if (status == PATRON_OK) { /* the first day expects nothing: nobody can come back yet */
        status = patron_season_fit(n - 1, days->at[0] + 1, expected + 1, days->at[2] + 1, HARMONICS, prior_sd, season, NULL, &err);
        if (status != PATRON_OK)
            ptn_core_problem(problem, status, &err);
    }
    free(expected);
    return status;
}

patron_status ptn_season_days(ptn_store *store, int64_t until, ptn_columns *out, ptn_problem *problem)
{
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT * FROM daily_purchases(%lld)", (long long)until);
    return ptn_store_columns(store, sql, out, problem);
}
