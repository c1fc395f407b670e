#ifndef PTN_START_H
#define PTN_START_H

/* How a build begins: not at all when nothing has changed; where a killed one stopped; on a copy of the last store when
 * only files have changed; from nothing otherwise. */

#include "project.h"
#include "publish.h"
#include "room.h"
#include "store.h"

typedef enum ptn_start_kind {
    PTN_START_NOTHING, /* the published store is current; no store is opened */
    PTN_START_RESUME,
    PTN_START_CARRY,
    PTN_START_AGAIN, /* on a copy likewise, though nothing has changed */
    PTN_START_FRESH
} ptn_start_kind;

/* again: build also when nothing has changed. run_id: the one chosen for this build; a resumed build goes on under its own, which is written there. The store is open on
 * building.duckdb, with patron.yaml's databases attached, `inputs` noted and record.target written. room: what it will
 * need of the disk; E403, before anything is written, where there is surely too little. */
patron_status ptn_start(const ptn_project *project, const ptn_publication *publication, const char *as_of, bool full, bool again,
                        char *run_id, ptn_room *room,
                        ptn_start_kind *kind, ptn_store **store, ptn_problem *problem);

/* Was this stage finished by the build that is resumed? And: it is finished now (in the transaction of the stage). */
patron_status ptn_stage_done(ptn_store *store, const char *stage, bool *done, ptn_problem *problem);
patron_status ptn_stage_finish(ptn_store *store, const char *stage, ptn_problem *problem);

#endif
