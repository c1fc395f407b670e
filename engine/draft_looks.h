#ifndef PTN_DRAFT_LOOKS_H
#define PTN_DRAFT_LOOKS_H

/* What the columns of a table look like: counts over the whole, and how values are written in a sample. */

#include "draft.h"
#include "text.h"

/* Fills rows, sampled and the columns. Leaves the views looked_from (every column as text: c0, c1, ...) and looked_at (its
 * sample) for closer questions. */
patron_status ptn_draft_looks(ptn_store *store, ptn_draft_table *table, ptn_problem *problem);

/* About how many pairs of a value and a day there are, for columns of `which` (count of them). day: SQL over looked_from. */
patron_status ptn_draft_days(ptn_store *store, ptn_draft_table *table, const unsigned *which, unsigned count, const char *day,
                             ptn_problem *problem);

/* How a column writes numbers and moments (draft_forms.c). dates: dmy, mdy or NULL. */
void ptn_draft_forms(ptn_draft_table *table, const char *dates);

/* Again, for one column; said: it was named as the moment, so half of its values are enough. */
void ptn_draft_moment_set(ptn_draft_table *table, unsigned column, const char *dates, bool said);

/* The SQL that makes a number or a moment of a column: x is the column as SQL. For looking, nothing may fail. */
void ptn_draft_number_sql(const ptn_draft_column *column, const char *x, bool typed, ptn_text *sql);
void ptn_draft_moment_sql(const ptn_draft_column *column, const char *x, bool looking, ptn_text *sql);

bool ptn_draft_type_is_number(const char *type);

#endif
