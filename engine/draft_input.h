#ifndef PTN_DRAFT_INPUT_H
#define PTN_DRAFT_INPUT_H

/* From what was given to tables: files are found, told apart by their bytes, and put together when they have the same
 * columns. */

#include "draft.h"

/* Fills tables, and the database when one was given; opens what can be opened. E520 names what cannot be used. */
patron_status ptn_draft_inputs(const ptn_draft_options *options, ptn_draft *draft, ptn_problem *problem);

/* The columns of a table, by name and type. */
patron_status ptn_draft_describe(ptn_store *store, ptn_draft_table *table, ptn_problem *problem);

/* There is no such file; with the nearest that there is. */
patron_status ptn_draft_no_file(const char *given, ptn_problem *problem);

#endif
