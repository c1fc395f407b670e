#include "store_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "duck.h"
#include "store_private.h"

static bool reserve(ptn_columns *out, size_t *room, size_t wanted)
{
    if (wanted <= *room)
        return true;
    size_t more = *room ? *room : 4096;
    while (more < wanted)
        more *= 2;
    for (unsigned c = 0; c < out->count; c++) {
        double *column = realloc(out->at[c], more * sizeof *column);
        if (!column)
            return false;
        out->at[c] = column;
    }
    *room = more;
    return true;
}

patron_status ptn_store_columns(ptn_store *store, const char *sql, ptn_columns *out, ptn_problem *problem)
{
    duckdb_result result;
    duckdb_data_chunk chunk = NULL;
    size_t room = 0;
    patron_status status = PATRON_OK;
    *out = (ptn_columns){0};
    PTN_TRY(ptn_store_result(store, sql, &result, problem));
    out->count = (unsigned)duckdb_column_count(&result);
    if (!reserve(out, &room, 1))
        status = ptn_out_of_memory(problem);
    while (status == PATRON_OK && (chunk = duckdb_fetch_chunk(result))) {
        const idx_t rows = duckdb_data_chunk_get_size(chunk);
        if (!reserve(out, &room, out->n + rows))
            status = ptn_out_of_memory(problem);
        for (unsigned c = 0; status == PATRON_OK && c < out->count; c++) {
            duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, c);
            uint64_t *valid = duckdb_vector_get_validity(vector);
            memcpy(out->at[c] + out->n, duckdb_vector_get_data(vector), rows * sizeof(double));
            for (idx_t i = 0; valid && i < rows; i++)
                if (!duckdb_validity_row_is_valid(valid, i))
                    out->at[c][out->n + i] = NAN;
        }
        out->n += rows;
        duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_destroy_result(&result);

done:
    if (status != PATRON_OK)
        ptn_columns_free(out);
    return status;
}

void ptn_columns_free(ptn_columns *columns)
{
    for (unsigned c = 0; c < columns->count; c++)
        free(columns->at[c]);
    *columns = (ptn_columns){0};
}

patron_status ptn_store_append(ptn_store *store, const char *schema, const char *table, unsigned count, size_t n,
                               const double *const *columns, ptn_problem *problem)
{
    duckdb_appender appender = NULL;
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE), types[16];
    for (unsigned c = 0; c < count; c++)
        types[c] = real;
    duckdb_data_chunk chunk = duckdb_create_data_chunk(types, count);
    const idx_t most = duckdb_vector_size();
    bool ok = duckdb_appender_create(ptn_store_connection(store), schema, table, &appender) == DuckDBSuccess;
    for (size_t at = 0; ok && at < n; at += most) {
        const idx_t rows = n - at < most ? n - at : most;
        duckdb_data_chunk_reset(chunk);
        for (unsigned c = 0; c < count; c++)
            memcpy(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, c)), columns[c] + at, rows * sizeof(double));
        duckdb_data_chunk_set_size(chunk, rows);
        ok = duckdb_append_data_chunk(appender, chunk) == DuckDBSuccess;
    }
    ok = ok && duckdb_appender_close(appender) == DuckDBSuccess;
    if (!ok) {
        duckdb_error_data data = appender ? duckdb_appender_error_data(appender) : NULL;
        ptn_problem_set(problem, PATRON_EIO, "E401", "cannot write %s.%s", schema, table);
        if (data)
            ptn_problem_why(problem, "%s", duckdb_error_data_message(data));
        duckdb_destroy_error_data(&data);
    }
    duckdb_appender_destroy(&appender);
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_logical_type(&real);
    return ok ? PATRON_OK : PATRON_EIO;
}
