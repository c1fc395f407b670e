#ifndef PTN_VECTORS_H
#define PTN_VECTORS_H

/* Reading and writing DuckDB's vectors: values beside a mask of which are not NULL. */

#include <stdbool.h>
#include <string.h>

#include "duck.h"

static inline bool ptn_is_null(const uint64_t *valid, idx_t row)
{
    return valid && !(valid[row / 64] >> row % 64 & 1);
}

static inline void ptn_set_null(duckdb_vector vector, idx_t row)
{
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

typedef struct ptn_doubles {
    const double *value;
    const uint64_t *valid;
} ptn_doubles;

static inline ptn_doubles ptn_doubles_of(duckdb_vector vector)
{
    return (ptn_doubles){duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
}

#endif
