#ifndef PTN_SCAN_ORIGIN_H
#define PTN_SCAN_ORIGIN_H

/* The two things that a row is made to tell: where it came from, and what the file said. */

#include "scan_tree.h"

/* True when every row of the query now tells its origin, in its last columns patron_file and patron_row; on false the
 * tree is spoilt. */
bool ptn_scan_add_origin(ptn_survey *s, json_t *node);

/* Of a query whose rows tell their origin, before it was edited: no row depends on another, here or in another file. It does
 * in a join with a table, a subquery that is a value, a window, a LIMIT, a sample; aggregates and DISTINCT have no origin. */
bool ptn_scan_rows_stand_alone(const json_t *tree);

/* Adds a last column with the text that the column `name` is computed from; false, and no edit, when there is none. */
bool ptn_scan_add_companion(ptn_survey *s, json_t *node, const char *name, const char *companion);

#endif
