#ifndef PTN_SOURCE_H
#define PTN_SOURCE_H

/* The sources of a project: sources/NAME.sql, a SELECT whose first line names the stream it feeds:
 *
 *     -- stream: ledger
 *     SELECT ... */

#include "problem.h"

/* The streams there are; defined in streams.c. */
extern const char *const ptn_stream_names[];
extern const unsigned ptn_stream_name_count;

typedef struct ptn_source {
    char *name;   /* orders */
    char *path;   /* sources/orders.sql: from the project's folder, for messages */
    char *stream; /* ledger, as in ptn_stream_names */
    char *sql;    /* the file up to the statement's end, without `;`; lines and columns are the file's */
} ptn_source;

/* All of them, sorted by name. The first fault ends it, *out is then NULL:
 * E201 no folder or nothing in it, E202 no stream line, E205 unknown stream, E206 a file that cannot be read as text,
 * E207 no statement, E208 a name that cannot be one. Free with ptn_sources_free. */
patron_status ptn_sources_load(const char *project_dir, ptn_source **out, unsigned *count,
                               ptn_problem *problem);
/* Cuts the text after the last word of SQL: comments, blanks and semicolons at the end are nobody's. Returns how much
 * SQL is left. */
size_t ptn_sql_cut(char *text);

void ptn_sources_free(ptn_source *sources, unsigned count); /* NULL is fine */

#endif
