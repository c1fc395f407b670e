#ifndef PTN_PUBLISH_H
#define PTN_PUBLISH_H

/* How a finished store takes the place of the last one: readers never see half a build, and never block. */

#include "project.h"

typedef struct ptn_publication {
    char *state_dir; /* .patron */
    char *building;  /* .patron/building.duckdb */
    char *temporary; /* .patron/tmp */
    char *previous;  /* the published store, or NULL when there is none yet */
    int lock;        /* file descriptor of .patron/lock, -1 when not held */
} ptn_publication;

/* Makes .patron, takes the lock (E502 when another build holds it), chooses a run id that no kept store has. What a killed
 * build left in building.duckdb is still there. run_id and previous_run_id hold 24 bytes. */
patron_status ptn_publication_begin(const ptn_project *project, ptn_publication *out, char *run_id, char *previous_run_id,
                                    ptn_problem *problem);

/* Throws away building.duckdb. */
void ptn_publication_discard(const ptn_publication *publication);

/* building.duckdb becomes a copy of the published store; a shared one where the disk can. E401. */
patron_status ptn_publication_copy(const ptn_publication *publication, ptn_problem *problem);

/* The closed building.duckdb becomes .patron/store-<run>.duckdb, read-only and on disk, and store.duckdb points to it;
 * of older stores the one before is kept. */
patron_status ptn_publish(ptn_publication *publication, const char *run_id, ptn_problem *problem);

void ptn_publication_end(ptn_publication *publication); /* releases the lock; a zeroed one is fine */

#endif
