#ifndef PTN_STORE_COLUMNS_H
#define PTN_STORE_COLUMNS_H

/* Whole columns of numbers between the store and the mathematics. */

#include "store.h"

typedef struct ptn_columns {
    size_t n;
    unsigned count;
    double *at[16]; /* count columns of n */
} ptn_columns;

/* The result of a SELECT whose columns are all DOUBLE; NULL becomes NaN. */
patron_status ptn_store_columns(ptn_store *store, const char *sql, ptn_columns *out, ptn_problem *problem);
void ptn_columns_free(ptn_columns *columns); /* a zeroed one is fine */

/* Appends n rows to a table whose columns are all DOUBLE, in one go. */
patron_status ptn_store_append(ptn_store *store, const char *schema, const char *table, unsigned count, size_t n,
                               const double *const *columns, ptn_problem *problem);

#endif
