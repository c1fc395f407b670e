#ifndef PTN_PUBLISHED_H
#define PTN_PUBLISHED_H

/* The tables of the last build, open for reading: what most verbs begin with. */

#include "project.h"
#include "store.h"

typedef struct ptn_published {
    ptn_project project; /* as ptn_project_find knows it */
    char *path;          /* of the store's file, which no later build changes */
    ptn_store *store;
} ptn_published;

/* dir: as for ptn_project_find. E501 when nothing was built yet. Close it also when it could not be opened: the project's locale and
 * currency may be known by then. */
patron_status ptn_published_open(const char *dir, ptn_published *out, ptn_problem *problem);
void ptn_published_close(ptn_published *published); /* a zeroed one is fine */

/* The tables of one store's file, open for reading. */
patron_status ptn_published_store(const char *path, ptn_store **out, ptn_problem *problem);

/* The run whose store a file is: c7f3 of store-c7f3.duckdb; empty when it is none. */
void ptn_published_run(const char *path, char run_id[24]);

#endif
