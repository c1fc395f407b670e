#ifndef PTN_FORECAST_H
#define PTN_FORECAST_H

/* forecast: for every horizon the models are tried in the past, one is chosen, fitted to all there is, and asked about every
 * state. */

#include "project.h"
#include "store_columns.h"
#include "track_record.h"

enum { PTN_TRACKS_MAX = PTN_HORIZONS_MAX };

/* The whole base at one horizon. */
typedef struct ptn_total {
    double purchases, purchases_low, purchases_high; /* 8 in 10 */
    double deviation;                                /* of purchases: luck and parameters */
} ptn_total;

typedef struct ptn_forecast_report {
    unsigned candidate_count, track_count;
    ptn_candidate candidates[PTN_CANDIDATES_MAX];
    ptn_track *tracks;  /* owned; one a horizon */
    ptn_fitted *fitted; /* owned; fitted to all: one a candidate */
    ptn_total totals[PTN_TRACKS_MAX];
    int64_t buyers, states, origins;
} ptn_forecast_report;

/* Reads history.*; writes forecast.state_scores, forecast.spend, models, model_scores. The variables as_of and run_id are
 * set. With nobody who has bought yet, buyers is 0 and the tables are empty. */
patron_status ptn_forecast(const ptn_project *project, ptn_store *store, ptn_forecast_report *report, ptn_problem *problem);
void ptn_forecast_report_free(ptn_forecast_report *report); /* a zeroed one is fine */

#endif
