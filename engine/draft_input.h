#ifndef PTN_DRAFT_INPUT_H
#define PTN_DRAFT_INPUT_H

/* From files to tables: they are told apart by their bytes, and put together when they have the same columns. */

#include "draft.h"

/* Fills tables, and the database when one was given; opens what can be opened. E520 names what cannot be used. */
patron_status ptn_draft_inputs(const ptn_draft_options *options, ptn_draft *draft, ptn_problem *problem);

/* The columns of a table, by name and type. */
patron_status ptn_draft_describe(ptn_store *store, ptn_draft_table *table, ptn_problem *problem);

#endif
