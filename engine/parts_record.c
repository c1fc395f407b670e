#include "parts_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "text.h"

enum { WEEK = 7, MONTH = 30 };

/* ---- days ---- */

/* The curve as what each day brings; of the untouched origin its sum is the forecast that was judged. */
static void spread_out(const ptn_track *track, const ptn_origin *origin, const ptn_curve *curve, ptn_daily *out)
{
    const double all = curve->purchases[out->days], judged = origin->trials[track->chosen].judgement.forecast;
    const double scale = origin->last && all > 0 ? judged / all : 1;
    for (int d = 0; d < out->days; d++)
        out->forecast[d] = fmax(0, scale * (curve->purchases[d + 1] - curve->purchases[d]));
}

patron_status ptn_daily_make(const ptn_past *past, const ptn_track *track, const ptn_origin *origin, const ptn_columns *states,
                             ptn_daily *out, ptn_problem *problem)
{
    char sql[100];
    patron_status status = PATRON_OK;
    ptn_columns came = {0};
    ptn_curve curve = {0};
    *out = (ptn_daily){.days = origin->horizon_days, .forecast = calloc(2 * (size_t)origin->horizon_days, sizeof *out->forecast)};
    if (!out->forecast)
        return ptn_out_of_memory(problem);
    out->came = out->forecast + out->days;
    PTN_TRY(ptn_curve_make(&origin->trials[track->chosen].fitted, past->config, origin->day, out->days, states, NULL, &curve, problem));
    snprintf(sql, sizeof sql, "SELECT ahead, came FROM came_after(%lld, %d)", (long long)origin->day, out->days);
    PTN_TRY(ptn_store_columns(past->store, sql, &came, problem));
    for (size_t i = 0; i < came.n; i++)
        out->came[(int)came.at[0][i] - 1] = came.at[1][i];
    spread_out(track, origin, &curve, out);

done:
    ptn_columns_free(&came);
    ptn_curve_free(&curve);
    return status;
}

void ptn_daily_free(ptn_daily *daily)
{
    free(daily->forecast);
    *daily = (ptn_daily){0};
}

/* ---- parts ---- */

/* Days put together into parts of so many; owns its numbers. */
static bool cut(const ptn_daily *daily, int days, patron_stretch *out)
{
    const size_t n = (size_t)((daily->days + days - 1) / days);
    double *forecast = calloc(2 * n + 1, sizeof *forecast), *came = forecast + n;
    *out = (patron_stretch){n, forecast, came};
    for (int d = 0; forecast && d < daily->days; d++) {
        forecast[d / days] += daily->forecast[d];
        came[d / days] += daily->came[d];
    }
    return forecast != NULL;
}

static void uncut(patron_stretch *stretch)
{
    free((double *)stretch->forecast);
}

static patron_status learn_spread(const ptn_track *track, const ptn_daily *daily, int days, bool with_last, double *spread,
                                  ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    patron_stretch stretches[PTN_ORIGINS_MAX] = {0};
    size_t n = 0;
    for (unsigned o = 0; o < track->origin_count; o++) {
        if (!daily[o].days || (track->origins[o].last && !with_last))
            continue;
        if (!cut(&daily[o], days, &stretches[n])) {
            status = ptn_out_of_memory(problem);
            goto done;
        }
        n++;
    }
    status = patron_parts_learn(n, stretches, spread, &err);
    if (status != PATRON_OK)
        ptn_core_problem(problem, status, &err);

done:
    for (size_t i = 0; i < n; i++)
        uncut(&stretches[i]);
    return status;
}

/* ---- weeks ---- */

static patron_status add_week(ptn_text *sql, const ptn_track *track, const ptn_origin *origin, const char *model,
                              const patron_stretch *weeks, size_t k, double spread, ptn_problem *problem)
{
    const double chances[] = {0.8, 0.5}, f = weeks->forecast[k];
    const patron_judgement *judged = &origin->trials[track->chosen].judgement;
    const double luck = judged->luck * sqrt(f / judged->forecast); /* as if what comes in one week told nothing of the next */
    const int from = (int)k * WEEK, days = origin->horizon_days - from < WEEK ? origin->horizon_days - from : WEEK;
    patron_world world = track->world_then;
    patron_error err = {0};
    double low[2], high[2];
    world.scale = hypot(world.scale, patron_parts_spread(spread, weeks->n, weeks->forecast, k, k + 1));
    for (int c = 0; c < 2; c++) {
        const patron_status status = patron_total_interval(&world, f, luck, chances[c], &low[c], &high[c], &err);
        if (status != PATRON_OK)
            return ptn_core_problem(problem, status, &err);
    }
    ptn_text_addf(sql, "%s(%d, DATE '1970-01-01' + %lld, '%s', %zu, DATE '1970-01-01' + %lld, %d, %.0f, '%.17g', '%.17g', '%.17g', '%.17g', '%.17g')",
                  sql->length ? ", " : "INSERT INTO track_record.weeks VALUES ", track->horizon_days, (long long)origin->day, model,
                  k + 1, (long long)origin->day + 1 + from, days, weeks->came[k], f, fmax(0, low[0]), fmax(0, low[1]), high[1],
                  high[0]);
    return PATRON_OK;
}

static patron_status write_weeks(const ptn_past *past, const ptn_track *track, const ptn_origin *origin, const ptn_daily *daily,
                                 double spread, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_text sql = {0};
    patron_stretch weeks;
    if (!(origin->trials[track->chosen].judgement.forecast > 0))
        return PATRON_OK;
    if (!cut(daily, WEEK, &weeks))
        return ptn_out_of_memory(problem);
    for (size_t k = 0; k < weeks.n; k++)
        PTN_TRY(add_week(&sql, track, origin, past->candidates[track->chosen].name, &weeks, k, spread, problem));
    PTN_TRY(ptn_store_run(past->store, ptn_text_str(&sql), problem));

done:
    uncut(&weeks);
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_parts_record(const ptn_past *past, ptn_track *track, const ptn_daily *daily, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    double week_spread;
    PTN_TRY(learn_spread(track, daily, MONTH, true, &track->month_spread, problem));
    PTN_TRY(learn_spread(track, daily, WEEK, false, &week_spread, problem));
    for (unsigned o = 0; o < track->origin_count; o++)
        if (track->origins[o].last && daily[o].days)
            PTN_TRY(write_weeks(past, track, &track->origins[o], &daily[o], week_spread, problem));

done:
    return status;
}
