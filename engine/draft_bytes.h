#ifndef PTN_DRAFT_BYTES_H
#define PTN_DRAFT_BYTES_H

/* What a file is, by its bytes and not by its name. */

#include <stdbool.h>
#include <stdint.h>

#include "problem.h"

typedef enum ptn_bytes_kind {
    PTN_BYTES_EMPTY,
    PTN_BYTES_TEXT,    /* CSV, presumably */
    PTN_BYTES_JSON,
    PTN_BYTES_PARQUET,
    PTN_BYTES_EXCEL,   /* .xlsx */
    PTN_BYTES_OLD_EXCEL, /* .xls */
    PTN_BYTES_SQLITE,
    PTN_BYTES_DUCKDB,
    PTN_BYTES_PACKED,  /* gzip or zstd: what is inside is not known */
    PTN_BYTES_OTHER
} ptn_bytes_kind;

typedef struct ptn_bytes {
    ptn_bytes_kind kind;
    int64_t size;
    const char *encoding; /* of text: utf-8, utf-16 or latin-1 */
    int64_t odd_bytes;    /* in latin-1: bytes that only Windows-1252 uses, as for the euro sign */
    bool quotes;          /* there is a double quote somewhere */
    int64_t longest_line;
} ptn_bytes;

/* Reads the whole file when it is text, else its first bytes. E520 when it cannot be read. */
patron_status ptn_bytes_look(const char *path, const char *shown, ptn_bytes *out, ptn_problem *problem);

#endif
