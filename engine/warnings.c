#include "warnings.h"

#include <stdio.h>

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "");
}

patron_status ptn_warnings_read(ptn_store *store, ptn_warnings *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    *out = (ptn_warnings){0};
    const patron_status status =
        ptn_store_query(store, "SELECT code, about, count, message, next FROM warnings ORDER BY code", &rows, problem);
    while (status == PATRON_OK && out->count < PTN_WARNINGS_MAX && ptn_rows_next(rows)) {
        ptn_warning *w = &out->at[out->count++];
        copy(w->code, sizeof w->code, ptn_rows_text(rows, 0));
        copy(w->about, sizeof w->about, ptn_rows_text(rows, 1));
        w->count = ptn_rows_int(rows, 2);
        copy(w->message, sizeof w->message, ptn_rows_text(rows, 3));
        copy(w->next, sizeof w->next, ptn_rows_text(rows, 4));
    }
    ptn_rows_free(rows);
    return status;
}
