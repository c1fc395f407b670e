/* Letters: f the day of a first purchase, n_f customers won then, d a day, E(s) expected repeat purchases of a new customer
 * after s season days. On day d the customers won on f buy E(S(f, d)) - E(S(f, d - 1)) times. */
#include "season_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { HARMONICS = 2 };
static const double prior_sd = 0.2; /* of a coefficient: a common season lifts a month by a quarter */

/* E on a grid of half season days: smooth enough for straight lines between. */
typedef struct expected_table {
    double *at;
    size_t n;
    double step;
} expected_table;

static double look_up(const expected_table *table, double s)
{
    const double place = s / table->step;
    const size_t i = (size_t)place < table->n - 2 ? (size_t)place : table->n - 2;
    return table->at[i] + (place - (double)i) * (table->at[i + 1] - table->at[i]);
}

static patron_status core_problem(ptn_problem *problem, patron_status status, const patron_error *err)
{
    return ptn_problem_set(problem, status, "E601", "%s", err->message);
}

static patron_status fill_table(const patron_model *model, const double *parameters, double longest, expected_table *table,
                                ptn_problem *problem)
{
    patron_error err = {0};
    table->step = 0.5;
    table->n = (size_t)(longest / table->step) + 3;
    table->at = malloc(table->n * sizeof *table->at);
    if (!table->at)
        return ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
    table->at[0] = 0;
    for (size_t i = 1; i < table->n; i++) {
        const patron_status status =
            patron_model_new_purchases(model, parameters, (double)i * table->step, &table->at[i], &err);
        if (status != PATRON_OK)
            return core_problem(problem, status, &err);
    }
    return PATRON_OK;
}

/* days: day, customers won, repeat purchases; every day from the first on, rising by one. */
static patron_status regress(const patron_model *model, const double *parameters, const ptn_columns *days, patron_season *season,
                             ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    patron_season correction;
    expected_table table = {0};
    const size_t n = days->n;
    const double *day = days->at[0], *won = days->at[1], *came = days->at[2];
    double *elapsed = malloc(n * sizeof *elapsed), *expected = calloc(n, sizeof *expected);
    if (!elapsed || !expected) {
        status = ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
        goto done;
    }
    elapsed[0] = 0;
    for (size_t d = 1; d < n; d++)
        elapsed[d] = elapsed[d - 1] + patron_season_between(season, day[d - 1], day[d]);
    PTN_TRY(fill_table(model, parameters, elapsed[n - 1], &table, problem));
    for (size_t f = 0; f < n; f++) {
        if (won[f] == 0)
            continue;
        double before = 0;
        for (size_t d = f + 1; d < n; d++) {
            const double now = look_up(&table, elapsed[d] - elapsed[f]);
            expected[d] += won[f] * (now - before);
            before = now;
        }
    }
    /* the first day expects nothing: nobody can come back yet */
    status = patron_season_fit(n - 1, day + 1, expected + 1, came + 1, HARMONICS, prior_sd, &correction, NULL, &err);
    if (status != PATRON_OK) {
        core_problem(problem, status, &err);
        goto done;
    }
    correction.harmonics = HARMONICS;
    for (unsigned k = 0; k < HARMONICS; k++) {
        correction.cosine[k] += season->harmonics ? season->cosine[k] : 0;
        correction.sine[k] += season->harmonics ? season->sine[k] : 0;
    }
    patron_season_normalise(&correction);
    *season = correction;

done:
    free(table.at);
    free(elapsed);
    free(expected);
    return status;
}

patron_status ptn_season_correct(ptn_store *store, const patron_model *model, const double *parameters, int64_t day,
                                 patron_season *season, ptn_problem *problem)
{
    char sql[160];
    ptn_columns days;
    snprintf(sql, sizeof sql, "SELECT * FROM daily_purchases(%lld)", (long long)day);
    patron_status status = ptn_store_columns(store, sql, &days, problem);
    if (status != PATRON_OK)
        return status;
    if (days.n < 60)
        status = ptn_problem_set(problem, PATRON_EDATA, "E602", "%zu days are too few for a season", days.n);
    else
        status = regress(model, parameters, &days, season, problem);
    ptn_columns_free(&days);
    return status;
}
