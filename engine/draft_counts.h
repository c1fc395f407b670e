#ifndef PTN_DRAFT_COUNTS_H
#define PTN_DRAFT_COUNTS_H

/* Every row through the drafted SELECT, bound as a build binds it. */

#include "draft.h"

patron_status ptn_draft_counts_fill(ptn_draft *draft, ptn_draft_table *table, ptn_problem *problem);

/* What settles or suggests the currency: a column, a sign, a name, a country. */
void ptn_draft_currency(ptn_draft *draft);

#endif
