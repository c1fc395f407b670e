#ifndef PATRON_CHECK_ALL_H
#define PATRON_CHECK_ALL_H

/* What `patron check` says of each day a forecast was tried on: in a few lines, and with --all in full. */

#include <jansson.h>

#include "check_trials.h"

/* A line a horizon: how far totals were missed, the earliest day first. */
void check_print_drift(const ptn_check_trials *trials);

/* Every candidate with every measure, tenths, and every day. */
void check_print_all(const ptn_check_trials *trials);

json_t *check_trials_json(const ptn_check_trials *trials); /* every candidate on every day */
json_t *check_drift_json(const ptn_check_trials *trials);  /* what forecasts now, on every day */

#endif
