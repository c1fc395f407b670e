#ifndef PTN_CURVE_H
#define PTN_CURVE_H

/* What all customers together are expected to do by each day ahead, as a fitted candidate says. */

#include "candidates.h"

/* Sums from the day of the forecast to so many days later: [0] is 0. */
typedef struct ptn_curve {
    int days;
    double *purchases;
    double *worth;      /* of those purchases, in the unit of the worths given; NULL when none were */
    double *discounted; /* the same, each purchase discounted to the day of the forecast */
} ptn_curve;

/* states: frequency, recency, age, ..., customers last, in any order, as of `day`; worth: of a purchase of all customers in each,
 * summed, or NULL. Many states are put together with their neighbours first: the shape of the curve does not need each. */
patron_status ptn_curve_make(const ptn_fitted *fitted, const ptn_config *config, int64_t day, int days, const ptn_columns *states,
                             const double *worth, ptn_curve *out, ptn_problem *problem);
void ptn_curve_free(ptn_curve *curve); /* a zeroed one is fine */

/* Appends to forecast.curve. */
patron_status ptn_curve_write(ptn_store *store, const ptn_curve *curve, ptn_problem *problem);

#endif
