#ifndef PTN_MACROS_H
#define PTN_MACROS_H

/* Friendly names over the SQL functions: macros that fit a model to a table and score its rows in one go, with defaults.
 * DuckDB lets an extension bring no macros, and a TEMP macro is seen by its own connection only, so each store that opens
 * makes them. They are written from the table of models, core/models.c; docs/sql-functions.md says what they give. */

#include "store.h"

patron_status ptn_macros_create(ptn_store *store, ptn_problem *problem);

#endif
