#ifndef PTN_DRAFT_INPUT_H
#define PTN_DRAFT_INPUT_H

/* From what was given to tables: files are found, told apart by their bytes, and put together when they have the same
 * columns. */

#include "draft.h"
#include "text.h"

/* Fills tables, and the database when one was given; opens what can be opened. E520 names what cannot be used. */
patron_status ptn_draft_inputs(const ptn_draft_options *options, ptn_draft *draft, ptn_problem *problem);

/* What stands behind FROM: for looking (every column as text, bad lines left out) or, relative to the folder of the project,
 * for the source. */
void ptn_draft_scan_for_looking(const ptn_draft_table *table, ptn_text *sql);
/* Are all options of a CSV file needed in the source? Then outspoken is set. */
patron_status ptn_draft_scan_settle(ptn_store *store, ptn_draft_table *table, ptn_problem *problem);
void ptn_draft_scan_for_source(const ptn_draft_table *table, const char *from_folder, ptn_text *sql);

#endif
