#ifndef PTN_HEADLINE_H
#define PTN_HEADLINE_H

/* What a store says in a few lines: what is coming, who brings it, and how far off such a forecast was before. */

#include "margins.h"
#include "store.h"

typedef struct ptn_headline {
    bool known; /* false: nobody has bought yet, or too little to say what comes, or what it is worth */
    int horizon_days;
    double purchases_low, purchases_high; /* where there is no value: of all, 8 in 10; NaN when they are not known either */
    double value, value_low, value_high; /* of the longest look ahead; 8 in 10 lie between */
    double before;                       /* what the last before_days brought; NaN when not known */
    int before_days;                     /* as many as horizon_days, or all there are when they are fewer */
    double best_fifth_expected, best_fifth_observed; /* shares, 0 to 1; NaN when not known */
    bool has_costs, margin_assumed;
    ptn_margins margins; /* of value, where the margin is assumed */
    int decimals;            /* of the currency of the values */
    char model[48];          /* what forecasts the longest look ahead, */
    double log_score;        /* its mean on the days it was chosen on; NaN: there were none */
    unsigned origins;        /* how many those were */
    double coverage;         /* how often 8 in 10 held when it was last tried; NaN when it was not */
    unsigned trial_count; /* untouched origins, the longest horizon first */
    struct {
        int horizon_days;
        double bias; /* forecast / came - 1, of purchases */
    } trial[2];
} ptn_headline;

patron_status ptn_headline_read(ptn_store *store, ptn_headline *out, ptn_problem *problem);

#endif
