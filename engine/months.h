#ifndef PTN_MONTHS_H
#define PTN_MONTHS_H

/* The months to come: the value of every horizon, spread over its months.
 *
 * Horizons are forecast one by one, each by the model chosen for it, so a longer one does not contain a shorter. Here they are
 * joined: the months up to the first horizon share its value, as its curve says when it comes; those between it and the next share
 * the rest. Where a month ends with a horizon, the sum to date is the horizon's value and range. A horizon that would leave less than
 * nothing for the time after it is passed over. */

#include "store.h"

/* Writes forecast.months from forecast.horizons, forecast.curve and forecast. The variable as_of is set. */
patron_status ptn_months_write(ptn_store *store, ptn_problem *problem);

#endif
