#ifndef PTN_TRIALS_H
#define PTN_TRIALS_H

/* A candidate on past days: fitted to what was known, judged by what came. */

#include "candidates.h"

typedef struct ptn_trial {
    bool done; /* false: it was not tried here, or could not be fitted */
    ptn_fitted fitted;
    patron_judgement judgement;
} ptn_trial;

/* A day in the past, and the candidates tried there. */
typedef struct ptn_origin {
    int64_t day; /* days since 1970-01-01 */
    int horizon_days;
    bool last; /* the untouched one */
    ptn_trial trials[PTN_CANDIDATES_MAX];
    double money_forecast, money_came; /* sales after returns, of the chosen candidate; NaN when not tried */
    double money_luck;                 /* standard deviation of the forecast by luck */
} ptn_origin;

/* What is known, and what may forecast it. */
typedef struct ptn_past {
    ptn_store *store; /* with history.purchase_days */
    const ptn_config *config;
    const ptn_candidate *candidates;
    unsigned candidate_count;
    const ptn_columns *days; /* ptn_season_days */
    int64_t first_day, end;  /* days since 1970-01-01 */
    int64_t buyers;          /* as of the end */
} ptn_past;

patron_prior ptn_prior_of(const ptn_config *config);

/* Tries candidate c on `count` origins, whose states (frequency, recency, age, later, customers) are given. learn: what came on
 * all of them tells which share of the leavers has only gone quiet, *quiet; else *quiet is known. An origin where it cannot be
 * fitted or scored stays not done; running out of memory is a fault. */
patron_status ptn_try_candidate(const ptn_past *past, unsigned c, ptn_origin *origins, const ptn_columns *states, unsigned count,
                                bool learn, double *quiet, ptn_problem *problem);

#endif
