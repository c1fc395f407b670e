#ifndef PTN_ATTACH_H
#define PTN_ATTACH_H

/* The databases that patron.yaml attaches for sources to read. Always read-only. */

#include "config.h"
#include "store.h"

/* dir: relative database files are found from there. E303 names the database, never its dsn. */
patron_status ptn_attach(ptn_store *store, const ptn_config *config, const char *dir, ptn_problem *problem);

#endif
