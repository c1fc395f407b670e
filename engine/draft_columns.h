#ifndef PTN_DRAFT_COLUMNS_H
#define PTN_DRAFT_COLUMNS_H

/* The columns of a table: found by name, by an option or by a score, and written as SQL and as people write them. */

#include "draft.h"
#include "text.h"

/* The column of that name, in any case; -1. */
int ptn_draft_column_at(const ptn_draft_table *table, const char *name);
/* A name as SQL: quoted where it must be. */
void ptn_draft_add_name(const char *name, ptn_text *sql);
void ptn_draft_column_sql(const ptn_draft_table *table, unsigned column, ptn_text *sql);
char *ptn_draft_column_text(const ptn_draft_table *table, unsigned column); /* the caller frees */
/* As people read it: "Customer ID", Quantity. */
const char *ptn_draft_shown(const ptn_draft_column *column, char *out, size_t size);
/* Its numbers are whole ones, whatever its type. */
bool ptn_draft_is_whole(const ptn_draft_column *column);

/* The column an option names, -1 when it is not given or the table has none such; E523 when no table has it. */
patron_status ptn_draft_named(const ptn_draft *draft, const ptn_draft_table *table, const char *option, const char *given, int *at,
                              ptn_problem *problem);
/* The unused column with the highest score, -1 when none has 0. lead: how far the next one is behind; second: that one, or -1. */
int ptn_draft_best(const ptn_draft_table *table, double (*score)(const ptn_draft_table *, unsigned), double *lead, int *second);
/* E521: a part that is needed and that no column can play. */
patron_status ptn_draft_no_part(const ptn_draft_table *table, const char *part, const char *why, const char *option, ptn_problem *problem);

static inline double ptn_share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

#endif
