#ifndef PTN_DRAFT_SELECT_H
#define PTN_DRAFT_SELECT_H

/* The SELECT of a source, as an analyst would write it. */

#include "draft.h"

/* Names the source and writes table->sql from its parts. */
patron_status ptn_draft_select(const ptn_draft *draft, ptn_draft_table *table, ptn_problem *problem);

/* A name for a source or a project out of that of a file: letters a to z, digits and _. Empty when nothing is left of it. */
void ptn_draft_word(const char *from, char *out, size_t size);

#endif
