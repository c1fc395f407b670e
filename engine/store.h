#ifndef PTN_STORE_H
#define PTN_STORE_H

/* The store: DuckDB behind a dozen calls. Only store.c and functions/ see DuckDB's headers. */

#include <stdbool.h>
#include <stdint.h>

#include "problem.h"

typedef struct ptn_store ptn_store;
typedef struct ptn_rows ptn_rows;

typedef struct ptn_store_options {
    const char *path;             /* NULL: in memory */
    bool read_only;
    const char *file_search_path; /* relative file names in SQL are resolved against this folder; NULL: the process's */
    const char *temp_directory;   /* where work that does not fit in memory goes; NULL: beside the file */
} ptn_store_options;

patron_status ptn_store_open(ptn_store **out, const ptn_store_options *options, ptn_problem *problem);
void ptn_store_close(ptn_store *store); /* NULL is fine */

/* Runs one or more statements. On a fault, problem->why holds DuckDB's words and the code is E301. */
patron_status ptn_store_run(ptn_store *store, const char *sql, ptn_problem *problem);
patron_status ptn_store_runf(ptn_store *store, ptn_problem *problem, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What DuckDB makes of a statement, which is not run. */
typedef struct ptn_statement {
    unsigned count; /* of statements in the text */
    bool reads;     /* one SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW or SUMMARIZE */
    long fault_at;  /* the byte where a fault stands, -1 when that is not known */
    int fault_width;
} ptn_statement;
patron_status ptn_store_examine(ptn_store *store, const char *sql, ptn_statement *out, ptn_problem *problem);

/* One statement that changes rows; *changed receives how many. */
patron_status ptn_store_change(ptn_store *store, const char *sql, int64_t *changed, ptn_problem *problem);

/* One statement that returns rows. Columns read by the getters must be cast in the SQL: BIGINT, DOUBLE, VARCHAR, BOOLEAN. */
patron_status ptn_store_query(ptn_store *store, const char *sql, ptn_rows **out, ptn_problem *problem);
unsigned ptn_rows_columns(const ptn_rows *rows);
const char *ptn_rows_name(const ptn_rows *rows, unsigned column);
bool ptn_rows_next(ptn_rows *rows);
bool ptn_rows_is_null(const ptn_rows *rows, unsigned column);
const char *ptn_rows_text(ptn_rows *rows, unsigned column);  /* VARCHAR; NULL for NULL; valid until the next row */
void ptn_rows_copy(ptn_rows *rows, unsigned column, char *out, size_t size); /* the same into a field, as ptn_text_copy */
int64_t ptn_rows_int(const ptn_rows *rows, unsigned column); /* BIGINT or BOOLEAN; 0 for NULL */
double ptn_rows_double(const ptn_rows *rows, unsigned column);
void ptn_rows_free(ptn_rows *rows); /* NULL is fine */

/* A single value, for questions with one answer; *out is 0 or NULL when there is no row. Caller frees text. */
patron_status ptn_store_int(ptn_store *store, const char *sql, int64_t *out, ptn_problem *problem);
patron_status ptn_store_text(ptn_store *store, const char *sql, char **out, ptn_problem *problem);

/* Bytes that SQL may take; what does not fit goes to temp_directory. */
patron_status ptn_store_memory(ptn_store *store, double *bytes, ptn_problem *problem);

/* Why the last statement failed, in kinds that callers act upon. */
typedef enum ptn_store_fault {
    PTN_FAULT_NONE,
    PTN_FAULT_VALUE,     /* a value could not be converted, or a line of a CSV file could not be read */
    PTN_FAULT_STATEMENT, /* syntax, an unknown column, table, function or file */
    PTN_FAULT_STORAGE,   /* disk full, file unreadable, out of memory */
    PTN_FAULT_OTHER
} ptn_store_fault;
ptn_store_fault ptn_store_last_fault(const ptn_store *store);

#endif
