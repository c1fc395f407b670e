#ifndef PTN_DRAFT_DATABASE_H
#define PTN_DRAFT_DATABASE_H

/* A database that was given, by file or by address; opened as a build will open it, read-only. */

#include "draft.h"

/* True when `given` is a database, or an address that cannot be read; *status then says how that went. alone: nothing else
 * was given. */
bool ptn_draft_database(ptn_draft *draft, const char *given, bool alone, patron_status *status, ptn_problem *problem);

#endif
