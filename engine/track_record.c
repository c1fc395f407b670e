#include "track_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "season_fit.h"

enum {
    CHOICE_ORIGINS = 4,
    SHORTEST_HISTORY = 56,  /* days of history that an origin needs */
    SEASON_HISTORY = 365,   /* days below which a season is not tried */
    FEWEST_CUSTOMERS = 30,
    SEASON_PASSES = 2
};

static patron_status core_problem(ptn_problem *problem, patron_status status, const patron_error *err)
{
    return ptn_problem_set(problem, status, "E601", "%s", err->message);
}

/* ---- candidates ---- */

static bool wanted(const ptn_config *config, const char *name)
{
    for (unsigned i = 0; i < config->model_count; i++)
        if (strcmp(config->models[i].name, name) == 0)
            return true;
    return config->model_count == 0;
}

static patron_status check_names(const ptn_config *config, ptn_problem *problem)
{
    for (unsigned i = 0; i < config->model_count; i++) {
        if (patron_model_find(config->models[i].name))
            continue;
        const char *names[PTN_CANDIDATES_MAX];
        unsigned count = 0;
        for (const patron_model *m; count < PTN_CANDIDATES_MAX && (m = patron_model_at(count)); count++)
            names[count] = patron_model_describe(m)->name;
        const char *near = ptn_nearest(config->models[i].name, names, count);
        ptn_problem_set(problem, PATRON_EDATA, "E103", "no model \"%s\"", config->models[i].name);
        ptn_problem_where(problem, "patron.yaml:%d:%d", config->models[i].line, config->models[i].column);
        if (near)
            ptn_problem_fix(problem, "did you mean \"%s\"?", near);
        return PATRON_EDATA;
    }
    return PATRON_OK;
}

static unsigned add(ptn_candidate *out, unsigned count, const patron_model *model, bool season)
{
    if (count == PTN_CANDIDATES_MAX)
        return count;
    out[count] = (ptn_candidate){.model = model, .season = season};
    snprintf(out[count].name, sizeof out[count].name, "%s%s", model ? patron_model_describe(model)->name : "same_rate",
             season ? "+season" : "");
    return count + 1;
}

unsigned ptn_candidates(const ptn_config *config, ptn_candidate *out, ptn_problem *problem)
{
    unsigned count = 0;
    const patron_model *model;
    if (check_names(config, problem) != PATRON_OK)
        return 0;
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        if (!wanted(config, patron_model_describe(model)->name))
            continue;
        if (config->season != PTN_SEASON_ON)
            count = add(out, count, model, false);
        if (config->season != PTN_SEASON_OFF)
            count = add(out, count, model, true);
    }
    return add(out, count, NULL, false);
}

/* ---- fitting one ---- */

patron_status ptn_fitted_clock(const ptn_fitted *fitted, int64_t day, const ptn_columns *columns, double *const clock[2],
                               int horizon_days, patron_states *states, double *horizon, ptn_problem *problem)
{
    patron_error err = {0};
    *states = (patron_states){.n = columns->n, .frequency = columns->at[0], .recency = columns->at[1], .age = columns->at[2],
                              .weight = columns->at[columns->count - 1]};
    *horizon = horizon_days;
    if (!fitted->candidate->season)
        return PATRON_OK;
    const patron_status status = patron_season_clock(&fitted->season, (double)day, columns->n, columns->at[1], columns->at[2],
                                                     clock[0], clock[1], &err);
    if (status != PATRON_OK)
        return core_problem(problem, status, &err);
    states->recency = clock[0];
    states->age = clock[1];
    *horizon = patron_season_between(&fitted->season, (double)day, (double)day + horizon_days);
    return PATRON_OK;
}

/* First without a season; then what the days say beyond the model corrects the season, and the model is fitted by it. */
patron_status ptn_candidate_fit(ptn_store *store, const ptn_candidate *candidate, int64_t day, const ptn_columns *states,
                                patron_prior prior, ptn_fitted *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    const patron_fit_options options = {.prior = prior};
    double *clock[2] = {malloc((states->n + 1) * sizeof(double)), malloc((states->n + 1) * sizeof(double))};
    *out = (ptn_fitted){.candidate = candidate};
    if (!clock[0] || !clock[1]) {
        status = ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
        goto done;
    }
    for (int pass = 0; candidate->model && pass <= (candidate->season ? SEASON_PASSES : 0); pass++) {
        patron_states by_clock;
        double horizon;
        if (pass > 0)
            PTN_TRY(ptn_season_correct(store, candidate->model, out->fit.parameters, day, &out->season, problem));
        PTN_TRY(ptn_fitted_clock(out, day, states, clock, 1, &by_clock, &horizon, problem));
        status = patron_model_fit(candidate->model, &by_clock, &options, &out->fit, &err);
        if (status != PATRON_OK) {
            core_problem(problem, status, &err);
            goto done;
        }
    }

done:
    free(clock[0]);
    free(clock[1]);
    return status;
}

/* ---- origins ---- */

static patron_status try_candidate(ptn_store *store, const ptn_candidate *candidate, const ptn_origin *origin,
                                   const ptn_columns *states, patron_prior prior, ptn_trial *trial, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    patron_outcomes outcomes = {.later = states->at[3]};
    double horizon;
    double *clock[2] = {malloc((states->n + 1) * sizeof(double)), malloc((states->n + 1) * sizeof(double))};
    if (!clock[0] || !clock[1]) {
        status = ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
        goto done;
    }
    PTN_TRY(ptn_candidate_fit(store, candidate, origin->day, states, prior, &trial->fitted, problem));
    PTN_TRY(ptn_fitted_clock(&trial->fitted, origin->day, states, clock, origin->horizon_days, &outcomes.states, &horizon, problem));
    status = candidate->model
                 ? patron_judge(candidate->model, trial->fitted.fit.parameters, &outcomes, horizon, &trial->judgement, &err)
                 : patron_judge_same_rate(&outcomes, horizon, &trial->judgement, &err);
    if (status != PATRON_OK)
        core_problem(problem, status, &err);
    trial->done = status == PATRON_OK;

done:
    free(clock[0]);
    free(clock[1]);
    return status;
}

/* Every candidate at one day. One that cannot be fitted there is left out; running out of memory is a fault. */
static patron_status try_origin(ptn_store *store, const ptn_config *config, const ptn_candidate *candidates, unsigned count,
                                int64_t first_day, ptn_origin *origin, bool *used, ptn_problem *problem)
{
    char sql[120];
    ptn_columns states = {0};
    double customers = 0, came = 0;
    const patron_prior prior = config->prior == PTN_PRIOR_NONE ? PATRON_PRIOR_NONE : PATRON_PRIOR_WEAK;
    *used = false;
    snprintf(sql, sizeof sql, "SELECT * FROM states_at(%lld, %d)", (long long)origin->day, origin->horizon_days);
    patron_status status = ptn_store_columns(store, sql, &states, problem);
    for (size_t i = 0; status == PATRON_OK && i < states.n; i++) {
        customers += states.at[4][i];
        came += states.at[4][i] * states.at[3][i];
    }
    const bool enough = customers >= FEWEST_CUSTOMERS && came > 0;
    for (unsigned c = 0; status == PATRON_OK && enough && c < count; c++) {
        ptn_problem ignored = {0};
        if (candidates[c].season && origin->day - first_day < SEASON_HISTORY)
            continue;
        status = try_candidate(store, &candidates[c], origin, &states, prior, &origin->trials[c], &ignored);
        if (status == PATRON_ENUMERIC || status == PATRON_EDATA)
            status = PATRON_OK; /* this one has nothing to say here */
        if (status != PATRON_OK)
            *problem = ignored;
    }
    ptn_columns_free(&states);
    *used = status == PATRON_OK && enough;
    return status;
}

static patron_status add_origin(ptn_store *store, const ptn_config *config, const ptn_candidate *candidates, unsigned count,
                                int64_t first_day, int64_t day, int horizon_days, bool last, ptn_track *track, ptn_problem *problem)
{
    bool used = false;
    if (day - first_day < SHORTEST_HISTORY || track->origin_count == PTN_ORIGINS_MAX)
        return PATRON_OK;
    ptn_origin *origin = &track->origins[track->origin_count];
    *origin = (ptn_origin){.day = day, .horizon_days = horizon_days, .last = last};
    const patron_status status = try_origin(store, config, candidates, count, first_day, origin, &used, problem);
    track->origin_count += used;
    return status;
}

/* ---- choosing ---- */

/* Mean log score over the origins where both were tried, less that of `base`; -inf when there is none. */
static double advantage(const ptn_track *track, unsigned candidate, unsigned base)
{
    double sum = 0;
    unsigned n = 0;
    for (unsigned o = 0; o < track->origin_count; o++) {
        const ptn_trial *own = &track->origins[o].trials[candidate], *other = &track->origins[o].trials[base];
        if (track->origins[o].last || !own->done || !other->done)
            continue;
        sum += own->judgement.log_score - other->judgement.log_score;
        n++;
    }
    return n ? sum / n : -INFINITY;
}

/* The best without a season by held-out log score; then the best with one, if it beats that where both were tried. */
static int choose(const ptn_track *track, const ptn_candidate *candidates, unsigned count)
{
    const unsigned rule = count - 1; /* same_rate: never chosen, always comparable */
    int best = -1;
    for (int with_season = 0; with_season < 2; with_season++) {
        int own = -1;
        for (unsigned c = 0; c < rule; c++) {
            if (candidates[c].season != with_season || advantage(track, c, rule) == -INFINITY)
                continue;
            if (own < 0 || advantage(track, c, (unsigned)own) > 0)
                own = (int)c;
        }
        if (own >= 0 && (best < 0 || advantage(track, (unsigned)own, (unsigned)best) > 0))
            best = own;
    }
    return best;
}

static patron_status learn_world(ptn_track *track, ptn_problem *problem)
{
    double errors[PTN_ORIGINS_MAX];
    size_t n = 0;
    patron_error err = {0};
    for (unsigned o = 0; o < track->origin_count && track->chosen >= 0; o++) {
        const ptn_trial *trial = &track->origins[o].trials[track->chosen];
        if (track->origins[o].horizon_days == track->horizon_days && trial->done && trial->judgement.forecast > 0 &&
            trial->judgement.came > 0)
            errors[n++] = log(trial->judgement.came / trial->judgement.forecast);
    }
    const patron_status status = patron_world_learn(n, errors, &track->world, &err);
    return status == PATRON_OK ? status : core_problem(problem, status, &err);
}

patron_status ptn_track_run(ptn_store *store, const ptn_config *config, const ptn_candidate *candidates, unsigned candidate_count,
                            int64_t first_day, int64_t end, int horizon_days, ptn_track *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    const int64_t last = end - horizon_days;
    *out = (ptn_track){.horizon_days = horizon_days, .choice_horizon_days = horizon_days, .chosen = -1};
    for (int k = 0; k < CHOICE_ORIGINS; k++)
        PTN_TRY(add_origin(store, config, candidates, candidate_count, first_day, last - horizon_days - (int64_t)k * horizon_days / 2,
                           horizon_days, false, out, problem));
    if (out->origin_count == 0) { /* too short to choose at this horizon: at a third of what there is before the last origin */
        const int shorter = (int)((last - first_day) / 3);
        out->choice_horizon_days = shorter < horizon_days ? shorter : horizon_days;
        for (int k = 0; k < 2 && shorter >= 7; k++)
            PTN_TRY(add_origin(store, config, candidates, candidate_count, first_day, last - shorter - (int64_t)k * shorter / 2,
                               shorter, false, out, problem));
    }
    out->chosen = choose(out, candidates, candidate_count);
    PTN_TRY(add_origin(store, config, candidates, candidate_count, first_day, last, horizon_days, true, out, problem));
    PTN_TRY(learn_world(out, problem));

done:
    return status;
}
