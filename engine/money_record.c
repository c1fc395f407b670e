#include "money_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "parts_record.h"
#include "steps.h"
#include "text.h"

/* An origin in whose horizon the whole of it was tried with the candidate chosen. */
static bool counts(const ptn_track *track, const ptn_origin *origin)
{
    return origin->horizon_days == track->horizon_days && origin->trials[track->chosen].done;
}

/* The table `cuts`: every such origin and the end of its horizon. False: there is none. */
static patron_status write_cuts(ptn_store *store, const ptn_track *tracks, unsigned track_count, bool *any, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, "CREATE OR REPLACE TEMP TABLE cuts AS SELECT DISTINCT unnest([");
    *any = false;
    for (unsigned t = 0; t < track_count; t++)
        for (unsigned o = 0; o < tracks[t].origin_count; o++) {
            const ptn_origin *origin = &tracks[t].origins[o];
            if (!counts(&tracks[t], origin))
                continue;
            ptn_text_addf(&sql, "%s%lld, %lld", *any ? ", " : "", (long long)origin->day,
                          (long long)origin->day + origin->horizon_days);
            *any = true;
        }
    ptn_text_add(&sql, "]::BIGINT[]) AS day");
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

/* The table forecast.tried: what each state of the origin was expected to buy; and day by day what all were, and did. */
static patron_status write_tried(const ptn_past *past, const ptn_track *track, const ptn_origin *origin, ptn_daily *daily,
                                 ptn_problem *problem)
{
    ptn_store *store = past->store;
    const ptn_fitted *fitted = &origin->trials[track->chosen].fitted;
    char sql[160];
    ptn_columns columns = {0};
    patron_states states;
    patron_error err = {0};
    double *room = NULL;
    patron_status status = PATRON_OK;
    snprintf(sql, sizeof sql, "SELECT frequency, recency, age, sum(customers) FROM states_at(%lld, 0, 1) GROUP BY ALL ORDER BY ALL",
             (long long)origin->day);
    PTN_TRY(ptn_store_columns(store, sql, &columns, problem));
    room = malloc((3 * columns.n + 1) * sizeof *room);
    if (!room) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(ptn_fitted_states(fitted, origin->day, &columns, room, &states, problem));
    patron_scores scores = {.purchases = room + 2 * columns.n};
    const patron_score_options options = {.horizon = ptn_fitted_horizon(fitted, origin->day, origin->horizon_days)};
    status = patron_model_score(ptn_fitted_model(fitted), fitted->fit.parameters, &states, &options, &scores, &err);
    if (status != PATRON_OK) {
        ptn_core_problem(problem, status, &err);
        goto done;
    }
    PTN_TRY(ptn_step_run(store, "track_record", "tried", NULL, problem));
    const double *const out[] = {columns.at[0], columns.at[1], columns.at[2], scores.purchases};
    PTN_TRY(ptn_store_append(store, "forecast", "tried", 4, columns.n, out, problem));
    PTN_TRY(ptn_daily_make(past, track, origin, &columns, daily, problem));

done:
    ptn_columns_free(&columns);
    free(room);
    return status;
}

static patron_status try_money(const ptn_past *past, const ptn_track *track, ptn_origin *origin, ptn_daily *daily, ptn_problem *problem)
{
    ptn_store *store = past->store;
    char sql[120];
    ptn_columns row = {0};
    patron_status status = PATRON_OK;
    PTN_TRY(write_tried(past, track, origin, daily, problem));
    snprintf(sql, sizeof sql, "SELECT forecast, came, luck FROM money_tried(%lld, %d)", (long long)origin->day, origin->horizon_days);
    PTN_TRY(ptn_store_columns(store, sql, &row, problem));
    if (row.n == 1) {
        origin->money_forecast = row.at[0][0];
        origin->money_came = row.at[1][0];
        origin->money_luck = row.at[2][0];
    }

done:
    ptn_columns_free(&row);
    return status;
}

static patron_status learn_world(ptn_track *track, ptn_problem *problem)
{
    double errors[PTN_ORIGINS_MAX];
    size_t n = 0;
    patron_error err = {0};
    for (unsigned o = 0; o < track->origin_count; o++) {
        const ptn_origin *origin = &track->origins[o];
        if (origin->money_forecast > 0 && origin->money_came > 0)
            errors[n++] = log(origin->money_came / origin->money_forecast);
    }
    const patron_status status = patron_world_learn(n, errors, &track->money_world, &err);
    return status == PATRON_OK ? status : ptn_core_problem(problem, status, &err);
}

patron_status ptn_money_record(const ptn_past *past, ptn_track *tracks, unsigned track_count, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_daily daily[PTN_ORIGINS_MAX] = {0};
    bool any;
    PTN_TRY(write_cuts(past->store, tracks, track_count, &any, problem));
    if (any)
        PTN_TRY(ptn_stage_run(past->store, "track_record", problem));
    for (unsigned t = 0; t < track_count; t++) {
        for (unsigned o = 0; o < tracks[t].origin_count; o++) {
            ptn_daily_free(&daily[o]);
            if (counts(&tracks[t], &tracks[t].origins[o]))
                PTN_TRY(try_money(past, &tracks[t], &tracks[t].origins[o], &daily[o], problem));
        }
        PTN_TRY(learn_world(&tracks[t], problem));
        PTN_TRY(ptn_parts_record(past, &tracks[t], daily, problem));
    }
    PTN_TRY(ptn_store_run(past->store, any ? "DROP TABLE forecast.tried; DROP TABLE stretches; DROP TABLE bought; DROP TABLE cuts"
                                           : "DROP TABLE cuts", problem));

done:
    for (unsigned o = 0; o < PTN_ORIGINS_MAX; o++)
        ptn_daily_free(&daily[o]);
    return status;
}
