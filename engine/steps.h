#ifndef PTN_STEPS_H
#define PTN_STEPS_H

/* Runs the pipeline's SQL. */

#include "store.h"

/* One step by its name, as in pipeline/1_record/30_ledger.sql: ptn_step_run(store, "record", "ledger", NULL, problem).
 * changed (may be NULL) receives how many rows it inserted or updated. */
patron_status ptn_step_run(ptn_store *store, const char *stage, const char *name, int64_t *changed,
                           ptn_problem *problem);

/* Every step of a stage, in order. */
patron_status ptn_stage_run(ptn_store *store, const char *stage, ptn_problem *problem);

#endif
