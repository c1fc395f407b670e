#include "trials.h"

#include <stdlib.h>

patron_prior ptn_prior_of(const ptn_config *config)
{
    return config->prior == PTN_PRIOR_NONE ? PATRON_PRIOR_NONE : PATRON_PRIOR_WEAK;
}

/* A fitted candidate by its own clock, ready to be judged; owns `clock`. */
typedef struct prepared {
    bool fits;
    double *clock;
    patron_outcomes outcomes;
    double horizon;
} prepared;

/* What cannot be done here is no fault; memory is. */
static patron_status pardon(patron_status status)
{
    return status == PATRON_ENUMERIC || status == PATRON_EDATA ? PATRON_OK : status;
}

static patron_status prepare(const ptn_past *past, const ptn_candidate *candidate, ptn_origin *origin, const ptn_columns *states,
                             ptn_trial *trial, prepared *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    out->clock = malloc((2 * states->n + 1) * sizeof *out->clock);
    if (!out->clock)
        return ptn_out_of_memory(problem);
    PTN_TRY(ptn_candidate_fit(candidate, origin->day, states, past->days, ptn_prior_of(past->config), &trial->fitted, problem));
    PTN_TRY(ptn_fitted_states(&trial->fitted, origin->day, states, out->clock, &out->outcomes.states, problem));
    out->outcomes.later = states->at[3];
    out->horizon = ptn_fitted_horizon(&trial->fitted, origin->day, origin->horizon_days);
    out->fits = true;

done:
    return pardon(status);
}

static patron_status learn_quiet(const ptn_candidate *candidate, const ptn_origin *origins, unsigned c, const prepared *ready,
                                 unsigned count, double *quiet, ptn_problem *problem)
{
    patron_error err = {0};
    unsigned n = 0;
    patron_trial *trials = calloc(count, sizeof *trials);
    if (!trials)
        return ptn_out_of_memory(problem);
    for (unsigned o = 0; o < count; o++)
        if (ready[o].fits)
            trials[n++] = (patron_trial){origins[o].trials[c].fitted.fit.parameters, ready[o].outcomes, ready[o].horizon};
    const patron_status status = n ? patron_quiet_learn(candidate->model, n, trials, quiet, &err) : PATRON_OK;
    free(trials);
    return status == PATRON_OK ? status : ptn_core_problem(problem, status, &err);
}

static patron_status judge(const ptn_candidate *candidate, const prepared *ready, ptn_trial *trial, ptn_problem *problem)
{
    patron_error err = {0};
    const patron_status status =
        candidate->model ? patron_judge(ptn_fitted_model(&trial->fitted), trial->fitted.fit.parameters, &ready->outcomes, ready->horizon,
                                        &trial->judgement, &err)
                         : patron_judge_same_rate(&ready->outcomes, ready->horizon, &trial->judgement, &err);
    trial->done = status == PATRON_OK;
    return status == PATRON_OK ? status : pardon(ptn_core_problem(problem, status, &err));
}

patron_status ptn_try_candidate(const ptn_past *past, unsigned c, ptn_origin *origins, const ptn_columns *states, unsigned count,
                                bool learn, double *quiet, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    const ptn_candidate *candidate = &past->candidates[c];
    prepared *ready = calloc(count + 1, sizeof *ready);
    if (!ready)
        return ptn_out_of_memory(problem);
    for (unsigned o = 0; o < count; o++)
        PTN_TRY(prepare(past, candidate, &origins[o], &states[o], &origins[o].trials[c], &ready[o], problem));
    if (candidate->model && learn)
        PTN_TRY(learn_quiet(candidate, origins, c, ready, count, quiet, problem));
    for (unsigned o = 0; o < count; o++) {
        if (!ready[o].fits)
            continue;
        if (candidate->model)
            ptn_fitted_set_quiet(&origins[o].trials[c].fitted, *quiet);
        PTN_TRY(judge(candidate, &ready[o], &origins[o].trials[c], problem));
    }

done:
    for (unsigned o = 0; o < count; o++)
        free(ready[o].clock);
    free(ready);
    return status;
}
