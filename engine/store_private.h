#ifndef PTN_STORE_PRIVATE_H
#define PTN_STORE_PRIVATE_H

/* Between store.c and store_columns.c: the only two files of the engine that see DuckDB. */

#include "duck.h"
#include "store.h"

duckdb_connection ptn_store_connection(ptn_store *store);

/* Runs one statement; *result is the caller's to destroy when PATRON_OK. */
patron_status ptn_store_result(ptn_store *store, const char *sql, duckdb_result *result, ptn_problem *problem);

#endif
