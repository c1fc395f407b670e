#ifndef PTN_SETTINGS_KEPT_H
#define PTN_SETTINGS_KEPT_H

/* What a run was told: readers of a store need not ask files that have changed since, and two runs can be told apart. Where a
 * database is, is not kept: it may be a secret. */

#include "project.h"
#include "store.h"

/* Fills share.settings. as_of: what the command asked for, or NULL. */
patron_status ptn_settings_keep(ptn_store *store, const ptn_project *project, const char *as_of, ptn_problem *problem);

#endif
