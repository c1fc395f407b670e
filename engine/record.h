#ifndef PTN_RECORD_H
#define PTN_RECORD_H

/* record: the user's SELECTs over files and databases become typed streams, one ledger of cash flows, and a quarantine. */

#include "progress.h"
#include "project.h"
#include "store.h"

typedef struct ptn_record_report {
    int64_t rows, sources, quarantined, set_aside;
    int64_t sources_read;                /* those of which anything was new */
    int64_t rows_read;                   /* in this build */
    int64_t no_customer;                 /* ledger rows that name nobody */
    int64_t repeats;                     /* rows that repeat another of the same file, kept */
    int64_t unpaired_returns, returns;   /* refunds without an earlier sale; refunds in all */
} ptn_record_report;

/* Reads every source of the project into schema record of an open store, and checks the quarantine limit.
 * The variables run_id, known_at, today, currency and duplicates are set. */
patron_status ptn_record(const ptn_project *project, ptn_store *store, const ptn_progress *progress, ptn_record_report *report,
                         ptn_problem *problem);

/* What the report counts, from a store that has been recorded. */
patron_status ptn_record_count(ptn_store *store, ptn_record_report *report, ptn_problem *problem);

#endif
