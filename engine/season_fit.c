/* Letters: f the day of a first purchase, n_f customers won then, d a day, E(s) expected repeat purchases of a new customer
 * after s season days. On day d the customers won on f buy E(S(f, d)) - E(S(f, d - 1)) times, S(f, d) season days from f to d:
 * a model fitted without a season starts with S(f, d) = d - f, and one more round puts right what the season moved. */
#include "season_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "candidates.h"

enum { HARMONICS = 4 }; /* the fourth is needed where a peak lasts six weeks, as before Christmas */
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

static patron_status fill_table(const patron_model *model, const double *parameters, double longest, expected_table *table,
                                ptn_problem *problem)
{
    patron_error err = {0};
    table->step = 0.5;
    table->n = (size_t)(longest / table->step) + 3;
    table->at = malloc(table->n * sizeof *table->at);
    if (!table->at)
        return ptn_out_of_memory(problem);
    table->at[0] = 0;
    for (size_t i = 1; i < table->n; i++) {
        const patron_status status =
            patron_model_new_purchases(model, parameters, (double)i * table->step, &table->at[i], &err);
        if (status != PATRON_OK)
            return ptn_core_problem(problem, status, &err);
    }
    return PATRON_OK;
}

/* What the model expects on each of n days in a row, were they ordinary ones, of the customers won on the days before. */
static patron_status expect(const patron_model *model, const double *parameters, const patron_season *season, size_t n,
                            const double *day, const double *won, double *expected, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    expected_table table = {0};
    double *elapsed = malloc(n * sizeof *elapsed);
    if (!elapsed)
        return ptn_out_of_memory(problem);
    elapsed[0] = 0;
    for (size_t d = 1; d < n; d++)
        elapsed[d] = elapsed[d - 1] + patron_season_between(season, day[d - 1], day[d]);
    PTN_TRY(fill_table(model, parameters, elapsed[n - 1], &table, problem));
    for (size_t d = 0; d < n; d++)
        expected[d] = 0;
    for (size_t f = 0; f < n; f++) {
        double before = 0;
        for (size_t d = f + 1; won[f] > 0 && d < n; d++) {
            const double now = look_up(&table, elapsed[d] - elapsed[f]);
            expected[d] += won[f] * (now - before);
            before = now;
        }
    }
    for (size_t d = 1; d < n; d++) /* a day that holds 1.3 season days would have brought so much less */
        expected[d] /= elapsed[d] - elapsed[d - 1];

done:
    free(table.at);
    free(elapsed);
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
    patron_status status = expect(model, parameters, season, n, days->at[0], days->at[1], expected, problem);
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
