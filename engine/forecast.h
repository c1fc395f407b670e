#ifndef PTN_FORECAST_H
#define PTN_FORECAST_H

/* forecast: for every horizon the models are tried in the past, one is chosen, fitted to all there is, and asked about every
 * state. */

#include "progress.h"
#include "project.h"
#include "state_scores.h"
#include "track_record.h"

typedef struct ptn_forecast_report {
    unsigned candidate_count, track_count;
    ptn_candidate candidates[PTN_CANDIDATES_MAX];
    ptn_track *tracks;  /* owned; one a horizon */
    ptn_fitted *fitted; /* owned; fitted to all: one a candidate */
    const ptn_fitted *forecasts[PTN_HORIZONS_MAX]; /* of each track; NULL: nothing could be fitted, so nothing is forecast */
    ptn_total totals[PTN_HORIZONS_MAX];
    int64_t buyers, states, origins;
} ptn_forecast_report;

/* Reads history.*, ledger, returns; writes forecast.*, models, model_scores. The variables as_of and run_id are set. With
 * nobody who has bought yet, buyers is 0 and the tables are empty. */
patron_status ptn_forecast(const ptn_project *project, ptn_store *store, const ptn_progress *progress, ptn_forecast_report *report,
                           ptn_problem *problem);
void ptn_forecast_report_free(ptn_forecast_report *report); /* a zeroed one is fine */

#endif
