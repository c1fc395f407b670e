#ifndef PTN_SCORECARDS_H
#define PTN_SCORECARDS_H

/* What became of the candidates, as tables: models (model × parameter), model_scores (model × origin × horizon × metric),
 * forecast.horizons (horizon). */

#include "forecast.h"

patron_status ptn_write_models(ptn_store *store, const ptn_forecast_report *report, ptn_problem *problem);
patron_status ptn_write_model_scores(ptn_store *store, const ptn_forecast_report *report, ptn_problem *problem);

patron_status ptn_write_horizons(ptn_store *store, const ptn_forecast_report *report, ptn_problem *problem);

#endif
