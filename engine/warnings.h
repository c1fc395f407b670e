#ifndef PTN_WARNINGS_H
#define PTN_WARNINGS_H

/* What someone should know before they use the tables of a run; docs/errors.md lists the codes. */

#include "store.h"

enum { PTN_WARNINGS_MAX = 32 };

typedef struct ptn_warning {
    char code[8];      /* W203 */
    char about[32];    /* duplicates */
    int64_t count;
    char message[256]; /* a sentence without its full stop */
    char next[160];    /* a command, or a line to add; may be empty */
} ptn_warning;

typedef struct ptn_warnings {
    ptn_warning at[PTN_WARNINGS_MAX];
    unsigned count;
} ptn_warnings;

/* Those of the run that made the store. */
patron_status ptn_warnings_read(ptn_store *store, ptn_warnings *out, ptn_problem *problem);

#endif
