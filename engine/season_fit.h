#ifndef PTN_SEASON_FIT_H
#define PTN_SEASON_FIT_H

/* The season up to a day, as a fitted model leaves it: what came each day beside what the model expected of the customers
 * won until then. */

#include "patron/forecast.h"
#include "patron/season.h"
#include "store_columns.h"

/* Corrects *season (flat at first) by the days up to `day`. parameters are those of the model by the clock of *season. */
patron_status ptn_season_correct(ptn_store *store, const patron_model *model, const double *parameters, int64_t day,
                                 patron_season *season, ptn_problem *problem);

#endif
