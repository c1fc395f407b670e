#ifndef PTN_CANDIDATES_H
#define PTN_CANDIDATES_H

/* What may forecast: every model that patron.yaml allows, by the calendar or by the season's clock; and the rule "same rate
 * as before", which needs no model, is never chosen, and stands beside the others in every table. */

#include "config.h"
#include "patron/forecast.h"
#include "patron/season.h"
#include "patron/track_record.h"
#include "problem.h"
#include "store_columns.h"

enum {
    PTN_CANDIDATES_MAX = 32,
    PTN_SEASON_HISTORY = 365 /* days of history below which no season is tried */
};

typedef struct ptn_candidate {
    const patron_model *model; /* NULL: same_rate */
    bool season;
    char name[48]; /* bg_nbd, bg_nbd+season, same_rate */
} ptn_candidate;

/* A fitted candidate: what scoring needs. */
typedef struct ptn_fitted {
    const ptn_candidate *candidate;
    patron_fit fit;       /* its parameters are followed by `quiet` */
    patron_season season; /* flat unless the candidate has one */
    double quiet;         /* share of the leavers who have only gone quiet: learned from what came (patron_quiet_learn) */
} ptn_fitted;

/* All of them, same_rate last; *count is 0 when patron.yaml names a model that there is not. */
patron_status ptn_candidates(const ptn_config *config, ptn_candidate *out, unsigned *count, ptn_problem *problem);

/* The same model with a season; -1 when there is none. */
int ptn_candidate_with_season(const ptn_candidate *candidates, unsigned count, unsigned of);

/* Fits one to what was known on `day` (days since 1970-01-01). states: frequency, recency, age, ..., customers last. days: as
 * ptn_season_learn wants them. PATRON_EDATA or PATRON_ENUMERIC: it cannot be fitted to this. */
patron_status ptn_candidate_fit(const ptn_candidate *candidate, int64_t day, const ptn_columns *states, const ptn_columns *days,
                                patron_prior prior, ptn_fitted *out, ptn_problem *problem);

void ptn_fitted_set_quiet(ptn_fitted *fitted, double quiet);

/* The model to score with, at fit.parameters: it knows of the quiet ones. */
const patron_model *ptn_fitted_model(const ptn_fitted *fitted);

/* States by the candidate's own clock: *states borrows from `columns` and from `clock`, which has room for twice columns->n. */
patron_status ptn_fitted_states(const ptn_fitted *fitted, int64_t day, const ptn_columns *columns, double *clock,
                                patron_states *states, ptn_problem *problem);

/* `days` after `day`, by the same clock. */
double ptn_fitted_horizon(const ptn_fitted *fitted, int64_t day, double days);

/* A fault of the mathematics, passed on in its words. */
patron_status ptn_core_problem(ptn_problem *problem, patron_status status, const patron_error *err);

#endif
