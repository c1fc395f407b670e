#ifndef PTN_CHECK_LIMITS_H
#define PTN_CHECK_LIMITS_H

/* The limits of patron.yaml (`check`), beside what the untouched days found. A limit is held to the figure as it is printed: luck
 * is not taken off. */

#include "check_trials.h"
#include "config.h"

typedef enum ptn_limit_state { PTN_LIMIT_HELD, PTN_LIMIT_MISSED, PTN_LIMIT_NOT_TESTED } ptn_limit_state;

typedef enum ptn_limit_kind {
    PTN_LIMIT_PURCHASES, /* total_within */
    PTN_LIMIT_SALES,     /* total_within */
    PTN_LIMIT_BUYERS,
    PTN_LIMIT_RANGES, /* held_within */
    PTN_LIMIT_SCORE,  /* beats_same_rate */
    PTN_LIMIT_KINDS
} ptn_limit_kind;

typedef struct ptn_limit {
    ptn_limit_kind kind;
    int horizon_days;
    double set;   /* as patron.yaml says; beats_same_rate: 0 */
    double found; /* forecast / came - 1; what held less 0.8; log score less that of same rate. NaN: not tested */
    ptn_limit_state state;
} ptn_limit;

typedef struct ptn_limits_judged {
    ptn_limit *at;
    size_t count, missed;
} ptn_limits_judged;

const char *ptn_limit_key(ptn_limit_kind kind);  /* total_within */
const char *ptn_limit_about(ptn_limit_kind kind); /* "purchases in all" */

/* store: published, for its horizons and its as-of day. */
patron_status ptn_limits_judge(ptn_store *store, const ptn_config *config, const ptn_check_trials *trials, ptn_limits_judged *out,
                               ptn_problem *problem);
void ptn_limits_judged_free(ptn_limits_judged *limits);

#endif
