#ifndef PTN_READ_SOURCE_H
#define PTN_READ_SOURCE_H

/* One source of the project into the store: only the files that are new or changed are read, and their rows replaced, all
 * in one transaction. */

#include "project.h"
#include "source_rows.h"
#include "store.h"

/* Every extra column that the sources of one stream have, sorted. */
typedef struct ptn_extras {
    char **names;
    unsigned count;
} ptn_extras;

/* bound: the source as it was bound first; whole: read all of it again, whatever its files say. *rows receives how
 * many rows were read, -1 when there was nothing to read. The temporary tables inputs and touched are there. */
patron_status ptn_source_read(ptn_store *store, const ptn_project *project, const ptn_bound_source *bound, const ptn_extras *extras,
                              bool whole, int64_t *rows, ptn_problem *problem);

#endif
