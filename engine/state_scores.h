#ifndef PTN_STATE_SCORES_H
#define PTN_STATE_SCORES_H

/* A fitted candidate asked about every state at one horizon, and about all customers together. */

#include "candidates.h"
#include "patron/spend.h"

/* The whole base at one horizon. low to high holds 8 in 10: how far past totals missed, luck, and not knowing the parameters
 * are in it. */
typedef struct ptn_total {
    double purchases, purchases_low, purchases_high;
    double luck, unsure; /* standard deviations of purchases: by luck, and by not knowing the parameters */
} ptn_total;

/* Appends to forecast.state_scores. states: frequency, recency, age, customers, as of `day`. spend: NULL when not known. */
patron_status ptn_state_scores_write(ptn_store *store, const ptn_config *config, const ptn_fitted *fitted, const patron_world *world,
                                     const patron_gamma_gamma *spend, int64_t day, int horizon_days, const ptn_columns *states,
                                     ptn_total *total, ptn_problem *problem);

/* How far a total may be off, 8 in 10: the world's error is a share of it; that of luck and parameters, a normal deviation, is
 * added to it as independent errors are. A total of nearly nothing stays one. */
patron_status ptn_total_range(const patron_world *world, double total, double deviation, double *low, double *high,
                              ptn_problem *problem);

#endif
