#ifndef PTN_VECTORS_H
#define PTN_VECTORS_H

/* Reading and writing DuckDB's vectors: values beside a mask of which are not NULL. What reaches us is flat, children of
 * STRUCTs and LISTs too. A NULL has any value: look at the mask first. */

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

/* A NULL STRUCT is NULL in each child too, or its fields would still read as numbers. */
static inline void ptn_set_null_struct(duckdb_vector vector, idx_t row, idx_t children)
{
    ptn_set_null(vector, row);
    for (idx_t c = 0; c < children; c++)
        ptn_set_null(duckdb_struct_vector_get_child(vector, c), row);
}

typedef struct ptn_doubles {
    const double *value;
    const uint64_t *valid;
} ptn_doubles;

static inline ptn_doubles ptn_doubles_of(duckdb_vector vector)
{
    return (ptn_doubles){duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
}

typedef struct ptn_words {
    const duckdb_string_t *word; /* NULL: there is no such column */
    const uint64_t *valid;
} ptn_words;

static inline ptn_words ptn_words_of(duckdb_vector vector)
{
    return (ptn_words){duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
}

/* Columns from .. from + n - 1 of a chunk. */
static inline void ptn_doubles_of_chunk(duckdb_data_chunk chunk, idx_t from, idx_t n, ptn_doubles *out)
{
    for (idx_t c = 0; c < n; c++)
        out[c] = ptn_doubles_of(duckdb_data_chunk_get_vector(chunk, from + c));
}

static inline bool ptn_any_null(const ptn_doubles *columns, idx_t n, idx_t row)
{
    bool null = false;
    for (idx_t c = 0; c < n; c++)
        null |= ptn_is_null(columns[c].valid, row);
    return null;
}

static inline void ptn_put_double(duckdb_vector vector, idx_t row, double value)
{
    ((double *)duckdb_vector_get_data(vector))[row] = value;
}

static inline void ptn_put_whole(duckdb_vector vector, idx_t row, int64_t value)
{
    ((int64_t *)duckdb_vector_get_data(vector))[row] = value;
}

#endif
