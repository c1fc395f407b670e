#ifndef PTN_DRAFT_SCAN_H
#define PTN_DRAFT_SCAN_H

/* What stands behind FROM. */

#include "draft.h"
#include "text.h"

/* For looking: every column of a CSV file as text, lines that cannot be split left out. */
void ptn_draft_scan_for_looking(const ptn_draft_table *table, ptn_text *sql);

/* For the source: as plain as it can be. from_folder: that of the project, from which file names start; NULL: they are absolute. */
void ptn_draft_scan_for_source(const ptn_draft_table *table, const char *from_folder, ptn_text *sql);

/* Are all options of a CSV file needed in the source? Then outspoken is set. */
patron_status ptn_draft_scan_settle(ptn_store *store, ptn_draft_table *table, ptn_problem *problem);

/* A path from a folder: ../orders.csv; absolute where more than two steps up are needed. */
void ptn_draft_add_path(const char *path, const char *from, ptn_text *out);

/* DuckDB must be told of lines longer than it expects. */
void ptn_draft_add_line_size(int64_t longest, ptn_text *sql);

#endif
