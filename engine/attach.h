#ifndef PTN_ATTACH_H
#define PTN_ATTACH_H

/* The databases that patron.yaml attaches for sources to read, and the last build. Always read-only. */

#include "config.h"
#include "store.h"

/* Nothing when they are attached already. dir: relative database files are found from there. E303 names the database, never its dsn. */
patron_status ptn_attach(ptn_store *store, const ptn_config *config, const char *dir, ptn_problem *problem);

/* A store's file, read-only, under that name. */
patron_status ptn_attach_store(ptn_store *store, const char *path, const char *name, ptn_problem *problem);

/* The last published store, when there is one (path may be NULL), as `patron_previous`. One that cannot be read stops a build, --full
 * too: E401 says what it alone knows. One that was moved away is none. */
patron_status ptn_attach_previous(ptn_store *store, const char *path, bool *attached, ptn_problem *problem);

/* What to say of a last build whose memory cannot be had, after the store has said why. `fix` is left when it is set. */
void ptn_previous_unread(ptn_problem *problem, const char *path);

#endif
