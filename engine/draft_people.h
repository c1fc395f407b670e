#ifndef PTN_DRAFT_PEOPLE_H
#define PTN_DRAFT_PEOPLE_H

/* Tables that are no ledger: records of people, and exchange rates. */

#include "draft.h"

/* How many columns say something of a person (a name, an address, an e-mail), when one names them; 0: not people. */
unsigned ptn_draft_people_columns(const ptn_draft_table *table);
bool ptn_draft_is_rates(const ptn_draft_table *table);

/* Fills guesses and parts. ledger: whose customers these records are about, or NULL. */
patron_status ptn_draft_people(ptn_draft *draft, ptn_draft_table *table, const ptn_draft_options *options, const ptn_draft_table *ledger,
                               ptn_problem *problem);
patron_status ptn_draft_rates(ptn_draft_table *table);

#endif
