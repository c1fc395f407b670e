#include "forecast.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patron/spend.h"
#include "scorecards.h"
#include "steps.h"
#include "text.h"

static const double chance = 0.8; /* of every interval */

static patron_status core_problem(ptn_problem *problem, patron_status status, const patron_error *err)
{
    return ptn_problem_set(problem, status, "E601", "%s", err->message);
}

static patron_status out_of_memory(ptn_problem *problem)
{
    return ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
}

/* ---- horizons and the calendar ---- */

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

/* ---- scores of states ---- */

/* The columns of forecast.state_scores. */
enum { FREQUENCY, RECENCY, AGE, HORIZON, P_ALIVE, P_BUYS, PURCHASES, LOW, HIGH, DISCOUNTED, RESIDUAL, MONEY_LOW, MONEY_HIGH, SCORE_COLUMNS };

/* How much a unit of money `days` ahead is worth today. */
static double discount_factor(const ptn_config *config, double days)
{
    double log_factor = 0, from = 0;
    for (unsigned i = 0; i < config->discount_count; i++) {
        const ptn_discount *stretch = &config->discount_curve[i];
        const double until = stretch->has_until ? stretch->until.days + stretch->until.months * 30.4375 : INFINITY;
        const double to = fmin(days, until);
        if (to > from)
            log_factor -= (to - from) * log1p(stretch->rate) / 365.25;
        from = fmax(from, to);
    }
    if (config->discount_count == 0)
        log_factor = -days * log1p(config->discount_rate) / 365.25;
    return exp(log_factor);
}

/* Far ahead: the force of discount of the last stretch, a day. */
static double last_force(const ptn_config *config)
{
    const double rate = config->discount_count ? config->discount_curve[config->discount_count - 1].rate : config->discount_rate;
    return log1p(rate) / 365.25;
}

/* Purchases within the horizon, each discounted to as_of: the integral of D dE over (0, h), by parts
 * D(h) E(h) - the integral of D' E, with five Gauss points, since E is smooth. */
static patron_status add_discounted(const ptn_config *config, const ptn_fitted *fitted, int64_t day, const patron_states *states,
                                    int days, double *scratch, double *const *out, ptn_problem *problem)
{
    static const double node[5] = {0.046910077030668, 0.230765344947158, 0.5, 0.769234655052842, 0.953089922969332};
    static const double weight[5] = {0.118463442528095, 0.239314335249683, 0.284444444444444, 0.239314335249683, 0.118463442528095};
    patron_error err = {0};
    const double at_end = discount_factor(config, days);
    for (size_t i = 0; i < states->n; i++)
        out[DISCOUNTED][i] = at_end * out[PURCHASES][i];
    for (int k = 0; k < 5; k++) {
        const double ahead = node[k] * days, h = 0.01;
        const double slope = (discount_factor(config, ahead - h) - discount_factor(config, ahead + h)) / (2 * h);
        const double horizon = fitted->candidate->season
                                   ? patron_season_between(&fitted->season, (double)day, (double)day + ahead)
                                   : ahead;
        patron_scores scores = {.purchases = scratch};
        const patron_status status = patron_model_score(fitted->candidate->model, fitted->fit.parameters, states,
                                                        &(patron_score_options){.horizon = horizon}, &scores, &err);
        if (status != PATRON_OK)
            return core_problem(problem, status, &err);
        for (size_t i = 0; i < states->n; i++)
            out[DISCOUNTED][i] += weight[k] * days * slope * scratch[i];
    }
    return PATRON_OK;
}

/* What the parameters' uncertainty does to the total: one step of a standard deviation along each, by the covariance. */
static patron_status parameter_deviation(const ptn_fitted *fitted, const patron_states *states, double horizon, double total,
                                         double *scratch, double *deviation, ptn_problem *problem)
{
    const unsigned p = patron_model_describe(fitted->candidate->model)->parameter_count;
    double slope[PATRON_PARAMETERS_MAX] = {0}, variance = 0;
    patron_error err = {0};
    for (unsigned k = 0; k < p; k++) {
        const double sd = sqrt(fitted->fit.covariance[k * p + k]);
        double moved[PATRON_PARAMETERS_MAX];
        if (!(sd > 0) || !isfinite(sd))
            continue;
        const double step = fmin(0.1, sd / 10);
        memcpy(moved, fitted->fit.parameters, sizeof moved);
        moved[k] *= exp(step);
        patron_scores scores = {.purchases = scratch};
        const patron_status status = patron_model_score(fitted->candidate->model, moved, states,
                                                        &(patron_score_options){.horizon = horizon}, &scores, &err);
        if (status != PATRON_OK)
            return core_problem(problem, status, &err);
        double sum = 0;
        for (size_t i = 0; i < states->n; i++)
            sum += states->weight[i] * scratch[i];
        slope[k] = (sum - total) / step;
    }
    for (unsigned k = 0; k < p; k++)
        for (unsigned j = 0; j < p; j++)
            variance += slope[k] * slope[j] * fitted->fit.covariance[k * p + j];
    *deviation = sqrt(fmax(0, variance));
    return PATRON_OK;
}

/* Every state at one horizon, appended to forecast.state_scores; and the total. */
static patron_status score_horizon(const ptn_project *project, ptn_store *store, const ptn_fitted *fitted, const ptn_track *track,
                                   const patron_gamma_gamma *spend, int64_t day, const ptn_columns *columns, ptn_total *total,
                                   ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    const size_t n = columns->n;
    double *block = malloc((SCORE_COLUMNS + 3) * n * sizeof *block), *out[SCORE_COLUMNS], *clock[2], horizon, luck = 0, unsure = 0;
    patron_states states;
    if (!block)
        return out_of_memory(problem);
    for (int c = 0; c < SCORE_COLUMNS; c++)
        out[c] = block + (size_t)c * n;
    clock[0] = block + SCORE_COLUMNS * n;
    clock[1] = clock[0] + n;
    double *scratch = clock[1] + n;
    PTN_TRY(ptn_fitted_clock(fitted, day, columns, clock, track->horizon_days, &states, &horizon, problem));
    const patron_score_options options = {.horizon = horizon, .discount = last_force(&project->config), .chance = chance};
    patron_scores scores = {.p_alive = out[P_ALIVE], .p_buys = out[P_BUYS], .purchases = out[PURCHASES], .residual = out[RESIDUAL],
                            .low = out[LOW], .high = out[HIGH]};
    status = patron_model_score(fitted->candidate->model, fitted->fit.parameters, &states, &options, &scores, &err);
    if (status == PATRON_OK && spend)
        status = patron_spend_interval(spend, fitted->candidate->model, fitted->fit.parameters, &states, 1, horizon, chance,
                                       out[MONEY_LOW], out[MONEY_HIGH], &err);
    if (status != PATRON_OK) {
        core_problem(problem, status, &err);
        goto done;
    }
    PTN_TRY(add_discounted(&project->config, fitted, day, &states, track->horizon_days, scratch, out, problem));
    *total = (ptn_total){0};
    for (size_t i = 0; i < n; i++) {
        out[FREQUENCY][i] = columns->at[0][i];
        out[RECENCY][i] = columns->at[1][i];
        out[AGE][i] = columns->at[2][i];
        out[HORIZON][i] = track->horizon_days;
        if (!spend)
            out[MONEY_LOW][i] = out[MONEY_HIGH][i] = NAN;
        total->purchases += states.weight[i] * out[PURCHASES][i];
        /* luck: the spread of the count, read off its interval */
        const double sd = (out[HIGH][i] - out[LOW][i]) / 2.563;
        luck += states.weight[i] * fmax(sd * sd, out[PURCHASES][i]);
    }
    PTN_TRY(parameter_deviation(fitted, &states, horizon, total->purchases, scratch, &unsure, problem));
    total->deviation = sqrt(luck + unsure * unsure);
    if (total->purchases > 0) {
        status = patron_world_interval(&track->world, total->purchases, total->deviation, chance, &total->purchases_low,
                                       &total->purchases_high, &err);
        if (status != PATRON_OK) {
            core_problem(problem, status, &err);
            goto done;
        }
    }
    PTN_TRY(ptn_store_append(store, "forecast", "state_scores", SCORE_COLUMNS, n, (const double *const *)out, problem));

done:
    free(block);
    return status;
}

/* ---- the stage ---- */

/* The candidate of a horizon; where the history was too short to choose, the first that fits at all. */
static const ptn_fitted *fitted_of(const ptn_forecast_report *report, const ptn_track *track)
{
    if (track->chosen >= 0 && report->fitted[track->chosen].fit.status != PATRON_FIT_FAILED)
        return &report->fitted[track->chosen];
    for (unsigned c = 0; c < report->candidate_count; c++)
        if (report->candidates[c].model && !report->candidates[c].season && report->fitted[c].fit.status != PATRON_FIT_FAILED)
            return &report->fitted[c];
    return NULL;
}

/* Every candidate on everything known at as_of. Those with a season only where one was chosen: they cost more. */
static patron_status fit_all(const ptn_project *project, ptn_store *store, int64_t day, int64_t first_day, const ptn_columns *states,
                             ptn_forecast_report *report, ptn_problem *problem)
{
    const patron_prior prior = project->config.prior == PTN_PRIOR_NONE ? PATRON_PRIOR_NONE : PATRON_PRIOR_WEAK;
    patron_status status = PATRON_OK;
    for (unsigned c = 0; c < report->candidate_count; c++) {
        bool needed = !report->candidates[c].season && report->candidates[c].model;
        ptn_problem ignored = {0};
        for (unsigned t = 0; t < report->track_count; t++)
            needed |= report->tracks[t].chosen == (int)c;
        report->fitted[c] = (ptn_fitted){.candidate = &report->candidates[c]};
        if (!needed || (report->candidates[c].season && day - first_day < 60))
            continue;
        status = ptn_candidate_fit(store, &report->candidates[c], day, states, prior, &report->fitted[c], &ignored);
        if (status != PATRON_OK && status != PATRON_ENUMERIC && status != PATRON_EDATA) {
            *problem = ignored;
            return status;
        }
    }
    return PATRON_OK;
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

patron_status ptn_forecast(const ptn_project *project, ptn_store *store, ptn_forecast_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_columns states = {0};
    patron_gamma_gamma spend;
    bool spend_known = false;
    int64_t day = 0, first_day = 0;
    *report = (ptn_forecast_report){0};
    PTN_TRY(ptn_stage_run(store, "forecast", problem)); /* empty tables, spend */
    PTN_TRY(ptn_store_columns(store, "SELECT frequency::DOUBLE, recency_days::DOUBLE, age_days::DOUBLE, customers::DOUBLE FROM states"
                                     " ORDER BY ALL", &states, problem));
    report->states = (int64_t)states.n;
    for (size_t i = 0; i < states.n; i++)
        report->buyers += (int64_t)states.at[3][i];
    report->candidate_count = ptn_candidates(&project->config, report->candidates, problem);
    if (report->candidate_count == 0) {
        status = PATRON_EDATA;
        goto done;
    }
    if (states.n == 0)
        goto done;
    PTN_TRY(ptn_store_int(store, "SELECT (getvariable('as_of') - DATE '1970-01-01')::BIGINT", &day, problem));
    PTN_TRY(ptn_store_int(store, "SELECT (min(first_day) - DATE '1970-01-01')::BIGINT FROM history.buyers", &first_day, problem));
    report->tracks = calloc(project->config.horizon_count, sizeof *report->tracks);
    report->fitted = calloc(PTN_CANDIDATES_MAX, sizeof *report->fitted);
    if (!report->tracks || !report->fitted) {
        status = out_of_memory(problem);
        goto done;
    }
    for (unsigned h = 0; h < project->config.horizon_count; h++) {
        int days = 0;
        PTN_TRY(horizon_days(store, &project->config.horizons[h], &days, problem));
        PTN_TRY(ptn_track_run(store, &project->config, report->candidates, report->candidate_count, first_day, day, days,
                              &report->tracks[h], problem));
        report->track_count++;
        report->origins += report->tracks[h].origin_count;
    }
    PTN_TRY(fit_all(project, store, day, first_day, &states, report, problem));
    PTN_TRY(read_spend(store, &spend, &spend_known, problem));
    for (unsigned t = 0; t < report->track_count; t++) {
        const ptn_fitted *fitted = fitted_of(report, &report->tracks[t]);
        if (!fitted)
            continue; /* nothing fits: no forecast, and models says so */
        report->tracks[t].chosen = (int)(fitted - report->fitted);
        PTN_TRY(score_horizon(project, store, fitted, &report->tracks[t], spend_known ? &spend : NULL, day, &states,
                              &report->totals[t], problem));
    }
    PTN_TRY(ptn_write_models(store, report, problem));
    PTN_TRY(ptn_write_model_scores(store, report, problem));

done:
    ptn_columns_free(&states);
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
