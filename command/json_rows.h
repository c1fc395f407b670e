#ifndef PATRON_JSON_ROWS_H
#define PATRON_JSON_ROWS_H

/* The rows of a SELECT as JSON. */

#include <jansson.h>

#include "store.h"

/* One row as an object, its columns by name: i BIGINT, f DOUBLE, s VARCHAR, b BOOLEAN, j a VARCHAR that is JSON. */
json_t *json_row(ptn_rows *rows, const char *types);

/* Every row, as an array of objects; *out: owned, NULL on a fault. */
patron_status json_rows(ptn_store *store, const char *sql, const char *types, json_t **out, ptn_problem *problem);

#endif
