#ifndef PTN_SCAN_H
#define PTN_SCAN_H

/* Where each row of a source came from, by editing the statement's syntax tree.
 *
 * A user's SELECT says nothing about files and rows. DuckDB turns it into JSON and back:
 *
 *     SELECT json_serialize_sql('...', skip_null := true, skip_default := true)   what ptn_scan_edit takes
 *     SELECT json_deserialize_sql('...')                                          what statement_json goes to
 *
 * In between, each file scan that the rows descend from is wrapped, FROM 'orders.csv' becoming
 *
 *     FROM (SELECT * EXCLUDE (patron_file), patron_file, row_number() OVER () AS patron_row
 *           FROM read_csv_auto('orders.csv', filename = 'patron_file')) AS orders
 *
 * and patron_file, patron_row are handed up to the top, always as its last columns. Rows and the user's own columns
 * stay as they are. This file knows syntax only: it cannot know which columns a file has. So bind the edited
 * statement first and, when that fails, fall back to the one edited less: CAREFUL, REJECT, ORIGIN, PLAIN.
 *
 * The name lists only the user's words for columns; the rest of the tree is DuckDB 1.5's. A part of a newer tree that
 * is not known here means "no origin", never a wrong one. */

#include <stdbool.h>

#include "problem.h"

enum { PTN_SCAN_LINE_MAX = 32 * 1024 * 1024 }; /* bytes of a line of a CSV file that is read with care */

typedef enum ptn_scan_mode {
    PTN_SCAN_PLAIN,  /* look, edit nothing */
    PTN_SCAN_ORIGIN, /* patron_file, patron_row, and what the file said (patron_raw_...) */
    PTN_SCAN_REJECT, /* and values that cannot be converted become NULL: CAST becomes TRY_CAST, strptime becomes
                        try_strptime, and CSV scans get store_rejects = true: a line that cannot be read is left out of
                        the statement and told in the temporary tables reject_errors and reject_scans */
    PTN_SCAN_CAREFUL /* and CSV columns get their types from the whole file (sample_size = -1), so fewer lines are
                        rejected; a column may thereby turn into text, and arithmetic on it no longer bind */
} ptn_scan_mode;

/* What a source's statement reads, and the same statement telling where each row came from. */
typedef struct ptn_scan {
    char *statement_json; /* the edited tree */

    /* The last columns are patron_file (VARCHAR) and patron_row (BIGINT): the nth row read from that file, from 1.
     * A row, not a line: headers, blank lines and skipped or rejected lines are not counted; a quoted field may span
     * lines. In a join it is the row of the left side. Rows can share an origin (joins, unnest). */
    bool has_origin;

    /* Has an origin, and each row is made of that one row alone: the rows of a file can be read without the other files.
     * Not so where a row is joined to others, ranked among them, or counted off by a LIMIT: then a change in any file can
     * change the rows of all. */
    bool file_by_file;

    char **raws; /* stream columns for which there is patron_raw_<name> (VARCHAR): what the file said */
    unsigned raw_count;

    char **files; /* file names and globs read anywhere in the statement, as written */
    unsigned file_count;
    char **tables; /* other tables read, e.g. crm.public.orders */
    unsigned table_count;
    bool
        volatile_source; /* may give other rows though the files are the same: a database, the web, the clock, chance */
    bool
        soft_filter; /* a conversion that now gives NULL stands in WHERE, QUALIFY or a join: rows may drop out there */
} ptn_scan;

/* What the caller knows of the statement, for messages and companions. */
typedef struct ptn_scan_source {
    const char *path; /* sources/orders.sql */
    const char *sql;  /* the text that was serialised, whole: positions are counted in it */
    /* Relative file names start here; NULL: left as they are. DuckDB's file_search_path is no substitute: it looks in
     * the process's own folder first, and would read a file of the same name there. */
    const char *folder;
    /* Stream columns whose text matters when they are NULL, e.g. occurred_at, amount, quantity. One that is computed in
     * the statement gets a companion with the column it is computed from, CAST to VARCHAR; several columns are told as
     * "Quantity: 3; Price: x". A column passed through as it is needs none. */
    const char *const *raw_for;
    unsigned raw_for_count;
} ptn_scan_source;

/* Reads what json_serialize_sql said. PATRON_EINVAL with E301 (syntax; where, excerpt, why) or E302 (not one SELECT).
 * `out` is written on success only; free it with ptn_scan_free. */
patron_status ptn_scan_edit(const char *serialized_json, ptn_scan_mode mode, const ptn_scan_source *source,
                            ptn_scan *out, ptn_problem *problem);
void ptn_scan_free(ptn_scan *scan); /* leaves it zero; NULL is fine */

#endif
