#ifndef PTN_CHECK_TRIALS_H
#define PTN_CHECK_TRIALS_H

/* Every candidate on every day it was tried on, with all that is measured: what the verdict of `check` rests on, and whether
 * forecasts get worse. */

#include <stddef.h>

#include "patron/track_record.h"
#include "store.h"

/* Named as in model_scores: ptn_metric_names. */
typedef enum ptn_metric {
    PTN_LOG_SCORE,
    PTN_CRPS,
    PTN_RMSE,
    PTN_MAE,
    PTN_BIAS,
    PTN_NGINI,
    PTN_ECE,
    PTN_PIT_SHARE,
    PTN_COVERAGE_80,
    PTN_COVERAGE_80_IMPLIED,
    PTN_REPEATERS_COVERAGE_80,
    PTN_REPEATERS_COVERAGE_80_IMPLIED,
    PTN_TOTAL_FORECAST,
    PTN_TOTAL_CAME,
    PTN_LUCK,
    PTN_BUYERS_FORECAST,
    PTN_BUYERS_CAME,
    PTN_CUSTOMERS,
    PTN_REPEATERS,
    PTN_MONEY_FORECAST,
    PTN_MONEY_CAME,
    PTN_MONEY_LUCK,
    PTN_QUIET,
    PTN_METRICS
} ptn_metric;
extern const char *const ptn_metric_names[PTN_METRICS];

typedef struct ptn_check_trial {
    int horizon_days;            /* the horizon that it was tried for */
    int days;                    /* how far it looked: less than that where the history was too short */
    char day[11], until[11];     /* the day it knew, and the last of what came */
    char model[48];              /* bg_nbd+season, same_rate */
    bool untouched;              /* on the day that no choice had seen */
    bool forecasts;              /* the one that forecasts this horizon now; without its season where there was none to see yet */
    double metric[PTN_METRICS];  /* NaN: not measured */
    patron_tenth tenth[PATRON_TENTHS];
    double total_low, total_high; /* 8 in 10 of all purchases, as wide as was known on that day; NaN but for what forecasts, untouched */
} ptn_check_trial;

typedef struct ptn_check_trials {
    ptn_check_trial *at; /* by horizon, day and model, same_rate last */
    size_t count;
} ptn_check_trials;

/* Reads a published store after ptn_check_read. */
patron_status ptn_check_trials_read(ptn_store *store, ptn_check_trials *out, ptn_problem *problem);
void ptn_check_trials_free(ptn_check_trials *trials);

/* The rule "same rate as before" on the same day; NULL: it was not tried. */
const ptn_check_trial *ptn_check_trial_rule(const ptn_check_trials *trials, const ptn_check_trial *of);

#endif
