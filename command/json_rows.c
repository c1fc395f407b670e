#include "json_rows.h"

#include <math.h>

static json_t *cell(ptn_rows *rows, unsigned column, char type)
{
    if (ptn_rows_is_null(rows, column))
        return json_null();
    switch (type) {
    case 'i': return json_integer(ptn_rows_int(rows, column));
    case 'b': return json_boolean(ptn_rows_int(rows, column));
    case 's': return json_string(ptn_rows_text(rows, column));
    case 'j': return json_loads(ptn_rows_text(rows, column), JSON_DECODE_ANY, NULL);
    default: {
        const double value = ptn_rows_double(rows, column);
        return isfinite(value) ? json_real(value) : json_null();
    }
    }
}

json_t *json_row(ptn_rows *rows, const char *types)
{
    json_t *object = json_object();
    for (unsigned c = 0; types[c]; c++)
        json_object_set_new(object, ptn_rows_name(rows, c), cell(rows, c, types[c]));
    return object;
}

patron_status json_rows(ptn_store *store, const char *sql, const char *types, json_t **out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    *out = NULL;
    const patron_status status = ptn_store_query(store, sql, &rows, problem);
    if (status != PATRON_OK)
        return status;
    *out = json_array();
    while (ptn_rows_next(rows))
        json_array_append_new(*out, json_row(rows, types));
    ptn_rows_free(rows);
    return PATRON_OK;
}
