#ifndef PTN_DRAFT_LEDGER_H
#define PTN_DRAFT_LEDGER_H

/* Which column plays which part in a ledger.
 *
 * Evidence first: a moment is what parses as one; an amount is what quantity times price gives, or has cents and can be below
 * 0; an order is what has one day; a customer is what comes back on other days, and is neither an order nor one of a few
 * words. Names add to that, and decide between columns that do equally well. */

#include "draft.h"

/* Does the table have cash flows: a moment, an amount, and somebody whose they are? No guess is noted. */
bool ptn_draft_is_ledger(const ptn_draft_table *table);

/* Why it is not one, nor anything else: what it has of one, and what not. */
const char *ptn_draft_lacks(const ptn_draft_table *table, char *out, size_t size);

/* Fills guesses and parts. E521 when a part that is needed has no column, E522, E523. */
patron_status ptn_draft_ledger(ptn_draft *draft, ptn_draft_table *table, const ptn_draft_options *options, ptn_problem *problem);

/* ---- draft_moment.c: when ---- */

/* Which column it is, and how its days are read. E521, E522, E523. */
patron_status ptn_draft_choose_moment(ptn_draft *draft, ptn_draft_table *table, const ptn_draft_options *options, int *moment,
                                      ptn_problem *problem);
double ptn_draft_moment_score(const ptn_draft_table *table, unsigned column);
bool ptn_draft_is_moment(const ptn_draft_column *column); /* and not a number that may be one */

/* ---- draft_amount.c: what a row came to, and what is a return ---- */

/* Number columns may play no part twice: the moment and the customer are known by then. */
patron_status ptn_draft_amount(ptn_draft *draft, ptn_draft_table *table, const ptn_draft_options *options, int order, ptn_problem *problem);

#endif
