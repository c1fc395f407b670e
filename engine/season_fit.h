#ifndef PTN_SEASON_FIT_H
#define PTN_SEASON_FIT_H

/* The season up to a day, as a model fitted without one leaves it: what came each day beside what the model expected of the
 * customers won until then. */

#include "patron/forecast.h"
#include "patron/season.h"
#include "store_columns.h"

/* Customers won and repeat purchases of every day from the first purchase to `until`: what ptn_season_learn reads. */
patron_status ptn_season_days(ptn_store *store, int64_t until, ptn_columns *out, ptn_problem *problem);

/* Learns the season from the days up to `day`. PATRON_EDATA: there is less than PTN_SEASON_HISTORY, or nobody came back. */
patron_status ptn_season_learn(const patron_model *model, const double *parameters, int64_t day, const ptn_columns *days,
                               patron_season *season, ptn_problem *problem);

#endif
