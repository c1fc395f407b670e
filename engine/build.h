#ifndef PTN_BUILD_H
#define PTN_BUILD_H

/* A build: every stage in order into .patron/building.duckdb, then published in one step. */

#include "project.h"
#include "equations.h"
#include "forecast.h"
#include "headline.h"
#include "record.h"
#include "room.h"
#include "warnings.h"

typedef struct ptn_stage_report {
    const char *name;
    double seconds; /* wall time; while it runs, when it began */
    double cpu;     /* seconds of processor, all threads; likewise */
    bool finished;  /* false in the report of a build that failed there */
} ptn_stage_report;

/* The stages there are, in order; ends with NULL. */
extern const char *const ptn_stage_names[];

typedef struct ptn_build_report {
    char run_id[24], previous_run_id[24], as_of[16];
    /* Nothing to do: the published tables are those of previous_run_id, and so is all that is said of them here. */
    bool unchanged;
    bool resumed;   /* a killed build was carried on */
    ptn_room room;  /* on the disk, as it was before the build began; all 0 where there was nothing to do */
    ptn_stage_report stages[16];
    unsigned stage_count;
    ptn_record_report record;
    int64_t persons;
    int64_t purchase_days, buyers, states;
    ptn_forecast_report forecast;
    int64_t trials; /* past days on which forecasts were tried, over all horizons */
    struct {
        int days;
        char model[48]; /* empty: none could be fitted */
    } horizons[PTN_HORIZONS_MAX];
    unsigned horizon_count;
    int64_t tables; /* published */
    char example[64]; /* the key of the customer expected to bring the most; empty: nobody is forecast */
    ptn_headline headline;
    ptn_warnings warnings;
    ptn_money_line money[PTN_MONEY_LINES];
    unsigned money_count;
    double seconds, cpu;
    long peak_kib;
} ptn_build_report;

typedef struct ptn_build_options {
    bool full; /* forget nothing, read everything again */
    const char *from; /* a stage that runs again, and all after it, though nothing has changed; or NULL */
    const char *as_of; /* YYYY-MM-DD, or NULL for patron.yaml's or the last day of the ledger */
    /* Called when a stage begins and when it is done; what it counted is in the report by then. May be NULL. */
    void (*on_stage)(const ptn_build_report *report, const ptn_stage_report *stage, bool finished, void *context);
    void *context;
    ptn_progress progress; /* inside a stage */
} ptn_build_options;

patron_status ptn_build(const ptn_project *project, const ptn_build_options *options, ptn_build_report *report,
                        ptn_problem *problem);
void ptn_build_report_free(ptn_build_report *report); /* a zeroed one is fine */

#endif
