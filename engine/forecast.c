#include "forecast.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curve.h"
#include "money_record.h"
#include "scorecards.h"
#include "season_fit.h"
#include "steps.h"

/* A horizon as a number of days from as_of: months and years are calendar steps. */
static patron_status horizon_days(ptn_store *store, const ptn_period *period, int *out, ptn_problem *problem)
{
    char sql[200];
    int64_t value = 0;
    snprintf(sql, sizeof sql,
             "SELECT ((getvariable('as_of') + INTERVAL %d MONTH + INTERVAL %d DAY)::DATE - getvariable('as_of'))::BIGINT",
             period->months, period->days);
    const patron_status status = ptn_store_int(store, sql, &value, problem);
    *out = (int)value;
    return status;
}

/* Parts of the stage: each horizon is tried in the past, each candidate fitted to all there is, each horizon scored. */
static unsigned parts(const ptn_config *config, const ptn_forecast_report *report)
{
    return 2 * config->horizon_count + report->candidate_count;
}

/* 30d and 1m may come to the same day, and are one horizon then: the last of them. */
static bool comes_again(const int *days, unsigned h, unsigned count)
{
    for (unsigned later = h + 1; later < count; later++)
        if (days[later] == days[h])
            return true;
    return false;
}

static patron_status run_tracks(const ptn_past *past, const ptn_config *config, const ptn_progress *progress,
                                ptn_forecast_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int days[PTN_HORIZONS_MAX];
    for (unsigned h = 0; h < config->horizon_count; h++)
        PTN_TRY(horizon_days(past->store, &config->horizons[h], &days[h], problem));
    for (unsigned h = 0; h < config->horizon_count; h++) {
        ptn_track *track = &report->tracks[report->track_count];
        char what[40];
        if (comes_again(days, h, config->horizon_count))
            continue;
        snprintf(what, sizeof what, "%s tried in the past", config->horizons[h].text);
        ptn_progress_tell(progress, what, h, parts(config, report));
        PTN_TRY(ptn_track_run(past, days[h], track, problem));
        report->track_count++;
        report->origins += track->origin_count;
    }
    PTN_TRY(ptn_money_record(past, report->tracks, report->track_count, problem));

done:
    return status;
}

/* Every candidate without a season on everything known at as_of, since all stand in `models`; and the seasons of those
 * chosen, so that it can be said whether there is one. What cannot be fitted has status FAILED. */
static patron_status fit_all(const ptn_past *past, const ptn_columns *states, const ptn_progress *progress, ptn_forecast_report *report,
                             ptn_problem *problem)
{
    for (unsigned c = 0; c < report->candidate_count; c++) {
        const ptn_candidate *candidate = &report->candidates[c];
        bool needed = candidate->model && !candidate->season;
        for (unsigned t = 0; t < report->track_count; t++)
            needed |= candidate->model == report->candidates[report->tracks[t].chosen].model;
        report->fitted[c] = (ptn_fitted){.candidate = candidate};
        if (!needed)
            continue;
        ptn_progress_tell(progress, candidate->name, past->config->horizon_count + c, parts(past->config, report));
        const patron_status status =
            ptn_candidate_fit(candidate, past->end, states, past->days, ptn_prior_of(past->config), &report->fitted[c], problem);
        if (status == PATRON_EDATA || status == PATRON_ENUMERIC)
            report->fitted[c] = (ptn_fitted){.candidate = candidate, .fit.model = candidate->season ? NULL : candidate->model};
        else if (status != PATRON_OK)
            return status;
    }
    return PATRON_OK;
}

/* What forecasts at a horizon: the one chosen; should it not fit now, the same without a season, or else the first that does.
 * NULL: none does. */
static const ptn_fitted *fitted_of(const ptn_forecast_report *report, const ptn_track *track)
{
    const ptn_fitted *best = NULL;
    for (int c = (int)report->candidate_count - 1; c >= 0; c--) {
        const ptn_fitted *f = &report->fitted[c];
        const bool same = f->candidate->model == report->candidates[track->chosen].model;
        if (f->fit.status == PATRON_FIT_FAILED)
            continue;
        if (c == track->chosen)
            return f;
        if (!f->candidate->season && (same || !best || best->candidate->model != report->candidates[track->chosen].model))
            best = f;
    }
    return best;
}

static patron_status read_spend(ptn_store *store, patron_gamma_gamma *spend, bool *known, ptn_problem *problem)
{
    ptn_columns row;
    const patron_status status = ptn_store_columns(store, "SELECT spend.p, spend.q, spend.gamma FROM forecast.spend", &row, problem);
    *known = status == PATRON_OK && row.n == 1 && isfinite(row.at[0][0]);
    if (*known)
        *spend = (patron_gamma_gamma){row.at[0][0], row.at[1][0], row.at[2][0]};
    if (status == PATRON_OK)
        ptn_columns_free(&row);
    return status;
}

/* What one purchase of each state is worth, all of it together, in the order of `states`. */
static patron_status read_worth(ptn_store *store, const ptn_columns *states, ptn_columns *out, ptn_problem *problem)
{
    const patron_status status = ptn_store_columns(store, "SELECT worth FROM state_worth ORDER BY frequency, recency, age", out, problem);
    assert(status != PATRON_OK || out->n == states->n);
    (void)states;
    return status;
}

/* Which forecast says when within a horizon its purchases come: its own, unless that knows no season and one of a shorter
 * horizon does. A season that is there in half a year is there in a year, even where the history was too short to choose it. */
static unsigned track_of_shape(const ptn_forecast_report *report, unsigned track)
{
    unsigned best = track;
    for (unsigned t = 0; t < report->track_count && !report->forecasts[track]->candidate->season; t++)
        if (report->forecasts[t] && report->forecasts[t]->candidate->season
            && report->tracks[t].horizon_days < report->tracks[track].horizon_days
            && (best == track || report->tracks[t].horizon_days > report->tracks[best].horizon_days))
            best = t;
    return best;
}

static patron_status draw_curve(const ptn_past *past, const ptn_forecast_report *report, unsigned t, const ptn_columns *states,
                                const double *worth, ptn_problem *problem)
{
    ptn_curve curve;
    const unsigned shape = track_of_shape(report, t);
    ptn_fitted fitted = *report->forecasts[shape];
    ptn_fitted_set_quiet(&fitted, report->tracks[shape].quiet[fitted.candidate - report->candidates]);
    patron_status status = ptn_curve_make(&fitted, past->config, past->end, report->tracks[t].horizon_days, states, worth, &curve, problem);
    if (status == PATRON_OK)
        status = ptn_curve_write(past->store, &curve, problem);
    ptn_curve_free(&curve);
    return status;
}

static patron_status score_all(const ptn_past *past, const ptn_columns *states, const ptn_progress *progress,
                               ptn_forecast_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_gamma_gamma spend;
    ptn_columns worth = {0};
    bool spend_known = false;
    PTN_TRY(read_spend(past->store, &spend, &spend_known, problem));
    PTN_TRY(read_worth(past->store, states, &worth, problem));
    for (unsigned t = 0; t < report->track_count; t++) {
        report->forecasts[t] = fitted_of(report, &report->tracks[t]);
        if (!report->forecasts[t])
            continue; /* nothing fits: no forecast, and models says so */
        ptn_progress_tell(progress, report->forecasts[t]->candidate->name,
                          past->config->horizon_count + report->candidate_count + t, parts(past->config, report));
        report->tracks[t].chosen = (int)(report->forecasts[t] - report->fitted);
        ptn_fitted fitted = *report->forecasts[t];
        ptn_fitted_set_quiet(&fitted, report->tracks[t].quiet[report->tracks[t].chosen]);
        PTN_TRY(ptn_state_scores_write(past->store, past->config, &fitted, &report->tracks[t].world,
                                       spend_known ? &spend : NULL, past->end, report->tracks[t].horizon_days, states,
                                       &report->totals[t], problem));
    }
    for (unsigned t = 0; t < report->track_count; t++)
        if (report->forecasts[t])
            PTN_TRY(draw_curve(past, report, t, states, worth.at[0], problem));

done:
    ptn_columns_free(&worth);
    return status;
}

patron_status ptn_forecast(const ptn_project *project, ptn_store *store, const ptn_progress *progress, ptn_forecast_report *report,
                           ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_columns states = {0}, days = {0};
    ptn_past past = {.store = store, .config = &project->config, .days = &days};
    *report = (ptn_forecast_report){0};
    PTN_TRY(ptn_stage_run(store, "forecast", problem)); /* empty tables, spend */
    PTN_TRY(ptn_candidates(&project->config, report->candidates, &report->candidate_count, problem));
    PTN_TRY(ptn_store_columns(store, "SELECT frequency::DOUBLE, recency_days::DOUBLE, age_days::DOUBLE, customers::DOUBLE FROM states"
                                     " ORDER BY ALL", &states, problem));
    report->states = (int64_t)states.n;
    for (size_t i = 0; i < states.n; i++)
        report->buyers += (int64_t)states.at[3][i];
    if (states.n == 0)
        goto done;
    PTN_TRY(ptn_store_int(store, "SELECT (getvariable('as_of') - DATE '1970-01-01')::BIGINT", &past.end, problem));
    PTN_TRY(ptn_store_int(store, "SELECT (min(first_day) - DATE '1970-01-01')::BIGINT FROM history.buyers", &past.first_day, problem));
    PTN_TRY(ptn_season_days(store, past.end, &days, problem));
    past.candidates = report->candidates;
    past.candidate_count = report->candidate_count;
    past.buyers = report->buyers;
    report->tracks = calloc(project->config.horizon_count, sizeof *report->tracks);
    report->fitted = calloc(PTN_CANDIDATES_MAX, sizeof *report->fitted);
    if (!report->tracks || !report->fitted) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(run_tracks(&past, &project->config, progress, report, problem));
    PTN_TRY(fit_all(&past, &states, progress, report, problem));
    PTN_TRY(score_all(&past, &states, progress, report, problem));
    PTN_TRY(ptn_write_models(store, report, problem));
    PTN_TRY(ptn_write_model_scores(store, report, problem));
    PTN_TRY(ptn_write_horizons(store, report, problem));

done:
    ptn_columns_free(&states);
    ptn_columns_free(&days);
    if (status != PATRON_OK)
        ptn_forecast_report_free(report);
    return status;
}

void ptn_forecast_report_free(ptn_forecast_report *report)
{
    free(report->tracks);
    free(report->fitted);
    *report = (ptn_forecast_report){0};
}
