#ifndef PTN_DRAFT_RETURNS_H
#define PTN_DRAFT_RETURNS_H

/* What tells returns from sales, beside the sign of the amount. amount: SQL over looked_from. */

#include "draft.h"
#include "text.h"

/* A column of few words, one of which says that money went back; yes and no do, under a name that says refund. Where such rows
 * are above 0, *found is true and `condition` is the SQL that is true of them. Notes a guess, and rows that are called off. */
patron_status ptn_draft_look_for_flag(ptn_draft *draft, ptn_draft_table *table, const char *amount, ptn_text *condition, bool *found,
                                      ptn_problem *problem);

/* Do the rows below 0 have orders that begin with letters of their own, as credit notes do? Fills borne_out. */
patron_status ptn_draft_look_for_prefix(ptn_draft *draft, ptn_draft_table *table, int order, const char *amount, ptn_problem *problem);

#endif
