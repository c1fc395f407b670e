#ifndef PTN_SOURCE_ROWS_H
#define PTN_SOURCE_ROWS_H

/* source_rows: the user's SELECT as the pipeline reads it. For every column c of the stream it has
 *     c        typed, NULL when the value cannot be read as that type
 *     c_given  the value as it was given, of whatever type
 * and file, source_row (where the row stands), extra (a STRUCT of the columns the stream does not know, as text). */

#include "scan.h"
#include "source.h"
#include "store.h"
#include "streams.h"

typedef struct ptn_bound_source {
    const ptn_source *source;
    const ptn_stream *stream;
    ptn_scan scan;
    ptn_scan_mode mode;
    char **names, **types; /* the columns of its SELECT, as DuckDB names and types them */
    unsigned column_count;
} ptn_bound_source;

/* Relative file names in the SELECT are resolved against folder. Creates the temporary view source_select from the SELECT and learns its columns; checks them against the stream. */
patron_status ptn_source_bind(ptn_store *store, const ptn_source *source, const char *folder, ptn_scan_mode mode, ptn_bound_source *out,
                              ptn_problem *problem);
void ptn_bound_source_free(ptn_bound_source *bound);

/* Is this column of the SELECT one that the stream does not know? */
bool ptn_bound_source_is_extra(const ptn_bound_source *bound, unsigned column);

/* Creates the temporary view source_rows over source_select. extra_names: every extra column of the stream's sources, so
 * that all of them give the same STRUCT; none: extra is NULL. only_files: an SQL list of files whose rows are wanted, or
 * NULL for all. */
patron_status ptn_source_rows_create(ptn_store *store, const ptn_bound_source *bound, const char *const *extra_names,
                                     unsigned extra_count, const char *only_files, ptn_problem *problem);

/* What a source's statement reads, without binding it: *sql (may be NULL) receives the statement edited as `mode` says. */
patron_status ptn_source_scan(ptn_store *store, const ptn_source *source, const char *folder, ptn_scan_mode mode, ptn_scan *scan,
                              char **sql, ptn_problem *problem);

#endif
