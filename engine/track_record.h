#ifndef PTN_TRACK_RECORD_H
#define PTN_TRACK_RECORD_H

/* Choosing a model and proving it are two steps. For each horizon: candidates are fitted at earlier days (origins) and scored
 * on what came after, but never on the last stretch before the end; the best is then tried on that last stretch, untouched
 * until then, and this is its printed track record. */

#include "patron/forecast.h"
#include "patron/season.h"
#include "patron/track_record.h"
#include "project.h"
#include "store_columns.h"

enum { PTN_CANDIDATES_MAX = 16, PTN_ORIGINS_MAX = 8 };

/* A model, with or without the season's clock. */
typedef struct ptn_candidate {
    const patron_model *model; /* NULL: the rule "same rate as before", which always stands in the table */
    bool season;
    char name[48]; /* bg_nbd, bg_nbd+season, same_rate */
} ptn_candidate;

/* A fitted candidate: what scoring needs. */
typedef struct ptn_fitted {
    const ptn_candidate *candidate;
    patron_fit fit;
    patron_season season; /* flat unless the candidate has one */
} ptn_fitted;

typedef struct ptn_trial {
    bool done; /* false: it could not be fitted here, or had too little history for a season */
    ptn_fitted fitted;
    patron_judgement judgement;
} ptn_trial;

/* A day in the past, and every candidate tried there. */
typedef struct ptn_origin {
    int64_t day; /* days since 1970-01-01 */
    int horizon_days;
    bool last; /* the untouched one */
    ptn_trial trials[PTN_CANDIDATES_MAX];
} ptn_origin;

typedef struct ptn_track {
    int horizon_days;
    ptn_origin origins[PTN_ORIGINS_MAX];
    unsigned origin_count;
    int chosen;               /* index of the candidate; -1: nothing could be tried, the first that fits is taken */
    int choice_horizon_days;  /* shorter than the horizon when the history is too short to choose at it */
    patron_world world;       /* of all origins with this horizon */
} ptn_track;

/* The candidates that patron.yaml allows, same_rate last. */
unsigned ptn_candidates(const ptn_config *config, ptn_candidate *out, ptn_problem *problem);

/* Fits a candidate to everything known on `day`. states: frequency, recency, age, ..., customers last. */
patron_status ptn_candidate_fit(ptn_store *store, const ptn_candidate *candidate, int64_t day, const ptn_columns *states,
                                patron_prior prior, ptn_fitted *out, ptn_problem *problem);

/* The states of a fitted candidate by its own clock: *states borrows from `columns` and from `clock`, two arrays of
 * columns->n doubles; *horizon is the horizon by that clock. */
patron_status ptn_fitted_clock(const ptn_fitted *fitted, int64_t day, const ptn_columns *columns, double *const clock[2],
                               int horizon_days, patron_states *states, double *horizon, ptn_problem *problem);

/* Chooses and proves at one horizon. Reads history.purchase_days; first_day and end are days since 1970-01-01. */
patron_status ptn_track_run(ptn_store *store, const ptn_config *config, const ptn_candidate *candidates, unsigned candidate_count,
                            int64_t first_day, int64_t end, int horizon_days, ptn_track *out, ptn_problem *problem);

#endif
