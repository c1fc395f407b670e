#include "candidates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "season_fit.h"

patron_status ptn_core_problem(ptn_problem *problem, patron_status status, const patron_error *err)
{
    return ptn_problem_set(problem, status, "E601", "%s", err->message);
}

/* ---- which there are ---- */

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

static void add(ptn_candidate *out, unsigned *count, const patron_model *model, bool season)
{
    ptn_candidate *c = &out[(*count)++];
    *c = (ptn_candidate){.model = model, .season = season};
    snprintf(c->name, sizeof c->name, "%s%s", model ? patron_model_describe(model)->name : "same_rate", season ? "+season" : "");
}

/* Those without a season are there also where patron.yaml asks for one: until there is a year to see it in, they are all. */
patron_status ptn_candidates(const ptn_config *config, ptn_candidate *out, unsigned *count, ptn_problem *problem)
{
    const patron_model *model;
    *count = 0;
    if (check_names(config, problem) != PATRON_OK)
        return problem->status;
    for (unsigned i = 0; (model = patron_model_at(i)) && *count + 3 <= PTN_CANDIDATES_MAX; i++) {
        if (!wanted(config, patron_model_describe(model)->name))
            continue;
        add(out, count, model, false);
        if (config->season != PTN_SEASON_OFF)
            add(out, count, model, true);
    }
    add(out, count, NULL, false);
    return PATRON_OK;
}

int ptn_candidate_with_season(const ptn_candidate *candidates, unsigned count, unsigned of)
{
    for (unsigned c = 0; c < count; c++)
        if (candidates[c].season && candidates[c].model == candidates[of].model)
            return (int)c;
    return -1;
}

/* ---- fitting one ---- */

void ptn_fitted_set_quiet(ptn_fitted *fitted, double quiet)
{
    fitted->quiet = patron_model_quiet(fitted->candidate->model) ? quiet : 0;
    fitted->fit.parameters[patron_model_describe(fitted->candidate->model)->parameter_count] = quiet;
}

const patron_model *ptn_fitted_model(const ptn_fitted *fitted)
{
    return fitted->quiet > 0 ? patron_model_quiet(fitted->candidate->model) : fitted->candidate->model;
}

patron_status ptn_fitted_states(const ptn_fitted *fitted, int64_t day, const ptn_columns *columns, double *clock,
                                patron_states *states, ptn_problem *problem)
{
    patron_error err = {0};
    *states = (patron_states){.n = columns->n, .frequency = columns->at[0], .recency = columns->at[1], .age = columns->at[2],
                              .weight = columns->at[columns->count - 1]};
    if (!fitted->candidate->season)
        return PATRON_OK;
    const patron_status status = patron_season_clock(&fitted->season, (double)day, columns->n, columns->at[1], columns->at[2],
                                                     clock, clock + columns->n, &err);
    states->recency = clock;
    states->age = clock + columns->n;
    return status == PATRON_OK ? status : ptn_core_problem(problem, status, &err);
}

double ptn_fitted_horizon(const ptn_fitted *fitted, int64_t day, double days)
{
    return fitted->candidate->season ? patron_season_between(&fitted->season, (double)day, (double)day + days) : days;
}

/* First without a season; then what the days say beyond the model tells the season, and the model is fitted by its clock. */
patron_status ptn_candidate_fit(const ptn_candidate *candidate, int64_t day, const ptn_columns *states, const ptn_columns *days,
                                patron_prior prior, ptn_fitted *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    const patron_fit_options options = {.prior = prior};
    patron_states by_clock;
    double *clock = malloc((2 * states->n + 1) * sizeof *clock);
    *out = (ptn_fitted){.candidate = candidate};
    if (!clock)
        return ptn_out_of_memory(problem);
    for (int round = 0; candidate->model && round <= candidate->season; round++) {
        if (round > 0)
            PTN_TRY(ptn_season_learn(candidate->model, out->fit.parameters, day, days, &out->season, problem));
        PTN_TRY(ptn_fitted_states(out, day, states, clock, &by_clock, problem));
        status = patron_model_fit(candidate->model, &by_clock, &options, &out->fit, &err);
        if (status != PATRON_OK) {
            ptn_core_problem(problem, status, &err);
            goto done;
        }
    }

done:
    free(clock);
    return status;
}
