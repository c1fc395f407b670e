#ifndef PTN_STREAMS_H
#define PTN_STREAMS_H

/* The streams a source can feed: one table that record, `patron help streams` and the documentation read. */

#include <stdbool.h>

typedef enum ptn_column_type {
    PTN_COLUMN_TEXT,   /* VARCHAR, trimmed, empty is NULL */
    PTN_COLUMN_MOMENT, /* TIMESTAMP, UTC */
    PTN_COLUMN_DAY,    /* DATE */
    PTN_COLUMN_AMOUNT, /* DECIMAL(18,6) as read; rounded to the currency's minor unit by the stream's step */
    PTN_COLUMN_NUMBER, /* DECIMAL(18,3) */
    PTN_COLUMN_RATE,   /* DECIMAL(18,9) */
    PTN_COLUMN_WHOLE,  /* BIGINT */
    PTN_COLUMN_TRUTH   /* BOOLEAN */
} ptn_column_type;

typedef struct ptn_column {
    const char *name;
    ptn_column_type type;
    bool required;
    const char *meaning;
} ptn_column;

typedef struct ptn_stream {
    const char *name;
    const char *meaning;
    const ptn_column *columns;
    unsigned column_count;
    bool needs_currency; /* amounts in it may be in another currency, so `rates` is read before it */
} ptn_stream;

extern const ptn_stream ptn_streams[];
extern const unsigned ptn_stream_count;

const ptn_stream *ptn_stream_find(const char *name); /* NULL when unknown */

#endif
